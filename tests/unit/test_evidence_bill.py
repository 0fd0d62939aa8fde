"""A WeChat Pay bill is recognised as it comes, and says who paid whom.

The bills here are invented in the two layouts that the app has written.
"""

from pathlib import Path

import pytest

from graphdb.errors import InputRefused
from graphdb.evidence import Control, Reading, ReadOptions, quote_rows
from graphdb.model import Place
from tests.evidence_files import only, read_text

PREAMBLE = """微信支付账单明细,,,,,,,,
微信昵称：[阿松],,,,,,,,
起始时间：[2025-03-01 00:00:00] 终止时间：[2025-03-31 23:59:59],,,,,,,,
,,,,,,,,
共{n}笔记录,,,,,,,,
收入：{received},,,,,,,,
支出：1笔 28.16元,,,,,,,,
注：,,,,,,,,
{zone},,,,,,,,
----------------------微信支付账单明细列表--------------------,,,,,,,,
交易时间,交易类型,交易对方,商品,收/支,金额(元),支付方式,当前状态,交易单号,商户单号,备注
"""
ROWS = (
    '2025-03-02 10:10:11,微信红包,远房表叔,"/",收入,¥0.35,/,已存入零钱,3985734\t,129\t,"/"',
    "2025-03-02 12:45:27,商户消费,清溪面馆,共28.16,支出,¥28.16,甲银行,已退款¥10.00,3985734\t,1\t,/",
    "2025-03-03 09:00:00,零钱提现,甲银行(0000),/,/,¥100.10,甲银行,提现已到账,31\t,/,服务费¥0.10",
    "2025-03-03 09:01:00,零钱充值,甲银行(0000),/,/,¥1300.00,甲银行(0000),充值完成,32\t,/,/",
    "2025-03-03 09:02:00,转入零钱通-来自甲银行(0000),/,/,/,¥2000.00,甲银行(0000),支付成功,33\t,/,/",
    "2025-03-03 09:03:00,零钱通转出-到零钱,/,/,/,¥12.00,零钱通,支付成功,34\t,/,/",
    "2025-03-03 09:04:00,零钱通转出-到甲银行(0000),/,/,/,¥13.00,零钱通,支付成功,35\t,/,/",
    "2025-03-03 09:05:00,信用卡还款,乙银行信用卡还款,/,/,¥548.58,零钱,支付成功,36\t,/,/",
    "2025-03-03 09:06:00,微信红包-退款,/,/,收入,¥5.00,/,已全额退款,37\t,/,/",
)
ME = "wechat:阿松"
NEW_ZONE = "4. 本账单中所有时间均为UTC+08:00时间"


def bill(
    *rows: str, zone: str = NEW_ZONE, received: str = "2笔 5.35元", owner: str = "阿松"
) -> str:
    head = PREAMBLE.format(n=len(rows), zone=zone, received=received).replace("阿松", owner)
    return head + "\n".join(rows) + "\n"


@pytest.fixture
def whole(tmp_path: Path) -> Reading:
    return read_text(tmp_path, "\ufeff" + bill(*ROWS), ReadOptions(), name="download(3).txt")


def test_every_row_of_a_bill_is_loaded_and_added_up_by_its_direction(whole: Reading) -> None:
    batch = only(whole)
    assert (whole.format, batch.table, batch.read, batch.frame.height) == (
        "wechat_bill",
        "payments",
        9,
        9,
    )
    assert set(whole.controls) == {
        Control("out", "CNY", 1, "28.16"),
        Control("in", "CNY", 2, "5.35"),
        Control("neutral", "CNY", 6, "3973.68"),
    }
    assert whole.warnings == ()


