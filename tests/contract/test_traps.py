"""The traps of real evidence, one by one, each on an invented file that has it.

A newcomer's list of what real files do to text, cells, rows, sides, times and the money's way.
"""

from collections import defaultdict
from contextlib import closing
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from graphdb.case import Case
from graphdb.errors import InputRefused
from graphdb.evidence import Reading, ReadOptions, TableMap, read_evidence
from tests.contract.formats import lines, workbook
from tests.contract.formats.case_alipay import APP_2023, BALANCES, DETAIL, TRANSFERS
from tests.contract.formats.case_alipay import A as ALIPAY
from tests.contract.formats.case_bank_return import TRADES, row, trade
from tests.contract.formats.case_bank_statement import ABC, CCB, CITIC, JASS, THIRD_PARTY, table
from tests.contract.formats.case_tenpay import OF_2024, PACKET, bought
from tests.contract.formats.case_wechat_bill import HEADER as WECHAT

HEAD = "payment,from_account,to_account,amount,at\n"
TIME = "2025-03-01T10:00:00Z"


@dataclass
class Read:
    """What came of a file: good rows and rejects by table, and the reading itself."""

    reading: Reading
    good: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    bad: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    @property
    def warned(self) -> str:
        return "\n".join(self.reading.warnings)


def read(folder: Path, content: bytes | str, name: str = "a.csv", **options: Any) -> Read:
    path = folder / "exhibit"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    given = ReadOptions(**options)
    read_ = Read(read_evidence(path, "E01", given, name))
    for batch in read_.reading.each():
        read_.good[batch.table] += batch.frame.to_dicts()
        read_.bad[batch.table] += [reject.what for reject in batch.rejects]
    return read_


def payment(number: str = "p", amount: str = "1.00", payer: str = "qq:a", at: str = TIME) -> str:
    return f"{number},{payer},qq:b,{amount},{at}\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_text_is_decoded_strictly_whatever_its_encoding(tmp_path: Path, encoding: str) -> None:
    text = (HEAD + payment(payer="qq:张某")).encode(encoding)
    assert read(tmp_path, text).good["payments"][0]["from_account"] == "qq:张某"


def test_what_does_not_decode_is_refused_and_not_guessed_at(tmp_path: Path) -> None:
    with pytest.raises(InputRefused, match="neither UTF-8 nor GB18030"):
        read(tmp_path, HEAD.encode() + b"\xff\xff\xfe,qq:a,qq:b,1,2\n")


def test_tabs_behind_numbers_and_amounts_go(tmp_path: Path) -> None:
    text = lines(TRADES, trade("20260827110000", "2.50\t", "出", "6222020000000000002\t"), mark=",")
    (one,) = read(tmp_path, text).good["payments"]
    assert (one["to_account"], one["amount_minor"]) == ("bank:6222020000000000002", 250)


def test_leading_tabs_mean_a_card_of_the_row_above(tmp_path: Path) -> None:
    head = ("账户状态", "账号", "注册姓名", "注册时间", "注册身份证号", "绑定手机", "绑定状态",
            "开户行信息", "银行账号")  # fmt: skip
    text = lines(
        head,
        (
            "正常",
            "a",
            "张某",
            "2019-01-28 02:11:13",
            "ID-1",
            "",
            "绑定确认(正常)",
            "行",
            "6222020000000000001",
        ),
        ("", "", "", "", "", "", "绑定确认(正常)", "行", "6222020000000000002"),
    )
    accounts = read(tmp_path, text, "TenpayRegInfo.txt").good["accounts"]
    assert {one["bound_account"] for one in accounts} >= {"bank:6222020000000000002"}
    assert {one["account"] for one in accounts} == {"tenpay:a"}


def test_ids_that_a_spreadsheet_rounded_are_marked_and_linked_to_nothing(tmp_path: Path) -> None:
    table: list[list[object]] = [[*HEAD.strip().split(",")]]
    table.append(["p", "bank:1", 6.222020000000001e18, 1.0, TIME])
    one = read(tmp_path, workbook({"a": table}), platform="bank")
    assert "precision lost" in "\n".join([one.warned, *one.bad["payments"]])
    assert all("6222020000000001" not in r["to_account"] for r in one.good["payments"])


def test_large_ids_and_amounts_stay_exact(tmp_path: Path) -> None:
    text = HEAD + payment("9007199254740993", "90071992547409.93", "bank:28710447624489049")
    (one,) = read(tmp_path, text).good["payments"]
    assert (one["payment"], one["amount_minor"]) == ("9007199254740993", 9007199254740993)


def test_float_noise_of_a_workbook_is_no_money(tmp_path: Path) -> None:
    table: list[list[object]] = [[*HEAD.strip().split(",")]]
    table.append(["p", "qq:a", "qq:b", 548.58000000000004, TIME])
    table.append(["q", "qq:a", "qq:b", 7.0000000000000007e-2, TIME])
    rows = read(tmp_path, workbook({"a": table})).good["payments"]
    assert [one["amount_minor"] for one in rows] == [54858, 7]


