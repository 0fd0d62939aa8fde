// The first accounts that victims paid
// ---
// question = "Which accounts did the victims pay first?"
// question_zh = "受害人最先把钱付给了哪些账户？"
// level = "indicator"
// status = "stable"
// revision = 2
// not_covered = "Cash handed over; payments before the victim joined the group, unless the report names the receiver"
// not_covered_zh = "当面交付的现金；入群之前的付款（报案指明收款人的除外）"
// references = ["LDBC FinBench, complex read 1"]
// legal = ["First layer of accounts that received the money (to be checked by counsel)"]
//
// [parameter.victim]
// type = "id"
// says = "Only this victim (a person)"
//
// [parameter.min_sold]
// type = "int"
// default = 2
// min = 1
// says = "A group with that many sold accounts counts as a staged one"
//
// [parameter.since]
// type = "time"
// says = "Payments before this time are left out"
//
// [parameter.until]
// type = "time"
// says = "Payments after this time are left out"
//
// [column]
// receiver = { type = "id", key = true, says = "The account that was paid" }
// currency = { type = "text", key = true, says = "Currency of the payments" }
// victims = { type = "ids", says = "The victims who paid it" }
// payers = { type = "ids", says = "Their accounts" }
// payments = { type = "ids", says = "The payments" }
// sum_minor = { type = "money", says = "Their sum, each payment once" }
// first_at = { type = "time", says = "First payment" }
// last_at = { type = "time", says = "Last payment" }
// cut = { type = "cuts", says = "Hubs that were paid too, and how many payments were not followed there" }
// evidence = { type = "ids", says = "The rows of the payments" }
//
// [graph]
// nodes = { Account = ["receiver", "payers"], Person = "victims", Payment = "payments" }
// links = { HOLDS = ["victims", "payers"], CONTROLS = ["victims", "payers"], SENT = ["payers", "payments"], PAID_TO = ["payments", "receiver"] }
//
// [innocent.shopping]
// says = "The victim bought something in a shop"
// says_zh = "受害人在商店购物"
// check = "Payments of kind purchase are left out; ask the victim what the others were for"
// check_zh = "已排除购物付款；其余付款向受害人问明用途"
//
// [innocent.before]
// says = "Rent, wages or friends that the victim paid before the group existed for him"
// says_zh = "受害人入群之前支付的房租、工资或给朋友的钱"
// check = "Payments before he joined are left out, unless the report names the receiver"
// check_zh = "已排除入群之前的付款，报案指明收款人的除外"
//
// [innocent.ordinary_life]
// says = "Rent or friends that the victim paid after he joined"
// says_zh = "受害人入群之后支付的房租或给朋友的钱"
// check = "The receiver is paid by him alone and has been for long; ask the victim"
// check_zh = "该收款人只有他一人付款，且由来已久；询问受害人"
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
WHERE coalesce(payment.kind, '') <> 'purchase' AND receiver.hub IS NULL AND NOT receiver IN accounts
  AND ($since IS NULL OR payment.at >= $since) AND ($until IS NULL OR payment.at <= $until)
  AND (payment.at >= joined_at
       OR EXISTS { MATCH (victim)-[:FILED]->(:Report)-[:NAMES]->(receiver) })
WITH DISTINCT receiver, victim, payer, payment
WITH receiver, payment.currency AS currency, collect(DISTINCT victim.id) AS victims,
     collect(DISTINCT payer) AS payers, collect(DISTINCT payment) AS paid
CALL (payers) {
  UNWIND payers AS payer
  MATCH (payer)-[:SENT]->(p:Payment)-[:PAID_TO]->(beyond:Account)
  WHERE beyond.hub IS NOT NULL AND coalesce(p.kind, '') <> 'purchase'
    AND ($since IS NULL OR p.at >= $since) AND ($until IS NULL OR p.at <= $until)
  WITH beyond, count(DISTINCT p) AS n
  RETURN collect(beyond.id + ' ' + toString(n)) AS cut
}
RETURN receiver.id AS receiver, currency, victims, [a IN payers | a.id] AS payers,
       [p IN paid | p.id] AS payments,
       reduce(total = 0, p IN paid | total + p.amount_minor) AS sum_minor,
       reduce(t = null, p IN paid | CASE WHEN t IS NULL OR p.at < t THEN p.at ELSE t END) AS first_at,
       reduce(t = null, p IN paid | CASE WHEN t IS NULL OR p.at > t THEN p.at ELSE t END) AS last_at,
       cut,
       reduce(places = [], p IN paid | places + p.evidence) AS evidence
ORDER BY sum_minor DESC, receiver, currency
