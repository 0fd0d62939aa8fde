// Who is being deceived now
// ---
// question = "Who sits in a staged group, was never sold, has not reported and has paid at most $max_paid times?"
// question_zh = "正在受骗：谁还在托群里、尚未（大额）付款？今天就提醒他。"
// level = "lead"
// status = "stable"
// revision = 1
// not_covered = "Members of groups whose accounts' sale is not on record; what was paid in cash"
// not_covered_zh = "所在群的账号没有成交记录的成员；以现金支付的款项"
// references = ["Practice of anti-fraud centres: dissuasion before the payment"]
// legal = ["Persons to be warned (to be checked by counsel)"]
//
// [parameter.group]
// type = "id"
// says = "Only this group"
//
// [parameter.min_sold]
// type = "int"
// default = 3
// min = 1
// says = "A group with that many sold accounts counts as a staged one"
//
// [parameter.max_paid]
// type = "int"
// default = 5
// min = 0
// says = "Who has paid the members' receivers more often is no longer only at risk"
//
// [parameter.since]
// type = "time"
// says = "Members who joined before this time are left out"
//
// [parameter.until]
// type = "time"
// says = "Members who joined after this time are left out"
//
// [parameter.as_of]
// type = "time"
// says = "Groups dissolved and members gone before this time are left out; by default all who are not recorded as gone"
//
// [column]
// group = { type = "id", key = true, says = "The group" }
// account = { type = "id", key = true, says = "The member" }
// persons = { type = "ids", says = "Who holds the account" }
// joined_at = { type = "time", says = "When the member joined" }
// sold_beside = { type = "int", says = "Sold accounts in the group" }
// paid = { type = "int", says = "Payments, purchases left out, to accounts that a report names or that pay-holders in the group paid" }
// phones = { type = "ids", says = "Telephone numbers of the account, for the call" }
// evidence = { type = "ids", says = "The row of the membership" }
//
// [graph]
// nodes = { Group = "group", Account = "account", Person = "persons", Phone = "phones" }
// links = { MEMBER_OF = ["account", "group"], HOLDS = ["persons", "account"], BOUND_TO = ["account", "phones"] }
//
// [innocent.hobby]
// says = "A hobby group in which somebody uses an account that was once sold"
// says_zh = "普通兴趣群，其中有人使用曾被卖过的账号"
// check = "Fewer sold accounts than min_sold"
// check_zh = "被卖账号少于 min_sold"
//
// [innocent.gone]
// says = "He left the group in time"
// says_zh = "已及时退群"
// check = "He is recorded as gone"
// check_zh = "有退群记录"
//
// [innocent.lookout]
// says = "A lookout of the operators, or a buyer of accounts who watches"
// says_zh = "操作者安排的望风人，或在旁观察的买号人"
// check = "Warn, do not accuse; look at his device"
// check_zh = "只作提醒，不作指控；查看其设备"
// separable = false
// ---
MATCH (group:Group)<-[:MEMBER_OF]-(sold:Account)<-[:OF]-(:Sale)
WHERE ($group IS NULL OR group.id = $group)
  AND (group.dissolved_at IS NULL OR group.dissolved_at > $as_of)
WITH group, count(DISTINCT sold) AS sold_beside
WHERE sold_beside >= $min_sold
MATCH (group)<-[stay:MEMBER_OF]-(account:Account)
WHERE (stay.left_at IS NULL OR stay.left_at > $as_of)
  AND ($since IS NULL OR stay.joined_at >= $since) AND ($until IS NULL OR stay.joined_at <= $until)
  AND NOT EXISTS { MATCH (account)<-[:OF]-(:Sale) }
  AND NOT EXISTS { MATCH (account)<-[:HOLDS|CONTROLS]-(:Person)-[:FILED]->(:Report) }
  AND NOT EXISTS {
    MATCH (account)-[:LOGGED_IN_ON]->(:Device)<-[:LOGGED_IN_ON]-(beside:Account)<-[:OF]-(:Sale)
  }
UNWIND stay.evidence AS place
WITH group, sold_beside, account, min(stay.joined_at) AS joined_at, collect(DISTINCT place) AS evidence
CALL (account) {
  MATCH (account)<-[:HOLDS|CONTROLS]-(person:Person)
  MATCH (person)-[:HOLDS|CONTROLS]->(own:Account)  // two MATCHes: own may be the account itself
  RETURN collect(DISTINCT person.id) AS persons, collect(DISTINCT own) AS found
}
CALL (account) {
  OPTIONAL MATCH (account)-[:BOUND_TO]->(wallet:Account)
  RETURN collect(DISTINCT wallet) AS wallets
}
CALL (account, found, wallets) {
  UNWIND found + wallets + [account] AS own
  OPTIONAL MATCH (own)-[:SENT]->(payment:Payment)-[:PAID_TO]->(receiver:Account)
  WHERE coalesce(payment.kind, '') <> 'purchase'
    AND (EXISTS { MATCH (:Report)-[:NAMES]->(receiver) }
         OR EXISTS {
           MATCH (receiver)<-[:PAID_TO]-(:Payment)<-[:SENT]-(:Account)<-[:HOLDS|CONTROLS]-(:Person)-[:FILED]->(:Report)
         })
  RETURN count(DISTINCT payment) AS paid
}
WITH group, sold_beside, account, joined_at, evidence, persons, paid
WHERE paid <= $max_paid
CALL (account) {
  OPTIONAL MATCH (account)-[:BOUND_TO]->(phone:Phone)
  WITH phone, count(*) AS n
  RETURN collect(phone.id) AS phones
}
RETURN group.id AS group, account.id AS account, persons, joined_at, sold_beside, paid, phones,
       evidence
ORDER BY group, joined_at DESC, account
