"""Alipay: bills of three layouts, and the tables of its returns; other wallets; MT940 and OFX."""

from tests.contract.formats import Case, lines, workbook

WEB = ("交易号", "商家订单号", "交易创建时间", "付款时间", "最近修改时间", "交易来源地", "类型",
       "交易对方", "商品名称", "金额（元）", "收/支", "交易状态", "服务费（元）", "成功退款（元）",
       "备注", "资金状态", "")  # fmt: skip
APP_2021 = ("收/支", "交易对方", "对方账号", "商品说明", "收/付款方式", "金额", "交易状态",
            "交易分类", "交易订单号    ", "商家订单号", "交易时间", "")  # fmt: skip
APP_2023 = ("交易时间", "交易分类", "交易对方", "对方账号", "商品说明", "收/支", "金额",
            "收/付款方式", "交易状态", "交易订单号", "商家订单号", "备注", "")  # fmt: skip
DAY = "2019-09-30 13:11:25 "

DETAIL = ("交易号", "商户订单号", "交易创建时间", "付款时间", "最近修改时间", "交易来源地", "类型",
          "用户信息", "交易对方信息", "消费名称", "金额（元）", "收/支", "交易状态", "支付方式",
          "清算流水号", "备注", "对应的协查数据")  # fmt: skip
TRANSFERS = ("交易号", "付款方支付宝账号", "收款方支付宝账号", "收款机构信息", "到账时间",
             "转账金额（元）", "转账产品名称", "交易发生地", "提现流水号",
             "对应的协查数据")  # fmt: skip
TRADES = ("交易号", "外部交易号", "交易状态", "合作伙伴ID", "买家用户id", "买家信息",
          "卖家用户id", "卖家信息", "交易金额（元）", "收款时间", "最后修改时间", "创建时间",
          "交易类型", "来源地", "商品名称", "收货人地址", "对应的协查数据")  # fmt: skip
WITHDRAWALS = ("用户Id", "提现类型", "提现流水号", "开户银行", "银行账号", "申请时间",
               "处理时间", "金额", "状态", "交易状态", "失败原因")  # fmt: skip
BALANCES = ("交易订单号/外部流水号", "账户", "对方帐户", "交易发生日期", "银行处理日期",
            "收入金额(+)（元）", "支出金额(-)（元）", "余额（元）", "业务类型", "交易发生地",
            "银行名称", "备注", "对应的协查数据")  # fmt: skip
REGISTER = ("用户Id", "登陆邮箱", "登录手机", "账户名称", "证件类型", "证件号", "可用余额",
            "绑定手机", "注册时间", "注册时IP", "绑定银行卡", "关联账户", "备注",
            "对应的协查数据")  # fmt: skip
LOGINS = ("登陆账号", "支付宝用户ID", "账户名", "客户端ip", "操作发生时间", "对应的协查数据")
A, B = "2088000000000001", "2088000000000002"


def table(*rows: tuple[str, ...], above: str = "", below: str = "") -> bytes:
    return (above + lines(*rows, mark=",", end="\r\n") + below).encode("gb18030")


