"""WeChat Pay bills as the app exports them (CSV; the old layout and that of 2025).

Read from real exports: sixteen lines of preamble, then the header; ``/`` is empty, amounts begin
with a yen sign, ids end in a tab; 收/支 is 收入, 支出 or ``/`` (neither: top-ups, withdrawals,
repayments). The preamble's own totals are often those of another export, so they only warn. The
transaction number repeats in practice, so a payment is told by number and content together.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Final

import polars as pl

from graphdb.errors import InputRefused
from graphdb.evidence.cells import cleaned, exact_sum
from graphdb.evidence.columns import INVISIBLE
from graphdb.evidence.formats.delimited import sheet_of
from graphdb.evidence.naming import Canonical
from graphdb.evidence.reading import Control, Reading, Sheet
from graphdb.evidence.tables import TABLES
from graphdb.evidence.times import zone_of
from graphdb.evidence.typed import content_numbers, typed

NAME: Final = "wechat_bill"
_TITLE: Final = "微信支付账单明细"
_HEADER: Final = re.compile(r"^.*交易时间.*收/支.*交易单号.*$", re.MULTILINE)
_HEADER_WITHIN: Final = 6000
_OWNER: Final = re.compile(r"微信昵称：\[(.+)\]")
_ZONE: Final = "Asia/Shanghai"
_ZONE_NOTE: Final = "UTC+08:00"
_TOTALS: Final = re.compile(r"(收入|支出|中性交易)：(\d+)笔\s*([\d.]+)元")
_KINDS: Final = (
    ("退款", "refund"), ("红包", "red_packet"), ("转账", "transfer"), ("提现", "withdrawal"),
    ("充值", "top_up"), ("还款", "repayment"), ("消费", "purchase"), ("付款", "purchase"),
    ("收款", "transfer"),
)  # fmt: skip
# Of the transactions that count as neither income nor expense, these bring money into the wallet.
_INTO_WALLET: Final = "充值|赎回|来自|到零钱通?$"
# The owner's account is his wallet: the purse and the money fund behind it.
_WALLET: Final = ("零钱", "零钱通")
_WAYS: Final = {"收入": "in", "支出": "out"}
_WAYS_TOTALLED: Final = {**_WAYS, "中性交易": "neutral"}
_HEADERS: Final[Mapping[str, str]] = {
    "at": "交易时间", "kind_written": "交易类型", "other": "交易对方", "goods": "商品",
    "way": "收/支", "amount": "金额", "channel": "支付方式", "status": "当前状态",
    "number": "交易单号", "note": "备注",
}  # fmt: skip


def recognises(text: str) -> bool:
    """Tell a bill by its title and its header, wherever they stand in the first lines."""
    head = text[:_HEADER_WITHIN]
    return _TITLE in head and _HEADER.search(head) is not None


def preamble_lines(text: str) -> int:
    """Count the lines before the header."""
    match = _HEADER.search(text)
    return text.count("\n", 0, match.start()) if match else 0


def read(text: str, exhibit: str) -> Reading:
    """Read a bill as payments between its owner and those he paid or was paid by.

    A counterparty is known only by the name that this bill gives; its account belongs to the
    bill's owner (``wechat:<owner>/<name>``), so that two bills never merge two strangers.
    """
    match = _HEADER.search(text)
    owner = _OWNER.search(text)
    if match is None or owner is None:
        raise InputRefused("the bill names no owner", fix="export it from the app again")
    preamble = text[: match.start()]
    sheet = sheet_of(text, exhibit, ",", skip=preamble_lines(text))
    rows = _named(sheet)
    given = Canonical(
        TABLES["payments"],
        _payments(rows, f"wechat:{owner[1]}"),
        exhibit,
        sheet.rejects,
        sheet.warnings,
    )
    batch, _ = typed(given, None, zone_of(_ZONE))
    controls = _controls(rows)
    warnings = [*batch.warnings, *_contradictions(preamble, controls)]
    if _ZONE_NOTE not in preamble:
        warnings.append(f"the bill names no zone; {_ZONE} is assumed, as newer bills say")
    return Reading(NAME, (replace(batch, warnings=tuple(warnings)),), controls)


def _named(sheet: Sheet) -> pl.DataFrame:
    """Name the columns by keyword (layouts differ in brackets and order) and empty the slashes."""
    headers = [re.sub(INVISIBLE, "", header).strip() for header in sheet.headers]
    names: dict[str, str] = {}
    for name, keyword in _HEADERS.items():
        at = next((at for at, header in enumerate(headers) if header.startswith(keyword)), None)
        if at is None:
            raise InputRefused(f"the bill has no column '{keyword}'", fix="export it again")
        names[f"c{at}"] = name
    frame = sheet.frame.select("row", *names).rename(names)
    return frame.with_columns(
        cleaned(frame[name]).replace("/", None) for name in names.values()
    ).with_columns(pl.col("way").replace_strict(_WAYS, default="neutral"))


def _payments(rows: pl.DataFrame, owner: str) -> pl.DataFrame:
    """Put the rows under canonical names: who paid whom follows from the way of the money."""
    neutral = pl.col("way") == "neutral"
    other = pl.when(neutral).then(_own_bank()).otherwise(pl.col("other"))
    account = pl.lit(f"{owner}/") + other.fill_null("?")
    from_purse = pl.col("kind_written").str.contains("来自零钱通?$")
    into_wallet = pl.col("kind_written").str.contains(_INTO_WALLET) & ~from_purse
    inward = (pl.col("way") == "in") | (neutral & into_wallet.fill_null(value=False))
    kind = pl.coalesce(
        *(
            pl.when(pl.col("kind_written").str.contains(word)).then(pl.lit(kind))
            for word, kind in _KINDS
        ),
        "kind_written",
    )
    # The status is left out: it changes (refunded) between two exports of the same payment.
    content = rows.select(
        "at", "kind_written", "other", "goods", "way", "channel", "number",
        amount=pl.col("amount").str.replace_all(r"[¥￥,\s]", ""), owner=pl.lit(owner),
    )  # fmt: skip
    numbers = content_numbers(content, content.columns)
    return rows.select(
        "row",
        payment=pl.coalesce(pl.col("number") + "." + numbers, numbers),
        from_account=pl.when(inward).then(account).otherwise(pl.lit(owner)),
        to_account=pl.when(inward).then(pl.lit(owner)).otherwise(account),
        amount="amount",
        at="at",
        currency=pl.lit("CNY"),
        channel="channel",
        kind=kind,
        status="status",
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


def _controls(rows: pl.DataFrame) -> tuple[Control, ...]:
    ways = ((way, rows.filter(pl.col("way") == way)) for way in ("out", "in", "neutral"))
    return tuple(
        Control(way, "CNY", *exact_sum(part["amount"])) for way, part in ways if part.height
    )


def _contradictions(preamble: str, controls: tuple[Control, ...]) -> list[str]:
    """Compare the totals that the bill states with its rows."""
    counted = {control.what: control for control in controls}
    found = []
    for word, count, amount in _TOTALS.findall(preamble):
        control = counted.get(_WAYS_TOTALLED[word])
        rows, total = (control.count, control.amount) if control else (0, "0")
        if (int(count), Decimal(amount)) != (rows, Decimal(total)):
            found.append(
                f"the bill states {word} {count} for {amount}, its rows are {rows} for {total}"
            )
    return found
