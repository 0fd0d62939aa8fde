"""Cells become money, times and ids exactly, or the row is rejected with its reason."""

from pathlib import Path

import pytest

from graphdb.errors import InputRefused
from graphdb.evidence import Control, ReadOptions
from tests.evidence_files import OPTIONS, amounts, only, payments, read_text, times


@pytest.mark.parametrize(
    ("written", "minor"),
    [
        ("0.01", 1),
        ("84,000.00", 8_400_000),
        ("¥0.35", 35),
        ("￥ 12", 1_200),
        (" 7.5\t", 750),
        ("007.10", 710),
        ("\u200b3", 300),
        ("-0.00", 0),
        ("90071992547409.93", 9_007_199_254_740_993),
    ],
)
def test_an_amount_is_read_exactly(tmp_path: Path, written: str, minor: int) -> None:
    batch = only(read_text(tmp_path, amounts(written)))
    assert batch.frame["amount_minor"].to_list() == [minor]
    assert batch.warnings == ()


@pytest.mark.parametrize(
    ("written", "what"),
    [
        ("84,000元", "the amount is not a number: '84,000元'"),
        ("1,23", "the amount is not a number: '1,23'"),
        ("１２", "the amount is not a number: '１２'"),
        ("-5", "the amount is negative: '-5'"),
        ("9.00E+13", "precision lost, a spreadsheet rounded the number: '9.00E+13'"),
        ("99999999999999999", "the amount is too large: '99999999999999999'"),
        ("9" * 31, "the amount is not a number: '" + "9" * 31 + "'"),
        ("", "'amount' is empty"),
        ("\u202e12x", "the amount is not a number: '\\u202e12x'"),
    ],
)
def test_a_wrong_amount_rejects_its_row_alone(tmp_path: Path, written: str, what: str) -> None:
    batch = only(read_text(tmp_path, amounts("1", written, "2")))
    assert batch.frame["row"].to_list() == [2, 4]
    (reject,) = batch.rejects
    assert (str(reject.where), reject.column, reject.what) == ("E01:3", "amount", what)
    assert reject.fix


def test_more_decimals_than_the_currency_are_rounded_half_to_even_with_one_warning(
    tmp_path: Path,
) -> None:
    batch = only(read_text(tmp_path, amounts("0.005", "0.015", "0.0250000", "0.02500001", "1")))
    assert batch.frame["amount_minor"].to_list() == [0, 2, 2, 3, 100]
    (warning,) = batch.warnings
    assert "than CNY has: 4;" in warning
    assert "1.07000001 as written" in warning
    assert "CNY 1.07 as loaded" in warning


def test_the_control_total_adds_up_everything_written_exactly(tmp_path: Path) -> None:
    reading = read_text(tmp_path, amounts("90071992547409.93", "0.00000000000000000001", "x", "-1"))
    assert reading.controls == (
        Control("payments", "CNY", 3, "90071992547408.93000000000000000001"),
    )


def test_each_currency_has_its_own_minor_unit_and_control(tmp_path: Path) -> None:
    text = payments(
        ("p", "a", "b", "100", "2025-03-01", "jpy"),
        ("p", "a", "b", "1.5", "2025-03-01", "人民币"),
        ("p", "a", "b", "2", "2025-03-01", ""),
        ("p", "a", "b", "2", "2025-03-01", "gold"),
        extra=",currency",
    )
    reading = read_text(tmp_path, text)
    batch = only(reading)
    assert batch.frame["currency"].to_list() == ["JPY", "CNY", "CNY", "GOLD"]
    assert batch.frame["amount_minor"].to_list() == [100, 150, 200, 200]
    assert [(c.currency, c.amount) for c in reading.controls] == [
        ("CNY", "3.50"),
        ("GOLD", "2"),
        ("JPY", "100"),
    ]


def test_a_currency_that_is_no_code_is_rejected(tmp_path: Path) -> None:
    text = payments(("p", "a", "b", "1", "2025-03-01", "金币"), extra=",currency")
    (reject,) = only(read_text(tmp_path, text)).rejects
    assert (reject.column, reject.what) == ("currency", "the currency is no code: '金币'")


