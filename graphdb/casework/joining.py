"""Joining: the graph is what the rows say, with what is one by rule or decision put together.

The joins are derived anew from the rows and the decisions whenever rows or decisions come. When
they are not those that the graph was built with, it is built again from the rows, so the order in
which files were added never matters, and a decision that is taken back leaves no trace in it.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import polars as pl

from graphdb.casework.conflicts import Conflict, conflicts_in
from graphdb.evidence.ahead import ahead
from graphdb.evidence.docket import Docket, Entry
from graphdb.evidence.log import CaseLog
from graphdb.identity import (
    HUB_COLUMNS,
    MASK_MARKS,
    NAMED_PAYMENT,
    PAYMENT_COLUMNS,
    Decision,
    Decisions,
    HubRules,
    Joins,
    Known,
    Pair,
    Suggestion,
    hubs_of,
    label_of,
    pair_of,
    resolve,
    suggest,
)
from graphdb.model import NODE_TYPES, Batch, Cell, GraphRows, LinkRows
from graphdb.store import Store, unheard

_ROWS_AT_ONCE: Final = 100_000


@dataclass(frozen=True, slots=True)
class Doubtful:
    """Two payments that may be one, of which one fits several: they stay apart."""

    pair: Pair
    why: str


@dataclass(frozen=True, slots=True)
class Likeness:
    """What may be one, what is one by rule, what contradicts itself, and what was decided."""

    suggestions: tuple[Suggestion, ...]
    matched: tuple[tuple[str, str, str], ...]
    doubtful: tuple[Doubtful, ...]
    conflicts: tuple[Conflict, ...]
    decisions: tuple[Decision, ...]


def decisions_in(log: CaseLog) -> Decisions:
    """Read the decisions out of the case log."""
    made = (entry for entry in log.entries() if entry["event"] == "decided")
    return Decisions.of(
        Decision(
            entry["verdict"],
            (entry["one"], entry["two"]),
            entry["by"],
            entry["at"],
            entry["reason"],
        )
        for entry in made
    )


def is_open(log: CaseLog) -> bool:
    """Tell whether a decision or an interruption left the graph behind the rows."""
    ends = [e["event"] for e in log.entries() if e["event"] in ("decided", "joining", "joined")]
    return bool(ends) and ends[-1] != "joined"


def joins_of(docket: Docket, log: CaseLog, also: Sequence[Entry] = ()) -> Joins:
    """Derive the joins from the rows that a case holds and from the decisions."""
    rows = docket.kept("payments", PAYMENT_COLUMNS, also)
    sold = docket.kept("sales", ("payment",), also)["payment"].drop_nulls()
    named = {*_named(docket, also)["named"], *("payment:" + sold)}
    return Joins.of(decisions_in(log), rows, named)


def _named(docket: Docket, also: Sequence[Entry]) -> pl.DataFrame:
    """Give the payments that reports name: ``named`` and ``place``."""
    rows = docket.kept("reports", ("names", "exhibit", "row"), also)
    place = pl.col("exhibit") + ":" + pl.col("row").cast(pl.String)
    each = pl.col("names").str.extract_all(NAMED_PAYMENT)
    return rows.select(named=each, place=place).explode("named").drop_nulls()


def joined_with(log: CaseLog) -> str:
    """Give the digest of the joins that the graph was built with."""
    built = [entry["digest"] for entry in log.entries() if entry["event"] == "joined"]
    return built[-1] if built else ""


def load_batch(
    store: Store,
    joins: Joins,
    batch: Batch,
    *,
    resume: bool,
    done: Callable[[int], None] = unheard,
) -> None:
    """Put the rows of a batch into the graph, joined; the memory is that of a part of them.

    ``done`` is told how many rows of the batch have gone in, piece by piece.
    """
    bare = _Bare()
    parts = (
        (frame.height, bare.left_out(joins.rows(resolve(joins.batch(replace(batch, frame=frame))))))
        for frame in batch.frame.iter_slices(_ROWS_AT_ONCE)
        if not frame.is_empty()
    )
    for height, part in ahead(parts):
        share = _Share(height, part, done)
        store.load(part, resume=resume, done=share)
        share.end()


class _Share:
    """How many rows of a part have gone in, told by the nodes and links that they become."""

    def __init__(self, height: int, part: GraphRows, done: Callable[[int], None]) -> None:
        self._height = height
        nodes = sum(one.frame.height for one in part.nodes)
        self._total = nodes + sum(one.frame.height for one in part.links)
        self._done = done
        self._written = self._told = 0

    def __call__(self, written: int) -> None:
        """Hear of nodes or links that were written; say how many more rows that is."""
        self._written += written
        if self._total:
            self._tell(self._height * self._written // self._total)

    def end(self) -> None:
        """Say the rest, of which nothing had to be written."""
        self._tell(self._height)

    def _tell(self, rows: int) -> None:
        self._done(rows - self._told)
        self._told = rows


class _Bare:
    """Accounts that a load has brought already; most rows name one again and say no more of it."""

    def __init__(self) -> None:
        self._known = pl.DataFrame(schema={"id": pl.String})

    def left_out(self, rows: GraphRows) -> GraphRows:
        """Leave out accounts of which an earlier part of the load has brought all that is told."""
        return replace(
            rows,
            nodes=tuple(
                replace(one, frame=self._new(one.frame)) if one.label == "Account" else one
                for one in rows.nodes
            ),
        )

    def _new(self, frame: pl.DataFrame) -> pl.DataFrame:
        told = [name for name in frame.columns if name not in {"id", "platform", "number"}]
        says_more = pl.any_horizontal(pl.lit(value=False), *(pl.col(n).is_not_null() for n in told))
        unknown = frame.select("id").join(self._known, on="id", how="anti")
        fresh = frame.filter(says_more | pl.col("id").is_in(unknown["id"].implode()))
        self._known = pl.concat([self._known, unknown])
        return fresh


def rebuild(
    store: Store,
    docket: Docket,
    joins: Joins,
    also: Sequence[Entry],
    progress: Callable[[str, int, int], None],
) -> None:
    """Build the graph again from the rows, in memory or on the server; nothing is published."""
    store.clear()
    parts = docket.parts(also)
    for at, part in enumerate(parts):
        progress("joining", at, len(parts))
        load_batch(store, joins, docket.batch(part), resume=False)
    store.gather_evidence("Payment", _evidence(docket, joins, also))


def _evidence(docket: Docket, joins: Joins, also: Sequence[Entry]) -> pl.DataFrame:
    """Give for each payment that several rows tell, or a report too, all their places."""
    rows = docket.kept("payments", ("payment", "exhibit", "row"), also)
    into = pl.coalesce("into", "payment")
    rows = rows.join(joins.payments.joined, on="payment", how="left", maintain_order="left")
    said = _named(docket, also).with_columns(
        id=pl.col("named").replace_strict(dict(joins.named), default=None, return_dtype=pl.String)
    )
    is_told = pl.col("into").is_not_null() | pl.col("id").is_in(said["id"].implode())
    place = pl.col("exhibit") + ":" + pl.col("row").cast(pl.String)
    told = rows.with_columns(id="payment:" + into).filter(is_told).select("id", place=place)
    return (
        pl.concat([told, said.drop_nulls("id").select("id", "place")])
        .group_by("id", maintain_order=True)
        .agg(evidence=pl.col("place").unique(maintain_order=True))
    )


def bring_up(
    store: Store,
    docket: Docket,
    log: CaseLog,
    joins: Joins,
    *,
    also: Sequence[Entry],
    who: Callable[[], dict[str, Any]],
    progress: Callable[[str, int, int], None],
) -> bool:
    """Rebuild the graph if its joins are not those of the rows; tell whether it was."""
    if joins.digest == joined_with(log) and not is_open(log):
        told = _evidence(docket, joins, also) if joins.named else pl.DataFrame()
        if told.height:
            store.gather_evidence("Payment", told)
        return False
    log.append("joining", **who())
    rebuild(store, docket, joins, also, progress)
    return True


def mark_hubs(
    store: Store, docket: Docket, joins: Joins, also: Sequence[Entry], own_rules: Path
) -> None:
    """Classify the hubs among all rows of the case anew, and write them into the graph."""
    tables = {table: docket.kept_parts(table, own, also) for table, own in HUB_COLUMNS.items()}
    rules = HubRules.standard().with_table(own_rules)
    put_hubs(store, hubs_of(tables, joins, rules))


def put_hubs(store: Store, hubs: pl.DataFrame) -> None:
    """Mark the hubs, and nothing else, as such."""
    for label, node in NODE_TYPES.items():
        if any(declared.name == "hub" for declared in node.properties):
            store.mark(label, hubs.filter(label=label).select("id", "hub", "hub_rule"))


def mark_likely(
    store: Store, docket: Docket, log: CaseLog, joins: Joins, also: Sequence[Entry]
) -> None:
    """Write the suggestions into the graph, as inferred links that no pack counts."""
    store.unlink("SAME_AS")
    found = _suggestions(store, docket, log, joins, also)
    for label in sorted({label_of(one.pair[0]) for one in found}):
        ones = [one for one in found if label_of(one.pair[0]) == label]
        ids = sorted({id_ for one in ones for id_ in one.pair})
        text = (
            f"UNWIND $ids AS id MATCH (n:{label} {{id: id}})-[l]-(m) "
            "RETURN id, min(l.evidence[0]) AS place ORDER BY id"
        )
        places = {str(id_): str(place) for id_, place in store.read(text, {"ids": [*ids]}).rows}
        frame = pl.DataFrame(
            [
                {
                    "source": one.pair[0],
                    "target": one.pair[1],
                    "evidence": sorted({places[id_] for id_ in one.pair if id_ in places}),
                    "basis": "inferred",
                    "rule": "; ".join(words for _, words in one.reasons),
                    "confidence": one.score / 100,
                }
                for one in ones
            ]
        )
        store.load(GraphRows((), (LinkRows("SAME_AS", label, label, frame),)))


def _suggestions(
    store: Store, docket: Docket, log: CaseLog, joins: Joins, also: Sequence[Entry] = ()
) -> tuple[Suggestion, ...]:
    devices = _read(store, _DEVICES)
    friends = _read(store, _FRIENDS) if _read(store, _CONTACTS)[0][0] else []
    paid = list(_paid(docket, joins, also))
    told = {account for account, _ in devices} | {id_ for pair in paid for id_ in pair}
    told |= {friend for _, _, friend in friends}
    return suggest(
        _comparable(store, told),
        [Known(*row) for row in _read(store, _PERSONS)],
        devices,
        friends,
        paid,
        tuple(decisions_in(log).standing),
    )


def _comparable(store: Store, told: Collection[str]) -> list[Known]:
    """Give the accounts that may be like another one: most of a large case can be like none."""
    rows = _read(store, _WRITTEN)
    masked = {id_.partition(":")[0] for id_, _, _ in rows if any(m in id_ for m in MASK_MARKS)}
    for platform in sorted(masked):
        rows += _read(store, _NUMBERED, platform=platform)
    lacking = sorted(set(told) - {id_ for id_, _, _ in rows})
    if lacking:
        rows += _read(store, _NAMED, ids=[*lacking])
    return [Known(*row) for row in sorted(rows)]


def likeness(store: Store, docket: Docket, log: CaseLog) -> Likeness:
    """Find what may be one, and list what is one and what contradicts itself."""
    joins = joins_of(docket, log)
    found = _suggestions(store, docket, log, joins)
    moved = joins.payments.joined.filter(pl.col("payment") != pl.col("into"))
    matched = moved.select("payment", "into", "why").sort("into", "payment").rows()
    doubtful = tuple(
        Doubtful(pair_of(f"payment:{one}", f"payment:{two}"), why)
        for one, two, why in joins.payments.doubtful.iter_rows()
    )
    return Likeness(
        found,
        tuple((f"payment:{one}", f"payment:{two}", why) for one, two, why in matched),
        doubtful,
        conflicts_in(docket, joins),
        decisions_in(log).all,
    )


_ACCOUNT: Final = "RETURN a.id AS id, a.holder_name AS name, a.nickname AS nickname ORDER BY id"
# What only a paper writes: platform:owner/written.
_WRITTEN: Final = f"MATCH (a:Account) WHERE a.number CONTAINS '/' {_ACCOUNT}"
_NUMBERED: Final = (
    f"MATCH (a:Account) WHERE a.platform = $platform AND NOT a.number CONTAINS '/' {_ACCOUNT}"
)
_NAMED: Final = f"UNWIND $ids AS told MATCH (a:Account {{id: told}}) {_ACCOUNT}"
_PERSONS: Final = "MATCH (p:Person) RETURN p.id AS id, p.full_name AS name ORDER BY id"
_DEVICES: Final = (
    "MATCH (a:Account)-[:LOGGED_IN_ON]->(d:Device) "
    "RETURN DISTINCT a.id AS account, d.id AS device ORDER BY account, device"
)
# An engine that walks every account to find no contact at all takes a second for a million.
_CONTACTS: Final = "MATCH ()-[l:FRIEND_OF]->() RETURN count(l) AS n"
_FRIENDS: Final = (
    "MATCH (a:Account)-[l:FRIEND_OF]->(b:Account) WHERE l.name IS NOT NULL "
    "RETURN DISTINCT a.id AS account, l.name AS said, b.id AS friend ORDER BY account, said, friend"
)


def _read(store: Store, text: str, **parameters: Cell) -> list[Any]:
    return [*store.read(text, parameters).rows]


def _paid(docket: Docket, joins: Joins, also: Sequence[Entry]) -> Iterator[tuple[str, str]]:
    """Give the accounts that stand on one side of a matched payment in different papers."""
    columns = ("payment", "from_account", "to_account")
    rows = docket.kept("payments", columns, also)
    rows = rows.join(joins.payments.joined, on="payment", suffix="_in")
    for side in ("from_account", "to_account"):
        other = rows.filter(pl.col(side) != pl.col(f"{side}_in"))
        yield from other.select(side, f"{side}_in").iter_rows()
