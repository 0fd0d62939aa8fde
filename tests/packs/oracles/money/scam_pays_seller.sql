WITH scams AS (
  SELECT entity AS account FROM named
  UNION SELECT payee FROM paid JOIN held ON held.account = payer JOIN filed USING (person)
  WHERE kind <> 'purchase'
), pairs AS (
  SELECT f.payer AS scam_side, t.seller, b.payer AS buyer, t.till, f.currency, f.payment AS funding,
         f.minor AS funded, b.payment AS purchase, b.minor AS spent, [f.place, b.place, t.place] AS places
  FROM tills t JOIN paid b ON b.payee = t.till
  JOIN paid f ON f.payee = b.payer AND f.currency = b.currency AND f.ms BETWEEN b.ms - $within AND b.ms
  WHERE b.minor >= $min_amount AND f.payer IN (FROM scams) AND f.payer <> t.till
    AND t.till NOT IN (FROM hubs) AND b.payer NOT IN (FROM hubs) AND f.payer NOT IN (FROM hubs)
)
SELECT scam_side, seller, buyer, till, currency, list(funding) AS fundings, list(purchase) AS purchases,
       (SELECT sum(minor) FROM paid WHERE list_contains(list(funding), payment))::BIGINT AS funded_minor,
       (SELECT sum(minor) FROM paid WHERE list_contains(list(purchase), payment))::BIGINT AS paid_minor,
       flatten(list(places)) AS evidence
FROM pairs GROUP BY scam_side, seller, buyer, till, currency