def test_a_group_red_packet_is_a_payment_for_each_receiver(tmp_path: Path) -> None:
    packets = [bought(OF_2024, "T3", "出", "3000", 对手方ID=who, 对手方接收金额=fen, **PACKET)
               for who, fen in (("wxid_b", "1000"), ("wxid_c", "2000"))]  # fmt: skip
    rows = read(tmp_path, lines(OF_2024, *packets), "TenpayTrades.txt").good["payments"]
    assert sorted(one["amount_minor"] for one in rows) == [1000, 2000]
    assert len({one["payment"] for one in rows}) == 2


def test_two_columns_of_one_name_are_two(tmp_path: Path) -> None:
    assert OF_2024.count("第三方账户名称") == 2
    (one,) = read(
        tmp_path, lines(OF_2024, bought(OF_2024, "T1", "出", "1", 对手方ID="wxid_b"))
    ).good["payments"]
    assert one["to_account"] == "wechat:wxid_b"


def test_a_header_in_the_middle_is_no_row(tmp_path: Path) -> None:
    one = read(tmp_path, HEAD + payment("p") + HEAD + payment("q"))
    assert [r["payment"] for r in one.good["payments"]] == ["p", "q"]
    assert "repeated" in one.warned


def test_equal_rows_of_one_file_are_two_payments(tmp_path: Path) -> None:
    cells = lines(APP_2023, *[(TIME[:10] + " 10:00:00", "转账", "李某", "/", "转账", "支出", "1.00",
                  "余额", "交易成功", "", "", "", "")] * 2, mark=",")  # fmt: skip
    found = read(tmp_path, "支付宝账户：a@example.com\n" + cells).good["payments"]
    assert len({one["payment"] for one in found}) == 2


def test_a_transfer_in_three_tables_of_one_return_keeps_one_number(tmp_path: Path) -> None:
    at = "2025-03-01 10:00:00"
    detail = (("N1", "", at, at, at, "", "转账", f"{ALIPAY}(张某)", "2088000000000002(李某)", "",
               "9.00", "支出", "交易成功", "", "", "", ""))  # fmt: skip
    transfer = ("N1", f"{ALIPAY}(张某)", "2088000000000002(李某)", "", at, "9.00", "", "", "", "")
    balance = ("N1", f"{ALIPAY}(张某)", "2088000000000002(李某)", at, at, "", "9.00", "1", "转账",
               "", "", "", "")  # fmt: skip
    told = []
    for head, cells in ((DETAIL, detail), (TRANSFERS, transfer), (BALANCES, balance)):
        (one,) = read(tmp_path, lines(head, cells, mark=",")).good["payments"]
        told.append((one["payment"], one["from_account"], one["to_account"], one["amount_minor"]))
    assert len(set(told)) == 1


@pytest.mark.parametrize(
    ("way", "amount", "inward"),
    [("进", "1.00", True), ("出", "1.00", False), ("出", "-1.00", False), ("贷", "1.00", True),
     ("借", "1.00", False), ("入", "1.00", True), ("支出", "1.00", False), ("收入", "1", True)],
)  # fmt: skip
def test_the_way_of_the_money_in_all_its_words(
    tmp_path: Path, way: str, amount: str, inward: bool
) -> None:
    text = lines(TRADES, trade("20260827110000", amount, way, "6222020000000000002"), mark=",")
    (one,) = read(tmp_path, text).good["payments"]
    assert (one["to_account"] == "bank:6222020000000000001") is inward
    assert one["amount_minor"] == 100


def test_a_way_that_is_not_stated_is_not_guessed(tmp_path: Path) -> None:
    text = lines(TRADES, trade("20260827110000", "1.00", "", "6222020000000000002"), mark=",")
    one = read(tmp_path, text)
    assert one.good["payments"] == []
    assert one.bad["payments"] == ["the way is not stated"]


def test_a_refund_flows_back_and_a_closed_order_moves_nothing(tmp_path: Path) -> None:
    at = "2025-03-01 10:00:00"
    text = "支付宝账户：a@example.com\n" + lines(
        APP_2023,
        (at, "退款", "店", "/", "退款", "不计收支", "5.00", "余额", "退款成功", "1_1", "", "", ""),
        (at, "购物", "店", "/", "杯", "支出", "8.00", "", "交易关闭", "2", "", "", ""),
        mark=",",
    )
    one = read(tmp_path, text)
    (refund,) = one.good["payments"]
    assert (refund["kind"], refund["to_account"]) == ("refund", "alipay:a@example.com")
    assert one.bad["payments"] == ["the order was never paid: '交易关闭'"]


def test_totals_above_the_rows_that_contradict_them_warn_and_change_nothing(tmp_path: Path) -> None:
    at = "2025-03-01 10:00:00"
    rows = (at, "购物", "店", "/", "杯", "支出", "8.00", "余额", "交易成功", "2", "", "", "")
    one = read(tmp_path, "支付宝账户：a\n支出：9笔 99.00元\n" + lines(APP_2023, rows, mark=","))
    assert len(one.good["payments"]) == 1
    assert "99.00" in one.warned


