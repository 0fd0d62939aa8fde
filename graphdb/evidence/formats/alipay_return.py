"""What Alipay returns to the police: registrations, log-ins, and five tables of the same payments.

A transfer stands in 账户明细, 转账明细 and 余额明细 at once,
so all of them give the payment its own
number (交易号) and none is added to another. A party is written in four ways: ``2088...(姓名)``,
``(银行)卡号``, ``姓名(银行)(卡号)``, or a bare name. Cells like ``=1692...=`` are numbers and no
formulas. Closed and failed orders are listed among the others; no money moved for them.
"""

from collections.abc import Iterator
from typing import Final

import polars as pl

from graphdb.evidence.format import Arrange, Part, Sheet, TableFormat
from graphdb.evidence.kinds import kind_of
from graphdb.evidence.layout import Layout
from graphdb.evidence.sides import directed, directed_names, here_only, idle, is_masked
from graphdb.model import Reject

_ZONE: Final = "Asia/Shanghai"
_INQUIRY: Final = ("对应的协查数据",)
_USER: Final = r"^(2088\d{8,14})(?:\((.*)\))?$"
_BANK_CARD: Final = r"^\(([^()]*)\)([\d*]{8,})$"
_NAMED_CARD: Final = r"^([^()]+)\(([^()]*)\)\(([\d*]{8,})\)$"
_LOGIN: Final = r"^([^()\s]+@[^()\s]+|\+?1\d{10})(?:\((.*)\))?$"
_SUCCEEDED: Final = r"^(?:交易成功|成功|已?完成|处理成功|TRADE_(?:SUCCESS|FINISHED)|S(?:UCCESS)?$)"
_INTO: Final = r"充值|收益|退款|转入"


def _plain(cell: str) -> pl.Expr:
    text = pl.col(cell).str.replace_all("（", "(").str.replace_all("）", ")")
    return text.str.strip_chars("= \t").replace("", None)


def _number(cell: str) -> pl.Expr:
    return pl.col(cell).str.strip_chars("=\t ").replace("", None)


def _known(cell: str) -> pl.Expr:
    """Give the account of a party that is told by a key; null where only a name or mask is."""
    text = _plain(cell)
    card = pl.coalesce(text.str.extract(_NAMED_CARD, 3), text.str.extract(_BANK_CARD, 2))
    return pl.coalesce(
        "alipay:" + text.str.extract(_USER, 1),
        pl.when(~is_masked(card)).then("bank:" + card),
        pl.when(~is_masked(text)).then("alipay:" + text.str.extract(_LOGIN, 1)),
    )


def _name(cell: str) -> pl.Expr:
    text = _plain(cell)
    named = (text.str.extract(form, at) for form, at in ((_USER, 2), (_NAMED_CARD, 1), (_LOGIN, 2)))
    bare = pl.when(~text.str.contains(r"\d{6,}|@|\*")).then(text)
    return pl.coalesce(*named, bare).replace("", None)


def _settled(
    rows: pl.DataFrame, sheet: Sheet, status: str
) -> tuple[pl.DataFrame, tuple[Reject, ...]]:
    """Keep what succeeded; an empty status is that of a table which lists nothing else."""
    done = pl.col(status).str.contains(_SUCCEEDED).fill_null(value=True)
    left = idle(rows.filter(~done), sheet.exhibit, status, "the order did not succeed")
    return rows.filter(done), left


def _own_number(number: str, *words: str) -> pl.Expr:
    """Give the payment's number; refunds and fees of it get one of their own."""
    told = pl.concat_str(words, separator=" ", ignore_nulls=True)
    return (
        pl.when(told.str.contains("退款")).then(_number(number) + "/refund")
        .when(told.str.contains("服务费|手续费")).then(_number(number) + "/fee")
        .otherwise(_number(number))
    )  # fmt: skip


_DETAIL: Final = Layout(
    {
        "number": ("交易号",), "reference": ("商户订单号",), "created": ("交易创建时间",),
        "paid": ("付款时间",), "type": ("类型",), "user": ("用户信息",), "other": ("交易对方信息",),
        "goods": ("消费名称",), "amount": ("金额(元)",), "way": ("收/支",), "status": ("交易状态",),
        "channel": ("支付方式",), "memo": ("备注",), "inquiry": _INQUIRY,
    },
    required=("number", "user", "other", "amount", "way", "status"),
)  # fmt: skip


