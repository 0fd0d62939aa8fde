"""Lots: which deposit every withdrawal spent, first in, first out, for all accounts at once.

Lay the money of each account on a line in the order in which it came, and the lines of all
accounts one behind the other. What went out lies on the same line, in its order, from the same
beginning. A lot is a stretch between two neighbouring cuts of either kind: one deposit, spent by
one withdrawal. So the rule needs no queue: two running sums, merged.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from graphdb.trace.flow import Flow, Ints

# Where a lot came from, when no payment on record brought it.
OPENING: Final = -1
SHORT: Final = -2


@dataclass(frozen=True, slots=True)
class Lots:
    """Stretches ``begin`` to ``end`` of the line, in order.

    ``source`` is the payment that brought one (or ``OPENING``, ``SHORT``), ``target`` took it.
    ``arrives`` and ``leaves`` tell for each payment where its money lies on the line of its payee
    and of its payer.
    """

    begin: Ints
    end: Ints
    source: Ints
    target: Ints
    arrives: Ints
    leaves: Ints

    def __len__(self) -> int:
        """Count the lots."""
        return len(self.begin)

    def within(self, low: Ints, high: Ints) -> tuple[Ints, Ints]:
        """Give the lots that meet stretches of the line, as pairs (stretch, lot)."""
        first = np.searchsorted(self.end, low, side="right")
        last = np.searchsorted(self.begin, high, side="left")
        return spread(first, np.maximum(last - first, 0))


def lots_of(flow: Flow) -> Lots:
    """Match what went out of every account with what had come in, the oldest first."""
    in_begin, in_end, source, line = _came(flow)
    went, out_begin, out_end = _went(flow, line)
    first = np.searchsorted(in_end, out_begin, side="right")
    last = np.searchsorted(in_end, out_end, side="left")
    out, into = spread(first, last - first + 1)
    arrives, leaves = np.zeros(len(flow), dtype=np.int64), np.zeros(len(flow), dtype=np.int64)
    brought = source >= 0
    arrives[source[brought]] = in_begin[brought]
    leaves[went] = out_begin
    return Lots(
        begin=np.maximum(in_begin[into], out_begin[out]),
        end=np.minimum(in_end[into], out_end[out]),
        source=source[into],
        target=went[out],
        arrives=arrives,
        leaves=leaves,
    )


def _came(flow: Flow) -> tuple[Ints, Ints, Ints, Ints]:
    """Lay out what came in: where on the line, from what; and where each account begins."""
    ledger = flow.ledger
    begins = np.searchsorted(ledger.owner, np.arange(len(flow.accounts)))
    came = np.flatnonzero(ledger.signed >= 0)
    short = np.flatnonzero(ledger.short > 0)
    opening = np.flatnonzero(ledger.opening > 0)
    # An opening stands before an account's first event, what was lacking before its payment.
    order = np.argsort(
        np.concatenate([2 * begins[opening] - 1, 2 * short, 2 * came]), kind="stable"
    )
    brought = ledger.events[came]
    amount = np.concatenate([ledger.opening[opening], ledger.short[short], flow.amount[brought]])
    source = np.concatenate([np.full(len(opening), OPENING), np.full(len(short), SHORT), brought])[
        order
    ]
    whose = np.concatenate([opening, ledger.owner[short], ledger.owner[came]])[order]
    end = np.cumsum(amount[order])
    begin = end - amount[order]
    firsts = np.searchsorted(whose, np.arange(len(flow.accounts)))
    return begin, end, source, np.concatenate([begin, end[-1:]])[firsts]


def _went(flow: Flow, line: Ints) -> tuple[Ints, Ints, Ints]:
    """Lay out what went out: the payments, and from where to where on the line."""
    ledger = flow.ledger
    went = np.flatnonzero(ledger.signed < 0)
    payer, events = ledger.owner[went], ledger.events[went]
    end = np.cumsum(flow.amount[events])
    begin = end - flow.amount[events]
    firsts = np.searchsorted(payer, np.arange(len(flow.accounts)))
    shift = line[payer] - np.concatenate([begin, [0]])[firsts][payer]
    return events, begin + shift, end + shift


def spread(first: Ints, counts: Ints) -> tuple[Ints, Ints]:
    """Write runs out: for each the number of the run, and its members ``first``, ``first + 1``...

    >>> [part.tolist() for part in spread(np.array([5, 9]), np.array([2, 1]))]
    [[0, 0, 1], [5, 6, 9]]
    """
    run = np.repeat(np.arange(len(counts), dtype=np.int64), counts)
    before = np.cumsum(counts) - counts
    return run, first[run] + np.arange(len(run), dtype=np.int64) - before[run]
