-- set min_accounts=2
SELECT person, split_part(account, ':', 1) AS platform, count(DISTINCT account) AS accounts,
       list(account) AS members, list(place) AS evidence
FROM held WHERE account NOT LIKE 'bank:%' GROUP BY ALL HAVING accounts >= $min_accounts
