"""Telegram's own export (``result.json``): of one chat, or of a whole account.

``date`` is local and names no zone, so ``date_unixtime`` is used; old exports have the first only.
``from`` is null for deleted accounts, ``from_id`` was once a bare number, a text may be a list of
pieces, and service rows name new members without any number.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

from graphdb.evidence.chat import Message, chat_parts, chat_sheets, moment, texted
from graphdb.evidence.format import DocumentFormat, Sheet
from graphdb.evidence.json_stream import first, items, items_within
from graphdb.evidence.source import Source

_KINDS: Final = (
    r"personal_chat|bot_chat|saved_messages|private_(?:super)?group|public_(?:super)?group"
    r"|private_channel|public_channel"
)
_CHAT: Final = re.compile(rf'"type"\s*:\s*"(?:{_KINDS})"')
_CHATS: Final = tuple((chat, f"{chat}.messages.item") for chat in ("chats.list.item", "chats.item"))
_PRIVATE: Final = ("personal_chat", "bot_chat", "saved_messages")


def _recognises(source: Source) -> bool:
    head = source.head
    return head.lstrip()[:1] == "{" and '"messages"' in head and _CHAT.search(head) is not None


def _fields(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _sheets(source: Source, exhibit: str) -> Iterator[Sheet]:
    yield from chat_sheets(exhibit, _messages(source), "telegram")


def _messages(source: Source) -> Iterator[Message]:
    owner, said = None, _alone(source)
    if said is None:
        owner = texted(_fields(first(source, "personal_information")).get("user_id"))
        said = (one for within in _CHATS for one in items_within(source, *within))
    for row, (chat, one) in enumerate(said, start=1):
        yield _message(row, chat, _fields(one), owner)


def _alone(source: Source) -> Iterator[tuple[dict[str, Any], Any]] | None:
    """Give the messages of an export of one chat, each with what it says of the chat."""
    kind = first(source, "type")
    if kind is None:
        return None
    chat = {name: first(source, name) for name in ("name", "id")} | {"type": kind}
    return ((chat, one) for one in items(source, "messages.item"))


def _message(row: int, chat: dict[str, Any], one: dict[str, Any], owner: str | None) -> Message:
    in_group = chat.get("type") not in _PRIVATE
    number = texted(chat.get("id")) or "?"
    sender = None if one.get("type") == "service" else _account(one.get("from_id"))
    peer = None if in_group else f"telegram:{number}"
    # In a personal chat the other writer is the owner.
    own = sender is not None and (
        sender == f"telegram:{owner}" or (peer is not None and sender != peer)
    )
    kind = texted(one.get("media_type")) or ("photo" if one.get("photo") else None)
    return Message(
        row, moment(one.get("date_unixtime")) or texted(one.get("date")),
        number if in_group else None, texted(chat.get("name")) if in_group else None, peer,
        sender, texted(one.get("from")), kind or ("file" if one.get("file") else None),
        _text(one.get("text")), "1" if own else None,
    )  # fmt: skip


def _account(number: Any) -> str | None:
    """Name an account by ``user123``, ``channel123`` or, in old exports, 123."""
    written = texted(number)
    return None if written is None else f"telegram:{written.removeprefix('user')}"


def _text(said: Any) -> str | None:
    if isinstance(said, list):
        pieces = (one if isinstance(one, str) else texted(_fields(one).get("text")) for one in said)
        return "".join(piece for piece in pieces if piece) or None
    return texted(said)


FORMAT: Final = DocumentFormat(
    name="telegram",
    says="Telegram exports, of one chat or of a whole account (result.json)",
    leaves="the text of private chats (only who knew whom); files; who joined, told by names alone",
    recognises=_recognises,
    sheets=_sheets,
    arrange=chat_parts,
)
