"""The formats that can be read, each one file; the door asks them in order.

A stranger's format plugs in by the entry point group ``linkwright.formats``: an object with the
shape of ``Format``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import entry_points
from typing import Final

from graphdb.evidence.formats import wechat_bill
from graphdb.evidence.reading import Reading


@dataclass(frozen=True, slots=True)
class Format:
    """A format of a text file: how it is told by its content, and how it is read."""

    name: str
    recognises: Callable[[str], bool]
    read: Callable[[str, str], Reading]
    skip: Callable[[str], int]


FORMATS: Final = (
    Format(wechat_bill.NAME, wechat_bill.recognises, wechat_bill.read, wechat_bill.preamble_lines),
)


def known_formats() -> tuple[Format, ...]:
    """Give our formats, then those of installed strangers in order of their names."""
    strangers = sorted(entry_points(group="linkwright.formats"), key=lambda point: point.name)
    return (*FORMATS, *(point.load() for point in strangers))
