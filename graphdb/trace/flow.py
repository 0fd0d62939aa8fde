"""The payments of a case as arrays: by account, in the order in which they happened."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
import polars as pl

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
# How an opening balance is known: a person states it, a statement records it, or it is not known.
Basis = Literal["stated", "recorded", "unknown"]
UNKNOWN: Final = np.iinfo(np.int64).min
# Of fewer accounts than one in so many the payments are looked up; else all are passed over once.
_FEW: Final = 100


@dataclass(frozen=True, slots=True)
class History:
    """The payments of one account in order: ``events`` are positions in the flow.

    ``before`` is the balance before each; ``short`` is what was lacking for it and must have come
    from money that no row records. Amounts in minor units.
    """

    events: Ints
    before: Ints
    short: Ints


@dataclass(frozen=True, slots=True)
class Ledger:
    """All accounts one after the other: whose each event is, what it added, what was lacking.

    ``events`` are positions in the flow, ``owner`` the account, ``signed`` what was added,
    ``short`` as in ``History``; ``opening`` and ``is_known`` have an item an account.
    """

    events: Ints
    owner: Ints
    signed: Ints
    short: Ints
    opening: Ints
    is_known: Bools


@dataclass(frozen=True)
class Flow:
    """The payments of one currency, in order; ``payer`` and ``payee`` are places in ``accounts``.

    ``is_trade`` marks purchases and refunds. ``stated`` holds the balances that a person states
    from before the records; the balances after a payment are ``UNKNOWN`` where no statement tells
    them. ``refund_of`` is the payment that a refund gives back, -1 where there is none.
    ``pockets`` are accounts that hold only what was paid to a hub and came back from it, by the
    hub's kind.
    """

    currency: str
    payments: pl.Series
    accounts: Sequence[str]
    payer: Ints
    payee: Ints
    amount: Ints
    at_ms: Ints
    at: pl.Series
    evidence: pl.Series
    is_cash: Bools
    is_trade: Bools
    refund_of: Ints
    payer_balance: Ints
    payee_balance: Ints
    hubs: Mapping[int, str]
    stated: Mapping[int, int] = field(default_factory=dict)
    pockets: Mapping[int, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    forward: "Flow | None" = None

    def __len__(self) -> int:
        """Count the payments."""
        return len(self.payer)

    @cached_property
    def place_of(self) -> Mapping[str, int]:
        """Give the place of each account; a pocket is none of its own."""
        real = len(self.accounts) - len(self.pockets)
        return {account: at for at, account in enumerate(self.accounts[:real])}

    @cached_property
    def _by_name(self) -> tuple[pl.Series, pl.Series]:
        """Give the payments by their ids, and the position of each: a dict takes ten times more."""
        order = self.payments.arg_sort()
        return self.payments.gather(order), order

    def events_of(self, payments: Iterable[str]) -> dict[str, int]:
        """Give the positions of those of these payments that the flow has, in its order."""
        named, order = self._by_name
        asked = pl.Series([*set(payments)], dtype=pl.String)
        place = pl.DataFrame({"payment": asked, "place": named.search_sorted(asked)})
        place = place.filter(pl.col("place") < len(named))
        found = place.filter(named.gather(place["place"]) == place["payment"])
        events = order.gather(found["place"])
        return dict(sorted(zip(found["payment"], events, strict=True), key=lambda one: one[1]))

    @cached_property
    def _by_account(self) -> tuple[Ints, Ints]:
        """Give where each account's events begin, and the events, account by account."""
        ends = np.stack([self.payer, self.payee], axis=1).ravel()
        positions = np.arange(len(ends), dtype=np.int64) // 2
        order = np.argsort(ends, kind="stable")
        begins = np.searchsorted(ends[order], np.arange(len(self.accounts) + 1))
        return begins, positions[order]

    def events(self, account: int) -> Ints:
        """Give the positions of an account's payments, in and out, in order."""
        begins, events = self._by_account
        own: Ints = events[begins[account] : begins[account + 1]]
        return own

    def sent(self, account: int) -> Ints:
        """Give the positions of the payments that an account made."""
        events = self.events(account)
        made: Ints = events[self.payer[events] == account]
        return made

    @cached_property
    def is_hub(self) -> Bools:
        """Mark the accounts that are hubs."""
        marks = np.zeros(len(self.accounts), dtype=np.bool_)
        marks[list(self.hubs)] = True
        return marks

    @cached_property
    def steps(self) -> tuple[Ints, Ints]:
        """Give the payments that may be steps, by payer and time, and keys that sort like them."""
        events = np.flatnonzero(~self.is_trade)
        keys = self.payer[events] * (len(self) + 1) + events
        order = np.argsort(keys, kind="stable")
        return events[order], keys[order]

    def sent_by(self, accounts: Sequence[int]) -> Ints:
        """Give the positions of the payments of several accounts, in order."""
        if len(accounts) * _FEW > len(self.accounts):
            is_payer = np.zeros(len(self.accounts), dtype=np.bool_)
            is_payer[accounts] = True
            return np.flatnonzero(is_payer[self.payer])
        sent = [self.sent(account) for account in accounts]
        return np.sort(np.concatenate([np.empty(0, dtype=np.int64), *sent]))

    @cached_property
    def ledger(self) -> Ledger:
        """Work out the balances of all accounts at once."""
        begins, events = self._by_account
        owner = np.repeat(np.arange(len(self.accounts), dtype=np.int64), np.diff(begins))
        is_out = self.payer[events] == owner
        signed = np.where(is_out, -self.amount[events], self.amount[events])
        added = np.cumsum(signed)
        before = np.concatenate([[0], added])[begins[:-1]]
        within = added - before[owner]
        opening, is_known = self._openings(events, owner, is_out, within)
        bare = opening[owner] + within
        lacking = -_lowest_so_far(np.minimum(bare, 0), owner, begins)
        short = np.diff(lacking, prepend=0)
        firsts = begins[:-1][np.diff(begins) > 0]
        short[firsts] = lacking[firsts]
        return Ledger(events, owner, signed, short, opening, is_known)

    def _openings(
        self, events: Ints, owner: Ints, is_out: Bools, within: Ints
    ) -> tuple[Ints, Bools]:
        """Find what each account held before the records: stated, or by its first balance."""
        opening = np.zeros(len(self.accounts), dtype=np.int64)
        is_known = np.zeros(len(self.accounts), dtype=np.bool_)
        balance = np.where(is_out, self.payer_balance[events], self.payee_balance[events])
        told = np.nonzero(balance != UNKNOWN)[0]
        accounts, firsts = np.unique(owner[told], return_index=True)
        found = balance[told[firsts]] - within[told[firsts]]
        # Below nothing it is a credit line or a gap in the rows, and no money to be followed.
        sound = found >= 0
        opening[accounts[sound]] = found[sound]
        is_known[accounts[sound]] = True
        for account, minor in self.stated.items():
            opening[account] = minor
            is_known[account] = True
        return opening, is_known

    def opening_of(self, account: int) -> tuple[int, Basis]:
        """Give an account's opening balance and how it is known."""
        ledger = (self.forward or self).ledger
        if account in (self.forward or self).stated:
            return int(ledger.opening[account]), "stated"
        return int(ledger.opening[account]), "recorded" if ledger.is_known[account] else "unknown"

    def history(self, account: int) -> History:
        """Give an account's payments with its balances.

        Where a payment exceeds the balance the rest is taken to have come in just before it,
        unrecorded.
        """
        if self.forward is not None:
            return self._turned(self.forward, account)
        begins, _ = self._by_account
        own = slice(int(begins[account]), int(begins[account + 1]))
        ledger = self.ledger
        opening = int(ledger.opening[account])
        after = opening + np.cumsum(ledger.signed[own] + ledger.short[own])
        before = np.concatenate([[opening], after[:-1]])
        return History(ledger.events[own], before, ledger.short[own])

    def _turned(self, forward: "Flow", account: int) -> History:
        """Run a history backwards: what an account ended with is what it now begins with."""
        history = forward.history(account)
        amount = forward.amount[history.events]
        signed = np.where(forward.payer[history.events] == account, -amount, amount)
        after = history.before + history.short + signed
        return History(len(self) - 1 - history.events[::-1], after[::-1], history.short[::-1])

    def backwards(self) -> "Flow":
        """Turn the time around: payees pay their payers, the last payment comes first."""
        last = len(self) - 1
        refund_of = np.where(self.refund_of < 0, -1, last - self.refund_of)
        return replace(
            self,
            payments=self.payments.reverse(),
            payer=self.payee[::-1],
            payee=self.payer[::-1],
            amount=self.amount[::-1],
            at_ms=self.at_ms[::-1],
            at=self.at.reverse(),
            evidence=self.evidence.reverse(),
            is_cash=self.is_cash[::-1],
            is_trade=self.is_trade[::-1],
            refund_of=refund_of[::-1],
            forward=self,
        )

    def with_pockets(self) -> "Flow":
        """Put apart what was paid to hubs and came back: each such payment into a pocket.

        A hub's own money is not followed, so a refund of it would seem to be the hub's. In its
        pocket what was paid waits, and the refund comes out of it, by the rule of the trace.
        """
        refunds = np.nonzero(self.refund_of >= 0)[0]
        refunds = refunds[np.isin(self.payer[refunds], np.array([*self.hubs], dtype=np.int64))]
        if not len(refunds):
            return self
        originals = np.unique(self.refund_of[refunds])
        pocket_of = dict(zip(originals.tolist(), range(len(self.accounts), 10**12), strict=False))
        payer, payee = self.payer.copy(), self.payee.copy()
        accounts, pockets = [*self.accounts], {}
        for original, pocket in pocket_of.items():
            hub = int(self.payee[original])
            accounts.append(self.accounts[hub])
            pockets[pocket] = self.hubs[hub]
            payee[original] = pocket
        for refund in refunds.tolist():
            payer[refund] = pocket_of[int(self.refund_of[refund])]
        return replace(self, accounts=accounts, payer=payer, payee=payee, pockets=pockets)


def _lowest_so_far(values: Ints, owner: Ints, begins: Ints) -> Ints:
    """Give the lowest value up to each place, account by account."""
    if not len(values):
        return values
    reach = int(values.max()) - int(values.min()) + 1
    if reach * len(begins) < 2**62:
        # One pass over all: each account stands lower than the whole of the one before.
        down = owner * reach
        lowest: Ints = np.minimum.accumulate(values - down) + down
        return lowest
    lowest = np.empty_like(values)
    for begin, end in zip(begins[:-1].tolist(), begins[1:].tolist(), strict=True):
        lowest[begin:end] = np.minimum.accumulate(values[begin:end])
    return lowest
