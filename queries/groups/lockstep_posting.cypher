// The same lines, minutes apart, day after day
// ---
// question = "In which groups do at least $min_accounts accounts post one template within $window, at least $min_acts times?"
// question_zh = "照本宣科：哪些群里同一批账号一次次在几分钟内说同样的话？"
// level = "indicator"
// status = "stable"
// revision = 1
// not_covered = "Scripts that are worded anew each time; acts that lie across the edge of two windows (they are counted from midnight, universal time)"
// not_covered_zh = "每次都换说法的话术；跨越两个时间窗边界的同步发言（时间窗自世界时零点起算）"
// references = ["Cao et al., SynchroTrap, CCS 2014: lockstep; PumpSense 2026: announcements of pumps"]
// legal = ["Shows that a group was staged (to be checked by counsel)"]
//
// [parameter.group]
// type = "id"
// says = "Only this group"
//
// [parameter.min_accounts]
// type = "int"
// default = 4
// min = 2
// says = "From how many accounts one template within the window is an act"
//
// [parameter.window]
// type = "duration"
// default = "15m"
// says = "How close together they post it"
//
// [parameter.min_acts]
// type = "int"
// default = 3
// min = 1
// says = "From how many acts a group is of interest"
//
// [parameter.min_length]
// type = "int"
// default = 6
// min = 1
// says = "Shorter templates (greetings, signs) are left out"
//
// [parameter.since]
// type = "time"
// says = "Messages before this time are left out"
//
// [parameter.until]
// type = "time"
// says = "Messages after this time are left out"
//
// [column]
// group = { type = "id", key = true, says = "The group" }
// acts = { type = "int", says = "How often the cast acted" }
// days = { type = "int", says = "On how many days" }
// templates = { type = "ids", says = "The lines, numbers replaced by #" }
// members = { type = "ids", says = "The accounts that took part" }
// first_at = { type = "time", says = "First message of an act" }
// last_at = { type = "time", says = "Last message of an act" }
// evidence = { type = "ids", says = "The rows of the messages" }
//
// [graph]
// nodes = { Group = "group", Account = "members" }
// links = { MEMBER_OF = ["members", "group"] }
//
// [innocent.greeting]
// says = "Everybody wishes a happy new year once"
// says_zh = "大家都发一次新年祝福"
// check = "It happens once: fewer acts than min_acts"
// check_zh = "只发生一次：少于 min_acts"
//
// [innocent.short]
// says = "Ok, received, thank you"
// says_zh = "“好的”“收到”“谢谢”之类的短语"
// check = "Shorter than min_length"
// check_zh = "短于 min_length"
//
// [innocent.sign_in]
// says = "A class or a club where all sign in daily with the same words"
// says_zh = "班级或俱乐部每天用同样的话打卡"
// check = "The text is a public form (a chain of names); members are known to each other"
// check_zh = "内容是公开的接龙格式；成员彼此相识"
// separable = false
// ---
MATCH (group:Group)<-[:IN]-(message:Message)<-[:POSTED]-(account:Account)
WHERE ($group IS NULL OR group.id = $group) AND size(message.template) >= $min_length
  AND ($since IS NULL OR message.at >= $since) AND ($until IS NULL OR message.at <= $until)
WITH group, message.template AS template, message.at_ms / $window AS slot,
     count(DISTINCT account) AS accounts, collect(DISTINCT account.id) AS who,
     collect(message.evidence) AS rows, min(message.at) AS first_at, max(message.at) AS last_at
WHERE accounts >= $min_accounts
WITH group, count(*) AS acts, count(DISTINCT left(first_at, 10)) AS days,
     collect(DISTINCT template) AS templates, collect(who) AS casts, collect(rows) AS acted,
     min(first_at) AS first_at, max(last_at) AS last_at
WHERE acts >= $min_acts
UNWIND acted AS rows
UNWIND rows AS row
UNWIND row AS place
WITH group, acts, days, templates, casts, first_at, last_at, collect(DISTINCT place) AS evidence
UNWIND casts AS who
UNWIND who AS member
WITH group, acts, days, templates, first_at, last_at, evidence, collect(DISTINCT member) AS members
RETURN group.id AS group, acts, days, templates, members, first_at, last_at, evidence
ORDER BY acts DESC, group
