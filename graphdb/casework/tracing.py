"""Tracing in a case: the projected payments become flows, and an entity the place to start.

Joins store and trace.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

import polars as pl

from graphdb.errors import WrongUsage
from graphdb.model import Entity, money_text
from graphdb.store import Store
from graphdb.trace import (
    Flow,
    Limits,
    Path,
    Trail,
    arrivals,
    flows_of,
    paths_from,
    trace_money,
)

_HUBS: Final = "MATCH (a:Account) WHERE a.hub IS NOT NULL RETURN a.id AS id, a.hub AS hub"
_OWN: Final = "MATCH (p:Person {id: $id})-[:HOLDS|CONTROLS]->(a:Account) RETURN DISTINCT a.id AS id"
_NAMED: Final = "MATCH (r:Report {id: $id})-[:NAMES]->(p:Payment) RETURN p.id AS id"
_FILED: Final = "MATCH (p:Person)-[:FILED]->(r:Report {id: $id}) RETURN p.id AS id"
_ACCUSED: Final = "MATCH (r:Report {id: $id})-[:NAMES]->(a:Account) RETURN a.id AS id"


@dataclass(frozen=True, slots=True)
class Window:
    """From when to when payments may begin a trace, in milliseconds of the epoch."""

    since_ms: int | None = None
    until_ms: int | None = None

    def holds(self, at_ms: int) -> bool:
        """Tell whether a moment lies in it, its ends included."""
        soon = self.since_ms is not None and at_ms < self.since_ms
        late = self.until_ms is not None and at_ms > self.until_ms
        return not (soon or late)


@dataclass(frozen=True, slots=True)
class Start:
    """Where a trace begins: whose each first payment is, and the accounts it began at."""

    origins: Mapping[str, str]
    homes: frozenset[str]


def flows_in(
    store: Store, payments: pl.DataFrame, opening: Mapping[tuple[str, str], int] | None = None
) -> tuple[Flow, ...]:
    """Arrange the projected payments of a case, one flow a currency.

    ``opening`` holds balances that a person states from before the records, in minor units by
    account and currency.
    """
    hubs = {str(id_): str(hub) for id_, hub in store.read(_HUBS).rows}
    return flows_of(payments, hubs, opening)


def trails_of(
    store: Store,
    flows: Sequence[Flow],
    entities: Sequence[Entity],
    rules: Sequence[str],
    *,
    backward: bool,
    window: Window | None,
    limits: Limits | None,
) -> tuple[Trail, ...]:
    """Follow money from entities; one trail a rule and currency.

    Raises:
        WrongUsage: there is no payment to begin with.
    """
    trails: list[Trail] = []
    for flow in flows:
        start = start_of(store, flow, entities, window or Window(), backward=backward)
        if start.origins:
            trails += trace_money(
                flow, start.origins, start.homes, rules, limits, backward=backward
            )
    if not trails:
        raise WrongUsage(
            f"there is no payment to begin with at {', '.join(one.id for one in entities)}",
            fix="name an account that paid (--backward: that was paid), or widen the window",
        )
    return tuple(
        replace(trail, notes=(*trail.notes, *_beside(trail, trails, entities))) for trail in trails
    )


def _beside(trail: Trail, trails: Sequence[Trail], entities: Sequence[Entity]) -> Iterator[str]:
    """Say what a trail does not follow: who paid nothing, and a loss that is another sum."""
    began = {origin for one in trails for origin, _ in one.origins}
    followed = dict(trail.origins)
    for entity in entities:
        if entity.id not in began:
            yield f"nothing is followed of {entity.id}: there is no payment to begin with"
        loss = entity.properties.get("loss_minor")
        if entity.id not in followed or not isinstance(loss, int):
            continue
        if entity.properties.get("currency") == trail.currency and loss != followed[entity.id]:
            yield (
                f"{entity.id} states a loss of {money_text(loss, trail.currency)}, and what is "
                f"followed of it is {money_text(followed[entity.id], trail.currency)}: name the "
                "person who filed it to follow all that his accounts paid"
            )


def paths_of(
    store: Store,
    flows: Sequence[Flow],
    entities: Sequence[Entity],
    *,
    within: timedelta,
    keep: float,
    hops: int,
) -> tuple[Path, ...]:
    """Give the paths on which money may have gone on from entities."""
    within_ms = round(within.total_seconds() * 1000)
    found: list[Path] = []
    for flow in flows:
        start = start_of(store, flow, entities, Window(), backward=False)
        found += paths_from(flow, start.origins, within_ms=within_ms, keep=keep, hops=hops)
    return tuple(found)


def arrivals_of(
    store: Store, flows: Sequence[Flow], entities: Sequence[Entity]
) -> tuple[tuple[str, str], ...]:
    """Give each account that the money of entities may have reached, and when at the earliest."""
    found: dict[str, str] = {}
    for flow in flows:
        start = start_of(store, flow, entities, Window(), backward=False)
        for account, at in arrivals(flow, start.origins).items():
            found[account] = min(at, found.get(account, at))
    return tuple(sorted(found.items(), key=lambda one: (one[1], one[0])))


def start_of(
    store: Store, flow: Flow, entities: Sequence[Entity], window: Window, *, backward: bool
) -> Start:
    """Find the first payments of accounts, payments, persons and reports in one flow.

    An account begins with all that it paid (backward: all that it was paid); a
    person with what his accounts paid to others; a report with the payments that it names,
    else with what the person who filed it paid to the accounts that it names. Whatever it is,
    it begins in the window.
    """
    whose: dict[str, str] = {}
    homes: set[str] = set()
    for entity in entities:
        if entity.label == "Payment":
            begun, own = {entity.id}, set[str]()
        elif entity.label == "Report":
            begun, own = _reported(store, flow, entity.id)
        elif entity.label in {"Account", "Person"}:
            own = {entity.id} if entity.label == "Account" else _ids(store, _OWN, entity.id)
            begun = {flow.payments[event] for event in _moved(flow, own, backward=backward)}
        else:
            raise WrongUsage(
                f"money cannot be traced from a {entity.label}",
                where=entity.id,
                fix="name an account, a payment, a person or a report",
            )
        homes |= own
        for payment in sorted(begun):
            whose.setdefault(payment, entity.id)
    events = flow.events_of(whose)
    origins = {
        payment: id_
        for payment, id_ in whose.items()
        if payment in events and window.holds(int(flow.at_ms[events[payment]]))
    }
    return Start(origins, frozenset(homes))


def _moved(flow: Flow, own: set[str], *, backward: bool) -> Iterator[int]:
    """Give the positions of the payments between own accounts and others."""
    places = {flow.place_of[account] for account in own if account in flow.place_of}
    near, far = (flow.payee, flow.payer) if backward else (flow.payer, flow.payee)
    for account in sorted(places):
        for event in flow.events(account).tolist():
            if int(near[event]) == account and int(far[event]) not in places:
                yield event


def _reported(store: Store, flow: Flow, report: str) -> tuple[set[str], set[str]]:
    own = {
        account for person in _ids(store, _FILED, report) for account in _ids(store, _OWN, person)
    }
    if named := _ids(store, _NAMED, report):
        return named, own
    accused = _ids(store, _ACCUSED, report)
    paid = {
        flow.payments[event]
        for event in _moved(flow, own, backward=False)
        if flow.accounts[int(flow.payee[event])] in accused
    }
    return paid, own


def _ids(store: Store, text: str, id_: str) -> set[str]:
    return {str(found) for (found,) in store.read(text, {"id": id_}).rows}
