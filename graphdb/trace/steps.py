"""Steps in the order of time: which payments may have carried on which, for many at once.

A step goes from a payment to a later one of its payee. Purchases and refunds are no steps, and
none leads beyond a hub or a cash payment.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping

import numpy as np

from graphdb.errors import LimitReached
from graphdb.model import Cell
from graphdb.trace.flow import Flow, Ints


class Steps:
    """The steps of a flow, with a limit to the work; there is never a part of an answer."""

    def __init__(self, flow: Flow, work: int) -> None:
        self.flow = flow
        self._work, self._left = work, work
        self._events, self._keys = flow.steps
        self._stops = flow.is_hub

    def after(self, events: Ints, until_ms: Ints, keep: float) -> tuple[Ints, Ints]:
        """Give each step from these payments: which of them, and the later payment.

        ``until_ms`` bounds the time of the later payment, ``keep`` is the least share of the
        earlier one that it must have.

        Raises:
            LimitReached: more steps than the limit allows.
        """
        flow = self.flow
        account = flow.payee[events]
        base = account * (len(flow) + 1)
        low = self._keys.searchsorted(base + events, side="right")
        high = self._keys.searchsorted(base + flow.at_ms.searchsorted(until_ms, side="right"))
        stop = self._stops[account] | flow.is_cash[events]
        counts = np.where(stop, 0, np.maximum(high - low, 0))
        self._spend(int(counts.sum()))
        which = np.repeat(np.arange(len(events)), counts)
        begins = np.cumsum(counts) - counts
        later = self._events[low[which] + np.arange(len(which)) - begins[which]]
        kept = flow.amount[later] >= keep * flow.amount[events][which]
        return which[kept], later[kept]

    def cuts(
        self, accounts: Iterable[int], first: int, until_ms: int, followed: Iterable[int] = ()
    ) -> list[Cell]:
        """Name the hubs that these accounts paid from an event on, and how much was not followed.

        That is each payment to a hub, or, of one that was followed to the hub, the hub's later
        payments. Each item is ``<hub> <payments>``.
        """
        flow = self.flow
        found: dict[int, int] = {}
        to_hub = {event for event in followed if self._stops[flow.payee[event]]}
        for hub in {int(flow.payee[event]) for event in to_hub}:
            sent = flow.sent(hub)
            begun = min(event for event in to_hub if int(flow.payee[event]) == hub)
            if later := int((sent > begun).sum()):
                found[hub] = later
        for account in sorted(set(accounts)):
            sent = flow.sent(account)
            sent = sent[(sent >= first) & (flow.at_ms[sent] <= until_ms)]
            for event in sent[self._stops[flow.payee[sent]]].tolist():
                if event not in to_hub:
                    payee = int(flow.payee[event])
                    found[payee] = found.get(payee, 0) + 1
        named = {flow.accounts[hub]: count for hub, count in found.items()}
        return [f"{hub} {count}" for hub, count in sorted(named.items())]

    def _spend(self, steps: int) -> None:
        self._left -= steps
        if self._left < 0:
            raise LimitReached(
                f"more than {self._work:,} steps in the order of time",
                fix="narrow it: a seed, a shorter window, a greater share (keep) or amount; "
                "or raise it with --set work=N",
            )


def between(flow: Flow, events: Ints, since: Cell, until: Cell) -> Ints:
    """Give those of these payments that lie between two times; null leaves a side open."""
    first = 0 if since is None else bisect_left(flow.at, str(since))
    beyond = len(flow) if until is None else bisect_right(flow.at, str(until))
    return events[(events >= first) & (events < beyond)]


def payments_of(flow: Flow, events: Iterable[int]) -> tuple[str, ...]:
    """Give the ids of payments."""
    return tuple(flow.payments[event] for event in events)


def listed(texts: Iterable[str]) -> list[Cell]:
    """Make a cell of texts."""
    return [*texts]


def starts_of(flow: Flow, seeds: Iterable[tuple[object, ...]]) -> Mapping[str, list[int]]:
    """Give the first payments of each seed ``(who, payment)`` in this flow, in order."""
    whose = [(str(who), str(payment)) for who, payment in seeds]
    events = flow.events_of(payment for _, payment in whose)
    found: dict[str, set[int]] = {}
    for who, payment in whose:
        if payment in events:
            found.setdefault(who, set()).add(events[payment])
    return {who: sorted(events) for who, events in sorted(found.items())}
