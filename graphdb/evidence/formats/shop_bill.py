"""Bills of the wallets of shops: JD and Meituan.

JD writes what was refunded behind the amount (``131.77(已退款89.84)``) and the refund in a row of
its own; Meituan writes what was ordered and what was paid, and only the second moved.
"""

import re
from collections.abc import Iterator
from typing import Final

import polars as pl

from graphdb.evidence.bill import bill_part, owner_of
from graphdb.evidence.format import Part, Sheet, TableFormat
from graphdb.evidence.layout import Layout

_OWNER: Final = re.compile(r"(?:京东账号名|美团用户名|用户名|账号名?)\s*[:：]\s*\[?([^\]\s,，]+)")
_JD: Final = Layout(
    {
        "at": ("交易时间",), "other": ("商户名称",), "goods": ("交易说明",), "amount": ("金额",),
        "channel": ("收/付款方式",), "status": ("交易状态",), "way": ("收/支",),
        "kind_written": ("交易分类",), "number": ("交易订单号",), "reference": ("商家订单号",),
        "note": ("备注",),
    },
    required=("at", "other", "goods", "amount", "way", "number"),
    never=("交易对方",),
)  # fmt: skip
_MEITUAN: Final = Layout(
    {
        "created": ("交易创建时间",), "done": ("交易成功时间",), "kind_written": ("交易类型",),
        "goods": ("订单标题",), "way": ("收/支",), "channel": ("支付方式",),
        "ordered": ("订单金额*",), "amount": ("实付金额*",), "number": ("交易单号",),
        "reference": ("商家单号",), "note": ("备注",),
    },
    required=("created", "goods", "way", "amount", "number"),
)  # fmt: skip


def _jd(rows: pl.DataFrame, sheet: Sheet) -> Iterator[Part]:
    owner = owner_of(sheet.about["preamble"], _OWNER, "jd", sheet.exhibit)
    # What was refunded later stays readable: the refund itself has its own row.
    note = pl.col("amount").str.extract(r"[(（](.+)[)）]")
    rows = rows.with_columns(
        note=pl.concat_str(["note", note], separator=" | ", ignore_nulls=True).replace("", None)
    )
    unpaid = pl.col("status").str.contains("关闭|取消|等待付款") & pl.col("channel").is_null()
    yield bill_part(
        rows, owner, sheet.exhibit, unpaid=unpaid, headers={"at": "交易时间", "amount": "金额"}
    )


def _meituan(rows: pl.DataFrame, sheet: Sheet) -> Iterator[Part]:
    owner = owner_of(sheet.about["preamble"], _OWNER, "meituan", sheet.exhibit)
    rows = rows.with_columns(at=pl.coalesce("done", "created"), other=pl.lit("美团"))
    headers = {"at": "交易创建时间", "amount": "实付金额"}
    yield bill_part(rows, owner, sheet.exhibit, unpaid=pl.lit(value=False), headers=headers)


FORMATS: Final = (
    TableFormat(
        name="jd_bill",
        says="JD bills (amounts with what was refunded behind them)",
        leaves="orders that were closed unpaid",
        layout=_JD,
        arrange=_jd,
    ),
    TableFormat(
        name="meituan_bill",
        says="Meituan bills (what was really paid)",
        leaves="what was ordered and not paid: coupons and reductions",
        layout=_MEITUAN,
        arrange=_meituan,
    ),
)
