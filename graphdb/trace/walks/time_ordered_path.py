"""Step by step from a victim: each payment later than the last, and most of it kept."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from graphdb.model import Cell
from graphdb.trace.flow import Flow
from graphdb.trace.paths import path_of
from graphdb.trace.steps import Steps, starts_of
from graphdb.trace.walks.nouns import Given, Seeds, Told, Walk, share, whole


def _go(flow: Flow, seeds: Seeds, given: Given) -> Iterator[Told]:
    steps = Steps(flow, whole(given, "work"))
    within = whole(given, "within")
    for who, starts in starts_of(flow, seeds).items():
        walks = [*_longest(steps, starts, given)]
        for walked in sorted(walk for walk in walks if len(walk) >= whole(given, "min_hops")):
            path = path_of(flow, walked, within)
            accounts = [flow.place_of[account] for account in path.accounts]
            cells: tuple[Cell, ...] = (
                who,
                [*path.payments],
                [*path.accounts],
                flow.currency,
                len(walked),
                int(flow.amount[walked[0]]),
                int(flow.amount[walked[-1]]),
                round(path.seconds),
                path.competing,
                len(walks),
                steps.cuts(accounts[1:], walked[0], int(flow.at_ms[walked[-1]]) + within, walked),
            )
            yield Told(cells, path.payments)


def _longest(steps: Steps, starts: list[int], given: Given) -> Iterator[tuple[int, ...]]:
    """Give every walk that goes no further, hop by hop for all at once; no account comes twice."""
    flow = steps.flow
    walked = np.asarray(starts, dtype=np.int64).reshape(-1, 1)
    for _ in range(1, whole(given, "hops")):
        until = flow.at_ms[walked[:, -1]] + whole(given, "within")
        which, later = steps.after(walked[:, -1], until, share(given, "keep"))
        been = (flow.payer[walked[which]] == flow.payee[later][:, None]).any(axis=1)
        which, later = which[~been], later[~been]
        ended = np.setdiff1d(np.arange(len(walked)), which)
        yield from (tuple(walk) for walk in walked[ended].tolist())
        walked = np.column_stack([walked[which], later])
    yield from (tuple(walk) for walk in walked.tolist())


TIME_ORDERED_PATH: Final = Walk(
    "time_ordered_path",
    ("victim", "payment"),
    (
        *("victim", "payments", "accounts", "currency", "hops", "first_minor", "last_minor"),
        *("seconds", "competing", "paths", "cut"),
    ),
    ("within", "keep", "hops", "min_hops", "work"),
    _go,
)
