// What each account did in a group
// ---
// question = "What did each member of the group post and whom did he invite?"
// question_zh = "角色表：群里每个账号发了多少、说了什么样的话、拉了多少人？"
// level = "fact"
// status = "stable"
// revision = 2
// not_covered = "What was said in private; a role is not told by counts: read the messages"
// not_covered_zh = "私聊内容；角色不能凭次数认定，须阅读聊天内容"
// references = ["Sarkar et al. on roles in messaging groups; case reports: teacher, assistant, shills"]
// legal = ["Part of each account in the group (to be checked by counsel)"]
//
// [parameter.group]
// type = "id"
// says = "Only this group; otherwise every group with sold accounts"
//
// [parameter.min_sold]
// type = "int"
// default = 2
// min = 1
// says = "A group with that many sold accounts counts as a staged one"
//
// [parameter.min_messages]
// type = "int"
// default = 1
// min = 1
// says = "Members who posted less and invited nobody are left out"
//
// [parameter.since]
// type = "time"
// says = "Messages and invitations before this time are left out"
//
// [parameter.until]
// type = "time"
// says = "Messages and invitations after this time are left out"
//
// [column]
// group = { type = "id", key = true, says = "The group" }
// account = { type = "id", key = true, says = "The account" }
// recorded = { type = "text", says = "Its role in the group as recorded" }
// messages = { type = "int", says = "Messages that it posted" }
// templates = { type = "int", says = "How many different lines these are, numbers left aside" }
// invited = { type = "int", says = "Members whom it invited" }
// sold = { type = "bool", says = "It was sold before" }
// first_at = { type = "time", says = "First message" }
// last_at = { type = "time", says = "Last message" }
// evidence = { type = "ids", says = "The rows of its membership, its messages and its invitations" }
//
// [graph]
// nodes = { Group = "group", Account = "account" }
// links = { MEMBER_OF = ["account", "group"] }
//
// [innocent.real_group]
// says = "The secretary of a club writes most and invites most"
// says_zh = "社团秘书发言最多、拉人最多"
// check = "No sold accounts in the group"
// check_zh = "群里没有被卖过的账号"
//
// [innocent.honest_member]
// says = "An honest member who is active looks like a shill"
// says_zh = "活跃的普通成员看上去像托"
// check = "Read what he wrote; see whether he paid"
// check_zh = "阅读其发言；看其本人是否付过款"
// separable = false
// ---
MATCH (group:Group)<-[:MEMBER_OF]-(sold:Account)<-[:OF]-(:Sale)
WHERE $group IS NULL OR group.id = $group
WITH group, count(DISTINCT sold) AS n
WHERE n >= $min_sold OR group.id = $group
CALL (group) {
  MATCH (group)<-[:IN]-(message:Message)<-[:POSTED]-(account:Account)
  WHERE ($since IS NULL OR message.at >= $since) AND ($until IS NULL OR message.at <= $until)
  UNWIND message.evidence AS place
  RETURN account.id AS account, count(DISTINCT message) AS messages,
         count(DISTINCT message.template) AS templates, 0 AS invited, min(message.at) AS first_at,
         max(message.at) AS last_at, collect(DISTINCT place) AS rows
  UNION ALL
  MATCH (group)<-[came:MEMBER_OF]-(member:Account)
  WHERE came.invited_by IS NOT NULL
    AND ($since IS NULL OR came.joined_at >= $since) AND ($until IS NULL OR came.joined_at <= $until)
  UNWIND came.evidence AS place
  RETURN came.invited_by AS account, 0 AS messages, 0 AS templates,
         count(DISTINCT member) AS invited, null AS first_at, null AS last_at,
         collect(DISTINCT place) AS rows
}
WITH group, account AS id, sum(messages) AS messages, sum(templates) AS templates,
     sum(invited) AS invited, max(first_at) AS first_at, max(last_at) AS last_at,
     collect(rows) AS acted
WHERE messages >= $min_messages OR invited > 0
MATCH (account:Account {id: id})
CALL (group, account) {
  OPTIONAL MATCH (account)-[stay:MEMBER_OF]->(group)
  UNWIND coalesce(stay.evidence, [null]) AS place
  RETURN max(stay.role) AS recorded, collect(DISTINCT place) AS stays
}
UNWIND acted AS rows
UNWIND rows AS place
WITH group, account, recorded, messages, templates, invited, first_at, last_at, stays,
     collect(DISTINCT place) AS rows
RETURN group.id AS group, account.id AS account, recorded, messages, templates, invited,
       EXISTS { MATCH (account)<-[:OF]-(:Sale) } AS sold, first_at, last_at,
       stays + rows AS evidence
ORDER BY group, messages DESC, account
