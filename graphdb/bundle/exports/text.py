"""Texts of exports: amounts, times and lists, written so that they read back as what they were."""

import json
import re
from datetime import datetime, timedelta, timezone
from typing import Final

from graphdb.model import Cell, minor_digits

# Chinese civil time has had no daylight saving since 1992, so a fixed offset is exact.
ZONE: Final = timezone(timedelta(hours=8))
_NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# What cannot be seen: marks of zero width and of direction, by which a name reads as another.
_UNSEEN: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff"
    "\ud800-\udfff\ufffe\uffff]"
)


def major(amount_minor: int, currency: str) -> str:
    """Write an amount in major units, exactly and without separators.

    >>> major(9_007_199_254_740_993, "CNY"), major(-5, "CNY"), major(7, "JPY")
    ('90071992547409.93', '-0.05', '7')
    """
    digits = minor_digits(currency)
    whole, rest = divmod(abs(amount_minor), 10**digits)
    sign = "-" if amount_minor < 0 else ""
    return f"{sign}{whole}.{rest:0{digits}d}" if digits else f"{sign}{whole}"


def local(at: str) -> datetime | None:
    """Read a time of the graph into UTC+08:00; nothing where the text is no time.

    >>> str(local("2025-03-01T18:00:00.250Z"))
    '2025-03-02 02:00:00.250000+08:00'
    """
    try:
        return datetime.fromisoformat(at).astimezone(ZONE)
    except ValueError:
        return None


def xml_text(text: str) -> str:
    r"""Show what XML cannot hold; everything else stays as it is.

    >>> xml_text("a\x00b")
    'a⟨U+0000⟩b'
    """
    return _NOT_XML.sub(lambda found: f"⟨U+{ord(found[0]):04X}⟩", text)


def shown(text: str) -> str:
    r"""Show the characters that cannot be seen, for texts that people read.

    >>> shown("abc\u202etxt.exe")
    'abc⟨U+202E⟩txt.exe'
    """
    return _UNSEEN.sub(lambda found: f"⟨U+{ord(found[0]):04X}⟩", text)


def written(name: str, cell: Cell) -> str:
    """Write a property as one text: places with semicolons, other lists as JSON.

    >>> written("evidence", ["E01:2", "E01:7"]), written("aliases", ["a;b"])
    ('E01:2; E01:7', '["a;b"]')
    """
    if isinstance(cell, list):
        if name == "evidence":
            return "; ".join(str(place) for place in cell)
        return json.dumps(cell, ensure_ascii=False)
    return "" if cell is None else str(cell)
