WITH staged AS (
  SELECT "group", count(DISTINCT account) AS sold_beside FROM members
  WHERE account IN (SELECT account FROM sold) GROUP BY "group" HAVING sold_beside >= $min_sold
), reporting AS (SELECT account FROM held JOIN filed USING (person)),
receivers AS (
  SELECT entity AS account FROM named
  UNION SELECT payee FROM paid WHERE payer IN (FROM reporting)
), own AS (
  SELECT account, account AS purse FROM members
  UNION SELECT account, bound_account FROM accounts WHERE bound_account IS NOT NULL
  UNION SELECT a.account, b.account FROM held a JOIN held b USING (person)
)
SELECT m."group", m.account, min(m.joined_at) AS joined_at, any_value(sold_beside) AS sold_beside,
       coalesce((SELECT list(person) FROM held h WHERE h.account = m.account), []) AS persons,
       (SELECT count(DISTINCT payment) FROM own o JOIN paid p ON p.payer = o.purse
        WHERE o.account = m.account AND p.kind <> 'purchase' AND p.payee IN (FROM receivers)) AS paid,
       coalesce((SELECT list(phone) FROM bound b WHERE b.account = m.account), []) AS phones,
       list(m.place) AS evidence
FROM members m JOIN staged USING ("group")
WHERE m.left_at IS NULL AND m.account NOT IN (SELECT account FROM sold) AND m.account NOT IN (FROM reporting)
  AND NOT EXISTS (FROM used u JOIN used v USING (device) JOIN sold s ON s.account = v.account
                  WHERE u.account = m.account)
GROUP BY m."group", m.account HAVING paid <= $max_paid
