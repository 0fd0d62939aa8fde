// Accounts that slept for months and woke up busy
// ---
// question = "Which old accounts slept for at least $gap and then woke up busy, on another device?"
// question_zh = "哪些老账号沉睡数月后在新设备上突然活跃？"
// level = "lead"
// status = "stable"
// revision = 1
// not_covered = "Sleep before the first login on record; a gap in the records looks like sleep: compare with the days that the return covers"
// not_covered_zh = "首条登录记录之前的沉睡；数据缺口看上去也像沉睡，须与调取回执所覆盖的日期对照"
// references = ["Kleinberg, Bursty and Hierarchical Structure in Streams, KDD 2002"]
// legal = ["Points at a change of hands of an account (to be checked by counsel)"]
//
// [parameter.account]
// type = "id"
// says = "Only this account"
//
// [parameter.gap]
// type = "duration"
// default = "60d"
// says = "How long without a login counts as sleep"
//
// [parameter.min_after]
// type = "int"
// default = 5
// min = 2
// says = "From how many logins after waking it counts as busy"
//
// [parameter.burst]
// type = "duration"
// default = "14d"
// says = "Within which time after waking these logins are counted"
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
// account = { type = "id", key = true, says = "The account" }
// woke_at = { type = "time", key = true, says = "First login after the sleep" }
// slept_days = { type = "int", says = "How long it slept, in whole days" }
// logins = { type = "int", says = "Logins within the burst" }
// devices_before = { type = "ids", says = "Devices before the sleep" }
// devices_after = { type = "ids", says = "Devices within the burst, none of them used before" }
// evidence = { type = "ids", says = "The rows of the last login before the sleep and of the burst" }
//
// [graph]
// nodes = { Account = "account", Device = ["devices_before", "devices_after"] }
// links = { LOGGED_IN_ON = [["account", "devices_before"], ["account", "devices_after"]] }
//
// [innocent.traveller]
// says = "The holder was away and comes back to his own phone"
// says_zh = "持有人外出一段时间后回来，仍用原来的手机"
// check = "The device is the one he used before"
// check_zh = "登录设备与沉睡前相同"
//
// [innocent.seldom]
// says = "Somebody who logs in a few times a year"
// says_zh = "一年只登录几次的人"
// check = "Fewer logins than min_after after the gap"
// check_zh = "间隔之后的登录次数少于 min_after"
//
// [innocent.new_phone]
// says = "The holder came back with a new phone"
// says_zh = "持有人换了新手机后重新使用"
// check = "His number stays the same; ask the holder"
// check_zh = "手机号未变；询问持有人"
// separable = false
// ---
MATCH (account:Account)
WHERE ($account IS NULL OR account.id = $account)
  AND COUNT { MATCH (account)-[:LOGGED_IN_ON]->(:Device) } > $min_after
CALL (account) {
  MATCH (account)-[login:LOGGED_IN_ON]->(:Device)
  WHERE ($since IS NULL OR login.at >= $since) AND ($until IS NULL OR login.at <= $until)
  RETURN count(login) AS n, min(login.at_ms) AS first, max(login.at_ms) AS last
}
WITH account, n, first, last
WHERE n > $min_after AND last - first > $gap
// Only what may have slept is put in order.
MATCH (account)-[login:LOGGED_IN_ON]->(:Device)
WHERE ($since IS NULL OR login.at >= $since) AND ($until IS NULL OR login.at <= $until)
WITH account, login.at_ms AS moment
ORDER BY moment
WITH account, collect(moment) AS times
UNWIND range(1, size(times) - 1) AS i
WITH account, times, times[i - 1] AS slept, times[i] AS woke
WHERE woke - slept > $gap
  AND size([t IN times WHERE t >= woke AND t <= woke + $burst]) >= $min_after
CALL (account, slept, woke) {
  MATCH (account)-[login:LOGGED_IN_ON]->(device:Device)
  WHERE login.at_ms <= slept AND ($since IS NULL OR login.at >= $since)
  WITH device, count(login) AS n  // grouped: see "A filter on a link" in CONTRIBUTING
  RETURN collect(device.id) AS devices_before
}
CALL (account, slept, woke) {
  MATCH (account)-[login:LOGGED_IN_ON]->(device:Device)
  WHERE login.at_ms >= woke AND login.at_ms <= woke + $burst
    AND ($until IS NULL OR login.at <= $until)
  UNWIND login.evidence AS place
  RETURN min(login.at) AS woke_at, count(DISTINCT login) AS logins,
         collect(DISTINCT device.id) AS devices_after, collect(DISTINCT place) AS rows
}
CALL (account, slept) {
  MATCH (account)-[login:LOGGED_IN_ON]->(:Device)
  WHERE login.at_ms = slept
  UNWIND login.evidence AS place
  RETURN collect(DISTINCT place) AS before
}
WITH account, slept, woke, woke_at, logins, devices_before, devices_after, before, rows
WHERE none(id IN devices_after WHERE id IN devices_before)
RETURN account.id AS account, woke_at, (woke - slept) / 86400000 AS slept_days, logins,
       devices_before, devices_after, before + rows AS evidence
ORDER BY account, woke_at
