"""Captions: text from evidence made safe to look at, times in the chart's zone, short money."""

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Final

from graphdb.model import Entity, money_text

# Chinese civil time has had no daylight saving since 1992, so a fixed offset is exact.
ZONE: Final = timezone(timedelta(hours=8))
ZONE_NAME: Final = "UTC+08:00"
_CAPTION_WIDTH: Final = 22
_NAMES: Final = ("nickname", "holder_name", "group_name", "full_name", "shop_name")

# Controls, lone surrogates, line separators, zero-width marks and bidi controls: a nickname that
# holds one can read as another name, or turn the text around it. A joiner after a pictograph
# only composes an emoji and stays.
_UNSEEN: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200c\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
    "|(?<![\U0001f000-\U0001faff\u2600-\u27bf\ufe0f])\u200d"
)


def visible(text: str) -> str:
    r"""Show the characters that cannot be seen, so that no text reads as another.

    >>> visible("abc\u202etxt.exe")
    'abc⟨U+202E⟩txt.exe'
    """
    return _UNSEEN.sub(lambda found: f"⟨U+{ord(found[0]):04X}⟩", text)


def shortened(text: str, width: int = _CAPTION_WIDTH) -> str:
    """Cut a long text in its middle, because numbers differ at their ends; CJK counts double.

    >>> shortened("bank:6200000000000201", 16)
    'bank:6200…000201'
    """
    if _width(text) <= width:
        return text
    head, tail = text, ""
    while tail != text[-len(tail) - 1 :] and _width(tail) < (width - 1) * 2 // 5:
        tail = text[-len(tail) - 1 :]
    while _width(head) > width - 1 - _width(tail):
        head = head[:-1]
    return f"{head}…{tail}"


def _width(text: str) -> int:
    return sum(2 if ord(letter) >= 0x2E80 else 1 for letter in text)


def caption_of(entity: Entity) -> str:
    """Name an entity by its own name and, on a second line, its id."""
    names = (entity.properties.get(name) for name in _NAMES)
    name = next((str(found).strip() for found in names if found not in (None, "")), "")
    label = shortened(visible(entity.id))
    return f"{shortened(visible(name))}\n{label}" if name and name != entity.id else label


def local(at: str, *, day_only: bool = False) -> str:
    """Write a time of the graph as the chart's zone has it; text that is no time stays.

    >>> local("2025-02-13T06:10:00.000Z"), local("2025-02-13T18:10:00.000Z", day_only=True)
    ('2025-02-13 14:10:00', '2025-02-14')
    """
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        return visible(at)
    shown = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(ZONE)
    return shown.strftime("%Y-%m-%d" if day_only else "%Y-%m-%d %H:%M:%S")


def money(amount_minor: int, currency: str) -> str:
    """Write an amount, with the sign that the chart's readers know where there is one.

    >>> money(8_400_000, "CNY"), money(100, "USD")
    ('¥84,000.00', 'USD 1.00')
    """
    written = money_text(amount_minor, currency)
    return written.replace("CNY ", "¥") if currency == "CNY" else visible(written)