def _detail(rows: pl.DataFrame, sheet: Sheet) -> Iterator[Part]:
    rows, left = _settled(rows, sheet, "status")
    own = pl.coalesce(_known("user"), "alipay:" + pl.col("inquiry"))
    other = pl.coalesce(_known("other"), here_only(own, _plain("other")))
    way = pl.col("way").replace_strict({"收入": "in", "支出": "out"}, default="neutral")
    told = pl.concat_str("type", "goods", separator=" ", ignore_nulls=True)
    into = (way == "neutral") & told.str.contains(_INTO).fill_null(value=False)
    inward = (way == "in") | into
    yield Part(
        "payments",
        rows.select(
            "row", "amount", "status", "channel", "reference",
            payment=_own_number("number", "type", "goods"),
            at=pl.coalesce("paid", "created"),
            way=way, currency=pl.lit("CNY"), kind=kind_of("type", "goods"),
            memo=pl.concat_str(["goods", "memo"], separator=" | ", ignore_nulls=True),
            **directed(own, other, inward),
            **directed_names(_name("user"), _name("other"), inward),
        ),
        zone=_ZONE, rejects=left, headers={"amount": "金额(元)", "account": "用户信息"},
    )  # fmt: skip


_TRANSFERS: Final = Layout(
    {
        "number": ("交易号",), "payer": ("付款方支付宝账号",), "payee": ("收款方支付宝账号",),
        "bank": ("收款机构信息",), "at": ("到账时间",), "amount": ("转账金额(元)",),
        "kind": ("转账产品名称",), "reference": ("提现流水号",),
    },
    required=("number", "payer", "payee", "at", "amount"),
)  # fmt: skip


def _transfers(rows: pl.DataFrame, sheet: Sheet) -> Iterator[Part]:
    """Give transfers: both sides are named, so no way is needed; a card may be the payee."""
    payer, payee = _known("payer"), pl.coalesce(_known("payee"), _known("bank"))
    yield Part(
        "payments",
        rows.select(
            "row", "amount", "at", "reference",
            payment=_number("number"),
            from_account=pl.coalesce(payer, here_only(payee, _plain("payer"))),
            to_account=pl.coalesce(
                payee, here_only(payer, pl.coalesce(_plain("payee"), _plain("bank")))
            ),
            from_name=_name("payer"), to_name=_name("payee"),
            currency=pl.lit("CNY"), kind=pl.lit("transfer"), channel="kind",
        ),
        zone=_ZONE, headers={"amount": "转账金额(元)", "at": "到账时间"},
    )  # fmt: skip


_TRADES: Final = Layout(
    {
        "number": ("交易号",), "reference": ("外部交易号",), "status": ("交易状态",),
        "buyer": ("买家用户id",), "buyer_said": ("买家信息",), "seller": ("卖家用户id",),
        "seller_said": ("卖家信息",), "amount": ("交易金额(元)",), "at": ("收款时间",),
        "created": ("创建时间",), "type": ("交易类型",), "goods": ("商品名称",),
    },
    required=("number", "buyer", "seller", "amount", "status"),
)  # fmt: skip


def _trades(rows: pl.DataFrame, sheet: Sheet) -> Iterator[Part]:
    rows, left = _settled(rows, sheet, "status")
    yield Part(
        "payments",
        rows.select(
            "row", "amount", "status", "reference",
            payment=_number("number"), at=pl.coalesce("at", "created"),
            from_account="alipay:" + _number("buyer"), to_account="alipay:" + _number("seller"),
            from_name=_name("buyer_said"), to_name=_name("seller_said"),
            currency=pl.lit("CNY"), kind=kind_of("type", pl.lit("消费")), memo="goods",
        ),
        zone=_ZONE, rejects=left, headers={"amount": "交易金额(元)", "at": "收款时间"},
    )  # fmt: skip


_WITHDRAWALS: Final = Layout(
    {
        "user": ("用户Id",), "kind": ("提现类型",), "number": ("提现流水号",),
        "bank": ("开户银行",),
        "card": ("银行账号",), "at": ("处理时间",), "asked": ("申请时间",),
        "amount": ("金额", "金额(元)"), "state": ("状态",), "status": ("交易状态",),
    },
    required=("user", "number", "card", "amount", "asked"),
)  # fmt: skip


def _withdrawals(rows: pl.DataFrame, sheet: Sheet) -> Iterator[Part]:
    rows = rows.with_columns(done=pl.coalesce("status", "state"))
    rows, left = _settled(rows, sheet, "done")
    own = "alipay:" + _number("user")
    card = _number("card")
    to = pl.when(~is_masked(card)).then("bank:" + card).otherwise(here_only(own, card))
    yield Part(
        "payments",
        rows.select(
            "row", "amount", payment=_number("number"), at=pl.coalesce("at", "asked"),
            from_account=own, to_account=to, way=pl.lit("out"), currency=pl.lit("CNY"),
            kind=pl.lit("withdrawal"), channel="bank", status="done",
        ),
        zone=_ZONE, rejects=left, headers={"amount": "金额", "at": "处理时间"},
    )  # fmt: skip


