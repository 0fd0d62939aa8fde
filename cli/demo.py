"""The demo: the sample case, whole, in one command."""

from pathlib import Path
from typing import Annotated

import typer

from graphdb.case import Case
from graphdb.model import money_text
from graphdb.sample import write_sample
from graphdb.store import EMBEDDED
from graphdb.trace import Trail

from .ask import print_chain
from .output import JsonOption, credentials, link, out, print_json, print_table, progress


def demo(
    folder: Annotated[Path, typer.Argument(metavar="DIR")] = Path("linkwright-demo"),
    engine: Annotated[
        str, typer.Option(help="embedded, or the URL of an empty server.")
    ] = EMBEDDED,
    as_json: JsonOption = False,
) -> None:
    """Write an invented case, load it, ask every question, trace and draw it."""
    evidence, home = folder / "evidence", folder / "case"
    evidence.mkdir(parents=True, exist_ok=True)
    write_sample(evidence)
    keys = credentials(engine)
    if (home / "case.toml").exists():
        case = Case(home, keys)
    else:
        case = Case.create(home, name="Sample case (invented)", engine=engine, credentials=keys)
    with progress("adding") as update:
        report = case.add([evidence], progress=update)
    with progress("asking") as update:
        answers = case.run(progress=update)
    chains, whole = case.chain()
    file = folder / "chart.html"
    drawn = case.chart("Link chart: sample case", whole.findings, chains, file)
    widest = max(chains, key=lambda chain: chain.amount_minor)
    (trail,) = case.trace([widest.victim])
    way = folder / "trail.html"
    case.chart_trail("Money trail: sample case", trail, way)
    findings = sum(len(answer.findings) for answer in answers)
    if as_json:
        print_json(
            {
                "case": str(home),
                "evidence": str(evidence),
                "chart": str(file),
                "findings": findings,
                "chains": len(chains),
                "trail": str(way),
                "hops": len(trail.hops),
                "traced_minor": trail.started_minor,
                "files": len(report.files),
                "rejected": len(report.rejects),
            }
        )
        return
    console = out()
    tallies = [one.tally for one in report.files]
    console.print(
        f"{len(tallies)} files: {sum(t.read for t in tallies):,} rows read = "
        f"{sum(t.loaded for t in tallies):,} loaded + {sum(t.repeated for t in tallies):,} repeated"
        f" + {sum(t.rejected for t in tallies):,} rejected"
    )
    rows = [(a.pack.id, a.pack.level, len(a.findings), a.pack.question) for a in answers]
    print_table(
        "What the packs found (leads to check)", ("pack", "level", "found", "question"), rows
    )
    print_chain(widest)
    console.print(f"{len(chains)} suspected chains, {findings} findings")
    console.print(_told(trail), markup=False)
    console.print(f"evidence  {link(evidence)}")
    console.print(f"case      {link(home)}")
    console.print(
        f"chart     {link(file)}  ({len(drawn.nodes)} entities, {len(drawn.links)} links)"
    )
    console.print(f"trail     {link(way)}  ({len(trail.hops)} payments)")
    console.print(
        "open them in a browser; ask on with: linkwright run --case " + str(home), markup=False
    )


def _told(trail: Trail) -> str:
    """Say where the money went, in one line that adds up."""
    ended = (
        (trail.ended("left_case"), "left the case"),
        (trail.ended("at_rest"), "still there"),
        (trail.ended("not_on_record"), "not on record"),
    )
    parts = [
        f"{money_text(sum(sums.values()), trail.currency)} {says}" for sums, says in ended if sums
    ]
    whole = money_text(trail.started_minor, trail.currency)
    return f"{whole} traced over {len(trail.layers)} layers by {trail.rule}: {', '.join(parts)}"
