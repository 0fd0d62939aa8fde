-- set min_length=2
-- set max_groups=1000
SELECT template, list("group") AS groups, list(account) AS members, count(*) AS messages,
       min(moment) AS first_at, max(moment) AS last_at, list(place) AS evidence
FROM posted WHERE length(template) >= $min_length GROUP BY template
HAVING count(DISTINCT "group") BETWEEN $min_groups AND $max_groups
   AND count(DISTINCT account) >= $min_accounts
