"""Payments that Tencent returns to investigators: TenpayTrades (TXT and XLS, 27, 26 or 15 columns).

No specification is public; the columns are those that investigators' own parsers agree on. Its
traps: amounts are in fen, two pairs of headers have one name, quotes are ordinary characters, the
header is repeated where files were joined, notes spill over the header, and the sheets of a
workbook name the user only in the first row of his block. A red packet to a group is one row for
each who took of it, alike in all but the receiver and what he received.
"""

from collections.abc import Iterator
from typing import Final

import polars as pl

from graphdb.evidence.format import Part, Sheet, TableFormat
from graphdb.evidence.kinds import kind_of
from graphdb.evidence.layout import Layout
from graphdb.evidence.sides import directed, directed_names, from_fen, here_only, is_masked
from graphdb.model import Place, Reject

_LAYOUT: Final = Layout(
    {
        "user": ("用户ID",), "number": ("交易单号",), "order": ("大单号",),
        "user_name": ("用户侧账号名称",), "way": ("借贷类型", "借贷标志"),
        "business": ("交易业务类型", "交易类型"), "purpose": ("交易用途类型", "交易说明"),
        "at": ("交易时间",), "fen": ("交易金额(分)", "交易金额"),
        "balance_fen": ("账户余额(分)", "账户余额"), "card": ("用户银行卡号",),
        "bank": ("用户侧银行名称", "银行类型"), "other": ("对手方ID",),
        "other_name": ("对手侧账户名称",), "third_name": ("第三方账户名称#2", "商户名称"),
        "other_card": ("对手方银行卡号",), "sender": ("发送方",), "receiver": ("接收方",),
        "received_fen": ("对手方接收金额(分)", "接收金额"),
        "received_yuan": ("对手方接收金额(元)",), "note1": ("备注1",), "note2": ("备注2",),
    },
    required=("user", "number", "way", "at", "fen"),
    never=("付款方支付账号",),
)  # fmt: skip
_WAYS: Final = {"入": "in", "贷": "in", "出": "out", "借": "out"}
# These share their number with the payment that they undo or pay for.
_SIDE_STEPS: Final = ("refund", "top_up", "withdrawal")
_NAMED_ID: Final = r"^(.*)\(([^()]+)\)$"


def tencent_account(number: pl.Expr) -> pl.Expr:
    """Name a Tencent payment account: that of a WeChat user is his WeChat account.

    >>> pl.select(tencent_account(pl.lit("wxid_a1"))).item()
    'wechat:wxid_a1'
    """
    is_wechat = number.str.starts_with("wxid_")
    return pl.when(is_wechat).then("wechat:" + number).otherwise("tenpay:" + number)


def _arrange(rows: pl.DataFrame, sheet: Sheet) -> Iterator[Part]:
    """Give payments between the user and the other side, and the cards that both paid with."""
    rows = rows.with_columns(pl.col("user").fill_null(strategy="forward"))
    written = rows["way"]
    rows = rows.with_columns(pl.col("way").replace_strict(_WAYS, default=None)).with_columns(
        user_account=tencent_account(pl.col("user")),
        kind=kind_of(pl.col("purpose"), pl.col("business")),
        **_other_side(),
    )
    rows = rows.with_columns(other_account=_other_account())
    knows = rows["way"].is_not_null()
    rejects = tuple(
        Reject(
            Place(sheet.exhibit, row), "借贷类型", _unknown(way), "ask Tencent which way it went"
        )
        for row, way in zip(rows["row"].filter(~knows), written.filter(~knows), strict=True)
    )
    rows = rows.filter(knows)
    warnings = ("the return is a header without rows: no payments",) if not len(written) else ()
    headers = {"payment": "交易单号", "at": "交易时间", "amount": "交易金额(分)"}
    yield Part(
        "payments", _payments(rows), zone="Asia/Shanghai", rejects=rejects, warnings=warnings,
        headers=headers,
    )  # fmt: skip
    for account, card in (("user_account", "card"), ("other_account", "other_card")):
        bound = rows.filter(
            pl.col(card).is_not_null() & ~is_masked(pl.col(card)) & ~_is_card(account)
        )
        yield Part(
            "accounts",
            bound.select("row", account=account, bound_account="bank:" + pl.col(card)).unique(
                ["account", "bound_account"], keep="first", maintain_order=True
            ),
            derived=True,
        )


def _unknown(way: str | None) -> str:
    return f"'{way}' is neither 入 nor 出" if way else "the way of the money is not stated"


def _is_card(account: str) -> pl.Expr:
    return pl.col(account).str.starts_with("bank:")


def _other_side() -> dict[str, pl.Expr]:
    """Part ``name(id)``, as workbooks write the other side, into its id and its name."""
    party = pl.when(pl.col("way") == "in").then("sender").otherwise("receiver")
    other = pl.coalesce("other", party)
    parts = other.str.extract_groups(_NAMED_ID)
    return {
        "other": pl.coalesce(parts.struct.field("2"), other),
        "other_name": pl.coalesce(
            "other_name", "third_name", parts.struct.field("1").replace("", None)
        ),
    }


def _other_account() -> pl.Expr:
    """Name the other side by its id, else its bank card, else as the user's papers do."""
    other, card = pl.col("other"), pl.col("other_card")
    return (
        pl.when(other.is_not_null() & ~is_masked(other))
        .then(tencent_account(other))
        .when(card.is_not_null() & ~is_masked(card))
        .then("bank:" + card)
        .otherwise(here_only(pl.col("user_account"), pl.coalesce("other", "other_card", _name())))
    )


def _name() -> pl.Expr:
    return pl.col("other_name")


def _payments(rows: pl.DataFrame) -> pl.DataFrame:
    inward = pl.col("way") == "in"
    sides = directed(pl.col("user_account"), pl.col("other_account"), inward)
    packet = pl.col("kind") == "red_packet"
    received = pl.coalesce("received_yuan", from_fen(pl.col("received_fen")))
    paid = from_fen(pl.col("fen"))
    # Number and payee, and never the user: both users' returns must name one payment alike.
    number = (
        pl.when(packet)
        .then(pl.col("number") + "/" + sides["to_account"])
        .when(pl.col("kind").is_in(_SIDE_STEPS))
        .then(pl.col("number") + "/" + pl.col("kind"))
        .otherwise("number")
    )
    return rows.select(
        "row", "way", "at", "kind",
        **sides,
        **directed_names(pl.col("user_name"), pl.col("other_name"), inward),
        payment=number,
        amount=pl.when(packet & ~inward).then(pl.coalesce(received, paid)).otherwise(paid),
        currency=pl.lit("CNY"),
        channel=pl.coalesce("bank", "business"),
        memo=pl.concat_str(["note1", "note2"], separator=" | ", ignore_nulls=True).replace(
            "", None
        ),
        balance_after=from_fen(pl.col("balance_fen")),
        reference="order",
    )  # fmt: skip


FORMAT: Final = TableFormat(
    name="tenpay_trades",
    says="Tencent payment returns TenpayTrades (TXT and XLS; 27, 26 columns and the old form)",
    leaves="clearing numbers, funds and the time of receipt; what nobody took of a red packet",
    layout=_LAYOUT,
    arrange=_arrange,
    quoting=False,
    tail="note2",
)
