// The whole chain: seller, operators, victim, money
// ---
// question = "Which chains lead from a seller of accounts over a group to a victim and on to the money?"
// question_zh = "从号商到操作者、到受害人、再到资金去向的完整链条有哪些？"
// level = "indicator"
// status = "stable"
// revision = 2
// not_covered = "Which share of an onward payment was whose money (a question of the tracing rule): onward payments are all that followed within the window. A sold account in a group is no proof that it deceived anyone"
// not_covered_zh = "后续转出的款项中哪一部分属于谁（由追踪规则回答）：这里列出时限内的全部后续转出。被卖账号出现在群里，不等于它实施了欺骗"
// references = ["Case reports: sold accounts, staged groups, sham trading platforms"]
// legal = ["The chain of acts from the sale of accounts to the loss (to be checked by counsel)"]
//
// [parameter.seller]
// type = "id"
// says = "Only chains of this seller"
//
// [parameter.victim]
// type = "id"
// says = "Only this victim: a person, or an account of his"
//
// [parameter.account]
// type = "id"
// says = "Only chains through this account: sold, the victim's, or a receiver"
//
// [parameter.min_accounts]
// type = "int"
// default = 3
// min = 1
// says = "From how many of a seller's accounts in a group it counts as a staged one"
//
// [parameter.pass_on]
// type = "duration"
// default = "2h"
// says = "How soon a receiver passes money on"
//
// [parameter.min_amount]
// type = "money"
// default = "100"
// says = "Smaller onward payments are not followed"
//
// [parameter.since]
// type = "time"
// says = "Payments of victims before this time are left out"
//
// [parameter.until]
// type = "time"
// says = "Payments of victims after this time are left out"
//
// [column]
// seller = { type = "id", key = true, says = "The seller of the accounts" }
// group = { type = "id", key = true, says = "The group they joined after the sale" }
// victim = { type = "id", key = true, says = "Who paid: the person, or his account where no holder is known" }
// victim_accounts = { type = "ids", says = "The victim's accounts" }
// accounts = { type = "ids", says = "Accounts of the seller in the group, joined after their sale" }
// devices = { type = "ids", says = "Devices they ran on after their sale" }
// payments = { type = "ids", says = "The victim's payments to the first receivers, after he joined" }
// layer1 = { type = "ids", says = "The first receivers" }
// onward = { type = "ids", says = "Payments of the first receivers that followed within the window" }
// layer2 = { type = "ids", says = "Who received those" }
// cash = { type = "ids", says = "Payments of the second layer that followed within the window" }
// layer3 = { type = "ids", says = "Who received those, or where the cash was drawn" }
// amount_minor = { type = "money", says = "What the victim paid to the first receivers, each payment once" }
// currency = { type = "text", key = true, says = "Its currency" }
// cut = { type = "cuts", says = "Hubs that the victim or a receiver paid, and how many payments were not followed there" }
// from_sale = { type = "ids", says = "The rows of the sales" }
// from_login = { type = "ids", says = "The rows of the logins after the sale" }
// from_group = { type = "ids", says = "The rows of the memberships" }
// from_payment = { type = "ids", says = "The rows of the victim's payments" }
// from_onward = { type = "ids", says = "The rows of the onward payments" }
// evidence = { type = "ids", says = "All these rows" }
//
// [graph]
// nodes = { Seller = "seller", Account = ["accounts", "victim_accounts", "layer1", "layer2", "layer3"], Device = "devices", Group = "group", Person = "victim", Payment = ["payments", "onward", "cash"] }
// links = { LISTED = ["seller", "accounts"], LOGGED_IN_ON = ["accounts", "devices"], MEMBER_OF = [["accounts", "group"], ["victim_accounts", "group"]], HOLDS = ["victim", "victim_accounts"], CONTROLS = ["victim", "victim_accounts"], SENT = [["victim_accounts", "payments"], ["layer1", "onward"], ["layer2", "cash"]], PAID_TO = [["payments", "layer1"], ["onward", "layer2"], ["cash", "layer3"]] }
//
// [innocent.shopping]
// says = "A member of the group bought something"
// says_zh = "群成员购买了商品"
// check = "Payments of kind purchase are left out; ask what the payment was for"
// check_zh = "已排除交易类型为购物的付款；询问付款用途"
//
// [innocent.friend]
// says = "A member paid a friend or his landlord, whom nobody else in the group pays"
// says_zh = "成员付钱给朋友或房东，群里没有其他人付给此人"
// check = "A receiver counts only if a report names it or two members of the group paid it"
// check_zh = "收款账户须为报案所指，或有两名以上群成员付过款，才予计入"
//
// [innocent.hobby_group]
// says = "A hobby group in which somebody uses an account that was once sold"
// says_zh = "普通兴趣群，其中有人使用曾被卖过的账号"
// check = "Fewer sold accounts of one seller than min_accounts"
// check_zh = "同一号商卖出的账号少于 min_accounts"
//
// [innocent.idle]
// says = "Sold accounts that nobody used after the sale"
// says_zh = "账号卖出后无人使用"
// check = "No login after the sale; ask for logins until today"
// check_zh = "成交后没有登录记录；调取至今的登录日志"
// ---
// The staged group: accounts of one seller that joined after their sale and were used after it.
MATCH (seller:Seller)-[:SOLD]->(sale:Sale)-[:OF]->(sold:Account)-[stay:MEMBER_OF]->(group:Group)
WHERE ($seller IS NULL OR seller.id = $seller) AND stay.joined_at >= sale.at
UNWIND sale.evidence AS sale_place
UNWIND stay.evidence AS stay_place
WITH seller, group, collect(DISTINCT sold) AS accounts,
     collect(DISTINCT sale_place) AS sales, collect(DISTINCT stay_place) AS stays
