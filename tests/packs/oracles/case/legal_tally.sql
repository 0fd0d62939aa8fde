WITH takings AS (
  SELECT seller, p.currency, count(DISTINCT payment) AS receipts, sum(minor) AS received, list(p.place) AS rows
  FROM tills t JOIN paid p ON p.payee = t.till GROUP BY ALL
), settled AS (
  SELECT seller, s.currency, sum(minor) AS settled
  FROM (SELECT DISTINCT seller, currency, payment FROM sold) s JOIN paid USING (payment) GROUP BY ALL
)
SELECT seller, s.currency, count(DISTINCT account) AS accounts, count(*) AS sales, count(DISTINCT buyer) AS buyers,
       sum(price) AS sales_minor, coalesce(any_value(receipts), 0) AS receipts,
       coalesce(any_value(received), 0) AS received_minor, coalesce(any_value(settled), 0) AS settled_minor,
       min(moment) AS first_at, max(moment) AS last_at, list(account) AS sold,
       list(place) || coalesce(any_value(rows), []) AS evidence
FROM sold s LEFT JOIN takings USING (seller, currency) LEFT JOIN settled USING (seller, currency)
GROUP BY seller, s.currency HAVING accounts >= $min_accounts
