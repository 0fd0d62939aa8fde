// Which payment paid for which account
// ---
// question = "Which payment at the seller's account fits which sale by price and time, and is it the only one?"
// question_zh = "交号付款配对：哪笔付款对应哪次成交，是否唯一？"
// level = "indicator"
// status = "stable"
// revision = 1
// not_covered = "Bundles paid in one sum; part payments. Where several fit, the nearest in time is named and marked: which belongs to which is not decided"
// not_covered_zh = "打包一次付清的买卖；分期付款。多笔都对得上时，列出时间最近的一笔并加注，不判定究竟是哪一笔"
// references = ["Meiklejohn et al., A Fistful of Bitcoins, IMC 2013: purchases matched by amount and time"]
// legal = ["Payments received for accounts sold (to be checked by counsel)"]
//
// [parameter.seller]
// type = "id"
// says = "Only this seller"
//
// [parameter.tolerance]
// type = "duration"
// default = "10m"
// says = "How far apart sale and payment may lie"
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
// sale = { type = "id", key = true, says = "The sale" }
// seller = { type = "id", says = "The seller" }
// account = { type = "id", says = "The account that was sold" }
// at = { type = "time", says = "When it was sold" }
// payment = { type = "id", says = "The payment nearest in time" }
// payer = { type = "id", says = "Who paid it" }
// till = { type = "id", says = "Where the seller is paid" }
// apart_s = { type = "int", says = "Seconds between sale and payment" }
// amount_minor = { type = "money", says = "Price and amount" }
// currency = { type = "text", says = "Their currency" }
// candidates = { type = "int", says = "Payments that fit this sale" }
// rivals = { type = "int", says = "Other sales that the payment named fits too" }
// ambiguous = { type = "bool", says = "More than one way to pair them" }
// evidence = { type = "ids", says = "The rows of the sale, of the payment and of the seller's account" }
//
// [graph]
// nodes = { Seller = "seller", Account = ["account", "payer", "till"], Payment = "payment" }
// links = { COLLECTS_AT = ["seller", "till"], SENT = ["payer", "payment"], PAID_TO = ["payment", "till"], LISTED = ["seller", "account"] }
//
// [innocent.other_sum]
// says = "Somebody who paid the seller another sum for something else"
// says_zh = "因其他事项付给卖家另一笔数额的钱"
// check = "Price and amount differ"
// check_zh = "价格与付款金额不一致"
//
// [innocent.other_time]
// says = "The same sum, paid long before or after"
// says_zh = "金额相同，但付款早得多或晚得多"
// check = "Outside the tolerance"
// check_zh = "超出 tolerance 所定的时差"
//
// [innocent.equal_prices]
// says = "Eight sales and eight payments of one price fit in sixty-four ways"
// says_zh = "八次成交、八笔付款价格相同，有六十四种配法"
// check = "'ambiguous' says so: ask for the chat of the order"
// check_zh = "ambiguous 列已标明：调取订单的聊天记录"
// separable = false
// ---
MATCH (seller:Seller)-[collects:COLLECTS_AT]->(till:Account)
WHERE $seller IS NULL OR seller.id = $seller
MATCH (seller)-[:SOLD]->(sale:Sale)-[:OF]->(account:Account)
WHERE ($since IS NULL OR sale.at >= $since) AND ($until IS NULL OR sale.at <= $until)
MATCH (till)<-[:PAID_TO]-(payment:Payment)<-[:SENT]-(payer:Account)
WHERE payment.at_ms >= sale.at_ms - $tolerance AND payment.at_ms <= sale.at_ms + $tolerance
  AND payment.amount_minor = sale.price_minor AND payment.currency = sale.currency
WITH seller, sale, account, till, collects, payment, payer,
     abs(payment.at_ms - sale.at_ms) AS apart
ORDER BY apart, payment.id
WITH seller, sale, account, count(DISTINCT payment) AS candidates,
     collect({payment: payment, payer: payer, till: till, apart: apart, row: collects.evidence}) AS fits
WITH seller, sale, account, candidates, fits[0] AS best
WITH seller, sale, account, candidates, best.payment AS payment, best.payer AS payer,
     best.till AS till, best.apart AS apart, best.row AS row
CALL (seller, sale, payment) {
  OPTIONAL MATCH (seller)-[:SOLD]->(rival:Sale)
  WHERE rival <> sale AND rival.price_minor = payment.amount_minor
    AND rival.currency = payment.currency
    AND rival.at_ms >= payment.at_ms - $tolerance AND rival.at_ms <= payment.at_ms + $tolerance
  RETURN count(rival) AS rivals
}
RETURN sale.id AS sale, seller.id AS seller, account.id AS account, sale.at AS at,
       payment.id AS payment, payer.id AS payer, till.id AS till, apart / 1000 AS apart_s,
       payment.amount_minor AS amount_minor, payment.currency AS currency, candidates, rivals,
       candidates > 1 OR rivals > 0 AS ambiguous, sale.evidence + payment.evidence + row AS evidence
ORDER BY seller, at, sale
