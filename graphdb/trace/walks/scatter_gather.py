"""Split and gathered again: one account pays several, who soon pay one other."""

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
    for pairs in _gathered(flow, steps, seeds, given):
        came, went = (np.unique(side) for side in (pairs[:, 0], pairs[:, 1]))
        source, sink = int(flow.payer[came[0]]), int(flow.payee[went[0]])
        mids = sorted({int(account) for account in flow.payee[came]})
        payments = payments_of(flow, [*came.tolist(), *went.tolist()])
        cells: tuple[Cell, ...] = (
            flow.accounts[source],
            flow.accounts[sink],
            flow.currency,
            [flow.accounts[mid] for mid in mids],
            len(mids),
            listed(payments),
            int(flow.amount[came].sum()),
            int(flow.amount[went].sum()),
            flow.at[int(came[0])],
            flow.at[int(went[-1])],
            len(pairs),
            steps.cuts(mids, int(came[0]), int(flow.at_ms[went[-1]]) + within),
        )
        yield Told(cells, payments)


def _gathered(flow: Flow, steps: Steps, seeds: Seeds, given: Given) -> Iterator[Ints]:
    """Give the steps (payment in, payment out) of each source and sink with enough between."""
    begins = [flow.place_of[str(one)] for (one,) in seeds if one in flow.place_of]
    is_hub = flow.is_hub
    first = flow.sent_by(begins)
    first = between(flow, first, given.get("since"), given.get("until"))
    first = first[flow.amount[first] >= whole(given, "min_amount")]
    first = first[~flow.is_trade[first] & ~is_hub[flow.payer[first]]]
    until = flow.at_ms[first] + whole(given, "within")
    which, later = steps.after(first, until, share(given, "keep"))
    pairs = np.column_stack([first[which], later])
    sources, sinks = flow.payer[pairs[:, 0]], flow.payee[pairs[:, 1]]
    ok = (sources != sinks) & ~is_hub[sinks]
    pairs, ends = pairs[ok], (sources * len(flow.accounts) + sinks)[ok]
    order = np.lexsort((pairs[:, 1], pairs[:, 0], ends))
    pairs, ends = pairs[order], ends[order]
    for group in np.split(pairs, np.flatnonzero(np.diff(ends)) + 1):
        if len(np.unique(flow.payee[group[:, 0]])) >= whole(given, "min_mids"):
            yield group


SCATTER_GATHER: Final = Walk(
    "scatter_gather",
    ("account",),
    (
        *("source", "sink", "currency", "mids", "mids_count", "payments"),
        *("scattered_minor", "gathered_minor", "first_at", "last_at", "ways", "cut"),
    ),
    ("within", "keep", "min_amount", "min_mids", "work"),
    _go,
)
