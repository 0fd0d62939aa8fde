"""Commands about the case itself: new, add, status."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from graphdb.case import Case
from graphdb.casework.intake import AddReport, FileReport
from graphdb.errors import GraphdbError, WrongUsage
from graphdb.evidence import ReadOptions, read_map
from graphdb.evidence.custody import Receipt
from graphdb.model import Reject
from graphdb.store import EMBEDDED, digest_of

from .output import (
    HERE,
    CaseOption,
    JsonOption,
    credentials,
    err,
    link,
    open_case,
    out,
    print_json,
    print_table,
    progress,
    visible,
    warn,
)

REJECTS_SHOWN = 10
EXHIBITS_SHOWN = 5


def new(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder to make.")],
    name: Annotated[str | None, typer.Option(help="What the case is called.")] = None,
    engine: Annotated[
        str, typer.Option(help="embedded, or a server: neo4j://, neo4j+s://, bolt:// ...")
    ] = EMBEDDED,
    as_json: JsonOption = False,
) -> None:
    """Make a case: a folder that will hold exhibits, log and graph."""
    case = Case.create(folder, name=name, engine=engine, credentials=credentials(engine))
    if as_json:
        print_json({"case": str(case.folder), "name": case.name, "engine": case.engine})
    else:
        out().print(f"new case '{visible(case.name)}' in {link(case.folder)}")


def add(
    paths: Annotated[
        list[Path] | None, typer.Argument(metavar="PATH...", help="Files, or folders of files.")
    ] = None,
    case: CaseOption = HERE,
    form: Annotated[
        str | None, typer.Option("--as", help="Take the files for this table or format.")
    ] = None,
    map_file: Annotated[
        Path | None, typer.Option("--map", help="A TOML map of columns (see docs/maps.md).")
    ] = None,
    zone: Annotated[
        str | None, typer.Option("--tz", help="Zone of local times, e.g. Asia/Shanghai.")
    ] = None,
    encoding: Annotated[
        str | None, typer.Option(help="Encoding of files that do not tell it, e.g. latin-1.")
    ] = None,
    platform: Annotated[
        str | None, typer.Option(help="Platform of bare account numbers, e.g. wechat, bank.")
    ] = None,
    origin: Annotated[
        str | None, typer.Option(help="Where the files come from; kept in the case log.")
    ] = None,
    received_from: Annotated[
        str | None, typer.Option(help="Who gave them; kept in the case log.")
    ] = None,
    notice: Annotated[
        str | None, typer.Option(help="Number of the notice to produce them (调取通知书).")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Add evidence: files become exhibits, good rows are loaded, bad ones kept aside.

    Adding a file twice, or an overlapping export, changes nothing. Without a path, an
    interrupted load is finished.
    """
    opened = open_case(case) if paths else Case(case, credentials(Case(case).engine))
    if not paths and not opened.docket.unfinished and not opened.is_behind:
        raise WrongUsage("no file was named", fix="linkwright add FILE_OR_FOLDER")
    options = ReadOptions(
        format=form,
        map=read_map(map_file) if map_file else None,
        zone=zone,
        encoding=encoding,
        platform=platform,
    )
    receipt = Receipt(origin or "", received_from or "", notice or "")
    with progress("adding") as update:
        report = opened.add(paths or [], options, update, receipt)
    tell_added(report, as_json=as_json)


def tell_added(report: AddReport, *, as_json: bool) -> None:
    """Print what became of files; one that was not taken decides the exit code."""
    if as_json:
        print_json(_added(report))
    else:
        _print_added(report)
    if report.refused:
        raise typer.Exit(report.refused[0].error.exit_code)


