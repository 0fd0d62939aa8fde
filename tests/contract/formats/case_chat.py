"""Chats of all exporters, in groups and in private, and call records of the three carriers."""

import json

from tests.contract.formats import Case, lines, workbook

FIRST = 1740798000  # 2025-03-01 03:00:00 UTC


def written(document: object, **how: object) -> bytes:
    return json.dumps(document, ensure_ascii=False, **how).encode()  # type: ignore[arg-type]


def weflow(kind: str, wxid: str) -> bytes:
    said = [
        {
            "localId": 1,
            "createTime": FIRST,
            "type": "文本消息",
            "content": "带单 \u202e稳赚",
            "isSend": 0,
            "senderUsername": "wxid_shill",
            "senderDisplayName": "老师",
        },
        {
            "localId": 2,
            "createTime": FIRST + 60,
            "type": "图片消息",
            "content": "",
            "isSend": 1,
            "senderUsername": "wxid_me",
            "senderDisplayName": "我",
        },
        {
            "localId": 3,
            "createTime": FIRST + 61,
            "type": "系统消息",
            "content": "某人入群",
            "isSend": None,
            "senderUsername": "",
            "senderDisplayName": "",
        },
    ]
    session = {"wxid": wxid, "displayName": "财富群", "type": kind}
    return written({"session": session, "messages": said})


V4 = {
    "metadata": {"version": "4.0"},
    "chatInfo": {"name": "财富群", "type": "group", "peerUin": "700000001", "selfUin": "10001"},
    "statistics": {},
    "messages": [
        {"messageId": "1", "timestamp": FIRST * 1000, "sender": {"uid": "u_1", "uin": "20002",
         "name": "老师"}, "messageType": "text", "isRecalled": False,
         "content": {"text": "带单", "resources": []}},
        {"messageId": "2", "timestamp": FIRST * 1000, "sender": {"uid": "", "uin": "0"},
         "messageType": "system", "content": {"text": "某人入群"}},
    ],
}  # fmt: skip
TELEGRAM = {
    "name": "Gold", "type": "private_supergroup", "id": 123456,
    "messages": [
        {"id": 1, "type": "service", "date": "2025-03-01T11:00:00", "date_unixtime": str(FIRST),
         "actor": "Lee", "actor_id": "user42", "action": "invite_members", "members": ["Wang"]},
        {"id": 2, "type": "message", "date": "2025-03-01T11:00:00", "date_unixtime": str(FIRST),
         "from": "Lee", "from_id": "user42", "text": ["buy ", {"type": "bold", "text": "now"}]},
        {"id": 3, "type": "message", "date": "2025-03-01T11:01:00", "date_unixtime":
         str(FIRST + 60), "from": None, "from_id": 43, "text": "", "photo": "p.jpg"},
    ],
}  # fmt: skip
ACCOUNT = {
    "personal_information": {"user_id": 42},
    "chats": {"list": [{
        "name": "Wang", "type": "personal_chat", "id": 43, "messages": [
            {"id": 1, "type": "message", "date": "2025-03-01T11:00:00", "from": "Wang",
             "from_id": "user43", "text": "hello"},
            {"id": 2, "type": "message", "date": "2025-03-01T11:00:01", "from": "Lee",
             "from_id": "user42", "text": "hi"},
        ]}]},
}  # fmt: skip
CHATLAB = {
    "chatlab": {"version": "0.0.2"},
    "meta": {"name": "财富群", "platform": "qq", "type": "group", "groupId": "700000001"},
}
SAID = {"sender": "20002", "accountName": "老师", "timestamp": FIRST, "type": 0, "content": "带单"}
QQ_TEXT = """消息记录（此消息记录为文本格式，不支持重新导入）

================================================================
消息分组:我的群聊
================================================================
消息对象:财富群
================================================================

2019-07-16 18:15:05 地瓜(23333233)
第一行
第二行

2019-07-16 18:15:06 土豆<tudou@example.com>
[图片]

2019-07-16 18:15:07 系统消息(10000)
某人入群

2019-07-16 8:15:08 无名

"""
CIPHERTALK = ("序号", "时间", "日期", "时刻", "星期", "发送者", "微信ID", "消息类型", "消息内容",
              "原始类型代码", "时间戳")  # fmt: skip

