// What rests on one exhibit alone
// ---
// question = "Which accounts of interest are known from one exhibit only?"
// question_zh = "孤证检查：哪些关键账号只有一份材料能证明？"
// level = "fact"
// status = "stable"
// revision = 1
// not_covered = "Two exhibits from one provider are two here; whether a row is true"
// not_covered_zh = "同一单位提供的两份材料在此按两份计；某行内容是否属实"
// references = ["Association of Chief Police Officers, Good Practice Guide for Digital Evidence: corroboration"]
// legal = ["Single evidence: to be supported before it is relied on (to be checked by counsel)"]
//
// [parameter.account]
// type = "id"
// says = "This account; otherwise all that were sold, that a report names, or that a reporting victim paid"
//
// [parameter.min_rows]
// type = "int"
// default = 1
// min = 1
// says = "From how many rows about it an account is told"
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
// account = { type = "id", key = true, says = "The account" }
// exhibit = { type = "text", key = true, says = "The only exhibit that knows it" }
// rows = { type = "int", says = "Rows about it" }
// payments = { type = "ids", says = "Its payments on record" }
// sum_minor = { type = "money", says = "Their sum, both ways, each once; only where they are of one currency" }
// cut = { type = "cuts", says = "Hubs that its payers with a report paid too, which are left out, and how many payments" }
// evidence = { type = "ids", says = "The rows" }
//
// [graph]
// nodes = { Account = "account", Payment = "payments" }
// links = {}
//
// [innocent.two_exhibits]
// says = "An account that a bank's return and a platform's both know"
// says_zh = "银行回执和平台回执都载有的账户"
// check = "More than one exhibit"
// check_zh = "材料不止一份"
//
// [innocent.bystander]
// says = "An account that nobody points at"
// says_zh = "没有任何线索指向的账户"
// check = "Not sold, not named, not paid by a reporting victim"
// check_zh = "没有被卖过，没有被报案提及，也没有收过报案人的钱"
//
// [innocent.same_provider]
// says = "Two exhibits of one provider look like two sources and are one"
// says_zh = "同一单位提供的两份材料，看似两个来源，其实是一个"
// check = "Compare the providers in the case log"
// check_zh = "在案件日志中核对提供单位"
// separable = false
// ---
CALL () {
  MATCH (account:Account)<-[:OF]-(:Sale)
  WHERE $account IS NULL
  RETURN account
  UNION
  MATCH (account:Account)<-[:NAMES]-(:Report)
  WHERE $account IS NULL
  RETURN account
  UNION
  MATCH (:Report)<-[:FILED]-(:Person)-[:HOLDS|CONTROLS]->(:Account)-[:SENT]->(p:Payment)-[:PAID_TO]->(account:Account)
  WHERE $account IS NULL AND coalesce(p.kind, '') <> 'purchase' AND account.hub IS NULL
    AND ($since IS NULL OR p.at >= $since) AND ($until IS NULL OR p.at <= $until)
  RETURN account
  UNION
  MATCH (account:Account {id: $account})
  RETURN account
}
WITH DISTINCT account
CALL (account) {
  MATCH (account)-[:SENT|PAID_TO]-(p:Payment)
  WHERE ($since IS NULL OR p.at >= $since) AND ($until IS NULL OR p.at <= $until)
  RETURN p.evidence AS places, p AS payment
  UNION
  MATCH (account)<-[:OF|BOUGHT_BY]-(sale:Sale)
  RETURN sale.evidence AS places, null AS payment
  UNION
  MATCH (account)-[link:LOGGED_IN_ON|MEMBER_OF|BOUND_TO]->()
  RETURN link.evidence AS places, null AS payment
  UNION
  MATCH (account)<-[link:HOLDS|CONTROLS|NAMES|LISTED|COLLECTS_AT|BOUND_TO]-()
  RETURN link.evidence AS places, null AS payment
}
UNWIND places AS place
WITH account, collect(DISTINCT split(split(place, ':')[0], '/')[0]) AS exhibits,
     collect(DISTINCT place) AS evidence, collect(DISTINCT payment) AS paid
WHERE size(exhibits) = 1 AND size(evidence) >= $min_rows
CALL (account) {
  MATCH (account)<-[:PAID_TO]-(:Payment)<-[:SENT]-(payer:Account)<-[:HOLDS|CONTROLS]-(:Person)-[:FILED]->(:Report)
  WITH DISTINCT payer
  MATCH (payer)-[:SENT]->(p:Payment)-[:PAID_TO]->(beyond:Account)
  WHERE beyond.hub IS NOT NULL AND coalesce(p.kind, '') <> 'purchase'
  WITH beyond, count(DISTINCT p) AS n
  RETURN collect(beyond.id + ' ' + toString(n)) AS cut
}
RETURN account.id AS account, exhibits[0] AS exhibit, size(evidence) AS rows,
       [p IN paid | p.id] AS payments,
       CASE WHEN all(p IN paid WHERE p.currency = paid[0].currency)
            THEN reduce(total = 0, p IN paid | total + p.amount_minor) END AS sum_minor,
       cut, evidence
ORDER BY rows DESC, account
