"""Alipay bills: from the web, from the app of 2021, and from the app since 2023.

GB18030 in all samples. Cells are padded with blanks, lines end in a comma, and sums stand below the
rows of the web bill and above those of the app. A closed order shows no time or way of paying when
it was never paid; when it was, a refund follows in a row of its own.
"""

import re
from collections.abc import Iterator
from typing import Final

import polars as pl

from graphdb.evidence.bill import bill_part, owner_of
from graphdb.evidence.format import Part, Sheet, TableFormat
from graphdb.evidence.layout import Layout
from graphdb.evidence.reading import Control

_OWNER: Final = re.compile(r"(?:支付宝账[户号]|账号)\s*[:：]\s*\[?([^\]\s,，]+)")
_TOTALS: Final = re.compile(r"(收入|支出|不计收支)[:：]\s*(\d+)笔[,，\s]*([\d.]+)元")
_WAYS: Final = {"收入": "in", "支出": "out", "不计收支": "neutral"}
_DAY: Final = r"^\d{4}[-/]\d"
_LAYOUT: Final = Layout(
    {
        "number": ("交易号", "交易订单号"), "reference": ("商家订单号", "商户订单号"),
        "created": ("交易创建时间", "交易时间"), "paid": ("付款时间",),
        "kind_written": ("交易分类", "类型"), "other": ("交易对方",), "other_number": ("对方账号",),
        "goods": ("商品名称", "商品说明"), "amount": ("金额(元)", "金额"), "way": ("收/支",),
        "status": ("交易状态",), "channel": ("收/付款方式",), "note": ("备注",),
        "money": ("资金状态",), "fee": ("服务费(元)",),
    },
    required=("number", "created", "other", "goods", "amount", "way", "status"),
    never=("用户信息", "当前状态"),
)  # fmt: skip


def _arrange(rows: pl.DataFrame, sheet: Sheet) -> Iterator[Part]:
    # Sums and notes stand below the rows, in the column of some other thing.
    is_row = pl.any_horizontal(
        pl.col("created").str.contains(_DAY), pl.col("amount").str.contains(r"\d")
    )
    rows = rows.filter(is_row.fill_null(value=False))
    is_web = "资金状态" in "".join(sheet.headers)
    paid = pl.col("paid") if is_web else pl.col("channel")
    unpaid = pl.col("status").str.contains("交易关闭|等待付款") & paid.is_null()
    headers = {name: forms[0] for name, forms in _LAYOUT.columns.items()}
    preamble = sheet.about["preamble"]
    yield bill_part(
        rows.with_columns(at=pl.coalesce("paid", "created"), way=_way()),
        owner_of(preamble, _OWNER, "alipay", sheet.exhibit),
        sheet.exhibit,
        unpaid=unpaid,
        stated=tuple(
            Control(_WAYS[word], "CNY", int(count), amount)
            for word, count, amount in _TOTALS.findall(preamble)
        ),
        headers=headers | {"at": headers["created"]},
    )


def _way() -> pl.Expr:
    """Give 收入, 支出 or nothing; a refund on the web has an empty way."""
    return pl.when(pl.col("way").is_in(["收入", "支出"])).then("way")


FORMAT: Final = TableFormat(
    name="alipay_bill",
    says="Alipay bills from the web and from the app (the layouts of 2019, 2021 and since 2023)",
    leaves="service fees; orders that were closed unpaid; the sums that the web bill ends with",
    layout=_LAYOUT,
    arrange=_arrange,
    tail="note",
)
