"""Tencent payment returns: trades in their three forms, registrations, binding histories."""

from pathlib import Path
from typing import Final

from tests.contract.formats import Case, lines, workbook

# Old Excel's own form, with merged cells and numbers: made once by xlwt 1.3, which nobody keeps.
OLD_EXCEL: Final = Path(__file__).parents[2] / "data" / "TenpayTrades.xls"
OF_2024 = (
    "用户ID", "交易单号", "大单号", "用户侧账号名称", "借贷类型", "交易业务类型", "交易用途类型",
    "交易时间", "交易金额(分)", "账户余额(分)", "用户银行卡号", "用户侧网银联单号", "网联/银联",
    "第三方账户名称", "对手方ID", "对手侧账户名称", "对手方银行卡号", "对手侧银行名称",
    "对手侧网银联单号", "网联/银联", "基金公司信息", "间联/非间联交易", "第三方账户名称",
    "对手方接收时间", "对手方接收金额(分)", "备注1", "备注2",
)  # fmt: skip
OF_2023 = (*OF_2024[:11], "用户侧银行名称", *OF_2024[11:20], *OF_2024[22:])
OLD = (
    "用户ID", "交易单号", "借贷类型", "交易类型", "交易金额", "账户余额", "交易时间", "银行类型",
    "交易说明", "商户名称", "发送方", "发送金额", "接收方", "接收时间", "接收金额",
)  # fmt: skip


def trade(headers: tuple[str, ...], **cells: str) -> tuple[str, ...]:
    """Write a row under the first header of each name."""
    row = [""] * len(headers)
    for name, cell in cells.items():
        row[headers.index(next(h for h in headers if h.split("(")[0] == name))] = cell
    return tuple(row)


def bought(
    headers: tuple[str, ...], number: str, way: str, fen: str, **more: str
) -> tuple[str, ...]:
    fixed = {"用户ID": "wxid_a", "交易单号": number, "借贷类型": way, "交易金额": fen}
    at = {"交易时间": "2025-08-11 08:00:00"}
    return trade(headers, **{**fixed, **at, **more})


PACKET = {"交易用途类型": "微信红包", "对手方接收时间": "2025-08-11 08:00:09"}
ROWS = (
    bought(OF_2024, "T1", "出", "10000", 交易用途类型="转账", 对手方ID="wxid_b",
           用户侧账号名称="张某", 对手侧账户名称="李\u202e某", 大单号="D1",
           用户银行卡号="6222020000000000001"),
    bought(OF_2024, "T2", "入", "5007", 交易用途类型="转账",
           对手方银行卡号="6222********0002"),
    bought(OF_2024, "T3", "出", "3000", 对手方ID="wxid_b", 对手方接收金额="1000",
           **PACKET),
    bought(OF_2024, "T3", "出", "3000", 对手方ID="wxid_c", 对手方接收金额="2000",
           **PACKET),
    bought(OF_2024, "T4", "冲", "1"),
)  # fmt: skip
SPILLED = (*bought(OF_2024, "T5", "出", "1", 对手方ID="acct_9")[:-1], '他说"好', "的")
TRADES = {"out": (4, "130.01"), "in": (1, "50.07")}

NOW = (
    "账户状态", "账号", "注册姓名", "注册时间", "注册身份证号", "绑定手机", "绑定状态",
    "开户行信息", "银行账号",
)  # fmt: skip
BEFORE = (
    "账号", "注册姓名", "注册身份证号", "注册时间", "注销时间", "开户行信息", "银行账号",
    "绑定时间", "解绑时间",
)  # fmt: skip
REGISTER = (
    NOW,
    ("正常", "acct_1", "张某", "2019-01-28 02:11:13", "ID-0001", "17000000001",
     "绑定确认(正常)", "某行借记卡快捷支付", "6222020000000000001"),
    ("", "", "", "", "", "", "绑定确认(正常)", "某行", "6222020000000000002"),
    ("", "", "", "", "", "", "已解绑", "某行", "6222020000000000003"),
    ("注销信息",),
    BEFORE,
    ("acct_1", "王某", "ID-0002", "2015-01-01 00:00:00", "2018-12-31 00:00:00", "某行",
     "6222020000000000004", "2015-02-01 00:00:00", "2018-12-30 00:00:00"),
)  # fmt: skip

