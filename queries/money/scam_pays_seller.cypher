// Scam money that bought accounts
// ---
// question = "Did an account that victims paid fund, within $within, a payment to a seller of accounts?"
// question_zh = "赃款买号：收受害人钱的账户是否出钱买了号？"
// level = "indicator"
// status = "stable"
// revision = 1
// not_covered = "Funding over more than one account in between; purchases in cash or crypto"
// not_covered_zh = "中间隔了不止一个账户的资金；用现金或虚拟货币买号"
// references = ["Case reports: accounts bought with the proceeds; LDBC FinBench, complex read 5"]
// legal = ["Links the proceeds to the purchase of the accounts (to be checked by counsel)"]
//
// [parameter.seller]
// type = "id"
// says = "Only this seller"
//
// [parameter.within]
// type = "duration"
// default = "7d"
// says = "How soon after the funding the seller is paid"
//
// [parameter.min_amount]
// type = "money"
// default = "10"
// says = "Smaller payments to the seller are left out"
//
// [parameter.since]
// type = "time"
// says = "Payments to the seller before this time are left out"
//
// [parameter.until]
// type = "time"
// says = "Payments to the seller after this time are left out"
//
// [column]
// scam_side = { type = "id", key = true, says = "The account that victims paid or a report names" }
// seller = { type = "id", key = true, says = "The seller" }
// buyer = { type = "id", key = true, says = "The account that paid the seller" }
// till = { type = "id", key = true, says = "Where the seller is paid" }
// currency = { type = "text", key = true, says = "Currency" }
// funded_minor = { type = "money", says = "What the scam side sent the buyer before, each payment once" }
// paid_minor = { type = "money", says = "What the buyer then paid the seller, each payment once" }
// fundings = { type = "ids", says = "The payments from the scam side to the buyer" }
// purchases = { type = "ids", says = "The payments from the buyer to the seller" }
// cut = { type = "cuts", says = "Hubs that paid the buyer too, and how many payments were not followed there" }
// evidence = { type = "ids", says = "The rows of the payments and of the seller's account" }
//
// [graph]
// nodes = { Account = ["scam_side", "buyer", "till"], Seller = "seller", Payment = ["fundings", "purchases"] }
// links = { SENT = [["scam_side", "fundings"], ["buyer", "purchases"]], PAID_TO = [["fundings", "buyer"], ["purchases", "till"]], COLLECTS_AT = ["seller", "till"] }
//
// [innocent.other_income]
// says = "The buyer paid from other money, long after"
// says_zh = "买家很久以后用别的钱付款"
// check = "The funding is older than within"
// check_zh = "资金来源早于 within 所定时限"
//
// [innocent.own_customer]
// says = "A customer of the seller whom no scam side ever paid"
// says_zh = "号商的顾客，诈骗一方从未付钱给他"
// check = "No payment from an account that a report names or reporting victims paid"
// check_zh = "没有收到过报案所指账户或报案人所付账户的款项"
//
// [innocent.later]
// says = "The scam side paid him after he had bought"
// says_zh = "诈骗一方在他买号之后才付钱"
// check = "Only funding before the purchase counts"
// check_zh = "只计购买之前的资金"
//
// [innocent.middleman]
// says = "The buyer deals in accounts and is paid by many"
// says_zh = "买家是倒卖账号的中间商，有很多人付钱给他"
// check = "Look at who else pays him"
// check_zh = "查看还有谁付钱给他"
// separable = false
// ---
MATCH (seller:Seller)-[collects:COLLECTS_AT]->(till:Account)
WHERE ($seller IS NULL OR seller.id = $seller) AND till.hub IS NULL
MATCH (till)<-[:PAID_TO]-(purchase:Payment)<-[:SENT]-(buyer:Account)
WHERE purchase.amount_minor >= $min_amount AND buyer.hub IS NULL
  AND ($since IS NULL OR purchase.at >= $since) AND ($until IS NULL OR purchase.at <= $until)
WITH seller, till, buyer, collect(DISTINCT purchase) AS bought, collect(collects.evidence) AS tills
// Whom of those who paid the buyer do reports or reporting victims point at?
MATCH (buyer)<-[:PAID_TO]-(funding:Payment)<-[:SENT]-(scam:Account)
WHERE scam.hub IS NULL AND scam <> till
WITH seller, till, buyer, bought, tills, scam, collect(DISTINCT funding) AS sent
WHERE EXISTS { MATCH (:Report)-[:NAMES]->(scam) }
   OR EXISTS {
     MATCH (scam)<-[:PAID_TO]-(paid:Payment)<-[:SENT]-(:Account)<-[:HOLDS|CONTROLS]-(:Person)-[:FILED]->(:Report)
     WHERE coalesce(paid.kind, '') <> 'purchase'
   }
UNWIND bought AS purchase
UNWIND sent AS funding
WITH seller, till, buyer, tills, scam, purchase, funding
WHERE funding.at_ms <= purchase.at_ms AND funding.at_ms >= purchase.at_ms - $within
  AND funding.currency = purchase.currency
WITH seller, till, buyer, tills, scam, purchase.currency AS currency,
     collect(DISTINCT funding) AS fundings, collect(DISTINCT purchase) AS purchases
CALL (buyer) {
  MATCH (buyer)<-[:PAID_TO]-(p:Payment)<-[:SENT]-(beyond:Account)
  WHERE beyond.hub IS NOT NULL
  WITH beyond, count(DISTINCT p) AS n
  RETURN collect(beyond.id + ' ' + toString(n)) AS cut
}
WITH seller, till, buyer, scam, currency, fundings, purchases, cut, tills,
     [p IN fundings + purchases | p.evidence] AS rows
UNWIND rows + tills AS row
UNWIND row AS place
RETURN scam.id AS scam_side, seller.id AS seller, buyer.id AS buyer, till.id AS till, currency,
       reduce(total = 0, p IN fundings | total + p.amount_minor) AS funded_minor,
       reduce(total = 0, p IN purchases | total + p.amount_minor) AS paid_minor,
       [p IN fundings | p.id] AS fundings, [p IN purchases | p.id] AS purchases, cut,
       collect(DISTINCT place) AS evidence
ORDER BY paid_minor DESC, scam_side, seller, buyer, till, currency
