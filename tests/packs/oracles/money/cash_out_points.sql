WITH drawn AS (
  SELECT d.payer AS account, d.payment, d.payee AS machine, d.minor, d.currency, d.place,
         list(i.payer) AS feeders, list(i.payment) AS ins, list(i.place) AS in_places
  FROM paid d JOIN paid i ON i.payee = d.payer AND i.currency = d.currency
  WHERE d.kind = 'cash' AND i.minor >= $min_amount AND i.ms BETWEEN d.ms - $window AND d.ms
  GROUP BY ALL HAVING 100 * d.minor >= $share_percent * sum(i.minor)
)
SELECT account, currency, count(*) AS draws, sum(minor) AS drawn_minor, flatten(list(feeders)) AS feeders,
       list(machine) AS machines, flatten(list(ins)) AS inflows, list(payment) AS withdrawals,
       flatten(list(in_places)) || list(place) AS evidence
FROM drawn GROUP BY ALL HAVING draws >= $min_draws
