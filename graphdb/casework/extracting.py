"""Extracting: a graph that somebody has already becomes evidence of a case, by a map.

Joins evidence and store. What the map's patterns find is written into files as the graph has it,
sorted, so that the same graph gives the same bytes; the files are then added like any others, so
every line of a chart leads to a row of a hashed file. The graph itself is only ever read.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import polars as pl

from graphdb.casework.intake import AddReport, Refusal
from graphdb.errors import InputRefused, disk
from graphdb.evidence import ReadOptions
from graphdb.evidence.custody import Receipt
from graphdb.evidence.graph_map import GraphTable
from graphdb.store import Credentials, open_store

# How a graph is asked: a query that cannot write, and its rows part by part.
Ask = Callable[[str], Iterator[Sequence[tuple[Any, ...]]]]
Add = Callable[[Sequence[Path], ReadOptions, Receipt], AddReport]
_LABELS: Final = "MATCH (n) UNWIND labels(n) AS label RETURN DISTINCT label ORDER BY label"


@dataclass(frozen=True, slots=True)
class Graph:
    """A graph to extract from: how it is asked, and what it is called in the case log."""

    name: str
    ask: Ask


@contextmanager
def graph_at(url: str, credentials: Credentials | None) -> Iterator[Graph]:
    """Reach the graph of a server by its URL.

    Raises:
        StoreUnreachable: no server answers there, or it refuses the credentials.
        WrongUsage: the URL carries a password or has an unknown scheme.
    """
    store = open_store(url, credentials=credentials)
    try:
        yield Graph(url, store.stream)
    finally:
        store.close()


def extract(
    graph: Graph,
    tables: Sequence[GraphTable],
    folder: Path,
    add: Add,
    receipt: Receipt | None = None,
) -> AddReport:
    """Write what a map finds in a graph into files, and add each by its map.

    They pass through ``folder``. Nothing is added before every pattern has been asked.
    """
    with TemporaryDirectory(prefix="extract-", dir=folder) as passing:
        written = [
            (table, _written(graph, table, Path(passing) / f"{at:02d}_{table.map.table}.csv"))
            for at, table in enumerate(tables, start=1)
        ]
        reports = [
            add([path], ReadOptions(map=table.map), _receipt(graph, table, receipt or Receipt()))
            if path is not None
            else AddReport((), (), (Refusal(table.name, _nothing(graph, table)),))
            for table, path in written
        ]
    return AddReport(
        files=tuple(one for report in reports for one in report.files),
        rejects=tuple(one for report in reports for one in report.rejects),
        refused=tuple(one for report in reports for one in report.refused),
        conflicts=reports[-1].conflicts,
    )


def _receipt(graph: Graph, table: GraphTable, given: Receipt) -> Receipt:
    """Say in the case log which server answered which query."""
    origin = "; ".join(filter(None, (given.origin, graph.name, table.query)))
    return Receipt(origin, given.received_from, given.notice)


def _nothing(graph: Graph, table: GraphTable) -> InputRefused:
    labels = ", ".join(str(row[0]) for part in graph.ask(_LABELS) for row in part)
    return InputRefused(
        f"the graph has nothing for {table.query}",
        where=graph.name,
        fix=f"check the map; the graph has the labels {labels or 'none'}",
    )


def _written(graph: Graph, table: GraphTable, path: Path) -> Path | None:
    schema = dict.fromkeys(table.headers, pl.String)
    parts = [
        pl.DataFrame([tuple(map(_text, row)) for row in part], schema=schema, orient="row")
        for part in graph.ask(table.query)
    ]
    if not parts:
        return None
    with disk(path):
        pl.concat(parts).sort(pl.all(), nulls_last=True).write_csv(path)
    return path


def _text(cell: Any) -> str | None:
    """Write a value as the graph has it; times as ISO 8601, lists with a blank between.

    >>> _text(True), _text(1e16), _text(["a", 1]), _text(None)
    ('true', '10000000000000000', 'a 1', None)
    """
    if cell is None or isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float):
        return f"{Decimal(repr(cell)):f}"
    if isinstance(cell, list | tuple) and type(cell) in (list, tuple):
        return " ".join(_text(one) or "" for one in cell)
    for name in ("iso_format", "isoformat"):
        if hasattr(cell, name):
            return str(getattr(cell, name)())
    return str(cell)
