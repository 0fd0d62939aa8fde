WITH shared AS (
  SELECT device, count(DISTINCT account) AS accounts, list(DISTINCT account) AS members,
         min(moment) AS first_at, (max(ms) - min(ms)) // 86400000 AS days, list(place) AS evidence
  FROM used GROUP BY device HAVING accounts >= $min_accounts
), each AS (
  SELECT device, account, first_at, account IN (SELECT account FROM sold) AS was_sold,
         left(first_at, 4) > (SELECT left(min(registered_at), 4) FROM accounts a
                              WHERE a.account = e.account) AS old
  FROM (SELECT device, first_at, unnest(members) AS account FROM shared) e
), told AS (
  SELECT device, count(DISTINCT account) FILTER (old) AS old_accounts,
         count(DISTINCT account) FILTER (was_sold) AS sold, count(DISTINCT person) AS people
  FROM each LEFT JOIN held USING (account) GROUP BY device
)
SELECT device, accounts, members, days, evidence, old_accounts, sold, people,
       CASE WHEN accounts <= $family_max AND sold = 0 AND days >= $min_days
            THEN 'family_like' ELSE 'operator_like' END AS reading
FROM shared JOIN told USING (device)
