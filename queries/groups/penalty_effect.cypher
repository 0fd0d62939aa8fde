// What happened after a penalty
// ---
// question = "After a limit or a ban, what did the account still do, and which accounts began on its devices?"
// question_zh = "处罚之后：活动减少了多少，又转到了哪些新账号？"
// level = "indicator"
// status = "stable"
// revision = 1
// not_covered = "Successors on new devices; activity outside the records"
// not_covered_zh = "换了新设备的接替账号；记录范围之外的活动"
// references = ["Thomas et al., Suspended Accounts in Retrospect, IMC 2011: accounts that come back after a ban"]
// legal = ["Continuation after a penalty (to be checked by counsel)"]
//
// [parameter.account]
// type = "id"
// says = "Only this account"
//
// [parameter.days]
// type = "duration"
// default = "14d"
// says = "How long before and after the penalty is looked at"
//
// [parameter.min_successors]
// type = "int"
// default = 1
// min = 0
// says = "From how many successors a penalty is of interest"
//
// [parameter.since]
// type = "time"
// says = "Penalties before this time are left out"
//
// [parameter.until]
// type = "time"
// says = "Penalties after this time are left out"
//
// [column]
// account = { type = "id", key = true, says = "The account" }
// penalty = { type = "id", key = true, says = "The penalty" }
// kind = { type = "text", says = "Its kind" }
// at = { type = "time", says = "When it was imposed" }
// before = { type = "int", says = "Logins and messages within the days before" }
// after = { type = "int", says = "Logins and messages within the days after" }
// successors = { type = "ids", says = "Accounts that first used a device of the account within the days after" }
// devices = { type = "ids", says = "The devices on which they began" }
// same_group = { type = "int", says = "How many of them are in a group of the account" }
// evidence = { type = "ids", says = "The rows of the penalty and of the successors' logins" }
//
// [graph]
// nodes = { Account = ["account", "successors"], Penalty = "penalty", Device = "devices" }
// links = { PENALISED = ["account", "penalty"], LOGGED_IN_ON = [["account", "devices"], ["successors", "devices"]] }
//
// [innocent.gave_up]
// says = "The user simply stopped"
// says_zh = "用户就此不用了"
// check = "No account began on his devices"
// check_zh = "其设备上没有新账号开始使用"
//
// [innocent.older_account]
// says = "His family goes on with the accounts that it had on the device before"
// says_zh = "家人继续使用设备上原有的账号"
// check = "They used it before the penalty"
// check_zh = "处罚之前就已在用"
//
// [innocent.appealed]
// says = "The penalty was lifted on appeal"
// says_zh = "申诉成功，处罚已解除"
// check = "'after' is not 0; ask the platform"
// check_zh = "after 不为 0；向平台核实"
// separable = false
// ---
MATCH (account:Account)-[:PENALISED]->(penalty:Penalty)
WHERE ($account IS NULL OR account.id = $account)
  AND ($since IS NULL OR penalty.at >= $since) AND ($until IS NULL OR penalty.at <= $until)
CALL (account, penalty) {
  MATCH (account)-[:LOGGED_IN_ON]->(device:Device)
  WITH DISTINCT account, penalty, device
  MATCH (device)<-[begin:LOGGED_IN_ON]-(other:Account)
  WHERE begin.at_ms > penalty.at_ms AND begin.at_ms <= penalty.at_ms + $days AND other <> account
  UNWIND begin.evidence AS place
  WITH penalty, account, other, collect(DISTINCT device.id) AS devices, collect(DISTINCT place) AS rows
  WHERE NOT EXISTS {
    MATCH (other)-[earlier:LOGGED_IN_ON]->(:Device)<-[:LOGGED_IN_ON]-(account)
    WHERE earlier.at_ms <= penalty.at_ms
  }
  RETURN collect(other) AS successors, collect(devices) AS begun, collect(rows) AS logins
}
WITH account, penalty, successors, begun, logins
WHERE size(successors) >= $min_successors
CALL (account, penalty) {
  OPTIONAL MATCH (account)-[login:LOGGED_IN_ON]->(:Device)
  RETURN sum(CASE WHEN login.at_ms <= penalty.at_ms AND login.at_ms >= penalty.at_ms - $days THEN 1 ELSE 0 END) AS in_before,
         sum(CASE WHEN login.at_ms > penalty.at_ms AND login.at_ms <= penalty.at_ms + $days THEN 1 ELSE 0 END) AS in_after
}
CALL (account, penalty) {
  OPTIONAL MATCH (account)-[:POSTED]->(message:Message)
  RETURN sum(CASE WHEN message.at_ms <= penalty.at_ms AND message.at_ms >= penalty.at_ms - $days THEN 1 ELSE 0 END) AS said_before,
         sum(CASE WHEN message.at_ms > penalty.at_ms AND message.at_ms <= penalty.at_ms + $days THEN 1 ELSE 0 END) AS said_after
}
CALL (account, successors) {
  UNWIND successors AS other
  OPTIONAL MATCH (account)-[:MEMBER_OF]->(group:Group)<-[:MEMBER_OF]-(other)
  WITH other, count(group) AS n
  RETURN sum(CASE WHEN n > 0 THEN 1 ELSE 0 END) AS same_group
}
RETURN account.id AS account, penalty.id AS penalty, penalty.kind AS kind, penalty.at AS at,
       in_before + said_before AS before, in_after + said_after AS after,
       [s IN successors | s.id] AS successors,
       reduce(found = [], d IN begun | found + d) AS devices, same_group,
       penalty.evidence + reduce(places = [], e IN logins | places + e) AS evidence
ORDER BY account, penalty