def test_a_balance_may_be_negative(tmp_path: Path) -> None:
    text = payments(("p", "a", "b", "1", "2025-03-01", "-5"), extra=",balance_after")
    assert only(read_text(tmp_path, text)).frame["balance_after_minor"].to_list() == [-500]


@pytest.mark.parametrize(
    ("written", "utc"),
    [
        ("2025-03-01T10:00:00Z", "2025-03-01T10:00:00+00:00"),
        ("2025-03-01T10:00:00.123456+08:00", "2025-03-01T02:00:00.123000+00:00"),
        ("2025-03-01T10:00+0800", "2025-03-01T02:00:00+00:00"),
        ("2025-03-01 10:00:00 +0800 CST", "2025-03-01T02:00:00+00:00"),
        ("2025-03-01 10:00:00", "2025-03-01T02:00:00+00:00"),
        ("2025-03-01T10:00:00", "2025-03-01T02:00:00+00:00"),
        ("2025-03-01  10:00", "2025-03-01T02:00:00+00:00"),
        ("2025/3/1 9:05:00", "2025-03-01T01:05:00+00:00"),
        ("20250301100000", "2025-03-01T02:00:00+00:00"),
        ("2025-03-01", "2025-02-28T16:00:00+00:00"),
        ("20250301", "2025-02-28T16:00:00+00:00"),
    ],
)
def test_a_time_is_read_in_each_form(tmp_path: Path, written: str, utc: str) -> None:
    # A second form in the same file must not hide the first.
    batch = only(read_text(tmp_path, times(written, "2024-01-01 00:00:00")))
    assert batch.frame["at"].to_list()[0].isoformat() == utc
    assert batch.frame.schema["at"].is_temporal()


@pytest.mark.parametrize(
    ("written", "what"),
    [
        ("2025-02-30", "the time cannot be read: '2025-02-30'"),
        ("2025-03-01T10:00:00+99:99", "the time cannot be read: '2025-03-01T10:00:00+99:99'"),
        ("0001-01-01", "the year is not between 1900 and 2199: '0001-01-01'"),
        ("", "'at' is empty"),
    ],
)
def test_a_wrong_time_is_rejected(tmp_path: Path, written: str, what: str) -> None:
    (reject,) = only(read_text(tmp_path, times(written))).rejects
    assert (reject.column, reject.what) == ("at", what)


def test_a_local_time_without_a_zone_is_rejected_with_the_remedy(tmp_path: Path) -> None:
    (reject,) = only(
        read_text(tmp_path, times("2025-03-01 10:00:00"), ReadOptions(platform="qq"))
    ).rejects
    assert reject.what == "the time has no zone: '2025-03-01 10:00:00'"
    assert "--tz Asia/Shanghai" in reject.fix


def test_a_time_that_no_clock_showed_is_rejected_and_a_doubtful_one_warned_of(
    tmp_path: Path,
) -> None:
    berlin = ReadOptions(zone="Europe/Berlin", platform="bank")
    text = times("2025-03-30 02:30:00", "2025-10-26 02:30:00")
    batch = only(read_text(tmp_path, text, berlin))
    assert [reject.what for reject in batch.rejects] == [
        "no clock showed this time (summer time began): '2025-03-30 02:30:00'"
    ]
    assert batch.frame["at"].to_list()[0].isoformat() == "2025-10-26T00:30:00+00:00"
    assert len(batch.warnings) == 1
    assert "showed twice" in batch.warnings[0]


@pytest.mark.parametrize("zone", ["Mars/Phobos", "UTC+8", "../x", "localtime", "Asia"])
def test_an_unknown_zone_is_refused_at_once(tmp_path: Path, zone: str) -> None:
    with pytest.raises(InputRefused, match="unknown zone") as caught:
        read_text(tmp_path, times("2025-03-01T00:00:00Z"), ReadOptions(zone=zone))
    assert caught.value.fix is not None
    assert "Asia/Shanghai" in caught.value.fix


def test_an_account_names_its_platform_or_takes_that_of_the_row_or_of_the_officer(
    tmp_path: Path,
) -> None:
    text = (
        "account,device,at,platform\n"
        "QQ:5,d,2025-03-01,bank\nwechat: a ,d,2025-03-01,\n6,d,2025-03-01,支付宝\n7,d,2025-03-01,\n"
    )
    batch = only(read_text(tmp_path, text))
    assert batch.frame["account"].to_list() == ["qq:5", "wechat:a", "alipay:6", "wechat:7"]


