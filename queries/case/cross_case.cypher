// What joins two reports
// ---
// question = "Which account, device, address, telephone or group turns up on the way of at least $min_reports reports?"
// question_zh = "串并案：哪些账号、设备、IP、手机号或群把不同的报案连在一起？"
// level = "lead"
// status = "stable"
// revision = 1
// not_covered = "Reports in another case folder: 'linkwright cross DIR' tells what both cases hold; for paths over both, load them together"
// not_covered_zh = "另一案件文件夹中的报案：“linkwright cross DIR”列出两案共有的对象；跨案路径须合并加载"
// references = ["OCCRP Aleph: cross-reference of investigations"]
// legal = ["Joins reports into one case (to be checked by counsel)"]
//
// [parameter.report]
// type = "id"
// says = "Only what this report shares with others"
//
// [parameter.min_reports]
// type = "int"
// default = 2
// min = 2
// says = "From how many reports, of different persons, it is of interest"
//
// [parameter.max_reports]
// type = "int"
// default = 50
// min = 2
// says = "What turns up in more reports is common property"
//
// [parameter.since]
// type = "time"
// says = "Payments before this time are left out"
//
// [parameter.until]
// type = "time"
// says = "Payments after this time are left out"
//
// [column]
// kind = { type = "text", key = true, says = "What it is: account, device, ip, phone, group" }
// entity = { type = "id", key = true, says = "The entity" }
// reports = { type = "ids", says = "The reports" }
// persons = { type = "ids", says = "Who filed them" }
// accounts = { type = "ids", says = "The entity, where it is an account" }
// devices = { type = "ids", says = "The entity, where it is a device" }
// addresses = { type = "ids", says = "The entity, where it is an address" }
// phones = { type = "ids", says = "The entity, where it is a telephone" }
// groups = { type = "ids", says = "The entity, where it is a group" }
// cut = { type = "cuts", says = "Hubs that the persons paid too, and how many payments were not followed there" }
// evidence = { type = "ids", says = "The rows of the reports and of what leads to the entity" }
//
// [graph]
// nodes = { Report = "reports", Person = "persons", Account = "accounts", Device = "devices", IP = "addresses", Phone = "phones", Group = "groups" }
// links = { FILED = ["persons", "reports"], NAMES = [["reports", "accounts"], ["reports", "groups"]] }
//
// [innocent.merchant]
// says = "Both persons bought at the same shop"
// says_zh = "两人在同一家店买过东西"
// check = "Purchases are left out, and hubs are not followed"
// check_zh = "已排除购物付款，也不追过枢纽"
//
// [innocent.one_person]
// says = "One person reported twice"
// says_zh = "同一人报了两次案"
// check = "Reports of different persons only"
// check_zh = "只计不同报案人的报案"
//
// [innocent.own_circle]
// says = "Two members of a family, who pay each other and share a phone"
// says_zh = "一家人，互相转账、共用手机"
// check = "Accounts that a person of the reports holds are left out"
// check_zh = "已排除报案人自己持有的账号"
//
// [innocent.recycled]
// says = "A telephone number that a carrier gave to another customer"
// says_zh = "运营商把号码重新放给了另一位客户"
// check = "Ask the carrier since when the number is his"
// check_zh = "向运营商查明该号码自何时归其使用"
// separable = false
// ---
MATCH (person:Person)-[:FILED]->(report:Report)
CALL (person, report) {
  MATCH (report)-[named:NAMES]->(account:Account)
  RETURN account, named.evidence AS rows
  UNION
  MATCH (person)-[:HOLDS|CONTROLS]->(:Account)-[:SENT]->(p:Payment)-[:PAID_TO]->(account:Account)
  WHERE coalesce(p.kind, '') <> 'purchase' AND account.hub IS NULL
    AND NOT EXISTS { MATCH (account)<-[:HOLDS|CONTROLS]-(:Person)-[:FILED]->(:Report) }
    AND ($since IS NULL OR p.at >= $since) AND ($until IS NULL OR p.at <= $until)
  RETURN account, p.evidence AS rows
}
WITH person, report, account, rows
CALL (report, account, rows) {
  MATCH (same:Account {id: account.id})
  RETURN 'account' AS kind, same.id AS entity, rows AS path
  UNION
  MATCH (account)-[use:LOGGED_IN_ON]->(device:Device)
  RETURN 'device' AS kind, device.id AS entity, rows + use.evidence AS path
  UNION
  MATCH (account)-[use:LOGGED_IN_FROM]->(ip:IP)
  WHERE ip.hub IS NULL
  RETURN 'ip' AS kind, ip.id AS entity, rows + use.evidence AS path
  UNION
  MATCH (account)-[bound:BOUND_TO]->(phone:Phone)
  RETURN 'phone' AS kind, phone.id AS entity, rows + bound.evidence AS path
  UNION
  MATCH (report)-[named:NAMES]->(group:Group)
  RETURN 'group' AS kind, group.id AS entity, named.evidence AS path
}
WITH kind, entity, count(DISTINCT report) AS n, count(DISTINCT person) AS people,
     collect(DISTINCT report) AS found, collect(DISTINCT person) AS filers, collect(path) AS paths
WHERE n >= $min_reports AND people >= $min_reports AND n <= $max_reports
WITH kind, entity, found, filers, paths, [r IN found | r.id] AS reports
WHERE $report IS NULL OR $report IN reports
CALL (filers) {
  UNWIND filers AS person
  MATCH (person)-[:HOLDS|CONTROLS]->(:Account)-[:SENT]->(p:Payment)-[:PAID_TO]->(beyond:Account)
  WHERE beyond.hub IS NOT NULL AND coalesce(p.kind, '') <> 'purchase'
  WITH beyond, count(DISTINCT p) AS n
  RETURN collect(beyond.id + ' ' + toString(n)) AS cut
}
UNWIND paths + [r IN found | r.evidence] AS path
UNWIND path AS place
RETURN kind, entity, reports, [p IN filers | p.id] AS persons,
       [e IN [entity] WHERE kind = 'account'] AS accounts,
       [e IN [entity] WHERE kind = 'device'] AS devices, [e IN [entity] WHERE kind = 'ip'] AS addresses,
       [e IN [entity] WHERE kind = 'phone'] AS phones, [e IN [entity] WHERE kind = 'group'] AS groups,
       cut, collect(DISTINCT place) AS evidence
ORDER BY kind, entity
