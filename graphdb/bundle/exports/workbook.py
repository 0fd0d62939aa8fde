"""XLSX: the same tables as sheets; texts are stored as texts, so no cell is ever a formula."""

import io
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

import polars as pl

from graphdb.bundle.exports.export import Export, File
from graphdb.bundle.exports.sheets import sheets_of
from graphdb.bundle.handed import Handover

_ROWS: Final = 1_000_000
# Excel's limits: characters of a cell, digits of an amount, integers that a double holds exactly.
_LONGEST: Final = 32_000
_DIGITS: Final = 15
_EXACT: Final = 1 << 53
_OPTIONS: Final = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def _files(handover: Handover) -> Iterator[File]:
    yield "graph.xlsx", _chunks(handover)


def _chunks(handover: Handover) -> Iterator[bytes]:
    import xlsxwriter

    file = io.BytesIO()
    with xlsxwriter.Workbook(file, _OPTIONS) as book:
        # A fixed day keeps the file the same to the byte.
        book.set_properties({"created": datetime(1980, 1, 1)})  # noqa: DTZ001
        bold = book.add_format({"bold": True, "bg_color": "#E8EEF4", "border": 1})
        money = book.add_format({"num_format": "#,##0.00######"})
        for name, frame in sheets_of(handover):
            for number, part in enumerate(_parts(frame), start=1):
                title = name if number == 1 else f"{name} {number}"
                _write(book.add_worksheet(title), part, bold, money)
    yield file.getvalue()


def _parts(frame: pl.DataFrame) -> Iterator[pl.DataFrame]:
    yield from frame.iter_slices(_ROWS) if frame.height else [frame]


def _write(sheet: Any, frame: pl.DataFrame, bold: Any, money: Any) -> None:
    sheet.freeze_panes(1, 0)
    for at, name in enumerate(frame.columns):
        sheet.write_string(0, at, name, bold)
        sheet.set_column(at, at, _width(frame[name]))
    sheet.autofilter(0, 0, frame.height, max(0, frame.width - 1))
    for number, row in enumerate(frame.iter_rows(), start=1):
        for at, cell in enumerate(row):
            if frame.columns[at] == "amount" and cell and len(cell) <= _DIGITS:
                sheet.write_number(number, at, float(cell), money)
            elif isinstance(cell, int | float) and abs(cell) < _EXACT:
                sheet.write_number(number, at, cell)
            elif cell is not None:
                sheet.write_string(number, at, _fitting(str(cell)))


def _width(column: pl.Series) -> int:
    longest = column.head(200).cast(pl.String).str.len_chars().max()
    return min(48, max(len(column.name) + 3, int(str(longest or 0)) + 2))


def _fitting(text: str) -> str:
    """Cut a text that no cell of Excel can hold, and say how much was cut."""
    if len(text) <= _LONGEST:
        return text
    return f"{text[:_LONGEST]} … +{len(text) - _LONGEST:,} characters: see the CSV export"


EXPORT: Final = Export(
    name="xlsx",
    says="XLSX: the same tables as sheets of one workbook",
    loses="a cell of more than 32,000 characters is cut and says so; tables above a million rows "
    "go on in a further sheet",
    files=_files,
)
