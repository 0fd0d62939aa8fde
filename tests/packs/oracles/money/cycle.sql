-- set min_amount=50
-- set min_hops=2
-- set max_hops=3
WITH steps AS (
  SELECT *, payee IN (FROM hubs) OR kind = 'cash' AS stops FROM paid WHERE kind NOT IN ('purchase', 'refund')
), two AS (
  SELECT a.payer AS start, a.ms, a.currency, a.minor AS first_minor, a.moment AS first_at, b.ms AS last_ms,
         b.moment AS last_at, b.minor, b.payee, b.stops, [a.payer, b.payer] AS accounts,
         [a.payment, b.payment] AS payments, [a.place, b.place] AS evidence
  FROM steps a JOIN steps b ON b.payer = a.payee AND b.currency = a.currency
  WHERE a.minor >= $min_amount AND a.payer NOT IN (FROM hubs) AND NOT a.stops
    AND b.ms BETWEEN a.ms AND a.ms + $within AND b.minor >= $keep * a.minor
), three AS (
  SELECT start, t.ms, t.currency, first_minor, first_at, c.ms AS last_ms, c.moment AS last_at, c.minor,
         c.payee, c.stops, list_append(accounts, c.payer) AS accounts,
         list_append(payments, c.payment) AS payments, list_append(evidence, c.place) AS evidence
  FROM two t JOIN steps c ON c.payer = t.payee AND c.currency = t.currency
  WHERE NOT t.stops AND NOT list_contains(accounts, t.payee)
    AND c.ms BETWEEN t.last_ms AND t.ms + $within AND c.minor >= $keep * t.minor
)
SELECT start, payments, accounts, currency, first_minor, minor AS back_minor,
       round((last_ms - ms) / 1000)::BIGINT AS seconds, first_at,
       count(*) OVER (PARTITION BY start, currency) - 1 AS other_rings, evidence
FROM (FROM two UNION ALL FROM three) WHERE payee = start
