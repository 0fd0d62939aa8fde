WITH staged AS (
  SELECT "group", count(DISTINCT account) AS sold_beside FROM members
  WHERE account IN (SELECT account FROM sold) GROUP BY "group" HAVING sold_beside >= $min_sold
), reporting AS (SELECT person, account FROM held WHERE person IN (SELECT person FROM filed)),
receivers AS (
  SELECT entity AS account FROM named
  UNION SELECT payee FROM paid JOIN reporting r ON r.account = payer
  WHERE kind <> 'purchase' AND payee NOT IN (FROM hubs)
    AND moment >= (SELECT min(joined_at) FROM members JOIN staged USING ("group") JOIN reporting o USING (account)
                   WHERE o.person = r.person)
), purses AS (  -- of whom a payer is: a person with all his accounts, else the chat account it is bound to, or itself
  SELECT a.account AS payer, a.person AS who, a.person, b.account AS chat FROM held a JOIN held b USING (person)
  WHERE a.person NOT IN (SELECT person FROM filed)
  UNION SELECT bound_account, account, NULL, account FROM accounts
  WHERE bound_account NOT IN (SELECT account FROM held) AND account NOT IN (SELECT account FROM held)
  UNION SELECT payer, payer, NULL, payer FROM paid WHERE payer NOT IN (SELECT account FROM held)
), hit AS (
  SELECT who, currency, m."group", chat, p.payer, person, payee, payment, minor, p.place, m.place AS stay, sold_beside
  FROM paid p JOIN purses USING (payer) JOIN members m ON m.account = chat JOIN staged USING ("group")
  WHERE kind <> 'purchase' AND payee IN (FROM receivers) AND p.payer NOT IN (FROM receivers)
    AND m.joined_at <= moment AND chat NOT IN (SELECT account FROM sold)
)
SELECT who, currency, list("group") AS groups, list(chat) AS chats, max(sold_beside) AS sold_beside,
       list(payer) AS payers, list(payee) AS receivers, list(payment) AS payments,
       (SELECT sum(minor) FROM (SELECT DISTINCT payment, minor FROM hit i
                                WHERE i.who = h.who AND i.currency = h.currency))::BIGINT AS sum_minor,
       coalesce(list(person) FILTER (person IS NOT NULL), []) AS persons, list(place) || list(stay) AS evidence
FROM hit h GROUP BY who, currency
HAVING sum_minor > coalesce((SELECT sum(minor) FROM paid WHERE payer IN (FROM receivers)
                              AND payee IN (SELECT payer FROM hit i WHERE i.who = h.who)), 0)
