"""WhatsApp chats exported as text, in the forms of all its clients and languages.

Lines begin with a date in the order of the phone's language, which the file does not tell: it is
the order in which all dates are possible and none goes back. Names are those of the
phone's contacts, so they are no keys; a number is. Messages run over several lines.
"""

import re
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import PurePosixPath
from typing import Final

from graphdb.evidence.chat import Message, chat_parts, chat_sheets, nameless
from graphdb.evidence.format import DocumentFormat, Sheet
from graphdb.evidence.source import Source

_MARKS: Final = "\u200e\u200f\u202a\u202c\ufeff"
_LINE: Final = re.compile(
    rf"^[{_MARKS}]*\[?(\d{{1,4}})[-./年](\d{{1,2}})[-./月](\d{{1,4}})日?,?\s+"
    r"(上午|下午|凌晨|早上|中午|晚上)?\s*(\d{1,2}):(\d{2})(?::(\d{2}))?"
    r"[\s\u202f]*([AaPp]\.?\s?[Mm]\.?)?\]?\s*(?:[-–]\s*)?(.*)$"
)
_SAID: Final = re.compile(rf"^[{_MARKS}]*([^:\n]{{1,80}}): ?(.*)$", re.DOTALL)
_NUMBER: Final = re.compile(r"^\+[\d\s\u00a0()-]{6,24}$")
_ORDERS: Final = {"year first": (0, 1, 2), "day first": (2, 1, 0), "month first": (2, 0, 1)}
_ENOUGH: Final = 2
_AFTER_NOON: Final = ("下午", "晚上", "中午")
_NOON: Final = 12
_CENTURY: Final = 100


def _recognises(source: Source) -> bool:
    lines = source.head.splitlines()[:40] if source.is_text else []
    begun = [found for line in lines if (found := _LINE.match(line)) is not None]
    spoken = [one for one in begun if _SAID.match(one[9])]
    # A table of times would match too, but has no line that somebody says.
    return (
        len(spoken) >= min(_ENOUGH, len(lines) or 1)
        and _LINE.match(lines[0]) is not None
        and "\t" not in lines[0]
    )


def _sheets(source: Source, exhibit: str) -> Iterator[Sheet]:
    order, warnings = _order(source)
    yield from chat_sheets(exhibit, _messages(source, exhibit, order), "whatsapp", warnings)


def _begun(source: Source) -> Iterator[tuple[int, str, re.Match[str] | None]]:
    number = 0
    for block in source.blocks():
        for line in block.split("\n"):
            number += 1
            yield number, line.rstrip("\r"), _LINE.match(line.rstrip("\r"))
        number -= block.endswith("\n")


def _order(source: Source) -> tuple[str, tuple[str, ...]]:
    """Tell the order of day, month and year by all dates of the file."""
    written = list(dict.fromkeys((f[1], f[2], f[3]) for _, _, f in _begun(source) if f is not None))
    possible = {}
    for name in _ORDERS:
        days = [_day(one, name) for one in written]
        if all(day is not None for day in days):
            known = [day for day in days if day is not None]
            possible[name] = sum(one > two for one, two in pairwise(known))
    if not possible:
        return "day first", ()
    best = min(possible, key=lambda name: possible[name])
    same = [name for name, back in possible.items() if back == possible[best]]
    if len(same) > 1:
        best = "day first" if "day first" in same else best
        return best, (f"the dates may be {' or '.join(same)}; they are taken as {best}",)
    return best, ()


def _day(written: tuple[str, str, str], order: str) -> date | None:
    year, month, day = (int(written[at]) for at in _ORDERS[order])
    if len(written[_ORDERS[order][0]]) == 3:
        return None
    try:
        return date(year + 2000 if year < _CENTURY else year, month, day)
    except ValueError:
        return None


def _messages(source: Source, exhibit: str, order: str) -> Iterator[Message]:
    group, name = _group(source, exhibit)
    held: tuple[int, str, str] | None = None
    for number, line, found in _begun(source):
        if found is None:
            if held is not None:
                held = (held[0], held[1], f"{held[2]}\n{line}")
            continue
        if held is not None:
            yield _message(held, exhibit, group, name)
        held = (number, _at(found, order), found[9])
    if held is not None:
        yield _message(held, exhibit, group, name)


def _at(found: re.Match[str], order: str) -> str:
    day = _day((found[1], found[2], found[3]), order)
    hour, half = int(found[5]), (found[8] or "").lower()[:1]
    if (half == "p" or found[4] in _AFTER_NOON) and hour < _NOON and hour + _NOON > hour:
        hour += _NOON
    elif (half == "a" or found[4] in ("上午", "凌晨")) and hour == _NOON:
        hour = 0
    return f"{day or found[1]} {hour:02d}:{found[6]}:{found[7] or '00'}"


def _message(held: tuple[int, str, str], exhibit: str, group: str, group_name: str) -> Message:
    number, at, said = held
    spoken = _SAID.match(said)
    if spoken is None:
        return Message(number, at, group, group_name)
    name = spoken[1].strip(_MARKS + " ~")
    is_number = _NUMBER.match(name) is not None
    digits = re.sub(r"[^\d+]", "", name)
    sender = f"whatsapp:{digits}" if is_number else nameless("whatsapp", exhibit, name or "?")
    text = spoken[2].strip(_MARKS).strip()
    return Message(
        number, at, group, group_name, None, sender, None if is_number else name, None, text
    )


def _group(source: Source, exhibit: str) -> tuple[str, str]:
    """Name the chat after the file: the text itself names none."""
    stem = PurePosixPath(source.name.replace("\\", "/")).stem
    name = re.sub(r"^(?:_chat|WhatsApp Chat (?:with|-)|与|與)\s*", "", stem) or stem
    return f"{exhibit}/{name}", name


FORMAT: Final = DocumentFormat(
    name="whatsapp",
    says="WhatsApp chats exported as text, with any order of day, month and year",
    leaves="files; who joined and left; whether the chat was private (the text does not say it)",
    recognises=_recognises,
    sheets=_sheets,
    arrange=chat_parts,
)
