SELECT seller, currency, count(DISTINCT account) AS accounts, count(*) AS sales, sum(price) AS sum_minor,
       list(account) AS sold, coalesce(list(buyer) FILTER (buyer IS NOT NULL), []) AS buyers,
       min(moment) AS first_at, max(moment) AS last_at, list(place) AS evidence
FROM sold GROUP BY ALL HAVING accounts >= $min_sales
