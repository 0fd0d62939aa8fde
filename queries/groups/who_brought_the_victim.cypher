// Who brought the victim in
// ---
// question = "Who invited the victim, on which devices did that account run, and who had sold it?"
// question_zh = "谁拉的人：邀请人的设备，以及这个号是谁卖的？"
// level = "indicator"
// status = "stable"
// revision = 1
// not_covered = "Victims who joined by a link or a code; who wrote to the victim before"
// not_covered_zh = "通过链接或二维码入群的受害人；此前谁与受害人联系过"
// references = ["Case reports: sold accounts that pose as friends and draw people into groups"]
// legal = ["Who drew the victim in (to be checked by counsel)"]
//
// [parameter.victim]
// type = "id"
// says = "Only this victim (a person)"
//
// [parameter.since]
// type = "time"
// says = "Victims who joined before this time are left out"
//
// [parameter.until]
// type = "time"
// says = "Victims who joined after this time are left out"
//
// [column]
// victim = { type = "id", key = true, says = "The person" }
// group = { type = "id", key = true, says = "The group" }
// inviter = { type = "id", key = true, says = "The account that invited him" }
// chat = { type = "id", key = true, says = "The victim's account that was invited" }
// joined_at = { type = "time", says = "When he joined" }
// devices = { type = "ids", says = "Devices on which the inviter ran" }
// beside = { type = "int", says = "Other accounts on these devices" }
// sellers = { type = "ids", says = "Who had sold the inviter's account" }
// inviter_paid_minor = { type = "money", says = "What the inviter's holder paid to accounts that the victim paid too" }
// evidence = { type = "ids", says = "The rows of the invitation, of the sale and of the inviter's logins" }
//
// [graph]
// nodes = { Person = "victim", Group = "group", Account = ["inviter", "chat"], Device = "devices", Seller = "sellers" }
// links = { HOLDS = ["victim", "chat"], CONTROLS = ["victim", "chat"], MEMBER_OF = [["inviter", "group"], ["chat", "group"]], LOGGED_IN_ON = ["inviter", "devices"], LISTED = ["sellers", "inviter"] }
//
// [innocent.invited_before]
// says = "He was brought into an ordinary group of friends"
// says_zh = "被拉进普通朋友群"
// check = "The inviter was never sold and is alone on his device"
// check_zh = "邀请人的账号没有被卖过，设备上也只有他一个账号"
//
// [innocent.duped_friend]
// says = "A friend who was deceived himself"
// says_zh = "邀请人是同样受骗的朋友"
// check = "inviter_paid_minor is not 0; hear him as a victim"
// check_zh = "inviter_paid_minor 不为 0；应作为受害人询问"
// separable = false
// ---
MATCH (victim:Person)-[:HOLDS|CONTROLS]->(chat:Account)-[stay:MEMBER_OF]->(group:Group)
WHERE ($victim IS NULL OR victim.id = $victim) AND stay.invited_by IS NOT NULL
  AND (victim.role = 'victim' OR EXISTS { MATCH (victim)-[:FILED]->(:Report) })
  AND ($since IS NULL OR stay.joined_at >= $since) AND ($until IS NULL OR stay.joined_at <= $until)
UNWIND stay.evidence AS place
WITH victim, chat, group, stay.invited_by AS invited_by, min(stay.joined_at) AS joined_at,
     collect(DISTINCT place) AS stays
MATCH (inviter:Account {id: invited_by})
CALL (inviter) {
  OPTIONAL MATCH (inviter)-[login:LOGGED_IN_ON]->(device:Device)
  UNWIND coalesce(login.evidence, [null]) AS place
  RETURN collect(DISTINCT device) AS devices, collect(DISTINCT place) AS logins
}
CALL (inviter, devices) {
  UNWIND devices AS device
  OPTIONAL MATCH (device)<-[:LOGGED_IN_ON]-(other:Account)
  WHERE other <> inviter
  RETURN count(DISTINCT other) AS beside
}
CALL (inviter) {
  OPTIONAL MATCH (inviter)<-[:OF]-(sale:Sale)<-[:SOLD]-(seller:Seller)
  UNWIND coalesce(sale.evidence, [null]) AS place
  RETURN collect(DISTINCT seller.id) AS sellers, collect(DISTINCT place) AS sales
}
WITH victim, chat, group, inviter, joined_at, stays, devices, logins, beside, sellers, sales
WHERE size(sellers) > 0 OR beside > 0
CALL (inviter) {
  MATCH (inviter)<-[:HOLDS|CONTROLS]-(holder:Person)
  MATCH (holder)-[:HOLDS|CONTROLS]->(own:Account)  // two MATCHes: own may be the inviter itself
  RETURN collect(DISTINCT own) AS found
}
CALL (victim, inviter, found) {
  UNWIND found + [inviter] AS own
  WITH DISTINCT victim, own
  OPTIONAL MATCH (own)-[:SENT]->(payment:Payment)-[:PAID_TO]->(receiver:Account)
  WHERE coalesce(payment.kind, '') <> 'purchase'
    AND EXISTS {
      MATCH (victim)-[:HOLDS|CONTROLS]->(:Account)-[:SENT]->(same:Payment)-[:PAID_TO]->(receiver)
      WHERE coalesce(same.kind, '') <> 'purchase'
    }
  WITH DISTINCT payment
  RETURN coalesce(sum(payment.amount_minor), 0) AS inviter_paid_minor
}
RETURN victim.id AS victim, group.id AS group, inviter.id AS inviter, chat.id AS chat, joined_at,
       [d IN devices | d.id] AS devices, beside, sellers, inviter_paid_minor,
       stays + logins + sales AS evidence
ORDER BY victim, group, inviter, chat
