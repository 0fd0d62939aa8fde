"""What banks return to the police: payments with their traps, accounts, persons, measures."""

from tests.contract.formats import Case, lines, workbook

TRADES = (
    "交易卡号", "交易账号", "账户开户名称", "开户人证件号码", "交易时间", "交易金额", "交易余额",
    "收付标志", "交易对手账卡号", "现金标志", "对手户名", "对手身份证号", "对手开户银行",
    "摘要说明", "交易币种", "交易网点名称", "交易网点代码", "交易发生地", "交易是否成功", "传票号",
    "终端号",
    "IP地址", "MAC地址", "对手交易余额", "交易流水号", "日志号", "凭证种类", "凭证号", "交易柜员号",
    "商户名称", "商户号", "备注", "交易类型", "查询反馈结果原因",
)  # fmt: skip
_OWN = {"交易卡号": "6222020000000000001_156_1\t", "账户开户名称": "张某",
        "开户人证件号码": "ID-0001\t", "交易币种": "人民币", "交易是否成功": "成功"}  # fmt: skip


def row(headers: tuple[str, ...], **cells: str) -> tuple[str, ...]:
    """Write a row; what is not given is empty."""
    return tuple(cells.get(header, "") for header in headers)


def trade(at: str, amount: str, way: str, other: str, **more: str) -> tuple[str, ...]:
    said = {"交易时间": at, "交易金额": amount, "收付标志": way, "交易对手账卡号": other}
    return row(TRADES, **{**_OWN, **said, **more})


ROWS = (
    trade("2026-08-27 10:00:00", "12,500.50\t", "进", "6222020000000000002\t", 交易流水号="L1",
          对手户名="李某", 对手身份证号="ID-0002", 交易余额="20000.00", 摘要说明="网转"),
    trade("20260827110000", "-2.50\t", "出", r"\N", 对手户名="某商户", 交易流水号="L2"),
    trade("2026-08-27-11.12.13.123456", "2.50", "出", "6222********0003", 交易流水号="L2"),
    trade("2026-08-27 12:00:00", "0.00", "出", "6222020000000000002"),
    trade("2026-08-27 13:00:00", "7.00", "出", "6222020000000000002", 交易是否成功="失败"),
    trade("2026-08-27 14:00:00", "9.00", "-", "6222020000000000002"),
    row(TRADES, 交易卡号="6222020000000000009", 查询反馈结果原因="查无此账户"),
)  # fmt: skip

ACCOUNTS = ("开户人姓名", "账户开户名称", "开户人证件号码", "交易卡号", "交易账号", "账号开户时间",
            "账户余额", "账户状态", "销户日期", "联系电话")  # fmt: skip
PERSONS = ("客户名称", "证照类型", "证照号码", "工作单位", "联系电话")
MEASURES = ("账号", "措施序号", "冻结开始日", "冻结截止日", "冻结机关名称", "冻结金额", "备注",
            "冻结措施类型")  # fmt: skip

CASES = (
    Case(
        "bank_return", "34 columns: tabs, signs, times of three forms, an answer",
        "交易明细信息.csv", lines(TRADES, *ROWS, mark=",", end="\r\n").replace(
            "12,500.50\t", '"12,500.50\t"').encode("gb18030"),
        {"payments": (3, 3), "accounts": (2, 0), "notices": (1, 0)},
        {"in": (1, "12500.50"), "out": (2, "5.00")},
        {
            "payments": {"from_account": "bank:6222020000000000001", "amount_minor": 250,
                         "to_name": "某商户"},
            "notices": {"account": "bank:6222020000000000009", "kind": "not_found"},
            "accounts": {"account": "bank:6222020000000000002", "holder": "ID-0002"},
        },

    ),
    Case(
        "bank_return", "an answer and nothing else", "交易明细信息.csv",
        lines(TRADES, row(TRADES, 交易账号="6222020000000000009", 查询反馈结果原因="无记录"),
              mark=",").encode("gb18030"),
        {"notices": (1, 0)}, {}, {"notices": {"kind": "no_records"}},
    ),
    Case(
        "bank_return_accounts", "who holds which card, and one that is closed", "账户信息.csv",
        lines(
            ACCOUNTS,
            row(ACCOUNTS, 账户开户名称="张某", 开户人证件号码="ID-0001\t", 账户状态="正常",
                交易卡号="6222020000000000001_156_1\t", 账号开户时间="20190304"),
            row(ACCOUNTS, 账户开户名称="李某", 开户人证件号码="ID-0002", 账户状态="销户",
                交易卡号="6222020000000000002", 账号开户时间="2019-03-04 10:00:00",
                销户日期="20250102"),
            mark=",",
        ).encode("gb18030"),
        {"accounts": (2, 0), "notices": (1, 0)}, {},
        {
            "accounts": {"account": "bank:6222020000000000001", "holder": "ID-0001"},
            "notices": {"account": "bank:6222020000000000002", "kind": "closed"},
        },
    ),
    Case(
        "bank_return_persons", "persons by their papers", "人员信息.xlsx",
        workbook({"人员信息": (PERSONS, row(PERSONS, 客户名称="张某", 证照类型="身份证",
                                          证照号码="ID-0001"))}),
        {"persons": (1, 0)}, {}, {"persons": {"person": "ID-0001", "name": "张某"}},
    ),
    Case(
        "bank_return_persons", "人员联系方式: persons; telephones are not read", "a.csv",
        lines(
            ("客户名称", "证照类型", "证照号码", "联系电话类型", "联系电话"),
            ("张某", "身份证", "ID-0001\t", "手机", "17000000001\t"), mark=",",
        ).encode("gb18030"),
        {"persons": (1, 0)}, {}, {"persons": {"person": "ID-0001", "name": "张某"}},
    ),
    Case(
        "bank_return_persons", "人员住址: persons; addresses are not read", "a.csv",
        lines(
            ("客户名称", "证照类型", "证照号码", "住址类型", "住址"),
            ("张某", "身份证", "ID-0001", "家庭", "某市某路"), mark=",",
        ).encode("gb18030"),
        {"persons": (1, 0)}, {}, {"persons": {"person": "ID-0001", "name": "张某"}},
    ),
    Case(
        "bank_return_measures", "a frozen account", "强制措施.csv",
        lines(
            MEASURES,
            row(MEASURES, 账号="6222020000000000001", 冻结开始日="20250101", 冻结截止日="20250630",
                冻结机关名称="某市公安局", 冻结措施类型="限额冻结", 冻结金额="84000.00"),
            mark=",",
        ).encode("gb18030"),
        {"notices": (1, 0)}, {},
        {"notices": {"account": "bank:6222020000000000001", "kind": "frozen",
                     "note": "限额冻结 | 某市公安局 | 84000.00"}},
    ),
)  # fmt: skip
