"""Charts drawn by others: nodes and links of any kind, put under the tables that we know.

A chart is somebody's word, not a record, and its words for things are free. Links are told by
the words of their type and by what they carry (an amount and a time are a payment); nodes by their
type. What is not told is counted and left.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

import polars as pl

from graphdb.evidence.format import Part, Sheet
from graphdb.evidence.layout import tidied
from graphdb.evidence.together import ROWS_TOGETHER
from graphdb.model import LINK_TYPES, NODE_TYPES

_KEY: Final = re.compile(r"^[a-z][a-z0-9_-]{1,20}:\S+$")
_PLATFORMS: Final = (
    ("wechat", "wechat|微信|wxid"), ("qq", "qq"), ("alipay", "alipay|支付宝"),
    ("tenpay", "tenpay|财付通"), ("bank", "bank|card|iban|银行|卡"),
    ("phone", "phone|mobile|tele|电话|手机"),
)  # fmt: skip
_PERSON: Final = re.compile(r"person|people|人|holder|suspect|victim|嫌疑|受害", re.IGNORECASE)
_LINKS: Final = (
    ("payments", r"pay|transfer|transaction|remit|sent|转账|汇款|付款|支付|交易"),
    ("calls", r"call|phoned|通话|呼叫|短信"),
    ("holdings", r"holds?|holder|owns?|owner|account of|持有|开户|所有|名下"),
    ("members", r"member|in group|belongs|群|成员"),
    ("contacts", r"friend|contact|knows|好友|联系"),
)  # fmt: skip
_AMOUNT: Final = ("amount", "value", "sum", "金额", "amount_minor")
_AT: Final = ("at", "time", "date", "datetime", "timestamp", "时间", "日期", "交易时间")
_CURRENCY: Final = ("currency", "币种")
_TYPE: Final = ("type", "label", "kind", "relation", "relationship", "labels", "类型", "关系")
_NAME: Final = ("name", "nickname", "full_name", "title", "姓名", "名称", "昵称")
_ID: Final = ("account", "number", "account_number", "账号", "卡号", "号码", "identity")
_TABLES: Final = {
    "accounts": ("account", "name"),
    "persons": ("person", "name"),
    "payments": ("payment", "from_account", "to_account", "amount", "currency", "at"),
    "calls": ("caller", "callee", "at"),
    "holdings": ("person", "account"),
    "members": ("group", "account", "joined_at"),
    "contacts": ("account", "friend", "at"),
}

_Row = tuple[int | str | None, ...]
_Told = tuple[str, tuple[str | None, ...]]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A node or link of a chart; ``row`` is its place in the chart, links have two ends."""

    row: int
    id: str
    label: str
    said: Mapping[str, str] = field(default_factory=dict)
    ends: tuple[str, str] | None = None

    def one(self, names: Iterable[str]) -> str | None:
        """Give the first value that stands under one of some names, in any case."""
        low = {name.lower(): value for name, value in self.said.items() if value.strip()}
        return next((low[name] for name in names if name in low), None)


def drawn_sheets(exhibit: str, items: Iterable[Drawn]) -> Iterator[Sheet]:
    """Give the nodes and links of a chart as tables; a node comes before the links that name it.

    What is held is the name of every node, and one batch of rows.
    """
    rows: dict[str, list[_Row]] = {name: [] for name in _TABLES}
    keys: dict[str, str] = {}
    people: set[str] = set()
    left: dict[str, int] = {}
    for item in items:
        is_node = item.ends is None
        told = _node(item, keys, people, exhibit) if is_node else _link(item, keys, people)
        if told is None:
            if not is_node:
                word = item.one(_TYPE) or item.label or "no type"
                left[word] = left.get(word, 0) + 1
            continue
        table, cells = told
        rows[table].append((item.row, *cells))
        if len(rows[table]) == ROWS_TOGETHER:
            yield _sheet(exhibit, table, rows[table], ())
            rows[table] = []
    said = ", ".join(f"{count:,} {word}" for word, count in sorted(left.items())[:10])
    warnings = (f"links of a kind that is not known are left out: {said}",) if said else ()
    for name in [name for name, given in rows.items() if given] or ["accounts"]:
        yield _sheet(exhibit, name, rows[name], warnings)
        warnings = ()


def _sheet(exhibit: str, name: str, rows: list[_Row], warnings: tuple[str, ...]) -> Sheet:
    headers = _TABLES[name]
    schema = {"row": pl.Int64, **{f"c{at}": pl.String for at in range(len(headers))}}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return Sheet(exhibit, headers, frame, {"table": name}, (), warnings)


