// Two sellers with one supply
// ---
// question = "Which two sellers offered or sold the same accounts?"
// question_zh = "哪两个号商卖同一批货（同源货）？"
// level = "lead"
// status = "stable"
// revision = 1
// not_covered = "Accounts that one of them took down before the records begin"
// not_covered_zh = "在记录开始之前已经下架的账号"
// references = ["Thomas et al., Dialing Back Abuse on Phone Verified Accounts, CCS 2014: stock that several merchants offer"]
// legal = ["Links two sellers to one source (to be checked by counsel)"]
//
// [parameter.seller]
// type = "id"
// says = "Only pairs with this seller"
//
// [parameter.min_common]
// type = "int"
// default = 2
// min = 1
// says = "From how many common accounts a pair is of interest"
//
// [parameter.since]
// type = "time"
// says = "Offers and sales before this time, or offers without a date, are left out"
//
// [parameter.until]
// type = "time"
// says = "Offers and sales after this time, or offers without a date, are left out"
//
// [column]
// seller_a = { type = "id", key = true, says = "One seller" }
// seller_b = { type = "id", key = true, says = "The other seller" }
// common = { type = "int", says = "Accounts that both offered or sold" }
// members = { type = "ids", says = "Those accounts" }
// sold_by_both = { type = "int", says = "How many of these both are on record as having sold" }
// evidence = { type = "ids", says = "The rows of the offers and sales of both" }
//
// [graph]
// nodes = { Seller = ["seller_a", "seller_b"], Account = "members" }
// links = { LISTED = [["seller_a", "members"], ["seller_b", "members"]] }
//
// [innocent.one_account]
// says = "One account came to both by chance"
// says_zh = "一个账号碰巧先后到了两家手里"
// check = "A single common account"
// check_zh = "只有一个共同账号"
//
// [innocent.resold]
// says = "One bought the account from the other and sells it on"
// says_zh = "一家从另一家买来再转卖"
// check = "It was sold by one before the other first offered or sold it"
// check_zh = "一家卖出之后，另一家才首次上架或卖出"
//
// [innocent.scraper]
// says = "A shop re-posts the offers of others and holds nothing"
// says_zh = "只转贴别家货源、手里没有货的店"
// check = "It sold none of them: compare sold_by_both; order one as a test"
// check_zh = "这些账号它一个也没卖出：对照 sold_by_both；可试购一个"
// separable = false
// ---
// From each account to its sellers, never from seller to seller: an account has few.
CALL () {
  MATCH (seller:Seller)-[offer:LISTED]->(account:Account)
  WHERE ($since IS NULL OR offer.at >= $since) AND ($until IS NULL OR offer.at <= $until)
  RETURN account, seller, offer.at_ms AS moment, offer.evidence AS evidence, 0 AS sold
  UNION ALL
  MATCH (seller:Seller)-[:SOLD]->(sale:Sale)-[:OF]->(account:Account)
  WHERE ($since IS NULL OR sale.at >= $since) AND ($until IS NULL OR sale.at <= $until)
  RETURN account, seller, sale.at_ms AS moment, sale.evidence AS evidence, 1 AS sold
}
WITH account, seller, min(moment) AS first, max(sold) AS sold, collect(evidence) AS rows,
     min(CASE WHEN sold = 1 THEN moment END) AS sold_at
WITH account, count(seller) AS sellers,
     collect({seller: seller, first: first, sold: sold, sold_at: sold_at, rows: rows}) AS offers
WHERE sellers >= 2
UNWIND offers AS one
UNWIND offers AS other
WITH account, one, other, one.seller AS a, other.seller AS b
WHERE a.id < b.id AND ($seller IS NULL OR a.id = $seller OR b.id = $seller)
  // What one had sold before the other had it was passed on, not drawn from one source.
  AND NOT coalesce(one.sold_at < other.first, false) AND NOT coalesce(other.sold_at < one.first, false)
WITH a, b, count(account) AS common, collect(account.id) AS members,
     sum(one.sold * other.sold) AS sold_by_both, collect(one.rows) + collect(other.rows) AS offers
WHERE common >= $min_common
UNWIND offers AS rows
UNWIND rows AS row
UNWIND row AS place
RETURN a.id AS seller_a, b.id AS seller_b, common, members, sold_by_both,
       collect(DISTINCT place) AS evidence
ORDER BY common DESC, seller_a, seller_b
