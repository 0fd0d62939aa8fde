// Money that comes back
// ---
// question = "Does money come back to where it started, over at least $min_hops payments in the order of time?"
// question_zh = "资金是否绕了一圈又回到起点？"
// level = "indicator"
// status = "stable"
// revision = 1
// not_covered = "Rings that take longer than $within, and those through hubs or cash"
// not_covered_zh = "历时超过 $within 的回流；经过枢纽或现金的回流"
// references = ["LDBC FinBench, complex read 4", "AMLworld: the pattern cycle (NeurIPS 2023)"]
// legal = ["Disguise of the source of funds; sham turnover (to be checked by counsel)"]
// walk = "cycle"
//
// [parameter.account]
// type = "id"
// says = "Only rings that start at this account"
//
// [parameter.within]
// type = "duration"
// default = "15d"
// says = "From the first payment to the last"
//
// [parameter.keep]
// type = "float"
// default = 0.5
// min = 0.0
// max = 1.0
// says = "The least share of a payment that the next one must have"
//
// [parameter.min_amount]
// type = "money"
// default = "1000"
// says = "Smaller first payments are left out"
//
// [parameter.min_hops]
// type = "int"
// default = 3
// min = 2
// says = "Shorter rings (a loan repaid) are left out"
//
// [parameter.max_hops]
// type = "int"
// default = 4
// max = 8
// says = "Longer rings are not looked for"
//
// [parameter.work]
// type = "int"
// default = 1000000
// min = 1
// says = "At most that many steps; beyond them the pack says so and tells nothing"
//
// [parameter.since]
// type = "time"
// says = "Rings whose first payment is before this time are left out"
//
// [parameter.until]
// type = "time"
// says = "Rings whose first payment is after this time are left out"
//
// [column]
// start = { type = "id", says = "The account where the ring begins and ends" }
// payments = { type = "ids", key = true, ordered = true, says = "The payments, in order" }
// accounts = { type = "ids", ordered = true, says = "The accounts of the ring, in order" }
// currency = { type = "text", says = "Their currency" }
// first_minor = { type = "money", says = "What set out" }
// back_minor = { type = "money", says = "What came back" }
// seconds = { type = "int", says = "From the first to the last payment" }
// first_at = { type = "time", says = "The first payment" }
// other_rings = { type = "int", says = "Other rings that start at the same account" }
// cut = { type = "cuts", says = "Hubs that these accounts paid too, and how many payments were not followed there" }
// evidence = { type = "ids", says = "The rows of these payments" }
//
// [graph]
// nodes = { Account = "accounts", Payment = "payments" }
// links = { SENT = ["accounts", "payments"], PAID_TO = ["payments", "accounts"] }
//
// [innocent.loan]
// says = "A loan that is repaid"
// says_zh = "借款归还"
// check = "Two accounts only: below min_hops"
// check_zh = "只涉及两个账户：少于 min_hops"
//
// [innocent.refund]
// says = "A purchase that was refunded"
// says_zh = "购物后退款"
// check = "Purchases and refunds are no steps"
// check_zh = "购物和退款不算一步"
//
// [innocent.pooling]
// says = "A family or friends pool money and share it out again"
// says_zh = "家人或朋友凑钱后又分回"
// check = "Small amounts, or weeks apart; ask the holders"
// check_zh = "数额小，或相隔数周；询问持有人"
// separable = false
// ---
MATCH (account:Account)
WHERE ($account IS NULL OR account.id = $account) AND account.hub IS NULL
RETURN account.id AS account
ORDER BY account
