"""Tell a trail: where money stops and why, what each payment carried, and that it all adds up."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from graphdb.errors import CheckFailed
from graphdb.model import money_text
from graphdb.trace.flow import Flow
from graphdb.trace.nouns import End, Ending, Hop, Opening, Rule, Trail

HOME: Final = "back where the trace began"
REFUNDED: Final = "refunded to where the trace began"
CASH: Final = "drawn or paid in as cash"
SMALL: Final = "not followed: below the minimum share"
LOST: Final = "money that no row records came in here"


@dataclass(slots=True)
class Told:
    """What a rule found, before it is told as a trail."""

    started: Mapping[str, int]
    hops: list[Hop]
    returns: list[Hop]
    unexplained: Mapping[int, int]
    reached: Collection[int]
    notes: Sequence[str]
    contaminated: int = 0
    ends: dict[tuple[int, Ending, str], dict[str, int]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(int))
    )

    def end(self, account: int, ending: Ending, why: str, shares: Mapping[str, int]) -> None:
        """Count what was left in an account."""
        for origin, minor in shares.items():
            self.ends[account, ending, why][origin] += minor

    def trail(self, flow: Flow, rule: type[Rule]) -> Trail:
        """Tell it, if every unit is accounted for.

        Raises:
            CheckFailed: a unit of money was lost or doubled on the way.
        """
        ends = tuple(
            End(flow.accounts[a], ending, why, sum(shares.values()), tuple(sorted(shares.items())))
            for (a, ending, why), shares in self.ends.items()
            if sum(shares.values())
        )
        started, ended = sum(self.started.values()), sum(end.traced_minor for end in ends)
        if started + self.contaminated != ended:
            raise CheckFailed(
                f"the trace by {rule.name} does not add up: "
                f"{money_text(started + self.contaminated, flow.currency)} set out, "
                f"{money_text(ended, flow.currency)} arrived"
            )
        return Trail(
            rule=rule.name,
            currency=flow.currency,
            is_backward=flow.forward is not None,
            origins=tuple(sorted(self.started.items())),
            hops=tuple(self.hops),
            ends=tuple(sorted(ends, key=lambda e: (-e.traced_minor, e.account, e.why))),
            contaminated_minor=self.contaminated,
            unexplained=tuple(
                sorted((flow.accounts[a], minor) for a, minor in self.unexplained.items() if minor)
            ),
            notes=tuple(self.notes),
            returns=tuple(self.returns),
            openings=_openings(flow, self.reached),
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


def beyond_hub(flow: Flow, account: int) -> str:
    """Say that a hub is not followed, and how many payments lie there."""
    links = len(flow.events(account))
    return f"not followed beyond the hub ({flow.hubs[account]}), {links:,} payments there"


def beyond_layer(layer: int) -> str:
    """Say that nothing beyond a layer is followed."""
    return f"not followed beyond layer {layer}"


def work_limit(hops: int) -> str:
    """Say that the work limit was reached."""
    return (
        f"stopped after {hops:,} payments, the work limit: what is held then "
        "is shown as at rest; narrow the trace by time, layers or share"
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


def _openings(flow: Flow, accounts: Collection[int]) -> tuple[Opening, ...]:
    real = (account for account in accounts if account not in flow.pockets)
    told = (Opening(flow.accounts[a], *flow.opening_of(a)) for a in real)
    return tuple(sorted(told, key=lambda opening: opening.account))
