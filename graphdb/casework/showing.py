"""Showing one entity: its links, findings and rows, how papers write it, what it is one with.

What an officer confirmed to be one, and payments that several papers tell, lead to the one entity
of the graph, with the reason.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Final

import polars as pl

from graphdb.casework.joining import decisions_in, joins_of
from graphdb.casework.spelling import Spelling, spellings
from graphdb.errors import WrongUsage
from graphdb.evidence.docket import Docket
from graphdb.evidence.log import CaseLog
from graphdb.identity import (
    PAYMENT_COLUMNS,
    Decisions,
    Joins,
    groups_of,
    label_of,
    paper_number,
    spelled,
)
from graphdb.model import NODE_TYPES, Entity, Finding, Link, SourceRow
from graphdb.store import Store, entities_of, links_at

# Tables whose rows may bring a thing that no link and no evidence of its own names.
_REGISTERS: Final = {
    "Account": ("accounts", "account"), "Person": ("persons", "person"),
    "Device": ("devices", "device"), "Seller": ("sellers", "seller"),
}  # fmt: skip
# So many payments of one number are named; more of them help nobody.
_NAMED: Final = 10


@dataclass(frozen=True, slots=True)
class Joined:
    """An id that is one with an entity, and why: a rule, or who decided it, when and for what."""

    id: str
    why: str


@dataclass(frozen=True, slots=True)
class Shown:
    """One entity with its links, the findings that name it and the source rows behind it.

    ``written`` are the forms in which the rows write it, ``joined`` the ids that are one with it.
    """

    entity: Entity
    links: tuple[Link, ...]
    findings: tuple[Finding, ...]
    sources: tuple[SourceRow, ...]
    written: tuple[Spelling, ...]
    joined: tuple[Joined, ...]


def shown(
    store: Store,
    docket: Docket,
    log: CaseLog,
    entity: Entity,
    find: Callable[[str], Collection[Finding]],
    quote: Callable[[Collection[str]], tuple[SourceRow, ...]],
) -> Shown:
    """Show one entity whole; ``find`` gives the findings of packs that ask for its label."""
    links = links_at(store, entity.id)
    findings = (one for one in find(entity.label) if any(entity.id == id_ for _, id_ in one.nodes))
    joined = _joined_with(entity, docket, log)
    ids = {entity.id, *(one.id for one in joined)}
    places = {*entity.evidence, *(place for link in links for place in link.evidence)}
    sources = quote(places | _registered(docket, entity.label, ids))
    written = spellings(entity, ids, sources)
    return Shown(entity, links, tuple(findings), sources, written, joined)


def entity_named(store: Store, docket: Docket, log: CaseLog, id_: str) -> Entity:
    """Find an entity by its id, by another spelling of it, or by an id that is joined into it.

    Raises:
        WrongUsage: the case holds no such entity.
    """
    label = label_of(id_)
    own = id_ if label == "Group" else str(pl.select(spelled(label, pl.lit(id_))).item())
    into = groups_of(decisions_in(log).confirmed)
    known = [into.get(id_, id_), id_, into.get(own, own), own]
    labels = {label} if label == "Payment" else NODE_TYPES.keys() - {"Payment"}
    found = {one.id: one for one in entities_of(store, known, labels)}
    if not found and label == "Payment":
        known = _of_paper(docket, log, id_)
        found = {one.id: one for one in entities_of(store, known, labels)}
        if len(found) > 1:
            raise WrongUsage(
                f"{len(found)} payments have the number of '{id_}'",
                fix=f"name one of them: {', '.join(sorted(found)[:_NAMED])}",
            )
    for one in known:
        if one in found:
            return found[one]
    raise WrongUsage(
        f"the case holds no entity '{id_}'",
        fix="write its whole id: wechat:NUMBER, bank:NUMBER, seller:HANDLE, person:ID",
    )


def _of_paper(docket: Docket, log: CaseLog, id_: str) -> list[str]:
    """Give the ids in the graph of the payments whose number a paper writes so."""
    rows = docket.kept("payments", PAYMENT_COLUMNS)
    if into := Joins.of(decisions_in(log), rows, {id_}).named.get(id_):
        return [into]
    has_number = paper_number(pl.col("payment")) == id_.partition(":")[2]
    return [f"payment:{one}" for one in rows.filter(has_number)["payment"].unique().sort()]


def _registered(docket: Docket, label: str, ids: Collection[str]) -> set[str]:
    """Give the places of the registers (accounts, persons, ...) that bring an entity."""
    if label not in _REGISTERS:
        return set()
    table, column = _REGISTERS[label]
    place = pl.col("exhibit") + ":" + pl.col("row").cast(pl.String)
    is_meant = spelled(label, pl.col(column)).is_in([*ids])
    parts = docket.kept_parts(table, (column, "exhibit", "row"))
    return {found for part in parts for found in part.filter(is_meant).select(place).to_series()}


def _joined_with(entity: Entity, docket: Docket, log: CaseLog) -> tuple[Joined, ...]:
    """Say which other ids are this entity, and why."""
    decisions = decisions_in(log)
    if entity.label == "Payment":
        return tuple(_papers(entity, docket, log, decisions))
    aliases = entity.properties.get("aliases")
    names = [str(alias) for alias in aliases] if isinstance(aliases, list | tuple) else []
    return tuple(Joined(name, _decided(decisions, name)) for name in sorted(names))


def _papers(entity: Entity, docket: Docket, log: CaseLog, decisions: Decisions) -> Iterator[Joined]:
    # One paper alone tells no payment twice; joining all is only for those that several tell.
    if len({place.rpartition(":")[0] for place in entity.evidence}) < 2:
        return
    joins = joins_of(docket, log)
    joined = joins.payments.joined.filter(
        pl.col("into") == entity.id.partition(":")[2], pl.col("payment") != pl.col("into")
    )
    told = set()
    for one, why in joined.select("payment", "why").sort("payment").iter_rows():
        told.add(f"payment:{one}")
        yield Joined(f"payment:{one}", _decided(decisions, f"payment:{one}") or why)
    for name, into in joins.named.items():
        if into == entity.id and name not in {into, *told}:
            yield Joined(name, "a report or a sale names it so: the number as its paper writes it")


def _decided(decisions: Decisions, id_: str) -> str:
    """Say who confirmed that an id is one with others; '' where nobody did."""
    made = [
        f"confirmed as one with {other} by {one.by} at {one.at}: {one.reason or 'no reason given'}"
        for pair, one in sorted(decisions.standing.items())
        if one.verdict == "confirm" and id_ in pair
        for other in pair
        if other != id_
    ]
    return "; ".join(made)
