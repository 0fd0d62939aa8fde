// Where victims' money meets
// ---
// question = "At which accounts may the money of at least $min_victims victims have met?"
// question_zh = "不同受害人的钱在哪个账户汇合？"
// level = "indicator"
// status = "stable"
// revision = 1
// not_covered = "Meetings beyond hubs, cash or $hops payments; which share was whose is a question of the tracing rule"
// not_covered_zh = "枢纽、现金之后或超过 $hops 笔之后的汇合；各人份额由追踪规则回答"
// references = ["FlowScope, AAAI 2020", "CubeFlow, arXiv 2103.12411"]
// legal = ["Links several victims to one gang (to be checked by counsel)"]
// walk = "convergence"
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
// default = 5
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
// account = { type = "id", key = true, says = "The account where they meet" }
// currency = { type = "text", key = true, says = "The currency" }
// victims = { type = "ids", says = "The victims" }
// victims_count = { type = "int", says = "How many" }
// hops = { type = "int", says = "By how many payments the last of them comes at the least" }
// arrived_minor = { type = "money", says = "Sum of the payments into it that may carry their money, each once" }
// payments = { type = "ids", says = "These payments, and one shortest way of each victim" }
// through = { type = "ids", says = "The accounts on these ways" }
// ways = { type = "int", says = "All ways in the order of time" }
// cut = { type = "cuts", says = "Hubs that these accounts paid too, and how many payments were not followed there" }
// evidence = { type = "ids", says = "The rows of these payments" }
//
// [graph]
// nodes = { Person = "victims", Account = ["account", "through"], Payment = "payments" }
// links = { SENT = ["through", "payments"], PAID_TO = [["payments", "account"], ["payments", "through"]] }
//
// [innocent.platform]
// says = "Everybody pays through a payment platform or shops at the same shop"
// says_zh = "大家都用同一支付平台，或在同一家店购物"
// check = "Hubs are no meeting place: they are named in the column cut"
// check_zh = "枢纽不算汇合点，列在 cut 列"
//
// [innocent.one_victim]
// says = "An account that one victim paid many times"
// says_zh = "一名受害人多次付款的账户"
// check = "Distinct victims are counted"
// check_zh = "按不同受害人计数"
//
// [innocent.busy]
// says = "An account that many strangers pay for good reasons"
// says_zh = "许多陌生人因正当事由付款的账户"
// check = "Ask for its statement and its holder; competing ways are counted in ways"
// check_zh = "调取流水、查明持有人；ways 列为并存的路径数"
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
