// Accounts behind one address
// ---
// question = "Which accounts hang together by an address, without swallowing the city?"
// question_zh = "哪些账号共用同一IP地址（排除公共出口）？"
// level = "lead"
// status = "stable"
// revision = 2
// not_covered = "Addresses behind more than $hub_max accounts (carriers, public networks) are not drawn out: their row only says how many links were not followed"
// not_covered_zh = "账号超过 $hub_max 个的IP（运营商、公共网络）不展开：其行只说明有多少条连线没有追下去"
// references = ["Hooi et al., FRAUDAR, KDD 2016: weighting by degree", "LDBC FinBench: truncation of hubs"]
// legal = ["Shows that accounts were run from one place (to be checked by counsel)"]
//
// [parameter.min_accounts]
// type = "int"
// default = 5
// min = 2
// says = "From how many accounts behind an address it is of interest"
//
// [parameter.hub_max]
// type = "int"
// default = 20
// min = 2
// says = "Above how many accounts an address counts as a public one"
//
// [parameter.show_cut]
// type = "bool"
// default = false
// says = "Give a row for each address that was not followed, too"
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
// ip = { type = "id", key = true, says = "The address" }
// accounts = { type = "int", says = "Distinct accounts behind it" }
// members = { type = "ids", says = "Those accounts; none where the address was not followed" }
// devices = { type = "ids", says = "The devices they used at this address" }
// cut = { type = "cuts", says = "The address, where it is a public one, and how many logins were not followed" }
// first_at = { type = "time", says = "First of the logins" }
// last_at = { type = "time", says = "Last of the logins" }
// evidence = { type = "ids", says = "The row of every login counted" }
//
// [graph]
// nodes = { IP = "ip", Account = "members", Device = "devices" }
// links = { LOGGED_IN_FROM = ["members", "ip"], LOGGED_IN_ON = ["members", "devices"] }
//
// [innocent.cafe]
// says = "An internet cafe, a carrier or a campus puts many strangers behind one address"
// says_zh = "网吧、运营商或校园网，同一IP后面有许多陌生人"
// check = "Many accounts: above hub_max they are left alone; ask the provider who used the address when"
// check_zh = "账号很多：超过 hub_max 的不展开；向运营单位查明该IP何时由谁使用"
//
// [innocent.dormitory]
// says = "A household, an office or a dormitory shares one address"
// says_zh = "一户人家、一间办公室或宿舍共用一个IP"
// check = "Each account on its own device; ask who lives or works there"
// check_zh = "各账号用自己的设备；查明何人在此居住或办公"
// separable = false
// ---
MATCH (ip:IP)<-[login:LOGGED_IN_FROM]-(account:Account)
WHERE ($since IS NULL OR login.at >= $since) AND ($until IS NULL OR login.at <= $until)
WITH ip, count(DISTINCT account) AS accounts
WHERE accounts >= $min_accounts
WITH ip, accounts
WHERE accounts <= $hub_max OR $show_cut
CALL (ip) {
  MATCH (ip)<-[login:LOGGED_IN_FROM]-(account:Account)
  WHERE ($since IS NULL OR login.at >= $since) AND ($until IS NULL OR login.at <= $until)
  UNWIND login.evidence AS place
  RETURN count(DISTINCT login) AS logins, min(login.at) AS first_at, max(login.at) AS last_at,
         collect(DISTINCT account.id) AS behind, collect(DISTINCT place) AS evidence
}
WITH ip, accounts, first_at, last_at, evidence,
     CASE WHEN accounts <= $hub_max THEN behind ELSE [] END AS members,
     CASE WHEN accounts <= $hub_max THEN [] ELSE [ip.id + ' ' + toString(logins)] END AS cut
CALL (ip, members) {
  // From the members, not from all logins of the case.
  UNWIND members AS id
  MATCH (member:Account {id: id})-[use:LOGGED_IN_ON]->(device:Device)
  WHERE 'ip:' + toLower(use.ip) = ip.id
    AND ($since IS NULL OR use.at >= $since) AND ($until IS NULL OR use.at <= $until)
  WITH device, count(use) AS uses
  RETURN collect(device.id) AS devices
}
RETURN ip.id AS ip, accounts, members, devices, cut, first_at, last_at, evidence
ORDER BY accounts DESC, ip
