"""Paths in the order of time: which payments may have carried on which, step by step."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import pairwise

from graphdb.errors import LimitReached
from graphdb.trace.flow import Flow


@dataclass(frozen=True, slots=True)
class Path:
    """Payments that follow one another; ``kept`` is the amount of each by that of the one before.

    ``competing`` counts, over all accounts on the way, the other payments that came in within
    the window and may as well have been the one that was passed on.
    """

    payments: tuple[str, ...]
    accounts: tuple[str, ...]
    seconds: float
    kept: tuple[float, ...]
    competing: int


def paths_from(
    flow: Flow,
    starts: Collection[str],
    *,
    within_ms: int,
    keep: float,
    hops: int,
    work: int = 1_000_000,
) -> tuple[Path, ...]:
    """Give every longest path that begins with one of the payments, hop by hop in time.

    Each next payment is later in order, at most ``within_ms`` after the one before, and not less
    than ``keep`` of it. Paths end at hubs and never visit an account twice.

    Raises:
        LimitReached: more than ``work`` steps were needed; there is never a part of an answer.
    """
    found: list[Path] = []
    steps = 0
    events = flow.events_of(starts)
    for start in starts:
        stack: list[tuple[int, ...]] = [(events[start],)]
        while stack:
            walked = stack.pop()
            steps += 1
            if steps > work:
                raise LimitReached(
                    f"more than {work:,} steps: the paths are too many to be told one by one",
                    fix="shorten the window (--within), raise --keep, or lower --hops",
                )
            onward = _onward(flow, walked, within_ms, keep) if len(walked) < hops else []
            stack += [(*walked, later) for later in reversed(onward)]
            if not onward:
                found.append(path_of(flow, walked, within_ms))
    return tuple(found)


def _onward(flow: Flow, walked: tuple[int, ...], within_ms: int, keep: float) -> list[int]:
    last = walked[-1]
    account = int(flow.payee[last])
    been = {int(flow.payer[event]) for event in walked}
    if account in flow.hubs or flow.is_cash[last] or account in been:
        return []
    sent = flow.sent(account)
    later = sent[sent.searchsorted(last, side="right") :]
    later = later[flow.at_ms[later] <= flow.at_ms[last] + within_ms]
    later = later[flow.amount[later] >= keep * int(flow.amount[last])]
    return [int(event) for event in later if int(flow.payee[event]) not in been]


def path_of(flow: Flow, walked: tuple[int, ...], within_ms: int) -> Path:
    """Tell the payments at these positions as a path."""
    competing = 0
    for before, after in pairwise(walked):
        events = flow.events(int(flow.payee[before]))
        came = events[(flow.payee[events] == flow.payee[before]) & (events < after)]
        competing += int((flow.at_ms[came] >= flow.at_ms[after] - within_ms).sum()) - 1
    amounts = [int(flow.amount[event]) for event in walked]
    return Path(
        payments=tuple(flow.payments[event] for event in walked),
        accounts=(
            flow.accounts[flow.payer[walked[0]]],
            *(flow.accounts[flow.payee[event]] for event in walked),
        ),
        seconds=int(flow.at_ms[walked[-1]] - flow.at_ms[walked[0]]) / 1000,
        kept=tuple(later / sooner for sooner, later in pairwise(amounts)),
        competing=competing,
    )


def arrivals(flow: Flow, starts: Iterable[str]) -> dict[str, str]:
    """Give each account that money may have reached, and the earliest time, in one pass.

    Money goes on with any payment that is later than the arrival; it ends at hubs.
    """
    first = {*flow.events_of(starts).values()}
    reached: dict[int, int] = {}
    pairs = zip(flow.payer.tolist(), flow.payee.tolist(), strict=True)
    for event, (payer, payee) in enumerate(pairs):
        goes = event in first or (payer in reached and payer not in flow.hubs)
        if goes and payee not in reached:
            reached[payee] = event
    return {flow.accounts[account]: flow.at[event] for account, event in reached.items()}
