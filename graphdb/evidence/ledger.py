"""A ledger: payments as the bank of one side writes them, whatever the issuer calls its columns.

A format names the columns; this module knows what they mean: the way of the money by a word, a
sign or two columns; the day and the clock joined; what failed and what moved nothing kept aside.
"""

from collections.abc import Mapping
from typing import Final

import polars as pl

from graphdb.evidence.format import Part, Sheet
from graphdb.evidence.kinds import kind_of
from graphdb.evidence.sides import directed, directed_names, idle, is_masked, keyed, told_by
from graphdb.model import Place, Reject

ZONE: Final = "Asia/Shanghai"
# The columns that a ledger may have, as formats name them.
COLUMNS: Final = (
    "own", "own_name", "other", "other_name", "at", "day", "clock", "way", "amount", "amount_in",
    "amount_out", "balance", "currency", "number", "reference", "channel", "kind", "memo", "status",
)  # fmt: skip
_IN: Final = r"^(?:\+|进|入|收|贷|转入|[Cc](?:[Rr]|redit)?$)"
_OUT: Final = r"^(?:-|出|付|支|借|转出|[Dd](?:[Rr]|ebit)?$)"
_FAILED: Final = r"^(?:0|[NnFf]|[Ff]alse|[Nn]o|否|不成功|.*失败.*|.*未成功.*|.*已?撤销.*)$"


def ledger_part(
    rows: pl.DataFrame,
    sheet: Sheet,
    headers: Mapping[str, str],
    *,
    platform: str = "bank",
    inverted: bool = False,
) -> Part:
    """Give the payments of a ledger; ``rows`` has ``row``, ``own`` and other ``COLUMNS``, cleaned.

    ``own`` is the account itself (``bank:6222...``). ``inverted`` is that of credit cards, where
    what was spent has no sign.
    """
    # A sign tells the way only where no column does: an empty 收付标志 is not a plus.
    is_signed = "way" not in rows.columns
    nothing = pl.lit(None, dtype=pl.String)
    rows = rows.with_columns(
        nothing.alias(name) for name in COLUMNS if name not in rows.columns
    ).with_columns(at=_moment(), own=_apart(pl.col("own"), platform, sheet.exhibit))
    rows, unread = _balances(rows)
    rows = rows.with_columns(_amount(is_signed=is_signed, inverted=inverted)).with_columns(
        other_account=keyed(
            platform,
            pl.col("other").str.split("_").list.first(),
            pl.col("own"),
            pl.col("other_name"),
        )
    )
    failed = pl.col("status").str.contains(_FAILED).fill_null(value=False)
    moved = ~pl.col("sum").str.contains(r"^0*(?:\.0*)?$").fill_null(value=False)
    left_out = (
        *idle(rows.filter(failed), sheet.exhibit, "status", "the payment failed"),
        *idle(rows.filter(~failed & ~moved), sheet.exhibit, "status", "the row moved no money"),
    )
    rows = rows.filter(~failed & moved)
    knows = rows["inward"].is_not_null() | rows["sum"].is_null()
    lost = rows.filter(~knows)
    rejects = tuple(
        Reject(
            Place(sheet.exhibit, row),
            headers.get("way"),
            f"'{way}' does not say which way the money went" if way else "the way is not stated",
            "ask the bank which way it went",
        )
        for row, way in zip(lost["row"], lost["way"], strict=True)
    )
    return Part(
        "payments", _payments(rows.filter(knows)), zone=ZONE, rejects=rejects + left_out,
        warnings=unread, headers=headers,
    )  # fmt: skip


def _apart(own: pl.Expr, platform: str, exhibit: str) -> pl.Expr:
    """Name an account of which only a mask is stated after this exhibit."""
    mask = own.str.strip_prefix(f"{platform}:")
    return pl.when(is_masked(mask)).then(pl.lit(f"{platform}:{exhibit}/") + mask).otherwise(own)


