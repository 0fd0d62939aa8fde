// What each kind of account costs
// ---
// question = "What does each kind of account cost, by seller and month?"
// question_zh = "号价表：各类账号在各号商处每月卖多少钱？"
// level = "fact"
// status = "stable"
// revision = 1
// not_covered = "Sales whose kind is not on record stand under 'unknown'; months are those of universal time"
// not_covered_zh = "类型没有记录的成交列在 unknown 下；月份按世界时划分"
// references = ["Thomas et al., Dialing Back Abuse on Phone Verified Accounts, CCS 2014: prices by kind; case reports: 58 to 500 yuan"]
// legal = ["Price of what was sold (to be checked by counsel)"]
//
// [parameter.seller]
// type = "id"
// says = "Only this seller"
//
// [parameter.min_sales]
// type = "int"
// default = 2
// min = 1
// says = "From how many sales of a kind in a month a price is told"
//
// [parameter.since]
// type = "time"
// says = "Sales before this time are left out"
//
// [parameter.until]
// type = "time"
// says = "Sales after this time are left out"
//
// [column]
// seller = { type = "id", key = true, says = "The seller" }
// kind = { type = "text", key = true, says = "The kind of account" }
// month = { type = "text", key = true, says = "The month" }
// currency = { type = "text", key = true, says = "The currency of the prices" }
// sales = { type = "int", says = "Sales with a price" }
// min_minor = { type = "money", says = "Lowest price" }
// median_minor = { type = "money", says = "Median price; of an even number the mean of the middle two, rounded down" }
// max_minor = { type = "money", says = "Highest price" }
// sold = { type = "ids", says = "The accounts sold" }
// evidence = { type = "ids", says = "The row of every sale" }
//
// [graph]
// nodes = { Seller = "seller", Account = "sold" }
// links = { LISTED = ["seller", "sold"] }
//
// [innocent.one_off]
// says = "Somebody who sold one account of his own"
// says_zh = "有人卖了一个自己的账号"
// check = "A single sale"
// check_zh = "只有一次成交"
//
// [innocent.bundle]
// says = "Several accounts sold for one price together"
// says_zh = "多个账号打包按一个价格卖出"
// check = "Prices of one moment that are the same for different kinds; ask for the order"
// check_zh = "同一时刻、不同类型而价格相同；调取订单"
// separable = false
// ---
MATCH (seller:Seller)-[:SOLD]->(sale:Sale)-[:OF]->(account:Account)
WHERE ($seller IS NULL OR seller.id = $seller) AND sale.price_minor IS NOT NULL
  AND ($since IS NULL OR sale.at >= $since) AND ($until IS NULL OR sale.at <= $until)
WITH seller, sale, account, sale.price_minor AS price,
     coalesce(account.kind, sale.condition, 'unknown') AS kind, left(sale.at, 7) AS month
ORDER BY price
WITH seller, kind, month, sale.currency AS currency, collect(price) AS prices,
     collect(DISTINCT account.id) AS sold, collect(sale.evidence) AS rows
WHERE size(prices) >= $min_sales
// In order of price, the middle one or the middle two.
WITH seller, kind, month, currency, prices, sold, rows,
     (size(prices) - 1) / 2 AS low, size(prices) / 2 AS high
UNWIND rows AS row
UNWIND row AS place
RETURN seller.id AS seller, kind, month, currency, size(prices) AS sales,
       prices[0] AS min_minor, (prices[low] + prices[high]) / 2 AS median_minor,
       prices[size(prices) - 1] AS max_minor, sold, collect(DISTINCT place) AS evidence
ORDER BY seller, kind, month, currency