CASES = (
    Case(
        "tenpay_trades", "27 columns, header repeated, notes spilled, a group red packet",
        "L-1/TP1/IDCARD/x/acct/TenpayTrades.txt",
        lines(OF_2024, *ROWS, OF_2024, SPILLED).encode("utf-8-sig"),
        {"payments": (5, 1), "accounts": (1, 0)}, TRADES,
        {"payments": {"payment": "T3/wechat:wxid_c", "amount_minor": 2000}},
        warnings=("header line is repeated",),
    ),
    Case(
        "tenpay_trades", "26 columns, GB18030", "TenpayTrades.txt",
        lines(
            OF_2023,
            bought(OF_2023, "T1", "出", "1234567", 对手方ID="wxid_b", 用户侧银行名称="某行"),
        ).encode("gb18030"),
        {"payments": (1, 0)}, {"out": (1, "12345.67")},
        {"payments": {"channel": "某行", "to_account": "wechat:wxid_b"}},
    ),
    Case(
        "tenpay_trades", "XLS of the old form: the user on his first row only", "TenpayTrades.xls",
        workbook({"a": (
            OLD,
            trade(OLD, 用户ID="wxid_a", 交易单号="T1", 借贷类型="出", 交易金额="100",
                  接收方="李某(wxid_b)", 交易时间="2018-01-01 10:00:00"),
            trade(OLD, 交易单号="T2", 借贷类型="入", 交易金额="7", 发送方="王某(acct_3)",
                  交易时间="2018-01-02 10:00:00"),
        )}),
        {"payments": (2, 0)}, {"out": (1, "1.00"), "in": (1, "0.07")},
        {"payments": {"from_account": "tenpay:acct_3", "to_account": "wechat:wxid_a",
                      "from_name": "王某"}},
    ),
    Case(
        "tenpay_trades", "XLS of old Excel (BIFF), the user in one merged cell", "TenpayTrades.xls",
        OLD_EXCEL.read_bytes(),
        {"payments": (3, 0)}, {"out": (2, "1234667.89"), "in": (1, "0.07")},
        {"payments": {"payment": "1000000000000000000000003", "from_account": "wechat:wxid_a",
                      "to_account": "tenpay:acct_4", "amount_minor": 123456789}},
    ),
    Case(
        "tenpay_trades", "a header and nothing below", "TenpayTrades.txt",
        lines(OF_2024).encode(), {}, {}, warnings=("no payments",),
    ),
    Case(
        "tenpay_register", "both zones and cards on rows of their own", "TenpayRegInfo.txt",
        lines(*REGISTER).encode(),
        {"accounts": (3, 0), "notices": (1, 0), "holdings": (1, 0), "persons": (1, 0),
         "rebinds": (1, 0)},
        {},
        {"accounts": {"account": "tenpay:acct_1", "bound_account": "bank:6222020000000000002"},
         "notices": {"kind": "card_unbound", "note": "6222020000000000003"},
         "rebinds": {"bound_account": "bank:6222020000000000004"}},
    ),
    Case(
        "tenpay_register", "XLS", "TenpayRegInfo1.xls", workbook({"a": REGISTER}),
        {"accounts": (3, 0), "notices": (1, 0), "holdings": (1, 0), "persons": (1, 0),
         "rebinds": (1, 0)},
        {},
        {"accounts": {"account": "tenpay:acct_1", "bound_account": "bank:6222020000000000002"}},
    ),
    Case(
        "tenpay_register", "no such account", "TenpayRegInfo1.txt", "账号acct_7不存在\n".encode(),
        {"notices": (1, 0)}, {},
        {"notices": {"account": "tenpay:acct_7", "kind": "not_found"}},
    ),
    Case(
        "tenpay_bindings", "a card and the time it was bound", "绑定历史.txt",
        lines(
            ("账号", "银行卡号", "银行名称", "证件号", "证件类型", "手机号", "绑定状态", "绑定时间",
             "解绑时间"),
            ("acct_1", "6222020000000000001", "某行", "ID-0001", "身份证", "17000000001", "已解绑",
             "2019-01-01 00:00:00", "2020-01-01 00:00:00"),
        ).encode(),
        {"rebinds": (1, 0), "accounts": (1, 0)}, {},
        {"rebinds": {"account": "tenpay:acct_1", "bound_account": "bank:6222020000000000001"}},
    ),
)  # fmt: skip
