"""Contract of the formats: the same rows in any form and encoding are the same evidence."""

import csv
import io
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from graphdb.evidence import quote_rows
from graphdb.model import Place
from tests.evidence_files import OPTIONS, only, read_text

ENGLISH = ("payment", "from_account", "to_account", "amount", "at", "memo")
CHINESE = ("交易单号", "付款账号", "收款账号", "金额", "交易时间", "备注")
ROWS = (
    (
        "0017",
        "wechat:wxid_一",
        "bank:6222021234567890123",
        "84,000.00",
        "2025-03-01 10:00:00",
        "货款",
    ),
    ("0018", "wechat:wxid_b", "qq:10001", "0.07", "2025-03-01T10:00:01+08:00", 'he said "hi", ok'),
    ("0019", "qq:10001", "wechat:wxid_b", "90071992547409.93", "2025/3/2 9:05:00", ""),
)
Writer = Callable[[tuple[str, ...], str], bytes]


def delimited(mark: str) -> Writer:
    def write(header: tuple[str, ...], encoding: str) -> bytes:
        file = io.StringIO()
        csv.writer(file, delimiter=mark).writerows([header, *ROWS])
        return file.getvalue().encode(encoding)

    return write


def json_lines(header: tuple[str, ...], encoding: str) -> bytes:
    rows = (dict(zip(header, row, strict=True)) for row in ROWS)
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    return text.encode(encoding)


def workbook(header: tuple[str, ...], _encoding: str) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate((header, *ROWS)):
            for column, cell in enumerate(row):
                sheet.write_string(at, column, cell)
    return file.getvalue()


WRITERS: Mapping[str, Writer] = {
    "comma": delimited(","),
    "tab": delimited("\t"),
    "semicolon": delimited(";"),
    "bar": delimited("|"),
    "json_lines": json_lines,
    "workbook": workbook,
}
ENCODINGS = ("utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be")


EXPECTED = {
    "payment": ["0017", "0018", "0019"],
    "from_account": ["wechat:wxid_一", "wechat:wxid_b", "qq:10001"],
    "to_account": ["bank:6222021234567890123", "qq:10001", "wechat:wxid_b"],
    "amount_minor": [8_400_000, 7, 9_007_199_254_740_993],
    "at": [
        datetime(2025, 3, 1, 2, tzinfo=UTC),
        datetime(2025, 3, 1, 2, 0, 1, tzinfo=UTC),
        datetime(2025, 3, 2, 1, 5, tzinfo=UTC),
    ],
    "currency": ["CNY"] * 3,
    "memo": ["货款", 'he said "hi", ok', None],
}


@pytest.mark.parametrize("header", [ENGLISH, CHINESE], ids=["english", "chinese"])
@pytest.mark.parametrize(
    ("form", "encoding"),
    # A workbook has its own encoding.
    [(form, code) for form in WRITERS for code in ENCODINGS if (form, code) != ("workbook", code)]
    + [("workbook", "")],
)
def test_the_same_rows_are_the_same_evidence(
    tmp_path: Path, form: str, encoding: str, header: tuple[str, ...]
) -> None:
    reading = read_text(tmp_path, WRITERS[form](header, encoding), name="evidence.dat")
    batch = only(reading)
    assert (reading.format, batch.rejects, batch.warnings) == ("payments", (), ())
    assert reading.controls[0].amount == "90071992631410.00"
    assert {name: batch.frame[name].to_list() for name in EXPECTED} == EXPECTED
    assert dict(batch.frame.schema) == {
        "row": pl.Int64,
        **dict.fromkeys(("payment", "from_account", "to_account", "currency", "memo"), pl.String),
        "amount_minor": pl.Int64,
        "at": pl.Datetime("ms", "UTC"),
    }


@pytest.mark.parametrize("form", [*WRITERS])
def test_every_form_gives_its_rows_back_as_written(tmp_path: Path, form: str) -> None:
    batch = only(read_text(tmp_path, WRITERS[form](CHINESE, "utf-8"), name="evidence.dat"))
    places = [Place(batch.exhibit, row) for row in batch.frame["row"]]
    quoted = quote_rows(tmp_path / "evidence.dat", "E01", OPTIONS, places)
    assert [quoted[place] for place in places] == [
        tuple(zip(CHINESE, row, strict=True)) for row in ROWS
    ]
