"""Rings: money that comes back to where it started, in the order of time."""

from collections import Counter
from collections.abc import Iterator
from typing import Final

import numpy as np

from graphdb.model import Cell
from graphdb.trace.flow import Flow, Ints
from graphdb.trace.steps import Steps, between, listed, payments_of
from graphdb.trace.walks.nouns import Given, Seeds, Told, Walk, share, whole


def _go(flow: Flow, seeds: Seeds, given: Given) -> Iterator[Told]:
    steps = Steps(flow, whole(given, "work"))
    within = whole(given, "within")
    rings = [*_rings(flow, steps, seeds, given)]
    of_start = Counter(int(flow.payer[ring[0]]) for ring in rings)
    for ring in sorted(rings):
        first, last = ring[0], ring[-1]
        accounts = [int(flow.payer[event]) for event in ring]
        first_minor, back_minor = int(flow.amount[first]), int(flow.amount[last])
        cells: tuple[Cell, ...] = (
            flow.accounts[accounts[0]],
            listed(payments_of(flow, ring)),
            [flow.accounts[account] for account in accounts],
            flow.currency,
            first_minor,
            back_minor,
            round(int(flow.at_ms[last] - flow.at_ms[first]) / 1000),
            flow.at[first],
            of_start[accounts[0]] - 1,
            steps.cuts(accounts[1:], first, int(flow.at_ms[first]) + within),
        )
        yield Told(cells, payments_of(flow, ring))


def _rings(flow: Flow, steps: Steps, seeds: Seeds, given: Given) -> Iterator[tuple[int, ...]]:
    """Walk from all first payments at once; a ring is closed by a payment to its first payer."""
    begins = [flow.place_of[str(one)] for (one,) in seeds if one in flow.place_of]
    first = flow.sent_by(begins)
    first = between(flow, first, given.get("since"), given.get("until"))
    first = first[flow.amount[first] >= whole(given, "min_amount")]
    first = first[~flow.is_trade[first] & ~flow.is_cash[first]]
    walked: Ints = first.reshape(-1, 1)
    for hop in range(2, whole(given, "max_hops") + 1):
        if not len(walked):
            return
        until = flow.at_ms[walked[:, 0]] + whole(given, "within")
        which, later = steps.after(walked[:, -1], until, share(given, "keep"))
        walked = np.column_stack([walked[which], later])
        closes = flow.payee[later] == flow.payer[walked[:, 0]]
        if hop >= whole(given, "min_hops"):
            yield from (tuple(ring) for ring in walked[closes].tolist())
        # Any account but the first may be passed once only.
        again = (flow.payer[walked] == flow.payee[later][:, None]).any(axis=1)
        walked = walked[~again]


CYCLE: Final = Walk(
    "cycle",
    ("account",),
    (
        *("start", "payments", "accounts", "currency", "first_minor", "back_minor"),
        *("seconds", "first_at", "other_rings", "cut"),
    ),
    ("within", "keep", "min_amount", "min_hops", "max_hops", "work"),
    _go,
)