CASES = (
    Case(
        "alipay_bill", "web: padded cells, a refund without a way, an order never paid",
        "alipay_record.csv",
        table(
            WEB,
            ("2019001\t", "S1\t", DAY, DAY, DAY, "其他", "即时到账交易   ", "某店(东路)  ", "茶  ",
             "27.00  ", "支出   ", "交易成功 ", "0.00 ", "0.00 ", "  ", "已支出 ", ""),
            ("2019001_refund\t", "S1\t", DAY, DAY, DAY, "其他", "即时到账交易", "某店(东路)",
             "退款-茶", "7.00", "   ", "退款成功", "0.00", "7.00", "", "资金转移", ""),
            ("2019002", "S2", DAY, "     ", DAY, "其他", "担保交易", "某店", "杯", "99.00", "",
             "交易关闭", "0.00", "0.00", "", "", ""),
            ("2019003", "", DAY, "    ", DAY, "支付宝网站", "即时到账交易", "某基金",
             "余额宝-收益发放", "0.01", "收入", "交易成功", "0.00", "0.00", "", "已收入", ""),
            above="支付宝交易记录明细查询\r\n账号:[owner@example.com]\r\n起始日期:[2019-08-01]\r\n"
            "------交易记录明细列表------\r\n",
            below="-------\r\n共4笔记录\r\n已收入:1笔,0.01元\r\n导出时间:[2019-10-08 14:34:22]\r\n",
        ),
        {"payments": (3, 1)}, {"out": (1, "27.00"), "in": (1, "0.01"), "neutral": (1, "7.00")},
        {"payments": {"kind": "refund", "to_account": "alipay:owner@example.com",
                      "from_account": "alipay:owner@example.com/某店(东路)"}},
    ),
    Case(
        "alipay_bill", "app of 2021: notes below the rows", "alipay_2021.csv",
        table(
            APP_2021,
            ("支出", "某店", "sho***@example.com", "茶", "余额", "20.00", "交易成功", "餐饮美食",
             "2021001\t", "S1\t", DAY, ""),
            ("其他", "余额宝", "/", "转账收款到余额宝", "", "5.00", "交易成功", "投资理财",
             "2021002\t", "", DAY, ""),
            above="-----支付宝（中国）网络技术有限公司  电子客户回单-----\r\n",
            below="-----\r\n导出信息：\r\n姓名：张某\r\n支付宝账户：owner@example.com\r\n",
        ),
        {"payments": (2, 0)}, {"out": (1, "20.00"), "neutral": (1, "5.00")},
        {"payments": {"to_account": "alipay:E01/?/sho***@example.com", "to_name": "某店"}},
    ),
    Case(
        "alipay_bill", "app since 2023: totals that contradict the rows, a closed order refunded",
        "alipay_2023.csv",
        table(
            APP_2023,
            (DAY, "退款", "某卡", "fin***@example.com", "退款-充值", "不计收支", "50.00", "余额宝",
             "退款成功", "20230002_1\t", "D1\t", "", ""),
            (DAY, "交通出行", "某卡", "fin***@example.com", "充值", "支出", "50.00", "余额宝",
             "交易关闭", "20230002\t", "D1\t", "", ""),
            (DAY, "日用百货", "某店", "/", "杯", "不计收支", "82.00", "", "交易关闭", "20230003\t",
             "\t", "", ""),
            (DAY, "转账红包", "=2+3", "xxx***@example.com", "转账", "收入", "228.50", "余额",
             "交易成功", "20230004\t", "\t", "", ""),
            above="---\r\n导出信息：\r\n姓名：张某\r\n支付宝账户：owner@example.com\r\n"
            "收入：2笔 300.00元\r\n支出：1笔 50.00元\r\n不计收支：1笔 50.00元\r\n",
        ),
        {"payments": (3, 1)}, {"in": (1, "228.50"), "out": (1, "50.00"), "neutral": (1, "50.00")},
        {"payments": {"from_name": "=2+3", "amount_minor": 22850}},
        warnings=("300.00",),
    ),
    Case(
        "alipay_detail", "four ways to write a party, a formula that is none, a closed order",
        "826648753_账户明细d2_part1.csv",
        table(
            DETAIL,
            ("20260001", "=169273935992423088=", DAY, DAY, DAY, "", "转账", f"{A}（张某）",
             f"{B}(李某)", "转账", "100.10", "支出", "交易成功", "", "", "", "17000000001"),
            ("20260002", "null", DAY, DAY, DAY, "", "提现", f"{A}(张某)",
             "(某行)6222020000000000001", "提现", "50.00", "", "交易成功", "", "", "", ""),
            ("20260003", "", DAY, DAY, DAY, "", "转账", f"{A}(张某)",
             "李某(某行)(6222020000000000002)", "转账", "7.00", "收入", "交易成功TRADE", "", "",
             "", ""),
            ("20260004", "", DAY, DAY, DAY, "", "转账", f"{A}(张某)", "王某", "", "1.00", "支出",
             "交易成功", "", "", "", ""),
            ("20260005", "", DAY, DAY, DAY, "", "转账", f"{A}(张某)", "王某", "", "9.00", "支出",
             "交易关闭", "", "", "", ""),
        ),
        {"payments": (4, 1)},
        {"out": (2, "101.10"), "neutral": (1, "50.00"), "in": (1, "7.00")},
        {"payments": {"from_account": "bank:6222020000000000002", "from_name": "李某",
                      "to_account": f"alipay:{A}"}},
    ),
    Case(
        "alipay_transfers", "no way is stated; both sides are named", "转账明细.xlsx",
        workbook({"17000000001": (
            TRANSFERS,
            ("20260001", f"{A}(张某)", f"{B}(李某)", "", DAY.strip(), 100.1, "转账", "", "", ""),
            ("20260006", f"{A}(张某)", "", "李某(某行)(6222020000000000002)", DAY.strip(), 3.0,
             "转账到卡", "", "", ""),
        )}),
        {"payments": (2, 0)}, {"payments": (2, "103.1")},
        {"payments": {"payment": "20260001", "from_account": f"alipay:{A}", "to_name": "李某"}},
    ),
    Case(
        "alipay_trades", "a purchase that succeeded in English, and one that did not",
        "交易记录.csv",
        table(
            TRADES,
            ("20260007", "X1", "TRADE_SUCCESS", "", A, "张某", B, "某店", "12.50", DAY, DAY, DAY,
             "担保交易", "", "茶", "某地", ""),
            ("20260008", "X2", "TRADE_CLOSED", "", A, "张某", B, "某店", "2.50", DAY, DAY, DAY,
             "担保交易", "", "茶", "某地", ""),
        ),
        {"payments": (1, 1)}, {"payments": (1, "12.50")},
        {"payments": {"to_account": f"alipay:{B}", "kind": "purchase"}},
    ),
    Case(
        "alipay_withdrawals", "what went to a card, and what failed", "提现记录.csv",
        table(
            WITHDRAWALS,
            (A, "提现", "W1", "某行", "6222020000000000001", DAY, DAY, "84000.00", "成功", "", ""),
            (A, "提现", "W2", "某行", "6222020000000000001", DAY, DAY, "1.00", "失败", "", "限额"),
        ),
        {"payments": (1, 1)}, {"out": (1, "84000.00")},
        {"payments": {"to_account": "bank:6222020000000000001", "kind": "withdrawal"}},
    ),
    Case(
        "alipay_balances", "income and expense in columns; a fee is a payment of its own",
        "余额明细.csv",
        table(
            BALANCES,
            ("20260001", f"{A}(张某)", f"{B}(李某)", DAY, DAY, "0.00", "100.10", "900.00", "转账",
             "", "", "", ""),
            ("20260001", f"{A}(张某)", "支付宝", DAY, DAY, "", "-0.10", "899.90", "服务费", "", "",
             "", ""),
            ("20260003", f"{A}(张某)", f"{B}(李某)", DAY, DAY, "+7.00", " ", "906.90", "转账", "",
             "", "", ""),
        ),
        {"payments": (3, 0)}, {"out": (2, "100.20"), "in": (1, "7.00")},
        {"payments": {"payment": "20260001/fee", "amount_minor": 10}},
    ),
    Case(
        "alipay_register", "all bound cards; an inquiry that found nobody", "注册信息.csv",
        table(
            REGISTER,
            (A, "a@example.com", "17000000001", "张某", "身份证", "ID-0001", "0.00",
             "17000000001", DAY, "192.0.2.1",
             "借记卡:COMM:6222020000000000001;借记卡:CCB:6217000000000000001;", "", "", "ID-0001"),
            ("", "", "", "", "", "", "", "", "", "", "", "", "", "17000000009"),
        ),
        {"accounts": (3, 0), "notices": (1, 0)}, {},
        {
            "accounts": {"account": f"alipay:{A}", "bound_account": "bank:6217000000000000001"},
            "notices": {"account": "alipay:17000000009", "kind": "not_found"},
        },
    ),
    Case(
        "alipay_logins", "when and from where", "登陆日志.csv",
        table(LOGINS, ("a@example.com", A, "张某", "192.0.2.1", DAY, "ID-0001")),
        {"logins": (1, 0)}, {}, {"logins": {"account": f"alipay:{A}", "ip": "192.0.2.1"}},
    ),
    Case(
        "jd_bill", "what was refunded stands behind the amount", "jd.csv",
        (
            "导出信息：\n京东账号名：jd_owner\n日期区间：2024\n\n"
            "交易时间,商户名称,交易说明,金额,收/付款方式,交易状态,收/支,交易分类,交易订单号,商家订单号,备注\n"
            "2024-01-01 10:00:00\t,某店,杯,131.77(已退款89.84),某卡,交易成功,支出,日用,J1\t,S1\t,\n"
            "2024-01-02 10:00:00\t,某店,退款-杯,89.84,某卡,退款成功,不计收支,日用,J2\t,S1\t,\n"
        ).encode("utf-8-sig"),
        {"payments": (2, 0)}, {"out": (1, "131.77"), "neutral": (1, "89.84")},
        {"payments": {"to_account": "jd:jd_owner", "kind": "refund", "amount_minor": 8984}},
    ),
    Case(
        "meituan_bill", "what was paid and not what was ordered", "meituan.csv",
        (
            "美团交易账单明细\n美团用户名：[mt_owner]\n\n"
            "交易创建时间,交易成功时间,交易类型,订单标题,收/支,支付方式,订单金额,实付金额,交易单号,"
            "商家单号,备注\n"
            "2024-01-01 10:00:00,2024-01-01 10:00:02,支付,茶,支出,某卡,¥30.00,¥26.50,M1\t,S1\t,/\n"
        ).encode(),
        {"payments": (1, 0)}, {"out": (1, "26.50")},
        {"payments": {"from_account": "meituan:mt_owner", "amount_minor": 2650}},
    ),
    Case(
        "mt940", "two statements, one of them broken", "statement.sta",
        b":940:\r\n:20:S1\r\n:25:6222020000000000001\r\n:28C:1/1\r\n:60F:C240101CNY1000,00\r\n"
        b":61:2401020102D84,50NTRFREF1//B1\r\n:86:rent\x01 of May\r\n"
        b":61:2401030103C7,NMSCNONREF\r\n:86:plain words\r\n:62F:C240103CNY922,50\r\n-\r\n"
        b":20:S2\r\n:25:6222020000000000001\r\n:28C:2/1\r\n:61:nonsense\r\n",
        {"payments": (2, 1)}, {"out": (1, "84.50"), "in": (1, "7")},
        {"payments": {"from_account": "bank:6222020000000000001", "amount_minor": 8450,
                      "reference": "REF1"}},
    ),
    Case(
        "ofx", "SGML without closing tags", "statement.ofx",
        b"OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\nSECURITY:NONE\nENCODING:USASCII\n"
        b"CHARSET:1252\nCOMPRESSION:NONE\nOLDFILEUID:NONE\nNEWFILEUID:NONE\n\n<OFX>"
        b"<BANKMSGSRSV1><STMTTRNRS><TRNUID>1<STATUS><CODE>0<SEVERITY>INFO</STATUS><STMTRS>"
        b"<CURDEF>CNY\n<BANKACCTFROM><BANKID>1<ACCTID>6222020000000000001<ACCTTYPE>CHECKING"
        b"</BANKACCTFROM>\n<BANKTRANLIST><DTSTART>20240101<DTEND>20240102\n"
        b"<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>20240101101500[+8:CST]<TRNAMT>-84.50<FITID>F1"
        b"<NAME>Shop<MEMO>tea</STMTTRN>\n"
        b"<STMTTRN><TRNTYPE>CREDIT<DTPOSTED>20240102<TRNAMT>1,000.07<FITID>F2<NAME>Zhang"
        b"</STMTTRN>\n</BANKTRANLIST></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>\n",
        {"payments": (2, 0)}, {"out": (1, "84.50"), "in": (1, "1000.07")},
        {"payments": {"to_name": "Shop", "amount_minor": 8450}},
    ),
)  # fmt: skip
