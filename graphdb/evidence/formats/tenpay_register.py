"""Who registered a Tencent payment account: TenpayRegInfo, its two zones, and binding histories.

The first zone is the account as it is; a card more is a row whose first cells are empty, so a line
must never be stripped. The zone after ``注销信息`` tells who had the account before: both persons
are kept, each with his time. A file of one line ``账号…不存在`` is an answer, and no error.
"""

import re
from collections.abc import Iterator
from typing import Final

import polars as pl

from graphdb.evidence.format import DocumentFormat, Part, Sheet, TableFormat
from graphdb.evidence.formats.tenpay_trades import tencent_account
from graphdb.evidence.layout import Layout, plain_header, tidied
from graphdb.evidence.sides import is_masked
from graphdb.evidence.source import Source

_ZONE: Final = "Asia/Shanghai"
_NOW: Final = ("账户状态", "账号", "注册姓名", "注册时间")
_BEFORE: Final = ("账号", "注册姓名", "注册身份证号", "注册时间", "注销时间")
_TITLE: Final = "注销信息"
_NOT_FOUND: Final = re.compile(r"^账号\s*(\S+?)\s*不存在")
_OF_THE_ACCOUNT: Final = ("账户状态", "账号", "注册姓名", "注册时间", "注册身份证号", "绑定手机")


def _recognises(source: Source) -> bool:
    return (source.is_text or source.is_workbook) and any(
        _begins(record) for grid in source.grids("E01", _mark(source)) for record in grid.head[:3]
    )


def _mark(source: Source) -> str | None:
    return "\t" if source.is_text else None


def _begins(record: tuple[str, ...] | list[str]) -> bool:
    headers = [plain_header(cell) for cell in record]
    is_zone = tuple(headers[: len(_NOW)]) == _NOW or tuple(headers[: len(_BEFORE)]) == _BEFORE
    return is_zone or (bool(headers) and _NOT_FOUND.match(headers[0]) is not None)


def _sheets(source: Source, exhibit: str) -> Iterator[Sheet]:
    """Cut the file at its header lines: the account now, the account before, or "not found"."""
    for grid in source.grids(exhibit, _mark(source)):
        frame = pl.concat(grid.chunks(quoting=False), how="diagonal")
        zone: list[tuple[int, list[str]]] = []
        headers: tuple[str, ...] = ("answer",)
        for number, *cells in frame.iter_rows():
            record = [cell or "" for cell in cells]
            if plain_header(record[0]) == _TITLE or not any(cell.strip() for cell in record):
                continue
            if _begins(record) and not _NOT_FOUND.match(plain_header(record[0])):
                if zone:
                    yield _sheet(grid.exhibit, headers, zone)
                headers = tuple(plain_header(cell) for cell in record if cell.strip())
                zone = []
                continue
            zone.append((number, record))
        if zone:
            yield _sheet(grid.exhibit, headers, zone)


def _sheet(exhibit: str, headers: tuple[str, ...], zone: list[tuple[int, list[str]]]) -> Sheet:
    columns = {
        f"c{at}": [record[at] if at < len(record) else None for _, record in zone]
        for at in range(len(headers))
    }
    schema = dict.fromkeys(columns, pl.String)
    rows = pl.DataFrame(columns, schema=schema).insert_column(
        0, pl.Series("row", [number for number, _ in zone], dtype=pl.Int64)
    )
    return Sheet(exhibit, headers, rows)


def _arrange(rows: pl.DataFrame, sheet: Sheet) -> Iterator[Part]:
    rows = tidied(rows)
    if sheet.headers == ("answer",):
        yield from _not_found(rows)
    elif "账户状态" in sheet.headers:
        yield from _now(rows)
    else:
        yield from _before(rows)


def _not_found(rows: pl.DataFrame) -> Iterator[Part]:
    number = pl.col("answer").str.extract(_NOT_FOUND.pattern)
    yield Part(
        "notices",
        rows.filter(number.is_not_null()).select(
            "row", account=tencent_account(number), kind=pl.lit("not_found"), note="answer"
        ),
    )


