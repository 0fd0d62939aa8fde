"""The walk: follow money from account to account in the order of time.

Only accounts that followed money reached are looked at, so the cost is that of their payments
and not that of the case.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from heapq import heappop, heappush

from graphdb.errors import CheckFailed
from graphdb.model import money_text
from graphdb.trace.flow import Flow, Ints
from graphdb.trace.nouns import ANY, End, Ending, Fragments, Holding, Hop, Limits, Opening, Trail


@dataclass(slots=True)
class _Reached:
    """An account that followed money reached, and how far its payments were walked."""

    holding: Holding
    events: Ints
    short: Ints
    at: int
    layer: int


@dataclass(slots=True)
class _Ends:
    """Where money was left, by account and reason."""

    sums: dict[tuple[int, Ending, str], dict[str, int]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(int))
    )

    def add(self, account: int, ending: Ending, why: str, shares: Mapping[str, int]) -> None:
        for origin, minor in shares.items():
            self.sums[account, ending, why][origin] += minor


def follow(
    flow: Flow,
    origins: Mapping[int, str],
    homes: Collection[int],
    rule: type[Holding],
    limits: Limits,
) -> Trail:
    """Follow the payments ``origins`` (position: whose) until the money rests or leaves.

    ``homes`` are the accounts where the trace began: money that comes back to them has arrived.

    Raises:
        CheckFailed: a unit of money was lost or doubled on the way.
    """
    return _Walk(flow, origins, frozenset(homes), rule, limits).trail()


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
        self._ends = _Ends()
        self._hops: list[Hop] = []
        self._started: dict[str, int] = defaultdict(int)
        self._unexplained: dict[int, int] = defaultdict(int)
        self._notes: list[str] = [*flow.notes]
        self._carried: set[int] = set()
        self._returns: list[Hop] = []
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
        return self._told()

    def _is_over(self, event: int) -> bool:
        until, backward = self._limits.until_ms, self._flow.forward is not None
        if until is not None:
            at = int(self._flow.at_ms[event])
            if (at < until) if backward else (at > until):
                return True
        if len(self._hops) >= self._limits.hops:
            self._notes.append(
                f"stopped after {len(self._hops):,} payments, the work limit: what is held then "
                "is shown as at rest; narrow the trace by time, layers or share"
            )
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
        is_return = int(flow.refund_of[event]) in self._carried
        if is_return and reached is not None:
            layer = reached.layer
        if shares:
            self._carried.add(event)
            hops = self._returns if is_return else self._hops
            hops.append(hop_of(flow, event, layer, shares))
            stop = self._stop(event, payee, layer, sum(shares.values()))
            if stop is not None:
                self._ends.add(payee, *stop, shares)
                parts = ((None, amount),)
            elif reached is None:
                reached = self._reach(payee, event, layer)
        if reached is None:
            return
        reached.layer = min(reached.layer, layer) if shares else reached.layer
        reached.holding.receive(parts)
        if flow.forward is not None and (short := int(reached.short[reached.at])):
            # Turned around, what came unrecorded leaves to where nothing is recorded.
            lost = _shares(reached.holding.pay(short))
            self._ends.add(payee, "not_on_record", "money that no row records came in here", lost)
        self._go_on(reached)

    def _paid(self, event: int, payer: int, amount: int) -> tuple[int, Fragments]:
        """Say which money a payment is, and in which layer it arrives."""
        reached = self._reached.get(payer)
        parts: Fragments = ((None, amount),)
        layer = 1
        if reached is not None:
            if self._flow.forward is None and (short := int(reached.short[reached.at])):
                reached.holding.receive(((None, short),))
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
            return "at_rest", "back where the trace began"
        if payee in self._began and self._flow.refund_of[event] >= 0:
            return "at_rest", "refunded to where the trace began"
        # Turned around, a first payment in cash is what the question begins with.
        if self._flow.is_cash[event] and not (self._flow.forward and event in self._origins):
            return "left_case", "drawn or paid in as cash"
        if self._limits.stop_at_hubs and (hub := self._flow.hubs.get(payee)):
            links = len(self._flow.events(payee))
            return "left_case", f"not followed beyond the hub ({hub}), {links:,} payments there"
        if self._limits.layers is not None and layer >= self._limits.layers:
            return "at_rest", f"not followed beyond layer {layer}"
        if traced < self._least and event not in self._origins:
            return "at_rest", "not followed: below the minimum share"
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

    def _told(self) -> Trail:
        flow = self._flow
        for account, reached in self._reached.items():
            self._ends.add(account, *left_at(flow, account), reached.holding.traced)
        contaminated = sum(one.holding.contaminated for one in self._reached.values())
        ends = tuple(
            End(flow.accounts[a], ending, why, sum(shares.values()), tuple(sorted(shares.items())))
            for (a, ending, why), shares in self._ends.sums.items()
            if sum(shares.values())
        )
        started, ended = sum(self._started.values()), sum(end.traced_minor for end in ends)
        if started + contaminated != ended:
            raise CheckFailed(
                f"the trace by {self._rule.name} does not add up: "
                f"{money_text(started + contaminated, flow.currency)} set out, "
                f"{money_text(ended, flow.currency)} arrived"
            )
        return Trail(
            rule=self._rule.name,
            currency=flow.currency,
            is_backward=flow.forward is not None,
            origins=tuple(sorted(self._started.items())),
            hops=tuple(self._hops),
            ends=tuple(sorted(ends, key=lambda e: (-e.traced_minor, e.account, e.why))),
            contaminated_minor=contaminated,
            unexplained=tuple(
                sorted((flow.accounts[a], minor) for a, minor in self._unexplained.items())
            ),
            notes=tuple(self._notes),
            returns=tuple(self._returns),
            openings=openings_of(flow, self._reached),
        )


def hop_of(flow: Flow, event: int, layer: int, shares: Mapping[str, int]) -> Hop:
    """Tell a payment that carried followed money, in the way in which it was paid."""
    ends = (flow.accounts[flow.payer[event]], flow.accounts[flow.payee[event]])
    source, target = ends if flow.forward is None else ends[::-1]
    places = flow.evidence[event]
    return Hop(
        payment=flow.payments[event],
        source=source,
        target=target,
        at=flow.at[event],
        amount_minor=int(flow.amount[event]),
        traced_minor=sum(shares.values()),
        layer=layer,
        shares=tuple(sorted(shares.items())),
        evidence=() if places is None else tuple(places),
    )


def left_at(flow: Flow, account: int) -> tuple[Ending, str]:
    """Say how money ends in an account that no payment took it out of."""
    if account in flow.pockets:
        return "left_case", f"not followed beyond the hub ({flow.pockets[account]})"
    if flow.forward is not None:
        return "at_rest", "no earlier source on record"
    if not len(flow.sent(account)):
        return "at_rest", "no payment of this account on record: ask for its statement"
    return "at_rest", "still there when the records end"


def openings_of(flow: Flow, accounts: Collection[int]) -> tuple[Opening, ...]:
    """Tell what accounts held before the records and how that is known."""
    real = (account for account in accounts if account not in flow.pockets)
    told = (Opening(flow.accounts[a], *flow.opening_of(a)) for a in real)
    return tuple(sorted(told, key=lambda opening: opening.account))


def _shares(parts: Fragments) -> dict[str, int]:
    shares: dict[str, int] = {}
    for origin, minor in parts:
        if origin is not None:
            shares[origin] = shares.get(origin, 0) + minor
    return shares
