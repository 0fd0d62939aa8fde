// The small bait before the big loss
// ---
// question = "Which account paid a victim a small sum and was then paid at least $times times as much by him?"
// question_zh = "返利诱饵：谁先返小钱、后收大钱？"
// level = "indicator"
// status = "stable"
// revision = 1
// not_covered = "Baits paid by one account where the loss went to another that no report names; baits in goods"
// not_covered_zh = "由一个账户返利、损失却付给另一个未被报案提及的账户；以实物为饵"
// references = ["Case reports: a first small return that is really paid out, then the large deposits"]
// legal = ["Means of deceiving the victim (to be checked by counsel)"]
//
// [parameter.victim]
// type = "id"
// says = "Only this victim: a person or an account"
//
// [parameter.times]
// type = "int"
// default = 10
// min = 2
// says = "How many times the bait the later sum is at least"
//
// [parameter.min_loss]
// type = "money"
// default = "1000"
// says = "Smaller later sums are left out"
//
// [parameter.max_bait]
// type = "money"
// default = "1000"
// says = "Larger payments are no bait"
//
// [parameter.since]
// type = "time"
// says = "Baits before this time are left out"
//
// [parameter.until]
// type = "time"
// says = "Baits after this time are left out"
//
// [column]
// victim = { type = "id", key = true, says = "The person, or the account where no holder is known" }
// bait_payer = { type = "id", key = true, says = "Who paid the bait" }
// currency = { type = "text", key = true, says = "Currency" }
// own = { type = "ids", says = "The victim's accounts that took part" }
// bait_minor = { type = "money", says = "The bait" }
// bait_at = { type = "time", says = "When it came" }
// loss_minor = { type = "money", says = "What the victim paid the same account afterwards" }
// baits = { type = "ids", says = "The payments that came" }
// payments = { type = "ids", says = "The payments that went" }
// cut = { type = "cuts", says = "Hubs that paid the victim's accounts, and how many payments were not followed there" }
// evidence = { type = "ids", says = "Their rows" }
//
// [graph]
// nodes = { Account = ["bait_payer", "own"], Payment = ["baits", "payments"] }
// links = { SENT = [["bait_payer", "baits"], ["own", "payments"]], PAID_TO = [["baits", "own"], ["payments", "bait_payer"]] }
//
// [innocent.refund]
// says = "A shop that refunded an order, and a larger order after it"
// says_zh = "商店退了一单，之后又下了一笔大单"
// check = "The payment is of kind refund, or the later ones are purchases"
// check_zh = "付款类型为退款，或之后的付款是购物"
//
// [innocent.lunch]
// says = "A friend who paid his share of a lunch and later borrowed a little"
// says_zh = "朋友付了自己那份饭钱，之后借了一点钱"
// check = "The later sum is not ten times as large"
// check_zh = "之后的金额不到十倍"
//
// [innocent.paid_before]
// says = "Somebody who was repaid and never paid again"
// says_zh = "收到还款后再没有付过钱的人"
// check = "Only payments after the bait count"
// check_zh = "只计返利之后的付款"
//
// [innocent.loan]
// says = "Friends who lend each other money, small and large"
// says_zh = "朋友之间大小款项互相借还"
// check = "Payments go both ways over years; ask both"
// check_zh = "多年来双向往来；向双方询问"
// separable = false
// ---
// From the small payment, to the later ones between the same two accounts or another of the victim.
CALL () {
  MATCH (own:Account)
  WHERE $victim IS NULL OR own.id = $victim
  RETURN own
  UNION
  MATCH (:Person {id: $victim})-[:HOLDS|CONTROLS]->(own:Account)
  RETURN own
}
MATCH (payer:Account)-[:SENT]->(bait:Payment)-[:PAID_TO]->(own)
WHERE bait.amount_minor <= $max_bait AND bait.amount_minor > 0 AND payer.hub IS NULL
  AND NOT coalesce(bait.kind, '') IN ['refund', 'purchase']
  AND ($since IS NULL OR bait.at >= $since) AND ($until IS NULL OR bait.at <= $until)
WITH payer, own, bait
MATCH (own)-[:SENT]->(later:Payment)-[:PAID_TO]->(payer)
WHERE later.at_ms > bait.at_ms AND coalesce(later.kind, '') <> 'purchase'
  AND later.currency = bait.currency AND later.amount_minor > bait.amount_minor
WITH payer, own, bait.currency AS currency, min(bait.at_ms) AS first, collect(DISTINCT later) AS paid
WHERE reduce(total = 0, p IN paid | total + p.amount_minor) >= $min_loss
CALL (own) {
  OPTIONAL MATCH (own)<-[:HOLDS|CONTROLS]-(person:Person)
  RETURN min(person.id) AS holder
}
WITH payer, own, currency, first, paid, coalesce(holder, own.id) AS victim
WHERE $victim IS NULL OR victim = $victim OR own.id = $victim
CALL (payer, own, first, currency) {
  MATCH (payer)-[:SENT]->(bait:Payment)-[:PAID_TO]->(own)
  WHERE bait.at_ms = first AND bait.currency = currency AND bait.amount_minor <= $max_bait
  RETURN collect(DISTINCT bait) AS baits
}
CALL (own) {
  MATCH (own)<-[:PAID_TO]-(p:Payment)<-[:SENT]-(beyond:Account)
  WHERE beyond.hub IS NOT NULL
  WITH beyond, count(p) AS n
  RETURN collect(beyond.id + ' ' + toString(n)) AS cuts
}
WITH victim, payer, currency, collect(own.id) AS own, collect(baits) AS all_baits,
     collect(paid) AS all_paid, collect(cuts) AS all_cuts
WITH victim, payer, currency, own, reduce(found = [], c IN all_cuts | found + c) AS cut,
     reduce(found = [], b IN all_baits | found + b) AS baits,
     reduce(found = [], p IN all_paid | found + p) AS paid
WITH victim, payer, currency, own, baits, paid, cut,
     reduce(total = 0, p IN baits | total + p.amount_minor) AS bait_minor,
     reduce(total = 0, p IN paid | total + p.amount_minor) AS loss_minor
WHERE loss_minor >= $times * bait_minor
UNWIND baits + paid AS p
UNWIND p.evidence AS place
RETURN victim, payer.id AS bait_payer, currency, own, bait_minor,
       reduce(t = null, b IN baits | CASE WHEN t IS NULL OR b.at < t THEN b.at ELSE t END) AS bait_at,
       loss_minor, [b IN baits | b.id] AS baits, [p IN paid | p.id] AS payments, cut,
       collect(DISTINCT place) AS evidence
ORDER BY loss_minor DESC, victim, bait_payer, currency
