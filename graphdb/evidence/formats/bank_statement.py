"""Statements of banks, as holders export them, and the plain forms that the anti-fraud centre uses.

Each issuer is a layout; what the columns mean is the ledger's knowledge. Statements name their own
account above the header, in a column, only by its last digits, or not at all; a mask is no key, so
such an account is that of this exhibit alone.
"""

import re
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Final

import polars as pl

from graphdb.evidence.format import Part, Sheet, TableFormat
from graphdb.evidence.layout import Layout
from graphdb.evidence.ledger import COLUMNS, ZONE, ledger_part
from graphdb.evidence.sides import here_only, is_masked
from graphdb.model import Place, Reject

_OWN: Final = re.compile(r"(?:卡号|账号|帐号|账户)[^\d*]{0,12}([\d*＊]{4,})")
_HOLDER: Final = re.compile(r"(?:户名|客户姓名|姓名)\s*[:：]\s*([^\s,，\"]+)")
# Sums and remarks stand below the rows: no day, or no amount and no counterparty.
_FOOTER: Final = r"合计|总计|小计|本页|打印|温馨提示|共\d+笔"
_NAME_AND_NUMBER: Final = r"^(.*?)[\s/]*(\d[\d*]{6,})$"


def _arrange(rows: pl.DataFrame, sheet: Sheet, *, inverted: bool = False) -> Iterator[Part]:
    day = "day" if "day" in rows.columns else "at"
    is_footer = pl.col(day).str.contains(_FOOTER).fill_null(value=True)
    sums = [pl.col(c) for c in ("amount", "amount_in", "amount_out") if c in rows.columns]
    empty = pl.all_horizontal(cell.is_null() for cell in sums)
    footers = rows.filter(is_footer & (empty | pl.col(day).is_not_null()))
    rows = rows.join(footers.select("row"), on="row", how="anti", maintain_order="left")
    own, warnings = _own(rows, sheet)
    rows = rows.with_columns(own=own)
    name = _HOLDER.search(sheet.about["preamble"])
    if "own_name" not in rows.columns:
        rows = rows.with_columns(own_name=pl.lit(name[1] if name else None, dtype=pl.String))
    if "party" in rows.columns:  # name and number in one cell
        parts = pl.col("party").str.extract_groups(_NAME_AND_NUMBER)
        rows = rows.with_columns(
            other=parts.struct.field("2"),
            other_name=pl.coalesce(parts.struct.field("1").replace("", None), "party"),
        )
    there = [name for name in rows.columns if name in COLUMNS or name == "row"]
    part = ledger_part(
        rows.select(there), sheet, {"amount": "金额", "at": "日期"}, inverted=inverted
    )
    yield Part(
        "payments", part.frame, zone=part.zone, rejects=part.rejects,
        warnings=part.warnings + warnings, headers=part.headers,
    )  # fmt: skip


def _own(rows: pl.DataFrame, sheet: Sheet) -> tuple[pl.Expr, tuple[str, ...]]:
    """Name the account of the statement; the last digits alone are a mask."""
    if "own" in rows.columns and rows["own"].is_not_null().any():
        number = pl.col("own").str.split("_").list.first()
        short = number.str.contains(r"^\d{1,6}$")
        return pl.lit("bank:") + pl.when(short).then("****" + number).otherwise(number), ()
    found = _OWN.search(sheet.about["preamble"])
    if found is not None:
        return pl.lit(f"bank:{found[1]}"), ()
    warning = "the statement does not name its account; it is called by the exhibit"
    return pl.lit("bank:****"), (warning,)


def _layout(required: str, columns: Mapping[str, tuple[str, ...]], *never: str) -> Layout:
    return Layout(columns, tuple(required.split()), never)


