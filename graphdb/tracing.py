"""Tracing in a case: the projected payments become flows, and an entity the place to start.

Joins store and trace.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from graphdb.errors import WrongUsage
from graphdb.model import Entity
from graphdb.store import Store
from graphdb.trace import Flow, flows_of

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


def start_of(
    store: Store, flow: Flow, entities: Sequence[Entity], window: Window, *, backward: bool
) -> Start:
    """Find the first payments of accounts, payments, persons and reports in one flow.

    An account begins with all that it paid in the window (backward: all that it was paid); a
    person with what his accounts paid to others; a report with the payments that it names,
    else with what the person who filed it paid to the accounts that it names.
    """
    origins: dict[str, str] = {}
    homes: set[str] = set()
    for entity in entities:
        if entity.label == "Payment":
            found, own = {entity.id}, set[str]()
        elif entity.label == "Report":
            found, own = _reported(store, flow, entity.id)
        elif entity.label in {"Account", "Person"}:
            own = {entity.id} if entity.label == "Account" else _ids(store, _OWN, entity.id)
            found = set(_moved(flow, own, window, backward=backward))
        else:
            raise WrongUsage(
                f"money cannot be traced from a {entity.label}",
                where=entity.id,
                fix="name an account, a payment, a person or a report",
            )
        homes |= own
        for payment in sorted(found & flow.event_of.keys()):
            origins.setdefault(payment, entity.id)
    return Start(origins, frozenset(homes))


def _moved(flow: Flow, own: set[str], window: Window, *, backward: bool) -> Iterator[str]:
    """Give the payments between own accounts and others, in the window."""
    places = {flow.place_of[account] for account in own if account in flow.place_of}
    near, far = (flow.payee, flow.payer) if backward else (flow.payer, flow.payee)
    for account in sorted(places):
        for event in flow.events(account).tolist():
            at = int(flow.at_ms[event])
            soon = window.since_ms is not None and at < window.since_ms
            late = window.until_ms is not None and at > window.until_ms
            is_out = int(near[event]) == account and int(far[event]) not in places
            if is_out and not (soon or late):
                yield flow.payments[event]


def _reported(store: Store, flow: Flow, report: str) -> tuple[set[str], set[str]]:
    own = {
        account for person in _ids(store, _FILED, report) for account in _ids(store, _OWN, person)
    }
    if named := _ids(store, _NAMED, report):
        return named, own
    accused = _ids(store, _ACCUSED, report)
    paid = {
        payment
        for payment in _moved(flow, own, Window(), backward=False)
        if flow.accounts[int(flow.payee[flow.event_of[payment]])] in accused
    }
    return paid, own


def _ids(store: Store, text: str, id_: str) -> set[str]:
    return {str(found) for (found,) in store.read(text, {"id": id_}).rows}
