"""A grid: cells as they stand in a file, before anything is known about its columns."""

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import polars as pl

from graphdb.errors import InputRefused, quoted
from graphdb.model import Place

DELIMITERS: Final = (",", "\t", ";", "|")
# A header stands below the preamble of a bill, which has no more lines than this.
HEAD_RECORDS: Final = 60
_QUOTED: Final = re.compile(r'(?:^|(?<=[,\t;|]))"(?:[^"]|"")*"(?=[,\t;|]|$)')
_LINES: Final = re.compile("\r\n|\r|\n")

# A text as UTF-8, in blocks of whole lines.
Blocks = Callable[[], Iterator[bytes]]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of cells: one of a delimited text, or a sheet of a workbook.

    ``head`` holds its first records; ``chunks`` gives all of them as frames of ``row`` (Int64, the
    record, from 1) and ``c0``, ``c1``, ... (String, as written, null beyond the end of a record),
    each chunk as wide as its widest record. ``chunks(quoting=False)`` takes quotes as characters.
    """

    exhibit: str
    name: str
    head: tuple[tuple[str, ...], ...]
    _chunks: Callable[[bool], Iterator[pl.DataFrame]] = field(repr=False)
    delimiter: str = ","

    def chunks(self, *, quoting: bool = True) -> Iterator[pl.DataFrame]:
        """Give the records, in order."""
        return self._chunks(quoting)


def delimited_grid(head: str, blocks: Blocks, exhibit: str, delimiter: str | None) -> Grid:
    r"""Give the cells of a delimited text.

    >>> text = "a,b\n1,2\n3\n"
    >>> grid = delimited_grid(text, lambda: iter([text.encode()]), "E01", None)
    >>> grid.head[0], [row for chunk in grid.chunks() for row in chunk.rows()]
    (('a', 'b'), [(1, 'a', 'b'), (2, '1', '2'), (3, '3', None)])
    """
    lines = _LINES.split(head)[: 2 * HEAD_RECORDS]
    mark = delimiter or _delimiter(lines)
    records = tuple(map(tuple, _head_records(head, mark)))

    def chunks(quoting: bool) -> Iterator[pl.DataFrame]:
        return _delimited_chunks(blocks(), mark, exhibit, quoting=quoting)

    return Grid(exhibit, "", records, chunks, mark)


def sheet_grid(exhibit: str, name: str, frame: pl.DataFrame) -> Grid:
    """Give the cells of a worksheet whose rows are in memory."""
    cells = [column for column in frame.columns if column != "row"]
    numbers = frame["row"].head(HEAD_RECORDS).to_list()
    rows = dict(zip(numbers, frame.select(cells).head(HEAD_RECORDS).iter_rows(), strict=True))
    last = min(max(numbers, default=0), HEAD_RECORDS)
    head = tuple(
        tuple(cell or "" for cell in rows.get(number, ())) for number in range(1, last + 1)
    )
    return Grid(exhibit, name, head, lambda _: iter([frame]))


def _head_records(head: str, mark: str) -> list[list[str]]:
    records: list[list[str]] = []
    text = head if len(head) < 2 or head.endswith("\n") else head.rpartition("\n")[0] or head
    try:
        for record in csv.reader(io.StringIO(text, newline=""), delimiter=mark):
            records.append(record)
            if len(records) == HEAD_RECORDS:
                break
    except csv.Error:  # a quote that opens and does not close within the head
        return [line.split(mark) for line in _LINES.split(text)[:HEAD_RECORDS]]
    return records


def _delimiter(lines: Sequence[str]) -> str:
    """Tell the delimiter: the mark that some line has most of outside quoted cells."""
    bare = [_QUOTED.sub("", line) for line in lines]
    most = {mark: max((line.count(mark) for line in bare), default=0) for mark in DELIMITERS}
    return max(DELIMITERS, key=lambda mark: most[mark])


def _delimited_chunks(
    blocks: Iterator[bytes], mark: str, exhibit: str, *, quoting: bool
) -> Iterator[pl.DataFrame]:
    """Cut blocks of whole lines into cells; a quoted cell may span lines, and so blocks."""
    before = 0
    held = b""
    for block in _unix_lines(blocks):
        text = held + block
        if quoting and text.count(b'"') % 2:
            opened = text.rfind(b'"')
            if len(text) - opened > _LONGEST_CELL:
                _refuse_swallowed(text[opened:].decode(), mark, Place(exhibit, before + 1))
            held = text
            continue
        held = b""
        frame = _cut(text, mark, exhibit, before, quoting=quoting)
        before += frame.height
        yield frame
    if held:
        yield _cut(held, mark, exhibit, before, quoting=quoting)


_LONGEST_CELL: Final = 1 << 24


def _unix_lines(blocks: Iterator[bytes]) -> Iterator[bytes]:
    for block in blocks:
        # Old Mac files end lines by a lone carriage return.
        yield block.replace(b"\r", b"\n") if b"\r" in block and b"\n" not in block else block


def _cut(text: bytes, mark: str, exhibit: str, before: int, *, quoting: bool) -> pl.DataFrame:
    frame = _fast(text, mark, quoting=quoting)
    if frame is None:
        frame = _slow(text.decode(), mark, exhibit, before, quoting=quoting)
    return frame.with_columns(row=pl.col("row").cast(pl.Int64) + before)


def _fast(text: bytes, mark: str, *, quoting: bool) -> pl.DataFrame | None:
    """Let polars cut a clean text; None where a row is ragged or a quote spans lines."""
    lines = text.count(b"\n") + (not text.endswith(b"\n"))
    width = text.partition(b"\n")[0].count(mark.encode()) + 1
    try:
        frame = pl.read_csv(
            text,
            has_header=False,
            infer_schema=False,
            separator=mark,
            quote_char='"' if quoting else None,
            row_index_name="row",
            row_index_offset=1,
        )
    except (pl.exceptions.PolarsError, ValueError):
        return None
    # A cell that spans lines, or a blank line that is left out, would number the rest wrongly.
    if frame.height != lines or (not (b'"' in text and quoting) and frame.width - 1 != width):
        return None
    frame.columns = ["row", *(f"c{at}" for at in range(frame.width - 1))]
    return frame


def _slow(text: str, mark: str, exhibit: str, before: int, *, quoting: bool) -> pl.DataFrame:
    """Cut a text record by record: ragged rows, blank lines, cells that span lines."""
    lines = io.StringIO(text, newline="")
    records = (
        csv.reader(lines, delimiter=mark)
        if quoting
        else csv.reader(lines, delimiter=mark, quoting=csv.QUOTE_NONE)
    )
    rows: list[list[str]] = []
    try:
        for record in records:
            place = Place(exhibit, before + len(rows) + 1)
            if quoting:
                for cell in record:
                    if "\n" in cell:
                        _refuse_swallowed(cell, mark, place, len(rows[0]) if rows else 0)
            rows.append(record)
    except csv.Error as error:
        raise InputRefused(
            f"the file cannot be cut into cells: {error}",
            where=Place(exhibit, before + len(rows) + 1),
            fix="export it again",
        ) from error
    width = max(map(len, rows), default=0)
    columns = {
        f"c{at}": pl.Series([row[at] if at < len(row) else None for row in rows], dtype=pl.String)
        for at in range(width)
    }
    numbers = pl.Series("row", range(1, len(rows) + 1), dtype=pl.Int64)
    return pl.DataFrame({"row": numbers, **columns})


def _refuse_swallowed(cell: str, mark: str, place: Place, width: int = 0) -> None:
    """Refuse a cell that holds whole rows: its quote was opened and never closed."""
    if not width or any(line.count(mark) >= width - 1 > 0 for line in cell.split("\n")[1:]):
        raise InputRefused(
            f"a quote is opened and not closed: {quoted(cell)}",
            where=place,
            fix="close it in a copy of the file, or ask for the file again",
        )
