// The buyer's own account on the machine that runs the sold accounts
// ---
// question = "Who paid the seller and was himself logged in on the device that runs the sold accounts?"
// question_zh = "买号人自己的账号是否登录过操作这些号的设备？"
// level = "indicator"
// status = "stable"
// revision = 1
// not_covered = "Operators who never use an account of their own on that device"
// not_covered_zh = "从不在该设备上使用自己账号的操作者"
// references = ["Liu et al., CIKM 2018: device aggregation; case reports of operators found by their own account"]
// legal = ["Links the buyer of the accounts to those who run them (to be checked by counsel)"]
//
// [parameter.seller]
// type = "id"
// says = "Only this seller"
//
// [parameter.min_sold]
// type = "int"
// default = 3
// min = 2
// says = "From how many accounts of the seller on the device it is of interest"
//
// [parameter.share_percent]
// type = "int"
// default = 50
// min = 1
// max = 100
// says = "From which share of the device's accounts were sold by the seller"
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
// operator = { type = "id", key = true, says = "The account of the payer, used on the device" }
// device = { type = "id", key = true, says = "The device" }
// sold = { type = "ids", says = "Accounts of the seller that ran on it after their sale" }
// wallets = { type = "ids", says = "The accounts that paid the seller" }
// tills = { type = "ids", says = "Where the seller is paid" }
// payments = { type = "ids", says = "The payments to the seller" }
// sum_minor = { type = "money", says = "Their sum, each payment once" }
// cut = { type = "cuts", says = "Hubs that paid the seller too, and how many payments were not followed there" }
// evidence = { type = "ids", says = "The rows of the payments and of the logins" }
//
// [graph]
// nodes = { Seller = "seller", Account = ["operator", "sold", "wallets", "tills"], Device = "device", Payment = "payments" }
// links = { LOGGED_IN_ON = [["operator", "device"], ["sold", "device"]], COLLECTS_AT = ["seller", "tills"], SENT = ["wallets", "payments"], PAID_TO = ["payments", "tills"], BOUND_TO = ["operator", "wallets"], LISTED = ["seller", "sold"] }
//
// [innocent.cafe]
// says = "An internet cafe or an office, where a customer of the seller sat once"
// says_zh = "网吧或办公场所的设备，号商的某个顾客曾在那里上网"
// check = "Most accounts on the device were not sold by him"
// check_zh = "该设备上的账号大多不是他卖的"
//
// [innocent.own_phone]
// says = "A buyer who runs the one account he bought on his own phone"
// says_zh = "买家在自己的手机上使用他买的那一个账号"
// check = "Fewer sold accounts than min_sold"
// check_zh = "被卖账号少于 min_sold"
//
// [innocent.repair]
// says = "A shop that serves both the buyer and the operators"
// says_zh = "同时为买家和操作者服务的手机店"
// check = "Ask the shop for its customers"
// check_zh = "向该店调取顾客名单"
// separable = false
// ---
MATCH (seller:Seller)-[:COLLECTS_AT]->(till:Account)
WHERE $seller IS NULL OR seller.id = $seller
MATCH (till)<-[:PAID_TO]-(payment:Payment)<-[:SENT]-(wallet:Account)
WHERE wallet.hub IS NULL
  AND ($since IS NULL OR payment.at >= $since) AND ($until IS NULL OR payment.at <= $until)
WITH seller, wallet, collect(DISTINCT payment) AS paid, collect(DISTINCT till) AS tills
CALL (wallet) {
  MATCH (own:Account)-[:BOUND_TO]->(wallet)
  RETURN own
  UNION
  MATCH (wallet)-[:BOUND_TO]->(own:Account)
  RETURN own
  UNION
  MATCH (wallet)<-[:HOLDS|CONTROLS]-(person:Person)
  MATCH (person)-[:HOLDS|CONTROLS]->(own:Account)
  RETURN own
  UNION
  MATCH (own:Account {id: wallet.id})
  RETURN own
}
MATCH (own)-[login:LOGGED_IN_ON]->(device:Device)
WHERE NOT EXISTS { MATCH (own)<-[:OF]-(:Sale) }
UNWIND login.evidence AS place
WITH seller, own AS operator, device, collect(DISTINCT wallet.id) AS wallets,
     collect(DISTINCT place) AS own_logins, collect(paid) AS sums, collect(tills) AS places
CALL (seller, device) {
  MATCH (device)<-[login:LOGGED_IN_ON]-(account:Account)<-[:OF]-(sale:Sale)<-[:SOLD]-(seller)
  WHERE login.at_ms >= sale.at_ms
  UNWIND login.evidence AS place
  RETURN collect(DISTINCT account.id) AS sold, collect(DISTINCT place) AS logins
}
WITH seller, operator, device, wallets, own_logins, sums, places, sold, logins
WHERE size(sold) >= $min_sold
CALL (device) {
  MATCH (device)<-[login:LOGGED_IN_ON]-(account:Account)
  RETURN count(DISTINCT account) AS on_device, count(login) AS uses
}
WITH seller, operator, device, wallets, own_logins, sums, places, sold, logins
WHERE 100 * size(sold) >= $share_percent * on_device
UNWIND sums AS some
UNWIND some AS payment
WITH DISTINCT seller, operator, device, wallets, own_logins, places, sold, logins, payment
UNWIND payment.evidence AS row
WITH seller, operator, device, wallets, own_logins, places, sold, logins,
     payment, collect(row) AS rows
WITH seller, operator, device, wallets, own_logins, places, sold, logins,
     collect(payment.id) AS payments, sum(payment.amount_minor) AS sum_minor, collect(rows) AS all_rows
UNWIND places AS some
UNWIND some AS till
WITH seller, operator, device, wallets, own_logins, sold, logins, payments, sum_minor, all_rows,
     collect(DISTINCT till.id) AS tills
CALL (seller) {
  MATCH (seller)-[:COLLECTS_AT]->(:Account)<-[:PAID_TO]-(p:Payment)<-[:SENT]-(beyond:Account)
  WHERE beyond.hub IS NOT NULL
  WITH beyond, count(DISTINCT p) AS n
  RETURN collect(beyond.id + ' ' + toString(n)) AS cut
}
RETURN seller.id AS seller, operator.id AS operator, device.id AS device, sold, wallets, tills,
       payments, sum_minor, cut,
       own_logins + logins + reduce(places = [], e IN all_rows | places + e) AS evidence
ORDER BY sum_minor DESC, seller, operator, device
