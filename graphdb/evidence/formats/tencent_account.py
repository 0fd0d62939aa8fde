"""What Tencent returns about WeChat and QQ accounts: who registered, friends, groups, log-ins.

Old returns are one file of blocks (``…基本资料：``, ``联系人：``, ``登录日志：``), each with a
header; newer ones are a file a block. Rows of a block begin with an empty first cell, so a line
must never be stripped, and log-ins carry Go's ``+0800 CST``. Where the content does not name its
account, the name of the file or of its folder does, and the officer is told.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Final

import polars as pl

from graphdb.errors import InputRefused
from graphdb.evidence.format import DocumentFormat, Part, Sheet, TableFormat
from graphdb.evidence.layout import Layout, tidied
from graphdb.evidence.sides import keyed, told_by
from graphdb.evidence.source import Source
from graphdb.model import Place, Reject

_ZONE: Final = "Asia/Shanghai"
_TITLE: Final = re.compile(
    r"^(?P<subject>\S*?)的?"
    r"(?P<block>基本资料|联系人|好友号码|好友列表|微信群|群列表|登录日志|登录轨迹|无?创建的?群"
    r"|加入的?群)"
    r"[：:]?(?P<rest>.*)$"
)
_PAIR: Final = re.compile(
    r"^\s*(微信号|别名|昵称|当前绑定手机号|手机号|注册时间|QQ|邮箱|签名|性别|省份|城市)\s*[:：]\s*(.*)$"
)
_BLOCKS: Final = {
    "联系人": "friends", "好友列表": "friends", "好友号码": "numbers", "微信群": "groups",
    "群列表": "groups", "登录日志": "logins", "登录轨迹": "logins", "基本资料": "pairs",
    "创建的群": "created", "创建群": "created", "无创建群": "created", "加入的群": "joined",
    "加入群": "joined",
}  # fmt: skip
_HEADERS: Final = {
    "friends": (("帐号", "别名", "QQ"), ("账号", "别名", "QQ")),
    "groups": (("帐号", "名称", "创建时间"), ("账号", "名称", "创建时间")),
    "logins": (("时间", "IP"),),
    "register": (("QQ", "昵称", "国家"),),
}
# Accounts that every WeChat client has: nobody's friends.
_SERVICES: Final = frozenset(
    [
        "medianote",
        "filehelper",
        "floatbottle",
        "qmessage",
        "qqmail",
        "fmessage",
        "weixin",
        "tmessage",
        "mphelper",
        "newsapp",
        "weibo",
        "qqsync",
        "masssendapp",
        "feedsapp",
        "voip",
        "blogapp",
        "facebookapp",
        "lbsapp",
        "shakeapp",
    ]
)
# Behind the id a name may go on: wxid_a1Friends, wxid_a1_Groups.
_IN_A_NAME: Final = re.compile(r"(wxid_[a-z0-9]+|1\d{10}|[1-9]\d{4,10})")
_HEAD_LINES: Final = 40
_AGAIN: Final = "ask for the file again"


@dataclass(slots=True)
class _Block:
    """Lines of one block: what it is about, its header, its rows."""

    kind: str
    headers: tuple[str, ...] = ()
    rows: list[tuple[int, Sequence[str]]] = field(default_factory=list)


def _recognises(source: Source) -> bool:
    if not source.is_text:
        return False
    lines = source.head.lstrip("\ufeff").split("\n")[:_HEAD_LINES]
    pairs = {found[1] for line in lines if (found := _PAIR.match(line)) is not None}
    return ("微信号" in pairs and len(pairs) > 2) or any(_header(_cells(line)) for line in lines)


def _cells(line: str) -> list[str]:
    cells = line.rstrip("\r").split("\t")
    return [cell.strip("\ufeff ") for cell in cells]


def _header(cells: Sequence[str]) -> tuple[str, tuple[str, ...]] | None:
    """Tell a header line, with or without its empty first cell."""
    named = tuple(cells[1:] if cells and not cells[0] else cells)
    for kind, forms in _HEADERS.items():
        for form in forms:
            # A log of times and addresses has no other columns, or it is somebody else's table.
            whole = kind != "logins" or len([cell for cell in named if cell]) == len(form)
            if named[: len(form)] == form and whole:
                return kind, named
    return None


def _blocks(source: Source) -> tuple[str, list[_Block]]:
    """Cut the text into its blocks; give the account that its titles name, or nothing."""
    subject = ""
    blocks: list[_Block] = []
    for number, line in enumerate(source.text().split("\n"), start=1):
        cells = _cells(line)
        if not any(cells):
            continue
        title = _TITLE.match(cells[0]) if cells[0] else None
        pair = _PAIR.match(line.lstrip("\ufeff"))
        header = _header(cells)
        if title is not None and title["block"] in _BLOCKS:
            subject = subject or title["subject"]
            blocks.append(_Block(_BLOCKS[title["block"]]))
            rest = title["rest"].strip("：: ")
            joined = _TITLE.match(rest) if rest else None
            if joined is not None and joined["block"] in _BLOCKS:  # 无创建群加入的群：
                blocks.append(_Block(_BLOCKS[joined["block"]]))
        elif header is not None:
            kind, headers = header
            if not blocks or blocks[-1].headers or blocks[-1].rows:
                blocks.append(_Block(kind))
            blocks[-1].kind, blocks[-1].headers = kind, headers
        elif pair is not None:
            if not blocks or blocks[-1].kind != "pairs":
                blocks.append(_Block("pairs"))
            blocks[-1].rows.append((number, (pair[1], pair[2].strip())))
        else:
            if not blocks:
                blocks.append(_Block("unknown"))
            blocks[-1].rows.append((number, cells))
    return subject, blocks


def _sheets(source: Source, exhibit: str) -> Iterator[Sheet]:
    said, blocks = _blocks(source)
    subject, warnings = _subject(said, blocks, source)
    for block in blocks:
        if block.kind == "unknown":
            warnings += (f"{len(block.rows)} lines before the first block are not read",)
            continue
        if not block.rows:
            continue
        if block.kind in _HEADERS and not block.headers:
            what = "the columns of this block are not named"
            rejects = tuple(Reject(Place(exhibit, n), None, what, _AGAIN) for n, _ in block.rows)
            nothing = pl.DataFrame(schema={"row": pl.Int64})
            yield Sheet(exhibit, (), nothing, {"block": "unnamed", "subject": subject}, rejects)
            continue
        headers, rows = _as_table(block)
        columns = {
            f"c{at}": pl.Series(
                [row[at] if at < len(row) else None for _, row in rows], dtype=pl.String
            )
            for at in range(len(headers))
        }
        numbers = pl.Series("row", [number for number, _ in rows], dtype=pl.Int64)
        frame = pl.DataFrame({"row": numbers, **columns})
        about = {"block": block.kind, "subject": subject}
        yield Sheet(exhibit, headers, frame, about, (), warnings)
        warnings = ()


def _as_table(block: _Block) -> tuple[tuple[str, ...], list[tuple[int, Sequence[str]]]]:
    if block.kind == "pairs":
        return ("item", "said"), block.rows
    if block.headers:
        rows = [(n, row[1:] if not row[0] else row) for n, row in block.rows]
        headers = tuple(h or f"column {at}" for at, h in enumerate(block.headers, start=1))
        return headers, rows
    # Lists of bare numbers: one number a cell, as many rows as lines.
    width = max(len(row) for _, row in block.rows)
    return tuple(f"number {at}" for at in range(1, width + 1)), block.rows


def _subject(said: str, blocks: list[_Block], source: Source) -> tuple[str, tuple[str, ...]]:
    """Find whose return this is: in its pairs, its register, its titles, else in its name."""
    pairs = {row[0]: row[1] for block in blocks if block.kind == "pairs"
             for _, row in block.rows if len(row) > 1}  # fmt: skip
    registers = [row for b in blocks if b.kind == "register" for _, row in b.rows]
    is_qq = any(b.kind in {"register", "numbers", "joined"} for b in blocks)
    platform = "qq" if is_qq else "wechat"
    stated = pairs.get("微信号") or (registers[0][0] if registers else "") or said.strip("的")
    if stated:
        return f"{platform}:{stated}", ()
    path = PurePosixPath(source.name.replace("\\", "/"))
    for name in (path.stem, path.parent.name):
        found = _IN_A_NAME.search(name)
        if found is not None:
            told = f"the content names no account; it is taken for that in the name '{name}'"
            return f"{platform}:{found[1]}", (told,)
    raise InputRefused(
        "this return names no account, neither inside nor in the name of its file or folder",
        fix="add the folder as it was received, or name the file after the account",
    )


def _arrange(rows: pl.DataFrame, sheet: Sheet) -> Iterator[Part]:
    subject = pl.lit(sheet.about["subject"])
    rows = tidied(rows)
    match sheet.about["block"]:
        case "unnamed":
            return
        case "pairs":
            yield _pairs(rows, sheet)
        case "register":
            yield _register(rows)
        case "friends":
            yield from _friends(rows, subject)
        case "groups":
            yield Part("members", _groups(rows, subject), zone=_ZONE)
        case "logins":
            logins = rows.select("row", account=subject, at="时间", ip="IP")
            yield Part("logins", logins, zone=_ZONE)
        case "numbers":
            friends = _listed(rows).select("row", account=subject, friend="qq:" + pl.col("number"))
            yield Part("contacts", friends)
        case _:
            role = "owner" if sheet.about["block"] == "created" else None
            groups = _listed(rows).select(
                "row", account=subject, group="number", role=pl.lit(role, dtype=pl.String)
            )
            yield Part("members", groups)


def _pairs(rows: pl.DataFrame, sheet: Sheet) -> Part:
    """Give the basic information, which is a line an item, as one account."""
    said = dict(zip(rows["item"], rows["said"], strict=True))
    qq = said.get("QQ")
    account = {
        "row": rows["row"][0],
        "account": sheet.about["subject"],
        "name": said.get("昵称"),
        "phone": said.get("当前绑定手机号") or said.get("手机号"),
        "registered_at": said.get("注册时间"),
        "bound_account": f"qq:{qq}" if qq else None,
    }
    schema = {name: pl.Int64 if name == "row" else pl.String for name in account}
    return Part("accounts", pl.DataFrame([account], schema=schema, orient="row"), zone=_ZONE)


def _register(rows: pl.DataFrame) -> Part:
    there = [name for name in ("电话", "注册时间", "真实姓名") if name in rows.columns]
    named = {"电话": "phone", "注册时间": "registered_at", "真实姓名": "holder_name"}
    return Part(
        "accounts",
        rows.select(
            "row",
            account="qq:" + pl.col("QQ"),
            name="昵称",
            **{named[name]: name for name in there},
        ),
        zone=_ZONE,
    )


def _friends(rows: pl.DataFrame, subject: pl.Expr) -> Iterator[Part]:
    number = next(name for name in ("帐号", "账号") if name in rows.columns)
    services = rows[number].is_in(list(_SERVICES)).fill_null(value=False)
    people = rows.filter(~services)
    friend = "wechat:" + pl.col(number)
    warnings = (f"{services.sum()} service accounts are left out",) if services.any() else ()
    name = pl.col("昵称") if "昵称" in rows.columns else pl.lit(None, dtype=pl.String)
    yield Part(
        "contacts",
        people.select("row", account=subject, friend=friend, name=name),
        warnings=warnings,
        headers={"friend": number},
    )
    more = {"phone": "手机", "bound_account": "QQ"}
    there = {ours: theirs for ours, theirs in more.items() if theirs in rows.columns}
    if there:
        told = people.filter(pl.any_horizontal(pl.col(n).is_not_null() for n in there.values()))
        cells = {o: ("qq:" + pl.col(t)) if t == "QQ" else pl.col(t) for o, t in there.items()}
        yield Part("accounts", told.select("row", account=friend, **cells), derived=True)


def _groups(rows: pl.DataFrame, subject: pl.Expr) -> pl.DataFrame:
    number = next(name for name in ("帐号", "账号") if name in rows.columns)
    return rows.select(
        "row", account=subject, group=number, group_name="名称", group_created_at="创建时间"
    )


def _listed(rows: pl.DataFrame) -> pl.DataFrame:
    """Give a row for each number of lists that stand side by side in a line."""
    cells = [name for name in rows.columns if name != "row"]
    listed = rows.unpivot(cells, index="row", value_name="number").sort("row", maintain_order=True)
    return listed.filter(pl.col("number").str.contains(r"^\d{4,12}$").fill_null(value=False))


_LOGINS: Final = Layout(
    {
        "account": ("QQ", "QQ号"), "ip": ("IP",), "at": ("上线时间",), "until": ("离线时间",),
        "way": ("登录方式",),
    },
    required=("account", "ip", "at"),
)  # fmt: skip


def _qq_logins(rows: pl.DataFrame, sheet: Sheet) -> Iterator[Part]:
    yield Part(
        "logins",
        rows.select("row", "at", "ip", account="qq:" + pl.col("account")),
        zone=_ZONE,
        headers={"account": "QQ", "at": "上线时间"},
    )


_WALLET: Final = Layout(
    {
        "payer": ("付款方支付账号",), "payer_card": ("付款银行卡号",),
        "payer_name": ("付款方开户名",),
        "payee": ("收款支付账号",), "payee_card": ("收款银行卡号",),
        "payee_name": ("收款方的商户名称",), "amount": ("交易金额",), "at": ("交易时间",),
        "number": ("支付订单号",), "reference": ("交易流水号",),
    },
    required=("payer", "payer_name", "payee", "payee_name", "amount", "at"),
    never=("序号", "支付类型"),
)  # fmt: skip


def _wallet(rows: pl.DataFrame, sheet: Sheet) -> Iterator[Part]:
    """Give payments of the QQ wallet, which names both sides and nobody as its subject."""
    payer = _side("payer")
    content = ("payer", "payer_card", "payee", "payee_card", "payee_name", "amount", "at")
    yield Part(
        "payments",
        rows.select(
            "row", "amount", "at", "reference",
            payment="number", content=told_by(*content), from_account=payer,
            to_account=_side("payee"), from_name="payer_name", to_name="payee_name",
            currency=pl.lit("CNY"),
        ),
        zone=_ZONE,
    )  # fmt: skip


def _side(side: str) -> pl.Expr:
    """Name a side by its wallet, else its card, else as the other side's papers do."""
    other = "payee" if side == "payer" else "payer"
    owner = "tenpay:" + pl.col(other)
    by_card = keyed("bank", pl.col(f"{side}_card"), owner, pl.col(f"{side}_name"))
    return pl.coalesce("tenpay:" + pl.col(side), by_card)


FORMATS: Final = (
    DocumentFormat(
        name="tencent_account",
        says="Tencent returns on WeChat and QQ accounts: registration, friends, groups, log-ins",
        leaves="sex, place, signature, e-mail and birthday; the accounts every WeChat client has",
        recognises=_recognises,
        sheets=_sheets,
        arrange=_arrange,
    ),
    TableFormat(
        name="qq_logins",
        says="QQ log-ins as Tencent returns them",
        leaves="the time of going off-line and the way of logging in",
        layout=_LOGINS,
        arrange=_qq_logins,
        quoting=False,
    ),
    TableFormat(
        name="qq_wallet",
        says="payments of the QQ wallet as Tencent returns them",
        leaves="nothing that is filled in; the returns name no subject",
        layout=_WALLET,
        arrange=_wallet,
        quoting=False,
    ),
)
