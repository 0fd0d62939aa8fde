"""Commands about who is who: list what may be one, confirm, reject, undo."""

from dataclasses import asdict
from typing import Annotated

import typer

from graphdb.casework.joining import Likeness
from graphdb.errors import WrongUsage
from graphdb.identity import Pair, Verdict, key_of, pair_of

from .output import (
    HERE,
    CaseOption,
    JsonOption,
    open_case,
    out,
    print_json,
    print_table,
    progress,
    visible,
)

app = typer.Typer(no_args_is_help=True, help="Who is who: what may be one, and what was decided.")
PairArgument = Annotated[
    list[str], typer.Argument(metavar="KEY | ID ID", help="A key of 'same list', or two ids.")
]
ByOption = Annotated[str | None, typer.Option("--by", help="Who decides; else the user.")]
ReasonOption = Annotated[str, typer.Option("--reason", help="Why, for the case log.")]


@app.command("list")
def list_(case: CaseOption = HERE, as_json: JsonOption = False) -> None:
    """List what may be one, what was matched by rule, contradictions, and decisions."""
    found = open_case(case).likeness()
    if as_json:
        print_json(_document(found))
        return
    rows = [
        (key_of(one.pair), one.score, *one.pair, "\n".join(_points(*r) for r in one.reasons))
        for one in found.suggestions
    ]
    print_table("May be one", ("key", "score", "one", "two", "what speaks for it"), rows)
    if found.matched:
        matched = [(key_of(pair_of(one, two)), one, two, why) for one, two, why in found.matched]
        title = "Payments told by several papers"
        print_table(title, ("key", "payment", "joined into", "because"), matched)
    if found.doubtful:
        doubts = [(key_of(one.pair), *one.pair, one.why) for one in found.doubtful]
        title = "Payments that fit several, and stay apart"
        print_table(title, ("key", "one", "two", "why"), doubts)
    if found.conflicts:
        told = [
            (one.id, one.property, "\n".join(f"{value} ({place})" for value, place in one.values))
            for one in found.conflicts
        ]
        print_table("Rows that contradict each other", ("id", "property", "values"), told)
    if found.decisions:
        made = [
            (key_of(one.pair), one.verdict, *one.pair, one.by, one.at, one.reason)
            for one in found.decisions
        ]
        print_table("Decided", ("key", "verdict", "one", "two", "by", "at", "reason"), made)
    if rows:
        out().print("linkwright same confirm KEY --reason WHY, or reject; undo takes it back")


@app.command()
def confirm(
    pair: PairArgument,
    reason: ReasonOption = "",
    by: ByOption = None,
    case: CaseOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Decide that two are one: packs, charts and chains treat them so from now on."""
    _decide("confirm", pair, reason, by, case, as_json)


@app.command()
def reject(
    pair: PairArgument,
    reason: ReasonOption = "",
    by: ByOption = None,
    case: CaseOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Decide that two are not the same, for good: they are not suggested or matched again."""
    _decide("reject", pair, reason, by, case, as_json)


@app.command()
def undo(
    pair: PairArgument,
    reason: ReasonOption = "",
    by: ByOption = None,
    case: CaseOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Take a decision back; the graph is then as if it had never been made."""
    _decide("undo", pair, reason, by, case, as_json)


def _decide(
    verdict: Verdict, named: list[str], reason: str, by: str | None, where: object, as_json: bool
) -> None:
    case = open_case(where)  # type: ignore[arg-type]
    one, two = _pair(named, case.likeness()) if len(named) == 1 else _both(named)
    with progress(verdict) as update:
        case.decide(verdict, one, two, reason=reason, by=by, progress=update)
    if as_json:
        print_json({"verdict": verdict, "one": one, "two": two, "key": key_of((one, two))})
    else:
        said = {"confirm": "are one", "reject": "are two", "undo": "are undecided again"}
        out().print(f"{visible(one)} and {visible(two)} {said[verdict]}", markup=False)


def _both(named: list[str]) -> Pair:
    if len(named) != 2:
        raise WrongUsage("name two ids, or the key of a pair", fix="linkwright same list")
    return pair_of(*named)


def _pair(named: list[str], found: Likeness) -> Pair:
    """Find the pair that a key names, among suggestions, doubts, matches and decisions."""
    pairs = [
        *(one.pair for one in found.suggestions),
        *(one.pair for one in found.doubtful),
        *(pair_of(one, two) for one, two, _ in found.matched),
        *(one.pair for one in found.decisions),
    ]
    for pair in pairs:
        if key_of(pair) == named[0]:
            return pair
    raise WrongUsage(f"no pair has the key '{named[0]}'", fix="linkwright same list shows the keys")


def _points(points: int, words: str) -> str:
    return f"{points:+d} {words}"


def _document(found: Likeness) -> dict[str, object]:
    return {
        "suggestions": [
            {
                "key": key_of(one.pair),
                "score": one.score,
                "one": one.pair[0],
                "two": one.pair[1],
                "reasons": [{"points": p, "says": words} for p, words in one.reasons],
            }
            for one in found.suggestions
        ],
        "matched": [
            {"key": key_of(pair_of(one, two)), "payment": one, "into": two, "because": why}
            for one, two, why in found.matched
        ],
        "doubtful": [
            {"key": key_of(one.pair), "one": one.pair[0], "two": one.pair[1], "why": one.why}
            for one in found.doubtful
        ],
        "conflicts": [
            {
                "id": one.id,
                "property": one.property,
                "values": [{"value": value, "where": place} for value, place in one.values],
            }
            for one in found.conflicts
        ],
        "decisions": [asdict(one) | {"key": key_of(one.pair)} for one in found.decisions],
    }
