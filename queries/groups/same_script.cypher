// One script in several groups
// ---
// question = "Which lines were posted in at least $min_groups groups, by at least $min_accounts accounts?"
// question_zh = "同剧本：同样的话术出现在哪些群？"
// level = "lead"
// status = "stable"
// revision = 1
// not_covered = "Scripts that are worded anew for each group"
// not_covered_zh = "每个群都换了说法的话术"
// references = ["Charikar, Similarity Estimation Techniques from Rounding Algorithms, STOC 2002: near duplicates by hashing (here: numbers and blanks replaced)"]
// legal = ["Links several groups to one organiser (to be checked by counsel)"]
//
// [parameter.min_groups]
// type = "int"
// default = 2
// min = 2
// says = "From how many groups a line is of interest"
//
// [parameter.max_groups]
// type = "int"
// default = 20
// min = 2
// says = "In more groups than this a line is public text"
//
// [parameter.min_accounts]
// type = "int"
// default = 2
// min = 1
// says = "By how many accounts it was posted at least"
//
// [parameter.min_length]
// type = "int"
// default = 10
// min = 1
// says = "Shorter templates are left out"
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
// template = { type = "text", key = true, says = "The line, numbers replaced by #" }
// groups = { type = "ids", says = "The groups in which it was posted" }
// members = { type = "ids", says = "The accounts that posted it" }
// messages = { type = "int", says = "How often it was posted" }
// first_at = { type = "time", says = "First time" }
// last_at = { type = "time", says = "Last time" }
// evidence = { type = "ids", says = "The rows of the messages" }
//
// [graph]
// nodes = { Group = "groups", Account = "members" }
// links = { MEMBER_OF = ["members", "groups"] }
//
// [innocent.greeting]
// says = "Short words that everybody uses"
// says_zh = "人人都用的短语"
// check = "Shorter than min_length"
// check_zh = "短于 min_length"
//
// [innocent.one_poster]
// says = "Somebody passes the same news on to two groups of his"
// says_zh = "有人把同一条消息转到自己的两个群"
// check = "A single account posted it"
// check_zh = "只有一个账号发过"
//
// [innocent.viral]
// says = "A text that goes round the country"
// says_zh = "全网流传的文字"
// check = "It stands in more than max_groups groups; search for it"
// check_zh = "出现在超过 max_groups 个群；上网检索"
// separable = false
// ---
MATCH (group:Group)<-[:IN]-(message:Message)<-[:POSTED]-(account:Account)
WHERE size(message.template) >= $min_length
  AND ($since IS NULL OR message.at >= $since) AND ($until IS NULL OR message.at <= $until)
WITH message.template AS template, count(DISTINCT group) AS n, count(DISTINCT account) AS accounts,
     count(DISTINCT message) AS messages, collect(DISTINCT group.id) AS groups,
     collect(DISTINCT account.id) AS members, collect(message.evidence) AS rows,
     min(message.at) AS first_at, max(message.at) AS last_at
WHERE n >= $min_groups AND n <= $max_groups AND accounts >= $min_accounts
UNWIND rows AS row
UNWIND row AS place
RETURN template, groups, members, messages, first_at, last_at, collect(DISTINCT place) AS evidence
ORDER BY messages DESC, template
