-- set min_events=2
-- set min_amount=100
-- set window=1d
WITH passed AS (
  SELECT i.payee AS account, i.currency, i.payment, i.payer, i.minor, i.place, list(o.payment) AS outs
  FROM paid i JOIN paid o ON o.payer = i.payee AND o.currency = i.currency
  WHERE i.minor >= $min_amount AND i.payee NOT IN (FROM hubs)
    AND o.ms BETWEEN i.ms AND i.ms + $window
  GROUP BY i.payee, i.currency, i.payment, i.payer, i.minor, i.place
  HAVING 100 * sum(o.minor) BETWEEN $low_percent * i.minor AND $high_percent * i.minor
), found AS (
  SELECT account, currency, count(*) AS events, list(payer) AS payers, sum(minor) AS in_minor,
         list(payment) AS received, list_distinct(flatten(list(outs))) AS passed, list(place) AS places
  FROM passed GROUP BY ALL HAVING events >= $min_events
)
SELECT f.account, f.currency, events, payers, list(o.payee) AS payees, in_minor,
       sum(o.minor) AS out_minor, received, passed, any_value(places) || list(o.place) AS evidence
FROM found f JOIN paid o ON list_contains(f.passed, o.payment)
GROUP BY f.account, f.currency, events, payers, in_minor, received, passed
