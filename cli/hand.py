"""Commands that hand a case over: export, report."""

from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from graphdb.bundle.exports import EXPORTS, export_named, known_exports
from graphdb.case import Case
from graphdb.casework.handing import WHOLE, Scope, scope_of_findings, scope_of_trails
from graphdb.casework.reporting import report as report_on
from graphdb.errors import WrongUsage
from graphdb.trace import rules_named

from .ask import asked
from .options import (
    AccountOption,
    PacksOption,
    SellerOption,
    SettingsOption,
    TraceOption,
    TrailBackwardOption,
    TrailRuleOption,
    VictimOption,
)
from .output import HERE, CaseOption, JsonOption, link, open_case, out, print_json

_NAMES = ",".join(export.name for export in EXPORTS)


def export(
    folder: Annotated[Path, typer.Option("--output", "-o", metavar="DIR", help="Where to write.")],
    forms: Annotated[str, typer.Option("--format", help=f"One or more of {_NAMES}; or all.")],
    case: CaseOption = HERE,
    packs: PacksOption = None,
    chain: Annotated[bool, typer.Option("--chain", help="Only the chain.")] = False,
    trace: TraceOption = None,
    rule: TrailRuleOption = "fifo",
    backward: TrailBackwardOption = False,
    seller: SellerOption = None,
    account: AccountOption = None,
    victim: VictimOption = None,
    settings: SettingsOption = None,
    as_json: JsonOption = False,
) -> None:
    """Hand the case to other tools: i2, GraphML, CSV, XLSX, CASE/UCO, FtM, Neo4j.

    The whole case, or only what a pack, the chain or a trail names. Each form says what it loses.
    """
    names = [name.strip() for name in forms.split(",")]
    if forms == "all":
        names = [one.name for one in known_exports()]
    exports = tuple(export_named(name) for name in dict.fromkeys(names))
    opened = open_case(case)
    if trace:
        way = "back by" if backward else "by"
        trails = opened.trace(trace, rules_named(rule, backward=backward), backward=backward)
        scope = scope_of_trails(f"money from {', '.join(trace)}, followed {way} {rule}", trails)
    elif packs or chain:
        named = {"seller": seller, "account": account, "victim": victim} if chain else {}
        scope = _found(opened, packs or (), named if chain else None, settings or ())
    else:
        scope = WHOLE
    files = opened.hand_over(exports, folder, scope)
    losses = {one.name: one.loses for one in exports}
    then = {one.name: one.then for one in exports if one.then}
    if as_json:
        print_json(
            {
                "files": [str(file) for file in files],
                "scope": scope.says,
                "loses": losses,
                "then": then,
            }
        )
        return
    for file in files:
        out().print(link(file))
    for name, loses in losses.items():
        out().print(f"  {name} loses: {loses}", markup=False)
    for name, steps in then.items():
        out().print(f"  {name}, then: {steps}", markup=False)


def _found(
    case: Case,
    packs: list[str] | tuple[()],
    chain: dict[str, str | None] | None,
    settings: list[str] | tuple[()],
) -> Scope:
    """Give what packs and the chain name."""
    findings = (
        [f for answer in asked(case, packs, settings) for f in answer.findings] if packs else []
    )
    if chain is not None:
        through = [chain.get(name) for name in ("seller", "account", "victim")]
        findings += case.chain(seller=through[0], account=through[1], victim=through[2])[1].findings
    if not findings:
        raise WrongUsage(
            "there is nothing to hand over: no finding",
            fix="'linkwright run' tells which packs find something; without --pack the whole case "
            "is handed over",
        )
    says = ", ".join([*packs, *(["the chain"] if chain is not None else [])])
    return scope_of_findings(f"what was found by {says}", findings)


class Languages(StrEnum):
    """The languages of a report."""

    zh = "zh"
    en = "en"
    both = "both"


def report(
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE", help="The .docx or .pdf to write.")
    ],
    case: CaseOption = HERE,
    language: Annotated[Languages, typer.Option("--lang", help="zh, en or both.")] = Languages.both,
    most: Annotated[
        int, typer.Option("--entities", min=0, help="How many entities are told in full.")
    ] = 30,
    as_json: JsonOption = False,
) -> None:
    """Write the report: exhibits, findings, charts, money, thresholds, method."""
    told = report_on(open_case(case), output, language.value, most)
    if as_json:
        print_json({"file": str(output), **asdict(told)})
        return
    out().print(
        f"{told.findings:,} findings on {told.entities:,} entities, {told.pictures:,} pictures: "
        f"{link(output)}"
    )
