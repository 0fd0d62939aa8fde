"""WeChat Pay bills as the app exports them (CSV; the old layout and that of 2025).

Read from real exports: sixteen lines of preamble, then the header; ``/`` is empty, amounts begin
with a yen sign, ids end in a tab; 收/支 is 收入, 支出 or ``/`` (neither: top-ups, withdrawals,
repayments). The preamble's own totals are often those of another export, so they only warn. The
transaction number repeats in practice, so a payment is told by number and content together.
"""

import re
from collections.abc import Iterator
from typing import Final

import polars as pl

from graphdb.errors import InputRefused
from graphdb.evidence.format import Part, Sheet, TableFormat
from graphdb.evidence.kinds import kind_of
from graphdb.evidence.layout import Layout
from graphdb.evidence.reading import Control
from graphdb.evidence.sides import directed, here_only, told_by

_OWNER: Final = re.compile(r"微信昵称：\[(.+)\]")
_ZONE: Final = "Asia/Shanghai"
_ZONE_NOTE: Final = "UTC+08:00"
_TOTALS: Final = re.compile(r"(收入|支出|中性交易)：(\d+)笔\s*([\d.]+)元")
# Of the transactions that count as neither income nor expense, these bring money into the wallet.
_INTO_WALLET: Final = "充值|赎回|来自|到零钱通?$"
# The owner's account is his wallet: the purse and the money fund behind it.
_WALLET: Final = ("零钱", "零钱通")
_WAYS: Final = {"收入": "in", "支出": "out"}
_WAYS_TOTALLED: Final = {**_WAYS, "中性交易": "neutral"}
_LAYOUT: Final = Layout(
    {
        "at": ("交易时间",), "kind_written": ("交易类型",), "other": ("交易对方",),
        "goods": ("商品",), "way": ("收/支",), "amount": ("金额(元)", "金额"),
        "channel": ("支付方式",), "status": ("当前状态",), "number": ("交易单号",),
        "reference": ("商户单号",), "note": ("备注",),
    },
    required=("at", "kind_written", "other", "way", "amount", "status", "number"),
)  # fmt: skip


def _arrange(rows: pl.DataFrame, sheet: Sheet) -> Iterator[Part]:
    """Give a bill as payments between its owner and those he paid or was paid by.

    A counterparty is known only by the name that this bill gives; its account belongs to the
    bill's owner (``wechat:<owner>/<name>``), so that two bills never merge two strangers.
    """
    preamble = sheet.about["preamble"]
    owner = _OWNER.search(preamble)
    if owner is None:
        raise InputRefused("the bill names no owner", fix="export it from the app again")
    rows = rows.with_columns(pl.col("way").replace_strict(_WAYS, default="neutral"))
    yield Part(
        "payments",
        _payments(rows, f"wechat:{owner[1]}"),
        zone=_ZONE,
        zone_is_stated=_ZONE_NOTE in preamble,
        stated=tuple(
            Control(_WAYS_TOTALLED[word], "CNY", int(count), amount)
            for word, count, amount in _TOTALS.findall(preamble)
        ),
        headers={name: forms[0] for name, forms in _LAYOUT.columns.items()},
    )


def _payments(rows: pl.DataFrame, owner: str) -> pl.DataFrame:
    """Put the rows under canonical names: who paid whom follows from the way of the money."""
    neutral = pl.col("way") == "neutral"
    other = pl.when(neutral).then(_own_bank()).otherwise(pl.col("other"))
    account = here_only(pl.lit(owner), other)
    from_purse = pl.col("kind_written").str.contains("来自零钱通?$")
    into_wallet = pl.col("kind_written").str.contains(_INTO_WALLET) & ~from_purse
    inward = (pl.col("way") == "in") | (neutral & into_wallet.fill_null(value=False))
    # The status is left out: it changes (refunded) between two exports of the same payment.
    content = (
        "at", "kind_written", "other", "goods", "way", "channel", "number",
        pl.col("amount").str.replace_all(r"[¥￥,\s]", ""), pl.lit(owner),
    )  # fmt: skip
    return rows.select(
        "row",
        **directed(pl.lit(owner), account, inward),
        payment="number",
        content=told_by(*content),
        way="way",
        amount="amount",
        at="at",
        currency=pl.lit("CNY"),
        channel="channel",
        kind=kind_of(pl.col("kind_written")),
        status="status",
        reference="reference",
        memo=pl.concat_str(["goods", "note"], separator=" | ", ignore_nulls=True),
    )


def _own_bank() -> pl.Expr:
    """Name what stands at the other end of the wallet: a bank, a card, a fund.

    The type of the transaction says it (``转入零钱通-来自工商银行(9876)``), else the one it was
    with, else the way of paying; the wallet itself only where nothing else is named.
    """
    said = pl.col("kind_written").str.extract("(?:来自|转出-到)(.+)$")
    named = [pl.when(~one.is_in(_WALLET)).then(one) for one in (said, pl.col("other"))]
    return pl.coalesce(
        *named, pl.when(pl.col("channel") != "零钱").then("channel"), pl.lit("零钱通")
    )


FORMAT: Final = TableFormat(
    name="wechat_bill",
    says="WeChat Pay bills from the app (CSV and XLSX, the old layout and that of 2025)",
    leaves="the merchant's order number is kept as a reference only; PDF bills are not read",
    layout=_LAYOUT,
    arrange=_arrange,
)
