-- set share_percent=3
WITH stays AS (SELECT DISTINCT "group" AS g, account FROM members),
     shared AS (SELECT g, device FROM stays JOIN used USING (account)
                GROUP BY ALL HAVING count(DISTINCT account) >= $min_accounts),
     puppets AS (SELECT DISTINCT g, account FROM stays JOIN used USING (account) JOIN shared USING (g, device))
SELECT s.g AS "group", count(*) AS members, 100 * count(p.account) // count(*) AS share_percent,
       list(p.account) FILTER (p.account IS NOT NULL) AS controlled,
       coalesce(list(s.account) FILTER (p.account IS NULL), []) AS outsiders,
       (SELECT list(device) FROM shared d WHERE d.g = s.g) AS devices
FROM stays s LEFT JOIN puppets p ON p.g = s.g AND p.account = s.account
GROUP BY s.g HAVING members >= $min_size AND share_percent >= $share_percent AND count(p.account) > 0