def test_no_such_account_is_a_fact(tmp_path: Path) -> None:
    (notice,) = read(tmp_path, "账号acct_7不存在\n", "TenpayRegInfo1.txt").good["notices"]
    assert (notice["account"], notice["kind"]) == ("tenpay:acct_7", "not_found")
    text = lines(TRADES, row(TRADES, 交易卡号="6222020000000000009", 查询反馈结果原因="无记录"),
                 mark=",")  # fmt: skip
    (notice,) = read(tmp_path, text).good["notices"]
    assert notice["kind"] == "no_records"


def test_a_mask_is_a_pattern_of_its_paper_and_no_key(tmp_path: Path) -> None:
    text = lines(TRADES, trade("20260827110000", "1.00", "出", "6222********0003"), mark=",")
    (one,) = read(tmp_path, text).good["payments"]
    assert one["to_account"] == "bank:6222020000000000001/6222********0003"


@pytest.mark.parametrize(
    ("written", "utc"),
    [("2026-08-27 10:00:00", "02:00:00"), ("20260827100000", "02:00:00"),
     ("2026-08-27-10.00.00.123456", "02:00:00"), ("2026/8/27 10:00:00", "02:00:00"),
     ("2026-08-27  10:00:00", "02:00:00"), ("2026-08-27 10:00:00 +0800 CST", "02:00:00"),
     ("20260827", "16:00:00")],
)  # fmt: skip
def test_times_in_all_their_forms(tmp_path: Path, written: str, utc: str) -> None:
    text = lines(TRADES, trade(written, "1.00", "出", "6222020000000000002"), mark=",")
    (one,) = read(tmp_path, text).good["payments"]
    assert one["at"].strftime("%H:%M:%S") == utc


def test_a_formula_is_text(tmp_path: Path) -> None:
    text = lines(DETAIL, ("=20260001=", "=1+1", TIME, TIME, TIME, "", "转账", f"{ALIPAY}(张某)",
                          "=cmd()", "=2+2", "1.00", "支出", "交易成功", "", "", "", ""),
                 mark=",")  # fmt: skip
    (one,) = read(tmp_path, text).good["payments"]
    assert (one["payment"], one["memo"]) == ("20260001", "=2+2")


def test_marks_that_turn_or_hide_text_go_from_ids_and_stay_in_names(tmp_path: Path) -> None:
    text = "account,name\nqq:a\u200b,\u202e张某\u200e\n"
    (one,) = read(tmp_path, text).good["accounts"]
    # What people call themselves is evidence; terminals and charts show such marks as codes.
    assert (one["account"], one["name"]) == ("qq:a", "\u202e张某\u200e")


@pytest.mark.parametrize("nothing", [r"\N", "-", "--", "-----", "_", "/", "null", ""])
def test_words_for_nothing_are_nothing(tmp_path: Path, nothing: str) -> None:
    text = lines(TRADES, trade("20260827110000", "1.00", "出", "6222020000000000002",
                               对手户名=nothing, 摘要说明=nothing), mark=",")  # fmt: skip
    (one,) = read(tmp_path, text).good["payments"]
    assert (one.get("to_name"), one["memo"]) == (None, None)


def test_a_row_that_is_too_short_is_kept_and_one_too_long_is_told(tmp_path: Path) -> None:
    short = trade("20260827110000", "1.00", "出", "6222020000000000002")[:9]
    long = (*trade("20260827110001", "2.00", "出", "6222020000000000002"), "", "x")
    one = read(tmp_path, lines(TRADES, short, long, mark=","))
    assert [r["amount_minor"] for r in one.good["payments"]] == [100]
    assert "cells" in one.bad["payments"][0]


def test_an_xls_that_is_a_csv_is_told_by_its_content(tmp_path: Path) -> None:
    assert read(tmp_path, HEAD + payment(), "bank.xls").good["payments"]
    table = workbook({"a": [HEAD.strip().split(","), ["p", "qq:a", "qq:b", "1.00", TIME]]})
    assert read(tmp_path, table, "bank.csv").good["payments"]


def test_the_same_bill_on_two_sheets_has_the_same_numbers(tmp_path: Path) -> None:
    above = [["微信支付账单明细"], ["微信昵称：[测试]"]]
    head = ["交易时间", "交易类型", "交易对方", "商品", "收/支", "金额(元)", "支付方式", "当前状态",
            "交易单号", "商户单号", "备注"]  # fmt: skip
    cells = ["2025-03-01 10:00:00", "转账", "李某", "/", "支出", "¥8.00", "零钱", "支付成功", "1",
             "/", "/"]  # fmt: skip
    sheets = {"a": [*above, head, cells], "b": [*above, head, cells]}
    rows = read(tmp_path, workbook(sheets)).good["payments"]
    assert len(rows) == 2
    assert len({one["payment"] for one in rows}) == 1


