// A victim's journey
// ---
// question = "What happened to this victim, in order, each line with its source row?"
// question_zh = "受害人经历了什么（按时间，逐条附出处）？"
// level = "fact"
// status = "stable"
// revision = 1
// not_covered = "Talks outside the groups on record; clocks of different sources may differ by minutes"
// not_covered_zh = "在案各群之外的谈话；不同来源的时钟可能相差几分钟"
// references = ["Timesketch: time lines from several sources"]
// legal = ["Course of events as the records show it (to be checked by counsel)"]
//
// [parameter.victim]
// type = "id"
// says = "This person; otherwise every person who filed a report or is entered as a victim"
//
// [parameter.since]
// type = "time"
// says = "Events before this time are left out"
//
// [parameter.until]
// type = "time"
// says = "Events after this time are left out"
//
// [column]
// victim = { type = "id", key = true, says = "The person" }
// at = { type = "time", key = true, says = "When" }
// event = { type = "text", key = true, says = "What happened: joined, paid, was paid, reported" }
// what = { type = "id", key = true, says = "The group, payment or report" }
// own = { type = "id", key = true, says = "The victim's account, where one took part" }
// other = { type = "id", says = "The account on the other side of a payment" }
// amount_minor = { type = "money", says = "The amount paid, received or reported" }
// currency = { type = "text", says = "Its currency" }
// group = { type = "id", says = "The group that was joined" }
// payment = { type = "id", says = "The payment" }
// evidence = { type = "ids", says = "The row that says so" }
//
// [graph]
// nodes = { Person = "victim", Account = ["own", "other"], Group = "group", Payment = "payment" }
// links = { HOLDS = ["victim", "own"], CONTROLS = ["victim", "own"], MEMBER_OF = ["own", "group"], SENT = [["own", "payment"], ["other", "payment"]], PAID_TO = [["payment", "other"], ["payment", "own"]] }
//
// [innocent.ordinary_life]
// says = "A time line shows all that is on record, the victim's ordinary life too"
// says_zh = "时间线列出全部记录，也包括受害人的日常生活"
// check = "Ask the victim which lines belong to the case"
// check_zh = "向受害人问明哪些与本案有关"
// separable = false
// ---
MATCH (victim:Person)
WHERE ($victim IS NULL OR victim.id = $victim)
  AND ($victim IS NOT NULL OR victim.role = 'victim'
       OR EXISTS { MATCH (victim)-[:FILED]->(:Report) })
CALL (victim) {
  MATCH (victim)-[:HOLDS|CONTROLS]->(a:Account)-[stay:MEMBER_OF]->(g:Group)
  WHERE stay.joined_at IS NOT NULL
  RETURN stay.joined_at AS at, 'joined' AS event, g.id AS what, a.id AS own, null AS other,
         null AS amount_minor, null AS currency, g.id AS group, null AS payment,
         stay.evidence AS evidence
  UNION
  MATCH (victim)-[:HOLDS|CONTROLS]->(a:Account)-[:SENT]->(p:Payment)-[:PAID_TO]->(b:Account)
  RETURN p.at AS at, 'paid' AS event, p.id AS what, a.id AS own, b.id AS other,
         p.amount_minor AS amount_minor, p.currency AS currency, null AS group, p.id AS payment,
         p.evidence AS evidence
  UNION
  MATCH (victim)-[:HOLDS|CONTROLS]->(a:Account)<-[:PAID_TO]-(p:Payment)<-[:SENT]-(b:Account)
  RETURN p.at AS at, 'was paid' AS event, p.id AS what, a.id AS own, b.id AS other,
         p.amount_minor AS amount_minor, p.currency AS currency, null AS group, p.id AS payment,
         p.evidence AS evidence
  UNION
  MATCH (victim)-[:FILED]->(r:Report)
  WHERE r.at IS NOT NULL
  RETURN r.at AS at, 'reported' AS event, r.id AS what, null AS own, null AS other,
         r.loss_minor AS amount_minor, r.currency AS currency, null AS group, null AS payment,
         r.evidence AS evidence
}
WITH victim, at, event, what, own, other, amount_minor, currency, group, payment, evidence
WHERE ($since IS NULL OR at >= $since) AND ($until IS NULL OR at <= $until)
RETURN victim.id AS victim, at, event, what, own, other, amount_minor, currency, group, payment,
       evidence
ORDER BY victim, at, event, what, own
