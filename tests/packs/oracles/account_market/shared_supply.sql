-- set min_common=1
WITH offers AS (
  SELECT 'seller:' || seller AS seller, account, ms, place, false AS sale FROM listings
  UNION ALL SELECT seller, account, ms, place, true FROM sold
), stock AS (
  SELECT account, seller, min(ms) AS first, bool_or(sale) AS sold, list(place) AS rows,
         min(ms) FILTER (sale) AS sold_at
  FROM offers GROUP BY ALL
)
SELECT a.seller AS seller_a, b.seller AS seller_b, count(*) AS common, list(account) AS members,
       count(*) FILTER (a.sold AND b.sold) AS sold_by_both,
       flatten(list(a.rows || b.rows)) AS evidence
FROM stock a JOIN stock b USING (account)
WHERE a.seller < b.seller
  AND NOT coalesce(a.sold_at < b.first, false) AND NOT coalesce(b.sold_at < a.first, false)
GROUP BY ALL HAVING common >= $min_common
