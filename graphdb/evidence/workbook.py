"""Workbooks (XLSX, XLSB, XLS, ODS): the cells of every sheet, written as exactly as known."""

import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any, Final

import polars as pl
import python_calamine

from graphdb.errors import InputRefused
from graphdb.evidence.grid import HEAD_RECORDS, Grid
from graphdb.evidence.together import ROWS_TOGETHER

_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ODS: Final = b"application/vnd.oasis.opendocument.spreadsheet"
_MAX_UNPACKED: Final = 2 << 30
_MAX_RATIO: Final = 200
_RATIO_MATTERS_ABOVE: Final = 100 << 20
# Excel keeps fifteen digits and puts zeros after them; a double holds integers up to 2**53.
_EXCEL_DIGITS: Final = 15
_EXCEL_EXACT: Final = 10**_EXCEL_DIGITS
_DOUBLE_EXACT: Final = 2**53
# From here on fifteen digits do not hold two decimals.
_CENTS_EXACT: Final = 10 ** (_EXCEL_DIGITS - 2)


def is_workbook(path: Path) -> bool:
    """Tell by its content, not its name, whether a file is a spreadsheet."""
    try:
        with path.open("rb") as file:
            magic = file.read(8)
        if magic == _OLE:
            return b"W\0o\0r\0k\0b\0o\0o\0k\0" in path.read_bytes() or _opens(path)
        if not magic.startswith(b"PK"):
            return False
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            kind = archive.read("mimetype") if "mimetype" in names else b""
    except (zipfile.BadZipFile, NotImplementedError, OSError, RuntimeError, EOFError):
        return False
    is_excel = "[Content_Types].xml" in names and any(name.startswith("xl/") for name in names)
    return is_excel or kind.strip() == _ODS


def workbook_grids(path: Path, exhibit: str) -> tuple[Grid, ...]:
    """Open every sheet that is not empty; the second is ``E03/2`` and so on.

    The library holds the cells; what they are as texts is made as the rows are read.

    Raises:
        InputRefused: it would unpack to more than this machine should bear, or is damaged.
    """
    _refuse_bomb(path)
    grids = []
    try:
        book = python_calamine.CalamineWorkbook.from_path(str(path))
        for number, name in enumerate(book.sheet_names, start=1):
            place = exhibit if number == 1 else f"{exhibit}/{number}"
            sheet = book.get_sheet_by_name(name)
            if any(any(row) for _, row in _rows(sheet)):
                grids.append(_grid(place, name, sheet))
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise InputRefused(
            f"the workbook cannot be read: {error}", fix="open it, save it anew, add that"
        ) from error
    if not grids:
        raise InputRefused("the workbook is empty", fix="ask for the file again")
    return tuple(grids)


def _grid(place: str, name: str, sheet: python_calamine.CalamineSheet) -> Grid:
    head = tuple(tuple(row) if any(row) else () for _, row in islice(_rows(sheet), HEAD_RECORDS))
    return Grid(place, name, head, lambda _: _frames(sheet))


def _rows(sheet: python_calamine.CalamineSheet) -> Iterator[tuple[int, list[str]]]:
    """Give the rows by number; blank ones above and cells to the left count."""
    left = [""] * (sheet.start[1] if sheet.start else 0)
    for number, row in enumerate(sheet.iter_rows(), start=1):
        yield number, [*left, *map(_text, row)]


def _frames(sheet: python_calamine.CalamineSheet) -> Iterator[pl.DataFrame]:
    rows = ((number, row) for number, row in _rows(sheet) if any(row))
    while batch := [*islice(rows, ROWS_TOGETHER)]:
        yield _frame(batch)


def _opens(path: Path) -> bool:
    try:
        python_calamine.CalamineWorkbook.from_path(str(path))
    except (python_calamine.CalamineError, OSError, ValueError):
        return False
    return True


def _frame(rows: list[tuple[int, list[str]]]) -> pl.DataFrame:
    width = max(len(row) for _, row in rows)
    columns = {
        f"c{at}": pl.Series(
            [row[at] if at < len(row) else None for _, row in rows], dtype=pl.String
        )
        for at in range(width)
    }
    return pl.DataFrame({"row": pl.Series([n for n, _ in rows], dtype=pl.Int64), **columns})


def _text(cell: Any) -> str:
    """Write a cell as exactly as it is known.

    >>> [_text(cell) for cell in (12.0, 548.58000000000004, 6.22202e18, True, "x ")]
    ['12', '548.58', '6.22202e+18', 'true', 'x']
    """
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, int | float):
        return _number(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(" ")
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell).strip() if not isinstance(cell, timedelta) else str(cell)


def _number(cell: float) -> str:
    """Write a number with the digits that a spreadsheet vouches for, else visibly rounded.

    >>> [_number(cell) for cell in (0.1 + 0.2, 7.0000000000000007e-2, 6222021234567891.0)]
    ['0.3', '0.07', '6222021234567891']
    """
    size = abs(cell)
    if cell == int(cell):
        # A sixteenth digit that is not zero was never rounded by Excel.
        was_rounded = size >= _EXCEL_EXACT and (size > _DOUBLE_EXACT or int(size) % 10 == 0)
        return f"{cell:.5e}" if was_rounded else str(int(cell))
    if size >= _CENTS_EXACT:
        return f"{cell:.5e}"
    return f"{Decimal(f'{cell:.{_EXCEL_DIGITS}g}'):f}"


def _refuse_bomb(path: Path) -> None:
    if not zipfile.is_zipfile(path):
        return
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(part.file_size for part in archive.infolist())
    except (zipfile.BadZipFile, NotImplementedError) as error:
        raise InputRefused(
            f"the workbook is damaged: {error}", fix="ask for the file again"
        ) from error
    packed = max(1, path.stat().st_size)
    too_dense = unpacked > _MAX_RATIO * packed and unpacked > _RATIO_MATTERS_ABOVE
    if unpacked > _MAX_UNPACKED or too_dense:
        raise InputRefused(
            f"the workbook would unpack to {unpacked:,} bytes from {packed:,}: a zip bomb?",
            fix="do not open it; ask where it comes from, or export it as CSV",
        )
