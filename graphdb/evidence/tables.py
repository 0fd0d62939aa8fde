"""The canonical tables: what an officer may bring, declared once.

Everything else about them is derived from here: recognition by headers, typing, the page of
tables in the docs.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

Kind: TypeAlias = Literal["account", "group", "id", "text", "money", "time", "currency"]

CURRENCIES: Final[Mapping[str, str]] = {
    "RMB": "CNY",
    "人民币": "CNY",
    "人民币元": "CNY",
    "156": "CNY",
    "¥": "CNY",
    "￥": "CNY",
    "元": "CNY",
}

PLATFORMS: Final[Mapping[str, str]] = {
    "微信": "wechat",
    "财付通": "tenpay",
    "支付宝": "alipay",
    "银行": "bank",
}


@dataclass(frozen=True, slots=True)
class Column:
    """A canonical column: its kind, its Chinese headers, and the words it may hold.

    ``words`` maps what people write to the canonical word; a ``closed`` column takes no others.
    """

    name: str
    kind: Kind
    required: bool = False
    aliases: tuple[str, ...] = ()
    words: Mapping[str, str] = field(default_factory=dict)
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A canonical table and its columns; ``told_by`` are columns of which it needs one more."""

    name: str
    says: str
    columns: tuple[Column, ...]
    told_by: frozenset[str] = frozenset()

    @property
    def required(self) -> frozenset[str]:
        """The columns without which a file is not this table."""
        return frozenset(column.name for column in self.columns if column.required)

    def column(self, name: str) -> Column:
        """Give a column by its name; KeyError if there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


_KINDS: Final[Mapping[str, Kind]] = {
    "account": "account", "from_account": "account", "to_account": "account",
    "bound_account": "account", "invited_by": "account", "collects_at": "account",
    "buyer": "account", "group": "group", "amount": "money", "price": "money", "loss": "money",
    "balance_after": "money", "at": "time", "registered_at": "time", "joined_at": "time",
    "left_at": "time", "group_created_at": "time", "group_dissolved_at": "time", "since": "time",
    "until": "time", "currency": "currency", "name": "text", "holder_name": "text", "memo": "text",
    "text": "text", "group_name": "text", "names": "text", "condition": "text", "station": "text",
    "friend": "account", "note": "text", "from_name": "text", "to_name": "text",
    "role": "text", "kind": "text", "status": "text", "channel": "text", "relation": "text",
    "basis": "text", "device_kind": "text", "model": "text",
}  # fmt: skip

_ZH: Final[Mapping[str, tuple[str, ...]]] = {
    "account": ("账号", "帐号"), "name": ("名称", "昵称"), "registered_at": ("注册时间",),
    "phone": ("手机号",), "holder": ("证件号",), "holder_name": ("姓名",), "status": ("状态",),
    "bound_account": ("绑定账号",), "device": ("设备",), "at": ("时间",), "ip": ("IP地址",),
    "device_kind": ("设备类型",), "group": ("群号",), "joined_at": ("入群时间",),
    "left_at": ("退群时间",), "role": ("角色",), "invited_by": ("邀请人",),
    "group_name": ("群名称",), "group_created_at": ("建群时间",),
    "group_dissolved_at": ("解散时间",), "text": ("内容",), "payment": ("交易单号",),
    "from_account": ("付款账号",), "to_account": ("收款账号",), "amount": ("金额", "金额(元)"),
    "currency": ("币种",), "channel": ("渠道",), "memo": ("备注",), "balance_after": ("余额",),
    "seller": ("卖家",), "collects_at": ("收款账户",), "price": ("价格",), "buyer": ("买家",),
    "condition": ("账号条件",), "sale": ("成交号",), "person": ("人员",), "relation": ("关系",),
    "basis": ("依据",), "since": ("起始时间",), "until": ("截止时间",), "report": ("报案号",),
    "loss": ("损失金额",), "names": ("涉及对象",), "station": ("受案单位",), "kind": ("类型",),
    "model": ("型号",), "platform": ("平台",), "friend": ("好友账号",), "note": ("说明",),
    "caller": ("主叫号码",), "callee": ("被叫号码",), "seconds": ("通话时长",),
    "from_name": ("付款方户名",), "to_name": ("收款方户名",), "reference": ("商户单号",),
}  # fmt: skip

_OWN_ZH: Final[Mapping[tuple[str, str], tuple[str, ...]]] = {
    ("payments", "at"): ("交易时间",),
    ("payments", "kind"): ("交易类型",),
    ("logins", "at"): ("登录时间",),
    ("messages", "at"): ("发送时间",),
    ("devices", "kind"): ("设备类型",),
    ("persons", "name"): ("姓名",),
}

_WORDS: Final[Mapping[tuple[str, str], tuple[bool, Mapping[str, str]]]] = {
    ("accounts", "kind"): (
        False,
        {"新号": "new", "老号": "aged", "半实名": "semi_verified", "实名": "verified"},
    ),
    ("penalties", "kind"): (
        True,
        {"功能限制": "feature_limit", "限制登录": "login_limit", "封号": "ban"},
    ),
    ("holdings", "relation"): (True, {"持有": "holds", "控制": "controls"}),
    ("holdings", "basis"): (
        True,
        {"记录": "recorded", "陈述": "stated", "推断": "inferred"},
    ),
    ("persons", "role"): (
        True,
        {"受害人": "victim", "嫌疑人": "suspect", "证人": "witness"},
    ),
    ("payments", "kind"): (
        False,
        {
            "转账": "transfer",
            "红包": "red_packet",
            "消费": "purchase",
            "取现": "cash",
            "退款": "refund",
        },
    ),
}


def _table(name: str, says: str, spec: str, told_by: str = "") -> Table:
    """Read a table from its column names; a star marks the required ones."""
    columns = []
    for word in spec.split():
        column = word.rstrip("*")
        closed, words = _WORDS.get((name, column), (False, {}))
        aliases = (*_ZH.get(column, ()), *_OWN_ZH.get((name, column), ()))
        kind = _KINDS.get(column, "id")
        columns.append(Column(column, kind, word.endswith("*"), aliases, words, closed))
    return Table(name, says, tuple(columns), frozenset(told_by.split()))


TABLES: Final[Mapping[str, Table]] = {
    table.name: table
    for table in (
        _table(
            "accounts",
            "accounts and their registered holders",
            "account* name kind registered_at phone holder holder_name status bound_account",
        ),
        _table("devices", "devices, where a register of them exists", "device* kind model status"),
        _table(
            "logins",
            "which account was used when, on which device or from which address",
            "account* at* device ip device_kind",
            told_by="device ip",
        ),
        _table(
            "members",
            "who was in which group",
            "group* account* joined_at left_at role invited_by group_name group_created_at "
            "group_dissolved_at",
        ),
        _table("messages", "what was posted in groups", "group* account* at* text*"),
        _table(
            "payments",
            "transfers of money",
            "payment* from_account* to_account* amount* at* currency channel kind status memo "
            "balance_after from_name to_name reference",
        ),
        _table("sellers", "sellers of accounts, where they are paid", "seller* name collects_at"),
        _table("listings", "accounts offered for sale", "seller* account* price currency at"),
        _table(
            "sales",
            "accounts sold",
            "seller* account* price currency at* buyer payment condition sale",
        ),
        _table("persons", "persons of the case", "person* name role"),
        _table("holdings", "who has an account", "person* account* relation basis since until"),
        _table(
            "rebinds",
            "phones and cards that an account was bound to",
            "account* phone bound_account at* until",
            told_by="phone bound_account",
        ),
        _table("contacts", "who is in whose list of contacts", "account* friend* name at"),
        _table("calls", "telephone calls", "caller* callee* at* seconds kind"),
        _table(
            "notices",
            "what an institution answered or ordered about an account: not found, closed, frozen",
            "account* kind* at until note",
            told_by="until note",
        ),
        _table("reports", "police reports", "report* person* loss currency at names station"),
        _table("penalties", "limits and bans by the platform", "account* kind* at*"),
    )
}  # fmt: skip
