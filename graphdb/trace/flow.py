"""The payments of a case as arrays: by account, in the order in which they happened."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl

Ints = npt.NDArray[np.int64]
# What the projection of a store holds of each payment, and of what type.
COLUMNS: Final[Mapping[str, Any]] = {
    "payment": pl.String, "payer": pl.String, "payee": pl.String, "amount_minor": pl.Int64,
    "currency": pl.String, "at": pl.String, "at_ms": pl.Int64, "kind": pl.String,
    "place": pl.String,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class History:
    """The payments of one account in order: ``events`` are positions in the flow.

    ``before`` is the balance before each; ``short`` is what was lacking for it and must have come
    from money that no row records. Amounts in minor units.
    """

    events: Ints
    before: Ints
    short: Ints


@dataclass(frozen=True)
class Flow:
    """The payments of one currency, in order; ``payer`` and ``payee`` are places in ``accounts``.

    ``opening`` holds the balances that are known from before the records, by account.
    """

    currency: str
    payments: Sequence[str]
    accounts: Sequence[str]
    payer: Ints
    payee: Ints
    amount: Ints
    at_ms: Ints
    at: Sequence[str]
    is_cash: npt.NDArray[np.bool_]
    hubs: Mapping[int, str]
    opening: Mapping[int, int] = field(default_factory=dict)
    forward: "Flow | None" = None

    def __len__(self) -> int:
        """Count the payments."""
        return len(self.payer)

    @cached_property
    def place_of(self) -> Mapping[str, int]:
        """Give the place of each account."""
        return {account: at for at, account in enumerate(self.accounts)}

    @cached_property
    def event_of(self) -> Mapping[str, int]:
        """Give the position of each payment."""
        return {payment: at for at, payment in enumerate(self.payments)}

    @cached_property
    def _by_account(self) -> tuple[Ints, Ints]:
        """Give where each account's events begin, and the events, account by account."""
        ends = np.concatenate([self.payer, self.payee])
        positions = np.tile(np.arange(len(self), dtype=np.int64), 2)
        order = np.lexsort((positions, ends))
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

    def history(self, account: int) -> History:
        """Give an account's payments with its balances.

        The opening balance is what is stated, else nothing. Where a payment exceeds the balance
        the rest is taken to have come in just before it, unrecorded.
        """
        if self.forward is not None:
            return self._turned(self.forward, account)
        events = self.events(account)
        signed = self.signed(account, events)
        opening = self.opening.get(account, 0)
        bare = opening + np.cumsum(signed)
        lacking = -np.minimum.accumulate(np.minimum(bare, 0))
        short = np.diff(lacking, prepend=0)
        after = bare + lacking
        return History(events, np.concatenate([[opening], after[:-1]]), short)

    def _turned(self, forward: "Flow", account: int) -> History:
        """Run a history backwards: what an account ended with is what it now begins with."""
        history = forward.history(account)
        signed = forward.signed(account, history.events)
        after = history.before + history.short + signed
        return History(len(self) - 1 - history.events[::-1], after[::-1], history.short[::-1])

    def signed(self, account: int, events: Ints) -> Ints:
        """Give what each of an account's payments added to its balance."""
        amount = self.amount[events]
        return np.where(self.payer[events] == account, -amount, amount)

    def backwards(self) -> "Flow":
        """Turn the time around: payees pay their payers, the last payment comes first."""
        return replace(
            self,
            payments=self.payments[::-1],
            payer=self.payee[::-1],
            payee=self.payer[::-1],
            amount=self.amount[::-1],
            at_ms=self.at_ms[::-1],
            at=self.at[::-1],
            is_cash=np.zeros(len(self), dtype=np.bool_),
            forward=self,
        )


def flows_of(
    payments: pl.DataFrame,
    hubs: Mapping[str, str],
    opening: Mapping[str, int] | None = None,
) -> tuple[Flow, ...]:
    """Arrange the payments of a case, one flow a currency.

    ``payments`` has the columns of ``COLUMNS``. Rows of the same instant stand in the serial
    order of their file; a file that runs from the newest to the oldest is read from its end.
    A payment of an account to itself moves nothing and is left out, as is one without a time.
    """
    rows = payments.filter(pl.col("payer") != pl.col("payee"), pl.col("at_ms").is_not_null())
    rows = _ordered(rows)
    flows = []
    for currency in rows["currency"].unique().sort().to_list():
        part = rows.filter(pl.col("currency").eq_missing(currency))
        ends = pl.concat([part["payer"], part["payee"]])
        accounts = ends.unique().sort()
        places = pl.DataFrame({"account": accounts, "at": np.arange(len(accounts))})
        index = [
            pl.DataFrame({"account": part[side]})
            .join(places, on="account", how="left", maintain_order="left")["at"]
            .to_numpy()
            .astype(np.int64)
            for side in ("payer", "payee")
        ]
        ids = accounts.to_list()
        at = {account: place for place, account in enumerate(ids)}
        flows.append(
            Flow(
                currency=currency,
                payments=part["payment"].to_list(),
                accounts=ids,
                payer=index[0],
                payee=index[1],
                amount=part["amount_minor"].to_numpy(),
                at_ms=part["at_ms"].to_numpy(),
                at=part["at"].to_list(),
                is_cash=(part["kind"] == "cash").fill_null(value=False).to_numpy(),
                hubs={at[account]: hub for account, hub in hubs.items() if account in at},
                opening={at[a]: minor for a, minor in (opening or {}).items() if a in at},
            )
        )
    return tuple(flows)


def _ordered(rows: pl.DataFrame) -> pl.DataFrame:
    """Put payments in order: by time, then by file, then as they stand in the file."""
    place = pl.col("place").str.split(":")
    rows = rows.with_columns(
        _file=place.list.first(), _row=place.list.last().cast(pl.Int64, strict=False).fill_null(0)
    ).sort("_file", "_row", "payment")
    step = pl.col("at_ms").diff().over("_file").sign()
    falls = (step.sum().over("_file") < 0).fill_null(value=False)
    rows = rows.with_columns(_row=pl.when(falls).then(-pl.col("_row")).otherwise(pl.col("_row")))
    return rows.sort("at_ms", "_file", "_row", "payment").drop("_file", "_row")
