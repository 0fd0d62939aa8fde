"""What banks return to the police: payments, accounts, persons, freezing orders, tasks.

The police set writes a tab after every long number, ``_156_1`` after a card, an amount that may be
negative although its way says 出, and rows that hold only an answer (查无此…, 无记录). The tail of
its 34 columns varies, so columns are told by their names. Holders are often named only in 账户信息.
"""

from collections.abc import Iterator
from typing import Final

import polars as pl

from graphdb.evidence.format import Part, Sheet, TableFormat
from graphdb.evidence.layout import Layout
from graphdb.evidence.ledger import ZONE, ledger_part
from graphdb.evidence.sides import is_masked

_TRADES: Final = Layout(
    {
        "card": ("交易卡号",), "number_own": ("交易账号",),
        "own_name": ("账户开户名称", "交易方户名"), "holder": ("开户人证件号码", "交易方证件号码"),
        "at": ("交易时间",), "amount": ("交易金额",), "balance": ("交易余额",),
        "way": ("收付标志",), "other": ("交易对手账卡号",), "other_name": ("对手户名",),
        "other_holder": ("对手身份证号",), "kind": ("交易类型",), "memo_1": ("摘要说明",),
        "memo_2": ("备注",), "shop": ("商户名称",), "currency": ("交易币种",),
        "channel": ("交易网点名称",), "status": ("交易是否成功",), "number": ("交易流水号",),
        "reference": ("日志号",), "answer": ("查询反馈结果原因",), "ip": ("IP地址",),
    },
    required=("card", "at", "amount", "way", "other"),
)  # fmt: skip
_HEADERS: Final = {"way": "收付标志", "amount": "交易金额", "at": "交易时间"}


def _card(*names: str) -> pl.Expr:
    """Give the card, else the account, without what the bank writes behind ``_``."""
    numbers = (pl.col(name).str.split("_").list.first().replace("", None) for name in names)
    return pl.coalesce(*numbers)


def _trades(rows: pl.DataFrame, sheet: Sheet) -> Iterator[Part]:
    rows = rows.with_columns(own_number=_card("card", "number_own"))
    says_no = pl.col("answer").is_not_null() & pl.col("amount").is_null()
    yield from _answers(rows.filter(says_no))
    rows = rows.filter(~says_no).with_columns(
        own="bank:" + pl.col("own_number"),
        memo=pl.concat_str(
            ["memo_1", "shop", "memo_2"], separator=" | ", ignore_nulls=True
        ).replace("", None),
    )
    yield ledger_part(rows, sheet, _HEADERS)
    for account, person, name in (
        (pl.col("own_number"), "holder", "own_name"),
        (_card("other"), "other_holder", "other_name"),
    ):
        known = rows.filter(
            account.is_not_null() & ~is_masked(account) & pl.col(person).is_not_null()
        )
        held = known.select(
            "row", account="bank:" + account, holder=person, holder_name=name
        ).unique(["account", "holder"], keep="first", maintain_order=True)
        yield Part("accounts", held, derived=True)


def _answers(rows: pl.DataFrame) -> Iterator[Part]:
    """Give rows that hold only an answer as what the bank said about the account."""
    if rows.is_empty():
        return
    note = pl.col("answer")
    kind = pl.when(note.str.contains("无记录|无交易|没有")).then(pl.lit("no_records"))
    yield Part(
        "notices",
        rows.select(
            "row", account="bank:" + pl.col("own_number"),
            kind=kind.when(note.str.contains("查无|不存在|无此"))
            .then(pl.lit("not_found")).otherwise(pl.lit("answer")),
            note=note,
        ),
    )  # fmt: skip


