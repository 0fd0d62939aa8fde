// Where a seller's accounts were reared
// ---
// question = "On which device were at least $min_accounts of a seller's accounts used before he sold them?"
// question_zh = "号商的账号在卖出前是在哪台设备上养的？"
// level = "indicator"
// status = "stable"
// revision = 1
// not_covered = "Accounts reared on many devices or on emulators with a fresh id each time"
// not_covered_zh = "分散在多台设备上养的号；每次都上报新设备号的模拟器"
// references = ["Liu et al., CIKM 2018: device aggregation"]
// legal = ["Links a seller to the accounts before the sale (to be checked by counsel)"]
//
// [parameter.seller]
// type = "id"
// says = "Only this seller"
//
// [parameter.min_accounts]
// type = "int"
// default = 3
// min = 2
// says = "From how many accounts on a device it is of interest"
//
// [parameter.since]
// type = "time"
// says = "Logins before this time are left out"
//
// [parameter.until]
// type = "time"
// says = "Logins after this time are left out"
//
// [column]
// seller = { type = "id", key = true, says = "The seller" }
// device = { type = "id", key = true, says = "The device" }
// accounts = { type = "int", says = "Accounts of his that were used on it before their sale" }
// members = { type = "ids", says = "Those accounts" }
// first_at = { type = "time", says = "First of these logins" }
// last_at = { type = "time", says = "Last of these logins" }
// evidence = { type = "ids", says = "The rows of the sales and of the logins" }
//
// [graph]
// nodes = { Seller = "seller", Device = "device", Account = "members" }
// links = { LOGGED_IN_ON = ["members", "device"], LISTED = ["seller", "members"] }
//
// [innocent.test_bench]
// says = "A phone shop logs a buyer's account in on its bench after it was bought elsewhere"
// says_zh = "手机店在买家从别处买号之后，用店里的设备替他登录"
// check = "The logins are after the sale, not before"
// check_zh = "登录发生在成交之后，而非之前"
//
// [innocent.installer]
// says = "A carrier's or a shop's installer sets up accounts for customers who later sell them"
// says_zh = "运营商或手机店的装机人员替客户开通账号，客户日后自行卖出"
// check = "The device has many accounts that were never sold; visit the shop"
// check_zh = "该设备上还有许多从未卖出的账号；实地走访门店"
// separable = false
// ---
MATCH (seller:Seller)-[:SOLD]->(sale:Sale)-[:OF]->(account:Account)
WHERE $seller IS NULL OR seller.id = $seller
MATCH (account)-[login:LOGGED_IN_ON]->(device:Device)
WHERE login.at_ms < sale.at_ms
  AND ($since IS NULL OR login.at >= $since) AND ($until IS NULL OR login.at <= $until)
UNWIND sale.evidence AS sale_place
UNWIND login.evidence AS login_place
WITH seller, device, count(DISTINCT account) AS accounts, collect(DISTINCT account.id) AS members,
     min(login.at) AS first_at, max(login.at) AS last_at,
     collect(DISTINCT sale_place) AS sales, collect(DISTINCT login_place) AS logins
WHERE accounts >= $min_accounts
RETURN seller.id AS seller, device.id AS device, accounts, members, first_at, last_at,
       sales + logins AS evidence
ORDER BY accounts DESC, seller, device
