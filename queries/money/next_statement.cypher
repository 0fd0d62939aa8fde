// Whose statement to request next
// ---
// question = "Where does the trail of the victims' money go cold, and how much arrived there?"
// question_zh = "下一步应调取哪个账户的流水？"
// level = "lead"
// status = "stable"
// revision = 1
// not_covered = "Accounts whose statement is held in part: a row after the arrival counts as a statement"
// not_covered_zh = "流水只调取了一部分的账户：到账之后有一行记录即视为已有流水"
// references = ["Forensic accounting practice"]
// legal = ["The next request for records (to be checked by counsel)"]
// walk = "next_statement"
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
// default = 8
// min = 2
// max = 12
// says = "At most that many payments one after the other"
//
// [parameter.work]
// type = "int"
// default = 1000000
// min = 1
// says = "At most that many steps; beyond them the pack says so and tells nothing"
//
// [column]
// account = { type = "id", key = true, says = "The account of which no later payment is on record; or a hub, whose operator must say where the payments went" }
// currency = { type = "text", key = true, says = "The currency" }
// victims = { type = "ids", says = "Whose money may have arrived" }
// hops = { type = "int", says = "By how many payments at the least" }
// arrived_minor = { type = "money", says = "Sum of the payments that may carry it, each once" }
// payments = { type = "ids", says = "These payments" }
// first_at = { type = "time", says = "The first of them: request the statement from here" }
// last_at = { type = "time", says = "The last of them" }
// sent_before = { type = "int", says = "Payments of the account on record, all earlier; 0: its statement was never loaded" }
// last_sent_at = { type = "time", says = "The last of those" }
// ways = { type = "int", says = "Ways on which money may have arrived" }
// hub = { type = "text", says = "What kind of hub it is, if it is one" }
// cut = { type = "cuts", says = "Hubs that these accounts paid too, and how many payments were not followed there" }
// evidence = { type = "ids", says = "The rows of these payments" }
//
// [graph]
// nodes = { Account = "account", Payment = "payments", Person = "victims" }
// links = { PAID_TO = ["payments", "account"] }
//
// [innocent.spent]
// says = "The money was drawn as cash"
// says_zh = "钱已取现"
// check = "Cash is where a trail ends, not where it goes cold"
// check_zh = "取现是资金去向的终点，不是线索中断"
//
// [innocent.onward]
// says = "The account passed it on and its payments are on record"
// says_zh = "账户已转出，且记录在案"
// check = "A later payment of the account is on record"
// check_zh = "该账户之后有付款记录"
//
// [innocent.at_rest]
// says = "The money is still there"
// says_zh = "钱还在账上"
// check = "Freeze it; the statement tells"
// check_zh = "先冻结，再凭流水判明"
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