def test_sums_are_exact_to_the_cent(tmp_path: Path) -> None:
    text = lines(TRADES, *[trade("20260827110000", "0.10", "出", "6222020000000000002",
                                 交易流水号=f"L{n}") for n in range(3)], mark=",")  # fmt: skip
    (total,) = read(tmp_path, text).reading.controls
    assert (total.count, Decimal(total.amount)) == (3, Decimal("0.30"))


def test_a_row_whose_time_is_spoilt_is_rejected_and_not_taken_for_a_note(tmp_path: Path) -> None:
    at = "2025-03-01 10:00:00"
    cells = ("转账", "李某", "/", "转账", "支出", "1.00", "余额", "交易成功")
    rows = [(when, *cells, f"N{n}", "", "", "")
            for n, when in enumerate((at, "25/3", ""))]  # fmt: skip
    text = "支付宝账户：a@example.com\n" + lines(APP_2023, *rows, mark=",") + "说明：以上为全部\n"
    one = read(tmp_path, text)
    assert len(one.good["payments"]) == 1
    assert one.bad["payments"] == ["the time cannot be read: '25/3'", "'at' is empty"]


HTML = (
    "<html><head><meta charset='gbk'><style>td {{}}</style></head><body>"
    "<table><tr><td>某银行</td></tr></table><table border=1>{}</table></body></html>"
)


def cells_of(table: list[tuple[str, ...]], cell: str = "td") -> str:
    return "".join(
        "<tr>" + "".join(f"<{cell}>{text}</{cell}>" for text in row) + "</tr>" for row in table
    )


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_an_xls_that_is_html_is_read_as_the_table_it_holds(tmp_path: Path, encoding: str) -> None:
    cells = trade("20260827110000", "2.50", "出", "6222020000000000002", 对手户名="A&amp;B")
    text = HTML.format(cells_of([TRADES, cells]))
    one = read(tmp_path, text.encode(encoding), "交易明细.xls")
    (row_,) = one.good["payments"]
    assert (one.reading.format, row_["amount_minor"], row_["to_name"]) == (
        "bank_return",
        250,
        "A&B",
    )


def test_an_xls_that_is_the_xml_of_old_excel_is_read_with_its_gaps(tmp_path: Path) -> None:
    text = (
        '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
        '<Workbook xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet><Table>'
        "<Row>"
        + "".join(f"<Cell><Data>{h}</Data></Cell>" for h in HEAD.strip().split(","))
        + "<Cell><Data>memo</Data></Cell></Row><Row>"
        + "".join(f"<Cell><Data>{c}</Data></Cell>" for c in ("p", "qq:a", "qq:b", "1.00", TIME))
        + "</Row><Row>"
        + "".join(f"<Cell><Data>{c}</Data></Cell>" for c in ("q", "qq:a", "qq:b"))
        + f'<Cell ss:Index="4"><Data>2.00</Data></Cell><Cell><Data>{TIME}</Data></Cell>'
        + '<Cell ss:Index="6"><Data>tea</Data></Cell></Row></Table></Worksheet></Workbook>'
    )
    rows = read(tmp_path, text, "a.xls").good["payments"]
    assert [(r["amount_minor"], r["memo"]) for r in rows] == [(100, None), (200, "tea")]


def test_an_encoding_that_the_officer_names_is_taken(tmp_path: Path) -> None:
    text = "account,name\nqq:a,M\u00fcller \u00df\n".encode("latin-1")
    (one,) = read(tmp_path, text, encoding="latin-1").good["accounts"]
    assert one["name"] == "M\u00fcller \u00df"


def test_a_file_that_holds_only_a_header_says_so(tmp_path: Path) -> None:
    assert "no rows" in read(tmp_path, HEAD).warned


def test_headers_with_blanks_tabs_stars_and_full_width_brackets_are_known(tmp_path: Path) -> None:
    heads = tuple({"交易时间": " 交易 时间\t", "交易金额": "*交易金额"}.get(h, h) for h in TRADES)
    text = lines(heads, trade("20260827110000", "2.50", "出", "6222020000000000002"), mark=",")
    assert read(tmp_path, text).good["payments"][0]["amount_minor"] == 250


WECHAT_ROW = (
    "2025-03-01 10:00:00", "转账", "李某", "/", "支出", "¥84.50", "零钱", "支付成功", "T1\t",
    "/", "/",
)  # fmt: skip


def bill(*rows: tuple[str, ...]) -> str:
    return "微信支付账单明细\n微信昵称：[测试]\n" + lines(WECHAT, *rows, mark=",")


def tallies(folder: Path, *texts: str) -> list[tuple[int, int, int]]:
    """Add files one after the other to one case: rows loaded, repeated and rejected of each."""
    case = Case.create(folder / "case")
    found = []
    for at, text in enumerate(texts, start=1):
        path = folder / f"826648753_账单_part{at}.csv"
        path.write_text(text, encoding="utf-8")
        (report,) = case.add([path]).files
        found.append((report.tally.loaded, report.tally.repeated, report.tally.rejected))
    case.close()
    return found