WHERE size(accounts) >= $min_accounts
CALL (seller, accounts) {
  UNWIND accounts AS used
  MATCH (seller)-[:SOLD]->(sale:Sale)-[:OF]->(used)-[login:LOGGED_IN_ON]->(device:Device)
  WHERE login.at_ms >= sale.at_ms
  UNWIND login.evidence AS place
  RETURN collect(DISTINCT device) AS devices, collect(DISTINCT place) AS logins
}
WITH seller, group, accounts, devices, sales, stays, logins
WHERE size(devices) > 0

// Its other members, each with all his accounts.
MATCH (group)<-[came:MEMBER_OF]-(member:Account)
WHERE NOT EXISTS { MATCH (member)<-[:OF]-(:Sale) }
  AND NOT EXISTS { MATCH (member)-[:LOGGED_IN_ON]->(device:Device) WHERE device IN devices }
CALL (member) {
  MATCH (member)<-[:HOLDS|CONTROLS]-(person:Person)
  MATCH (person)-[:HOLDS|CONTROLS]->(own:Account)  // two MATCHes: own may be the member itself
  RETURN person.id AS victim, own
  UNION
  MATCH (member)-[:BOUND_TO]->(own:Account)
  WHERE NOT EXISTS { MATCH (member)<-[:HOLDS|CONTROLS]-(:Person) }
  RETURN member.id AS victim, own
  UNION
  MATCH (own:Account {id: member.id})
  WHERE NOT EXISTS { MATCH (own)<-[:HOLDS|CONTROLS]-(:Person) }
  RETURN own.id AS victim, own
}
WITH seller, group, accounts, devices, sales, stays, logins, victim,
     min(came.joined_at) AS joined_at, collect(DISTINCT own) AS owns,
     collect(DISTINCT came.evidence) AS arrivals

// What they paid after they joined, to receivers that a report names or two of them paid.
UNWIND owns AS payer
MATCH (payer)-[:SENT]->(payment:Payment)-[:PAID_TO]->(receiver:Account)
WHERE payment.at >= joined_at AND coalesce(payment.kind, '') <> 'purchase'
  AND receiver.hub IS NULL AND NOT receiver IN owns
  AND ($since IS NULL OR payment.at >= $since) AND ($until IS NULL OR payment.at <= $until)
