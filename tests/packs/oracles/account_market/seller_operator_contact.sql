WITH buyers AS (
  SELECT t.seller, p.payer AS wallet, t.till, p.payment, p.minor
  FROM tills t JOIN paid p ON p.payee = t.till WHERE p.payer NOT IN (FROM hubs)
), tied AS (
  SELECT account AS own, bound_account AS wallet FROM accounts WHERE bound_account IS NOT NULL
  UNION SELECT bound_account, account FROM accounts WHERE bound_account IS NOT NULL
  UNION SELECT b.account, a.account FROM held a JOIN held b USING (person)
  UNION SELECT wallet, wallet FROM buyers
), farms AS (
  SELECT s.seller, u.device, list(DISTINCT s.account) AS sold FROM sold s JOIN used u USING (account)
  WHERE u.ms >= s.ms GROUP BY ALL HAVING count(DISTINCT s.account) >= $min_sold
), crowds AS (SELECT device, count(DISTINCT account) AS n FROM used GROUP BY device)
SELECT b.seller, u.account AS operator, u.device, any_value(f.sold) AS sold, list(b.wallet) AS wallets,
       list(b.till) AS tills, list(b.payment) AS payments,
       (SELECT sum(minor) FROM paid WHERE list_contains(list(b.payment), payment))::BIGINT AS sum_minor
FROM buyers b JOIN tied USING (wallet) JOIN used u ON u.account = tied.own
JOIN farms f ON f.seller = b.seller AND f.device = u.device JOIN crowds c ON c.device = u.device
WHERE u.account NOT IN (SELECT account FROM sold) AND 100 * len(f.sold) >= $share_percent * c.n
GROUP BY b.seller, u.account, u.device