def test_overlapping_exports_and_parts_load_each_row_once(tmp_path: Path) -> None:
    rows = [(f"2025-03-0{n} 10:00:00", *WECHAT_ROW[1:8], f"T{n}\t", "/", "/") for n in range(1, 5)]
    assert tallies(tmp_path, bill(*rows[:3]), bill(*rows[1:])) == [(3, 0, 0), (1, 2, 0)]


def test_equal_rows_of_one_export_count_twice_and_re_delivered_ones_not(tmp_path: Path) -> None:
    same = trade("20260827110000", "5.00", "出", "6222020000000000002")
    more = trade("20260827120000", "6.00", "出", "6222020000000000002")
    first, again = (lines(TRADES, *rows, mark=",") for rows in ((same, same), (same, same, more)))
    assert tallies(tmp_path, first, again) == [(2, 0, 0), (1, 2, 0)]


def test_two_equal_columns_of_a_foreign_table_are_told_apart_by_a_map(tmp_path: Path) -> None:
    text = "Timestamp,Account,Account,Amount\n2022/09/01 00:20,8000A,8000B,3.50\n"
    columns = {"at": ("Timestamp",), "from_account": ("Account",), "to_account": ("Account#2",),
               "amount": ("Amount",)}  # fmt: skip
    given = TableMap("payments", {**columns, "from_account": ("Account#1",)}, platform="bank")
    (one,) = read(tmp_path, text, map=given, zone="UTC").good["payments"]
    assert (one["from_account"], one["to_account"]) == ("bank:8000A", "bank:8000B")


def test_values_that_stand_under_other_headers_are_found_by_what_they_hold(tmp_path: Path) -> None:
    cells = ("1", "6222020000000000001", "2024-01-01 10:15:00", "84.00", "转出", "某店", "转账")
    one = read(tmp_path, table(JASS, cells))
    assert one.good["payments"][0]["amount_minor"] == 8400
    assert "amount under '受理机构代码'" in one.warned


OWN = "账号: 6222020000000000001\n"
SIGNED = table(ABC, *[("20240101", "101500", a, "1", "某", "6222020000000000002") for a in
                      ("+1.00", "-2.00", "3.00")], above=OWN)  # fmt: skip
SPLIT = table(
    CCB,
    *[
        (
            "20240101",
            "20240101",
            "10:15:00",
            out,
            into,
            "1",
            "人民币",
            "转账",
            "6222020000000000002",
        )
        for out, into in (("2.00", "0.00"), ("", "1"))
    ],
    above=OWN,
)
CREDIT_CARD = table(
    CITIC,
    ("20240101", "20240102", "店", "1234", "人民币", "2.00", "人民币", "2.00"),
    ("20240103", "20240104", "还款", "1234", "人民币", "-1", "人民币", "-1"),
)


@pytest.mark.parametrize(
    ("text", "ways"),
    [(SIGNED, {"in": 2, "out": 1}), (SPLIT, {"in": 1, "out": 1}),
     (CREDIT_CARD, {"in": 1, "out": 1})],
    ids=["signs", "two columns", "a credit card, where spending has no sign"],
)  # fmt: skip
def test_the_way_by_sign_by_column_and_inverted(
    tmp_path: Path, text: str, ways: dict[str, int]
) -> None:
    one = read(tmp_path, text)
    assert {total.what: total.count for total in one.reading.controls} == ways
    own = {r["from_account"] if r["amount_minor"] == 200 else r["to_account"]
           for r in one.good["payments"] if r["amount_minor"] != 300}  # fmt: skip
    assert len(own) == 1


@pytest.mark.parametrize("word", ["/", "不计收支", "其他"])
def test_what_is_neither_income_nor_expense_is_neutral(tmp_path: Path, word: str) -> None:
    cells = (*WECHAT_ROW[:1], "零钱提现", "某银行", "/", word, *WECHAT_ROW[5:])
    (total,) = read(tmp_path, bill(cells)).reading.controls
    assert (total.what, total.amount) == ("neutral", "84.50")


@pytest.mark.parametrize(("code", "inward"), [("0", False), ("1", True), ("入账", True)])
def test_of_what_came_in_the_subject_is_the_payee(tmp_path: Path, code: str, inward: bool) -> None:
    cells = dict.fromkeys(THIRD_PARTY, "") | {
        "*交易主体的出入帐标识": code, "交易时间": "20240101101500", "交易金额": "100.00",
        "支付帐号": "me", "付款方的支付帐号": "" if not inward else "other",
        "收款方的支付帐号": "" if inward else "other",
    }  # fmt: skip
    (one,) = read(tmp_path, table(THIRD_PARTY, tuple(cells.values()))).good["payments"]
    sides = (one["from_account"], one["to_account"])
    assert sides == (("pay:other", "pay:me") if inward else ("pay:me", "pay:other"))


