"""The tables that CSV and XLSX hand over: nodes, links, payments, and the cells of source rows.

``payments`` is a canonical table: another case can take it as evidence.
"""

from collections.abc import Iterable, Iterator
from typing import Final

import polars as pl

from graphdb.bundle.exports.drawn import PAYMENT, drawn
from graphdb.bundle.exports.text import written
from graphdb.bundle.handed import Handover
from graphdb.model import LINK_TYPES, NODE_TYPES, LinkType, NodeType

_PAYMENTS: Final = (
    "payment", "from_account", "to_account", "amount", "currency", "at", "channel", "kind",
    "status", "memo", "reference", "basis", "evidence",
)  # fmt: skip
_SOURCES: Final = ("place", "file", "sha256", "column", "value")


def sheets_of(handover: Handover) -> Iterator[tuple[str, pl.DataFrame]]:
    """Give each table as its name and a frame; lists are texts, numbers are numbers."""
    nodes = [rows.frame.with_columns(label=pl.lit(rows.label)) for rows in handover.nodes]
    yield "nodes", _whole(nodes, ("id", "label"), NODE_TYPES.values())
    links = [rows.frame.with_columns(type=pl.lit(rows.type)) for rows in handover.links]
    yield "links", _whole(links, ("type", "source", "target"), LINK_TYPES.values())
    yield "payments", _payments(handover)
    cells = [
        (row.place, row.file, row.sha256, column, value)
        for row in handover.sources
        for column, value in row.cells
    ]
    yield "evidence", pl.DataFrame(cells, schema=dict.fromkeys(_SOURCES, pl.String), orient="row")


def _whole(
    frames: list[pl.DataFrame], first: tuple[str, ...], types: Iterable[NodeType | LinkType]
) -> pl.DataFrame:
    """Put frames under one header: what names the row first, then properties as declared."""
    if not frames:
        return pl.DataFrame(schema=dict.fromkeys(first, pl.String))
    whole = pl.concat(frames, how="diagonal_relaxed")
    declared = dict.fromkeys(one.name for type_ in types for one in type_.properties)
    used = [
        name
        for name in declared
        if name in whole.columns and name not in first and whole[name].count()
    ]
    lists = [name for name in used if whole.schema[name] == pl.List(pl.String)]
    return whole.select(*first, *used).with_columns(_texts(whole[name]) for name in lists)


def _texts(lists: pl.Series) -> pl.Series:
    """Write lists as texts."""
    texts = [None if one is None else written(lists.name, one) for one in lists.to_list()]
    return pl.Series(lists.name, texts, dtype=pl.String)


def _payments(handover: Handover) -> pl.DataFrame:
    """Give payments as the canonical table has them, each with its basis and places."""
    rows = []
    for line in drawn(handover)[1]:
        if line.type != PAYMENT:
            continue
        said = {
            **line.properties, "payment": line.id.partition(":")[2], "from_account": line.source,
            "to_account": line.target,
        }  # fmt: skip
        cells = [written(name, said.get(name)) or None for name in _PAYMENTS]
        rows.append(cells)
    return pl.DataFrame(rows, schema=dict.fromkeys(_PAYMENTS, pl.String), orient="row")
