// In and out within half an hour
// ---
// question = "Which accounts empty what comes in within $window, at least $min_events times?"
// question_zh = "快进快出：谁一次次在半小时内把进账转空？"
// level = "indicator"
// status = "stable"
// revision = 1
// not_covered = "Money that stays longer than the window, or leaves in cash off the records. Payments that come in together may be matched with the same payments out"
// not_covered_zh = "停留时间超过时限的资金；以现金离开而没有记录的资金。同时进账的几笔可能与同一批出账相配"
// references = ["LDBC FinBench, complex read 7", "Li et al., FlowScope, AAAI 2020"]
// legal = ["Pass-through accounts (to be checked by counsel)"]
//
// [parameter.account]
// type = "id"
// says = "Only this account"
//
// [parameter.min_amount]
// type = "money"
// default = "1000"
// says = "Smaller incoming payments are left out"
//
// [parameter.window]
// type = "duration"
// default = "30m"
// says = "Within which time the money leaves"
//
// [parameter.low_percent]
// type = "int"
// default = 80
// min = 1
// says = "At least this share leaves"
//
// [parameter.high_percent]
// type = "int"
// default = 105
// min = 1
// says = "More than this share comes from other money too"
//
// [parameter.min_events]
// type = "int"
// default = 3
// min = 1
// says = "From how many such payments an account is of interest"
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
// account = { type = "id", key = true, says = "The account" }
// currency = { type = "text", key = true, says = "Currency of the payments" }
// events = { type = "int", says = "Incoming payments that left within the window" }
// payers = { type = "ids", says = "Who paid them" }
// payees = { type = "ids", says = "To whom they went on" }
// in_minor = { type = "money", says = "Sum of these incoming payments" }
// out_minor = { type = "money", says = "Sum of the payments out, each once" }
// received = { type = "ids", says = "The incoming payments" }
// passed = { type = "ids", says = "The payments out" }
// cut = { type = "cuts", says = "Hubs among the payees, and how many payments were not followed there" }
// evidence = { type = "ids", says = "The rows of the payments" }
//
// [graph]
// nodes = { Account = ["account", "payers", "payees"], Payment = ["received", "passed"] }
// links = { SENT = [["payers", "received"], ["account", "passed"]], PAID_TO = [["received", "account"], ["passed", "payees"]] }
//
// [innocent.once]
// says = "Somebody passes a deposit on to his landlord at once"
// says_zh = "有人收到押金后马上转给房东"
// check = "It happened less than min_events times"
// check_zh = "少于 min_events 次"
//
// [innocent.slow]
// says = "A small firm whose income pays its bills days later"
// says_zh = "小企业收入几天后用于付账"
// check = "Outside the window"
// check_zh = "超出时限"
//
// [innocent.exchange]
// says = "An exchange shop or a payroll office passes money through all day"
// says_zh = "兑换店或代发工资单位整天过账"
// check = "It is registered as such; big ones are hubs"
// check_zh = "有工商登记；大的为枢纽"
// separable = false
// ---
// First count what was soon followed by a payment out; only of what is left are sums made.
MATCH (account:Account)
WHERE ($account IS NULL OR account.id = $account) AND account.hub IS NULL
  AND COUNT {
    MATCH (account)<-[:PAID_TO]-(came:Payment)
    WHERE came.amount_minor >= $min_amount
      AND EXISTS {
        MATCH (account)-[:SENT]->(went:Payment)
        WHERE went.at_ms >= came.at_ms AND went.at_ms <= came.at_ms + $window
          AND went.currency = came.currency
      }
  } >= $min_events
MATCH (account)<-[:PAID_TO]-(came:Payment)<-[:SENT]-(payer:Account)
WHERE came.amount_minor >= $min_amount
  AND ($since IS NULL OR came.at >= $since) AND ($until IS NULL OR came.at <= $until)
WITH account, came.currency AS currency, count(came) AS n, collect(came) AS arrived
WHERE n >= $min_events
UNWIND arrived AS came
MATCH (account)-[:SENT]->(went:Payment)
WHERE went.at_ms >= came.at_ms AND went.at_ms <= came.at_ms + $window AND went.currency = currency
WITH account, currency, came, sum(went.amount_minor) AS gone, collect(went) AS outs
WHERE 100 * gone >= $low_percent * came.amount_minor
  AND 100 * gone <= $high_percent * came.amount_minor
WITH account, currency, count(came) AS events, sum(came.amount_minor) AS in_minor,
     collect(came) AS received, collect(outs) AS all_outs
WHERE events >= $min_events
UNWIND all_outs AS outs
UNWIND outs AS went
WITH DISTINCT account, currency, events, in_minor, received, went
MATCH (went)-[:PAID_TO]->(payee:Account)
WITH account, currency, events, in_minor, received, sum(went.amount_minor) AS out_minor,
     collect(went) AS passed, collect(DISTINCT payee.id) AS payees,
     [c IN collect(CASE WHEN payee.hub IS NOT NULL THEN payee.id + ' 1' END) WHERE c IS NOT NULL] AS cut
CALL (received) {
  UNWIND received AS came
  MATCH (came)<-[:SENT]-(payer:Account)
  RETURN collect(DISTINCT payer.id) AS payers
}
CALL (received, passed) {
  UNWIND received + passed AS p
  UNWIND p.evidence AS place
  RETURN collect(DISTINCT place) AS evidence
}
RETURN account.id AS account, currency, events, payers, payees, in_minor, out_minor,
       [p IN received | p.id] AS received, [p IN passed | p.id] AS passed, cut,
       evidence
ORDER BY in_minor DESC, account, currency