def test_a_refund_behind_the_amount_or_in_the_status_takes_nothing_from_it(tmp_path: Path) -> None:
    jd = (
        "导出信息：\n京东账号名：jd_owner\n\n交易时间,商户名称,交易说明,金额,收/付款方式,交易状态,收/支,"
        "交易分类,交易订单号,商家订单号,备注\n"
        "2024-01-01 10:00:00\t,店,杯,131.77(已退款89.84),卡,交易成功,支出,日用,J1\t,S1\t,\n"
    )
    (one,) = read(tmp_path, jd).good["payments"]
    assert one["amount_minor"] == 13177
    cells = (*WECHAT_ROW[:7], "已退款(￥10.00)", *WECHAT_ROW[8:])
    (one,) = read(tmp_path, bill(cells)).good["payments"]
    assert (one["amount_minor"], one["status"]) == (8450, "已退款(￥10.00)")


@pytest.mark.parametrize(
    "mask",
    ["6226******5669", "20883313166*****0156", "中***融科技", "**微", "0xdedce3****0177adc9"],
)
def test_a_mask_of_any_kind_meets_nobody_elses(tmp_path: Path, mask: str) -> None:
    rows = [
        trade("20260827110000", "1.00", "出", mask, 交易卡号=own)
        for own in ("6222020000000000001", "6222020000000000005")
    ]
    found = read(tmp_path, lines(TRADES, *rows, mark=",")).good["payments"]
    assert len({one["to_account"] for one in found}) == 2
    assert all(one["to_account"].endswith(f"/{mask}") for one in found)


@pytest.mark.parametrize(
    ("cell", "account", "name"),
    [("2088000000000002(李某)", "alipay:2088000000000002", "李某"),
     ("2088000000000002（李某）", "alipay:2088000000000002", "李某"),
     ("(某行)6222020000000000002", "bank:6222020000000000002", None),
     ("李某(某行)(6222020000000000002)", "bank:6222020000000000002", "李某"),
     ("李某", f"alipay:{ALIPAY}/李某", "李某")],
)  # fmt: skip
def test_a_counterparty_is_read_in_each_of_its_layouts(
    tmp_path: Path, cell: str, account: str, name: str | None
) -> None:
    at = "2025-03-01 10:00:00"
    said = ("N1", "", at, at, at, "", "转账", f"{ALIPAY}(张某)", cell, "", "9.00")
    text = lines(DETAIL, (*said, "支出", "交易成功", "", "", "", ""), mark=",")
    (one,) = read(tmp_path, text).good["payments"]
    assert (one["to_account"], one["to_name"]) == (account, name)


def test_a_local_time_beside_one_that_counts_is_not_taken(tmp_path: Path) -> None:
    text = (
        '{"name":"g","type":"private_group","id":5,"messages":[{"id":1,"type":"message",'
        '"date":"2025-03-01T23:59:59","date_unixtime":"1740794400","from":"Li","from_id":"user7",'
        '"text":[{"type":"bold","text":"in"},"vest"]}]}'
    )
    (one,) = read(tmp_path, text, "result.json").good["messages"]
    assert (one["at"].isoformat(), one["text"]) == ("2025-03-01T02:00:00+00:00", "invest")


@pytest.mark.parametrize(
    ("dates", "day"), [(("13/02/20", "14/02/20"), 13), (("02/13/20", "02/14/20"), 13)]
)
def test_the_order_of_day_and_month_is_told_by_all_dates(
    tmp_path: Path, dates: tuple[str, str], day: int
) -> None:
    text = "".join(f"{one}, 10:16 - Mary: hello\n" for one in dates)
    first, _ = read(tmp_path, text, "chat.txt", zone="UTC").good["messages"]
    assert (first["at"].month, first["at"].day) == (2, day)


def test_a_member_renamed_is_one_by_his_id_and_unresolved_by_his_name(tmp_path: Path) -> None:
    text = "".join(f"[20-02-1{n} 10:16:00] {who}: hi\n" for n, who in ((3, "Mary"), (4, "Maria")))
    told = read(tmp_path, text, "chat.txt", zone="UTC").good["messages"]
    assert {one["account"] for one in told} == {"whatsapp:E01/Mary", "whatsapp:E01/Maria"}
    head = '{"name":"g","type":"private_group","id":5,"messages":['
    said = ",".join(
        f'{{"id":{n},"type":"message","date_unixtime":"174079440{n}","from":"{who}",'
        f'"from_id":"user7","text":"hi"}}'
        for n, who in ((1, "Mary"), (2, "Maria"))
    )
    told = read(tmp_path, f"{head}{said}]}}", "result.json").good["messages"]
    assert {one["account"] for one in told} == {"telegram:7"}


def test_sums_below_the_rows_are_no_rows(tmp_path: Path) -> None:
    row_ = ("20240101", "101500", "+1.00", "1", "某", "6222020000000000002")
    one = read(tmp_path, table(ABC, row_, above=OWN, below="合计,,1.00,,,\n打印时间：2024,,,,,\n"))
    assert (len(one.good["payments"]), one.bad["payments"]) == (1, [])


