// Accounts on every victim's way to the cash
// ---
// question = "Which accounts lie on the shortest ways of every victim's money to a place of cash?"
// question_zh = "哪些账户位于每个受害人的钱通往取现点的必经之路上？"
// level = "lead"
// status = "stable"
// revision = 1
// not_covered = "The shortest way in time is not the actual one: check with money/time_ordered_path and linkwright trace"
// not_covered_zh = "时间上最短的路径未必是实际路径：用 money/time_ordered_path 和 linkwright trace 复核"
// references = ["Freeman: betweenness (1977)", "Neo4j: mule accounts and shortest paths"]
// legal = ["Role in the chain of the money (to be checked by counsel)"]
// walk = "key_brokers"
//
// [parameter.victim]
// type = "id"
// says = "Only this victim (a person)"
//
// [parameter.since]
// type = "time"
// says = "Only payments of victims from this time on"
//
// [parameter.until]
// type = "time"
// says = "Only payments of victims up to this time"
//
// [parameter.min_sold]
// type = "int"
// default = 2
// min = 1
// says = "A group with that many sold accounts counts as a staged one: what was paid after joining it is followed"
//
// [parameter.all_payments]
// type = "bool"
// default = false
// says = "Follow every payment of a victim, not only those after he joined or that a report names"
//
// [parameter.min_amount]
// type = "money"
// default = "100"
// says = "Smaller payments of victims are not followed"
//
// [parameter.sink]
// type = "id"
// says = "To this account only; any place where cash was drawn by default"
//
// [parameter.within]
// type = "duration"
// default = "24h"
// says = "How soon money goes on at each step"
//
// [parameter.keep]
// type = "float"
// default = 0.3
// min = 0.0
// max = 1.0
// says = "The least share of a payment that the next one must have"
//
// [parameter.hops]
// type = "int"
// default = 8
// min = 2
// max = 12
// says = "At most that many payments one after the other"
//
// [parameter.min_victims]
// type = "int"
// default = 2
// min = 2
// says = "From how many victims"
//
// [parameter.work]
// type = "int"
// default = 1000000
// min = 1
// says = "At most that many steps; beyond them the pack says so and tells nothing"
//
// [column]
// account = { type = "id", key = true, says = "The account between" }
// sink = { type = "id", key = true, says = "Where the ways lead" }
// currency = { type = "text", key = true, says = "The currency" }
// victims = { type = "ids", says = "All victims whose money may have come to the sink" }
// victims_count = { type = "int", says = "How many" }
// hops = { type = "int", says = "Payments on the longest of their shortest ways" }
// ways_through = { type = "int", says = "Shortest ways through the account" }
// ways = { type = "int", says = "All shortest ways" }
// on_every_way = { type = "bool", says = "Whether there is no shortest way around it" }
// payments = { type = "ids", says = "The payments into and out of it on these ways" }
// cut = { type = "cuts", says = "Hubs that it paid too, and how many payments were not followed there" }
// evidence = { type = "ids", says = "The rows of these payments" }
//
// [graph]
// nodes = { Account = ["account", "sink"], Payment = "payments", Person = "victims" }
// links = { SENT = ["account", "payments"], PAID_TO = [["payments", "account"], ["payments", "sink"]] }
//
// [innocent.platform]
// says = "A payment platform lies between everybody and everything"
// says_zh = "支付平台处在所有人与所有去向之间"
// check = "Ways end at hubs, and hubs are never brokers"
// check_zh = "路径到枢纽为止，枢纽从不算作中间人"
//
// [innocent.one_victim]
// says = "An account on the way of one victim only"
// says_zh = "只在一名受害人的资金路径上的账户"
// check = "It must be on the ways of all victims who come to the sink"
// check_zh = "须在到达该取现点的所有受害人的路径上"
//
// [innocent.busy]
// says = "A busy account through which the money of strangers goes too"
// says_zh = "业务繁忙、陌生人的钱也经过的账户"
// check = "Shortest is not actual; ask for its statement"
// check_zh = "最短不等于实际；调取其流水"
// separable = false
// ---
MATCH (victim:Person)
WHERE ($victim IS NULL OR victim.id = $victim)
  AND (victim.role = 'victim' OR EXISTS { MATCH (victim)-[:FILED]->(:Report) })
MATCH (victim)-[:HOLDS|CONTROLS]->(own:Account)
WITH victim, collect(DISTINCT own) AS accounts
// since when the victim sat in a group with sold accounts
CALL (accounts) {
  UNWIND accounts AS chat
  MATCH (chat)-[stay:MEMBER_OF]->(group:Group)<-[:MEMBER_OF]-(sold:Account)<-[:OF]-(:Sale)
  WITH group, min(stay.joined_at) AS joined_at, count(DISTINCT sold) AS sold
  WHERE sold >= $min_sold
  RETURN min(joined_at) AS joined_at
}
UNWIND accounts AS payer
MATCH (payer)-[:SENT]->(payment:Payment)-[:PAID_TO]->(receiver:Account)
WHERE NOT coalesce(payment.kind, '') IN ['purchase', 'refund'] AND NOT receiver IN accounts
  AND payment.amount_minor >= $min_amount
  AND ($since IS NULL OR payment.at >= $since) AND ($until IS NULL OR payment.at <= $until)
  AND ($all_payments OR payment.at >= joined_at
       OR EXISTS { MATCH (victim)-[:FILED]->(:Report)-[:NAMES]->(receiver) }
       OR EXISTS { MATCH (victim)-[:FILED]->(:Report)-[:NAMES]->(payment) })
RETURN DISTINCT victim.id AS victim, payment.id AS payment
ORDER BY victim, payment
