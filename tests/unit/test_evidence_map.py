"""Maps: any delimited file becomes a canonical table, and a wrong map says what is wrong."""

from pathlib import Path

import pytest

from graphdb.errors import InputRefused
from graphdb.evidence import ReadOptions, TableMap, read_map
from tests.evidence_files import only, read_text

TRANSFERS = """
table = "payments"
name = "core banking"
delimiter = "|"
zone = "UTC"
platform = "bank"
[columns]
from_account = "fromId"
to_account = "toId"
amount = "sum"
at = "createTime"
status = "blocked"
[constants]
kind = "transfer"
[values.status]
true = "blocked"
false = "active"
"""
LOGINS = 'table = "logins"\n[columns]\naccount = "a"\ndevice = "b"\nat = "c"\n'


def given(folder: Path, text: str) -> TableMap:
    path = folder / "map.toml"
    path.write_text(text, encoding="utf-8")
    return read_map(path)


def test_a_map_loads_a_foreign_file(tmp_path: Path) -> None:
    options = ReadOptions(map=given(tmp_path, TRANSFERS))
    text = "\ufefffromId|toId|sum|createTime|blocked\n4,1|2|1.50|2025-03-01 10:00:00.5|true\n"
    reading = read_text(tmp_path, text, options)
    assert reading.format == "map:core banking"
    (row,) = only(reading).frame.to_dicts()
    assert row.pop("at").isoformat() == "2025-03-01T10:00:00.500000+00:00"
    assert len(row.pop("payment")) == 16
    assert row == {
        "row": 2,
        "from_account": "bank:4,1",
        "to_account": "bank:2",
        "amount_minor": 150,
        "currency": "CNY",
        "kind": "transfer",
        "status": "blocked",
    }


def test_payments_without_a_number_are_told_by_content_and_equal_ones_stay_two(
    tmp_path: Path,
) -> None:
    options = ReadOptions(map=given(tmp_path, TRANSFERS))
    header = "fromId|toId|sum|createTime|blocked\n"
    same, other = "1|2|1.5|2025-03-01 10:00:00|\n", "1|2|1.6|2025-03-01 10:00:00|\n"
    first = only(read_text(tmp_path, header + same + other + same, options))
    again = only(read_text(tmp_path, header + other + same, options))
    one, two, three = first.frame["payment"]
    assert three == f"{one}.2"
    assert again.frame["payment"].to_list() == [two, one]


def test_the_platform_may_be_a_column_and_the_encoding_may_be_named(tmp_path: Path) -> None:
    text = LOGINS.replace("\n", '\nencoding = "big5"\nzone = "UTC"\n', 1) + 'platform = "行"\n'
    options = ReadOptions(map=given(tmp_path, text))
    raw = "a,b,c,行\n7,d,2025-03-01,銀\n".encode("big5")
    assert only(read_text(tmp_path, raw, options)).frame["account"].to_list() == ["銀:7"]


def test_a_map_survives_the_log(tmp_path: Path) -> None:
    options = ReadOptions(map=given(tmp_path, TRANSFERS))
    assert ReadOptions.from_record(options.as_record()) == options


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("table = ", "the map is no TOML"),
        ('table = "x"', "unknown table 'x'"),
        ("", "unknown table ''"),
        ('table = "payments"\nfoo = 1', "unknown key 'foo'"),
        ('table = "payments"\ncolumns = "x"', "'columns' is no section"),
        ('table = "logins"\n[columns]\nfoo = "a"', "no column 'foo'"),
        ('table = "logins"\n[columns]\naccount = "a"', "gives no column 'at'"),
        (LOGINS + "ip = 1", "the value of 'columns.ip' is no text: '1'"),
        (LOGINS + '[constants]\nat = "1"', "'at' both as a column and as a constant"),
        (LOGINS + '[values]\nip = "x"', "'values.ip' is no section"),
        ('zone = "X"\n' + LOGINS, "unknown zone 'X'"),
        ('delimiter = "||"\n' + LOGINS, "not one ASCII character: '||'"),
        ('encoding = "nope"\n' + LOGINS, "unknown encoding 'nope'"),
    ],
)
def test_a_wrong_map_is_refused_with_file_and_remedy(tmp_path: Path, text: str, what: str) -> None:
    with pytest.raises(InputRefused) as caught:
        given(tmp_path, text)
    assert what in caught.value.what
    assert caught.value.where == str(tmp_path / "map.toml")
    assert caught.value.fix


@pytest.mark.parametrize(
    ("header", "what"), [("a,b,d", "no column 'c'"), ("a,b,c,c", "2 columns 'c'")]
)
def test_a_file_that_does_not_fit_its_map_is_refused(
    tmp_path: Path, header: str, what: str
) -> None:
    options = ReadOptions(map=given(tmp_path, LOGINS), zone="UTC", platform="qq")
    with pytest.raises(InputRefused, match=what) as caught:
        read_text(tmp_path, header + "\n1,2,3\n", options)
    assert caught.value.fix is not None
    assert "it has: 'a', 'b'" in caught.value.fix