_BOC: Final = _layout(
    "day amount balance other_name own",
    {
        "day": ("记账日期",), "clock": ("记账时间",), "currency": ("币别",), "amount": ("金额",),
        "balance": ("余额",), "kind": ("交易名称",), "channel": ("渠道",), "memo": ("附言",),
        "other_name": ("对方账户名",), "other": ("对方卡号/账号",), "own": ("借记卡号",),
    },
)  # fmt: skip
_CMB: Final = _layout(
    "day amount balance party",
    {
        "day": ("记账日期",), "currency": ("货币",),
        "amount": ("交易金额",), "balance": ("联机余额",),
        "kind": ("交易摘要",), "party": ("对手信息",), "memo": ("客户摘要",),
    },
)  # fmt: skip
_ICBC: Final = _layout(
    "day amount_in amount_out",
    {
        "day": ("交易日期",), "kind": ("摘要",), "channel": ("交易场所",),
        "amount_in": ("记账金额(收入)",), "amount_out": ("记账金额(支出)",),
        "currency": ("记账币种",), "balance": ("余额",), "other_name": ("对方户名",),
        "other": ("对方账户", "对方账号"),
    },
)  # fmt: skip
_ABC: Final = _layout(
    "day amount balance other_name",
    {
        "day": ("交易日期",), "clock": ("交易时间",), "amount": ("交易金额",),
        "balance": ("本次余额", "账户余额"), "other_name": ("对方户名",), "other": ("对方账号",),
        "channel": ("交易渠道", "交易行"), "kind": ("交易用途", "交易类型"), "memo": ("交易摘要",),
    },
    "借贷标志", "收付标志", "交易卡号", "交易方向", "记账金额(收入)",
)  # fmt: skip
_BOCOM: Final = _layout(
    "day way amount balance",
    {
        "day": ("交易日期", "Trans Date*", "交易日期Trans*"),
        "clock": ("交易时间", "交易时间Trans*"),
        "kind": ("交易类型", "交易类型Trading*"), "way": ("借贷", "借贷Dc*", "借贷状态"),
        "amount": ("交易金额", "交易金额Trans*"), "balance": ("余额", "余额Balance*"),
        "other": ("对方账号", "对方账号Payment*"), "other_name": ("对方户名", "对方户名Payment*"),
        "channel": ("交易地点", "交易地点Trading*"), "memo": ("摘要", "摘要Abstract*"),
    },
    "交易卡号", "收付标志",
)  # fmt: skip
_CCB: Final = _layout(
    "day amount_in amount_out balance",
    {
        "day": ("交易日期", "记账日"), "clock": ("交易时间",), "amount_out": ("支出",),
        "amount_in": ("收入",), "balance": ("账户余额", "余额"), "currency": ("币种",),
        "kind": ("摘要",), "channel": ("交易地点/附言", "交易地点"),
        "other": ("对方账号", "对方账号与户名"),
        "other_name": ("对方户名",),
    },
)  # fmt: skip
_CITIC: Final = _layout(
    "day amount last",
    {
        "day": ("交易日期",), "posted": ("入账日期",), "memo": ("交易描述",), "own": ("卡末四位",),
        "last": ("卡末四位",), "currency": ("交易币种", "结算币种"),
        "amount": ("结算金额", "交易金额"),
    },
)  # fmt: skip
_SPDB: Final = _layout(
    "at amount_in amount_out",
    {
        "at": ("交易时间",), "kind": ("交易摘要", "摘要"), "amount_in": ("存入金额",),
        "amount_out": ("转出金额",), "balance": ("余额",), "other": ("对手账号", "对方账号"),
        "other_name": ("对手姓名", "对方户名"), "memo": ("附言",), "own": ("卡号",),
    },
)  # fmt: skip
_CMB_RETURN: Final = _layout(
    "own way amount other",
    {
        "day": ("交易日期",), "clock": ("交易时间",),
        "own_name": ("客户名称",), "own": ("交易卡号",),
        "way": ("交易方向*",), "amount": ("交易金额",), "balance": ("联机余额",),
        "other": ("对方账号",), "other_name": ("对方客户名称",), "memo": ("交易摘要",),
    },
    "收付标志",
)  # fmt: skip
_ANTI_FRAUD: Final = _layout(
    "own other amount way at",
    {
        "own": ("查询账号",), "own_name": ("查询账号姓名",), "other": ("对方账号卡号", "对方账号"),
        "other_name": ("对方账号姓名",), "amount": ("金额", "交易金额"),
        "balance": ("余额", "交易余额"),
        "way": ("借贷标志",), "kind": ("交易类型",), "status": ("交易结果",), "at": ("交易时间",),
        "number": ("交易流水号",), "currency": ("币种",), "memo": ("备注", "摘要"),
    },
)  # fmt: skip


_WAY_CODES: Final = {"0": "out", "1": "in", "出账": "out", "入账": "in"}
_THIRD_PARTY: Final = Layout(
    {
        "number": ("交易流水号",), "reference": ("支付订单号",), "kind": ("交易类型",),
        "channel": ("支付类型",), "way": ("交易主体的出入账标识*",), "at": ("交易时间",),
        "currency": ("币种",), "amount": ("交易金额",), "to_card": ("收款方银行卡所属银行卡号",),
        "to": ("收款方的支付账号",), "to_name": ("收款方的商户名称",),
        "from_card": ("付款方银行卡所属银行卡号",), "from": ("付款方的支付账号",),
        "memo": ("备注",), "subject": ("支付账号",),
    },
    required=("way", "at", "amount", "to", "from"),
)  # fmt: skip


