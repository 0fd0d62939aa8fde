"""A file of evidence being looked at: what it is by its content, and its text, block by block."""

import codecs
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from typing import AnyStr, Final

from graphdb.errors import InputRefused
from graphdb.evidence.doubt import Doubt, doubt_of
from graphdb.evidence.grid import DELIMITERS, Grid, delimited_grid
from graphdb.evidence.markup import is_markup, markup_grids
from graphdb.evidence.text import encoding_of
from graphdb.evidence.together import BYTES_TOGETHER
from graphdb.evidence.workbook import is_workbook, workbook_grids

_HEAD: Final = 1 << 16


@dataclass(frozen=True)
class Source:
    """A file: where its bytes are, and its name as it was received (with folders, if any).

    A name is never proof of a format; some returns carry their subject in the folder names.
    ``encoding`` is what the officer says it is; None lets the file tell.
    """

    path: Path
    name: str
    encoding: str | None = None

    @cached_property
    def is_workbook(self) -> bool:
        """Tell by its content whether the file is a spreadsheet (XLSX, XLSB, XLS or ODS)."""
        return is_workbook(self.path)

    @cached_property
    def members(self) -> tuple[str, ...]:
        """Name what is in a ZIP archive that is no spreadsheet; empty for any other file."""
        if self.is_workbook:
            return ()
        try:
            with zipfile.ZipFile(self.path) as archive:
                return tuple(archive.namelist())
        except (zipfile.BadZipFile, NotImplementedError, OSError):
            return ()

    @property
    def is_text(self) -> bool:
        """Tell whether the file is read as text."""
        return not self.is_workbook and not self.members

    @cached_property
    def head(self) -> str:
        """Give the first 64 KB of a text, without its byte-order mark; '' for anything else."""
        return next(self.pieces(_HEAD), "") if self.is_text else ""

    @cached_property
    def doubt(self) -> Doubt | None:
        """Give a word of a text that may be in another encoding; None where nothing speaks for it.

        What the officer says, and a mark, leave no doubt.
        """
        if not self.is_text or self.encoding or self._coded[1]:
            return None
        return doubt_of(self.path, self.head, self._coded[0])

    def begins(self, *marks: str) -> bool:
        """Tell whether a text begins so; a cell further on may hold anything."""
        return self.head.lstrip("\ufeff \t\r\n").startswith(marks)

    def blocks(self, size: int = BYTES_TOGETHER) -> Iterator[str]:
        """Decode a text strictly, in blocks of whole lines of about ``size`` bytes.

        Raises:
            InputRefused: the file is missing, empty, binary, or does not decode.
        """
        yield from _whole_lines(self.pieces(size), "\n")

    def pieces(self, size: int) -> Iterator[str]:
        """Decode a text strictly, in pieces of about ``size`` bytes that end anywhere.

        Raises:
            InputRefused: as ``blocks``.
        """
        code, skip = self._coded
        # encoding_of has decoded the whole file once: this cannot fail.
        decoder = codecs.getincrementaldecoder(code)("strict")
        with self.path.open("rb") as file:
            file.seek(skip)
            while raw := file.read(size):
                yield decoder.decode(raw)

    def lines(self) -> Iterator[bytes]:
        """Give a text as UTF-8, in blocks of whole lines: what is UTF-8 already is not decoded.

        Raises:
            InputRefused: as ``blocks``.
        """
        code, skip = self._coded
        if code != "utf-8":
            yield from (block.encode() for block in self.blocks())
            return
        with self.path.open("rb") as file:
            file.seek(skip)
            pieces = iter(partial(file.read, BYTES_TOGETHER), b"")
            yield from _whole_lines(pieces, b"\n")

    def text(self) -> str:
        """Decode a whole text; for formats that cannot be read by lines."""
        return "".join(self.pieces(BYTES_TOGETHER))

    def grids(self, exhibit: str, delimiter: str | None = None) -> tuple[Grid, ...]:
        """Give the tables of cells: one of a delimited text, all of a document or workbook.

        A ZIP archive has none.
        """
        if self.is_workbook:
            return tuple(
                replace(grid, exhibit=exhibit + grid.exhibit) for grid in self._workbook_grids
            )
        if not self.is_text:
            return ()
        if is_markup(self.head):
            return markup_grids(self.text(), exhibit)
        return (delimited_grid(self.head, self.lines, exhibit, delimiter),)

    def grids_by_marks(self, exhibit: str) -> Iterator[Grid]:
        """Give the cells of a delimited text by each mark that may part them; else nothing."""
        if self.is_text and not is_markup(self.head):
            for mark in DELIMITERS:
                yield delimited_grid(self.head, self.lines, exhibit, mark)

    @cached_property
    def _workbook_grids(self) -> tuple[Grid, ...]:
        # Once: several formats look at them before one reads them.
        return workbook_grids(self.path, "")

    @cached_property
    def _coded(self) -> tuple[str, int]:
        try:
            return encoding_of(self.path, self.encoding)
        except FileNotFoundError as error:
            raise InputRefused(
                "no such file", where=str(self.path), fix="check the path"
            ) from error
        except OSError as error:
            raise InputRefused(
                f"the file cannot be read: {error.strerror}",
                where=str(self.path),
                fix="check the file",
            ) from error


def _whole_lines(pieces: Iterator[AnyStr], end: AnyStr) -> Iterator[AnyStr]:
    r"""Cut a text that comes in pieces into blocks of whole lines; the last may lack its end.

    >>> [*_whole_lines(iter(["a\nb", "c", "\nd", "e"]), "\n")]
    ['a\n', 'bc\n', 'de']
    """
    rest, piece = end[:0], next(pieces, None)
    while piece is not None:
        following = next(pieces, None)
        # A last line without an end is no block of its own.
        at = len(piece) if following is None else piece.rfind(end) + 1
        if at:
            yield rest + piece[:at]
            rest = piece[at:]
        else:
            rest += piece
        piece = following
