// Device shared by many accounts
// ---
// question = "Which devices ran at least $min_accounts accounts?"
// question_zh = "哪些设备登录过多个账号？"
// level = "lead"
// status = "stable"
// revision = 1
// not_covered = "Accounts used only through emulators that report a fresh device id; emulators that all report one default id look like one device"
// not_covered_zh = "只用每次都上报新设备号的模拟器登录的账号；上报同一默认设备号的多台模拟器看上去像一台设备"
// references = ["Liu et al., Heterogeneous Graph Neural Networks for Malicious Account Detection, CIKM 2018: device aggregation"]
// legal = ["Shows that accounts were run together, for the control of accounts by one hand (to be checked by counsel)"]
//
// [parameter.min_accounts]
// type = "int"
// default = 5
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
// device = { type = "id", key = true, says = "The shared device" }
// accounts = { type = "int", says = "Distinct accounts that logged in on it" }
// logins = { type = "int", says = "Logins counted" }
// first_at = { type = "time", says = "First of these logins" }
// last_at = { type = "time", says = "Last of these logins" }
// members = { type = "ids", says = "Those accounts" }
// evidence = { type = "ids", says = "The row of every login counted" }
//
// [graph]
// nodes = { Device = "device", Account = "members" }
// links = { LOGGED_IN_ON = ["members", "device"] }
//
// [innocent.household]
// says = "A family shares one phone or tablet"
// says_zh = "一家人共用一部手机或平板"
// check = "Few accounts, registered long ago, logins spread over the day; ask for the registered holders"
// check_zh = "账号少、注册早、登录分散在全天；核实实名持有人"
//
// [innocent.repair_shop]
// says = "A shop tries each customer's account once on its bench device"
// says_zh = "维修店用店里的设备逐个试登顾客的账号"
// check = "One login an account, days apart, no group in common; visit the shop"
// check_zh = "每个账号只登录一次、相隔数日、没有共同的群；实地走访门店"
// separable = false
// ---
// First count, device by device; only of what is left are rows quoted.
MATCH (device:Device)
WHERE COUNT { MATCH (device)<-[:LOGGED_IN_ON]-(:Account) } >= $min_accounts
MATCH (device)<-[login:LOGGED_IN_ON]-(account:Account)
WHERE ($since IS NULL OR login.at >= $since) AND ($until IS NULL OR login.at <= $until)
WITH device, count(DISTINCT account) AS accounts
WHERE accounts >= $min_accounts
CALL (device) {
  MATCH (device)<-[login:LOGGED_IN_ON]-(account:Account)
  WHERE ($since IS NULL OR login.at >= $since) AND ($until IS NULL OR login.at <= $until)
  UNWIND login.evidence AS place
  RETURN count(DISTINCT login) AS logins, min(login.at) AS first_at, max(login.at) AS last_at,
         collect(DISTINCT account.id) AS members, collect(DISTINCT place) AS evidence
}
RETURN device.id AS device, accounts, logins, first_at, last_at, members, evidence
ORDER BY accounts DESC, device
