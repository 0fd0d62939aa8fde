"""Brokers: accounts on the shortest ways of every victim's money to a place of cash."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from graphdb.model import Cell
from graphdb.trace.flow import Flow, Ints
from graphdb.trace.reach import Layer, reach
from graphdb.trace.steps import Steps, listed, payments_of, starts_of
from graphdb.trace.walks.nouns import Given, Seeds, Told, Walk, share, whole


@dataclass(frozen=True, slots=True)
class _Shortest:
    """The shortest ways of one victim's money to a sink: how many, and which pass an account."""

    hops: int
    ways: int
    through: dict[int, int]
    payments: dict[int, set[int]]


def _go(flow: Flow, seeds: Seeds, given: Given) -> Iterator[Told]:
    steps = Steps(flow, whole(given, "work"))
    within, keep, hops = whole(given, "within"), share(given, "keep"), whole(given, "hops")
    begins = starts_of(flow, seeds)
    own = {int(flow.payer[event]) for starts in begins.values() for event in starts}
    found: dict[int, dict[str, _Shortest]] = {}
    for who, starts in begins.items():
        layers = reach(steps, starts, within_ms=within, keep=keep, hops=hops)
        for sink in _sinks(flow, layers, given.get("sink")):
            found.setdefault(sink, {})[who] = _shortest(flow, layers, sink)
    for sink, of_victim in sorted(found.items()):
        if len(of_victim) < whole(given, "min_victims"):
            continue
        common = set.intersection(*(set(one.through) for one in of_victim.values()))
        for account in sorted(common - own - {sink} - flow.hubs.keys()):
            events = sorted(set().union(*(one.payments[account] for one in of_victim.values())))
            last_ms = int(flow.at_ms[events[-1]]) + within
            through = sum(one.through[account] for one in of_victim.values())
            ways = sum(one.ways for one in of_victim.values())
            cells: tuple[Cell, ...] = (
                flow.accounts[account],
                flow.accounts[sink],
                flow.currency,
                [*of_victim],
                len(of_victim),
                max(one.hops for one in of_victim.values()),
                through,
                ways,
                through == ways,
                listed(payments_of(flow, events)),
                steps.cuts([account], events[0], last_ms, events),
            )
            yield Told(cells, payments_of(flow, events))


def _sinks(flow: Flow, layers: Sequence[Layer], sink: Cell) -> list[int]:
    """Give the sinks that were reached: the one that is asked for, or every place of cash."""
    events = np.concatenate([layer.events for layer in layers])
    if sink is not None:
        place = flow.place_of.get(str(sink), -1)
        return [place] if place in flow.payee[events] else []
    drawn = set(flow.payee[events[flow.is_cash[events]]].tolist())
    reached = set(flow.payee[events].tolist())
    return sorted(drawn | {hub for hub, kind in flow.hubs.items() if kind == "cash"} & reached)


def _shortest(flow: Flow, layers: Sequence[Layer], sink: int) -> _Shortest:
    """Count the shortest ways to a sink, and those of them that pass each account."""
    hops = next(n for n, layer in enumerate(layers) if sink in flow.payee[layer.events])
    # From the back: how many of the ways to a payment go on to the sink.
    onward: list[Ints] = [(flow.payee[layers[hops].events] == sink).astype(np.int64)]
    for layer in layers[hops:0:-1]:
        before = np.zeros(len(layers[hops - len(onward)].events), dtype=np.int64)
        np.add.at(before, layer.came, onward[-1][layer.went])
        onward.append(before)
    through: dict[int, int] = {}
    payments: dict[int, set[int]] = {}
    ways = 0
    for layer, goes_on in zip(layers, onward[::-1], strict=False):
        here = layer.ways * goes_on
        ways = int(here.sum())
        for at in np.flatnonzero(here).tolist():
            event = int(layer.events[at])
            payee, payer = int(flow.payee[event]), int(flow.payer[event])
            through[payee] = min(ways, through.get(payee, 0) + int(here[at]))
            payments.setdefault(payee, set()).add(event)
            payments.setdefault(payer, set()).add(event)
    return _Shortest(hops + 1, ways, through, payments)


KEY_BROKERS: Final = Walk(
    "key_brokers",
    ("victim", "payment"),
    (
        *("account", "sink", "currency", "victims", "victims_count", "hops"),
        *("ways_through", "ways", "on_every_way", "payments", "cut"),
    ),
    ("within", "keep", "hops", "min_victims", "sink", "work"),
    _go,
)