GEXF_END = "</graph></gexf>"


@pytest.mark.parametrize(
    "text",
    ["<graphml><graph><node id='q'/><edge source='q' target='nobody'/></graph></graphml>",
     "<gexf><graph><nodes><node id='q'><attvalues><attvalue for='9'/></attvalues></node></nodes>"
     + GEXF_END],
    ids=["a node that is missing", "an attribute that is not declared"],
)  # fmt: skip
def test_a_drawn_chart_with_gaps_is_read(tmp_path: Path, text: str) -> None:
    assert read(tmp_path, text, "chart.xml").reading.format in {"graphml", "gexf"}


def test_a_drawn_chart_that_breaks_off_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputRefused, match="broken"):
        read(tmp_path, "<graphml><graph><node id='qq:1'>", "chart.graphml")


def test_a_control_byte_and_a_strange_first_line_do_not_spoil_a_statement(tmp_path: Path) -> None:
    text = (
        ":940:\r\n:20:S1\r\n:25:6222020000000000001\r\n:28C:1/1\r\n:60F:C240101CNY1000,00\r\n"
        ":61:2401020102D84,50NTRFREF1//B1\r\n:86:rent\x01 of May\r\n:62F:C240103CNY915,50\r\n-\r\n"
    )
    (one,) = read(tmp_path, text, "a.sta").good["payments"]
    assert one["amount_minor"] == 8450


