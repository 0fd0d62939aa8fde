"""Follow money along lots: by first in, first out every unit has one way, and arrays follow it.

All stretches of followed money take their next step at once, forward to who was paid or backward
to who had paid. The cost is that of the lots that carried followed money.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from graphdb.trace.flow import Bools, Flow, Ints
from graphdb.trace.lots import SHORT, lots_of
from graphdb.trace.nouns import Ending, Hop, Limits, Rule, Trail
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

_GOES_ON, _HOME, _REFUNDED, _CASH, _HUB, _LAYER, _SMALL, _RESTS, _LOST = range(9)
_NOTHING: Final = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Coins:
    """Stretches ``low`` to ``high`` of payments: in which payment, whose, and in which layer."""

    event: Ints
    low: Ints
    high: Ints
    who: Ints
    layer: Ints

    def __getitem__(self, chosen: Bools | Ints) -> "Coins":
        """Give some of the stretches."""
        return Coins(
            self.event[chosen], self.low[chosen], self.high[chosen], self.who[chosen],
            self.layer[chosen],
        )  # fmt: skip


def follow_coins(
    rule: type[Rule],
    flow: Flow,
    origins: Mapping[int, str],
    homes: Collection[int],
    limits: Limits,
) -> Trail:
    """Follow the payments ``origins`` (position: whose) until the money rests or leaves."""
    return _Coins(flow, origins, homes, limits).trail(rule)


class _Coins:
    def __init__(
        self, flow: Flow, origins: Mapping[int, str], homes: Collection[int], limits: Limits
    ) -> None:
        self._told_in, self._limits = flow, limits
        self._backward = flow.forward is not None
        self._flow = flow.forward or flow
        last = len(flow) - 1
        self._names = sorted(set(origins.values()))
        number = {name: at for at, name in enumerate(self._names)}
        turned = {last - e if self._backward else e: number[w] for e, w in origins.items()}
        self._whose = {event: turned[event] for event in sorted(turned) if self._in_time(event)}
        self._origin = np.array([*self._whose], dtype=np.int64)
        self._is_origin = np.zeros(len(flow), dtype=np.bool_)
        self._is_origin[self._origin] = True
        self._lots = lots_of(self._flow)
        self._far = self._flow.payer if self._backward else self._flow.payee
        near = self._flow.payee if self._backward else self._flow.payer
        self._home = self._marked(homes)
        self._began = self._marked(near[self._origin])
        self._hub = self._marked(self._flow.hubs if limits.stop_at_hubs else ())
        self._open = np.ones(len(flow), dtype=np.bool_)
        if limits.until_ms is not None:
            at = self._flow.at_ms
            late = at < limits.until_ms if self._backward else at > limits.until_ms
            self._open &= ~late
        self._small = np.zeros(len(flow), dtype=np.bool_)

    def _in_time(self, event: int) -> bool:
        until = self._limits.until_ms
        at = int(self._flow.at_ms[event])
        return until is None or (at >= until if self._backward else at <= until)

    def _marked(self, accounts: Collection[int] | Ints) -> Bools:
        marked = np.zeros(len(self._flow.accounts), dtype=np.bool_)
        marked[np.array([*accounts], dtype=np.int64)] = True
        return marked

    def trail(self, rule: type[Rule]) -> Trail:
        """Follow, and follow again where the share or the work limit cuts something off."""
        notes = [*self._flow.notes]
        least = self._limits.min_share * int(self._flow.amount[self._origin].sum())
        while True:
            begun, walked, ended = self._follow()
            events, sums = _summed(walked.event, walked.high - walked.low)
            small = events[(sums < least) & ~self._is_origin[events] & ~self._small[events]]
            if len(small):
                # What carried less cannot carry more once others are cut: so this ends.
                self._small[small] = True
                continue
            if len(events) > self._limits.hops and len(notes) == len(self._flow.notes):
                notes.append(work_limit(self._limits.hops))
                order = events[::-1] if self._backward else events
                last = order[self._limits.hops - 1]
                at = np.arange(len(self._open))
                self._open &= (at >= last) if self._backward else (at <= last)
                begun_in = self._open[self._origin]
                self._origin = self._origin[begun_in]
                continue
            return self._told(begun, walked, ended, notes).trail(self._told_in, rule)

    def _follow(self) -> tuple[Coins, Coins, list[tuple[Ints, Ints, Coins]]]:
        """Give what set out, all steps, and where stretches ended (account, reason, coins)."""
        begun = self._begun()
        walked, ended = [begun], []
        coins = begun
        while len(coins.event):
            coins, stopped = self._stopped(coins)
            ended += stopped
            coins, stopped = self._step(coins)
            ended += stopped
            walked.append(coins)
        return begun, _joined(walked), ended

    def _begun(self) -> Coins:
        """Take the first payments, without what came to them from other first payments."""
        event = self._origin
        amount = self._flow.amount[event]
        who = np.array([self._whose[e] for e in event.tolist()], dtype=np.int64)
        whole = Coins(event, np.zeros_like(amount), amount, who, np.ones_like(amount))
        if len(event) < 2:
            return whole
        met = []
        coins = whole
        while len(coins.event):
            coins, _ = self._stopped(coins)
            coins, _ = self._step(coins)
            again = self._is_origin[coins.event]
            met.append(coins[again])
            coins = coins[~again]
        known = _joined(met)
        return whole if not len(known.event) else _without(whole, known)

    def _stopped(self, coins: Coins) -> tuple[Coins, list[tuple[Ints, Ints, Coins]]]:
        """Part what goes on from what ends where it arrived."""
        account, event = self._far[coins.event], coins.event
        refunded = self._began[account] & (self._flow.refund_of[event] >= 0)
        cash = self._flow.is_cash[event]
        if self._backward:
            refunded[:] = False
            cash = cash & ~self._is_origin[event]
        deep = np.zeros(len(event), dtype=np.bool_)
        if self._limits.layers is not None:
            deep = coins.layer >= self._limits.layers
        why = np.select(
            [self._home[account], refunded, cash, self._hub[account], deep, self._small[event]],
            [_HOME, _REFUNDED, _CASH, _HUB, _LAYER, _SMALL],
            _GOES_ON,
        )
        stays = why != _GOES_ON
        if not stays.any():
            return coins, []
        return coins[~stays], [(account[stays], why[stays], coins[stays])]

    def _step(self, coins: Coins) -> tuple[Coins, list[tuple[Ints, Ints, Coins]]]:
        """Carry stretches one payment further."""
        lots, flow = self._lots, self._flow
        near, far = (lots.leaves, lots.arrives) if self._backward else (lots.arrives, lots.leaves)
        account = self._far[coins.event]
        low, high = near[coins.event] + coins.low, near[coins.event] + coins.high
        part, lot = lots.within(low, high)
        begin, end = np.maximum(low[part], lots.begin[lot]), np.minimum(high[part], lots.end[lot])
        event = (lots.source if self._backward else lots.target)[lot]
        goes = (event >= 0) & self._open[np.maximum(event, 0)]
        ended = []
        unseen = event == SHORT
        if unseen.any():
            lost = coins[part[unseen]]
            at = Coins(lost.event, begin[unseen], end[unseen], lost.who, lost.layer)
            ended.append((account[part[unseen]], np.full(len(lost.event), _LOST), at))
        gone = np.zeros(len(low), dtype=np.int64)
        np.add.at(gone, part[goes | unseen], (end - begin)[goes | unseen])
        rests = high - low - gone
        stay = rests > 0
        if stay.any():
            left = coins[stay]
            at = Coins(left.event, np.zeros_like(rests[stay]), rests[stay], left.who, left.layer)
            ended.append((account[stay], np.full(len(left.event), _RESTS), at))
        part, event = part[goes], event[goes]
        given_back = (flow.refund_of[event] >= 0) & (not self._backward)
        layer = coins.layer[part]
        layer = np.where(given_back, np.maximum(layer - 1, 1), layer + 1)
        layer[self._is_origin[event]] = 1
        begin, end = begin[goes] - far[event], end[goes] - far[event]
        return _merged(Coins(event, begin, end, coins.who[part], layer)), ended

    def _told(
        self,
        begun: Coins,
        walked: Coins,
        ended: list[tuple[Ints, Ints, Coins]],
        notes: list[str],
    ) -> Told:
        flow, told_in = self._flow, self._told_in
        started: dict[str, int] = {}
        for who, minor in zip(*_summed(begun.who, begun.high - begun.low), strict=True):
            started[self._names[who]] = int(minor)
        hops: list[Hop] = []
        returns: list[Hop] = []
        keys, sums = _summed(walked.event * len(self._names) + walked.who, walked.high - walked.low)
        events = keys // max(1, len(self._names))
        whose = keys % max(1, len(self._names))
        layer = np.full(len(flow), np.iinfo(np.int64).max)
        np.minimum.at(layer, walked.event, walked.layer)
        carried = np.zeros(len(flow), dtype=np.bool_)
        carried[walked.event] = True
        firsts = np.unique(events, return_index=True)[1].tolist()
        last = len(flow) - 1
        for at, until in pairwise([*firsts, len(events)]):
            event = int(events[at])
            shares = {
                self._names[w]: minor
                for w, minor in zip(whose[at:until].tolist(), sums[at:until].tolist(), strict=True)
            }
            place = last - event if self._backward else event
            refund = int(flow.refund_of[event])
            is_return = refund >= 0 and bool(carried[refund])
            hop = hop_of(told_in, place, int(layer[event]), shares)
            (returns if is_return else hops).append(hop)
        if self._backward:
            hops, returns = hops[::-1], returns[::-1]
        reached, unexplained = self._reached(walked)
        told = Told(started, hops, returns, unexplained, reached, notes)
        self._end(told, ended)
        return told

    def _reached(self, walked: Coins) -> tuple[list[int], dict[int, int]]:
        """Tell which accounts money went on from or stayed in, and what they paid beyond it."""
        flow = self._flow
        on = self._stopped(walked)[0].event
        accounts = self._far[on]
        if self._backward:
            return np.unique(accounts).tolist(), {}
        first = np.full(len(flow.accounts), len(flow), dtype=np.int64)
        np.minimum.at(first, accounts, on)
        ledger = flow.ledger
        lacking = np.nonzero(ledger.short > 0)[0]
        event, owner = ledger.events[lacking], ledger.owner[lacking]
        counted = (event > first[owner]) & self._open[event]
        whose, sums = _summed(owner[counted], ledger.short[lacking][counted])
        unexplained = dict(zip(whose.tolist(), sums.tolist(), strict=True))
        return np.unique(accounts).tolist(), unexplained

    def _end(self, told: Told, ended: list[tuple[Ints, Ints, Coins]]) -> None:
        if not ended:
            return
        account = np.concatenate([one for one, _, _ in ended])
        why = np.concatenate([one for _, one, _ in ended])
        coins = _joined([one for _, _, one in ended])
        count = len(self._names)
        keys, sums = _summed((account * 9 + why) * count + coins.who, coins.high - coins.low)
        for key, minor in zip(keys.tolist(), sums.tolist(), strict=True):
            (place, reason), who = divmod(key // count, 9), key % count
            told.end(place, *self._said(place, reason), {self._names[who]: minor})

    def _said(self, account: int, reason: int) -> tuple[Ending, str]:
        if reason == _HUB:
            return "left_case", beyond_hub(self._told_in, account)
        if reason == _LAYER:
            return "at_rest", beyond_layer(self._limits.layers or 0)
        if reason == _RESTS:
            return left_at(self._told_in, account)
        said: dict[int, tuple[Ending, str]] = {
            _HOME: ("at_rest", HOME),
            _REFUNDED: ("at_rest", REFUNDED),
            _CASH: ("left_case", CASH),
            _SMALL: ("at_rest", SMALL),
            _LOST: ("not_on_record", LOST),
        }
        return said[reason]


def _summed(keys: Ints, minor: Ints) -> tuple[Ints, Ints]:
    """Add up by key, exactly."""
    if not len(keys):
        return _NOTHING, _NOTHING
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    firsts = np.nonzero(np.diff(keys, prepend=keys[0] - 1))[0]
    return keys[firsts], np.add.reduceat(minor[order], firsts)


def _joined(parts: list[Coins]) -> Coins:
    columns = ("event", "low", "high", "who", "layer")
    return Coins(
        *(np.concatenate([_NOTHING, *(getattr(part, name) for part in parts)]) for name in columns)
    )


def _merged(coins: Coins) -> Coins:
    """Join stretches of one payment that touch and are alike."""
    if len(coins.event) < 2:
        return coins
    coins = coins[np.lexsort((coins.low, coins.event))]
    touch = (
        (coins.event[1:] == coins.event[:-1])
        & (coins.low[1:] == coins.high[:-1])
        & (coins.who[1:] == coins.who[:-1])
        & (coins.layer[1:] == coins.layer[:-1])
    )
    firsts = np.nonzero(np.concatenate([[True], ~touch]))[0]
    lasts = np.concatenate([firsts[1:], [len(coins.event)]]) - 1
    first = coins[firsts]
    return Coins(first.event, first.low, coins.high[lasts], first.who, first.layer)


def _without(whole: Coins, known: Coins) -> Coins:
    """Cut stretches out of first payments, of each payment at their places."""
    cuts: dict[int, list[tuple[int, int]]] = {}
    for event, low, high in zip(
        known.event.tolist(), known.low.tolist(), known.high.tolist(), strict=True
    ):
        cuts.setdefault(event, []).append((low, high))
    rows: list[tuple[int, int, int, int, int]] = []
    for event, end, who in zip(
        whole.event.tolist(), whole.high.tolist(), whole.who.tolist(), strict=True
    ):
        at = 0
        for low, high in [*sorted(cuts.get(event, ())), (end, end)]:
            if low > at:
                rows.append((event, at, low, who, 1))
            at = high
    columns = np.array(rows, dtype=np.int64).reshape(-1, 5).T
    return Coins(*columns)
