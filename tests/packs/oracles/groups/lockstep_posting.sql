-- set min_accounts=2
-- set window=1d
WITH acts AS (
  SELECT "group" AS g, template, ms // $window AS slot, list(account) AS who, list(place) AS rows,
         min(moment) AS first_at, max(moment) AS last_at
  FROM posted WHERE length(template) >= $min_length
  GROUP BY ALL HAVING count(DISTINCT account) >= $min_accounts
)
SELECT g AS "group", count(*) AS acts, count(DISTINCT left(first_at, 10)) AS days,
       list(template) AS templates, flatten(list(who)) AS members, min(first_at) AS first_at,
       max(last_at) AS last_at, flatten(list(rows)) AS evidence
FROM acts GROUP BY g HAVING acts >= $min_acts
