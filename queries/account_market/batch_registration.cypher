// Accounts registered in one batch
// ---
// question = "Which accounts with neighbouring telephone numbers were registered within $window and used on one device or address?"
// question_zh = "哪些账号号段相同、同一时段注册、且共用设备或IP（批量注册）？"
// level = "indicator"
// status = "stable"
// revision = 1
// not_covered = "Batches on numbers of several blocks, or each account on a device and an address of its own"
// not_covered_zh = "号码分属多个号段的批量注册；每个账号各用一台设备、一个IP的批量注册"
// references = ["Yuan et al., Detecting Fake Accounts in Online Social Networks at the Time of Registrations (Ianus), CCS 2019"]
// legal = ["Shows that accounts were made as goods, not for use (to be checked by counsel)"]
//
// [parameter.min_accounts]
// type = "int"
// default = 5
// min = 3
// says = "From how many accounts a batch is of interest"
//
// [parameter.window]
// type = "duration"
// default = "1h"
// says = "Within which time they were registered"
//
// [parameter.block_digits]
// type = "int"
// default = 7
// min = 3
// max = 10
// says = "How many digits of the mobile number they share"
//
// [parameter.since]
// type = "time"
// says = "Registrations before this time are left out"
//
// [parameter.until]
// type = "time"
// says = "Registrations after this time are left out"
//
// [column]
// block = { type = "text", key = true, says = "The common beginning of their telephone numbers" }
// first_at = { type = "time", key = true, says = "First registration of the batch" }
// last_at = { type = "time", says = "Last registration of the batch" }
// accounts = { type = "int", says = "Accounts of the batch that share a device or an address" }
// members = { type = "ids", says = "Those accounts" }
// phones = { type = "ids", says = "Their telephone numbers at registration" }
// devices = { type = "ids", says = "The devices that enough of them share" }
// addresses = { type = "ids", says = "The addresses that enough of them share" }
// evidence = { type = "ids", says = "The rows that bind the numbers and those of the logins" }
//
// [graph]
// nodes = { Account = "members", Phone = "phones", Device = "devices", IP = "addresses" }
// links = { BOUND_TO = ["members", "phones"], LOGGED_IN_ON = ["members", "devices"], LOGGED_IN_FROM = ["members", "addresses"] }
//
// [innocent.company_sims]
// says = "A company gives its staff numbers of one block on one day"
// says_zh = "单位同一天给员工统一配发同号段的号码"
// check = "Each on a phone and an address of his own"
// check_zh = "各账号用自己的手机、自己的IP登录"
//
// [innocent.carrier]
// says = "Many strangers behind one address of a carrier"
// says_zh = "运营商同一出口IP后面是许多互不相识的用户"
// check = "Their numbers and days of registration differ"
// check_zh = "号码、注册日期各不相同"
//
// [innocent.school]
// says = "A school or a firm enrols its people at one address in an hour"
// says_zh = "学校或单位组织人员在同一地点集中注册"
// check = "The logins go on from their homes; ask the place"
// check_zh = "此后各自在家中登录；向该学校、单位核实"
// separable = false
// ---
MATCH (account:Account)-[bound:BOUND_TO]->(phone:Phone)
WHERE phone.id STARTS WITH 'phone:+86' AND account.registered_at IS NOT NULL
  AND ($since IS NULL OR account.registered_at >= $since)
  AND ($until IS NULL OR account.registered_at <= $until)
WITH account, bound, substring(phone.id, 9, $block_digits) AS block,
     1000 * datetime(account.registered_at).epochSeconds AS moment
// The number at registration, not one that was bound later.
WHERE bound.at_ms IS NULL OR bound.at_ms <= moment + $window
WITH DISTINCT block, moment, account
ORDER BY moment, account.id
WITH block, collect(moment) AS moments, collect(account) AS accounts
WHERE size(moments) >= $min_accounts
// A batch begins where nobody registered within the window before, and enough did within it after.
UNWIND range(0, size(moments) - $min_accounts) AS i
WITH block, moments, accounts, i
WHERE (i = 0 OR moments[i] - moments[i - 1] > $window)
  AND moments[i + $min_accounts - 1] - moments[i] <= $window
WITH block,
     [j IN range(i, size(moments) - 1) WHERE moments[j] - moments[i] <= $window | accounts[j]] AS batch
CALL (batch) {
  UNWIND batch AS account
  MATCH (account)-[login:LOGGED_IN_ON]->(device:Device)
  UNWIND login.evidence AS row
  RETURN device.id AS place, count(DISTINCT account) AS n, collect(DISTINCT account) AS who,
         collect(DISTINCT row) AS rows
  UNION ALL
  UNWIND batch AS account
  MATCH (account)-[login:LOGGED_IN_FROM]->(ip:IP)
  UNWIND login.evidence AS row
  RETURN ip.id AS place, count(DISTINCT account) AS n, collect(DISTINCT account) AS who,
         collect(DISTINCT row) AS rows
}
WITH block, batch, place, n, who, rows
WHERE n >= $min_accounts
WITH block, batch, collect(place) AS places, collect(who) AS sharing, collect(rows) AS logins
CALL (block, sharing) {
  UNWIND sharing AS who
  UNWIND who AS account
  WITH DISTINCT block, account
  MATCH (account)-[bound:BOUND_TO]->(phone:Phone)
  WHERE substring(phone.id, 9, $block_digits) = block
  UNWIND bound.evidence AS place
  RETURN collect(DISTINCT account.id) AS members, collect(DISTINCT phone.id) AS phones,
         collect(DISTINCT place) AS binds, min(account.registered_at) AS first_at,
         max(account.registered_at) AS last_at
}
RETURN block, first_at, last_at, size(members) AS accounts, members, phones,
       [p IN places WHERE p STARTS WITH 'device:'] AS devices,
       [p IN places WHERE p STARTS WITH 'ip:'] AS addresses,
       binds + reduce(found = [], rows IN logins | found + rows) AS evidence
ORDER BY accounts DESC, block, first_at
