"""The command next: which statements to request, because a trail goes cold there."""

from typing import Any

from graphdb.model import Finding, money_text

from .ask import asked
from .options import SettingsOption
from .output import HERE, CaseOption, JsonOption, open_case, out, print_json, print_table, warn

PACK = "money/next_statement"


def next_(
    case: CaseOption = HERE,
    settings: SettingsOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the statements to request next: where whose trail goes cold."""
    (answer,) = asked(open_case(case), [PACK], settings or ())
    found = sorted(answer.findings, key=lambda one: (-_arrived(one), one.key))
    requests = [_request(finding) for finding in found]
    if as_json:
        not_run = {"not_run": answer.not_run} if answer.not_run else {}
        print_json({"requests": requests, **not_run})
        return
    if answer.not_run:
        warn(f"{PACK}: {answer.not_run}")
        return
    rows = [
        (
            one["account"],
            money_text(one["arrived_minor"], one["currency"]),
            one["first_at"],
            ", ".join(one["victims"]),
            one["why"],
            ", ".join(one["evidence"][:4]) + (" ..." if len(one["evidence"]) > 4 else ""),
        )
        for one in requests
    ]
    if not rows:
        out().print("no request: no trail of a victim's money ends at an account without records")
        return
    columns = ("account", "arrived", "request from", "whose trail", "why", "evidence")
    print_table("Statements to request next", columns, rows)
    out().print(
        f"{len(rows)} requests. The sums are what may have arrived, by all payments in the order "
        "of time: 'linkwright trace' says by a rule which share was whose"
    )


def _request(finding: Finding) -> dict[str, Any]:
    values = finding.values
    return {
        "account": values["account"],
        "platform": str(values["account"]).partition(":")[0],
        "currency": values["currency"],
        "arrived_minor": values["arrived_minor"],
        "victims": values["victims"],
        "hops": values["hops"],
        "payments": values["payments"],
        "first_at": values["first_at"],
        "last_at": values["last_at"],
        "hub": values["hub"],
        "why": _why(finding),
        "cut": [str(cut) for cut in finding.cuts],
        "evidence": list(finding.evidence),
    }


def _why(finding: Finding) -> str:
    if hub := finding.values["hub"]:
        return f"a hub ({hub}): ask its operator where these payments went on"
    if last := finding.values["last_sent_at"]:
        return f"its last payment on record is of {last}, before the money came"
    return "no payment of it is on record"


def _arrived(finding: Finding) -> int:
    return int(str(finding.values["arrived_minor"]))
