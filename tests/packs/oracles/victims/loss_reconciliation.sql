WITH own AS (SELECT person, list(account) AS own FROM held GROUP BY person),
staged AS (
  SELECT "group" FROM members WHERE account IN (SELECT account FROM sold)
  GROUP BY "group" HAVING count(DISTINCT account) >= $min_sold
), told AS (
  SELECT person AS victim, currency, sum(loss_minor)::BIGINT AS reported_minor, any_value(own) AS own,
         list(report) AS reports,
         (SELECT min(joined_at) FROM members m JOIN held h USING (account)
          WHERE h.person = f.person AND m."group" IN (FROM staged)) AS joined_at
  FROM filed f JOIN own USING (person) WHERE loss_minor IS NOT NULL GROUP BY person, currency
), out AS (
  SELECT victim, t.currency, p.payment, p.payee, p.minor
  FROM told t JOIN paid p ON list_contains(t.own, p.payer) AND p.currency = t.currency
  WHERE p.kind <> 'purchase' AND NOT list_contains(t.own, p.payee) AND p.payee NOT IN (FROM hubs)
    AND (p.moment >= t.joined_at OR p.payee IN (SELECT entity FROM named n WHERE list_contains(t.reports, n.report)))
), back AS (
  SELECT DISTINCT victim, t.currency, p.payment, p.minor
  FROM told t JOIN paid p ON list_contains(t.own, p.payee) AND p.currency = t.currency
  JOIN out o USING (victim) WHERE p.payer = o.payee
)
SELECT t.victim, t.currency, reported_minor, coalesce(paid, 0)::BIGINT AS out_minor, coalesce(got, 0)::BIGINT AS back_minor,
       (out_minor - back_minor)::BIGINT AS net_minor, (reported_minor - net_minor)::BIGINT AS gap_minor,
       receivers, own AS payers
FROM told t
LEFT JOIN (SELECT victim, currency, sum(minor) AS paid, list(payee) AS receivers FROM out GROUP BY ALL) USING (victim, currency)
LEFT JOIN (SELECT victim, currency, sum(minor) AS got FROM back GROUP BY ALL) USING (victim, currency)
WHERE abs(gap_minor) >= $min_gap
