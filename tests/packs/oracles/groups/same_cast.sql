WITH stays AS (SELECT "group" AS g, account, list(place) AS places FROM members GROUP BY ALL),
     sizes AS (SELECT g, count(*) AS n FROM stays GROUP BY g)
SELECT a.g AS group_a, b.g AS group_b, count(*) AS common,
       100 * common // (any_value(x.n) + any_value(y.n) - common) AS jaccard_percent,
       list(a.account) AS members, flatten(list(a.places || b.places)) AS evidence
FROM stays a JOIN stays b ON a.account = b.account AND a.g < b.g
JOIN sizes x ON x.g = a.g JOIN sizes y ON y.g = b.g
WHERE x.n <= $max_size AND y.n <= $max_size
GROUP BY ALL HAVING common >= $min_common AND jaccard_percent >= $jaccard_percent
