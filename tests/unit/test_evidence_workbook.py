"""Workbooks: every sheet a batch, numbers as exact as the file knows them, bombs refused."""

import io
import zipfile
from datetime import datetime
from pathlib import Path

import pytest
import xlsxwriter

from graphdb.errors import InputRefused
from graphdb.evidence import quote_rows
from graphdb.model import Place
from tests.evidence_files import OPTIONS, PAYMENT_HEADER, only, read_text

Rows = list[list[object]]
AT = datetime(2025, 3, 1, 10)  # noqa: DTZ001  (a workbook has no zones)


def workbook(*sheets: Rows) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        as_time = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        for rows in sheets:
            sheet = book.add_worksheet()
            for at, row in enumerate(rows):
                for column, cell in enumerate(row):
                    if isinstance(cell, datetime):
                        sheet.write_datetime(at, column, cell, as_time)
                    else:
                        sheet.write(at, column, cell)
    return file.getvalue()


def test_a_workbook_is_told_by_its_content_and_its_numbers_are_exact(tmp_path: Path) -> None:
    raw = workbook(
        [
            [],
            [*PAYMENT_HEADER],
            ["p1", "a", "b", 548.58000000000004, AT],
            [],
            [17, 6222021234567891, "b", 0.1 + 0.2, "2025-03-01 10:00:00"],
        ]
    )
    batch = only(read_text(tmp_path, raw, name="really.csv"))
    assert batch.warnings == ()
    assert batch.frame["row"].to_list() == [3, 5]
    assert batch.frame["payment"].to_list() == ["p1", "17"]
    assert batch.frame["from_account"].to_list() == ["wechat:a", "wechat:6222021234567891"]
    assert batch.frame["amount_minor"].to_list() == [54_858, 30]
    assert {at.isoformat() for at in batch.frame["at"]} == {"2025-03-01T02:00:00+00:00"}


@pytest.mark.parametrize(
    ("cell", "column"),
    [(6.22202123456789e18, 1), (6222021234567890, 1)],
)
def test_an_account_that_a_workbook_rounded_is_linked_to_nothing(
    tmp_path: Path, cell: float, column: int
) -> None:
    row: list[object] = ["p1", "a", "b", 1, AT]
    row[column] = cell
    batch = only(read_text(tmp_path, workbook([[*PAYMENT_HEADER], row])))
    assert batch.frame["from_account"][0].startswith("wechat:E01/6.22202e+1")
    assert batch.warnings[0].startswith("precision lost")


def test_an_amount_that_a_workbook_rounded_is_rejected(tmp_path: Path) -> None:
    row: list[object] = ["p1", "a", "b", 90071992547409.93, AT]
    (reject,) = only(read_text(tmp_path, workbook([[*PAYMENT_HEADER], row]))).rejects
    assert reject.column == "amount"
    assert reject.what.startswith("precision lost")


def test_a_table_may_stand_anywhere_in_its_sheet(tmp_path: Path) -> None:
    rows: Rows = [[], [], [None, None, *PAYMENT_HEADER], [None, None, "p1", "a", "b", 1, AT]]
    batch = only(read_text(tmp_path, workbook(rows), name="a.xlsx"))
    assert batch.frame.select("row", "payment").rows() == [(4, "p1")]
    quoted = quote_rows(tmp_path / "a.xlsx", "E01", OPTIONS, [Place("E01", 4)])
    assert ("payment", "p1") in quoted[Place("E01", 4)]


def test_each_sheet_is_a_batch_with_its_own_places(tmp_path: Path) -> None:
    raw = workbook(
        [["account", "name"], ["a", "x"]],
        [["these are", "notes"], ["of the", "clerk"]],
        [],
        [["account", "device", "at"], ["a", "d", AT]],
    )
    reading = read_text(tmp_path, raw, name="book.xlsx")
    assert reading.format == "accounts+logins"
    assert [(batch.table, batch.exhibit) for batch in reading.batches] == [
        ("accounts", "E01"),
        ("logins", "E01/4"),
    ]
    assert "the sheet 'Sheet2' (E01/2) is not read" in reading.batches[0].warnings[0]
    place = Place("E01/4", 2)
    quoted = quote_rows(tmp_path / "book.xlsx", "E01", OPTIONS, [place])
    assert quoted[place][:2] == (("account", "a"), ("device", "d"))


def test_a_zip_bomb_is_refused_before_it_is_opened(tmp_path: Path) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "x")
        archive.writestr("xl/workbook.xml", b"\0" * (101 << 20))
    with pytest.raises(InputRefused, match="zip bomb"):
        read_text(tmp_path, file.getvalue(), name="b.xlsx")


def test_a_damaged_or_empty_workbook_is_refused(tmp_path: Path) -> None:
    raw = workbook([["account"], ["a"]])
    sheet = raw.index(b"xl/worksheets/sheet1.xml") + len("xl/worksheets/sheet1.xml")
    damaged = raw[:sheet] + b"\xff" * 64 + raw[sheet + 64 :]
    with pytest.raises(InputRefused, match="the workbook cannot be read"):
        read_text(tmp_path, damaged)
    with pytest.raises(InputRefused, match="empty"):
        read_text(tmp_path, workbook([]))
