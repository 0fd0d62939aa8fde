"""Reach: where money may have gone from its first payments, layer by layer in time.

A way is a sequence of steps; the layer of a payment on it is its number, the first being 1. Ways
are counted, not listed, so that a busy account costs no more than its payments.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from graphdb.errors import LimitReached
from graphdb.trace.flow import Ints
from graphdb.trace.steps import Steps

# Beyond this the number of ways would no longer be exact.
_MOST_WAYS: Final = 2**62


@dataclass(frozen=True, slots=True)
class Layer:
    """The payments of one layer with the number of ways to each, and the steps into them.

    ``came`` and ``went`` are the steps: positions in the layer before and in this one.
    """

    events: Ints
    ways: Ints
    came: Ints
    went: Ints


def reach(
    steps: Steps, starts: Sequence[int], *, within_ms: int, keep: float, hops: int
) -> tuple[Layer, ...]:
    """Go ``hops`` layers on from first payments, each step at most ``within_ms`` long.

    Raises:
        LimitReached: it took more steps than the limit allows.
    """
    nothing = np.empty(0, dtype=np.int64)
    first = np.asarray(starts, dtype=np.int64)
    layers = [Layer(first, np.ones(len(first), dtype=np.int64), nothing, nothing)]
    while len(layers) < hops:
        last = layers[-1]
        until = steps.flow.at_ms[last.events] + within_ms
        came, later = steps.after(last.events, until, keep)
        if not len(later):
            break
        events, went = np.unique(later, return_inverse=True)
        if float(last.ways.max()) * len(later) > _MOST_WAYS:
            raise LimitReached("too many ways to count", fix="shorten the window, or raise 'keep'")
        ways = np.zeros(len(events), dtype=np.int64)
        np.add.at(ways, went, last.ways[came])
        layers.append(Layer(events, ways, came, went))
    return tuple(layers)


def least_layers(layers: Sequence[Layer]) -> dict[int, int]:
    """Give for each payment that was reached the least layer (from 1) in which it was."""
    least: dict[int, int] = {}
    for number, layer in enumerate(layers, start=1):
        for event in layer.events.tolist():
            least.setdefault(event, number)
    return least


def a_way_to(layers: Sequence[Layer], event: int, layer: int) -> list[int]:
    """Give one way to a payment in a layer: by the earliest payment at each step back."""
    way = [event]
    for number in range(layer, 1, -1):
        here, before = layers[number - 1], layers[number - 2]
        at = int(here.events.searchsorted(way[-1]))
        way.append(int(before.events[here.came[here.went == at]].min()))
    return way[::-1]


def arrived_at(steps: Steps, layers: Sequence[Layer]) -> Iterator[tuple[int, int, int, int]]:
    """Give each payment that was reached: its payee, itself, its layer, the ways to it there."""
    for number, layer in enumerate(layers, start=1):
        payees = steps.flow.payee[layer.events].tolist()
        yield from zip(
            payees,
            layer.events.tolist(),
            [number] * len(payees),
            layer.ways.tolist(),
            strict=True,
        )