_BALANCES: Final = Layout(
    {
        "number": ("交易订单号", "交易订单号/外部流水号*", "交易号"), "user": ("账户",),
        "other": ("对方账户",), "at": ("交易发生日期",), "into": ("收入金额(+)(元)", "收入金额*"),
        "out": ("支出金额(-)(元)", "支出金额*"), "balance": ("余额(元)", "余额"),
        "type": ("业务类型",), "memo": ("备注",),
    },
    required=("number", "user", "other", "at", "into", "out"),
)  # fmt: skip


def _balances(rows: pl.DataFrame, sheet: Sheet) -> Iterator[Part]:
    own = _known("user")
    other = pl.coalesce(_known("other"), here_only(own, _plain("other")))
    into = pl.col("into").str.replace_all(r"[,+\s]", "")
    has_in = into.is_not_null() & ~into.str.contains(r"^0*\.?0*$")
    out = pl.col("out").str.replace_all(r"[,\s-]", "")
    yield Part(
        "payments",
        rows.select(
            "row", "at", "memo",
            payment=_own_number("number", "type", "memo"),
            amount=pl.when(has_in).then(into).otherwise(out),
            way=pl.when(has_in).then(pl.lit("in")).otherwise(pl.lit("out")),
            currency=pl.lit("CNY"), kind=kind_of("type"), balance_after="balance",
            **directed(own, other, has_in),
            **directed_names(_name("user"), _name("other"), has_in),
        ),
        zone=_ZONE, headers={"amount": "收入金额", "at": "交易发生日期"},
    )  # fmt: skip


_REGISTER: Final = Layout(
    {
        "user": ("用户ID",), "mail": ("登录邮箱", "登陆邮箱"), "login": ("登录手机",),
        "holder_name": ("账户名称",), "holder": ("证件号",), "phone": ("绑定手机",),
        "registered_at": ("注册时间",), "cards": ("绑定银行卡",), "inquiry": _INQUIRY,
    },
    required=("user", "holder_name", "holder", "cards"),
)  # fmt: skip


def _register(rows: pl.DataFrame, sheet: Sheet) -> Iterator[Part]:
    known = rows.filter(pl.col("user").is_not_null())
    account = "alipay:" + _number("user")
    yield Part(
        "accounts",
        known.select(
            "row", "holder", "holder_name", "registered_at", account=account, name="mail",
            phone=pl.coalesce("phone", "login"),
        ),
        zone=_ZONE, headers={"account": "用户ID", "registered_at": "注册时间"},
    )  # fmt: skip
    cards = known.select("row", account=account, card=pl.col("cards").str.split(";")).explode(
        "card"
    )
    cards = cards.with_columns(pl.col("card").str.extract(r"([\d*]{8,})\s*$"))
    bound = cards.filter(pl.col("card").is_not_null() & ~is_masked(pl.col("card")))
    yield Part(
        "accounts",
        bound.select("row", "account", bound_account="bank:" + pl.col("card")),
        derived=True,
    )
    unknown = rows.filter(pl.col("user").is_null() & pl.col("inquiry").is_not_null())
    yield Part(
        "notices",
        unknown.select(
            "row", account="alipay:" + pl.col("inquiry"), kind=pl.lit("not_found"),
            note=pl.lit("无注册信息"),
        ),
    )  # fmt: skip


_LOGINS: Final = Layout(
    {
        "login": ("登陆账号", "登录账号"), "user": ("支付宝用户ID",), "ip": ("客户端ip",),
        "at": ("操作发生时间",),
    },
    required=("user", "ip", "at"),
)  # fmt: skip


def _logins(rows: pl.DataFrame, sheet: Sheet) -> Iterator[Part]:
    logins = rows.select("row", "at", "ip", account="alipay:" + _number("user"))
    yield Part("logins", logins, zone=_ZONE, headers={"account": "支付宝用户ID"})


def _format(name: str, says: str, leaves: str, layout: Layout, arrange: Arrange) -> TableFormat:
    return TableFormat(f"alipay_{name}", f"Alipay returns: {says}", leaves, layout, arrange)


FORMATS: Final = (
    _format("detail", "账户明细, what was paid and received", "closed and failed orders",
            _DETAIL, _detail),
    _format("transfers", "转账明细, transfers with both sides", "places and institutions",
            _TRANSFERS, _transfers),
    _format("trades", "交易记录, purchases with both sides",
            "addresses of receivers; unfinished orders", _TRADES, _trades),
    _format("withdrawals", "提现记录, what went to bank cards", "what failed and why",
            _WITHDRAWALS, _withdrawals),
    _format("balances", "余额明细, what changed the balance", "places and banks of processing",
            _BALANCES, _balances),
    _format("register", "注册信息, holders, phones and all bound cards; who is not registered",
            "balances, addresses of registration and linked accounts", _REGISTER, _register),
    _format("logins", "登陆日志, when and from which address", "nothing that names an account",
            _LOGINS, _logins),
)  # fmt: skip
