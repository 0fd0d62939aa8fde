// Which shared devices look like a family
// ---
// question = "Which devices with several accounts look like a family's, and which like an operator's?"
// question_zh = "无辜解释：哪些多账号设备像一家人在用，哪些像操作设备？"
// level = "lead"
// status = "stable"
// revision = 1
// not_covered = "A reading, not a verdict: both readings are printed with what speaks for them"
// not_covered_zh = "只是一种解读，不是结论：两种解读及其理由都列出"
// references = ["Liu et al., CIKM 2018: device aggregation, turned round as counter-evidence"]
// legal = ["What speaks for the innocence of a shared device (to be checked by counsel)"]
//
// [parameter.device]
// type = "id"
// says = "Only this device"
//
// [parameter.min_accounts]
// type = "int"
// default = 2
// min = 2
// says = "From how many accounts a device is shared"
//
// [parameter.family_max]
// type = "int"
// default = 4
// min = 2
// says = "More accounts than this are no family"
//
// [parameter.min_days]
// type = "int"
// default = 30
// min = 1
// says = "From how many days of use it counts as long used"
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
// device = { type = "id", key = true, says = "The device" }
// reading = { type = "text", says = "family_like or operator_like" }
// accounts = { type = "int", says = "Distinct accounts on it" }
// people = { type = "int", says = "Registered holders of these accounts on record" }
// days = { type = "int", says = "Days from the first login to the last" }
// old_accounts = { type = "int", says = "Accounts registered in an earlier year than the first login" }
// sold = { type = "int", says = "Accounts that were sold" }
// members = { type = "ids", says = "The accounts" }
// persons = { type = "ids", says = "The holders" }
// evidence = { type = "ids", says = "The row of every login" }
//
// [graph]
// nodes = { Device = "device", Account = "members", Person = "persons" }
// links = { LOGGED_IN_ON = ["members", "device"], HOLDS = ["persons", "members"] }
//
// [innocent.one_user]
// says = "One account on the phone of its holder"
// says_zh = "持有人自己的手机上只有一个账号"
// check = "Not shared"
// check_zh = "不是共用设备"
//
// [innocent.family]
// says = "Few accounts, none sold, used for long"
// says_zh = "账号少、没有被卖过、使用时间长"
// check = "The reading says family_like: ask for the holders"
// check_zh = "解读为 family_like：核实实名持有人"
// separable = false
//
// [innocent.cafe]
// says = "A cafe or a shop reads as operator_like"
// says_zh = "网吧或门店的设备会被解读为 operator_like"
// check = "No group and no payments in common; visit the place"
// check_zh = "没有共同的群，也没有共同的付款；实地走访"
// separable = false
// ---
MATCH (device:Device)<-[login:LOGGED_IN_ON]-(account:Account)
WHERE ($device IS NULL OR device.id = $device)
  AND ($since IS NULL OR login.at >= $since) AND ($until IS NULL OR login.at <= $until)
WITH device, count(DISTINCT account) AS accounts
WHERE accounts >= $min_accounts
CALL (device) {
  MATCH (device)<-[login:LOGGED_IN_ON]-(account:Account)
  WHERE ($since IS NULL OR login.at >= $since) AND ($until IS NULL OR login.at <= $until)
  UNWIND login.evidence AS place
  RETURN collect(DISTINCT account) AS members, collect(DISTINCT place) AS evidence,
         min(login.at) AS first_at, (max(login.at_ms) - min(login.at_ms)) / 86400000 AS days
}
CALL (members) {
  UNWIND members AS member
  MATCH (member)<-[:HOLDS]-(person:Person)
  RETURN collect(DISTINCT person.id) AS persons
}
WITH device, accounts, members, evidence, days, persons,
     size([m IN members WHERE left(m.registered_at, 4) < left(first_at, 4)]) AS old_accounts,
     size([m IN members WHERE EXISTS { MATCH (m)<-[:OF]-(:Sale) }]) AS sold
RETURN device.id AS device,
       CASE WHEN accounts <= $family_max AND sold = 0 AND days >= $min_days
            THEN 'family_like' ELSE 'operator_like' END AS reading,
       accounts, size(persons) AS people, days, old_accounts, sold, [m IN members | m.id] AS members,
       persons, evidence
ORDER BY accounts DESC, device
