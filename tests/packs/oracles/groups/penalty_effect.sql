WITH fined AS (
  SELECT account, 'penalty:' || account || '/' || kind || '/' || moment AS penalty, kind, moment, ms
  FROM penalties
), own AS (SELECT DISTINCT account, device FROM used),
begun AS (
  SELECT f.penalty, f.account, u.account AS other, u.device
  FROM fined f JOIN own o USING (account)
  JOIN used u ON u.device = o.device AND u.account <> f.account AND u.ms > f.ms AND u.ms <= f.ms + $days
  WHERE NOT EXISTS (FROM used e JOIN own p ON p.device = e.device
                    WHERE p.account = f.account AND e.account = u.account AND e.ms <= f.ms)
), acts AS (SELECT account, ms FROM used UNION ALL SELECT account, ms FROM posted)
SELECT f.account, f.penalty, f.kind, f.moment AS "at", list(DISTINCT other) AS successors,
       list(DISTINCT device) AS devices,
       (SELECT count(*) FROM acts a WHERE a.account = f.account AND a.ms BETWEEN f.ms - $days AND f.ms) AS before,
       (SELECT count(*) FROM acts a WHERE a.account = f.account AND a.ms > f.ms AND a.ms <= f.ms + $days) AS after,
       (SELECT count(DISTINCT b.account) FROM members a JOIN members b USING ("group")
        WHERE a.account = f.account AND list_contains(list(other), b.account)) AS same_group
FROM fined f JOIN begun b USING (penalty) GROUP BY f.account, f.penalty, f.kind, f.moment, f.ms
HAVING count(DISTINCT other) >= $min_successors
