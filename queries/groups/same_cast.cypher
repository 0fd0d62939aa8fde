// Groups with the same cast
// ---
// question = "Which two groups have largely the same members?"
// question_zh = "哪些群的成员高度重合？"
// level = "lead"
// status = "stable"
// revision = 1
// not_covered = "Groups above $max_size members; casts that change their accounts between two groups"
// not_covered_zh = "成员超过 $max_size 人的群；在两个群之间换了账号的同一班人"
// references = ["Beutel et al., CopyCatch, WWW 2013: near-bipartite cores"]
// legal = ["Links two groups to one organiser (to be checked by counsel)"]
//
// [parameter.min_common]
// type = "int"
// default = 4
// min = 2
// says = "From how many common members a pair is of interest"
//
// [parameter.jaccard_percent]
// type = "int"
// default = 50
// min = 1
// max = 100
// says = "From which share of common members among all members of both"
//
// [parameter.max_size]
// type = "int"
// default = 500
// says = "Larger groups are not compared"
//
// [parameter.since]
// type = "time"
// says = "Members who left before this time are left out"
//
// [parameter.until]
// type = "time"
// says = "Members who joined after this time are left out"
//
// [column]
// group_a = { type = "id", key = true, says = "One group" }
// group_b = { type = "id", key = true, says = "The other group" }
// common = { type = "int", says = "Accounts that were members of both" }
// jaccard_percent = { type = "int", says = "Common members among all members of both, in percent, rounded down" }
// members = { type = "ids", says = "The common members" }
// evidence = { type = "ids", says = "The rows of their memberships in both" }
//
// [graph]
// nodes = { Group = ["group_a", "group_b"], Account = "members" }
// links = { MEMBER_OF = [["members", "group_a"], ["members", "group_b"]] }
//
// [innocent.club]
// says = "Two groups of one club, class or block of flats"
// says_zh = "同一社团、班级或小区的两个群"
// check = "Most members are in one group only; ask what the groups are for"
// check_zh = "大多数成员只在其中一个群；问明各群用途"
//
// [innocent.successor]
// says = "A real group moved to a new one, with nearly all its members"
// says_zh = "正常的群整体迁到新群，成员几乎不变"
// check = "Members have devices of their own; the old group fell silent when the new one began"
// check_zh = "成员各用自己的设备；新群启用时旧群随即沉寂"
// separable = false
// ---
// (a:Group)<-[:MEMBER_OF]-(:Account)-[:MEMBER_OF]->(b:Group), from a group to those of its members,
// so that the work is the number of memberships times the groups of a member, not pairs of members.
MATCH (a:Group)<-[stay:MEMBER_OF]-(account:Account)
WHERE ($since IS NULL OR stay.left_at IS NULL OR stay.left_at >= $since)
  AND ($until IS NULL OR stay.joined_at IS NULL OR stay.joined_at <= $until)
WITH a, count(DISTINCT account) AS in_a
WHERE in_a >= $min_common AND in_a <= $max_size
MATCH (a)<-[one:MEMBER_OF]-(account:Account)-[other:MEMBER_OF]->(b:Group)
WHERE a.id < b.id
  AND ($since IS NULL OR one.left_at IS NULL OR one.left_at >= $since)
  AND ($until IS NULL OR one.joined_at IS NULL OR one.joined_at <= $until)
  AND ($since IS NULL OR other.left_at IS NULL OR other.left_at >= $since)
  AND ($until IS NULL OR other.joined_at IS NULL OR other.joined_at <= $until)
WITH a.id AS group_a, in_a, b.id AS group_b, account.id AS member, count(*) AS n  // see "A filter on a link" in CONTRIBUTING
WITH group_a, in_a, group_b, count(member) AS common
WHERE common >= $min_common
CALL (group_b) {
  MATCH (b:Group {id: group_b})<-[stay:MEMBER_OF]-(account:Account)
  WHERE ($since IS NULL OR stay.left_at IS NULL OR stay.left_at >= $since)
    AND ($until IS NULL OR stay.joined_at IS NULL OR stay.joined_at <= $until)
  WITH account, count(stay) AS n
  RETURN count(account) AS in_b
}
WITH group_a, group_b, common, in_b, in_a + in_b - common AS together
WHERE in_b <= $max_size AND 100 * common >= $jaccard_percent * together
CALL (group_a, group_b) {
  MATCH (a:Group {id: group_a})<-[one:MEMBER_OF]-(account:Account)-[other:MEMBER_OF]->(b:Group {id: group_b})
  WHERE ($since IS NULL OR one.left_at IS NULL OR one.left_at >= $since)
    AND ($until IS NULL OR one.joined_at IS NULL OR one.joined_at <= $until)
    AND ($since IS NULL OR other.left_at IS NULL OR other.left_at >= $since)
    AND ($until IS NULL OR other.joined_at IS NULL OR other.joined_at <= $until)
  UNWIND one.evidence + other.evidence AS place
  RETURN collect(DISTINCT account.id) AS members, collect(DISTINCT place) AS evidence
}
RETURN group_a, group_b, common, 100 * common / together AS jaccard_percent, members,
       evidence
ORDER BY common DESC, group_a, group_b
