"""Trace money: which of it went where, by rules that courts and scholars have stated.

``trace_money`` is the door; the payments come as a ``Flow`` of arrays. Amounts are integers in
minor units and are conserved to the last one.
"""

from collections.abc import Collection, Mapping, Sequence

from graphdb.errors import WrongUsage
from graphdb.trace.arrange import COLUMNS, flows_of, in_order
from graphdb.trace.flow import Flow
from graphdb.trace.lots import Lots, lots_of
from graphdb.trace.nouns import End, Hop, Limits, Opening, Trail
from graphdb.trace.paths import Path, arrivals, paths_from
from graphdb.trace.rules import RULES, rule_named, rules_named
from graphdb.trace.walks import WALKS, Walk

__all__ = [
    "COLUMNS",
    "RULES",
    "WALKS",
    "End",
    "Flow",
    "Hop",
    "Limits",
    "Lots",
    "Opening",
    "Path",
    "Trail",
    "Walk",
    "arrivals",
    "flows_of",
    "in_order",
    "lots_of",
    "paths_from",
    "rule_named",
    "rules_named",
    "trace_money",
]


def trace_money(
    flow: Flow,
    origins: Mapping[str, str],
    homes: Collection[str],
    rules: Sequence[str],
    limits: Limits | None = None,
    *,
    backward: bool = False,
) -> tuple[Trail, ...]:
    """Follow payments by each rule; ``origins`` says whose each of the first payments is.

    ``homes`` are the accounts where the trace begins; money that comes back to them has arrived.
    Backward, it is the sources of the payments that are looked for.

    Raises:
        WrongUsage: an unknown rule, or one that cannot run backward.
        CheckFailed: a unit of money was lost or doubled on the way.
    """
    chosen = [rule_named(name) for name in rules]
    if backward and (refused := [rule.name for rule in chosen if not rule.is_reversible]):
        raise WrongUsage(
            f"'{refused[0]}' cannot run backward: it is a rule between a claimant and an account",
            fix="use fifo, lifo, pro_rata or poison backward, or trace forward from the source",
        )
    limits = limits or Limits()
    used = flow.with_pockets() if limits.stop_at_hubs else flow
    used = used.backwards() if backward else used
    first = {event: origins[payment] for payment, event in used.events_of(origins).items()}
    at_home = [used.place_of[account] for account in homes if account in used.place_of]
    return tuple(rule.follow(used, first, at_home, limits) for rule in chosen)
