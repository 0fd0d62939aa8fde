WITH one AS (
  SELECT account AS a, bound_account AS b FROM accounts WHERE bound_account IS NOT NULL
), same AS (
  SELECT a, b FROM one UNION SELECT b, a FROM one
  UNION SELECT payer, payer FROM paid
)
SELECT t.seller, p.currency, count(DISTINCT payer) AS buyers, list(payer) AS payers,
       list(till) AS collects_at, list(payment) AS payments, sum(minor) AS sum_minor,
       (SELECT count(*) FROM sold s WHERE s.seller = t.seller) AS sales_held,
       list(p.place) || list(t.place) AS evidence
FROM tills t JOIN paid p ON p.payee = t.till
WHERE minor >= $min_amount AND NOT EXISTS (
  FROM sold s JOIN same ON same.a = s.buyer AND same.b = p.payer
  WHERE s.seller = t.seller AND abs(s.ms - p.ms) <= $within)
GROUP BY t.seller, p.currency HAVING buyers >= $min_buyers
