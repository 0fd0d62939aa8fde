-- set times=2
-- set min_loss=500
WITH lost AS (
  SELECT b.payer AS bait_payer, b.payee AS own, b.currency, min(b.ms) AS first,
         list(DISTINCT l.payment) AS paid
  FROM paid b JOIN paid l ON l.payer = b.payee AND l.payee = b.payer AND l.currency = b.currency
  WHERE b.minor BETWEEN 1 AND $max_bait AND b.kind NOT IN ('refund', 'purchase')
    AND b.payer NOT IN (FROM hubs) AND l.kind <> 'purchase' AND l.ms > b.ms AND l.minor > b.minor
  GROUP BY ALL
), told AS (
  SELECT l.*, coalesce((SELECT min(person) FROM held h WHERE h.account = own), own) AS victim,
         (SELECT sum(minor) FROM paid WHERE list_contains(l.paid, payment)) AS loss,
         (SELECT list(payment) FROM paid p WHERE p.payer = bait_payer AND p.payee = own AND p.ms = first
          AND p.currency = l.currency AND p.minor <= $max_bait) AS baits
  FROM lost l
)
SELECT victim, bait_payer, currency, list(own) AS own, flatten(list(baits)) AS baits,
       flatten(list(paid)) AS payments, sum(loss)::BIGINT AS loss_minor
FROM told WHERE loss >= $min_loss GROUP BY ALL
HAVING loss_minor >= $times * (SELECT sum(minor) FROM paid p WHERE list_contains(flatten(list(baits)), p.payment))
