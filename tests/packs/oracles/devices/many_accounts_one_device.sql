SELECT device, count(DISTINCT account) AS accounts, count(*) AS logins, min(moment) AS first_at,
       max(moment) AS last_at, list(account) AS members, list(place) AS evidence
FROM used GROUP BY device HAVING accounts >= $min_accounts