def test_an_account_without_a_platform_is_rejected_with_the_remedy(tmp_path: Path) -> None:
    text = "account,device,at\n7,d,2025-03-01T00:00:00Z\nqq:,d,2025-03-01T00:00:00Z\n"
    first, second = only(read_text(tmp_path, text, ReadOptions())).rejects
    assert first.what == "the account has no platform: '7'"
    assert "--platform wechat" in first.fix
    assert second.what == "the account has no number: 'qq:'"


def test_invisible_characters_and_tabs_do_not_part_two_spellings_of_an_id(tmp_path: Path) -> None:
    text = payments(("\ufeffp1\t", "\u200ewechat:a\u202c", "b "), ("p2", "a", "\u200bb"))
    batch = only(read_text(tmp_path, text))
    assert batch.frame["payment"].to_list() == ["p1", "p2"]
    assert batch.frame["from_account"].to_list() == ["wechat:a"] * 2
    assert batch.frame["to_account"].to_list() == ["wechat:b"] * 2


def test_a_payment_whose_numbers_a_spreadsheet_rounded_is_kept_and_linked_to_nothing_by_them(
    tmp_path: Path,
) -> None:
    text = payments(
        ("6.22202E+18",), ("p", "6222021234567890123.0"), ("p", "bank:6.2e18"), ("13800138000.0",),
        ("7e12",),
    )  # fmt: skip
    batch = only(read_text(tmp_path, text))
    assert batch.rejects == ()
    assert batch.frame["payment"].to_list()[1:] == ["p2", "p3", "13800138000", "7e12"]
    assert len(batch.frame["payment"][0]) == 16  # numbered by its content
    assert batch.frame["from_account"].to_list()[1:3] == [
        "wechat:E01/6222021234567890123.0@3",
        "bank:E01/6.2e18@4",
    ]
    assert [warning.split(",")[0] for warning in batch.warnings] == [
        "precision lost in 'payment'",
        "precision lost in 'from_account'",
    ]


def test_an_account_whose_number_a_spreadsheet_rounded_is_rejected(tmp_path: Path) -> None:
    batch = only(read_text(tmp_path, "account,name\nbank:6.22202E+18,x\n"))
    (reject,) = batch.rejects
    assert reject.what.startswith("precision lost")


def test_a_masked_number_is_known_only_within_its_exhibit(tmp_path: Path) -> None:
    batch = only(read_text(tmp_path, payments(("p", "bank:6226******5669"))))
    assert batch.frame["from_account"].to_list() == ["bank:E01/6226******5669"]


def test_a_group_takes_the_platform_of_its_members_account(tmp_path: Path) -> None:
    text = "group,account\n123,qq:5\nwechat-group:9,qq:5\n"
    batch = only(read_text(tmp_path, text))
    assert batch.frame["group"].to_list() == ["qq-group:123", "wechat-group:9"]


def test_vocabularies_are_translated_and_closed_ones_reject_strangers(tmp_path: Path) -> None:
    people = "person,name,role\n1,甲,受害人\n2,乙,路人\n3,丙,\n4,丁,Witness\n"
    batch = only(read_text(tmp_path, people))
    assert batch.frame["role"].to_list() == ["victim", None, "witness"]
    (reject,) = batch.rejects
    assert reject.what == "unknown role: '路人'"
    assert reject.fix == "write one of: victim, suspect, witness"
    accounts = "account,kind\na,老号\nb,租用\n"
    assert only(read_text(tmp_path, accounts)).frame["kind"].to_list() == ["aged", "租用"]


def test_free_text_keeps_its_characters(tmp_path: Path) -> None:
    text = "account,name\na, \u200d张\u200d三 \n"
    assert only(read_text(tmp_path, text)).frame["name"].to_list() == ["\u200d张\u200d三"]


def test_a_row_is_rejected_once_for_its_first_problem(tmp_path: Path) -> None:
    (reject,) = only(read_text(tmp_path, payments(("p", "a", "b", "x", "y")), OPTIONS)).rejects
    assert reject.column == "amount"
