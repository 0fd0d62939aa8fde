// One hand switching between accounts
// ---
// question = "On which devices do accounts follow each other within $gap, again and again?"
// question_zh = "哪些设备上的账号在几分钟内反复切换（同机快速切号）？"
// level = "indicator"
// status = "stable"
// revision = 1
// not_covered = "Operators who pause longer than the gap between two accounts"
// not_covered_zh = "切换账号时停顿超过 gap 的操作者"
// references = ["Cao et al., SynchroTrap, CCS 2014: lockstep on one resource"]
// legal = ["Shows that accounts were run by one hand (to be checked by counsel)"]
//
// [parameter.device]
// type = "id"
// says = "Only this device"
//
// [parameter.gap]
// type = "duration"
// default = "10m"
// says = "Within which time one account follows another"
//
// [parameter.min_switches]
// type = "int"
// default = 5
// min = 2
// says = "From how many switches a device is of interest"
//
// [parameter.min_days]
// type = "int"
// default = 3
// min = 1
// says = "On how many days they lie at least"
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
// switches = { type = "int", says = "Logins that followed one of another account within the gap" }
// days = { type = "int", says = "Days of universal time on which they lie" }
// accounts = { type = "int", says = "Distinct accounts that took part" }
// members = { type = "ids", says = "Those accounts" }
// first_at = { type = "time", says = "First login on the device" }
// last_at = { type = "time", says = "Last login on the device" }
// evidence = { type = "ids", says = "The rows of the logins that took part" }
//
// [graph]
// nodes = { Device = "device", Account = "members" }
// links = { LOGGED_IN_ON = ["members", "device"] }
//
// [innocent.family]
// says = "A family passes a tablet round in the evening"
// says_zh = "晚上一家人轮流用一台平板"
// check = "An hour apart, or on a few days only"
// check_zh = "相隔一小时左右，或只有几天如此"
//
// [innocent.one_evening]
// says = "Friends who try a new phone one after the other"
// says_zh = "朋友们轮流试用一部新手机"
// check = "Many switches, on one day"
// check_zh = "切换次数多，但集中在一天"
//
// [innocent.relogin]
// says = "An app that logs two accounts in by itself, at fixed times"
// says_zh = "软件定时自动登录两个账号"
// check = "Exactly the same two accounts at the same seconds each day"
// check_zh = "每天都在同样的时刻、正好是这两个账号"
// separable = false
// ---
MATCH (device:Device)<-[login:LOGGED_IN_ON]-(account:Account)
WHERE ($device IS NULL OR device.id = $device) AND device.id IS NOT NULL
  AND ($since IS NULL OR login.at >= $since) AND ($until IS NULL OR login.at <= $until)
WITH device, count(DISTINCT account) AS accounts, count(login) AS logins
WHERE accounts >= 2 AND logins > $min_switches
MATCH (device)<-[login:LOGGED_IN_ON]-(account:Account)
WHERE ($since IS NULL OR login.at >= $since) AND ($until IS NULL OR login.at <= $until)
WITH device, login, account
ORDER BY login.at_ms, account.id
WITH device, min(login.at) AS first_at, max(login.at) AS last_at, collect(login) AS logins,
     collect(account.id) AS who
UNWIND range(1, size(logins) - 1) AS i
WITH device, first_at, last_at, logins[i - 1] AS before, logins[i] AS after, who[i - 1] AS one,
     who[i] AS other
WHERE after.at_ms - before.at_ms <= $gap AND one <> other
WITH device, first_at, last_at, count(*) AS switches, count(DISTINCT left(after.at, 10)) AS days,
     collect([one, other]) AS pairs, collect(before.evidence + after.evidence) AS rows
WHERE switches >= $min_switches AND days >= $min_days
CALL (pairs) {
  UNWIND pairs AS pair
  UNWIND pair AS member
  RETURN collect(DISTINCT member) AS members
}
CALL (rows) {
  UNWIND rows AS row
  UNWIND row AS place
  RETURN collect(DISTINCT place) AS evidence
}
RETURN device.id AS device, switches, days, size(members) AS accounts, members, first_at, last_at,
       evidence
ORDER BY switches DESC, device
