"""The command that draws: chart."""

from pathlib import Path
from typing import Annotated

import typer

from graphdb.chart import Chart, TrailChart
from graphdb.errors import WrongUsage
from graphdb.model import Chain, Finding

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
from .output import HERE, CaseOption, JsonOption, link, open_case, out, print_json, warn


def chart(
    output: Annotated[
        Path, typer.Option("--output", "-o", help="The .html, .svg or .pdf file to write.")
    ],
    case: CaseOption = HERE,
    packs: PacksOption = None,
    chain: Annotated[
        bool, typer.Option("--chain", help="Draw the chain (the default without --pack).")
    ] = False,
    trace: TraceOption = None,
    rule: TrailRuleOption = "fifo",
    backward: TrailBackwardOption = False,
    seller: SellerOption = None,
    account: AccountOption = None,
    victim: VictimOption = None,
    settings: SettingsOption = None,
    title: Annotated[str | None, typer.Option(help="A neutral title.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Draw a link chart: one interactive HTML file without network, or SVG or PDF.

    SVG and PDF are A3 sheets in black and white; an SVG has one file for each page.
    """
    opened = open_case(case)
    if trace:
        trail, *others = opened.trace(trace, [rule], backward=backward)
        for other in others:
            warn(f"the money in {other.currency} is a trail of its own and not on this drawing")
        name = title or f"Money trail by {rule}: {opened.name}"
        _tell(output, opened.chart_trail(name, trail, output), as_json=as_json)
        return
    findings: list[Finding] = []
    chains: tuple[Chain, ...] = ()
    if packs:
        for answer in asked(opened, packs, settings or ()):
            findings += answer.findings
            if answer.not_run:
                warn(f"{answer.pack.id}: {answer.not_run}")
    if chain or not packs:
        chains, answer = opened.chain(seller=seller, account=account, victim=victim)
        findings += answer.findings
    if not findings:
        raise WrongUsage(
            "there is nothing to draw: no chain and no finding",
            where=str(case),
            fix="'linkwright run' tells which packs find something; draw one with --pack ID",
        )
    drawn = opened.chart(title or f"Link chart: {opened.name}", findings, chains, output)
    _tell(output, drawn, as_json=as_json)


def _tell(output: Path, drawn: Chart | TrailChart, *, as_json: bool) -> None:
    if as_json:
        print_json({"file": str(output), "nodes": len(drawn.nodes), "links": len(drawn.links)})
    else:
        out().print(f"{len(drawn.nodes):,} entities, {len(drawn.links):,} links: {link(output)}")