def _node(item: Drawn, keys: dict[str, str], people: set[str], exhibit: str) -> _Told | None:
    """Give the row of a node, and remember by which name its links mean it."""
    if (ours := _ours(item)) is not None:
        keys[item.id], table = ours
        if table is None:
            return None
        number = keys[item.id].partition(":")[2]
        name = item.one(_NAME) or item.one(("full_name",))
        return table, (number if table == "persons" else keys[item.id], name)
    kind = f"{item.one(_TYPE) or ''} {item.label}"
    name = item.one(_NAME) or item.label or None
    if _PERSON.search(item.one(_TYPE) or "") and not _KEY.match(item.id):
        people.add(item.id)
        keys[item.id] = item.one(_ID) or item.id
        return "persons", (keys[item.id], name)
    keys[item.id] = _account(item, kind, exhibit)
    return "accounts", (keys[item.id], name)


def _ours(item: Drawn) -> tuple[str, str | None] | None:
    """Give the id and table of a node that an export of ours wrote: type and id tell it."""
    if (item.one(("type",)) or "") not in NODE_TYPES:
        return None
    id_ = next((text for text in (item.id, item.one(_ID) or "") if _KEY.match(text)), None)
    if id_ is None:
        return None
    return id_, {"Account": "accounts", "Person": "persons"}.get(item.one(("type",)) or "")


def _our_link(link: Drawn, type_: str, source: str, target: str) -> _Told | None:
    at = link.one(("at",))
    (one, _, one_number), two_number = source.partition(":"), target.partition(":")[2]
    match type_:
        case "HOLDS" | "CONTROLS" if one == "person":
            return "holdings", (one_number, target)
        case "MEMBER_OF":
            return "members", (target, source, link.one(("joined_at",)))
        case "FRIEND_OF":
            return "contacts", (source, target, at)
        case "CALLED" if at:
            return "calls", (one_number, two_number, at)
    return None


def _account(item: Drawn, kind: str, exhibit: str) -> str:
    """Name the account of a node: by its key, by its number, else as this chart calls it."""
    for text in (item.id, item.label, item.one(_ID) or ""):
        if _KEY.match(text):
            return text
    platform = next((p for p, words in _PLATFORMS if re.search(words, kind, re.IGNORECASE)), None)
    number = item.one(_ID) or item.label or item.id
    digits = re.sub(r"[\s-]", "", number)
    if platform is not None and re.fullmatch(r"[+\w@.]{4,40}", digits):
        return f"{platform}:{digits}"
    return f"{platform or 'chart'}:{exhibit}/{item.id}"


def _link(link: Drawn, keys: Mapping[str, str], people: set[str]) -> _Told | None:
    one, two = link.ends or ("", "")
    source, target = keys.get(one), keys.get(two)
    if source is None or target is None:
        return None
    if (type_ := link.one(("type",)) or "") in LINK_TYPES:
        return _our_link(link, type_, source, target)
    word = f"{link.one(_TYPE) or ''} {link.label}"
    amount, at = link.one(_AMOUNT), link.one(_AT)
    known = next((name for name, words in _LINKS if re.search(words, word, re.IGNORECASE)), None)
    between = (one in people, two in people)
    if any(between):
        # A person is linked to what he has, whatever the chart calls the link.
        if all(between) or known not in (None, "holdings"):
            return None
        return "holdings", (source, target) if between[0] else (target, source)
    if amount is not None and at is not None and known in (None, "payments"):
        return "payments", (link.id or None, source, target, amount, link.one(_CURRENCY), at)
    match known:
        case "calls":
            ends = [side.partition(":")[2] for side in (source, target)]
            return ("calls", (*ends, at)) if at else None
        case "members":
            return "members", (target.partition(":")[2], source, at)
        case "contacts":
            return "contacts", (source, target, at)
    return None


def drawn_parts(rows: pl.DataFrame, sheet: Sheet) -> Iterator[Part]:
    """Give a table of a chart; a link has no number, so a payment is told by all it says."""
    table = sheet.about["table"]
    tidy = tidied(rows)
    if table == "payments":
        cells = [name for name in tidy.columns if name not in ("row", "payment")]
        content = pl.concat_str([pl.col(c).fill_null("") for c in cells], separator="\x1f")
        tidy = tidy.with_columns(content=content)
    yield Part(table, tidy, zone="Asia/Shanghai")
