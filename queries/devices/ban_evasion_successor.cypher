// The account that took over
// ---
// question = "Which account began on the same device and in the same group within $gap of another's last login anywhere?"
// question_zh = "封号接力：一个号停用后，哪个号在同一设备、同一群里接上？"
// level = "lead"
// status = "stable"
// revision = 1
// not_covered = "Successors on a new device; devices with more than $max_accounts accounts are left out"
// not_covered_zh = "换了新设备的接替账号；账号数超过 $max_accounts 的设备不计入"
// references = ["Xiao et al., Detecting Clusters of Fake Accounts in Online Social Networks, AISec 2015"]
// legal = ["Continuation of an activity after a penalty (to be checked by counsel)"]
//
// [parameter.account]
// type = "id"
// says = "Only this account, as the old or the new one"
//
// [parameter.gap]
// type = "duration"
// default = "7d"
// says = "How soon after the last login of the old one the new one begins"
//
// [parameter.min_groups]
// type = "int"
// default = 1
// min = 1
// says = "How many groups they have in common at least"
//
// [parameter.max_accounts]
// type = "int"
// default = 300
// min = 2
// says = "Devices with more accounts are left out"
//
// [parameter.since]
// type = "time"
// says = "Successors that began before this time are left out"
//
// [parameter.until]
// type = "time"
// says = "Successors that began after this time are left out"
//
// [column]
// old = { type = "id", key = true, says = "The account that fell silent" }
// new = { type = "id", key = true, says = "The account that began" }
// device = { type = "id", key = true, says = "The device of both" }
// last_at = { type = "time", says = "Last login of the old one anywhere" }
// first_at = { type = "time", says = "First login of the new one anywhere" }
// penalties = { type = "ids", says = "Penalties of the old one on record" }
// groups = { type = "ids", says = "Groups of both" }
// evidence = { type = "ids", says = "The rows of the two logins and of the memberships" }
//
// [graph]
// nodes = { Account = ["old", "new"], Device = "device", Group = "groups" }
// links = { LOGGED_IN_ON = [["old", "device"], ["new", "device"]], MEMBER_OF = [["old", "groups"], ["new", "groups"]] }
//
// [innocent.still_used]
// says = "The old account lives on, on another phone"
// says_zh = "旧账号在另一部手机上继续使用"
// check = "Its last login anywhere counts, not that on the device"
// check_zh = "以其在任何设备上的最后一次登录为准，不以该设备为准"
//
// [innocent.family]
// says = "A second member of the family begins to use the tablet"
// says_zh = "另一名家庭成员开始使用这台平板"
// check = "They have no group in common on record"
// check_zh = "记录中没有共同的群"
//
// [innocent.moved]
// says = "The user simply opened a new account and left the old one"
// says_zh = "用户只是新开一个账号，不再用旧号"
// check = "No penalty of the old one is on record; ask the user"
// check_zh = "旧账号没有处罚记录；询问用户"
// separable = false
// ---
CALL () {
  MATCH (device:Device)
  WHERE $account IS NULL OR device.id = $account  // no device is an account: of one, none is here
  RETURN device
  UNION
  MATCH (:Account {id: $account})-[:LOGGED_IN_ON]->(device:Device)
  RETURN device
}
MATCH (device)<-[login:LOGGED_IN_ON]-(account:Account)
WITH device, count(DISTINCT account) AS accounts, min(login.at_ms) AS first, max(login.at_ms) AS last
WHERE accounts >= 2 AND accounts <= $max_accounts AND last > first
MATCH (device)<-[use:LOGGED_IN_ON]-(account:Account)
WITH device, account, count(use) AS uses
CALL (account) {
  MATCH (account)-[login:LOGGED_IN_ON]->(:Device)
  RETURN min(login.at_ms) AS first, max(login.at_ms) AS last
}
WITH device, collect({account: account, first: first, last: last}) AS spans
UNWIND spans AS one
UNWIND spans AS other
WITH device, one.account AS old, other.account AS new, one.last AS last, other.first AS first
WHERE first > last AND first <= last + $gap
  AND ($account IS NULL OR old.id = $account OR new.id = $account)
MATCH (old)-[was:MEMBER_OF]->(group:Group)<-[came:MEMBER_OF]-(new)
UNWIND was.evidence + came.evidence AS place
WITH device, old, new, last, first, count(DISTINCT group) AS n, collect(DISTINCT group.id) AS groups,
     collect(DISTINCT place) AS stays
WHERE n >= $min_groups
CALL (old, new, last, first) {
  MATCH (old)-[login:LOGGED_IN_ON]->(:Device)
  WHERE login.at_ms = last
  MATCH (new)-[begin:LOGGED_IN_ON]->(:Device)
  WHERE begin.at_ms = first
  UNWIND login.evidence + begin.evidence AS place
  RETURN max(login.at) AS last_at, min(begin.at) AS first_at, collect(DISTINCT place) AS logins
}
WITH device, old, new, last_at, first_at, groups, stays, logins
WHERE ($since IS NULL OR first_at >= $since) AND ($until IS NULL OR first_at <= $until)
CALL (old) {
  OPTIONAL MATCH (old)-[:PENALISED]->(penalty:Penalty)
  RETURN collect(DISTINCT penalty.id) AS penalties
}
RETURN old.id AS old, new.id AS new, device.id AS device, last_at, first_at, penalties, groups,
       logins + stays AS evidence
ORDER BY old, new, device
