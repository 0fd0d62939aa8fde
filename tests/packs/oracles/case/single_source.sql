WITH reporting AS (SELECT account FROM held JOIN filed USING (person)),
asked AS (
  SELECT account FROM sold UNION SELECT entity FROM named WHERE entity NOT LIKE '%-group:%' AND entity NOT LIKE 'payment:%'
  UNION SELECT payee FROM paid WHERE payer IN (FROM reporting) AND kind <> 'purchase' AND payee NOT IN (FROM hubs)
), told AS (
  SELECT payer AS account, place, payment, minor, currency FROM paid
  UNION ALL SELECT payee, place, payment, minor, currency FROM paid
  UNION ALL SELECT account, place, NULL, NULL, NULL FROM (
    SELECT account, place FROM sold UNION ALL SELECT buyer, place FROM sold
    UNION ALL SELECT account, place FROM used UNION ALL SELECT account, place FROM members
    UNION ALL SELECT account, place FROM bound UNION ALL SELECT account, place FROM held
    UNION ALL SELECT account, place FROM accounts WHERE bound_account IS NOT NULL
    UNION ALL SELECT bound_account, place FROM accounts UNION ALL SELECT entity, place FROM named
    UNION ALL SELECT account, place FROM listings UNION ALL SELECT till, place FROM tills)
)
SELECT account, any_value(split_part(place, ':', 1)) AS exhibit, count(DISTINCT place) AS rows,
       coalesce(list(DISTINCT payment) FILTER (payment IS NOT NULL), []) AS payments,
       CASE WHEN count(DISTINCT currency) < 2
            THEN coalesce((SELECT sum(minor) FROM paid p WHERE t.account IN (p.payer, p.payee)), 0) END::BIGINT AS sum_minor,
       list(place) AS evidence
FROM told t WHERE account IN (FROM asked)
GROUP BY account HAVING count(DISTINCT split_part(place, ':', 1)) = 1 AND rows >= $min_rows
