"""QQ chats: the text that the old client exports, and the JSON of qq-chat-exporter (V4).

The text names a writer as ``name(number)``, ``name<mail>`` or by a name alone, which is no key. It
names a group, but not its number, so such a group is that of this exhibit.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from graphdb.evidence.chat import Message, chat_parts, chat_sheets, moment, nameless, texted
from graphdb.evidence.format import DocumentFormat, Sheet
from graphdb.evidence.json_stream import first, items
from graphdb.evidence.source import Source

_SECTION: Final = re.compile(r"^消息(分组|对象)\s*[:：]\s*(.*)$")
_WRITER: Final = re.compile(r"^(\d{4}-\d{2}-\d{2} \d{1,2}:\d{2}:\d{2})\s+(.*)$")
_NUMBERED: Final = re.compile(r"^(.*)[(<]([^()<>]+)[)>]$")
_RULE: Final = re.compile(r"^={8,}$")
_SYSTEM: Final = "10000"
_LEAVES: Final = (
    "the text of private chats (only who knew whom); pictures, files; recalled messages"
)


def _is_text(source: Source) -> bool:
    lines = source.head.splitlines()[:60]
    titles = [line for line in lines if _SECTION.match(line.lstrip("\ufeff"))]
    return bool(titles) and source.is_text and any(_WRITER.match(line) for line in lines)


@dataclass(slots=True)
class _Chat:
    """The chat that the lines being read belong to."""

    kind: str = ""
    name: str = ""

    def of(self, exhibit: str) -> tuple[str | None, str | None, str | None]:
        """Give the group, its name, and the peer of a private chat."""
        if "好友" in self.kind or "陌生人" in self.kind:
            return None, None, nameless("qq", exhibit, self.name or "?")
        return f"{exhibit}/{self.name or '?'}", self.name or None, None


def _text_messages(source: Source, exhibit: str) -> Iterator[Message]:
    chat, held, body, number = _Chat(), None, list[str](), 0
    for block in source.blocks():
        for line in block.splitlines():
            number += 1
            section = _SECTION.match(line.lstrip("\ufeff"))
            writer = _WRITER.match(line)
            if section is None and writer is None:
                if not _RULE.match(line):
                    body.append(line)
                continue
            if held is not None:
                yield _message(held, body, exhibit)
            held, body = None, []
            if writer is not None:
                held = (number, writer[1], writer[2].strip(), _Chat(chat.kind, chat.name))
            elif section is not None and section[1] == "分组":
                chat.kind = section[2].strip()
            elif section is not None:
                chat.name = section[2].strip()
    if held is not None:
        yield _message(held, body, exhibit)


def _message(held: tuple[int, str, str, _Chat], body: list[str], exhibit: str) -> Message:
    number, at, writer, chat = held
    group, group_name, peer = chat.of(exhibit)
    known = _NUMBERED.match(writer)
    name = known[1] if known else writer
    sender = f"qq:{known[2]}" if known else nameless("qq", exhibit, name or "?")
    if known and known[2] == _SYSTEM:
        sender = ""
    # In a private chat all that the peer did not write is the owner's.
    own = "1" if group is None and name != chat.name else None
    peer = sender if group is None and own is None else peer
    text = "\n".join(body).strip() or None
    return Message(number, at, group, group_name, peer, sender or None, name or None, None, text,
                   own)  # fmt: skip


def _text_sheets(source: Source, exhibit: str) -> Iterator[Sheet]:
    yield from chat_sheets(exhibit, _text_messages(source, exhibit), "qq")


def _is_v4(source: Source) -> bool:
    head = source.head
    return head.lstrip()[:1] == "{" and '"chatInfo"' in head and '"metadata"' in head


def _fields(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _v4_sheets(source: Source, exhibit: str) -> Iterator[Sheet]:
    chat = _fields(first(source, "chatInfo"))
    in_group = chat.get("type") not in ("private", "friend", 1)
    name = texted(chat.get("name"))
    number = texted(chat.get("peerUin")) or texted(chat.get("peerUid")) or texted(chat.get("uin"))
    group = number or f"{exhibit}/{name or '?'}"
    own = texted(chat.get("selfUin")) or texted(chat.get("selfUid"))

    def messages() -> Iterator[Message]:
        for row, one in enumerate(map(_fields, items(source, "messages.item")), start=1):
            sender, content = _fields(one.get("sender")), _fields(one.get("content"))
            raw = _fields(one.get("rawMessage"))
            uin = texted(sender.get("uin")) or texted(raw.get("senderUin"))
            by = uin or texted(sender.get("uid"))
            nick = texted(raw.get("sendMemberName")) or texted(raw.get("sendNickName"))
            is_note = one.get("messageType") == "system" or not by or by == "0"
            at = moment(one.get("timestamp"))
            yield Message(
                row, at, group if in_group else None, name if in_group else None,
                None if in_group or not number else f"qq:{number}",
                None if is_note else f"qq:{by}", texted(sender.get("name")) or nick,
                texted(one.get("messageType")), texted(content.get("text")),
                "1" if by and by == own else None,
            )  # fmt: skip

    yield from chat_sheets(exhibit, messages(), "qq")


FORMATS: Final = (
    DocumentFormat("qq_text", "QQ chats exported as text (TXT)", _LEAVES, _is_text, _text_sheets,
                   chat_parts),
    DocumentFormat("qq_json", "qq-chat-exporter V4 (JSON)", _LEAVES, _is_v4, _v4_sheets,
                   chat_parts),
)  # fmt: skip
