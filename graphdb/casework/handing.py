"""Handing over: the whole graph of a case, or what a finding or trail names, as columns.

Joins store, evidence and bundle. ``quote`` gives the source rows that stand at places.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final, Generic, TypeVar

import polars as pl

from graphdb.bundle.handed import Exhibited, Handover
from graphdb.evidence.docket import Docket
from graphdb.model import Finding, LinkRows, NodeRows, Place, SourceRow
from graphdb.store import Store, links_as_columns, links_of, nodes_as_columns, nodes_of
from graphdb.trace import Trail

_Rows = TypeVar("_Rows")
Quote = Callable[[Collection[str]], tuple[SourceRow, ...]]


@dataclass(frozen=True, slots=True)
class Scope:
    """A part of a case: entities by id, and the links between them as (type, source, target).

    ``says`` tells a reader which part it is; no ids and no links mean the whole case.
    """

    says: str
    ids: frozenset[str] | None = None
    links: frozenset[tuple[str, str, str]] | None = None


WHOLE: Final = Scope("the whole case")


def scope_of_findings(says: str, findings: Sequence[Finding]) -> Scope:
    """Give what findings name, and the links that they rest on."""
    ids = frozenset(id_ for finding in findings for _, id_ in finding.nodes)
    return Scope(says, ids, frozenset(link for finding in findings for link in finding.links))


def scope_of_trails(says: str, trails: Sequence[Trail]) -> Scope:
    """Give the payments of trails, refunds too, and the accounts between which they went."""
    hops = [hop for trail in trails for hop in (*trail.hops, *trail.returns)]
    ids = frozenset(id_ for hop in hops for id_ in (hop.payment, hop.source, hop.target))
    sent = {("SENT", hop.source, hop.payment) for hop in hops}
    paid = {("PAID_TO", hop.payment, hop.target) for hop in hops}
    return Scope(says, ids, frozenset(sent | paid))


def handed(store: Store, docket: Docket, quote: Quote, case: str, scope: Scope) -> Handover:
    """Gather the nodes and links of a scope, the rows that they rest on, and their files."""
    nodes = nodes_as_columns(store, scope.ids)
    links = links_as_columns(store, scope.ids)
    if scope.links is not None:
        links = _chosen(links, scope.links)
    places = _places(nodes) | _places(links)
    numbers = {Place.parse(place).exhibit.partition("/")[0] for place in places}
    exhibits = (one for one in _exhibits(docket) if scope.ids is None or one.number in numbers)
    return Handover(case, scope.says, nodes, links, quote(places), tuple(exhibits))


def handed_in_parts(store: Store, docket: Docket, case: str, case_id: str) -> Handover:
    """Hand over the whole case without its source rows, read part by part as it is written."""
    nodes, links = _Parts(partial(nodes_of, store)), _Parts(partial(links_of, store))
    return Handover(case, WHOLE.says, nodes, links, (), _exhibits(docket), case_id)


@dataclass(frozen=True, slots=True)
class _Parts(Generic[_Rows]):
    """What is read anew each time it is gone through."""

    read: Callable[[], Iterator[_Rows]]

    def __iter__(self) -> Iterator[_Rows]:
        return self.read()


def _exhibits(docket: Docket) -> tuple[Exhibited, ...]:
    unique = {
        one.number: Exhibited(one.number, one.name, one.sha256, one.sm3, one.size)
        for one in (entry.exhibit for entry in docket.finished)
    }
    return tuple(unique.values())


def _chosen(
    links: Sequence[LinkRows], wanted: frozenset[tuple[str, str, str]]
) -> tuple[LinkRows, ...]:
    chosen = []
    for rows in links:
        pairs = [(source, target) for type_, source, target in wanted if type_ == rows.type]
        keys = pl.DataFrame(
            sorted(pairs), schema={"source": pl.String, "target": pl.String}, orient="row"
        )
        frame = rows.frame.join(keys, on=["source", "target"], how="semi", maintain_order="left")
        if frame.height:
            chosen.append(replace(rows, frame=frame))
    return tuple(chosen)


def _places(rows: Sequence[NodeRows] | Sequence[LinkRows]) -> set[str]:
    return {
        place
        for one in rows
        if "evidence" in one.frame.columns
        for place in one.frame["evidence"].explode(empty_as_null=False).drop_nulls()
    }
