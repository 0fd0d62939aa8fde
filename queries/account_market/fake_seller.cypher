// Sellers who took the money and sold nothing
// ---
// question = "Who paid a seller of accounts and got none within the days after?"
// question_zh = "谁付了钱给号商却没有拿到账号？"
// level = "indicator"
// status = "stable"
// revision = 1
// not_covered = "Sales whose record is missing: 'sales_held' tells how many sales of the seller are on record"
// not_covered_zh = "成交记录缺失的买卖；sales_held 列出在案的该号商成交数"
// references = ["Case reports: buyers of accounts cheated of 10 to 100 yuan each"]
// legal = ["Payments without a counter-performance, each buyer's loss (to be checked by counsel)"]
//
// [parameter.seller]
// type = "id"
// says = "Only this seller"
//
// [parameter.within]
// type = "duration"
// default = "7d"
// says = "How soon after the payment an account should have been sold to the payer"
//
// [parameter.min_amount]
// type = "money"
// default = "10"
// says = "Smaller payments are left out"
//
// [parameter.min_buyers]
// type = "int"
// default = 2
// min = 1
// says = "From how many such buyers a seller is of interest"
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
// seller = { type = "id", key = true, says = "The seller" }
// currency = { type = "text", key = true, says = "Currency of the payments" }
// buyers = { type = "int", says = "Accounts that paid and got nothing on record" }
// payers = { type = "ids", says = "Those accounts" }
// collects_at = { type = "ids", says = "Where the seller is paid" }
// payments = { type = "ids", says = "The payments" }
// sum_minor = { type = "money", says = "Their sum, each payment once" }
// sales_held = { type = "int", says = "Sales of this seller on record" }
// evidence = { type = "ids", says = "The rows of the payments and of the seller's account" }
//
// [graph]
// nodes = { Seller = "seller", Account = ["payers", "collects_at"], Payment = "payments" }
// links = { COLLECTS_AT = ["seller", "collects_at"], SENT = ["payers", "payments"], PAID_TO = ["payments", "collects_at"] }
//
// [innocent.delivered]
// says = "The buyer got his account, bought with his chat account and paid from his wallet"
// says_zh = "买家已收到账号：用聊天账号下单、用钱包付款"
// check = "A sale to an account that is bound to the paying wallet within the days"
// check_zh = "限期内有成交记录，买方账号与付款钱包有绑定关系"
//
// [innocent.one_deposit]
// says = "One payment that is a deposit, a gift or an order called off"
// says_zh = "一笔订金、赠与或已取消的订单"
// check = "A single payer; ask him"
// check_zh = "只有一名付款人；询问付款人"
//
// [innocent.record_missing]
// says = "The account was handed over and the record of the sale is missing"
// says_zh = "账号已经交付，只是成交记录缺失"
// check = "sales_held is not 0: compare the seller's own records with the payments"
// check_zh = "sales_held 不为 0：将号商自己的账目与付款逐笔核对"
// separable = false
// ---
// The payer and the buyer are one where they are the same account or one is bound to the other.
MATCH (seller:Seller)-[collects:COLLECTS_AT]->(till:Account)
WHERE $seller IS NULL OR seller.id = $seller
WITH seller, till, collect(collects.evidence) AS tills
MATCH (till)<-[:PAID_TO]-(payment:Payment)<-[:SENT]-(payer:Account)
WHERE payment.amount_minor >= $min_amount
  AND ($since IS NULL OR payment.at >= $since) AND ($until IS NULL OR payment.at <= $until)
  AND NOT EXISTS {
    MATCH (seller)-[:SOLD]->(sale:Sale)-[:BOUGHT_BY]->(buyer:Account)
    WHERE sale.at_ms >= payment.at_ms - $within AND sale.at_ms <= payment.at_ms + $within
      AND (buyer = payer OR EXISTS { MATCH (buyer)-[:BOUND_TO]->(payer) }
                         OR EXISTS { MATCH (payer)-[:BOUND_TO]->(buyer) })
  }
WITH seller, payment.currency AS currency, count(DISTINCT payer) AS buyers,
     collect(DISTINCT payer.id) AS payers, collect(DISTINCT till.id) AS collects_at,
     collect(payment.id) AS payments, sum(payment.amount_minor) AS sum_minor,
     collect(payment.evidence) AS rows, collect(tills) AS till_rows
WHERE buyers >= $min_buyers
OPTIONAL MATCH (seller)-[:SOLD]->(held:Sale)
WITH seller, currency, buyers, payers, collects_at, payments, sum_minor, rows, till_rows,
     count(held) AS sales_held
RETURN seller.id AS seller, currency, buyers, payers, collects_at, payments, sum_minor, sales_held,
       reduce(places = [], e IN rows | places + e)
         + reduce(places = [], some IN till_rows | places + reduce(p = [], e IN some | p + e))
       AS evidence
ORDER BY buyers DESC, seller, currency
