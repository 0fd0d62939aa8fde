WITH pairs AS (
  SELECT device, account, moment, place, lag(account) OVER w AS before, lag(place) OVER w AS place_before,
         ms - lag(ms) OVER w AS apart, min(moment) OVER d AS first_at, max(moment) OVER d AS last_at
  FROM used WINDOW w AS (PARTITION BY device ORDER BY ms, account), d AS (PARTITION BY device)
)
SELECT device, count(*) AS switches, count(DISTINCT left(moment, 10)) AS days,
       len(list_distinct(flatten(list([before, account])))) AS accounts,
       flatten(list([before, account])) AS members, any_value(first_at) AS first_at,
       any_value(last_at) AS last_at, flatten(list([place_before, place])) AS evidence
FROM pairs WHERE before <> account AND apart <= $gap
GROUP BY device HAVING switches >= $min_switches AND days >= $min_days
