"""py2neo, for people who have notebooks of it: a part of a case as a Subgraph, a Graph to ask.

py2neo's last release is 2021.2.4, of 2021, so nothing of ours needs it: see docs/py2neo.md.

It knows a relationship by its type and its ends: ``Graph.create`` and ``Graph.merge`` both write
two logins of one account on one device as one, the last. So links that stand side by side are made
one here, where it can be seen: with the places of all, the first time, the weakest basis, and how
many there are.
"""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, Final

from py2neo import Node, Relationship, Subgraph

from graphdb.model import BASES, Cell, LinkRows, NodeRows

_ROWS_AT_ONCE: Final = 10_000
_TIMES: Final = ("at", "joined_at")


def subgraph_of(nodes: Sequence[NodeRows], links: Sequence[LinkRows]) -> Any:
    """Give nodes and the links between them as a Subgraph, which ``Graph.merge`` takes as it is."""
    made: dict[tuple[str, str], Any] = {}
    for rows in nodes:
        for properties in rows.frame.iter_rows(named=True):
            node = Node(rows.label, **_known(properties))
            node.__primarylabel__, node.__primarykey__ = rows.label, "id"
            made[rows.label, properties["id"]] = node
    relationships = []
    for rows_ in links:
        side_by_side: dict[tuple[str, str], list[dict[str, Cell]]] = {}
        for row in rows_.frame.iter_rows(named=True):
            side_by_side.setdefault((row.pop("source"), row.pop("target")), []).append(row)
        for (source, target), rows_of_pair in side_by_side.items():
            relationships.append(
                Relationship(
                    made[rows_.source_label, source],
                    rows_.type,
                    made[rows_.target_label, target],
                    **_as_one(rows_of_pair),
                )
            )
    return Subgraph(made.values(), relationships)


def ask(graph: Any, query: str) -> Iterator[Sequence[tuple[Any, ...]]]:
    """Ask a Graph in a read transaction, which its server lets write nothing."""
    rows = (tuple(record.values()) for record in graph.query(query))
    while part := list(islice(rows, _ROWS_AT_ONCE)):
        yield part


def name_of(graph: Any) -> str:
    """Say which server a Graph is of, and what it runs; never with a user or password."""
    profile = graph.service.profile
    return f"{profile.protocol}://{profile.host}:{profile.port} ({graph.service.product})"


def _as_one(rows: Sequence[dict[str, Cell]]) -> dict[str, Cell]:
    """Make links between the same two nodes one.

    >>> logins = [{"at": "2025-03-02", "evidence": ["E01:3"], "basis": "stated"},
    ...           {"at": "2025-03-01", "evidence": ["E01:2"], "basis": "recorded"}]
    >>> _as_one(logins)
    {'at': '2025-03-01', 'evidence': ['E01:2', 'E01:3'], 'basis': 'stated', 'links': 2}
    """
    times = [name for name in _TIMES if name in rows[0]]
    first, *others = sorted(rows, key=lambda row: [str(row[name] or "~") for name in times])
    one = _known(first)
    if others:
        places = [row["evidence"] for row in (first, *others)]
        flat = (place for told in places if isinstance(told, list) for place in told)
        basis = max((str(row["basis"]) for row in rows), key=BASES.index)
        one |= {"evidence": [*dict.fromkeys(flat)], "basis": basis, "links": len(rows)}
    return one


def _known(properties: dict[str, Cell]) -> dict[str, Cell]:
    return {name: cell for name, cell in properties.items() if cell is not None}
