// The life of a group
// ---
// question = "When was the group made, when did its victims join and pay, and when did it end?"
// question_zh = "群的生命周期：建群、受害人入群、首付、末付、解散。"
// level = "fact"
// status = "stable"
// revision = 1
// not_covered = "Payments of members whose accounts are not linked to the group; whether a payment was for the group"
// not_covered_zh = "账号未能与群对应的成员所付的款；某笔付款是否与该群有关"
// references = ["Xu and Livshits, The Anatomy of a Cryptocurrency Pump-and-Dump Scheme, USENIX Security 2019: announce, act, close"]
// legal = ["Course of the act over time (to be checked by counsel)"]
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
// [parameter.since]
// type = "time"
// says = "Payments before this time are left out"
//
// [parameter.until]
// type = "time"
// says = "Payments after this time are left out"
//
// [column]
// group = { type = "id", key = true, says = "The group" }
// currency = { type = "text", key = true, says = "Currency of the payments" }
// created_at = { type = "time", says = "When it was made" }
// first_joined_at = { type = "time", says = "When its first victim joined" }
// first_paid_at = { type = "time", says = "First payment of a victim after he joined" }
// last_paid_at = { type = "time", says = "Last payment of a victim" }
// dissolved_at = { type = "time", says = "When it was dissolved" }
// paying_days = { type = "int", says = "Days from the first payment to the last" }
// victims = { type = "ids", says = "The persons who joined and paid" }
// payments = { type = "ids", says = "Their payments after they joined, purchases left out" }
// sum_minor = { type = "money", says = "Their sum, each payment once" }
// cut = { type = "cuts", says = "Hubs that were paid too, and how many payments were not followed there" }
// evidence = { type = "ids", says = "The rows of the memberships and payments" }
//
// [graph]
// nodes = { Group = "group", Person = "victims", Payment = "payments" }
// links = {}
//
// [innocent.hobby]
// says = "A group of people who pay each other's train fares"
// says_zh = "群友之间结算车费等费用的普通群"
// check = "No sold accounts in it"
// check_zh = "群里没有被卖过的账号"
//
// [innocent.before]
// says = "What a member paid before he joined"
// says_zh = "成员入群之前的付款"
// check = "Only payments after he joined count"
// check_zh = "只计入群之后的付款"
//
// [innocent.ordinary_life]
// says = "Rent or friends that a victim paid meanwhile"
// says_zh = "受害人同期支付的房租或给朋友的钱"
// check = "Ask the victim which payments were for the group"
// check_zh = "向受害人问明哪些付款与该群有关"
// separable = false
// ---
MATCH (group:Group)<-[:MEMBER_OF]-(sold:Account)<-[:OF]-(:Sale)
WHERE $group IS NULL OR group.id = $group
WITH group, count(DISTINCT sold) AS n
WHERE n >= $min_sold OR group.id = $group
MATCH (group)<-[stay:MEMBER_OF]-(chat:Account)<-[:HOLDS|CONTROLS]-(victim:Person)
WHERE (victim.role = 'victim' OR EXISTS { MATCH (victim)-[:FILED]->(:Report) })
  AND NOT EXISTS { MATCH (chat)<-[:OF]-(:Sale) }
UNWIND stay.evidence AS place
WITH group, victim, min(stay.joined_at) AS joined_at, collect(DISTINCT place) AS stays
MATCH (victim)-[:HOLDS|CONTROLS]->(own:Account)
WITH group, victim, joined_at, stays, collect(DISTINCT own) AS owns
UNWIND owns AS own
MATCH (own)-[:SENT]->(payment:Payment)-[:PAID_TO]->(receiver:Account)
WHERE payment.at >= joined_at AND coalesce(payment.kind, '') <> 'purchase' AND NOT receiver IN owns
  AND ($since IS NULL OR payment.at >= $since) AND ($until IS NULL OR payment.at <= $until)
WITH group, payment.currency AS currency, victim, joined_at, stays, payment, receiver
WITH group, currency, min(joined_at) AS first_joined_at, collect(DISTINCT victim.id) AS victims,
     collect(DISTINCT CASE WHEN receiver.hub IS NULL THEN payment END) AS paid, collect(stays) AS all_stays,
     collect(DISTINCT CASE WHEN receiver.hub IS NOT NULL THEN receiver.id + ' ' + payment.id END) AS beyond
WHERE size(paid) > 0
UNWIND paid AS payment
WITH group, currency, first_joined_at, victims, all_stays, beyond,
     count(payment) AS n, collect(payment.id) AS payments, sum(payment.amount_minor) AS sum_minor,
     min(payment.at) AS first_paid_at, max(payment.at) AS last_paid_at,
     max(payment.at_ms) - min(payment.at_ms) AS span, collect(payment.evidence) AS rows
UNWIND all_stays + rows AS row
UNWIND row AS place
WITH group, currency, first_joined_at, victims, beyond, payments, sum_minor, first_paid_at,
     last_paid_at, span, collect(DISTINCT place) AS evidence
RETURN group.id AS group, currency, group.created_at AS created_at, first_joined_at, first_paid_at,
       last_paid_at, group.dissolved_at AS dissolved_at, span / 86400000 AS paying_days, victims,
       payments, sum_minor, [b IN beyond | split(b, ' ')[0] + ' 1'] AS cut, evidence
ORDER BY sum_minor DESC, group, currency