def _now(rows: pl.DataFrame) -> Iterator[Part]:
    """Give the account with its holder and phone, and each card; a card row follows its account."""
    rows = rows.with_columns(
        pl.lit(None, dtype=pl.String).alias(name)
        for name in (*_OF_THE_ACCOUNT, "绑定状态", "银行账号")
        if name not in rows.columns
    )
    is_more = pl.col("账号").is_null()
    rows = rows.with_columns(
        pl.when(is_more).then(pl.col(name).forward_fill()).otherwise(name).alias(name)
        for name in _OF_THE_ACCOUNT[1:]
    )
    is_unbound = pl.col("绑定状态").str.contains("解").fill_null(value=False)
    account = tencent_account(pl.col("账号"))
    yield Part(
        "accounts",
        rows.select(
            "row", account=account, registered_at="注册时间", phone="绑定手机",
            holder="注册身份证号", holder_name="注册姓名", status="账户状态",
            bound_account=pl.when(~is_unbound).then(_card()),
        ),
        zone=_ZONE, headers={"account": "账号", "registered_at": "注册时间"},
    )  # fmt: skip
    yield Part(
        "notices",
        rows.filter(is_unbound & pl.col("银行账号").is_not_null()).select(
            "row", account=account, kind=pl.lit("card_unbound"), note="银行账号"
        ),
        derived=True,
    )
    yield Part(
        "notices",
        rows.filter(pl.col("账户状态").is_in(["未注册", "已注销"])).select(
            "row",
            account=account,
            kind=pl.col("账户状态").replace({"未注册": "not_registered", "已注销": "closed"}),
            note="账户状态",
        ),
        derived=True,
    )


def _card() -> pl.Expr:
    card = pl.col("银行账号")
    return pl.when(card.is_not_null() & ~is_masked(card)).then("bank:" + card)


def _before(rows: pl.DataFrame) -> Iterator[Part]:
    """Give who had the account from when to when, and the cards of that time."""
    there = [
        name for name in ("开户行信息", "银行账号", "绑定时间", "解绑时间") if name in rows.columns
    ]
    is_more = pl.col("账号").is_null()
    rows = rows.with_columns(
        pl.when(is_more).then(pl.col(name).forward_fill()).otherwise(name).alias(name)
        for name in _BEFORE
    ).with_columns(account=tencent_account(pl.col("账号")))
    yield Part(
        "holdings",
        rows.select(
            "row", "account", person="注册身份证号", since="注册时间", until="注销时间",
            basis=pl.lit("recorded"),
        ),
        zone=_ZONE, headers={"person": "注册身份证号", "account": "账号"},
    )  # fmt: skip
    persons = rows.select("row", person="注册身份证号", name="注册姓名")
    yield Part("persons", persons.unique("person", keep="first", maintain_order=True), derived=True)
    if {"银行账号", "绑定时间", "解绑时间"} <= set(there):
        bound = rows.with_columns(card=_card()).filter(pl.col("card").is_not_null())
        dated = pl.col("绑定时间").is_not_null()
        yield Part(
            "rebinds",
            bound.filter(dated).select(
                "row", "account", bound_account="card", at="绑定时间", until="解绑时间"
            ),
            zone=_ZONE,
            derived=True,
        )
        undated = bound.filter(~dated).select("row", "account", bound_account="card")
        yield Part("accounts", undated, derived=True)


_BINDINGS: Final = Layout(
    {
        "account": ("账号",), "card": ("银行卡号",), "bank": ("银行名称",), "person": ("证件号",),
        "phone": ("手机号",), "state": ("绑定状态",), "at": ("绑定时间",), "until": ("解绑时间",),
    },
    required=("account", "card", "at", "until"),
)  # fmt: skip


def _bindings(rows: pl.DataFrame, sheet: Sheet) -> Iterator[Part]:
    """Give each card with the time that it was bound, and the phone that was given with it."""
    account = tencent_account(pl.col("account"))
    card = pl.col("card")
    is_key = card.is_not_null() & ~is_masked(card)
    yield Part(
        "rebinds",
        rows.select(
            "row", "at", "until", "phone", account=account,
            bound_account=pl.when(is_key).then("bank:" + card),
        ),
        zone=_ZONE, headers={"account": "账号", "at": "绑定时间"},
    )  # fmt: skip
    persons = rows.filter(pl.col("person").is_not_null())
    yield Part(
        "accounts",
        persons.select("row", account=account, holder="person").unique(
            ["account", "holder"], keep="first", maintain_order=True
        ),
        derived=True,
    )


FORMATS: Final = (
    DocumentFormat(
        name="tenpay_register",
        says="Tencent registrations TenpayRegInfo (TXT and XLS), both zones, and 账号不存在",
        leaves="the name of the bank of a card; masked card numbers are no accounts",
        recognises=_recognises,
        sheets=_sheets,
        arrange=_arrange,
    ),
    TableFormat(
        name="tenpay_bindings",
        says="Tencent histories of bound cards (绑定历史)",
        leaves="the name of the bank and the kind of paper that identified the person",
        layout=_BINDINGS,
        arrange=_bindings,
        quoting=False,
    ),
)
