"""WeChat Pay bills: CSV and XLSX of the same rows."""

from tests.contract.formats import Case, lines, workbook

HEADER = (
    "交易时间", "交易类型", "交易对方", "商品", "收/支", "金额(元)", "支付方式", "当前状态",
    "交易单号", "商户单号", "备注",
)  # fmt: skip
ROWS = (
    (
        "2025-04-01 10:00:00", "转账", "小店", "/", "支出", "¥84.50", "零钱", "支付成功", "T1\t",
        "M1\t", "/",
    ),
    (
        "2025-04-02 11:00:00", "微信红包", "老王", "/", "收入", "¥0.07", "/", "已存入零钱", "T2\t",
        "M2\t", "/",
    ),
    (
        "2025-04-03 12:00:00", "零钱提现", "农业银行", "/", "/", "¥10.00", "农业银行(0001)",
        "提现已到账", "T3\t", "/", "服务费¥0.10",
    ),
)  # fmt: skip
PREAMBLE = (
    ("微信支付账单明细",), ("微信昵称：[阿明]",), ("共3笔记录",), ("收入：1笔 0.07元",),
    ("支出：1笔 84.50元",), ("中性交易：1笔 10.00元",),
    ("注：本账单中所有时间均为UTC+08:00时间",), ("----------------------微信支付账单明细列表",),
)  # fmt: skip
CONTROLS = {"out": (1, "84.50"), "in": (1, "0.07"), "neutral": (1, "10.00")}
HAS = {
    "payments": {
        "from_account": "wechat:阿明",
        "to_account": "wechat:阿明/小店",
        "amount_minor": 8450,
    }
}
FLOATS = tuple((*row[:5], float(row[5].strip("¥")), *row[6:]) for row in ROWS)

CASES = (
    Case(
        "wechat_bill", "CSV of 2025", "微信支付账单.csv",
        lines(*PREAMBLE, HEADER, *ROWS, mark=",").encode("utf-8-sig"),
        {"payments": (3, 0)}, CONTROLS, HAS,
    ),
    Case(
        "wechat_bill", "CSV of the old layout: no mark, no zone, quotes around what is empty",
        "微信支付账单.csv",
        (
            "微信支付账单明细,,,,,,,,\n微信昵称：[阿明],,,,,,,,\n共2笔记录,,,,,,,,\n"
            "收入：1笔 0.35元,,,,,,,,\n支出：1笔 28.16元,,,,,,,,\n中性交易：0笔 0.00元,,,,,,,,\n"
            + lines(HEADER, mark=",")
            + '2019-09-24 10:10:11,微信红包,同性好友,"/",收入,¥0.35,/,已存入零钱,3985\t,12\t,"/"\n'
            '2019-09-26 12:45:27,商户消费,小店,"茶, 大杯",支出,¥28.16,某卡(0001),已退款(￥10.00),'
            '3985735\t,129847130\t,"/"\n'
        ).encode(),
        {"payments": (2, 0)}, {"in": (1, "0.35"), "out": (1, "28.16")},
        {"payments": {"amount_minor": 2816, "memo": "茶, 大杯", "status": "已退款(￥10.00)"}},
        warnings=("taken as those of Asia/Shanghai",),
    ),
    Case(
        "wechat_bill", "XLSX, the bill on two sheets", "微信支付账单.xlsx",
        workbook({"a": (*PREAMBLE, HEADER, *FLOATS), "b": (*PREAMBLE, HEADER, *FLOATS)}),
        {"payments": (6, 0)},
        {"out": (2, "169.0"), "in": (2, "0.14"), "neutral": (2, "20")}, HAS,
        warnings=("the file states in 1",),
    ),
)  # fmt: skip
