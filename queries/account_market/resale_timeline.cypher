// When an account changed hands
// ---
// question = "Which sold accounts show by device and by phone that control passed on?"
// question_zh = "账号什么时候换了人：设备和手机号是否在成交前后都变了？"
// level = "indicator"
// status = "stable"
// revision = 1
// not_covered = "Accounts handed over together with their device; sales without logins on record before and after"
// not_covered_zh = "连同设备一起交付的账号；成交前后没有登录记录的买卖"
// references = ["Neo4j fraud event sequence model: change of phone, then of device"]
// legal = ["Time of the handover of an account (to be checked by counsel)"]
//
// [parameter.account]
// type = "id"
// says = "Only this account"
//
// [parameter.days]
// type = "duration"
// default = "3d"
// says = "How soon after the sale the phone was rebound"
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
// account = { type = "id", key = true, says = "The account" }
// sold_at = { type = "time", key = true, says = "When it was sold" }
// seller = { type = "id", key = true, says = "Who sold it" }
// devices_before = { type = "ids", says = "Devices before the sale" }
// devices_after = { type = "ids", says = "Devices after the sale, none of them used before" }
// phones_after = { type = "ids", says = "Phones bound within the days after the sale" }
// signals = { type = "int", says = "Independent signs of the handover: device and phone" }
// evidence = { type = "ids", says = "The rows of the sale, the logins and the rebinding" }
//
// [graph]
// nodes = { Account = "account", Seller = "seller", Device = ["devices_before", "devices_after"], Phone = "phones_after" }
// links = { LOGGED_IN_ON = [["account", "devices_before"], ["account", "devices_after"]], BOUND_TO = ["account", "phones_after"], LISTED = ["seller", "account"] }
//
// [innocent.new_phone]
// says = "The holder has a new phone and keeps his number"
// says_zh = "持有人换了新手机，号码不变"
// check = "Only the device changes; the phone number stays"
// check_zh = "只有设备变了，手机号没有变"
//
// [innocent.new_number]
// says = "The holder changed his number and keeps his phone"
// says_zh = "持有人换了号码，手机不变"
// check = "Only the number changes; the device stays"
// check_zh = "只有号码变了，设备没有变"
// ---
MATCH (seller:Seller)-[:SOLD]->(sale:Sale)-[:OF]->(account:Account)
WHERE ($account IS NULL OR account.id = $account)
  AND ($since IS NULL OR sale.at >= $since) AND ($until IS NULL OR sale.at <= $until)
MATCH (account)-[bound:BOUND_TO]->(phone:Phone)
WHERE bound.at_ms >= sale.at_ms AND bound.at_ms <= sale.at_ms + $days
WITH seller, sale, account,
     collect(DISTINCT phone.id) AS phones_after, collect(bound.evidence) AS binds
MATCH (account)-[login:LOGGED_IN_ON]->(device:Device)
WITH seller, sale, account, phones_after, binds,
     collect(DISTINCT CASE WHEN login.at_ms < sale.at_ms THEN device.id END)  AS devices_before,
     collect(DISTINCT CASE WHEN login.at_ms >= sale.at_ms THEN device.id END) AS devices_after,
     collect(login.evidence) AS logins
WHERE size(devices_before) > 0 AND size(devices_after) > 0
  AND none(id IN devices_after WHERE id IN devices_before)
RETURN account.id AS account, sale.at AS sold_at, seller.id AS seller,
       devices_before, devices_after, phones_after, 2 AS signals,
       sale.evidence + reduce(places = [], e IN binds | places + e)
                     + reduce(places = [], e IN logins | places + e) AS evidence
ORDER BY account, sold_at, seller