def _third_party(rows: pl.DataFrame, sheet: Sheet) -> Iterator[Part]:
    """Give payments that name both sides; where one is open, it is the subject of the return."""
    way = pl.col("way").replace(_WAY_CODES)
    side = {
        name: pl.coalesce(
            "pay:" + pl.when(~is_masked(pl.col(name))).then(name),
            "bank:" + pl.when(~is_masked(pl.col(f"{name}_card"))).then(f"{name}_card"),
        )
        for name in ("from", "to")
    }
    subject = "pay:" + pl.col("subject")
    payer = pl.when(way == "out").then(pl.coalesce(side["from"], subject)).otherwise(side["from"])
    payee = pl.when(way == "in").then(pl.coalesce(side["to"], subject)).otherwise(side["to"])
    yield Part(
        "payments",
        rows.select(
            "row", "at", "currency", "amount", "channel", "kind", "memo", "reference",
            payment="number", way=way,
            from_account=pl.coalesce(payer, here_only(payee, pl.coalesce("from", "from_card"))),
            to_account=pl.coalesce(
                payee, here_only(payer, pl.coalesce("to", "to_card", "to_name"))
            ),
            to_name="to_name",
        ),
        zone=ZONE, headers={"amount": "交易金额", "at": "交易时间"},
    )  # fmt: skip


_GENERAL: Final = Layout(
    {
        "own": ("查询账户",), "own_name": ("查询姓名",), "other": ("对方账户",),
        "other_name": ("对方姓名",), "way": ("借贷标识",), "at": ("交易日期",),
    },
    required=("own", "other", "way", "at"),
)  # fmt: skip


def _general(rows: pl.DataFrame, sheet: Sheet) -> Iterator[Part]:
    """Reject every row: whose debit or credit 借贷标识 is, differs with who filled the form in."""
    what = "通用-1 does not say whose side its 借贷标识 is, so not who paid"
    fix = "ask its issuer, then add it by a map that says it (docs/maps.md): --map FILE"
    rejects = tuple(Reject(Place(sheet.exhibit, row), "借贷标识", what, fix) for row in rows["row"])
    nothing = dict.fromkeys(("from_account", "to_account", "amount", "at"), pl.String)
    yield Part("payments", pl.DataFrame(schema={"row": pl.Int64, **nothing}), rejects=rejects)


def _statement(name: str, says: str, layout: Layout, *, inverted: bool = False) -> TableFormat:
    leaves = "branches and tellers; sums below the rows; PDF statements are not read"
    return TableFormat(name, says, leaves, layout, partial(_arrange, inverted=inverted))


FORMATS: Final = (
    _statement("statement_boc", "Bank of China statements (signed amounts, masked cards)", _BOC),
    _statement(
        "statement_cmb", "China Merchants Bank statements (name and account in a cell)", _CMB
    ),
    _statement("statement_icbc", "ICBC statements (padded cells, income and expense apart)", _ICBC),
    _statement("statement_abc", "Agricultural Bank of China statements (signed amounts)", _ABC),
    _statement("statement_bocom", "Bank of Communications statements (借 Dr, 贷 Cr)", _BOCOM),
    _statement("statement_ccb", "China Construction Bank statements (支出 and 收入)", _CCB),
    _statement(
        "statement_citic_card", "CITIC credit cards (spending has no sign)", _CITIC, inverted=True
    ),
    _statement("statement_spdb", "SPD Bank statements (存入金额 and 转出金额)", _SPDB),
    _statement("cmb_return", "China Merchants Bank's returns to the police", _CMB_RETURN),
    _statement(
        "anti_fraud_bank", "bank payments of the anti-fraud centre (国反, 经侦)", _ANTI_FRAUD
    ),
    TableFormat(
        name="general_form",
        says="通用-1 lists are recognised, and counted as rejected",
        leaves="every payment: the form does not say whose side its 借贷标识 is; give a map",
        layout=_GENERAL,
        arrange=_general,
    ),
    TableFormat(
        name="anti_fraud_payment",
        says="third-party payments of the anti-fraud centre (支付流水汇总; both sides are named)",
        leaves="shops' machines, network addresses and coordinates",
        layout=_THIRD_PARTY,
        arrange=_third_party,
    ),
)
