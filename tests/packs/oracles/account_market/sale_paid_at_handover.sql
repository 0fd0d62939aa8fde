-- set tolerance=1d
WITH fits AS (
  SELECT s.*, t.till, t.place AS till_place, p.payment AS paid_by, p.payer, p.ms AS paid_ms, p.place AS paid_place,
         abs(p.ms - s.ms) AS apart
  FROM sold s JOIN tills t USING (seller) JOIN paid p ON p.payee = t.till
  WHERE p.minor = s.price AND p.currency = s.currency AND apart <= $tolerance
), best AS (
  SELECT *, count(*) OVER (PARTITION BY sale) AS candidates FROM fits
  QUALIFY row_number() OVER (PARTITION BY sale ORDER BY apart, paid_by) = 1
), counted AS (
  SELECT *, (SELECT count(*) FROM sold r WHERE r.seller = b.seller AND r.sale <> b.sale AND r.price = b.price
        AND r.currency = b.currency AND abs(r.ms - b.paid_ms) <= $tolerance) AS rivals
  FROM best b
)
SELECT sale, seller, account, moment AS "at", paid_by AS payment, payer, till, apart // 1000 AS apart_s,
       price AS amount_minor, currency, candidates, rivals, candidates > 1 OR rivals > 0 AS ambiguous,
       [place, paid_place, till_place] AS evidence
FROM counted
