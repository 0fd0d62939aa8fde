"""Files: told by their content, cut into rows that keep their numbers, or refused whole."""

from pathlib import Path

import pytest

from graphdb.errors import InputRefused, WrongUsage
from graphdb.evidence import ReadOptions, quote_rows, read_evidence
from graphdb.evidence.tables import TABLES
from graphdb.model import Place
from tests.evidence_files import OPTIONS, only, payments, read_text


def test_the_lines_of_a_file_are_numbered_as_a_spreadsheet_does(tmp_path: Path) -> None:
    text = "\naccount,name\na,x\n\n ,\nb,y\n"
    assert only(read_text(tmp_path, text)).frame["row"].to_list() == [3, 6]


def test_a_cell_of_several_lines_is_one_record(tmp_path: Path) -> None:
    batch = only(read_text(tmp_path, 'account,name\na,"x\ny"\nb,z\n'))
    assert batch.frame["row"].to_list() == [2, 3]
    assert batch.frame["name"].to_list() == ["x\ny", "z"]


def test_a_repeated_header_is_skipped_with_a_warning(tmp_path: Path) -> None:
    one = payments(("p1",))
    batch = only(read_text(tmp_path, "\ufeff" + one + "\ufeff" + one.replace("p1", "p2")))
    assert batch.frame["payment"].to_list() == ["p1", "p2"]
    assert batch.read == 2
    assert batch.warnings == ("the header line is repeated: 1 times",)


def test_rows_of_too_many_cells_are_rejected_however_late_they_come(tmp_path: Path) -> None:
    text = payments(*[("p",)] * 3000, ("late", "a", "b", "1", "2025-03-01", "surplus"))
    batch = only(read_text(tmp_path, text))
    (reject,) = batch.rejects
    assert reject.where == Place("E01", 3002)
    assert reject.what == "the row has 6 cells, the header 5"
    assert batch.frame.height == 3000


def test_surplus_cells_that_are_blank_do_no_harm(tmp_path: Path) -> None:
    text = payments(("p1", "a", "b", "1", "2025-03-01", "", " "))
    assert only(read_text(tmp_path, text)).rejects == ()


def test_a_row_too_short_for_its_required_cells_is_rejected(tmp_path: Path) -> None:
    text = payments(("p1",)) + "p2,a,b\n"
    (reject,) = only(read_text(tmp_path, text)).rejects
    assert (reject.where.row, reject.what) == (3, "'amount' is empty")


@pytest.mark.parametrize("end", ["", ',"closed again\n'])
def test_a_quote_that_swallows_rows_is_refused(tmp_path: Path, end: str) -> None:
    text = payments(
        ("p1", "a", "b", "1", "2025-03-01", '"hi'),
        ("p2", "a", "b", "1", "2025-03-01", "x"),
        ("p3", "a", "b", "1", "2025-03-01", "x"),
        extra=",memo",
    )
    with pytest.raises(InputRefused, match="quote is opened and not closed") as caught:
        read_text(tmp_path, text + end)
    assert caught.value.where == Place("E01", 2)


@pytest.mark.parametrize(
    ("raw", "what"),
    [
        (b"", "the file is empty"),
        (b" \r\n\t", "the file is empty"),
        (b"account,device,at\n\0x", "this is no text: byte 0 at offset 18"),
        (b"%PDF-1.7 ...", "this is no text but a PDF"),
        (b"PK\x03\x04" + b"x" * 40, "this is no text but a ZIP or Office file"),
        (b"\xd0\xcf\x11\xe0" + b"x" * 40, "this is no text but an old Office file (.xls, .doc)"),
        (
            "账号".encode("gb18030") + b"\xff\xff",
            "neither UTF-8 nor GB18030: byte 0xff at offset 4",
        ),
        (b"\xef\xbb\xbfaccount\n\xff", "the text is not utf-8: byte 0xff at offset 11"),
        (b'[{"account": "a"}]', "this is a JSON array"),
    ],
)
def test_what_is_no_table_is_refused_with_place_and_remedy(
    tmp_path: Path, raw: bytes, what: str
) -> None:
    with pytest.raises(InputRefused) as caught:
        read_text(tmp_path, raw)
    assert what in caught.value.what
    assert caught.value.where == str(tmp_path / "file.csv")
    assert caught.value.fix


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputRefused, match="no such file"):
        read_evidence(tmp_path / "none.csv", "E01")


