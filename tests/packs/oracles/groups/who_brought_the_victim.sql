WITH victims AS (SELECT person FROM filed UNION SELECT 'person:' || person FROM persons WHERE role = 'victim'),
came AS (
  SELECT person AS victim, account AS chat, "group", invited_by AS inviter, min(joined_at) AS joined_at,
         list(m.place) AS stays
  FROM members m JOIN held USING (account) WHERE person IN (FROM victims) AND invited_by IS NOT NULL GROUP BY ALL
), purses AS (SELECT DISTINCT inviter, inviter AS purse FROM came
  UNION SELECT inviter, b.account FROM came JOIN held a ON a.account = inviter JOIN held b ON b.person = a.person
), lost AS (  -- whom the victim paid, the inviter paid too
  SELECT victim, inviter, sum(minor) AS minor FROM (
    SELECT DISTINCT victim, inviter, p.payment, p.minor
    FROM came JOIN purses USING (inviter) JOIN paid p ON p.payer = purse
    WHERE p.kind <> 'purchase' AND p.payee IN (
      SELECT payee FROM paid q JOIN held h ON h.account = q.payer WHERE h.person = victim AND q.kind <> 'purchase'))
  GROUP BY ALL
)
SELECT victim, "group", inviter, chat, joined_at,
       coalesce((SELECT list(device) FROM used u WHERE u.account = inviter), []) AS devices,
       (SELECT count(DISTINCT v.account) FROM used u JOIN used v USING (device)
        WHERE u.account = inviter AND v.account <> inviter) AS beside,
       coalesce((SELECT list(seller) FROM sold s WHERE s.account = inviter), []) AS sellers,
       coalesce(lost.minor, 0)::BIGINT AS inviter_paid_minor,
       stays || coalesce((SELECT list(place) FROM used u WHERE u.account = inviter), [])
             || coalesce((SELECT list(place) FROM sold s WHERE s.account = inviter), []) AS evidence
FROM came LEFT JOIN lost USING (victim, inviter)
WHERE beside > 0 OR len(sellers) > 0
