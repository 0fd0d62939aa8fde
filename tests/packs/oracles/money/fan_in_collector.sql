WITH came AS (
  SELECT payee AS account, currency, list(payer) AS payers, list(payment) AS received,
         sum(minor) AS in_minor, list(place) AS places
  FROM paid WHERE minor >= $min_amount AND kind <> 'purchase'
    AND payee NOT IN (FROM hubs) AND payer NOT IN (FROM hubs)
  GROUP BY ALL HAVING count(DISTINCT payer) >= $min_payers
), went AS (
  SELECT payer AS account, currency, list(payee) AS payees, list(payment) AS passed,
         sum(minor) AS out_minor, list(place) AS places
  FROM paid WHERE kind <> 'purchase' GROUP BY ALL
)
SELECT account, currency, payers, payees, in_minor, out_minor, 100 * out_minor // in_minor AS percent,
       received, passed, came.places || went.places AS evidence
FROM came JOIN went USING (account, currency) WHERE percent BETWEEN $pass_percent AND $max_percent
