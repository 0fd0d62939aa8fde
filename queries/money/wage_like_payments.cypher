// Payments that look like wages
// ---
// question = "Who is paid the same sum by one payer at even intervals of $period?"
// question_zh = "工资样付款：谁按固定周期收到同样的钱？"
// level = "lead"
// status = "stable"
// revision = 1
// not_covered = "Wages that change with the turnover; wages in cash"
// not_covered_zh = "随业绩浮动的工资；现金工资"
// references = ["Case reports: weekly wages of the staff of a sham trading platform"]
// legal = ["Who was paid for taking part (to be checked by counsel)"]
//
// [parameter.payer]
// type = "id"
// says = "Only this payer"
//
// [parameter.payee]
// type = "id"
// says = "Only this payee"
//
// [parameter.min_times]
// type = "int"
// default = 3
// min = 3
// says = "From how many payments of one sum it is of interest"
//
// [parameter.period]
// type = "duration"
// default = "7d"
// says = "The interval"
//
// [parameter.tolerance]
// type = "duration"
// default = "36h"
// says = "How far an interval may differ"
//
// [parameter.max_customers]
// type = "int"
// default = 30
// min = 1
// says = "A payer who is paid by more than this is a shop that settles accounts"
//
// [parameter.min_amount]
// type = "money"
// default = "100"
// says = "Smaller payments are left out"
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
// payer = { type = "id", key = true, says = "Who pays" }
// payee = { type = "id", key = true, says = "Who is paid" }
// amount_minor = { type = "money", key = true, says = "The sum" }
// currency = { type = "text", key = true, says = "Its currency" }
// times = { type = "int", says = "How often it was paid" }
// first_at = { type = "time", says = "First payment" }
// last_at = { type = "time", says = "Last payment" }
// payments = { type = "ids", says = "The payments" }
// evidence = { type = "ids", says = "The rows of the payments" }
//
// [graph]
// nodes = { Account = ["payer", "payee"], Payment = "payments" }
// links = { SENT = ["payer", "payments"], PAID_TO = ["payments", "payee"] }
//
// [innocent.rent]
// says = "Rent, paid monthly"
// says_zh = "按月支付的房租"
// check = "The interval is another"
// check_zh = "周期不同"
//
// [innocent.settlement]
// says = "A shop that pays its supplier every week"
// says_zh = "商店每周与供货商结账"
// check = "The payer has many customers, or the payment is a purchase"
// check_zh = "付款方顾客很多，或付款为购物"
//
// [innocent.chance]
// says = "Twice the same sum for lunch"
// says_zh = "碰巧两次饭钱相同"
// check = "Fewer than min_times, or uneven"
// check_zh = "少于 min_times 次，或间隔不均"
//
// [innocent.allowance]
// says = "Parents who send a student money every week"
// says_zh = "父母每周给学生生活费"
// check = "Ask the payee"
// check_zh = "询问收款人"
// separable = false
// ---
// First which sums come back at all, payee by payee: few do.
MATCH (payee:Account)
WHERE ($payee IS NULL OR payee.id = $payee)
  AND COUNT {
    MATCH (payee)<-[:PAID_TO]-(p:Payment)
    WHERE p.amount_minor >= $min_amount
  } >= $min_times
CALL (payee) {
  MATCH (payee)<-[:PAID_TO]-(p:Payment)
  WHERE p.amount_minor >= $min_amount AND coalesce(p.kind, '') <> 'purchase'
    AND ($since IS NULL OR p.at >= $since) AND ($until IS NULL OR p.at <= $until)
  WITH p.amount_minor AS amount_minor, p.currency AS currency, count(p) AS n, collect(p) AS same
  WHERE n >= $min_times
  RETURN amount_minor, currency, same
}
WITH payee, amount_minor, currency, same
UNWIND same AS p
MATCH (p)<-[:SENT]-(payer:Account)
WHERE $payer IS NULL OR payer.id = $payer
WITH payer, payee, amount_minor, currency, count(p) AS times, collect(p) AS found
WHERE times >= $min_times
UNWIND found AS p
WITH payer, payee, amount_minor, currency, times, p
ORDER BY p.at_ms
WITH payer, payee, amount_minor, currency, times, collect(p) AS paid, collect(p.at_ms) AS moments
WHERE all(i IN range(1, size(moments) - 1)
          WHERE abs(moments[i] - moments[i - 1] - $period) <= $tolerance)
CALL (payer) {
  OPTIONAL MATCH (payer)<-[:PAID_TO]-(:Payment)<-[:SENT]-(customer:Account)
  RETURN count(DISTINCT customer) AS customers
}
WITH payer, payee, amount_minor, currency, times, paid
WHERE customers <= $max_customers
UNWIND paid AS p
UNWIND p.evidence AS place
RETURN payer.id AS payer, payee.id AS payee, amount_minor, currency, times, min(p.at) AS first_at,
       max(p.at) AS last_at, collect(DISTINCT p.id) AS payments, collect(DISTINCT place) AS evidence
ORDER BY payer, payee, amount_minor, currency
