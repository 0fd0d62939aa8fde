// Where the money is drawn in cash
// ---
// question = "Which accounts draw in cash at least $share_percent percent of what came in, within $window, at least $min_draws times?"
// question_zh = "取现点：进账后很快取现的账户有哪些？"
// level = "indicator"
// status = "stable"
// revision = 1
// not_covered = "Cash paid out over the counter of a shop, and what was drawn abroad without a row"
// not_covered_zh = "在商店柜台兑出的现金；在境外支取而没有流水的款项"
// references = ["LDBC FinBench, complex read 6: withdrawal after many-to-one"]
// legal = ["Where the money left the accounts (to be checked by counsel)"]
//
// [parameter.account]
// type = "id"
// says = "Only this account"
//
// [parameter.window]
// type = "duration"
// default = "1h"
// says = "How soon after the inflow it is drawn"
//
// [parameter.min_amount]
// type = "money"
// default = "1000"
// says = "Smaller inflows are left out"
//
// [parameter.share_percent]
// type = "int"
// default = 50
// min = 1
// says = "From which share of the inflow drawn it counts"
//
// [parameter.min_draws]
// type = "int"
// default = 2
// min = 1
// says = "From how many withdrawals an account is of interest"
//
// [parameter.since]
// type = "time"
// says = "Withdrawals before this time are left out"
//
// [parameter.until]
// type = "time"
// says = "Withdrawals after this time are left out"
//
// [column]
// account = { type = "id", key = true, says = "The account that drew the cash" }
// currency = { type = "text", key = true, says = "Currency" }
// draws = { type = "int", says = "Withdrawals soon after an inflow" }
// drawn_minor = { type = "money", says = "Their sum, each once" }
// feeders = { type = "ids", says = "Who had paid in" }
// machines = { type = "ids", says = "Where it was drawn" }
// inflows = { type = "ids", says = "The payments that came in before" }
// withdrawals = { type = "ids", says = "The withdrawals" }
// evidence = { type = "ids", says = "The rows of the payments" }
//
// [graph]
// nodes = { Account = ["account", "feeders", "machines"], Payment = ["inflows", "withdrawals"] }
// links = { SENT = [["feeders", "inflows"], ["account", "withdrawals"]], PAID_TO = [["inflows", "account"], ["withdrawals", "machines"]] }
//
// [innocent.wages]
// says = "Somebody draws some pocket money on pay day"
// says_zh = "发工资当天取一点零用钱"
// check = "A small share of what came in"
// check_zh = "只占进账的一小部分"
//
// [innocent.shopkeeper]
// says = "A shopkeeper draws his takings at the end of the week"
// says_zh = "店主周末支取一周营业款"
// check = "Long after the inflow"
// check_zh = "距进账已久"
//
// [innocent.once]
// says = "Somebody sold his car and drew the price"
// says_zh = "有人卖了车，把车款取出"
// check = "A single withdrawal"
// check_zh = "只有一次取现"
//
// [innocent.relative]
// says = "A relative who fetches money for an old person"
// says_zh = "亲属替老人取钱"
// check = "Ask the payer"
// check_zh = "询问付款人"
// separable = false
// ---
// From the withdrawals, which are few, back to what came in before.
MATCH (account:Account)-[:SENT]->(draw:Payment)-[:PAID_TO]->(machine:Account)
WHERE draw.kind = 'cash' AND ($account IS NULL OR account.id = $account)
  AND ($since IS NULL OR draw.at >= $since) AND ($until IS NULL OR draw.at <= $until)
WITH account, draw, machine
MATCH (account)<-[:PAID_TO]-(inflow:Payment)<-[:SENT]-(feeder:Account)
WHERE inflow.at_ms <= draw.at_ms AND inflow.at_ms >= draw.at_ms - $window
  AND inflow.amount_minor >= $min_amount AND inflow.currency = draw.currency
WITH account, draw, machine, sum(inflow.amount_minor) AS came, collect(inflow) AS ins,
     collect(DISTINCT feeder.id) AS feeders
WHERE 100 * draw.amount_minor >= $share_percent * came
WITH account, draw.currency AS currency, count(DISTINCT draw) AS draws,
     collect(DISTINCT draw) AS withdrawals, collect(DISTINCT machine.id) AS machines,
     collect(ins) AS all_ins, collect(feeders) AS fed
WHERE draws >= $min_draws
UNWIND all_ins AS ins
UNWIND ins AS inflow
WITH account, currency, draws, withdrawals, machines, fed, collect(DISTINCT inflow) AS inflows
UNWIND inflows + withdrawals AS p
UNWIND p.evidence AS place
RETURN account.id AS account, currency, draws,
       reduce(total = 0, d IN withdrawals | total + d.amount_minor) AS drawn_minor,
       reduce(names = [], f IN fed | names + f) AS feeders, machines,
       [p IN inflows | p.id] AS inflows, [p IN withdrawals | p.id] AS withdrawals,
       collect(DISTINCT place) AS evidence
ORDER BY drawn_minor DESC, account, currency