def test_chinese_text_in_utf_16_without_a_mark_is_read(tmp_path: Path) -> None:
    # U+4E00 (一) has a zero byte where Latin letters have none.
    text = payments(("p1", "一", "退一")).encode("utf-16-le")
    assert only(read_text(tmp_path, text)).frame["to_account"].to_list() == ["wechat:退一"]


@pytest.mark.parametrize("name", [*TABLES])
def test_each_table_is_told_by_its_columns_in_english_and_in_chinese(
    tmp_path: Path, name: str
) -> None:
    columns = TABLES[name].columns
    english = ",".join(column.name.upper().replace("_", "-") for column in columns)
    assert only(read_text(tmp_path, english + "\n")).table == name
    chinese = ",".join(column.aliases[-1] for column in columns)
    assert only(read_text(tmp_path, chinese + "\n")).table == name


def test_columns_of_no_table_are_refused_and_the_near_tables_named(tmp_path: Path) -> None:
    with pytest.raises(InputRefused, match="columns are those of no table") as caught:
        read_text(tmp_path, "payment,from_account,to_account,sum,when\n1,a,b,3,4\n")
    assert caught.value.fix is not None
    assert "payments lacks amount, at" in caught.value.fix


def test_a_file_of_which_a_table_explains_less_than_half_is_not_taken(tmp_path: Path) -> None:
    with pytest.raises(InputRefused, match="no table"):
        read_text(tmp_path, "account,colour,shape,weight\n1,2,3,4\n")


def test_the_officer_may_name_the_table(tmp_path: Path) -> None:
    text = "account,colour,shape,weight\n1,2,3,4\n"
    batch = only(read_text(tmp_path, text, ReadOptions(format="accounts", platform="qq")))
    assert batch.frame["account"].to_list() == ["qq:1"]
    assert batch.warnings == ("columns not used: 'colour', 'shape', 'weight'",)


def test_an_unknown_format_is_wrong_usage_and_the_known_ones_are_named(tmp_path: Path) -> None:
    with pytest.raises(WrongUsage) as caught:
        read_text(tmp_path, "account\n1\n", ReadOptions(format="paymnts"))
    assert caught.value.fix is not None
    assert "payments" in caught.value.fix
    assert "wechat_bill" in caught.value.fix


def test_a_column_that_counts_and_is_there_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputRefused, match="'Account' is there 2 times"):
        read_text(tmp_path, "Account,device,at,account\n1,d,2025-03-01,2\n")


def test_rows_are_quoted_as_they_were_written(tmp_path: Path) -> None:
    text = "账号, 设备 ,登录时间\n\u200ba\t,d,2025/3/1 9:05:00\n"
    only(read_text(tmp_path, text))
    place = Place("E01", 2)
    quoted = quote_rows(tmp_path / "file.csv", "E01", OPTIONS, [place, Place("E01", 99)])
    assert quoted == {
        place: (("账号", "\u200ba\t"), (" 设备 ", "d"), ("登录时间", "2025/3/1 9:05:00"))
    }


def test_json_lines_load_around_a_broken_line_and_keep_every_digit(tmp_path: Path) -> None:
    good = (
        '{"payment": %s, "from_account": "a", "to_account": "b", "amount": %s, "at": "2025-03-01"}'
    )
    lines = (
        good % (123456789012345678901234, "1.10"),
        "{broken",
        "[1]",
        good % ('"x\u2028y"', "90071992547409.93"),
        good % ('"\\ud800"', "1"),
    )
    reading = read_text(tmp_path, "\n".join(lines), name="file.jsonl")
    batch = only(reading)
    assert [reject.where.row for reject in batch.rejects] == [2, 3, 5]
    assert batch.frame["payment"].to_list() == ["123456789012345678901234", "x\u2028y"]
    assert batch.frame["amount_minor"].to_list() == [110, 9_007_199_254_740_993]
    quoted = quote_rows(tmp_path / "file.jsonl", "E01", OPTIONS, [Place("E01", 1)])
    assert dict(quoted[Place("E01", 1)])["amount"] == "1.10"


def test_options_survive_the_log() -> None:
    options = ReadOptions(format="payments", zone="UTC", platform="bank")
    assert ReadOptions.from_record(options.as_record()) == options


def test_a_bound_account_names_its_own_platform(tmp_path: Path) -> None:
    text = "account,bound_account\na,bank:6200\nb,6200\n"
    batch = only(read_text(tmp_path, text, ReadOptions(platform="wechat")))
    assert batch.frame["bound_account"].to_list() == ["bank:6200"]
    (reject,) = batch.rejects
    assert (reject.where, reject.column) == (Place("E01", 3), "bound_account")
    assert "no platform" in reject.what
