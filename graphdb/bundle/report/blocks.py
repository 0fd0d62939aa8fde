"""What a report is made of: headings, paragraphs, tables and pictures, in two languages."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from graphdb.bundle.exports.text import shown

Language: TypeAlias = Literal["zh", "en", "both"]


@dataclass(frozen=True, slots=True)
class Words:
    """A text in Chinese and English."""

    zh: str
    en: str

    def said(self, language: Language, between: str = "\n") -> str:
        """Give the text in a language, or in both, Chinese first.

        >>> Words("证物", "exhibits").said("both", " ")
        '证物 exhibits'
        """
        if language == "both":
            return shown(self.zh if self.zh == self.en else f"{self.zh}{between}{self.en}")
        return shown(self.zh if language == "zh" else self.en)


Cell: TypeAlias = "str | Words"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 begins a chapter."""

    level: int
    says: Words


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; a ``note`` stands in small type."""

    says: Words
    is_note: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table; ``widths`` are shares of the page, ``right`` the columns of numbers."""

    head: tuple[Words, ...]
    rows: tuple[tuple[Cell, ...], ...]
    widths: tuple[int, ...]
    right: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that takes a page across, as PNG."""

    png: bytes
    says: Words


Block: TypeAlias = "Heading | Paragraph | Table | Picture"


@dataclass(frozen=True, slots=True)
class Report:
    """A report; ``as_of`` is the time of the last entry of the case log, never the clock's."""

    title: Words
    case: str
    as_of: str
    blocks: tuple[Block, ...]


def cell_text(cell: Cell, language: Language) -> str:
    """Give the text of a cell."""
    return cell.said(language) if isinstance(cell, Words) else shown(cell)
