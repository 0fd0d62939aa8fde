SELECT account, count(DISTINCT phone) AS phones, list(phone ORDER BY ms, phone) AS chain,
       list(moment ORDER BY ms, phone) AS times,
       coalesce((SELECT list(o.account) FROM bound o WHERE o.account <> b.account
                 AND o.phone IN (SELECT phone FROM bound x WHERE x.account = b.account AND x.moment IS NOT NULL)),
                []) AS also, list(place) AS evidence
FROM bound b WHERE moment IS NOT NULL GROUP BY account HAVING phones >= $min_phones