def status(
    case: CaseOption = HERE,
    digest: Annotated[
        bool, typer.Option("--digest", help="Also hash the whole graph: equal graphs, equal hash.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Show the exhibits, and how many nodes and links the graph has."""
    opened = open_case(case)
    found = opened.status()
    whole = digest_of(opened.store).sha256 if digest else None
    if as_json:
        print_json(
            {
                "case": found.name,
                "engine": found.engine,
                "exhibits": [_file(report) for report in found.exhibits],
                "unfinished": list(found.unfinished),
                "nodes": dict(found.counts.nodes),
                "links": dict(found.counts.links),
                **({"digest": whole} if whole else {}),
            }
        )
        return
    rows = [_row(one) for one in found.exhibits]
    print_table(f"Exhibits of {found.name}", _COLUMNS, rows, whole=_WHOLE)
    print_table("Nodes", ("label", "count"), sorted(found.counts.nodes.items()))
    print_table("Links", ("type", "count"), sorted(found.counts.links.items()))
    if whole:
        out().print(f"digest of the graph: {whole}")


# The names of files are folded, and nothing else.
_WHOLE = ("exhibit", "taken for", "read", "loaded", "repeated", "rejected")
_COLUMNS = ("exhibit", "file", "taken for", "read", "loaded", "repeated", "rejected")


def _row(report: FileReport) -> tuple[object, ...]:
    tally = report.tally
    counts = (tally.read, tally.loaded, tally.repeated, tally.rejected)
    return (report.exhibit.number, report.exhibit.name, tally.format, *counts)


def _file(report: FileReport) -> dict[str, Any]:
    exhibit = report.exhibit
    return {
        "exhibit": exhibit.number,
        "name": exhibit.name,
        "sha256": exhibit.sha256,
        "sm3": exhibit.sm3,
        "size": exhibit.size,
        **asdict(report.tally),
    }


def _refusal(name: str, error: GraphdbError) -> dict[str, Any]:
    return {"name": name, "what": error.what, "where": str(error.where), "fix": error.fix}


def _added(report: AddReport) -> dict[str, Any]:
    return {
        "files": [_file(one) for one in report.files],
        "rejects": [
            {"where": str(r.where), "column": r.column, "what": r.what, "fix": r.fix}
            for r in report.rejects
        ],
        "conflicts": [asdict(one) for one in report.conflicts],
        "refused": [_refusal(one.name, one.error) for one in report.refused],
    }


def _print_added(report: AddReport) -> None:
    if report.files:
        rows = [_row(one) for one in report.files]
        print_table("Added", _COLUMNS, rows, whole=_WHOLE)
    for one in report.files:
        for control in one.tally.controls:
            out().print(
                f"{one.exhibit.number} as written, {control['what']}: {control['count']:,} rows, "
                f"{control['currency']} {control['amount']}",
                markup=False,
            )
    _print_warnings(report)
    _print_rejects(report)
    console = err()
    if report.conflicts:
        count = len(report.conflicts)
        warn(f"{count:,} things are told in several ways: 'linkwright same list' lists the rows")
    if report.refused:
        rows = [(one.name, one.error.what, one.error.fix or "") for one in report.refused]
        print_table("Not taken", ("file", "why", "what to do"), rows, to=console)


def _print_warnings(report: AddReport) -> None:
    """Print each warning once, with the exhibits that it is about."""
    warned: dict[str, list[str]] = {}
    for one in report.files:
        for warning in one.tally.warnings:
            warned.setdefault(warning, []).append(one.exhibit.number)
    for warning, exhibits in warned.items():
        left = len(exhibits) - EXHIBITS_SHOWN
        others = f" and {left:,} more" if left > 0 else ""
        warn(f"{', '.join(exhibits[:EXHIBITS_SHOWN])}{others} {warning}")


def _print_rejects(report: AddReport) -> None:
    """Print the rejected rows; those that lack the same are told once, by the first of them."""
    names = {one.exhibit.number: one.exhibit.name for one in report.files}
    alike: dict[tuple[str | None, str, str], list[Reject]] = {}
    for reject in report.rejects:
        # What stands behind the colon is the cell.
        key = (reject.column, reject.what.partition(": ")[0], reject.fix)
        alike.setdefault(key, []).append(reject)
    console = err()
    groups = list(alike.values())
    for rejects in groups[:REJECTS_SHOWN]:
        reject, more = rejects[0], len(rejects) - 1
        exhibit = reject.where.exhibit.partition("/")[0]
        column = f", column '{reject.column}'" if reject.column else ""
        others = f", and {more:,} more such rows" if more else ""
        console.print(f"rejected: {visible(reject.what)}{others}", markup=False)
        console.print(f"  at  {reject.where} ({names.get(exhibit, '')}){column}", markup=False)
        console.print(f"  fix {visible(reject.fix)}", markup=False)
    left = sum(map(len, groups[REJECTS_SHOWN:]))
    if left:
        console.print(f"... and {left:,} more rejected rows")
    if groups:
        console.print("all rejected rows are kept in the folder 'rejects'")
