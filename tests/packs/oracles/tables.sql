-- The rows of the canonical tables under the ids of entities; 'moment' is a time as ISO 8601 text and
-- 'ms' the same in milliseconds, 'place' is where a row stands.
CREATE TABLE paid AS
SELECT 'payment:' || payment AS payment, from_account AS payer, to_account AS payee,
       amount_minor AS minor, currency, coalesce(kind, '') AS kind, moment, ms, place FROM payments;
CREATE TABLE used AS
SELECT account, 'device:' || device AS device, 'ip:' || ip AS ip, moment, ms, place FROM logins;
CREATE TABLE sold AS
SELECT 'seller:' || seller AS seller, 'sale:' || seller || '/' || account || '/' || moment AS sale, account,
       price_minor AS price, currency, moment, ms, buyer, 'payment:' || payment AS payment,
       condition, place FROM sales;
CREATE TABLE tills AS
SELECT 'seller:' || seller AS seller, collects_at AS till, place FROM sellers
WHERE collects_at IS NOT NULL;
CREATE TABLE held AS
SELECT 'person:' || holder AS person, account, place FROM accounts WHERE holder IS NOT NULL
UNION ALL SELECT 'person:' || person, account, place FROM holdings;
CREATE TABLE bound AS
SELECT account, 'phone:' || phone AS phone, NULL AS moment, NULL AS ms, place FROM accounts
WHERE phone IS NOT NULL
UNION ALL SELECT account, 'phone:' || phone, moment, ms, place FROM rebinds;
CREATE TABLE posted AS
SELECT "group", account, moment, ms, place,
       lower(left(regexp_replace(regexp_replace(text, '\d+', '#', 'g'), '\s+', ' ', 'g'), 200))
       AS template FROM messages;
CREATE TABLE filed AS
SELECT 'report:' || report AS report, 'person:' || person AS person, loss_minor, currency, moment, place
FROM reports;
CREATE TABLE named AS
SELECT 'report:' || report AS report, unnest(split(names, ';')) AS entity, place FROM reports;

-- Where packs stop: shops, and what is paid in cash only; never whom a report names or what was sold.
CREATE TABLE hubs AS
WITH ends AS (
  SELECT payee AS id, payer AS other, kind IN ('purchase', 'refund') AS shopping, true AS took FROM paid
  UNION ALL SELECT payer, payee, kind IN ('purchase', 'refund'), false FROM paid
)
SELECT id FROM ends GROUP BY id
HAVING (count(DISTINCT other) FILTER (took AND shopping) >= 30 AND avg(shopping::INT) >= 0.8)
    OR (count(DISTINCT other) >= 1000)
UNION
SELECT payee FROM paid WHERE kind = 'cash'
  AND payee NOT IN (SELECT unnest([payer, payee]) FROM paid WHERE kind <> 'cash')
GROUP BY payee HAVING count(DISTINCT payer) >= 2
EXCEPT (SELECT entity FROM named UNION SELECT account FROM sold);
