// One identity, many accounts
// ---
// question = "Which identity is the registered holder of at least $min_accounts accounts of one platform?"
// question_zh = "一证多号：哪个身份实名了多个账号？"
// level = "lead"
// status = "stable"
// revision = 1
// not_covered = "Accounts whose registration is not on record; identities borrowed for one account each"
// not_covered_zh = "没有实名登记记录的账号；每个身份只借用一次的情形"
// references = ["Thomas et al., Dialing Back Abuse on Phone Verified Accounts, CCS 2014"]
// legal = ["Number of accounts verified with one identity (to be checked by counsel)"]
//
// [parameter.person]
// type = "id"
// says = "Only this person"
//
// [parameter.min_accounts]
// type = "int"
// default = 4
// min = 2
// says = "From how many accounts of one platform an identity is of interest"
//
// [parameter.since]
// type = "time"
// says = "Accounts registered before this time, or without a date, are left out"
//
// [parameter.until]
// type = "time"
// says = "Accounts registered after this time, or without a date, are left out"
//
// [column]
// person = { type = "id", key = true, says = "The registered holder" }
// platform = { type = "text", key = true, says = "The platform" }
// accounts = { type = "int", says = "Distinct accounts in that name" }
// members = { type = "ids", says = "Those accounts" }
// devices = { type = "ids", says = "Devices on which they were used" }
// first_registered_at = { type = "time", says = "The oldest registration on record" }
// last_registered_at = { type = "time", says = "The newest registration on record" }
// evidence = { type = "ids", says = "The rows that name the holder" }
//
// [graph]
// nodes = { Person = "person", Account = "members", Device = "devices" }
// links = { HOLDS = ["person", "members"], LOGGED_IN_ON = ["members", "devices"] }
//
// [innocent.several_platforms]
// says = "A person has one account each with a bank, a wallet and a messenger"
// says_zh = "一个人在银行、钱包、聊天软件各有一个账号"
// check = "Accounts are counted platform by platform"
// check_zh = "按平台分别计数"
//
// [innocent.elder]
// says = "Somebody who verifies the accounts of parents and children"
// says_zh = "替父母、子女实名的家庭成员"
// check = "Each account on a device of its own; payments follow each user, not the holder"
// check_zh = "各账号用各自的设备；收付款跟着实际使用人，而不是实名人"
// separable = false
//
// [innocent.shop]
// says = "A small firm whose owner verified the service accounts of his staff"
// says_zh = "小企业主用自己的身份给员工的客服号实名"
// check = "Accounts in the firm's name; ask the firm"
// check_zh = "账号属于该企业；向企业核实"
// separable = false
// ---
// Who holds fewer on all platforms together is not looked at.
MATCH (person:Person)
WHERE ($person IS NULL OR person.id = $person)
  AND COUNT { MATCH (person)-[:HOLDS]->(:Account) } >= $min_accounts
MATCH (person)-[held:HOLDS]->(account:Account)
WHERE account.platform <> 'bank'
  AND ($since IS NULL OR account.registered_at >= $since)
  AND ($until IS NULL OR account.registered_at <= $until)
UNWIND held.evidence AS place
WITH person, account.platform AS platform, count(DISTINCT account) AS accounts,
     collect(DISTINCT account) AS members, collect(DISTINCT place) AS evidence
WHERE accounts >= $min_accounts
CALL (members) {
  UNWIND members AS member
  OPTIONAL MATCH (member)-[:LOGGED_IN_ON]->(device:Device)
  RETURN collect(DISTINCT device.id) AS devices, min(member.registered_at) AS first_registered_at,
         max(member.registered_at) AS last_registered_at
}
RETURN person.id AS person, platform, accounts, [m IN members | m.id] AS members, devices,
       first_registered_at, last_registered_at, evidence
ORDER BY accounts DESC, person, platform