_ACCOUNTS: Final = Layout(
    {
        "card": ("交易卡号", "卡号", "查询卡号"), "number": ("交易账号", "账号"),
        "holder_name": ("账户开户名称", "开户名称", "户名"),
        "holder": ("开户人证件号码", "证件号码", "开户证件号码"),
        "registered_at": ("账号开户时间", "开户时间", "开户日期"),
        "closed": ("销户日期", "销户时间"), "status": ("账户状态",),
        "phone": ("联系电话", "手机号码", "联系手机", "开户联系方式"),
        "kind": ("账户类型", "账户类别"),
    },
    required=("card", "holder_name", "holder", "registered_at"),
    never=("交易金额", "交易时间"),
)  # fmt: skip


def _accounts(rows: pl.DataFrame, sheet: Sheet) -> Iterator[Part]:
    account = "bank:" + _card("card", "number")
    yield Part(
        "accounts",
        rows.select(
            "row", "holder", "holder_name", "registered_at", "status", "phone", "kind",
            account=account,
        ),
        zone=ZONE,
        headers={"account": "交易卡号", "registered_at": "账号开户时间"},
    )  # fmt: skip
    closed = rows.filter(pl.col("closed").is_not_null())
    yield Part(
        "notices",
        closed.select("row", account=account, kind=pl.lit("closed"), at="closed", note="status"),
        zone=ZONE,
        derived=True,
    )


_PERSONS: Final = Layout(
    {
        "name": ("客户名称", "名称", "姓名"), "person": ("证件号码", "证照号码", "证件号"),
        "employer": ("工作单位", "单位名称"), "address": ("住宅地址", "住址", "联系地址"),
        "phone": ("联系电话", "联系手机", "手机号码"), "kind": ("证件类型", "证照类型"),
    },
    required=("name", "person", "kind"),
    never=("交易卡号", "交易账号", "账号", "卡号", "绑定手机", "用户ID", "账户名称", "借贷标志"),
)  # fmt: skip


def _persons(rows: pl.DataFrame, sheet: Sheet) -> Iterator[Part]:
    yield Part("persons", rows.select("row", "person", "name"), headers={"person": "证件号码"})


_MEASURES: Final = Layout(
    {
        "account": ("账号", "交易账号", "卡号", "交易卡号"),
        "kind": ("冻结措施类型", "措施类型", "强制措施类型"),
        "at": ("冻结开始日", "开始日期", "措施开始时间"),
        "until": ("冻结截止日", "截止日期", "措施截止时间"),
        "by": ("冻结机关名称", "冻结机关", "执行机关"),
        "note": ("备注",), "amount": ("冻结金额", "金额"),
    },
    required=("account", "at", "until", "by"),
)  # fmt: skip


def _measures(rows: pl.DataFrame, sheet: Sheet) -> Iterator[Part]:
    note = pl.concat_str(
        ["kind", "by", "amount", "note"], separator=" | ", ignore_nulls=True
    ).replace("", None)
    yield Part(
        "notices",
        rows.select("row", "at", "until", account="bank:" + _card("account"),
                    kind=pl.lit("frozen"), note=note),
        zone=ZONE,
        headers={"account": "账号", "at": "冻结开始日"},
    )  # fmt: skip


FORMATS: Final = (
    TableFormat(
        name="bank_return",
        says="banks' returns to the police (交易明细信息, to 34 columns), with answers (无记录)",
        leaves="branches, tellers, terminals, vouchers and network addresses; failed payments",
        layout=_TRADES,
        arrange=_trades,
    ),
    TableFormat(
        name="bank_return_accounts",
        says="账户信息 of the same set: who holds which card, since when, and what was closed",
        leaves="balances and addresses",
        layout=_ACCOUNTS,
        arrange=_accounts,
    ),
    TableFormat(
        name="bank_return_persons",
        says="人员信息 and its companions (联系方式, 住址): persons by their papers",
        leaves="addresses, employers and telephone numbers of persons",
        layout=_PERSONS,
        arrange=_persons,
    ),
    TableFormat(
        name="bank_return_measures",
        says="强制措施: which account was frozen, by whom, from when to when",
        leaves="nothing but the numbers of the papers",
        layout=_MEASURES,
        arrange=_measures,
    ),
)
