// Accounts that collect from many and pass it on
// ---
// question = "Which accounts are paid by at least $min_payers payers and pass at least $pass_percent percent on?"
// question_zh = "汇集账户：谁收很多人的钱又转出去？"
// level = "indicator"
// status = "stable"
// revision = 1
// not_covered = "Collectors that pass money on in cash or outside the records"
// not_covered_zh = "以现金或在记录之外转出的汇集账户"
// references = ["LDBC FinBench, complex read 6", "Altman et al., Realistic Synthetic Financial Transactions for Anti-Money Laundering Models (AMLworld), NeurIPS 2023: fan-in"]
// legal = ["Accounts that served to collect and move the money (to be checked by counsel)"]
//
// [parameter.account]
// type = "id"
// says = "Only this account"
//
// [parameter.min_payers]
// type = "int"
// default = 3
// min = 2
// says = "From how many payers an account is of interest"
//
// [parameter.min_amount]
// type = "money"
// default = "1000"
// says = "Smaller payments are left out"
//
// [parameter.pass_percent]
// type = "int"
// default = 70
// min = 1
// says = "From which share passed on"
//
// [parameter.max_percent]
// type = "int"
// default = 110
// min = 1
// says = "Above this share it pays mostly from other money"
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
// account = { type = "id", key = true, says = "The collecting account" }
// currency = { type = "text", key = true, says = "Currency of the payments" }
// payers = { type = "ids", says = "Who paid it" }
// payees = { type = "ids", says = "Whom it paid" }
// in_minor = { type = "money", says = "Received, each payment once" }
// out_minor = { type = "money", says = "Passed on, each payment once" }
// percent = { type = "int", says = "Passed on, in percent of received" }
// received = { type = "ids", says = "The payments received" }
// passed = { type = "ids", says = "The payments passed on" }
// cut = { type = "cuts", says = "Hubs among payers and payees, and how many payments were not followed there" }
// evidence = { type = "ids", says = "The rows of the payments" }
//
// [graph]
// nodes = { Account = ["account", "payers", "payees"], Payment = ["received", "passed"] }
// links = { SENT = [["payers", "received"], ["account", "passed"]], PAID_TO = [["received", "account"], ["passed", "payees"]] }
//
// [innocent.landlord]
// says = "A landlord is paid by many and keeps it"
// says_zh = "房东收很多人的房租，钱留在账上"
// check = "He passes little on"
// check_zh = "转出很少"
//
// [innocent.merchant]
// says = "A shop is paid by many for goods"
// says_zh = "商店因卖货收很多人的钱"
// check = "Payments of kind purchase are left out; big shops are hubs"
// check_zh = "已排除购物付款；大商户为枢纽"
//
// [innocent.group_buyer]
// says = "Somebody orders for his neighbours and pays the shop for all"
// says_zh = "有人替邻居团购，统一付给商家"
// check = "What he pays is a purchase"
// check_zh = "其付出的款项是购物"
//
// [innocent.savings_club]
// says = "A club that collects dues and pays its hall"
// says_zh = "社团收会费、付场地费"
// check = "Regular equal sums; ask a member"
// check_zh = "金额固定、按期；询问成员"
// separable = false
// ---
// Whoever received too few payments has too few payers; only of what is left are rows quoted.
MATCH (account:Account)
WHERE ($account IS NULL OR account.id = $account) AND account.hub IS NULL
  AND COUNT {
    MATCH (account)<-[:PAID_TO]-(p:Payment)
    WHERE p.amount_minor >= $min_amount
  } >= $min_payers
MATCH (account)<-[:PAID_TO]-(p:Payment)<-[:SENT]-(payer:Account)
WHERE p.amount_minor >= $min_amount AND payer.hub IS NULL
  AND coalesce(p.kind, '') <> 'purchase'
  AND ($since IS NULL OR p.at >= $since) AND ($until IS NULL OR p.at <= $until)
WITH account, p.currency AS currency, count(DISTINCT payer) AS n, sum(p.amount_minor) AS in_minor,
     collect(DISTINCT payer.id) AS payers, collect(p) AS came
WHERE n >= $min_payers
CALL (account, currency) {
  MATCH (account)-[:SENT]->(p:Payment)-[:PAID_TO]->(payee:Account)
  WHERE p.currency = currency AND coalesce(p.kind, '') <> 'purchase'
    AND ($since IS NULL OR p.at >= $since) AND ($until IS NULL OR p.at <= $until)
  RETURN sum(p.amount_minor) AS out_minor, collect(DISTINCT payee.id) AS payees, collect(p) AS went
}
WITH account, currency, payers, payees, in_minor, out_minor, came, went,
     100 * out_minor / in_minor AS percent
WHERE percent >= $pass_percent AND percent <= $max_percent
CALL (account) {
  MATCH (account)-[:SENT]->(p:Payment)-[:PAID_TO]->(beyond:Account)
  WITH beyond, count(p) AS n  // filtered below: a plan that begins at the hubs is slow
  WHERE beyond.hub IS NOT NULL
  RETURN collect(beyond.id + ' ' + toString(n)) AS cut_after
}
CALL (account) {
  MATCH (account)<-[:PAID_TO]-(p:Payment)<-[:SENT]-(beyond:Account)
  WITH beyond, count(p) AS n  // filtered below: a plan that begins at the hubs is slow
  WHERE beyond.hub IS NOT NULL
  RETURN collect(beyond.id + ' ' + toString(n)) AS cut_before
}
WITH account, currency, payers, payees, in_minor, out_minor, percent, came, went,
     cut_after + cut_before AS cut
CALL (came, went) {
  UNWIND came + went AS p
  UNWIND p.evidence AS place
  RETURN collect(DISTINCT place) AS evidence
}
RETURN account.id AS account, currency, payers, payees, in_minor, out_minor, percent,
       [p IN came | p.id] AS received, [p IN went | p.id] AS passed, cut,
       evidence
ORDER BY in_minor DESC, account, currency
