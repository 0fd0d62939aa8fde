WITH filers AS (SELECT account FROM held JOIN filed USING (person)),
led AS (
  SELECT f.report, f.person, n.entity AS account FROM filed f JOIN named n USING (report) WHERE n.entity NOT LIKE '%-group:%'
  UNION SELECT f.report, f.person, p.payee FROM filed f JOIN held USING (person) JOIN paid p ON p.payer = held.account
  WHERE p.kind <> 'purchase' AND p.payee NOT IN (FROM hubs) AND p.payee NOT IN (FROM filers)
), public AS (SELECT ip FROM used GROUP BY ip HAVING count(DISTINCT device) >= 50),
met AS (
  SELECT 'account' AS kind, account AS entity, report, person FROM led
  UNION SELECT 'device', device, report, person FROM led JOIN used USING (account)
  UNION SELECT 'ip', ip, report, person FROM led JOIN used USING (account) WHERE ip NOT IN (FROM public)
  UNION SELECT 'phone', phone, report, person FROM led JOIN bound USING (account)
  UNION SELECT 'group', n.entity, f.report, f.person FROM filed f JOIN named n USING (report)
  WHERE n.entity LIKE '%-group:%' AND f.report IN (SELECT report FROM led)
)
SELECT kind, entity, list(report) AS reports, list(person) AS persons FROM met GROUP BY ALL
HAVING count(DISTINCT report) BETWEEN $min_reports AND $max_reports AND count(DISTINCT person) >= $min_reports
