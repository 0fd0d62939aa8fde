"""The nouns of Linkwright and the declared graph schema.

This module is the glossary: every stage speaks in these words, and engine constraints, pack
checks, chart legends and the schema page are all derived from ``NODE_TYPES`` and ``LINK_TYPES``.
It imports nothing of the project and does no I/O.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

if TYPE_CHECKING:
    import polars as pl

# A value as an engine returns it: text, number, flag, nothing, or a list of these.
Cell: TypeAlias = "str | int | float | bool | list[Cell] | None"
Basis: TypeAlias = Literal["recorded", "stated", "inferred"]
Language: TypeAlias = Literal["en", "zh"]
PropertyType: TypeAlias = Literal["text", "int", "float", "time", "texts"]

# What a hub is: strangers share it, so a way through it joins nobody. Packs and traces stop there.
HUBS: Final[Mapping[str, str]] = {
    "platform": "a payment platform, or an account with as many partners as one",
    "merchant": "a shop, told by its many payers of purchases",
    "clearing": "an account of a clearing house or of a bank itself",
    "cash": "a cash machine or counter",
    "public": "an address of a carrier, a cafe or a campus",
    "shared_id": "a device id that many devices report",
    "huge": "a group of more members than can know each other",
}
# The one node that says whose graph a server's database holds; no pack and no count sees it.
CASE_MARK: Final = "CaseMark"
BASES: Final[tuple[Basis, ...]] = ("recorded", "stated", "inferred")

# Decimal digits of the minor unit; ISO 4217 knows few that are not 2.
_MINOR_DIGITS: Final[Mapping[str, int]] = {"JPY": 0, "KRW": 0, "VND": 0, "KWD": 3, "USDT": 6}


def minor_digits(currency: str) -> int:
    """Tell how many decimal digits the minor unit of a currency has (ISO 4217).

    >>> minor_digits("CNY"), minor_digits("JPY")
    (2, 0)
    """
    return _MINOR_DIGITS.get(currency, 2)


def money_text(amount_minor: int, currency: str = "CNY") -> str:
    """Write an amount in minor units as people read it.

    >>> money_text(8_400_000)
    'CNY 84,000.00'
    """
    digits = minor_digits(currency)
    sign = "-" if amount_minor < 0 else ""
    whole, rest = divmod(abs(amount_minor), 10**digits)
    decimals = f".{rest:0{digits}d}" if digits else ""
    return f"{currency} {sign}{whole:,}{decimals}"


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A row of an exhibit, as a spreadsheet numbers it (the first line of a file is row 1).

    The exhibit of a workbook's second and later sheets carries the sheet: ``E03/2``.

    >>> str(Place("E03", 1208)), Place.parse("E03/2:17")
    ('E03:1208', Place(exhibit='E03/2', row=17))
    """

    exhibit: str
    row: int

    def __str__(self) -> str:
        """Write the place as it stands in every ``evidence`` list."""
        return f"{self.exhibit}:{self.row}"

    @staticmethod
    def parse(text: str) -> Place:
        """Read a place as it stands in an ``evidence`` list; ValueError if it is none."""
        exhibit, _, row = text.rpartition(":")
        return Place(exhibit, int(row))


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that was not loaded: the offending column, what is wrong with it, what to do."""

    where: Place
    column: str | None
    what: str
    fix: str


@dataclass(frozen=True, slots=True)
class Batch:
    """Typed rows of one canonical table, as columns.

    ``frame`` holds one polars column for each canonical column that the source has, plus ``row``
    (Int64, the row of the exhibit). Text columns are String; times are Datetime("ms", "UTC");
    amounts are Int64 minor units in a column named ``<column>_minor``; account cells are
    ``platform:number``. ``read`` counts the source rows, so
    ``read == frame.height + len(rejects)``. The rows of a ``derived`` batch restate rows that
    another one counts.
    """

    table: str
    exhibit: str
    frame: pl.DataFrame
    read: int
    rejects: tuple[Reject, ...] = ()
    warnings: tuple[str, ...] = ()
    derived: bool = False


@dataclass(frozen=True, slots=True)
class NodeRows:
    """Nodes of one label as columns: ``id`` and the properties of that label."""

    label: str
    frame: pl.DataFrame


@dataclass(frozen=True, slots=True)
class LinkRows:
    """Links of one type between two labels as columns: ``source``, ``target``, properties."""

    type: str
    source_label: str
    target_label: str
    frame: pl.DataFrame


@dataclass(frozen=True, slots=True)
class GraphRows:
    """What one batch adds to the graph; nodes come before the links that need them."""

    nodes: tuple[NodeRows, ...]
    links: tuple[LinkRows, ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """The answer of an engine: column names in order, and rows as tuples."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Entity:
    """A node as read back from the graph."""

    label: str
    id: str
    properties: Mapping[str, Cell]

    @property
    def evidence(self) -> tuple[str, ...]:
        """The places that state this node, where its label carries them."""
        return _texts(self.properties.get("evidence"))


