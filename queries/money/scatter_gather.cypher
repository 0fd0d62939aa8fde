// Split and gathered again
// ---
// question = "Which account pays several others who soon pay one and the same?"
// question_zh = "资金是否被拆分后又汇集到同一账户？"
// level = "indicator"
// status = "stable"
// revision = 1
// not_covered = "Parts that go on later than $within or smaller than $keep of what came, and sinks that are hubs"
// not_covered_zh = "晚于 $within 才转出、或不足到账 $keep 的部分；汇集账户是枢纽的情形"
// references = ["AMLworld: the pattern scatter-gather (NeurIPS 2023)"]
// legal = ["Disguise of the flow of funds (to be checked by counsel)"]
// walk = "scatter_gather"
//
// [parameter.account]
// type = "id"
// says = "Only this source"
//
// [parameter.within]
// type = "duration"
// default = "1h"
// says = "How soon each part goes on"
//
// [parameter.keep]
// type = "float"
// default = 0.5
// min = 0.0
// max = 1.0
// says = "The least share of each part that goes on"
//
// [parameter.min_amount]
// type = "money"
// default = "1000"
// says = "Smaller parts are left out"
//
// [parameter.min_mids]
// type = "int"
// default = 3
// min = 2
// says = "From how many accounts between"
//
// [parameter.work]
// type = "int"
// default = 1000000
// min = 1
// says = "At most that many steps; beyond them the pack says so and tells nothing"
//
// [parameter.since]
// type = "time"
// says = "Parts before this time are left out"
//
// [parameter.until]
// type = "time"
// says = "Parts after this time are left out"
//
// [column]
// source = { type = "id", key = true, says = "The account that pays the parts" }
// sink = { type = "id", key = true, says = "The account where they meet again" }
// currency = { type = "text", key = true, says = "Their currency" }
// mids = { type = "ids", says = "The accounts between" }
// mids_count = { type = "int", says = "How many" }
// payments = { type = "ids", says = "The payments in and out" }
// scattered_minor = { type = "money", says = "Sum of the parts" }
// gathered_minor = { type = "money", says = "Sum of what was gathered" }
// first_at = { type = "time", says = "First part" }
// last_at = { type = "time", says = "Last payment to the sink" }
// ways = { type = "int", says = "Pairs of a payment in and a payment out; more than the parts means that they compete" }
// cut = { type = "cuts", says = "Hubs that these accounts paid too, and how many payments were not followed there" }
// evidence = { type = "ids", says = "The rows of these payments" }
//
// [graph]
// nodes = { Account = ["source", "sink", "mids"], Payment = "payments" }
// links = { SENT = [["source", "payments"], ["mids", "payments"]], PAID_TO = [["payments", "mids"], ["payments", "sink"]] }
//
// [innocent.payroll]
// says = "A company pays staff who pay one landlord"
// says_zh = "单位发工资，员工付给同一房东"
// check = "Rent is paid days after the wages: later than within"
// check_zh = "房租在发薪数日后支付：超出 within"
//
// [innocent.shop]
// says = "Staff who buy at one shop"
// says_zh = "员工在同一家店买东西"
// check = "Purchases are no steps, and shops are hubs"
// check_zh = "购物不算一步，商店为枢纽"
//
// [innocent.errand]
// says = "Somebody shares out a bill and one of them pays it for all"
// says_zh = "有人分摊账单，其中一人统一付款"
// check = "One evening, small amounts; ask what was paid"
// check_zh = "同一晚、数额小；问明付的是什么"
// separable = false
// ---
MATCH (account:Account)
WHERE ($account IS NULL OR account.id = $account) AND account.hub IS NULL
RETURN account.id AS account
ORDER BY account
