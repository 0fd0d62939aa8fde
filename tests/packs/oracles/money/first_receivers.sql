WITH staged AS (
  SELECT "group" FROM members WHERE account IN (SELECT account FROM sold)
  GROUP BY "group" HAVING count(DISTINCT account) >= $min_sold
), victims AS (
  SELECT person, list(account) AS own FROM held
  WHERE person IN (SELECT person FROM filed UNION SELECT 'person:' || person FROM persons WHERE role = 'victim')
  GROUP BY person
), since AS (
  SELECT v.person, v.own, min(m.joined_at) AS joined_at
  FROM victims v LEFT JOIN members m ON list_contains(v.own, m.account) AND m."group" IN (FROM staged)
  GROUP BY ALL
)
SELECT p.payee AS receiver, p.currency, list(person) AS victims, list(p.payer) AS payers,
       list(p.payment) AS payments, sum(p.minor) AS sum_minor, min(p.moment) AS first_at, max(p.moment) AS last_at,
       list(p.place) AS evidence
FROM since s JOIN paid p ON list_contains(s.own, p.payer)
WHERE p.kind <> 'purchase' AND p.payee NOT IN (FROM hubs) AND NOT list_contains(s.own, p.payee)
  AND (p.moment >= s.joined_at OR EXISTS (FROM filed f JOIN named n USING (report)
                                      WHERE f.person = s.person AND n.entity = p.payee))
GROUP BY ALL
