SELECT ip, count(DISTINCT account) AS accounts, list(account) AS members, list(device) AS devices,
       min(moment) AS first_at, max(moment) AS last_at, list(place) AS evidence
FROM used GROUP BY ip HAVING accounts BETWEEN $min_accounts AND $hub_max
