// Victims who have not come in
// ---
// question = "Who else paid the receivers of a reported victim, out of a group full of sold accounts, and has not reported?"
// question_zh = "还有谁像受害人却没有报案？"
// level = "lead"
// status = "stable"
// revision = 2
// not_covered = "Persons who paid in cash or from accounts that nobody links to their chat account"
// not_covered_zh = "付现金的人；所用账户无法与其聊天账号对应的人"
// references = ["WeChat Pay research on crowdsourcing fraud, arXiv 2308.02793"]
// legal = ["Further victims to be heard (to be checked by counsel)"]
//
// [parameter.min_sold]
// type = "int"
// default = 2
// min = 1
// says = "A group with that many sold accounts counts as a staged one"
//
// [parameter.since]
// type = "time"
// says = "Payments, both ways, before this time are left out"
//
// [parameter.until]
// type = "time"
// says = "Payments, both ways, after this time are left out"
//
// [column]
// who = { type = "id", key = true, says = "The person, or the account where no holder is known" }
// currency = { type = "text", key = true, says = "Currency of the payments" }
// groups = { type = "ids", says = "The staged groups he sat in" }
// chats = { type = "ids", says = "His accounts in them" }
// sold_beside = { type = "int", says = "Most sold accounts beside him in one of these groups" }
// payers = { type = "ids", says = "The accounts he paid from" }
// receivers = { type = "ids", says = "The suspected receivers that he paid" }
// payments = { type = "ids", says = "The payments, after he joined" }
// sum_minor = { type = "money", says = "Their sum, each payment once" }
// persons = { type = "ids", says = "The person, where one is known" }
// cut = { type = "cuts", says = "Hubs that were paid too, and how many payments were not followed there" }
// evidence = { type = "ids", says = "The rows of the payments and the memberships" }
//
// [graph]
// nodes = { Person = "persons", Account = ["payers", "chats", "receivers"], Group = "groups", Payment = "payments" }
// links = { HOLDS = [["persons", "payers"], ["persons", "chats"]], CONTROLS = [["persons", "payers"], ["persons", "chats"]], MEMBER_OF = ["chats", "groups"], SENT = ["payers", "payments"], PAID_TO = ["payments", "receivers"] }
//
// [innocent.mule]
// says = "Helpers and testers pay the receiver too, and are paid back"
// says_zh = "帮手和试探者也向收款账户付款，之后被返还"
// check = "Whoever got back as much as he paid is left out"
// check_zh = "返还不少于付出的人已排除"
//
// [innocent.customer]
// says = "A customer of the receiver who never sat in the group"
// says_zh = "收款人的顾客，从未进过该群"
// check = "Only members of a staged group, after they joined"
// check_zh = "只计托群成员入群之后的付款"
//
// [innocent.seller_of_goods]
// says = "He bought something from the receiver"
// says_zh = "向收款人买过东西"
// check = "Payments of kind purchase are left out"
// check_zh = "已排除购物付款"
// ---
// Suspected receivers: named in a report, or paid by a reporter after he joined a staged group.
MATCH (group:Group)<-[:MEMBER_OF]-(sold:Account)<-[:OF]-(:Sale)
WITH group, count(DISTINCT sold) AS sold_beside
WHERE sold_beside >= $min_sold
WITH collect({group: group, n: sold_beside}) AS staged
CALL (staged) {
  MATCH (:Person)-[:FILED]->(:Report)-[:NAMES]->(receiver:Account)
  RETURN receiver
  UNION
  UNWIND staged AS s
  WITH s.group AS group
  MATCH (group)<-[stay:MEMBER_OF]-(:Account)<-[:HOLDS|CONTROLS]-(reporter:Person)-[:FILED]->(:Report)
  MATCH (reporter)-[:HOLDS|CONTROLS]->(own:Account)-[:SENT]->(p:Payment)-[:PAID_TO]->(receiver:Account)
  WHERE p.at >= stay.joined_at AND coalesce(p.kind, '') <> 'purchase' AND receiver.hub IS NULL
  RETURN receiver
}
WITH staged, collect(DISTINCT receiver) AS receivers
UNWIND receivers AS receiver
MATCH (receiver)<-[:PAID_TO]-(payment:Payment)<-[:SENT]-(payer:Account)
WHERE coalesce(payment.kind, '') <> 'purchase' AND NOT payer IN receivers
  AND ($since IS NULL OR payment.at >= $since) AND ($until IS NULL OR payment.at <= $until)
