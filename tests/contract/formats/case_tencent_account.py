"""Tencent returns about WeChat and QQ accounts."""

from tests.contract.formats import Case, lines

BLOCKS = """wxid_a1的基本资料：
微信号：wxid_a1
昵称：阿\u200b明
手机号：17000000001
注册时间：2019-01-02 03:04:05
QQ：10001
联系人：
\t帐号\t别名\tQQ\t手机\t邮箱\t微博\t昵称
\twxid_b2\t\t10002\t17000000002\t\t\t小李
\tfilehelper\t\t\t\t\t\t文件传输助手
微信群：
\t帐号\t名称\t创建时间
\t123@chatroom\t发财群\t2025-01-01 10:00:00
登录日志：
\t时间\tIP
\t2026-01-27 11:53:50 +0800 CST\t240e:46d::1
"""
REGISTER = lines(
    (
        "QQ", "昵称", "国家", "省份", "邮编", "地址", "电话", "生日", "性别", "真实姓名", "Email",
        "主页", "–", "城市", "毕业院校", "星座", "注册时间",
    ),
    (
        "10001", "阿明", "", "", "", "", "17000000001", "x:1990-01-01", "", "张某", "", "", "", "",
        "", "", "2010-01-01 00:00:00",
    ),
)  # fmt: skip

CASES = (
    Case(
        "tencent_account", "the old file of four blocks", "WX1/IPHONE/17000000001/all.txt",
        BLOCKS.encode(),
        {"accounts": (2, 0), "contacts": (1, 0), "members": (1, 0), "logins": (1, 0)}, {},
        {
            "accounts": {"account": "wechat:wxid_a1", "bound_account": "qq:10001"},
            "contacts": {"friend": "wechat:wxid_b2", "name": "小李"},
            "members": {"account": "wechat:wxid_a1", "group_name": "发财群"},
            "logins": {"account": "wechat:wxid_a1", "ip": "240e:46d::1"},
        },
        warnings=("1 service accounts",),
    ),
    Case(
        "tencent_account", "basic information in a file of its own", "WX1/regInfobasicInfo1.txt",
        (
            "微信号: wxid_a1\n别名: ming\n昵称: 阿明\n当前绑定手机号: 17000000001\n"
            "注册时间: 2019-01-02 03:04:05\n"
        ).encode(),
        {"accounts": (1, 0)}, {},
        {"accounts": {"account": "wechat:wxid_a1", "phone": "17000000001", "name": "阿明"}},
    ),
    Case(
        "tencent_account", "friends in a file of their own, of 8 cells", "WX1/wxid_a1Friends.txt",
        "\t帐号\t别名\tQQ\t手机\t邮箱\t微博\t昵称\t备注\n\twxid_b2\t\t10002\t\t\t\t小李\t李\n".encode(),
        {"contacts": (1, 0), "accounts": (1, 0)}, {},
        {"contacts": {"account": "wechat:wxid_a1", "name": "小李"}},
        warnings=("names no account",),
    ),
    Case(
        "tencent_account", "groups in a file of their own", "WX1/wxid_a1Groups.txt",
        "微信群：\n\t帐号\t名称\t创建时间\n\t123@chatroom\t发财群\t2025-01-01 10:00:00\n".encode(),
        {"members": (1, 0)}, {}, {"members": {"group_name": "发财群"}},
        warnings=("names no account",),
    ),
    Case(
        "tencent_account", "a log of its own, its account in the name", "WX登录轨迹17000000001.txt",
        "登录日志：\n\t时间\tIP\n\t2026-01-27 11:53:50 +0800 CST\t192.0.2.7\n".encode(),
        {"logins": (1, 0)}, {}, {"logins": {"account": "wechat:17000000001"}},
        warnings=("names no account",),
    ),
    Case(
        "tencent_account", "QQ register, friends and groups glued together", "QQ.txt",
        (REGISTER + "10001的好友号码\n10002\t10003\n无创建群加入的群：\n880001\t880002\n").encode(),
        {"accounts": (1, 0), "contacts": (2, 0), "members": (2, 0)}, {},
        {
            "accounts": {"account": "qq:10001", "holder_name": "张某"},
            "contacts": {"friend": "qq:10003"},
        },
    ),
    Case(
        "qq_logins", "the header repeated, one line twice", "login.txt",
        lines(
            ("QQ", "IP", "上线时间", "离线时间", "登录方式"),
            ("10001", "192.0.2.1", "2025-01-01 10:00:00", "2025-01-01 11:00:00", "手机QQ"),
            ("QQ", "IP", "上线时间", "离线时间", "登录方式"),
            ("10001", "192.0.2.1", "2025-01-01 10:00:00", "2025-01-01 11:00:00", "手机QQ"),
        ).encode("gb18030"),
        {"logins": (2, 0)}, {}, {"logins": {"account": "qq:10001", "ip": "192.0.2.1"}},
    ),
    Case(
        "qq_wallet", "no number, no subject", "QQ钱包.txt",
        lines(
            ("付款方支付账号", "付款银行卡号", "付款方开户名", "收款支付帐号", "收款银行卡号",
             "收款方的商户名称", "交易金额", "交易时间", "支付订单号"),
            ("10001", "", "张某", "10002", "", "李某", "84.50", "2025-01-01 10:00:00", ""),
            ("10001", "", "张某", "10002", "", "李某", "84.50", "2025-01-01 10:00:00", ""),
            ("10001", "", "张某", "", "6222020000000000001", "", "0.07", "2025-01-01 10:00:00", ""),
        ).encode(),
        {"payments": (3, 0)}, {"payments": (3, "169.07")},
        {"payments": {"from_account": "tenpay:10001", "to_account": "bank:6222020000000000001"}},
    ),
)  # fmt: skip
