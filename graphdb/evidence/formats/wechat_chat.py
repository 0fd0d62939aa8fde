"""WeChat chats as the usual tools export them: WeFlow and echotrace, PyWxDump, CipherTalk, ChatLab.

WeFlow writes the session first (a picture in it can make the head huge), then its messages; a
message of the owner may name no sender. PyWxDump names the room in every row. CipherTalk has
one column for the account, which is the partner's in a private chat.
"""

import json
import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any, Final

import polars as pl

from graphdb.evidence.chat import (
    HEADERS,
    Message,
    chat_parts,
    chat_sheets,
    moment,
    nameless,
    texted,
)
from graphdb.evidence.format import DocumentFormat, Part, Sheet, TableFormat
from graphdb.evidence.json_stream import first, items
from graphdb.evidence.layout import Layout
from graphdb.evidence.source import Source

_ROOM: Final = "@chatroom"
_LEAVES: Final = (
    "the text of private chats (only who knew whom); pictures, voices and files; recalled messages"
)
_WEFLOW: Final = re.compile(r'^\s*\{\s*(?s:.*)"session"\s*:\s*\{')
_CHATLAB: Final = re.compile(r'^\s*\{\s*(?s:.{0,200}?)"chatlab"\s*:\s*\{')


def _fields(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _is_weflow(source: Source) -> bool:
    head = source.head
    return head[:1] == "{" and _WEFLOW.match(head) is not None and '"wxid"' in head


def _weflow_sheets(source: Source, exhibit: str) -> Iterator[Sheet]:
    session = _fields(first(source, "session"))
    talker = texted(session.get("wxid"))
    in_group = (talker or "").endswith(_ROOM) or session.get("type") == "群聊"
    name = texted(session.get("displayName")) or texted(session.get("nickname"))
    me = nameless("wechat", exhibit, "owner")

    def messages() -> Iterator[Message]:
        for row, said in enumerate(map(_fields, items(source, "messages.item")), start=1):
            own = said.get("isSend") in (1, True, "1")
            wxid = texted(said.get("senderUsername"))
            # A note of the platform has neither a sender nor a way.
            known = f"wechat:{wxid}" if wxid and wxid != talker else None
            sender = known or (me if own else None)
            if sender is None and not in_group and said.get("isSend") in (0, False, "0"):
                sender = f"wechat:{talker}"
            yield Message(
                row, moment(said.get("createTime")) or texted(said.get("formattedTime")),
                talker if in_group else None, name if in_group else None,
                None if in_group else f"wechat:{talker}", sender,
                texted(said.get("senderDisplayName")), texted(said.get("type")),
                texted(said.get("content")), "1" if own else None,
            )  # fmt: skip

    yield from chat_sheets(exhibit, messages(), "wechat")


_PYWXDUMP: Final = Layout(
    {
        "at": ("CreateTime",), "kind": ("type_name",), "own": ("is_sender",),
        "talker": ("talker",), "room": ("room_name",), "text": ("msg",), "number": ("MsgSvrID",),
    },
    required=("at", "kind", "own", "talker", "room", "text"),
)  # fmt: skip


def _pywxdump(rows: pl.DataFrame, sheet: Sheet) -> Iterator[Part]:
    me = nameless("wechat", sheet.exhibit, "owner")
    in_group = pl.col("room").str.ends_with(_ROOM)
    own = pl.col("own") == "1"
    talker = pl.col("talker")
    seconds = pl.col("at").str.extract(r"^(\d{10})$").cast(pl.Int64)
    at = pl.from_epoch(seconds).dt.strftime("%Y-%m-%dT%H:%M:%SZ")
    is_note = pl.col("kind").str.contains("系统").fill_null(value=False)
    messages = rows.select(
        "row", "kind", "text",
        at=pl.coalesce(at, "at"),
        group=pl.when(in_group).then("room"),
        group_name=pl.lit(None, dtype=pl.String),
        peer=pl.when(~in_group).then("wechat:" + pl.col("room")),
        sender=pl.when(~is_note).then(
            pl.when(own & (talker.is_null() | (talker == "我"))).then(pl.lit(me))
            .otherwise("wechat:" + talker)
        ),
        name=pl.lit(None, dtype=pl.String),
        own=pl.when(own).then(pl.lit("1")),
    )  # fmt: skip
    yield from _talked(messages, sheet)


def _talked(messages: pl.DataFrame, sheet: Sheet) -> Iterator[Part]:
    about = {**sheet.about, "platform": "wechat"}
    whole = Sheet(sheet.exhibit, HEADERS, messages, about)
    yield from chat_parts(messages.select("row", *HEADERS), whole)


_CIPHERTALK: Final = Layout(
    {
        "at": ("时间戳",), "written": ("时间",), "name": ("发送者",), "wxid": ("微信ID",),
        "kind": ("消息类型",), "text": ("消息内容",), "code": ("原始类型代码",),
    },
    required=("written", "name", "wxid", "kind", "text"),
)  # fmt: skip


def _ciphertalk(rows: pl.DataFrame, sheet: Sheet) -> Iterator[Part]:
    """Give a talk: more accounts than one are those of a group, which the file alone names."""
    wxid, name = pl.col("wxid"), pl.col("name")
    room = wxid.str.ends_with(_ROOM)
    many = rows["wxid"].n_unique() > 1
    file = PurePosixPath(sheet.about["file"]).stem
    me = nameless("wechat", sheet.exhibit, "owner")
    own = name == "我"
    by_name = f"wechat:{sheet.exhibit}/" + name
    seconds = pl.from_epoch(pl.col("at").str.extract(r"^(\d{10})").cast(pl.Int64))
    messages = rows.select(
        "row", "name", "kind", "text",
        at=pl.coalesce(seconds.dt.strftime("%Y-%m-%dT%H:%M:%SZ"), "written"),
        group=pl.when(room).then(wxid).when(pl.lit(many)).then(pl.lit(f"{sheet.exhibit}/{file}")),
        group_name=pl.lit(file if many else None, dtype=pl.String),
        peer=pl.when(~room & ~pl.lit(many)).then("wechat:" + wxid),
        sender=pl.when(own).then(pl.lit(me)).when(room).then(by_name)
        .otherwise("wechat:" + wxid),
        own=pl.when(own).then(pl.lit("1")),
    )  # fmt: skip
    yield from _talked(messages, sheet)


def _is_chatlab(source: Source) -> bool:
    return _CHATLAB.match(source.head) is not None


def _chatlab_sheets(source: Source, exhibit: str) -> Iterator[Sheet]:
    """Read ChatLab's own form: a document, or its head and then a line for each thing."""
    by_line = "\n" in source.head.strip() and '"_type"' in source.head
    meta = _fields(first(source, "meta") if not by_line else _head_line(source).get("meta"))
    platform = texted(meta.get("platform")) or "chat"
    in_group = meta.get("type") != "private"
    group = texted(meta.get("groupId")) or f"{exhibit}/{texted(meta.get('name')) or 'group'}"

    def messages() -> Iterator[Message]:
        rows = _by_line(source) if by_line else enumerate(items(source, "messages.item"), start=1)
        for row, said in rows:
            sender = texted(_fields(said).get("sender"))
            yield Message(
                row, moment(said.get("timestamp")), group if in_group else None,
                texted(meta.get("name")) if in_group else None, None,
                f"{platform}:{sender}" if sender and sender != "system" else None,
                texted(said.get("groupNickname")) or texted(said.get("accountName")),
                texted(said.get("type")), texted(said.get("content")),
                "1" if sender == texted(meta.get("ownerId")) else None,
            )  # fmt: skip

    yield from chat_sheets(exhibit, messages(), platform)


def _head_line(source: Source) -> dict[str, Any]:
    return _line(source.head.lstrip("\ufeff \r\n").partition("\n")[0])


def _line(text: str) -> dict[str, Any]:
    try:
        return _fields(json.loads(text))
    except (ValueError, RecursionError):
        return {"_type": "broken"}


def _by_line(source: Source) -> Iterator[tuple[int, dict[str, Any]]]:
    number = 0
    for block in source.blocks():
        for text in block.splitlines():
            number += 1
            said = _line(text) if text.strip() else {}
            if said.get("_type") == "message":
                yield number, said
            elif said.get("_type") == "broken":
                # The door rejects it by its time and quotes it.
                yield number, {"sender": "?", "timestamp": "this line is no JSON"}


FORMATS: Final = (
    DocumentFormat("weflow", "WeFlow and echotrace exports of WeChat (JSON)", _LEAVES,
                   _is_weflow, _weflow_sheets, chat_parts),
    DocumentFormat("chatlab", "ChatLab exports of any platform (JSON, JSON Lines)", _LEAVES,
                   _is_chatlab, _chatlab_sheets, chat_parts),
    TableFormat("pywxdump", "PyWxDump exports of WeChat (CSV)", _LEAVES, _PYWXDUMP, _pywxdump),
    TableFormat("ciphertalk", "CipherTalk exports of WeChat (XLSX, CSV)", _LEAVES, _CIPHERTALK,
                _ciphertalk),
)  # fmt: skip