CASES = (
    Case(
        "weflow", "a group: a picture, a note of the platform, a mark that turns text",
        "group.json", weflow("群聊", "700000001@chatroom"),
        {"messages": (2, 0), "members": (2, 0), "accounts": (2, 0)}, {},
        {"messages": {"account": "wechat:wxid_me", "text": "[图片消息]"}},
        warnings=("1 notes of the platform",),
    ),
    Case(
        "weflow", "a private chat is a contact", "private.json", weflow("私聊", "wxid_shill"),
        {"contacts": (1, 0), "accounts": (2, 0)}, {},
        {"contacts": {"friend": "wechat:wxid_shill", "account": "wechat:wxid_me"}},
        warnings=("2 private messages",),
    ),
    Case(
        "pywxdump", "rooms and their talkers", "wxid_me_0_5000.csv",
        lines(
            ("id", "MsgSvrID", "type_name", "is_sender", "talker", "room_name", "msg", "src",
             "CreateTime"),
            ("1", "9007199254740993", "文本", "0", "wxid_shill", "700000001@chatroom", "-", "",
             "2025-03-01 11:00:00"),
            ("2", "9007199254740994", "文本", "1", "我", "700000001@chatroom", "=1+1", "",
             "2025-03-01 11:00:01"),
            ("3", "9007199254740995", "文本", "0", "wxid_b", "wxid_b", "在吗", "",
             "2025-03-01 11:00:02"),
            mark=",",
        ).encode("utf-8-sig"),
        {"messages": (2, 0), "members": (2, 0), "contacts": (1, 0)}, {},
        {"messages": {"account": "wechat:E01/owner", "text": "=1+1"}},
    ),
    Case(
        "ciphertalk", "one account: a private chat", "talk.xlsx",
        workbook({"a": (
            CIPHERTALK,
            ("1", "2025-03-01 11:00:00", "2025-03-01", "11:00:00", "六", "李某", "wxid_b",
             "文本消息", "在吗", "1", str(FIRST)),
            ("2", "2025-03-01 11:00:01", "2025-03-01", "11:00:01", "六", "我", "wxid_b",
             "文本消息", "在", "1", str(FIRST + 1)),
        )}),
        {"contacts": (1, 0), "accounts": (2, 0)}, {},
        {"contacts": {"friend": "wechat:wxid_b", "account": "wechat:E01/owner",
                      "name": "李某"}},
    ),
    Case(
        "chatlab", "a document", "chatlab.json",
        written({**CHATLAB, "members": [], "messages": [SAID]}),
        {"messages": (1, 0), "members": (1, 0), "accounts": (1, 0)}, {},
        {"messages": {"account": "qq:20002", "group": "qq-group:700000001"}},
    ),
    Case(
        "chatlab", "lines, one of them broken", "chatlab.jsonl",
        b"\n".join((written({"_type": "header", **CHATLAB}), written({"_type": "message", **SAID}),
                    b'{"_type": "mess')),
        {"messages": (1, 1), "members": (2, 0), "accounts": (1, 0)}, {},
        {"messages": {"account": "qq:20002", "text": "带单"}},
    ),
    Case(
        "qq_text", "writers by number, by mail and by name alone", "chat.txt", QQ_TEXT.encode(),
        {"messages": (3, 0), "members": (3, 0), "accounts": (3, 0)}, {},
        {"messages": {"account": "qq:23333233", "text": "第一行\n第二行"}},
    ),
    Case(
        "qq_json", "a group", "qq.json", written(V4, indent=1),
        {"messages": (1, 0), "members": (1, 0), "accounts": (1, 0)}, {},
        {"messages": {"account": "qq:20002", "group": "qq-group:700000001"}},
    ),
    Case(
        "telegram", "a group: pieces of text, a deleted account, an old number", "result.json",
        written(TELEGRAM, indent=1),
        {"messages": (2, 0), "members": (2, 0), "accounts": (1, 0)}, {},
        {"messages": {"account": "telegram:43", "text": "[photo]"}},
    ),
    Case(
        "telegram", "an account: local times, a private chat", "result.json", written(ACCOUNT),
        {"contacts": (1, 0), "accounts": (2, 0)}, {},
        {"contacts": {"account": "telegram:42", "friend": "telegram:43", "name": "Wang"}},
    ),
    Case(
        "whatsapp", "year first in brackets, several lines, a number",
        "WhatsApp Chat with Gold.txt",
        (
            "[15-01-20 02:22:56] \u200eGold: \u200eMessages are encrypted\n"
            "[15-01-20 02:22:57] Mary: one\ntwo\n"
            "[15-02-13 02:22:58] +44 7700 900001: three\n"
        ).encode(),
        {"messages": (3, 0), "members": (3, 0), "accounts": (2, 0)}, {},
        {"messages": {"account": "whatsapp:+447700900001", "text": "three"}},
    ),
    Case(
        "whatsapp", "day first, half of the day, a line that nobody says", "_chat.txt",
        (
            "15.04.2016, 3:04\u202fPM - Mary created group\n"
            "15.04.2016, 3:04\u202fPM - Mary: hello\n"
            "16.04.2016, 12:00\u202fAM - John: good night\n"
        ).encode(),
        {"messages": (2, 0), "members": (2, 0), "accounts": (2, 0)}, {},
        {"messages": {"account": "whatsapp:E01/Mary", "text": "hello"}},
    ),
    Case(
        "call_record", "China Mobile: the number above, lengths in words, a section of data",
        "移动.csv",
        (
            "手机号码:17000000001 开始时间：20250301 结束时间：20250331 查询日期：20250401,,,,,\n"
            "通话合并短彩详单,,,,,\n"
            "起始时间,通信地点,通信方式,对方号码,通信时长,通信类型\n"
            "2025-03-01 10:00:00,某地,主叫,008617000000002,1时2分3秒,本地\n"
            "2025-03-01 11:00:00,某地,被叫,17000000003,5秒,本地\n"
            "2025-03-01 12:00:00,某地,发送,17000000003,,短信\n"
            "上网详单,,,,,\n"
        ).encode("gb18030"),
        {"calls": (3, 0)}, {},
        {"calls": {"caller": "17000000001", "callee": "17000000002", "seconds": "3723"}},
        warnings=("1 lines that are no call",),
    ),
    Case(
        "call_record", "China Unicom: its number in a column, numbers as floats", "联通.xlsx",
        workbook({"a": (
            ("通话类型", "本机号码", "对方号码", "主被叫", "开始时间", "结束时间", "通话时长"),
            ("语音", 17000000001.0, 17000000002.0, "主叫", "2025-03-01 10:00:00",
             "2025-03-01 10:00:30", "30"),
        )}),
        {"calls": (1, 0)}, {},
        {"calls": {"caller": "17000000001", "callee": "17000000002", "seconds": "30"}},
    ),
    Case(
        "call_record", "China Telecom: its number in a line of its own", "电信.xlsx",
        workbook({"a": (
            ("客户名称", "张某", "产品号码", "17000000001"),
            ("序号", "业务类型", "计费类型", "对方号码", "起始时间", "通话时长", "基本费", "长途费",
             "呼叫类型", "通话地点"),
            ("1", "语音", "", "17000000002", "2025-03-01 10:00:00", "00:01:02", "0", "0", "被叫",
             "某地"),
        )}),
        {"calls": (1, 0)}, {},
        {"calls": {"caller": "17000000002", "callee": "17000000001", "seconds": "62"}},
    ),
)  # fmt: skip
