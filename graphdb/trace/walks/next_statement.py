"""Where a trail goes cold: accounts that money reached and of which no later payment is held.

A hub counts as one: its operator must say to whom the payments went on.
"""

from collections.abc import Iterator
from typing import Final

from graphdb.model import Cell
from graphdb.trace.flow import Flow
from graphdb.trace.reach import arrived_at, reach
from graphdb.trace.steps import Steps, listed, payments_of, starts_of
from graphdb.trace.walks.nouns import Given, Seeds, Told, Walk, share, whole


def _go(flow: Flow, seeds: Seeds, given: Given) -> Iterator[Told]:
    steps = Steps(flow, whole(given, "work"))
    within, keep, hops = whole(given, "within"), share(given, "keep"), whole(given, "hops")
    begins = starts_of(flow, seeds)
    reached: dict[int, dict[int, int]] = {}
    victims: dict[int, set[str]] = {}
    ways_to: dict[int, int] = {}
    for who, starts in begins.items():
        for account, event, layer, ways in arrived_at(
            steps, reach(steps, starts, within_ms=within, keep=keep, hops=hops)
        ):
            events = reached.setdefault(account, {})
            events[event] = min(layer, events.get(event, layer))
            victims.setdefault(account, set()).add(who)
            ways_to[account] = ways_to.get(account, 0) + ways
    for account, events in sorted(reached.items()):
        sent = flow.sent(account)
        first = min(events)
        is_cold = not len(sent) or int(sent[-1]) < first
        drawn = all(flow.is_cash[event] for event in events)
        hub = flow.hubs.get(account)
        if drawn or not (is_cold or hub) or hub == "cash":
            continue
        into = sorted(events)
        payers = {int(flow.payer[event]) for event in into}
        payments = payments_of(flow, into)
        cut = steps.cuts(payers, first, int(flow.at_ms[into[-1]]) + within, into)
        if hub:
            cut = listed([f"{flow.accounts[account]} {len(sent)}"] if len(sent) else [])
        cells: tuple[Cell, ...] = (
            flow.accounts[account],
            flow.currency,
            listed(sorted(victims[account])),
            min(events.values()),
            sum(int(flow.amount[event]) for event in into),
            listed(payments),
            flow.at[into[0]],
            flow.at[into[-1]],
            len(sent),
            flow.at[int(sent[-1])] if len(sent) else None,
            ways_to[account],
            hub,
            cut,
        )
        yield Told(cells, payments)


NEXT_STATEMENT: Final = Walk(
    "next_statement",
    ("victim", "payment"),
    (
        *("account", "currency", "victims", "hops", "arrived_minor", "payments"),
        *("first_at", "last_at", "sent_before", "last_sent_at", "ways", "hub", "cut"),
    ),
    ("within", "keep", "hops", "work"),
    _go,
)
