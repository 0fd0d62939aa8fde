"""A new pack: a skeleton that works, with its cases, to be rewritten."""

import re
from pathlib import Path
from typing import Final

from graphdb.errors import WrongUsage, quoted

_PACK: Final = """\
// {title}
// ---
// question = "Which devices were used by at least $min_accounts accounts?"
// question_zh = "哪些设备登录过多个账号？"
// level = "lead"
// status = "draft"
// revision = 1
// not_covered = "What this question cannot see"
// not_covered_zh = "这个问题看不到什么"
// references = []
// legal = ["The element it serves (to be checked by counsel)"]
//
// [parameter.min_accounts]
// type = "int"
// default = 100
// min = 2
// says = "From how many accounts on a device it is of interest"
//
// [parameter.since]
// type = "time"
// says = "Logins before this time are left out"
//
// [parameter.until]
// type = "time"
// says = "Logins after this time are left out"
//
// [column]
// device = {{ type = "id", key = true, says = "The shared device" }}
// accounts = {{ type = "int", says = "Distinct accounts that logged in on it" }}
// members = {{ type = "ids", says = "Those accounts" }}
// evidence = {{ type = "ids", says = "The rows of every login counted" }}
//
// [graph]
// nodes = {{ Device = "device", Account = "members" }}
// links = {{ LOGGED_IN_ON = ["members", "device"] }}
//
// [innocent.household]
// says = "A family shares one tablet"
// says_zh = "一家人共用一台平板"
// check = "Few accounts: below min_accounts; ask for the registered holders"
// check_zh = "账号少：少于 min_accounts；核实实名持有人"
// ---
MATCH (account:Account)-[login:LOGGED_IN_ON]->(device:Device)
WHERE ($since IS NULL OR login.at >= $since) AND ($until IS NULL OR login.at <= $until)
UNWIND login.evidence AS place
WITH device, count(DISTINCT account) AS accounts,
     collect(DISTINCT account.id) AS members, collect(DISTINCT place) AS evidence
WHERE accounts >= $min_accounts
RETURN device.id AS device, accounts, members, evidence
ORDER BY accounts DESC, device
"""
_CASES: Final = """\
[city]
hits = []

[[case]]
name = "three accounts on one device"
set = { min_accounts = 3 }
expect = [{ device = "device:d1", accounts = 3, evidence = ["logins:2", "logins:3", "logins:4"] }]
[case.given]
logins = [
  { account = "wechat:a1", device = "d1", at = 2025-03-01T10:00:00+08:00 },
  { account = "wechat:a2", device = "d1", at = 2025-03-01T10:05:00+08:00 },
  { account = "wechat:a3", device = "d1", at = 2025-03-01T10:10:00+08:00 },
]

[[case]]
name = "the same three accounts on two devices"
near_miss = true
set = { min_accounts = 3 }
expect = []
[case.given]
logins = [
  { account = "wechat:a1", device = "d1", at = 2025-03-01T10:00:00+08:00 },
  { account = "wechat:a2", device = "d1", at = 2025-03-01T10:05:00+08:00 },
  { account = "wechat:a3", device = "d2", at = 2025-03-01T10:10:00+08:00 },
]

[[case]]
name = "a couple with one tablet"
innocent = "household"
set = { min_accounts = 3 }
expect = []
[case.given]
logins = [
  { account = "wechat:a1", device = "d1", at = 2025-03-01T10:00:00+08:00 },
  { account = "wechat:a2", device = "d1", at = 2025-03-01T20:00:00+08:00 },
]
"""


def new_pack(id_: str, folder: Path) -> tuple[Path, Path]:
    """Write a skeleton and its cases into a folder, and give their paths.

    Raises:
        WrongUsage: the id is no ``area/name``, or there is such a pack already.
    """
    if not re.fullmatch(r"[a-z][a-z0-9_]*/[a-z][a-z0-9_]*", id_):
        raise WrongUsage(
            f"{quoted(id_)} is no id of a pack", fix="write it as area/name, e.g. devices/my_rule"
        )
    pack = folder / f"{id_}.cypher"
    cases = pack.with_suffix(".test.toml")
    if pack.exists() or cases.exists():
        raise WrongUsage(f"there is a pack '{id_}' already", where=str(pack))
    pack.parent.mkdir(parents=True, exist_ok=True)
    title = id_.rpartition("/")[2].replace("_", " ").capitalize()
    pack.write_text(_PACK.format(title=title), encoding="utf-8", newline="\n")
    cases.write_text(_CASES, encoding="utf-8", newline="\n")
    return pack, cases
