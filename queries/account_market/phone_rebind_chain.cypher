// The telephones an account was bound to, in order
// ---
// question = "To which telephone numbers was this account bound, one after the other?"
// question_zh = "这个账号先后换绑过哪些手机号？"
// level = "fact"
// status = "stable"
// revision = 1
// not_covered = "Bindings without a date; who used the number in between"
// not_covered_zh = "没有日期的绑定；两次绑定之间谁在使用该号码"
// references = ["Neo4j fraud event sequence model: chains of changed phones"]
// legal = ["Order of changes of an account's telephone number (to be checked by counsel)"]
//
// [parameter.account]
// type = "id"
// says = "Only this account"
//
// [parameter.min_phones]
// type = "int"
// default = 2
// min = 2
// says = "From how many numbers a chain is of interest"
//
// [parameter.since]
// type = "time"
// says = "Bindings before this time are left out"
//
// [parameter.until]
// type = "time"
// says = "Bindings after this time are left out"
//
// [column]
// account = { type = "id", key = true, says = "The account" }
// phones = { type = "int", says = "Distinct numbers on record" }
// chain = { type = "ids", ordered = true, says = "The numbers in the order in which they were bound" }
// times = { type = "ids", ordered = true, says = "When each was bound" }
// also = { type = "ids", says = "Other accounts that were bound to one of these numbers" }
// evidence = { type = "ids", says = "The row of every binding" }
//
// [graph]
// nodes = { Account = ["account", "also"], Phone = "chain" }
// links = { BOUND_TO = [["account", "chain"], ["also", "chain"]] }
//
// [innocent.ported]
// says = "The holder took his number along to another carrier"
// says_zh = "持有人携号转网"
// check = "It is the same number, bound anew"
// check_zh = "号码没有变，只是重新绑定"
//
// [innocent.recycled]
// says = "A carrier gave the number of a former customer to a stranger"
// says_zh = "运营商把前客户的号码重新放给了陌生人"
// check = "The other accounts ('also') are older or fell silent before; ask the carrier since when the number is his"
// check_zh = "另外的账号（also 列）更早，或在此之前已停用；向运营商查明该号码自何时归其使用"
// separable = false
//
// [innocent.new_number]
// says = "The holder moved and has a new number"
// says_zh = "持有人搬家后换了号码"
// check = "The device stays the same"
// check_zh = "设备没有变"
// separable = false
// ---
MATCH (account:Account)-[bound:BOUND_TO]->(phone:Phone)
WHERE ($account IS NULL OR account.id = $account) AND bound.at_ms IS NOT NULL
  AND ($since IS NULL OR bound.at >= $since) AND ($until IS NULL OR bound.at <= $until)
WITH account, count(DISTINCT phone) AS phones
WHERE phones >= $min_phones
MATCH (account)-[bound:BOUND_TO]->(phone:Phone)
WHERE bound.at_ms IS NOT NULL
  AND ($since IS NULL OR bound.at >= $since) AND ($until IS NULL OR bound.at <= $until)
WITH account, phones, bound, phone
ORDER BY bound.at_ms, phone.id
WITH account, phones, collect(phone.id) AS chain, collect(bound.at) AS times,
     collect(DISTINCT phone) AS nodes, collect(bound.evidence) AS rows
CALL (account, nodes) {
  UNWIND nodes AS phone
  OPTIONAL MATCH (phone)<-[:BOUND_TO]-(other:Account)
  WHERE other <> account
  RETURN collect(DISTINCT other.id) AS also
}
RETURN account.id AS account, phones, chain, times, also,
       reduce(places = [], e IN rows | places + e) AS evidence
ORDER BY phones DESC, account
