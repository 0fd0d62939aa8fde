WITH victims AS (SELECT person FROM filed UNION SELECT 'person:' || person FROM persons WHERE role = 'victim'),
staged AS (
  SELECT "group", max(group_created_at) AS created_at FROM members
  GROUP BY "group" HAVING count(DISTINCT account) FILTER (account IN (SELECT account FROM sold)) >= $min_sold
), came AS (
  SELECT "group", person, any_value(s.created_at) AS created_at, min(joined_at) AS joined_at, list(m.place) AS stays
  FROM members m JOIN staged s USING ("group") JOIN held USING (account)
  WHERE person IN (FROM victims) AND account NOT IN (SELECT account FROM sold) GROUP BY ALL
), gone AS (
  SELECT DISTINCT c.*, currency, payment, minor, moment, ms, p.place
  FROM came c JOIN held USING (person) JOIN paid p ON p.payer = held.account
  WHERE p.moment >= joined_at AND p.kind <> 'purchase' AND p.payee NOT IN (FROM hubs)
    AND p.payee NOT IN (SELECT account FROM held h WHERE h.person = c.person)
)
SELECT "group", currency, any_value(created_at) AS created_at, min(joined_at) AS first_joined_at,
       min(moment) AS first_paid_at, max(moment) AS last_paid_at,
       (max(ms) - min(ms)) // 86400000 AS paying_days, list(person) AS victims, list(payment) AS payments,
       sum(minor)::BIGINT AS sum_minor, flatten(list(stays)) || list(place) AS evidence
FROM gone GROUP BY "group", currency
