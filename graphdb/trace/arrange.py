"""Arrange a case's payments into flows: what counts, in which order, and what is given back."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import polars as pl

from graphdb.trace.flow import UNKNOWN, Flow, Ints

# What the projection of a store holds of each payment, and of what type.
COLUMNS: Final[Mapping[str, Any]] = {
    "payment": pl.String, "payer": pl.String, "payee": pl.String, "amount_minor": pl.Int64,
    "currency": pl.String, "at": pl.String, "at_ms": pl.Int64, "kind": pl.String,
    "status": pl.String, "reference": pl.String, "evidence": pl.List(pl.String),
    "payer_balance": pl.Int64, "payee_balance": pl.Int64,
}  # fmt: skip
# Words of a status that say that no money moved. A refunded payment did move.
_UNMOVED: Final = (
    r"(?i)^\s*(?:fail|clos|cancel|declin|reject|unpaid|void|pending)"
    r"|失败|关闭|撤销|取消|未成功|未支付|未付款|待支付|待付款"
)
_CASH: Final = ("cash",)
_TRADE: Final = ("purchase", "refund")


def flows_of(
    payments: pl.DataFrame,
    hubs: Mapping[str, str],
    opening: Mapping[tuple[str, str], int] | None = None,
) -> tuple[Flow, ...]:
    """Arrange the payments of a case, one flow a currency.

    ``payments`` has the columns of ``COLUMNS`` and stands as ``in_order`` puts it; ``opening``
    states balances from before the records by account and currency. A payment of an account to
    itself moves nothing and is left out, as is one that failed, was closed, or has no time.
    """
    moved = ~pl.col("status").str.contains(_UNMOVED).fill_null(value=False)
    timed = pl.col("at_ms").is_not_null() & (pl.col("amount_minor") > 0)
    other = pl.col("payer") != pl.col("payee")
    rows = _only(payments, moved & timed & other)
    unmoved, untimed = payments.select(unmoved=(~moved).sum(), untimed=(moved & ~timed).sum()).row(
        0
    )
    said = (
        (unmoved, "failed or closed payments are not counted"),
        (untimed, "payments without a time or an amount are not counted"),
    )
    notes = tuple(f"{count:,} {text}" for count, text in said if count)
    currencies = rows["currency"].unique().sort().to_list()
    return tuple(
        _flow(_only(rows, pl.col("currency").eq_missing(currency)), currency, hubs, opening, notes)
        for currency in currencies
    )


def in_order(payments: pl.DataFrame) -> pl.DataFrame:
    """Put payments in order: by time, then by file, then as they stand in the file.

    A file that runs from the newest to the oldest is read from its end.
    """
    place = payments["evidence"].list.first().str.split(":")
    names = place.list.first()
    files = pl.Enum(names.drop_nulls().unique().sort())
    file = names.cast(files).to_physical().cast(pl.Int64).fill_null(-1).to_numpy()
    row = place.list.last().cast(pl.Int64, strict=False).fill_null(0).to_numpy()
    by_name = payments["payment"].arg_sort().to_numpy()
    order = by_name[np.lexsort((row[by_name], file[by_name]))]
    file, row, at_ms = (
        file[order],
        row[order],
        payments["at_ms"].fill_null(UNKNOWN).to_numpy()[order],
    )
    order = order[np.lexsort((_way(file, at_ms) * row, file, at_ms))]
    # One column after the other, each let go: all at once takes three times their memory.
    columns = payments.get_columns()[::-1]
    del payments
    return pl.DataFrame([columns.pop().gather(order) for _ in range(len(columns))])


def _way(file: Ints, at_ms: Ints) -> Ints:
    """Tell for each row of files, as written, whether its file runs on in time (1) or back (-1)."""
    begins = np.flatnonzero(np.diff(file, prepend=-2))
    is_step = (file[1:] == file[:-1]) & (at_ms[1:] != UNKNOWN) & (at_ms[:-1] != UNKNOWN)
    step = np.where(is_step, np.sign(at_ms[1:] - at_ms[:-1]), 0)
    falls = np.add.reduceat(np.append(0, step), begins) < 0
    return np.where(np.repeat(falls, np.diff(np.append(begins, len(file)))), -1, 1)


def _only(rows: pl.DataFrame, condition: pl.Expr) -> pl.DataFrame:
    """Give the rows for which it holds; where it holds for all, nothing is copied."""
    holds = rows.select(condition).to_series()
    return rows if holds.all(ignore_nulls=False) else rows.filter(holds)


def _flow(
    part: pl.DataFrame,
    currency: str,
    hubs: Mapping[str, str],
    opening: Mapping[tuple[str, str], int] | None,
    notes: tuple[str, ...],
) -> Flow:
    accounts = pl.concat([part["payer"], part["payee"]]).unique().sort()
    places = pl.Enum(accounts)
    ends = [
        part[side].cast(places).to_physical().to_numpy().astype(np.int64)
        for side in ("payer", "payee")
    ]
    balances = (
        part[f"{side}_balance"].fill_null(UNKNOWN).to_numpy() for side in ("payer", "payee")
    )
    ids = accounts.to_list()
    at = {account: place for place, account in enumerate(ids)}
    stated = {a: minor for (a, coin), minor in (opening or {}).items() if coin == currency}
    return Flow(
        currency=currency,
        payments=part["payment"],
        accounts=ids,
        payer=ends[0],
        payee=ends[1],
        amount=part["amount_minor"].to_numpy(),
        at_ms=part["at_ms"].to_numpy(),
        at=part["at"],
        evidence=part["evidence"],
        is_cash=part["kind"].is_in(_CASH).fill_null(value=False).to_numpy(),
        is_trade=part["kind"].is_in(_TRADE).fill_null(value=False).to_numpy(),
        refund_of=_refunded(part, *ends),
        payer_balance=next(balances),
        payee_balance=next(balances),
        hubs={at[account]: hub for account, hub in hubs.items() if account in at},
        stated={at[account]: minor for account, minor in stated.items() if account in at},
        notes=notes,
    )


def _refunded(part: pl.DataFrame, payer: Ints, payee: Ints) -> Ints:
    """Find what each refund gives back: an earlier payment the other way, not yet given back.

    One with the same reference is taken first, or whose number the refund names; else the last
    of which as much is left.
    """
    found = np.full(part.height, -1, dtype=np.int64)
    is_refund = part["kind"] == "refund"
    refunds = is_refund.fill_null(value=False).arg_true().to_list()
    if not refunds:
        return found
    wanted = {(int(payee[event]), int(payer[event])) for event in refunds}
    ends = pl.DataFrame({"payer": payer, "payee": payee}).with_row_index("event")
    pairs = pl.DataFrame([*wanted], schema=["payer", "payee"], orient="row").cast(pl.Int64)
    earlier: dict[tuple[int, int], list[int]] = defaultdict(list)
    both = ends.filter(~is_refund.fill_null(value=False)).join(pairs, on=["payer", "payee"])
    for event, one, two in both.sort("event").iter_rows():
        earlier[one, two].append(event)
    left = {
        event: int(part["amount_minor"][event]) for events in earlier.values() for event in events
    }
    numbers, references = part["payment"], part["reference"]
    for refund in refunds:
        amount, reference = int(part["amount_minor"][refund]), references[refund]
        fits = [
            event
            for event in earlier[int(payee[refund]), int(payer[refund])]
            if event < refund and left[event] >= amount
        ]
        named = [
            event
            for event in fits
            if (reference and reference in (references[event], numbers[event].partition(":")[2]))
            or numbers[refund].startswith(f"{numbers[event]}/")
        ]
        if named or fits:
            found[refund] = (named or fits)[-1]
            left[int(found[refund])] -= amount
    return found