def test_money_flows_between_the_owner_and_those_his_bill_names(whole: Reading) -> None:
    frame = only(whole).frame
    assert list(frame.select("from_account", "to_account").iter_rows()) == [
        (f"{ME}/远房表叔", ME),
        (ME, f"{ME}/清溪面馆"),
        (ME, f"{ME}/甲银行(0000)"),
        (f"{ME}/甲银行(0000)", ME),
        (f"{ME}/甲银行(0000)", ME),
        (f"{ME}/零钱通", ME),
        (ME, f"{ME}/甲银行(0000)"),
        (ME, f"{ME}/乙银行信用卡还款"),
        (f"{ME}/?", ME),
    ]


def test_a_bill_keeps_status_kind_and_memo(whole: Reading) -> None:
    frame = only(whole).frame
    assert frame["status"][1] == "已退款¥10.00"
    assert frame["kind"].to_list()[:4] == ["red_packet", "purchase", "withdrawal", "top_up"]
    assert frame["kind"][8] == "refund"
    assert frame["memo"].to_list()[:3] == [None, "共28.16", "服务费¥0.10"]
    assert frame["at"][0].isoformat() == "2025-03-02T02:10:11+00:00"


def test_a_number_that_repeats_still_names_one_payment(tmp_path: Path) -> None:
    first = only(read_text(tmp_path, bill(ROWS[0], ROWS[1], ROWS[0]), ReadOptions()))
    numbers = first.frame["payment"].to_list()
    assert len(set(numbers)) == 3
    assert numbers[2] == f"{numbers[0]}.2"
    assert all(number.startswith("3985734.") for number in numbers)


def test_an_overlapping_export_gives_the_same_numbers_even_after_a_refund(tmp_path: Path) -> None:
    paid = ROWS[1].replace("已退款¥10.00", "支付成功").replace("¥28.16", "28.16")
    first = only(read_text(tmp_path, bill(ROWS[0], ROWS[1]), ReadOptions()))
    second = only(read_text(tmp_path, bill(paid, ROWS[2]), ReadOptions()))
    assert first.frame["payment"][1] == second.frame["payment"][0]


def test_two_bills_never_share_a_stranger_or_a_payment(tmp_path: Path) -> None:
    mine = only(read_text(tmp_path, bill(ROWS[0]), ReadOptions()))
    other = only(read_text(tmp_path, bill(ROWS[0], owner="阿柏"), ReadOptions()))
    assert other.frame["from_account"][0] == "wechat:阿柏/远房表叔"
    assert mine.frame["payment"][0] != other.frame["payment"][0]


def test_totals_of_the_preamble_that_contradict_the_rows_only_warn(tmp_path: Path) -> None:
    reading = read_text(tmp_path, bill(*ROWS, received="43笔 9.99元"), ReadOptions())
    assert only(reading).frame.height == 9
    assert reading.warnings == ("the file states in 43 for 9.99, its rows are 2 for 5.35",)


def test_an_old_bill_names_no_zone_and_the_assumption_is_told(tmp_path: Path) -> None:
    batch = only(read_text(tmp_path, bill(*ROWS, zone="3. 本明细仅供个人对账使用"), ReadOptions()))
    assert "times that name no zone are taken as those of Asia/Shanghai" in batch.warnings


def test_a_bad_row_of_a_bill_is_rejected_alone(tmp_path: Path) -> None:
    bad = ROWS[1].replace("¥28.16", "¥二十八")
    batch = only(read_text(tmp_path, bill(ROWS[0], bad), ReadOptions()))
    (reject,) = batch.rejects
    assert (reject.where.row, reject.column) == (13, "amount")
    assert batch.frame.height == 1


def test_a_row_of_a_bill_is_quoted_with_its_own_headers(tmp_path: Path) -> None:
    read_text(tmp_path, bill(*ROWS), ReadOptions())
    place = Place("E01", 12)
    quoted = quote_rows(tmp_path / "file.csv", "E01", ReadOptions(), [place])
    assert dict(quoted[place])["金额(元)"] == "¥0.35"
    assert dict(quoted[place])["交易单号"] == "3985734\t"


def test_a_bill_without_an_owner_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputRefused, match="names no owner"):
        read_text(tmp_path, bill(*ROWS).replace("微信昵称：[阿松]", ""), ReadOptions())
