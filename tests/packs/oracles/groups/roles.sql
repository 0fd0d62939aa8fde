WITH staged AS (
  SELECT "group" FROM members WHERE account IN (SELECT account FROM sold)
  GROUP BY "group" HAVING count(DISTINCT account) >= $min_sold
), acted AS (
  SELECT "group", account, template, moment, NULL AS guest FROM posted
  UNION ALL SELECT "group", invited_by, NULL, NULL, account FROM members WHERE invited_by IS NOT NULL
)
SELECT "group", account, (SELECT max(role) FROM members m WHERE m.account = a.account
                          AND m."group" = a."group") AS recorded,
       count(template) AS messages, count(DISTINCT template) AS templates,
       count(DISTINCT guest) AS invited, account IN (SELECT account FROM sold) AS sold,
       min(moment) AS first_at, max(moment) AS last_at
FROM acted a WHERE "group" IN (FROM staged) GROUP BY "group", account
HAVING messages >= $min_messages OR invited > 0
