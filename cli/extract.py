"""The command that takes a graph somebody has already into a case: extract."""

from pathlib import Path
from typing import Annotated

import typer

from graphdb.casework.extracting import graph_at
from graphdb.evidence.custody import Receipt
from graphdb.evidence.graph_map import read_graph_map

from .cases import tell_added
from .output import HERE, CaseOption, JsonOption, credentials, open_case, progress


def extract(
    url: Annotated[str, typer.Argument(metavar="URL", help="The server: neo4j://, bolt:// ...")],
    map_file: Annotated[
        Path, typer.Option("--map", help="A TOML map of the graph (see docs/py2neo.md).")
    ],
    case: CaseOption = HERE,
    received_from: Annotated[
        str | None, typer.Option(help="Who gave access; kept in the case log.")
    ] = None,
    notice: Annotated[
        str | None, typer.Option(help="Number of the notice to produce it (调取通知书).")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Add what a map finds in an existing Neo4j graph, as files of evidence.

    The graph is only read. LINKWRIGHT_SOURCE_USER and LINKWRIGHT_SOURCE_PASSWORD open it.
    """
    tables = read_graph_map(map_file)
    opened = open_case(case)
    receipt = Receipt("", received_from or "", notice or "")
    with graph_at(url, credentials(url, "SOURCE")) as graph, progress("adding") as show:
        report = opened.extract(graph, tables, show, receipt)
    tell_added(report, as_json=as_json)
