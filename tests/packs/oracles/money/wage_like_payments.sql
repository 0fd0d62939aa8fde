WITH customers AS (SELECT payee AS payer, count(DISTINCT payer) AS n FROM paid GROUP BY payee),
steps AS (
  SELECT *, ms - lag(ms) OVER (PARTITION BY payer, payee, minor, currency ORDER BY ms) AS apart
  FROM paid WHERE minor >= $min_amount AND kind <> 'purchase'
)
SELECT payer, payee, minor AS amount_minor, currency, count(*) AS times, min(moment) AS first_at,
       max(moment) AS last_at, list(payment) AS payments, list(place) AS evidence
FROM steps WHERE payer NOT IN (SELECT payer FROM customers WHERE n > $max_customers) GROUP BY ALL
HAVING times >= $min_times AND bool_and(apart IS NULL OR abs(apart - $period) <= $tolerance)
