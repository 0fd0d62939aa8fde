"""Where the money of different victims meets."""

from collections.abc import Iterator
from typing import Final

from graphdb.model import Cell
from graphdb.trace.flow import Flow
from graphdb.trace.reach import a_way_to, arrived_at, reach
from graphdb.trace.steps import Steps, listed, payments_of, starts_of
from graphdb.trace.walks.nouns import Given, Seeds, Told, Walk, share, whole


def _go(flow: Flow, seeds: Seeds, given: Given) -> Iterator[Told]:
    steps = Steps(flow, whole(given, "work"))
    within, keep, hops = whole(given, "within"), share(given, "keep"), whole(given, "hops")
    begins = starts_of(flow, seeds)
    own = {int(flow.payer[event]) for starts in begins.values() for event in starts}
    # By account and victim: the least layer, the payments in, the ways, one shortest way.
    met: dict[int, dict[str, tuple[int, set[int], int, list[int]]]] = {}
    for who, starts in begins.items():
        layers = reach(steps, starts, within_ms=within, keep=keep, hops=hops)
        for account, event, layer, ways in arrived_at(steps, layers):
            if account in own:
                continue
            mine = met.setdefault(account, {})
            if who not in mine:
                mine[who] = (layer, set(), 0, a_way_to(layers, event, layer))
            least, events, before, path = mine[who]
            mine[who] = (least, events | {event}, before + ways, path)
    for account, of_victim in sorted(met.items()):
        if len(of_victim) < whole(given, "min_victims") or account in flow.hubs:
            continue
        arrived = {event for _, events, _, _ in of_victim.values() for event in events}
        way = {event for *_, path in of_victim.values() for event in path}
        shown = payments_of(flow, sorted(arrived | way))
        last_ms = max(int(flow.at_ms[event]) for event in arrived)
        passed = {int(flow.payee[event]) for event in way}
        cells: tuple[Cell, ...] = (
            flow.accounts[account],
            flow.currency,
            [*of_victim],
            len(of_victim),
            max(least for least, *_ in of_victim.values()),
            sum(int(flow.amount[event]) for event in arrived),
            listed(shown),
            listed(sorted({flow.accounts[one] for one in passed} - {flow.accounts[account]})),
            sum(ways for _, _, ways, _ in of_victim.values()),
            steps.cuts(passed, min(way), last_ms + within, way),
        )
        yield Told(cells, shown)


CONVERGENCE: Final = Walk(
    "convergence",
    ("victim", "payment"),
    (
        *("account", "currency", "victims", "victims_count", "hops", "arrived_minor"),
        *("payments", "through", "ways", "cut"),
    ),
    ("within", "keep", "hops", "min_victims", "work"),
    _go,
)
