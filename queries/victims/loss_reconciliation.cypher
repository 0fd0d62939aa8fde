// Does the reported loss equal the rows we hold
// ---
// question = "What did each victim report, what do the rows show as paid and paid back, and what is missing?"
// question_zh = "损失核对：报案损失与流水是否一致，差多少？"
// level = "fact"
// status = "stable"
// revision = 1
// not_covered = "Cash, payments by others for the victim, other platforms: a gap means that statements are missing, not that anybody lies"
// not_covered_zh = "现金、他人代付、其他平台的付款：有差额说明流水不全，不说明有人说谎"
// references = ["Association of Certified Fraud Examiners, Fraud Examiners Manual: proof of loss by records"]
// legal = ["Amount of the loss of each victim (to be checked by counsel)"]
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
// [parameter.min_gap]
// type = "money"
// default = "1"
// says = "Smaller gaps between report and rows are left out; 0 shows every victim"
//
// [parameter.since]
// type = "time"
// says = "Payments, both ways, before this time are left out"
//
// [parameter.until]
// type = "time"
// says = "Payments, both ways, after this time are left out"
//
// [column]
// victim = { type = "id", key = true, says = "The person" }
// currency = { type = "text", key = true, says = "Currency of the report" }
// reported_minor = { type = "money", says = "Loss as reported, all reports of the person" }
// out_minor = { type = "money", says = "Paid to the suspected receivers, each payment once" }
// back_minor = { type = "money", says = "Paid back by them" }
// net_minor = { type = "money", says = "Paid less paid back" }
// gap_minor = { type = "money", says = "Reported less net: positive where rows are missing" }
// receivers = { type = "ids", says = "Accounts that the report names, or that the victim paid after joining a staged group" }
// payers = { type = "ids", says = "The victim's accounts" }
// payments = { type = "ids", says = "The payments both ways" }
// cut = { type = "cuts", says = "Hubs that were paid too, and how many payments were not followed there" }
// evidence = { type = "ids", says = "The rows of the reports and payments" }
//
// [graph]
// nodes = { Person = "victim", Account = ["payers", "receivers"], Payment = "payments" }
// links = { HOLDS = ["victim", "payers"], CONTROLS = ["victim", "payers"], SENT = [["payers", "payments"], ["receivers", "payments"]], PAID_TO = [["payments", "receivers"], ["payments", "payers"]] }
//
// [innocent.adds_up]
// says = "What was paid less what came back is what was reported"
// says_zh = "付出减去返还，正好等于报案数额"
// check = "The gap is below min_gap"
// check_zh = "差额小于 min_gap"
//
// [innocent.cash]
// says = "The victim paid in cash, or a friend paid for him"
// says_zh = "受害人付了现金，或朋友代付"
// check = "Ask the victim how he paid; ask for the missing statements"
// check_zh = "向受害人问明付款方式；补调缺失的流水"
// separable = false
// ---
MATCH (victim:Person)-[:FILED]->(report:Report)
WHERE ($victim IS NULL OR victim.id = $victim) AND report.loss_minor IS NOT NULL
WITH victim, report.currency AS currency, collect(DISTINCT report) AS reports
CALL (victim) {
  MATCH (victim)-[:HOLDS|CONTROLS]->(own:Account)
  RETURN collect(DISTINCT own) AS owns
}
CALL (owns) {
  UNWIND owns AS chat
  MATCH (chat)-[stay:MEMBER_OF]->(group:Group)<-[:MEMBER_OF]-(sold:Account)<-[:OF]-(:Sale)
  WITH group, min(stay.joined_at) AS joined_at, count(DISTINCT sold) AS sold
  WHERE sold >= $min_sold
  RETURN min(joined_at) AS joined_at
}
CALL (victim, owns, joined_at, currency) {
  UNWIND owns AS own
  MATCH (own)-[:SENT]->(payment:Payment)-[:PAID_TO]->(receiver:Account)
  WHERE coalesce(payment.kind, '') <> 'purchase' AND payment.currency = currency
    AND NOT receiver IN owns
    AND ($since IS NULL OR payment.at >= $since) AND ($until IS NULL OR payment.at <= $until)
    AND (payment.at >= joined_at
         OR EXISTS { MATCH (victim)-[:FILED]->(:Report)-[:NAMES]->(receiver) })
  RETURN collect(DISTINCT CASE WHEN receiver.hub IS NULL THEN payment END) AS paid,
         collect(DISTINCT CASE WHEN receiver.hub IS NULL THEN receiver END) AS receivers,
         collect(DISTINCT CASE WHEN receiver.hub IS NOT NULL
                          THEN receiver.id + ' ' + payment.id END) AS beyond
}
CALL (owns, receivers, currency) {
  UNWIND receivers AS receiver
  MATCH (receiver)-[:SENT]->(payment:Payment)-[:PAID_TO]->(own:Account)
  WHERE own IN owns AND payment.currency = currency
    AND ($since IS NULL OR payment.at >= $since) AND ($until IS NULL OR payment.at <= $until)
  RETURN collect(DISTINCT payment) AS got
}
WITH victim, currency, reports, owns, receivers, paid, got, beyond,
     reduce(total = 0, r IN reports | total + r.loss_minor) AS reported_minor,
     reduce(total = 0, p IN paid | total + p.amount_minor) AS out_minor,
     reduce(total = 0, p IN got | total + p.amount_minor) AS back_minor
WHERE abs(reported_minor - (out_minor - back_minor)) >= $min_gap
RETURN victim.id AS victim, currency, reported_minor, out_minor, back_minor,
       out_minor - back_minor AS net_minor,
       reported_minor - (out_minor - back_minor) AS gap_minor,
       [r IN receivers | r.id] AS receivers, [a IN owns | a.id] AS payers,
       [p IN paid + got | p.id] AS payments, [b IN beyond | split(b, ' ')[0] + ' 1'] AS cut,
       reduce(places = [], r IN reports | places + r.evidence)
         + reduce(places = [], p IN paid + got | places + p.evidence) AS evidence
ORDER BY reported_minor DESC, victim, currency
