// Group of puppets around a few outsiders
// ---
// question = "Which groups are made of accounts that share a few devices, around a few outsiders?"
// question_zh = "哪些群几乎全由同几台设备上的账号组成？"
// level = "indicator"
// status = "stable"
// revision = 1
// not_covered = "Puppets that each run on a device of their own; members whose logins are not on record count as outsiders"
// not_covered_zh = "各用一台设备的托；没有登录记录的成员算作外人"
// references = ["Hooi et al., FRAUDAR, KDD 2016: dense blocks that resist camouflage"]
// legal = ["Shows that a group was staged, for the act of deceiving (to be checked by counsel)"]
//
// [parameter.min_size]
// type = "int"
// default = 5
// min = 3
// says = "Groups below this size are left out"
//
// [parameter.share_percent]
// type = "int"
// default = 70
// min = 1
// max = 100
// says = "From which share of members on shared devices a group is of interest"
//
// [parameter.min_accounts]
// type = "int"
// default = 5
// min = 2
// says = "From how many members of the group a device counts as shared; a family has fewer"
//
// [parameter.since]
// type = "time"
// says = "Members who left and logins before this time are left out"
//
// [parameter.until]
// type = "time"
// says = "Members who joined and logins after this time are left out"
//
// [column]
// group = { type = "id", key = true, says = "The group" }
// members = { type = "int", says = "Distinct accounts that were members" }
// share_percent = { type = "int", says = "Members on shared devices, in percent, rounded down" }
// controlled = { type = "ids", says = "The members on shared devices" }
// devices = { type = "ids", says = "The shared devices" }
// outsiders = { type = "ids", says = "The other members: perhaps the victims" }
// evidence = { type = "ids", says = "The rows of the memberships and of the logins" }
//
// [graph]
// nodes = { Group = "group", Account = ["controlled", "outsiders"], Device = "devices" }
// links = { MEMBER_OF = [["controlled", "group"], ["outsiders", "group"]], LOGGED_IN_ON = ["controlled", "devices"] }
//
// [innocent.family]
// says = "A family group: few people, each perhaps on the same tablet"
// says_zh = "家庭群：人少，可能共用一台平板"
// check = "Small and old; ask for the registered holders"
// check_zh = "人少、建群早；核实实名持有人"
//
// [innocent.club]
// says = "A club, a class or a company: many members, each on a device of his own"
// says_zh = "社团、班级或单位群：成员多，各用自己的设备"
// check = "Members' devices differ; look at what is posted and whether money follows"
// check_zh = "成员设备各不相同；看聊天内容以及之后有无资金往来"
//
// [innocent.office]
// says = "A company runs its service accounts on a few office phones"
// says_zh = "单位用几部工作手机登录客服号"
// check = "Accounts in the company's name; no payment of outsiders to strangers follows"
// check_zh = "账号属于该单位；此后没有外人付款给陌生人"
// separable = false
// ---
// (:Device)<-[:LOGGED_IN_ON]-(:Account)-[:MEMBER_OF]->(:Group), counted group by group:
// a group of 500 stays 500 links and never becomes 124,750 pairs.
// It begins at the devices that may be shared: they are few, and logins are many.
MATCH (device:Device)
WHERE COUNT { MATCH (device)<-[:LOGGED_IN_ON]-(:Account) } >= $min_accounts
MATCH (device)<-[login:LOGGED_IN_ON]-(account:Account)-[stay:MEMBER_OF]->(group:Group)
WHERE ($since IS NULL OR stay.left_at IS NULL OR stay.left_at >= $since)
  AND ($until IS NULL OR stay.joined_at IS NULL OR stay.joined_at <= $until)
  AND ($since IS NULL OR login.at >= $since) AND ($until IS NULL OR login.at <= $until)
WITH group, device, count(DISTINCT account) AS on_device
WHERE on_device >= $min_accounts
WITH group, collect(device) AS shared
CALL (group) {
  MATCH (group)<-[stay:MEMBER_OF]-(account:Account)
  WHERE ($since IS NULL OR stay.left_at IS NULL OR stay.left_at >= $since)
    AND ($until IS NULL OR stay.joined_at IS NULL OR stay.joined_at <= $until)
  WITH account, count(stay) AS stays  // see "A filter on a link" in CONTRIBUTING
  RETURN count(account) AS members
}
WITH group, members, shared
WHERE members >= $min_size
CALL (group, shared) {
  UNWIND shared AS device
  MATCH (group)<-[stay:MEMBER_OF]-(account:Account)-[login:LOGGED_IN_ON]->(device)
  WHERE ($since IS NULL OR stay.left_at IS NULL OR stay.left_at >= $since)
    AND ($until IS NULL OR stay.joined_at IS NULL OR stay.joined_at <= $until)
    AND ($since IS NULL OR login.at >= $since) AND ($until IS NULL OR login.at <= $until)
  UNWIND login.evidence AS place
  RETURN collect(DISTINCT account.id) AS controlled, collect(DISTINCT place) AS logins
}
WITH group, members, shared, controlled, logins, 100 * size(controlled) / members AS percent
WHERE percent >= $share_percent
CALL (group) {
  MATCH (group)<-[stay:MEMBER_OF]-(account:Account)
  WHERE ($since IS NULL OR stay.left_at IS NULL OR stay.left_at >= $since)
    AND ($until IS NULL OR stay.joined_at IS NULL OR stay.joined_at <= $until)
  UNWIND stay.evidence AS place
  RETURN collect(DISTINCT account.id) AS everyone, collect(DISTINCT place) AS stays
}
RETURN group.id AS group, members, percent AS share_percent, controlled,
       [device IN shared | device.id] AS devices,
       [id IN everyone WHERE NOT id IN controlled] AS outsiders,
       stays + logins AS evidence
ORDER BY members DESC, group
