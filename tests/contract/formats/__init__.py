"""Cases of the contract of formats: one invented file or more for each format that is read."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import xlsxwriter


@dataclass(frozen=True)
class Case:
    """A file as it is received, and what must be understood of it.

    ``rows`` gives for each canonical table how many rows are good and how many are rejected;
    ``controls`` the count and exact sum as written, by way (or table, where no way is known).
    ``has`` gives for a table a few cells of one of its rows; times in UTC, amounts in minor units.
    """

    format: str
    what: str
    name: str
    content: bytes
    rows: Mapping[str, tuple[int, int]]
    controls: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    has: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    warnings: Sequence[str] = ()


def workbook(sheets: Mapping[str, Sequence[Sequence[object]]]) -> bytes:
    """Write an XLSX; texts stay texts, numbers become the floats that Excel keeps."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                for column, cell in enumerate(row):
                    if isinstance(cell, str):
                        sheet.write_string(at, column, cell)
                    elif cell is not None:
                        sheet.write(at, column, cell)
    return file.getvalue()


def lines(*rows: Sequence[str], mark: str = "\t", end: str = "\n") -> str:
    """Join rows as they are, without any quoting."""
    return "".join(mark.join(row) + end for row in rows)
