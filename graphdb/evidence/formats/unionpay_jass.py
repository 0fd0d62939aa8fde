"""UnionPay's JASS exports, whose values stand under the wrong headers.

The time is found under 所属发卡银行机构代码, the amount under 受理机构代码,
the way under 交易渠道 and
the shop under 交易地点. A version that is mended one day must be read too, so a column is
taken for what its cells hold: each of several headers is tried, its own first.
"""

from collections.abc import Iterator, Sequence
from typing import Final

import polars as pl

from graphdb.evidence.format import Part, Sheet, TableFormat
from graphdb.evidence.layout import Layout
from graphdb.evidence.ledger import ledger_part

_LAYOUT: Final = Layout(
    {
        "card": ("银行卡号(交易卡号)", "银行卡号", "交易卡号"), "time": ("交易时间", "交易日期"),
        "bank": ("所属发卡银行机构代码",), "acquirer": ("受理机构代码",), "sum": ("交易金额",),
        "route": ("交易渠道",), "place": ("交易地点",), "type": ("交易类型",),
        "sign": ("借贷标志",),
        "merchant": ("商户名称",), "other": ("对方卡号", "转入卡号", "交易对方卡号"),
        "number": ("系统跟踪号", "交易流水号"),
    },
    required=("card", "bank", "acquirer", "route", "place"),
)  # fmt: skip
_TIME: Final = r"^\d{4}[-/]?\d{2}[-/]?\d{2}[ T]?\d{2}:?\d{2}:?\d{2}"
_AMOUNT: Final = r"^[+-]?[\d,]{1,15}\.\d{1,2}$"
_WAY: Final = r"^(?:借|贷|转入|转出|收入|支出|消费|入账|出账|进|出|收|付)"
_MOSTLY: Final = 0.9


def _holding(rows: pl.DataFrame, names: Sequence[str], form: str) -> str | None:
    """Give the first column most of whose cells have a form."""
    for name in names:
        cells = rows[name].drop_nulls()
        if len(cells) and cells.str.contains(form).sum() >= _MOSTLY * len(cells):
            return name
    return None


def _arrange(rows: pl.DataFrame, sheet: Sheet) -> Iterator[Part]:
    held = {
        "at": _holding(rows, ("time", "bank", "acquirer", "route"), _TIME),
        "amount": _holding(rows, ("sum", "acquirer", "bank", "route"), _AMOUNT),
        "way": _holding(rows, ("sign", "route", "type", "place"), _WAY),
    }
    shop = "merchant" if rows["merchant"].is_not_null().any() else "place"
    nothing = pl.lit(None, dtype=pl.String)
    cells = {name: pl.col(held[name] or "") if held[name] else nothing for name in held}
    ledger = rows.select(
        "row", "other", "number", **cells, own="bank:" + pl.col("card"), other_name=shop,
        kind="type",
    ).with_columns(way=pl.col("way").str.replace("^消费", "出"))  # fmt: skip
    part = ledger_part(ledger, sheet, {"at": "交易时间", "amount": "交易金额", "way": "借贷标志"})
    shifted = {"at": "time", "amount": "sum", "way": "sign"}
    said = [
        f"{name} under '{_LAYOUT.columns[column][0]}'"
        for name, column in held.items()
        if column is not None and column != shifted[name]
    ]
    told = (f"values stand under other headers than their own: {', '.join(said)}",) * bool(said)
    yield Part(
        "payments", part.frame, zone=part.zone, rejects=part.rejects,
        warnings=part.warnings + told, headers=part.headers,
    )  # fmt: skip


FORMAT: Final = TableFormat(
    name="unionpay_jass",
    says="UnionPay JASS exports, whose values stand under other headers than their own",
    leaves="codes of institutions and terminals",
    layout=_LAYOUT,
    arrange=_arrange,
)
