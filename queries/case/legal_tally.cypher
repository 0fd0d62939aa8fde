// The numbers that the law asks for, by seller
// ---
// question = "How many accounts did each seller sell, to how many buyers, for how much, and what did he receive?"
// question_zh = "法定数额统计：每个号商卖了多少个账号、帮助多少人、成交额与收款额。"
// level = "fact"
// status = "stable"
// revision = 1
// not_covered = "Sales and receipts that no record shows; which of the receipts were for accounts. The thresholds are counsel's: see the interpretations in force"
// not_covered_zh = "没有记录的成交和收款；收款中哪些是卖号所得。数额标准由法律人员依现行司法解释判定"
// references = ["Supreme People's Court and Procuratorate, Interpretation on the crime of assisting information network crimes, Fa Shi 2019 No. 15, article 12"]
// legal = ["Number of persons helped, sum of payments settled, illegal income, number of accounts (to be checked by counsel)"]
//
// [parameter.seller]
// type = "id"
// says = "Only this seller"
//
// [parameter.min_accounts]
// type = "int"
// default = 1
// min = 1
// says = "From how many accounts sold a seller is told"
//
// [parameter.since]
// type = "time"
// says = "Sales and receipts before this time are left out"
//
// [parameter.until]
// type = "time"
// says = "Sales and receipts after this time are left out"
//
// [column]
// seller = { type = "id", key = true, says = "The seller" }
// currency = { type = "text", key = true, says = "Currency of the prices" }
// accounts = { type = "int", says = "Distinct accounts sold; one that was sold twice counts once" }
// sales = { type = "int", says = "Sales on record" }
// buyers = { type = "int", says = "Distinct buyers on record" }
// sales_minor = { type = "money", says = "Sum of the prices, each sale once" }
// receipts = { type = "int", says = "Payments received where the seller collects" }
// received_minor = { type = "money", says = "Their sum in this currency, each payment once" }
// settled_minor = { type = "money", says = "Sum of the payments that the records tie to a sale, each payment once" }
// first_at = { type = "time", says = "First sale" }
// last_at = { type = "time", says = "Last sale" }
// sold = { type = "ids", says = "The accounts" }
// evidence = { type = "ids", says = "The rows of the sales and receipts" }
//
// [graph]
// nodes = { Seller = "seller", Account = "sold" }
// links = { LISTED = ["seller", "sold"] }
//
// [innocent.nothing_sold]
// says = "A shop that offers accounts and sold none"
// says_zh = "只上架、没有卖出账号的店"
// check = "No sale on record"
// check_zh = "没有成交记录"
//
// [innocent.other_goods]
// says = "The seller was paid for other goods too"
// says_zh = "卖家也因其他商品收款"
// check = "settled_minor counts only payments tied to a sale; ask what the others were for"
// check_zh = "settled_minor 只计与成交对应的付款；其余付款问明用途"
// separable = false
//
// [innocent.resold_once]
// says = "The same account sold twice, after the first buyer gave it back"
// says_zh = "买家退号之后，同一账号又卖了一次"
// check = "accounts counts it once, sales twice; the Opinion (II) of 2021 leaves duplicates out"
// check_zh = "accounts 计一个，sales 计两次；2021年《意见（二）》要求剔除重复"
// separable = false
// ---
MATCH (seller:Seller)-[:SOLD]->(sale:Sale)-[:OF]->(account:Account)
WHERE ($seller IS NULL OR seller.id = $seller)
  AND ($since IS NULL OR sale.at >= $since) AND ($until IS NULL OR sale.at <= $until)
WITH seller, sale.currency AS currency, count(DISTINCT account) AS accounts,
     count(DISTINCT sale) AS sales, sum(sale.price_minor) AS sales_minor, min(sale.at) AS first_at,
     max(sale.at) AS last_at, collect(DISTINCT account.id) AS sold, collect(sale) AS made
WHERE accounts >= $min_accounts
CALL (made) {
  UNWIND made AS sale
  OPTIONAL MATCH (sale)-[:BOUGHT_BY]->(buyer:Account)
  RETURN count(DISTINCT buyer) AS buyers
}
CALL (made) {
  UNWIND made AS sale
  OPTIONAL MATCH (sale)-[:SETTLED_BY]->(payment:Payment)
  WITH DISTINCT payment
  RETURN coalesce(sum(payment.amount_minor), 0) AS settled_minor
}
CALL (seller, currency) {
  OPTIONAL MATCH (seller)-[:COLLECTS_AT]->(till:Account)
  OPTIONAL MATCH (till)<-[:PAID_TO]-(payment:Payment)
  WHERE coalesce(payment.currency, '') = coalesce(currency, '')
    AND ($since IS NULL OR payment.at >= $since) AND ($until IS NULL OR payment.at <= $until)
  WITH DISTINCT payment
  RETURN count(payment) AS receipts, coalesce(sum(payment.amount_minor), 0) AS received_minor,
         collect(payment.evidence) AS paid
}
UNWIND [s IN made | s.evidence] + paid AS row
UNWIND row AS place
RETURN seller.id AS seller, coalesce(currency, 'unknown') AS currency, accounts, sales, buyers,
       sales_minor, receipts, received_minor, settled_minor, first_at, last_at, sold,
       collect(DISTINCT place) AS evidence
ORDER BY accounts DESC, seller, currency
