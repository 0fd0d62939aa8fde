"""The walk: follow money from account to account in the order of time.

Only accounts that followed money reached are looked at, so the cost is that of their payments
and not that of the case.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import cast

from graphdb.trace.flow import Flow, Ints
from graphdb.trace.nouns import ANY, Ending, Fragments, Holding, Hop, Limits, Trail
from graphdb.trace.telling import (
    CASH,
    HOME,
    LOST,
    REFUNDED,
    SMALL,
    Told,
    beyond_hub,
    beyond_layer,
    hop_of,
    left_at,
    work_limit,
)


@dataclass(slots=True)
class _Reached:
    """An account that followed money reached, and how far its payments were walked."""

    holding: Holding
    events: Ints
    short: Ints
    at: int
    layer: int


class Walked:
    """What the rules have in common that are told account by account."""

    @classmethod
    def follow(
        cls, flow: Flow, origins: Mapping[int, str], homes: Collection[int], limits: Limits
    ) -> Trail:
        """Follow the payments ``origins`` (position: whose) until the money rests or leaves.

        ``homes`` are the accounts where the trace began: money that comes back has arrived.
        """
        rule = cast("type[Holding]", cls)
        return _Walk(flow, origins, frozenset(homes), rule, limits).trail()

    def lack(self, minor: int) -> None:
        """Take in what no row records and a payment yet needs."""
        cast("Holding", self).receive(((None, minor),))

    def lose(self, minor: int) -> Fragments:
        """Turned around, give back what no row records."""
        return cast("Holding", self).pay(minor)


class _Walk:
    def __init__(
        self,
        flow: Flow,
        origins: Mapping[int, str],
        homes: frozenset[int],
        rule: type[Holding],
        limits: Limits,
    ) -> None:
        self._flow, self._rule, self._limits, self._homes = flow, rule, limits, homes
        self._origins = {e: who if rule.is_additive else ANY for e, who in origins.items()}
        self._reached: dict[int, _Reached] = {}
        self._next = [*self._origins]
        self._next.sort()
        self._started: dict[str, int] = defaultdict(int)
        self._unexplained: dict[int, int] = defaultdict(int)
        self._carried: dict[int, Hop] = {}
        self._notes = [*flow.notes]
        self._told = Told(self._started, [], [], self._unexplained, self._reached, self._notes)
        self._began = {int(flow.payer[event]) for event in origins}
        whole = sum(int(flow.amount[event]) for event in self._origins)
        self._least = limits.min_share * whole

    def trail(self) -> Trail:
        """Walk to the end and account for every unit."""
        last = -1
        while self._next:
            event = heappop(self._next)
            if event == last:
                continue
            if self._is_over(event):
                break
            self._step(event)
            last = event
        for account, reached in self._reached.items():
            self._told.end(account, *left_at(self._flow, account), reached.holding.traced)
            self._told.contaminated += reached.holding.contaminated
        for event, hop in self._carried.items():
            (self._told.returns if self._is_return(event) else self._told.hops).append(hop)
        return self._told.trail(self._flow, self._rule)

    def _is_over(self, event: int) -> bool:
        until, backward = self._limits.until_ms, self._flow.forward is not None
        if until is not None:
            at = int(self._flow.at_ms[event])
            if (at < until) if backward else (at > until):
                return True
        if len(self._carried) >= self._limits.hops:
            self._notes.append(work_limit(len(self._carried)))
            return True
        return False

    def _step(self, event: int) -> None:
        """Carry one payment from its payer to its payee."""
        flow = self._flow
        payer, payee = int(flow.payer[event]), int(flow.payee[event])
        amount = int(flow.amount[event])
        layer, parts = self._paid(event, payer, amount)
        shares = _shares(parts)
        reached = self._reached.get(payee)
        if self._is_return(event) and reached is not None:
            layer = reached.layer
        if shares:
            self._carried[event] = hop_of(flow, event, layer, shares)
            stop = self._stop(event, payee, layer, sum(shares.values()))
            if stop is not None:
                self._told.end(payee, *stop, shares)
                parts = ((None, amount),)
            elif reached is None:
                reached = self._reach(payee, event, layer)
        if reached is None:
            return
        reached.layer = min(reached.layer, layer) if shares else reached.layer
        reached.holding.receive(parts)
        if flow.forward is not None and (short := int(reached.short[reached.at])):
            # Turned around, what came unrecorded leaves to where nothing is recorded.
            lost = _shares(reached.holding.lose(short))
            self._told.end(payee, "not_on_record", LOST, lost)
        self._go_on(reached)

    def _is_return(self, event: int) -> bool:
        """Tell a refund of what carried followed money before."""
        return int(self._flow.refund_of[event]) in self._carried

    def _paid(self, event: int, payer: int, amount: int) -> tuple[int, Fragments]:
        """Say which money a payment is, and in which layer it arrives."""
        reached = self._reached.get(payer)
        parts: Fragments = ((None, amount),)
        layer = 1
        if reached is not None:
            if self._flow.forward is None and (short := int(reached.short[reached.at])):
                reached.holding.lack(short)
                self._unexplained[payer] += short
            parts = reached.holding.pay(amount)
            layer = reached.layer + 1
            self._go_on(reached)
        who = self._origins.get(event)
        if who is None:
            return layer, parts
        own = sum(minor for origin, minor in parts if origin is None)
        self._started[who] += own
        return 1, tuple((who if origin is None else origin, minor) for origin, minor in parts)

    def _stop(self, event: int, payee: int, layer: int, traced: int) -> tuple[Ending, str] | None:
        """Say why money is not followed beyond a payee, if it is not."""
        if payee in self._homes:
            return "at_rest", HOME
        is_forward = self._flow.forward is None
        if is_forward and payee in self._began and self._flow.refund_of[event] >= 0:
            return "at_rest", REFUNDED
        # Turned around, a first payment in cash is what the question begins with.
        if self._flow.is_cash[event] and (is_forward or event not in self._origins):
            return "left_case", CASH
        if self._limits.stop_at_hubs and payee in self._flow.hubs:
            return "left_case", beyond_hub(self._flow, payee)
        if self._limits.layers is not None and layer >= self._limits.layers:
            return "at_rest", beyond_layer(layer)
        if traced < self._least and event not in self._origins:
            return "at_rest", SMALL
        return None

    def _reach(self, account: int, event: int, layer: int) -> _Reached:
        history = self._flow.history(account)
        at = int(history.events.searchsorted(event))
        holding = self._rule(int(history.before[at]))
        reached = _Reached(holding, history.events, history.short, at, layer)
        self._reached[account] = reached
        return reached

    def _go_on(self, reached: _Reached) -> None:
        reached.at += 1
        if reached.at < len(reached.events):
            heappush(self._next, int(reached.events[reached.at]))


def _shares(parts: Fragments) -> dict[str, int]:
    shares: dict[str, int] = {}
    for origin, minor in parts:
        if origin is not None:
            shares[origin] = shares.get(origin, 0) + minor
    return shares
