// Step by step from a victim
// ---
// question = "Where may the money of a victim have gone, step by step, each payment later than the last and keeping most of it?"
// question_zh = "受害人的钱一步一步流向了哪里（逐层、按时间、大部分保留）？"
// level = "indicator"
// status = "stable"
// revision = 1
// not_covered = "Money that waits longer than $within at a step, or goes on in parts smaller than $keep; which share of a payment was whose money is a question of the tracing rule (linkwright trace)"
// not_covered_zh = "在某一步停留超过 $within 的资金；拆成不足 $keep 的部分转出的资金。某笔付款中哪一部分属于谁由追踪规则回答（linkwright trace）"
// references = ["LDBC FinBench, complex reads 5 and 8", "FaSTM-for-all-N, arXiv 2309.13662"]
// legal = ["Flow of the proceeds (to be checked by counsel)"]
// walk = "time_ordered_path"
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
// default = "2h"
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
// default = 6
// min = 2
// max = 12
// says = "At most that many payments one after the other"
//
// [parameter.min_hops]
// type = "int"
// default = 2
// min = 1
// says = "Shorter paths are left to money/first_receivers"
//
// [parameter.work]
// type = "int"
// default = 1000000
// min = 1
// says = "At most that many steps; beyond them the pack says so and tells nothing"
//
// [column]
// victim = { type = "id", key = true, says = "The victim whose payment comes first" }
// payments = { type = "ids", key = true, ordered = true, says = "The payments, in order" }
// accounts = { type = "ids", ordered = true, says = "The accounts on the way, payer first" }
// currency = { type = "text", says = "Their currency" }
// hops = { type = "int", says = "How many payments" }
// first_minor = { type = "money", says = "The first payment" }
// last_minor = { type = "money", says = "The last payment" }
// seconds = { type = "int", says = "From the first to the last" }
// competing = { type = "int", says = "Other payments that came to these accounts in time and may as well have been passed on" }
// paths = { type = "int", says = "All paths of this victim, this one among them" }
// cut = { type = "cuts", says = "Hubs that these accounts paid too, and how many payments were not followed there" }
// evidence = { type = "ids", says = "The rows of these payments" }
//
// [graph]
// nodes = { Person = "victim", Account = "accounts", Payment = "payments" }
// links = { HOLDS = ["victim", "accounts"], CONTROLS = ["victim", "accounts"], SENT = ["accounts", "payments"], PAID_TO = ["payments", "accounts"] }
//
// [innocent.ordinary]
// says = "Rent, wages or friends that the victim paid before the group existed for him"
// says_zh = "受害人入群之前支付的房租、工资或给朋友的钱"
// check = "Only payments after he joined a staged group, or that his report names"
// check_zh = "只追入托群之后的付款，或报案指明的付款"
//
// [innocent.late]
// says = "The receiver spent his own money days later"
// says_zh = "收款人数日后花的是自己的钱"
// check = "A step takes at most within"
// check_zh = "每一步不超过 within"
//
// [innocent.busy]
// says = "Coincidence: a busy account passes on somebody else's money"
// says_zh = "巧合：业务繁忙的账户转出的是别人的钱"
// check = "competing says how many other payments may explain a step; ask for the statement and trace by rule"
// check_zh = "competing 列为同样可以解释这一步的其他付款数；调取流水，按规则追踪"
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
