-- set gap=25d
-- set burst=40d
-- set min_after=2
WITH times AS (SELECT account, ms, lag(ms) OVER (PARTITION BY account ORDER BY ms) AS slept FROM used),
woken AS (
  SELECT DISTINCT t.account, t.ms AS woke, t.slept FROM times t
  WHERE t.ms - t.slept > $gap AND $min_after <=
    (SELECT count(*) FROM used u WHERE u.account = t.account AND u.ms BETWEEN t.ms AND t.ms + $burst)
)
SELECT w.account, min(u.moment) FILTER (u.ms >= woke) AS woke_at, (woke - slept) // 86400000 AS slept_days,
       count(*) FILTER (u.ms BETWEEN woke AND woke + $burst) AS logins,
       list(device) FILTER (u.ms <= slept) AS devices_before,
       list(device) FILTER (u.ms BETWEEN woke AND woke + $burst) AS devices_after,
       list(place) FILTER (u.ms BETWEEN woke AND woke + $burst OR u.ms = slept) AS evidence
FROM woken w JOIN used u USING (account) GROUP BY w.account, woke, slept
HAVING NOT list_has_any(devices_before, devices_after)
  AND (SELECT count(*) > $min_after AND max(ms) - min(ms) > $gap FROM used x WHERE x.account = w.account)
