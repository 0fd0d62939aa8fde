WITH made AS (
  SELECT DISTINCT substr(phone, 10, $block_digits) AS block, account, registered_at,
         epoch_ms(registered_at::TIMESTAMP) // 1000 * 1000 AS born
  FROM bound b JOIN (SELECT account, min(registered_at) AS registered_at FROM accounts GROUP BY account) USING (account)
  WHERE phone LIKE 'phone:+86%' AND registered_at IS NOT NULL
    AND (b.ms IS NULL OR b.ms <= epoch_ms(registered_at::TIMESTAMP) // 1000 * 1000 + $window)
), begins AS (
  SELECT block, born AS start, born - lag(born) OVER (PARTITION BY block ORDER BY born) AS apart FROM made
), batches AS (
  SELECT DISTINCT b.block, b.start, m.account
  FROM begins b JOIN made m ON m.block = b.block AND m.born BETWEEN b.start AND b.start + $window
  WHERE b.apart IS NULL OR b.apart > $window
), shared AS (
  SELECT block, start, unnest([device, ip]) AS spot, account FROM batches JOIN used USING (account)
), spots AS (
  SELECT block, start, spot FROM shared WHERE spot IS NOT NULL
  GROUP BY ALL HAVING count(DISTINCT account) >= $min_accounts
), found AS (SELECT DISTINCT block, start, account FROM shared JOIN spots USING (block, start, spot))
SELECT block, min(registered_at) AS first_at, max(registered_at) AS last_at,
       count(DISTINCT account) AS accounts, list(account) AS members, list(b.phone) AS phones,
       coalesce((SELECT list(spot) FROM spots s WHERE s.block = f.block AND s.start = f.start
                 AND spot LIKE 'device:%'), []) AS devices,
       coalesce((SELECT list(spot) FROM spots s WHERE s.block = f.block AND s.start = f.start
                 AND spot LIKE 'ip:%'), []) AS addresses
FROM found f JOIN bound b USING (account) JOIN accounts a USING (account)
WHERE substr(b.phone, 10, $block_digits) = block
GROUP BY block, start
