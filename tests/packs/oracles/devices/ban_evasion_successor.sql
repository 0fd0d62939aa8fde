-- set gap=60d
WITH spans AS (
  SELECT account, min(ms) AS first, max(ms) AS last, min(moment) AS first_at, max(moment) AS last_at
  FROM used GROUP BY account
), on_device AS (
  SELECT device, account FROM used
  WHERE device IN (SELECT device FROM used GROUP BY device
                   HAVING count(DISTINCT account) BETWEEN 2 AND $max_accounts)
  GROUP BY ALL
)
SELECT o.account AS old, n.account AS new, o.device, was.last_at, begun.first_at,
       list(a."group") AS groups
FROM on_device o JOIN on_device n USING (device)
JOIN spans was ON was.account = o.account JOIN spans begun ON begun.account = n.account
JOIN members a ON a.account = o.account JOIN members b ON b.account = n.account AND b."group" = a."group"
WHERE begun.first > was.last AND begun.first <= was.last + $gap
GROUP BY ALL HAVING count(DISTINCT a."group") >= $min_groups