WITH seller, group, accounts, devices, sales, stays, logins, receiver,
     count(DISTINCT victim) AS paying,
     collect({victim: victim, owns: owns, arrivals: arrivals, payment: payment}) AS lines
WHERE paying >= 2 OR EXISTS { MATCH (:Report)-[:NAMES]->(receiver) }
UNWIND lines AS line
WITH seller, group, accounts, devices, sales, stays, logins, line.victim AS victim,
     line.owns AS owns, line.arrivals AS arrivals, line.payment AS payment, receiver
WHERE $victim IS NULL OR victim = $victim OR any(own IN owns WHERE own.id = $victim)
WITH seller, group, accounts, devices, sales, stays, logins, victim, owns, arrivals,
     payment.currency AS currency, collect(DISTINCT payment) AS paid,
     collect(DISTINCT receiver) AS layer1

// Where the money went next, later than it came and within the window.
CALL (paid, owns, currency) {
  UNWIND paid AS p1
  MATCH (p1)-[:PAID_TO]->(mule:Account)-[:SENT]->(p2:Payment)-[:PAID_TO]->(next:Account)
  WHERE p2.at_ms >= p1.at_ms AND p2.at_ms <= p1.at_ms + $pass_on AND mule.hub IS NULL
    AND p2.amount_minor >= $min_amount AND p2.currency = currency
    AND coalesce(p2.kind, '') <> 'purchase' AND NOT next IN owns
  RETURN collect(DISTINCT p2) AS onward, collect(DISTINCT next.id) AS layer2
}
CALL (onward, owns, currency) {
  UNWIND onward AS p2
  MATCH (p2)-[:PAID_TO]->(mule:Account)-[:SENT]->(p3:Payment)-[:PAID_TO]->(next:Account)
  WHERE p3.at_ms >= p2.at_ms AND p3.at_ms <= p2.at_ms + $pass_on AND mule.hub IS NULL
    AND p3.amount_minor >= $min_amount AND p3.currency = currency
    AND coalesce(p3.kind, '') <> 'purchase' AND NOT next IN owns
  RETURN collect(DISTINCT p3) AS cash, collect(DISTINCT next.id) AS layer3
}
CALL (owns, layer1, onward) {
  UNWIND owns + layer1 AS payer
  MATCH (payer)-[:SENT]->(p:Payment)-[:PAID_TO]->(beyond:Account)
  WHERE beyond.hub IS NOT NULL AND coalesce(p.kind, '') <> 'purchase'
    AND (p IN onward
         OR (payer IN owns AND ($since IS NULL OR p.at >= $since) AND ($until IS NULL OR p.at <= $until)))
  WITH beyond, count(DISTINCT p) AS n
  RETURN collect(beyond.id + ' ' + toString(n)) AS cut
}
WITH seller.id AS seller, group.id AS group, victim, currency, cut,
     [a IN accounts | a.id] AS accounts, [d IN devices | d.id] AS devices,
     [a IN owns | a.id] AS victim_accounts, [a IN layer1 | a.id] AS layer1, layer2, layer3,
     [p IN paid | p.id] AS payments, [p IN onward | p.id] AS onward, [p IN cash | p.id] AS cash,
     reduce(total = 0, p IN paid | total + p.amount_minor) AS amount_minor,
     sales AS from_sale, logins AS from_login,
     stays + reduce(places = [], e IN arrivals | places + e) AS from_group,
     reduce(places = [], p IN paid | places + p.evidence) AS from_payment,
     reduce(places = [], p IN onward | places + p.evidence)
       + reduce(places = [], p IN cash | places + p.evidence) AS from_onward
WHERE $account IS NULL
   OR $account IN accounts + victim_accounts + layer1 + layer2 + layer3
RETURN seller, group, victim, victim_accounts, accounts, devices, payments, layer1, onward, layer2,
       cash, layer3, amount_minor, currency, cut,
       from_sale, from_login, from_group, from_payment, from_onward,
       from_sale + from_login + from_group + from_payment + from_onward AS evidence
ORDER BY amount_minor DESC, seller, group, victim, currency
