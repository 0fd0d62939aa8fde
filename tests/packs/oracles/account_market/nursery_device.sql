SELECT seller, device, count(DISTINCT account) AS accounts, list(account) AS members,
       min(u.moment) AS first_at, max(u.moment) AS last_at, list(s.place) || list(u.place) AS evidence
FROM sold s JOIN used u USING (account) WHERE u.ms < s.ms
GROUP BY ALL HAVING accounts >= $min_accounts
