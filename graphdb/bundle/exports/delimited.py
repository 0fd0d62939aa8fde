"""CSV: one file a table, UTF-8 with the mark by which Excel on Windows knows it."""

import csv
import io
import re
from collections.abc import Iterator
from typing import Final

import polars as pl

from graphdb.bundle.exports.export import Export, File
from graphdb.bundle.exports.sheets import sheets_of
from graphdb.bundle.handed import Handover

_BATCH: Final = 10_000
# What a spreadsheet takes for a formula, and numbers that it would round or strip of zeros.
_ACTS: Final = re.compile(r"^(?:[=+\-@\t\r']|[0-9]{12}|0[0-9])")


def guarded(cell: str) -> str:
    """Put an apostrophe before a cell that a spreadsheet would act on.

    >>> guarded("=1+1"), guarded("6222021234567890123"), guarded("'a"), guarded("0.50")
    ("'=1+1", "'6222021234567890123", "''a", '0.50')
    """
    return f"'{cell}" if _ACTS.match(cell) else cell


def unguarded(cell: str) -> str:
    """Take the apostrophe off again: ``unguarded(guarded(cell)) == cell``.

    >>> unguarded("'=1+1"), unguarded("''a"), unguarded("it's")
    ('=1+1', "'a", "it's")
    """
    return cell[1:] if cell[:1] == "'" and _ACTS.match(cell[1:]) else cell


def _files(handover: Handover) -> Iterator[File]:
    for name, frame in sheets_of(handover):
        yield f"{name}.csv", _chunks(frame)


def _chunks(frame: pl.DataFrame) -> Iterator[bytes]:
    yield "\ufeff".encode() + _lines([tuple(frame.columns)])
    for rows in frame.iter_slices(_BATCH):
        yield _lines(rows.iter_rows())


def _lines(rows: Iterator[tuple[object, ...]] | list[tuple[object, ...]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    for row in rows:
        writer.writerow(
            [
                "" if cell is None else guarded(cell) if isinstance(cell, str) else cell
                for cell in row
            ]
        )
    return text.getvalue().encode()


EXPORT: Final = Export(
    name="csv",
    says="CSV: nodes, links, payments (a canonical table) and the cells of every source row",
    loses="nothing; a cell that a spreadsheet would act on, or whose digits it would lose, has an "
    "apostrophe before it, which Linkwright takes off again",
    files=_files,
)
