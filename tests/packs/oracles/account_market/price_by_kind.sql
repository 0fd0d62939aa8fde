SELECT seller, coalesce(a.kind, s.condition, 'unknown') AS kind, left(s.moment, 7) AS month, s.currency,
       count(*) AS sales, min(price) AS min_minor, floor(median(price))::BIGINT AS median_minor,
       max(price) AS max_minor, list(account) AS sold, list(s.place) AS evidence
FROM sold s LEFT JOIN (SELECT account, any_value(kind) AS kind FROM accounts GROUP BY account) a USING (account)
GROUP BY ALL HAVING sales >= $min_sales
