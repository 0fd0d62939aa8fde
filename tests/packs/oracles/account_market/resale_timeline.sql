WITH sides AS (
  SELECT s.sale, list(u.device) FILTER (u.ms < s.ms) AS before,
         list(u.device) FILTER (u.ms >= s.ms) AS after, list(u.place) AS rows
  FROM sold s JOIN used u USING (account) GROUP BY s.sale
)
SELECT s.account, s.moment AS sold_at, s.seller, before AS devices_before, after AS devices_after,
       list(b.phone) AS phones_after, list(b.place) || any_value(rows) || [any_value(s.place)] AS evidence
FROM sold s JOIN sides USING (sale) JOIN bound b USING (account)
WHERE b.ms BETWEEN s.ms AND s.ms + $days
  AND len(before) > 0 AND len(after) > 0 AND NOT list_has_any(before, after)
GROUP BY s.account, s.moment, s.seller, before, after
