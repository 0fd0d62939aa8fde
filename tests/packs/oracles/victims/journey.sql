WITH victims AS (SELECT person FROM filed UNION SELECT 'person:' || person FROM persons WHERE role = 'victim'),
     own AS (SELECT DISTINCT person, account FROM held WHERE person IN (FROM victims))
SELECT person AS victim, joined_at AS "at", 'joined' AS event, "group" AS what, account AS own, NULL AS other,
       NULL AS amount_minor, [m.place] AS evidence
FROM own JOIN members m USING (account) WHERE joined_at IS NOT NULL
UNION ALL SELECT person, moment, 'paid', payment, payer, payee, minor, [p.place]
FROM own JOIN paid p ON p.payer = own.account
UNION ALL SELECT person, moment, 'was paid', payment, payee, payer, minor, [p.place]
FROM own JOIN paid p ON p.payee = own.account
UNION ALL SELECT person, moment, 'reported', report, NULL, NULL, loss_minor, [place]
FROM filed WHERE person IN (FROM victims) AND moment IS NOT NULL
