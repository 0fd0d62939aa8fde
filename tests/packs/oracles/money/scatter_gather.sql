-- set within=10d
-- set min_amount=300
-- set min_mids=2
SELECT i.payer AS source, o.payee AS sink, i.currency, list(i.payee) AS mids,
       count(DISTINCT i.payee) AS mids_count, list(i.payment) || list(o.payment) AS payments,
       min(i.moment) AS first_at, max(o.moment) AS last_at, count(*) AS ways,
       list(i.place) || list(o.place) AS evidence
FROM paid i JOIN paid o ON o.payer = i.payee AND o.currency = i.currency
WHERE i.minor >= $min_amount AND o.minor >= $keep * i.minor AND o.ms BETWEEN i.ms AND i.ms + $within
  AND i.kind NOT IN ('purchase', 'refund', 'cash') AND o.kind NOT IN ('purchase', 'refund')
  AND i.payer <> o.payee AND i.payer NOT IN (FROM hubs) AND i.payee NOT IN (FROM hubs) AND o.payee NOT IN (FROM hubs)
GROUP BY ALL HAVING mids_count >= $min_mids
