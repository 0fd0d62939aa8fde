"""Workbooks (XLSX): every sheet with a header line is a table."""

import zipfile
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import polars as pl
import python_calamine

from graphdb.errors import InputRefused
from graphdb.evidence.reading import Sheet

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
    """Tell by its content, not its name, whether a file is an XLSX."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, NotImplementedError, OSError):
        return False
    return "[Content_Types].xml" in names and any(name.startswith("xl/") for name in names)


def sheets_of(path: Path, exhibit: str) -> list[Sheet]:
    """Read every sheet that is not empty; the second is ``E03/2`` and so on.

    Raises:
        InputRefused: it would unpack to more than this machine should bear, or is damaged.
    """
    _refuse_bomb(path)
    try:
        book = python_calamine.CalamineWorkbook.from_path(str(path))
        grids = [
            book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            for name in book.sheet_names
        ]
    except (python_calamine.CalamineError, OSError) as error:
        raise InputRefused(
            f"the workbook cannot be read: {error}", fix="open it, save it anew, add that"
        ) from error
    sheets = []
    for number, grid in enumerate(grids, start=1):
        place = exhibit if number == 1 else f"{exhibit}/{number}"
        sheet = _sheet(grid, place)
        if sheet is not None:
            sheets.append(sheet)
    if not sheets:
        raise InputRefused("the workbook is empty", fix="ask for the file again")
    return sheets


def _sheet(grid: list[list[Any]], exhibit: str) -> Sheet | None:
    texts = [[_text(cell) for cell in row] for row in grid]
    start = next((at for at, row in enumerate(texts) if any(row)), None)
    if start is None:
        return None
    header = texts[start]
    rows = [(at + 1, row) for at, row in enumerate(texts) if at > start and any(row)]
    columns = {
        f"c{at}": pl.Series([row[at] for _, row in rows], dtype=pl.String)
        for at in range(len(header))
    }
    numbers = pl.Series("row", [at for at, _ in rows], dtype=pl.Int64)
    return Sheet(exhibit, tuple(header), pl.DataFrame({"row": numbers, **columns}))


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