@dataclass(frozen=True, slots=True)
class Link:
    """A relationship as read back from the graph."""

    type: str
    source: str
    target: str
    properties: Mapping[str, Cell]

    @property
    def evidence(self) -> tuple[str, ...]:
        """The places that state this link; never empty."""
        return _texts(self.properties.get("evidence"))

    @property
    def basis(self) -> str:
        """Say whether a row records it, a person states it, or a rule infers it."""
        return str(self.properties.get("basis"))


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A row as it was written in the exhibit: its place, file, hash and cells by column."""

    place: str
    file: str
    sha256: str
    cells: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Innocent:
    """A harmless explanation of a finding, and the check that would tell, in both languages.

    Packs of officers may have it in one only.
    """

    id: str
    says: str
    check: str
    says_zh: str = ""
    check_zh: str = ""

    def said(self, language: Language) -> tuple[str, str]:
        """Give the explanation and the check in a language; in the first one if it lacks it.

        >>> Innocent("cash", "He paid in cash", "ask him", "他付了现金", "询问本人").said("zh")
        ('他付了现金', '询问本人')
        """
        chinese = language == "zh"
        return (chinese and self.says_zh) or self.says, (chinese and self.check_zh) or self.check


@dataclass(frozen=True, slots=True)
class Cut:
    """A hub at which a pack stopped, and how many links it did not follow there.

    >>> str(Cut("ip:192.0.2.1", 1200))
    'not followed beyond hub ip:192.0.2.1, 1,200 links'
    """

    hub: str
    links: int

    def __str__(self) -> str:
        """Say it as every finding does."""
        return f"not followed beyond hub {self.hub}, {self.links:,} links"

    @staticmethod
    def parse(text: str) -> Cut:
        """Read ``<hub> <links>`` as packs write it; ValueError if it is none."""
        hub, _, links = text.rpartition(" ")
        if not hub:
            raise ValueError(text)
        return Cut(hub, int(links))


@dataclass(frozen=True, slots=True)
class Finding:
    """One row of a pack's answer.

    ``key`` names the finding within its pack; ``nodes`` maps labels to the ids that a chart
    draws and ``links`` are (type, id, id) pairs, both read from the pack's ``[graph]``; ``cuts``
    are the hubs at which it stopped.
    """

    pack: str
    level: str
    key: str
    values: Mapping[str, Cell]
    evidence: tuple[str, ...]
    nodes: tuple[tuple[str, str], ...] = ()
    links: tuple[tuple[str, str, str], ...] = ()
    innocents: tuple[Innocent, ...] = ()
    cuts: tuple[Cut, ...] = ()


@dataclass(frozen=True, slots=True)
class Payee:
    """An account on the way of the money: how many hops from the victim, and what it received."""

    account: str
    layer: int
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Chain:
    """A chain from the seller of accounts to the victim and on to the money.

    ``amount_minor`` is what the victim paid to the first layer, never a sum over layers.
    """

    seller: str
    accounts: tuple[str, ...]
    operator_devices: tuple[str, ...]
    group: str
    victim: str
    payments: tuple[str, ...]
    receivers: tuple[Payee, ...]
    amount_minor: int
    currency: str
    evidence: tuple[str, ...]
    steps: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Property:
    """A declared property: its name, type, and what it means."""

    name: str
    type: PropertyType
    says: str = ""


@dataclass(frozen=True, slots=True)
class NodeType:
    """A declared label: names in English and Chinese, properties, the tables that fill it."""

    label: str
    zh: str
    says: str
    properties: tuple[Property, ...]
    tables: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LinkType:
    """A declared relationship type and its ends.

    ``event`` says that two links of this type may stand between the same two nodes; the others
    are unique by design, because one of their ends is made by a single row.
    """

    type: str
    zh: str
    says: str
    ends: tuple[tuple[str, str], ...]
    properties: tuple[Property, ...]
    tables: tuple[str, ...]
    event: bool


def _texts(cell: Cell) -> tuple[str, ...]:
    return tuple(str(item) for item in cell) if isinstance(cell, list) else ()


def _properties(spec: str) -> tuple[Property, ...]:
    """Read ``name:type`` words; a word without a type is text."""
    found: list[Property] = []
    for word in spec.split():
        name, _, kind = word.partition(":")
        found.append(Property(name, kind or "text"))  # type: ignore[arg-type]
    return tuple(found)


_EVIDENCE: Final = " evidence:texts basis"


def _node(label: str, zh: str, says: str, spec: str, tables: str, stated: bool = False) -> NodeType:
    properties = _properties("id " + spec + (_EVIDENCE if stated else ""))
    return NodeType(label, zh, says, properties, tuple(tables.split()))


def _link(
    type_: str, zh: str, says: str, ends: str, spec: str, tables: str, event: bool
) -> LinkType:
    pairs: list[tuple[str, str]] = []
    for pair in ends.split():
        source, _, target = pair.partition(">")
        pairs.append((source, target))
    rule = " rule confidence:float" if type_ in {"SAME_AS", "CONTROLS"} else ""
    properties = _properties(spec + _EVIDENCE + rule)
    return LinkType(type_, zh, says, tuple(pairs), properties, tuple(tables.split()), event)


NODE_TYPES: Final[Mapping[str, NodeType]] = {
    node.label: node
    for node in (
        _node(
            "Account",
            "账号",
            "A messaging, wallet or bank account",
            "platform number nickname holder_name kind registered_at:time status hub hub_rule "
            "aliases:texts",
            "accounts",
        ),
        _node(
            "Device",
            "设备",
            "A phone, tablet or computer",
            "kind model hub hub_rule aliases:texts",
            "logins devices",
        ),
        _node("IP", "IP地址", "A network address", "hub hub_rule", "logins"),
        _node("Phone", "手机号", "A telephone number", "aliases:texts", "accounts rebinds calls"),
        _node(
            "Group",
            "群",
            "A chat group",
            "group_name created_at:time dissolved_at:time hub hub_rule aliases:texts",
            "members",
        ),
        _node(
            "Message",
            "消息",
            "A message posted in a group",
            "at:time at_ms:int text_sha256 template",
            "messages",
            stated=True,
        ),
        _node(
            "Payment",
            "付款",
            "A transfer of money",
            "amount_minor:int currency at:time at_ms:int channel kind status memo reference",
            "payments",
            stated=True,
        ),
        _node("Seller", "号商", "A seller of accounts", "shop_name", "sellers listings sales"),
        _node(
            "Sale",
            "成交",
            "An account that changed hands for a price",
            "price_minor:int currency at:time at_ms:int condition",
            "sales",
            stated=True,
        ),
        _node(
            "Person",
            "人员",
            "A natural or legal person",
            "full_name role aliases:texts",
            "persons holdings",
        ),
        _node(
            "Report",
            "报案",
            "A report to the police",
            "at:time at_ms:int loss_minor:int currency station",
            "reports",
            stated=True,
        ),
        _node(
            "Penalty",
            "处罚",
            "A limit or ban that the platform imposed",
            "kind at:time at_ms:int",
            "penalties",
            stated=True,
        ),
        _node(
            "Notice",
            "通知",
            "What an institution answered or ordered about an account",
            "kind at:time at_ms:int until:time note",
            "notices",
            stated=True,
        ),
    )
}

_ENTITIES: Final = "Account>Account Person>Person Device>Device Phone>Phone Group>Group"

LINK_TYPES: Final[Mapping[str, LinkType]] = {
    link.type: link
    for link in (
        _link(
            "LOGGED_IN_ON",
            "登录设备",
            "The account was used on the device",
            "Account>Device",
            "at:time at_ms:int ip",
            "logins",
            True,
        ),
        _link(
            "LOGGED_IN_FROM",
            "登录地址",
            "The account was used from the address",
            "Account>IP",
            "at:time at_ms:int",
            "logins",
            True,
        ),
        _link(
            "BOUND_TO",
            "绑定",
            "A phone, bank card or wallet is bound to the account",
            "Account>Phone Account>Account",
            "at:time at_ms:int until:time",
            "accounts rebinds",
            True,
        ),
        _link(
            "MEMBER_OF",
            "入群",
            "The account was a member of the group",
            "Account>Group",
            "joined_at:time left_at:time role invited_by",
            "members",
            True,
        ),
        _link("POSTED", "发送", "Wrote the message", "Account>Message", "", "messages", False),
        _link("IN", "发于", "Posted in the group", "Message>Group", "", "messages", False),
        _link(
            "FRIEND_OF",
            "好友",
            "The account has the other in its list of contacts",
            "Account>Account",
            "name at:time at_ms:int",
            "contacts",
            True,
        ),
        _link(
            "CALLED",
            "通话",
            "The number called the other",
            "Phone>Phone",
            "at:time at_ms:int seconds:int kind",
            "calls",
            True,
        ),
        _link("SENT", "付出", "The account paid", "Account>Payment", "", "payments", False),
        _link("PAID_TO", "付给", "The account received", "Payment>Account", "", "payments", False),
        _link(
            "LISTED",
            "挂售",
            "The seller offered the account",
            "Seller>Account",
            "price_minor:int currency at:time at_ms:int",
            "listings",
            True,
        ),
        _link(
            "COLLECTS_AT",
            "收款于",
            "The seller is paid at the account",
            "Seller>Account",
            "",
            "sellers",
            True,
        ),
        _link("SOLD", "售出", "The seller made the sale", "Seller>Sale", "", "sales", False),
        _link("OF", "标的", "The account that was sold", "Sale>Account", "", "sales", False),
        _link("BOUGHT_BY", "买方", "The account of the buyer", "Sale>Account", "", "sales", False),
        _link("SETTLED_BY", "结算", "The payment for the sale", "Sale>Payment", "", "sales", False),
        _link(
            "HOLDS",
            "登记持有",
            "The person is the registered holder",
            "Person>Account",
            "since:time until:time",
            "accounts holdings",
            True,
        ),
        _link(
            "CONTROLS",
            "实际控制",
            "The person really uses the account",
            "Person>Account",
            "since:time until:time",
            "holdings",
            True,
        ),
        _link("FILED", "报案", "The person filed the report", "Person>Report", "", "reports", True),
        _link(
            "NAMES",
            "涉及",
            "The report names it",
            "Report>Account Report>Group Report>Payment",
            "",
            "reports",
            True,
        ),
        _link(
            "PENALISED",
            "受罚",
            "The platform penalised the account",
            "Account>Penalty",
            "",
            "penalties",
            False,
        ),
        _link("NOTED", "被通知", "The notice is about it", "Account>Notice", "", "notices", False),
        _link("SAME_AS", "疑似同一", "Suggested to be the same", _ENTITIES, "", "", True),
    )
}