def _balances(rows: pl.DataFrame) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Leave out balances that are no number: they are no reason to lose the payment."""
    balance = _plain("balance")
    is_number = balance.str.contains(r"^[+-]?\d*\.?\d+$")
    unread = rows.select((balance.is_not_null() & ~is_number).sum()).item()
    said = (f"{unread:,} balances are no numbers and are left out",) if unread else ()
    return rows.with_columns(balance=pl.when(is_number).then(balance)), said


def _payments(rows: pl.DataFrame) -> pl.DataFrame:
    own, other = pl.col("own"), pl.col("other_account")
    inward = pl.col("inward")
    # The balance after it parts two equal payments; the bank's number alone is often not unique.
    content = told_by(
        "own", "other", "other_name", "at", "sum", pl.col("inward").cast(pl.String), "balance"
    )
    return rows.select(
        "row", "at", "currency", "channel", "status", "memo", "reference",
        **directed(own, other, inward),
        **directed_names(pl.col("own_name"), pl.col("other_name"), inward),
        way=pl.when(inward).then(pl.lit("in")).otherwise(pl.lit("out")),
        payment="number",
        content=content,
        amount="sum",
        kind=kind_of(pl.col("kind")),
        balance_after="balance",
    )  # fmt: skip


def _amount(*, is_signed: bool, inverted: bool) -> tuple[pl.Expr, pl.Expr]:
    """Give the amount without its sign, and whether it came in: by word, by column, by sign."""
    into, out, amount = (_plain(name) for name in ("amount_in", "amount_out", "amount"))
    has_in = into.is_not_null() & ~into.str.contains(r"^[+-]?0*(?:\.0*)?$")
    has_out = out.is_not_null() & ~out.str.contains(r"^[+-]?0*(?:\.0*)?$")
    minus = amount.str.starts_with("-")
    way = pl.col("way").str.strip_chars()
    by_column = (
        # A negative sum in a column is a correction: the money went the other way.
        pl.when(has_in & ~has_out)
        .then(~into.str.starts_with("-"))
        .when(has_out & ~has_in)
        .then(out.str.starts_with("-"))
    )
    by_word = (
        pl.when(way.str.contains(_IN)).then(pl.lit(value=True))
        .when(way.str.contains(_OUT)).then(pl.lit(value=False))
    )  # fmt: skip
    by_sign = pl.when(amount.is_not_null()).then(minus if inverted else ~minus)
    summed = pl.coalesce(
        pl.when(has_in & ~has_out).then(into),
        pl.when(has_out & ~has_in).then(out),
        amount,
        into,
        out,
    )
    return (
        summed.str.strip_prefix("-").str.strip_prefix("+").alias("sum"),
        pl.coalesce(by_column, by_word, *((by_sign,) if is_signed else ())).alias("inward"),
    )


def _plain(name: str) -> pl.Expr:
    return pl.col(name).str.replace_all(r"[\s,，¥￥]", "").replace("", None)


def _moment() -> pl.Expr:
    """Join the day and the clock, and write the forms that only banks use as others do."""
    day = pl.col("day").str.replace(r"^(\d{4})(\d{2})(\d{2})$", "${1}-${2}-${3}")
    digits = pl.col("clock").str.replace(r"^(\d{5})$", "0${1}")
    clock = digits.str.replace(r"^(\d{2})(\d{2})(\d{2})$", "${1}:${2}:${3}")
    clock = clock.str.replace(r"^(\d{2})(\d{2})$", "${1}:${2}").str.replace_all(r"\.", ":")
    joined = pl.when(clock.is_not_null()).then(day + " " + clock).otherwise(day)
    at = pl.coalesce("at", joined).str.replace(
        r"^(\d{4}-\d{2}-\d{2})-(\d{2})\.(\d{2})\.(\d{2})", "${1} ${2}:${3}:${4}"
    )
    return at.str.replace_all(r"\s+", " ")
