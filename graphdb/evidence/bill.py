"""A bill: payments as a wallet's app tells them to its owner.

The counterparty is a name or a masked account, so it is the owner's word and no key. What was
ordered and never paid is on the bill too.
"""

import re
from collections.abc import Mapping
from typing import Final

import polars as pl

from graphdb.evidence.format import Part
from graphdb.evidence.kinds import kind_of
from graphdb.evidence.reading import Control
from graphdb.evidence.sides import directed, directed_names, idle, keyed, told_by

ZONE: Final = "Asia/Shanghai"
WAYS: Final = {"收入": "in", "支出": "out"}
# Of what is neither income nor expense, these bring money to the owner.
_TO_OWNER: Final = r"退款|收益发放|至余额|到余额|充值|赎回|卖出|转入"
_COLUMNS: Final = (
    "at", "kind_written", "other", "other_number", "goods", "way", "amount", "channel", "status",
    "number", "reference", "note",
)  # fmt: skip


def bill_part(
    rows: pl.DataFrame,
    owner: str,
    exhibit: str,
    *,
    unpaid: pl.Expr,
    stated: tuple[Control, ...] = (),
    headers: Mapping[str, str],
) -> Part:
    """Give the payments of a bill; ``rows`` has ``row`` and the columns of a bill, cleaned.

    ``owner`` is his account (``alipay:a@b.cn``); ``unpaid`` tells orders that were never paid.
    """
    nothing = pl.lit(None, dtype=pl.String)
    rows = rows.with_columns(nothing.alias(c) for c in _COLUMNS if c not in rows.columns)
    never = rows.select(unpaid.fill_null(value=False).alias("never")).to_series()
    unpaid_orders = idle(rows.filter(never), exhibit, "status", "the order was never paid")
    rows = rows.filter(~never).with_columns(
        pl.col("way").replace_strict(WAYS, default="neutral"),
        sum=pl.col("amount").str.replace(r"[(（].*$", "").str.replace_all(r"[¥￥,\s]", ""),
    )
    words = pl.concat_str("kind_written", "goods", "status", separator=" ", ignore_nulls=True)
    back = pl.concat_str("kind_written", "status", separator=" ", ignore_nulls=True)
    is_refund = back.str.contains("退款") | pl.col("number").str.ends_with("_refund")
    neutral_in = (pl.col("way") == "neutral") & (words.str.contains(_TO_OWNER) | is_refund)
    inward = (pl.col("way") == "in") | neutral_in.fill_null(value=False)
    platform = owner.partition(":")[0]
    number = pl.col("other_number")
    other = keyed(platform, number, pl.lit(owner), pl.col("other"))
    kind = pl.when(is_refund).then(pl.lit("refund")).otherwise(kind_of("kind_written", "goods"))
    return Part(
        "payments",
        rows.select(
            "row", "at", "channel", "status", "reference", "way",
            **directed(pl.lit(owner), other, inward),
            **directed_names(nothing, pl.col("other"), inward),
            # Numbers repeat: a refund has that of its order, and exports blot them out.
            payment="number",
            content=told_by(
                pl.lit(owner), "number", "at", "kind_written", "other", "goods", "way", "sum"
            ),
            amount="sum",
            kind=kind,
            currency=pl.lit("CNY"),
            memo=pl.concat_str(["goods", "note"], separator=" | ", ignore_nulls=True),
        ),
        zone=ZONE,
        stated=stated,
        headers=headers,
        rejects=unpaid_orders,
    )  # fmt: skip


def owner_of(preamble: str, form: re.Pattern[str], platform: str, exhibit: str) -> str:
    """Find whose bill it is in the lines above the header; else call him after the exhibit."""
    found = form.search(preamble)
    return f"{platform}:{found[1].strip()}" if found else f"{platform}:{exhibit}/?"
