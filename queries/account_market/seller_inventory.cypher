// What a seller sold
// ---
// question = "Which accounts did each seller sell, to whom, for how much and when?"
// question_zh = "号商卖出了哪些账号、卖给谁、多少钱、什么时候？"
// level = "fact"
// status = "stable"
// revision = 1
// not_covered = "Sales that no record shows; whether what was sold is unlawful"
// not_covered_zh = "没有任何记录的成交；所卖之物是否违法"
// references = ["Thomas et al., Dialing Back Abuse on Phone Verified Accounts, CCS 2014"]
// legal = ["Number of accounts sold and receipts, each counted once (to be checked by counsel)"]
//
// [parameter.seller]
// type = "id"
// says = "Only this seller"
//
// [parameter.min_sales]
// type = "int"
// default = 2
// min = 1
// says = "From how many accounts a seller is of interest"
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
// currency = { type = "text", key = true, says = "Currency of the prices" }
// accounts = { type = "int", says = "Distinct accounts sold" }
// sales = { type = "int", says = "Sales on record; more than accounts where one was sold again" }
// sum_minor = { type = "money", says = "Sum of the prices, each sale once" }
// sold = { type = "ids", says = "The accounts sold" }
// buyers = { type = "ids", says = "The accounts of the buyers" }
// first_at = { type = "time", says = "First sale" }
// last_at = { type = "time", says = "Last sale" }
// evidence = { type = "ids", says = "The row of every sale" }
//
// [graph]
// nodes = { Seller = "seller", Account = ["sold", "buyers"] }
// links = { LISTED = ["seller", "sold"] }
//
// [innocent.one_off]
// says = "Somebody sold one account of his own, a game account for instance"
// says_zh = "有人卖了一个自己的账号，例如游戏账号"
// check = "A single sale; ask what was sold and whether he was its holder"
// check_zh = "只有一次成交；问明卖的是什么、本人是否为持有人"
//
// [innocent.relisted]
// says = "The same account was sold twice or listed again: it counts once"
// says_zh = "同一账号卖了两次或重复上架，只计一个"
// check = "Compare sales with accounts; duplicates are left out of the number of accounts"
// check_zh = "对照成交数与账号数；账号数已剔除重复"
// separable = false
// ---
// (:Seller)-[:SOLD]->(:Sale)-[:OF]->(:Account), (:Sale)-[:BOUGHT_BY]->(:Account)
MATCH (seller:Seller)-[:SOLD]->(sale:Sale)-[:OF]->(account:Account)
WHERE ($seller IS NULL OR seller.id = $seller)
  AND ($since IS NULL OR sale.at >= $since) AND ($until IS NULL OR sale.at <= $until)
WITH seller, sale.currency AS currency,
     count(DISTINCT account) AS accounts, count(sale) AS sales, sum(sale.price_minor) AS sum_minor,
     collect(DISTINCT account.id) AS sold, collect(sale.id) AS sale_ids,
     min(sale.at) AS first_at, max(sale.at) AS last_at
WHERE accounts >= $min_sales
CALL (seller, currency) {
  MATCH (seller)-[:SOLD]->(sale:Sale)
  WHERE sale.currency = currency
    AND ($since IS NULL OR sale.at >= $since) AND ($until IS NULL OR sale.at <= $until)
  UNWIND sale.evidence AS place
  RETURN collect(DISTINCT place) AS evidence
}
CALL (sale_ids) {
  OPTIONAL MATCH (sale:Sale)-[:BOUGHT_BY]->(buyer:Account)
  WHERE sale.id IN sale_ids
  RETURN collect(DISTINCT buyer.id) AS buyers
}
RETURN seller.id AS seller, currency, accounts, sales, sum_minor, sold, buyers, first_at, last_at,
       evidence
ORDER BY accounts DESC, seller, currency