def test_a_broken_line_of_a_statement_is_told_in_its_own_words(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    text = (
        ":20:S2\r\n:25:6222020000000000001\r\n:28C:2/1\r\n:60F:C240101CNY1,00\r\n:61:nonsense\r\n"
    )
    one = read(tmp_path, text, "a.sta")
    assert one.bad["payments"] == ["the statement cannot be read: ':61:nonsense'"]
    assert capfd.readouterr().err == ""


def test_quotes_are_characters_where_tabs_part_the_cells(tmp_path: Path) -> None:
    rows = [
        bought(OF_2024, f"T{n}", "出", "100", 对手方ID="wxid_b", 备注1='他说"好') for n in (1, 2)
    ]
    found = read(tmp_path, lines(OF_2024, *rows), "TenpayTrades.txt").good["payments"]
    assert [one["memo"] for one in found] == ['他说"好'] * 2


@pytest.mark.parametrize("block", ["联系人：", "登录日志：", "微信群："])
def test_a_block_whose_columns_are_not_named_is_rejected_line_by_line(
    tmp_path: Path, block: str
) -> None:
    head = "wxid_a1的基本资料：\n微信号：wxid_a1\n昵称：阿明\n手机号：17000000001\n两行签名\n"
    text = f"{head}{block}\n\ta\tb\n"
    one = read(tmp_path, text, "all.txt")
    assert one.good["accounts"][0]["account"] == "wechat:wxid_a1"
    assert one.bad["accounts"] == ["the columns of this block are not named"]


@pytest.mark.parametrize(
    "memo",
    ["<gexf", "<graphml", "<Chart ChartItemCollection", "<OFX>", "OFXHEADER", ":20: :25:",
     "http://pa.cellebrite.com/report/2.0", "'@context' uco-core", "{'messages'", "微信号：a"],
)  # fmt: skip
def test_what_a_cell_holds_does_not_make_a_table_something_else(tmp_path: Path, memo: str) -> None:
    text = HEAD.replace("at", "at,memo") + payment().strip() + f',"{memo}"\n'
    one = read(tmp_path, text.replace("'", '""'))
    assert one.reading.format == "payments"
    assert len(one.good["payments"]) == 1


def test_letters_that_may_be_of_two_encodings_are_warned_of(tmp_path: Path) -> None:
    text = (HEAD + payment(payer="qq:业")).encode("gb18030")
    one = read(tmp_path, text)
    assert "'业'" in one.warned
    assert "--encoding gb18030" in one.warned
    assert read(tmp_path, text, encoding="gb18030").good["payments"][0]["from_account"] == "qq:业"
    assert "GB18030" not in read(tmp_path, HEAD + payment(payer="qq:张某")).warned
    assert "GB18030" not in read(tmp_path, HEAD + payment()).warned


LONG = "9" * 2_001


@pytest.mark.parametrize(
    ("content", "column"),
    [
        (HEAD + payment() + payment(number=LONG), "payment"),
        (HEAD + payment() + payment(payer=f"qq:{LONG}"), "from_account"),
        (f"group,account\n7,qq:1\n{LONG},qq:1\n", "group"),
        (f"person,name\np1,Lee\n{LONG},Lee\n", "person"),
        (f"account,kind,at,note\nqq:1,x,,y\nqq:1,{LONG},,y\n", "kind"),
        (f"report,person,at,names\nr1,p,{TIME},qq:1\nr2,p,{TIME},qq:1;qq:{LONG}\n", "names"),
        ('{"account": "qq:1"}\n\n{"account": "qq:' + LONG + '"}\n', "account"),
        (
            lines(
                OF_2024,
                bought(OF_2024, "T1", "出", "1", 对手方ID="wxid_b"),
                bought(OF_2024, "T2", "出", "1", 对手方ID=LONG),
            ),
            "to_account",
        ),
        (workbook({"a": [["account"], ["qq:1"], [f"qq:{LONG}"]]}), "account"),
    ],
)
def test_a_cell_that_is_too_long_to_be_an_id_rejects_its_row(
    tmp_path: Path, content: bytes | str, column: str
) -> None:
    path = tmp_path / "exhibit"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    batches = read_evidence(path, "E01").batches
    assert [batch.frame["row"].to_list() for batch in batches if not batch.derived] in (
        [[2]],
        [[1]],
    )
    (reject,) = (reject for batch in batches for reject in batch.rejects)
    assert (str(reject.where), reject.column) == ("E01:3", column)
    assert reject.what.startswith("the cell is longer than 2,000 bytes and no id: '")
    assert "--map" in reject.fix


def test_many_short_ids_may_stand_in_one_long_cell(tmp_path: Path) -> None:
    names = ";".join(f"qq:{number}" for number in range(1_000))
    one = read(tmp_path, f"report,person,at,names\nr1,p,{TIME},{names}\n")
    assert (len(one.good["reports"]), one.bad["reports"]) == (1, [])


@pytest.mark.parametrize(
    "memo", ['"";' * 12, ';""' * 12, "a;b;c;d;e;f;g;h", "\t;|\t;|\t;|\t;|\t;|", "said\n;;;;;;;;;"]
)
def test_marks_within_quoted_cells_do_not_part_a_row(tmp_path: Path, memo: str) -> None:
    text = HEAD.replace("at\n", "at,memo\n") + payment().strip() + f',"{memo}"\n'
    (one,) = read(tmp_path, text).good["payments"]
    assert one["memo"] == memo.replace('""', '"').strip()


def test_a_text_may_hold_more_of_another_mark_than_of_its_own(tmp_path: Path) -> None:
    one = read(tmp_path, f"report,person,at,names\nr1,p1,{TIME},qq:1;qq:2;qq:3;qq:4;qq:5\n")
    assert one.good["reports"][0]["names"] == "qq:1;qq:2;qq:3;qq:4;qq:5"
    assert one.warned == ""


def test_names_of_europe_that_may_be_chinese_are_warned_of(tmp_path: Path) -> None:
    text = (HEAD + payment(payer="qq:Müller") + payment(payer="qq:Jörg")).encode("latin-1")
    one = read(tmp_path, text)
    assert "as latin-1 it would be 'Müller'" in one.warned
    assert read(tmp_path, text, encoding="latin-1").good["payments"][0]["from_account"] == (
        "qq:Müller"
    )
    assert read(tmp_path, text, encoding="latin-1").warned == ""


@pytest.mark.parametrize("name", ["张某", "张A", "Müller 张某", "镕"])
def test_chinese_of_gb18030_is_not_doubted(tmp_path: Path, name: str) -> None:
    text = (HEAD + payment(payer=f"qq:{name}")).encode("gb18030")
    one = read(tmp_path, text)
    assert one.good["payments"][0]["from_account"] == f"qq:{name}"
    assert one.warned == ""


def test_what_no_columns_are_known_of_is_told_sheet_by_sheet_and_file_by_file(
    tmp_path: Path,
) -> None:
    tasks = ("任务流水号", "请求单号", "查询结果", "反馈时间")
    parts = ("主账户", "子账户账号", "子账户类别", "钞汇标志")
    paid = trade("2026-08-27 10:00:00", "1.00", "出", "6222020000000000002")
    sheets = {
        "交易明细": [TRADES, paid],
        "任务信息": [tasks, tuple("abcd")],
        "子账户信息": [parts, tuple("abcd")],
    }
    one = read(tmp_path, workbook(sheets), "a.xlsx")
    assert len(one.good["payments"]) == 1
    first, second = (w for w in one.reading.warnings if "is not read" in w)
    assert first.startswith("the sheet '任务信息' (E01/2) is not read: the columns are those of no")
    assert second.startswith("the sheet '子账户信息' (E01/3) is not read: the columns are those of")
    (tmp_path / "in").mkdir()
    for name, headers in (("任务信息", tasks), ("子账户信息", parts)):
        (tmp_path / "in" / f"{name}.csv").write_bytes(lines(headers, mark=",").encode("gb18030"))
    with closing(Case.create(tmp_path / "case")) as case:
        refused = case.add([tmp_path / "in"]).refused
    assert [item.name for item in refused] == ["任务信息.csv", "子账户信息.csv"]
    assert all(
        "'任务流水号'" in item.error.what or "'子账户账号'" in item.error.what for item in refused
    )
    assert all(item.error.fix for item in refused)