CALL (payer) {
  MATCH (payer)<-[:HOLDS|CONTROLS]-(person:Person)
  MATCH (person)-[:HOLDS|CONTROLS]->(chat:Account)  // two MATCHes: chat may be the payer itself
  WHERE NOT EXISTS { MATCH (person)-[:FILED]->(:Report) }
  RETURN person.id AS who, person.id AS person_id, chat
  UNION
  MATCH (payer)<-[:BOUND_TO]-(chat:Account)
  WHERE NOT EXISTS { MATCH (payer)<-[:HOLDS|CONTROLS]-(:Person) }
    AND NOT EXISTS { MATCH (chat)<-[:HOLDS|CONTROLS]-(:Person) }
  RETURN chat.id AS who, null AS person_id, chat
  UNION
  MATCH (chat:Account {id: payer.id})
  WHERE NOT EXISTS { MATCH (chat)<-[:HOLDS|CONTROLS]-(:Person) }
  RETURN chat.id AS who, null AS person_id, chat
}
UNWIND staged AS s
WITH s.group AS group, s.n AS n, receiver, receivers, payment, payer, who, person_id, chat
MATCH (chat)-[stay:MEMBER_OF]->(group)
WHERE stay.joined_at <= payment.at AND NOT EXISTS { MATCH (chat)<-[:OF]-(:Sale) }
WITH who, payment.currency AS currency, receivers, max(n) AS sold_beside,
     collect(DISTINCT person_id) AS persons, collect(DISTINCT group.id) AS groups,
     collect(DISTINCT chat.id) AS chats, collect(DISTINCT payer) AS payers,
     collect(DISTINCT receiver.id) AS paid_to, collect(DISTINCT payment) AS paid,
     collect(DISTINCT stay.evidence) AS stays
CALL (payers, receivers) {
  UNWIND payers AS payer
  OPTIONAL MATCH (payer)<-[:PAID_TO]-(back:Payment)<-[:SENT]-(from:Account)
  WHERE from IN receivers
    AND ($since IS NULL OR back.at >= $since) AND ($until IS NULL OR back.at <= $until)
  WITH DISTINCT back
  RETURN coalesce(sum(back.amount_minor), 0) AS got_back
}
WITH who, currency, groups, chats, sold_beside, persons, paid_to, payers, paid, stays, got_back,
     reduce(total = 0, p IN paid | total + p.amount_minor) AS sum_minor
WHERE got_back < sum_minor
CALL (payers) {
  UNWIND payers AS payer
  MATCH (payer)-[:SENT]->(p:Payment)-[:PAID_TO]->(beyond:Account)
  WHERE beyond.hub IS NOT NULL AND coalesce(p.kind, '') <> 'purchase'
    AND ($since IS NULL OR p.at >= $since) AND ($until IS NULL OR p.at <= $until)
  WITH beyond, count(DISTINCT p) AS n
  RETURN collect(beyond.id + ' ' + toString(n)) AS cut
}
RETURN who, currency, groups, chats, sold_beside, [a IN payers | a.id] AS payers,
       paid_to AS receivers, [p IN paid | p.id] AS payments, sum_minor, persons, cut,
       reduce(places = [], p IN paid | places + p.evidence)
         + reduce(places = [], e IN stays | places + e) AS evidence
ORDER BY sum_minor DESC, who, currency
