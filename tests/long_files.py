"""Long invented files of every family of readers, written row by row to any size."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import xlsxwriter

from tests.contract.formats import lines
from tests.contract.formats.case_bank_return import TRADES
from tests.contract.formats.case_forensic import AT, CONTEXT, entity, field, node, several
from tests.contract.formats.case_tenpay import OF_2024, bought

FIRST: Final = 1_740_798_000  # 2025-03-01 03:00:00 UTC
_TOGETHER: Final = 500


@dataclass(frozen=True)
class Long:
    """A family: what stands before its rows, each row by its number, what stands behind them."""

    head: str
    row: Callable[[int], str]
    tail: str = ""
    between: str = ""
    encoding: str = "utf-8"

    def write(self, path: Path, size: int) -> int:
        """Write a file of about ``size`` bytes; tell how many rows it has."""
        count = 0
        with path.open("w", encoding=self.encoding, newline="") as file:
            file.write(self.head)
            while file.tell() < size:
                rows = [self.row(number) for number in range(count, count + _TOGETHER)]
                file.write((self.between if count else "") + self.between.join(rows))
                count += _TOGETHER
            file.write(self.tail)
        return count


def workbook(path: Path, rows: int) -> int:
    """Write an XLSX of payments."""
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ("payment", "from_account", "to_account", "amount", "at"))
        for number in range(rows):
            sheet.write_row(number + 1, 0, _payment(number).strip().split(","))
    return rows


def _clock(number: int) -> str:
    return f"{number // 3600 % 24:02d}:{number // 60 % 60:02d}:{number % 60:02d}"


def _payment(number: int) -> str:
    ends = f"bank:{6222020000000000000 + number % 9973},bank:{6222020000000000000 + number % 7919}"
    return f"p{number},{ends},{number % 9000}.07,2025-03-01T{_clock(number)}Z\n"


def _json_line(number: int) -> str:
    names = ("payment", "from_account", "to_account", "amount", "at")
    return json.dumps(dict(zip(names, _payment(number).strip().split(","), strict=True))) + "\n"


def _bank_return(number: int) -> str:
    cells = dict.fromkeys(TRADES, "")
    cells |= {
        "交易卡号": f"{6222020000000000000 + number % 997}\t", "账户开户名称": "张某",
        "交易时间": "2025-03-01 10:00:00", "交易金额": f"{number % 9000}.50",
        "收付标志": "出", "交易对手账卡号": f"{6222020000000100000 + number % 7919}\t",
        "对手户名": "某商户", "交易流水号": f"S{number}", "摘要说明": "转账",
    }  # fmt: skip
    return ",".join(cells.values()) + "\r\n"


def _weflow(number: int) -> str:
    said = {
        "localId": number, "createTime": FIRST + number, "type": "文本消息",
        "content": f"带单 稳赚 {number}", "isSend": 0, "senderUsername": f"wxid_{number % 499}",
        "senderDisplayName": "老师",
    }  # fmt: skip
    return json.dumps(said, ensure_ascii=False)


def _telegram(number: int) -> str:
    said = {
        "id": number, "type": "message", "date": "2025-03-01T11:00:00",
        "date_unixtime": str(FIRST + number), "from": "Lee", "from_id": f"user{number % 499}",
        "text": ["buy ", {"type": "bold", "text": f"now {number}"}],
    }  # fmt: skip
    return json.dumps(said)


def _called(number: int) -> str:
    party = field("Identifier", f"{17000000000 + number % 499}") + field("Role", "To")
    parties = several("Parties", f'<model type="Party" id="p">{party}</model>')
    said = f"{AT}{field('Duration', '00:01:02')}{field('Type', 'Outgoing')}{parties}"
    return f'<model type="Call" id="c{number}">{said}</model>'


def _anx(number: int) -> str:
    if number % 10 == 0:
        return node(str(number // 10), f"{17000000000 + number // 10}", "Phone")
    ends = f'End1Id="{number // 10}" End2Id="{number // 20}"'
    return (
        f'<ChartItem Id="I{number}" Label="{number} calls" DateSet="true" TimeSet="true" '
        f'DateTime="2026-02-14T{_clock(number)}.000">'
        f'<Link {ends}><LinkStyle Type="Calls"/></Link></ChartItem>'
    )


def _graphml(number: int) -> str:
    if number % 10 == 0:
        return f'<node id="bank:6222{number // 10}"><data key="d0">account</data></node>\n'
    ends = f'source="bank:6222{number // 10}" target="bank:6222{number // 20}"'
    return (
        f'<edge {ends}><data key="d1">{number % 9000}.07</data>'
        f'<data key="d2">2025-03-01 {_clock(number)}</data></edge>\n'
    )


def _ftm(number: int) -> str:
    if number % 20 == 0:
        return entity(f"a{number // 20}", "BankAccount", accountNumber=f"6222{number}") + "\n"
    return entity(
        f"t{number}", "Payment", payerAccount=f"a{number // 20}",
        beneficiaryAccount=f"a{number // 40}", amount="84000.07", currency="CNY",
        date="2025-03-01T03:00:00",
    ) + "\n"  # fmt: skip


def _case(number: int) -> str:
    name = f"kb:p{number // 10}"
    if number % 10 == 0:
        facet = {"@id": f"{name}-f", "@type": "uco-observable:PhoneAccountFacet",
                 "uco-observable:phoneNumber": f"{17000000000 + number // 10}"}  # fmt: skip
        return json.dumps({"@id": name, "@type": "uco-observable:PhoneAccount",
                           "uco-core:hasFacet": [facet]})  # fmt: skip
    call = {
        "@id": f"kb:c{number}-f",
        "@type": "uco-observable:CallFacet",
        "uco-observable:from": {"@id": name},
        "uco-observable:to": {"@id": f"kb:p{number // 20}"},
        "uco-observable:startTime": {"@type": "xsd:dateTime", "@value": "2025-03-01T03:00:00Z"},
        "uco-observable:duration": {"@type": "xsd:integer", "@value": "62"},
    }
    return json.dumps({"@id": f"kb:c{number}", "@type": "uco-observable:Call",
                       "uco-core:hasFacet": call})  # fmt: skip


def _ofx(number: int) -> str:
    return (
        f"<STMTTRN>\n<TRNTYPE>DEBIT\n<DTPOSTED>20250301100000\n<TRNAMT>-{number % 9000 + 1}.07\n"
        f"<FITID>F{number}\n<NAME>Shop {number % 499}\n<MEMO>purchase\n</STMTTRN>\n"
    )


def _mt940(number: int) -> str:
    head = f":20:R{number}\r\n:25:DE00000000000000000001\r\n:28C:1/1\r\n:60F:C250301EUR0,00\r\n"
    said = "".join(
        f":61:2503010301D{one + 1},07NTRFNONREF//B{number}-{one}\r\n:86:rent {number}\r\n"
        for one in range(5)
    )
    return f"{head}{said}:62F:C250301EUR0,00\r\n-\r\n"


def _qq(number: int) -> str:
    writer = f"地瓜({23333233 + number % 499})"
    return f"2019-07-16 {_clock(number)} {writer}\n第一行 {number}\n第二行\n\n"


LONG: Final = {
    "canonical CSV": Long("payment,from_account,to_account,amount,at\n", _payment),
    "canonical JSON Lines": Long("", _json_line),
    "tenpay_trades": Long(
        lines(OF_2024),
        lambda n: lines(bought(OF_2024, f"T{n}", "出", "10000", 交易用途类型="转账",
                               对手方ID=f"wxid_{n % 499}")),
    ),
    "bank_return": Long(",".join(TRADES) + "\r\n", _bank_return, encoding="gb18030"),
    "weflow": Long(
        '{"session": {"wxid": "7@chatroom", "displayName": "财富群", "type": "群聊"}, '
        '"messages": [', _weflow, "]}", between=", ",
    ),
    "telegram": Long(
        '{"name": "Gold", "type": "private_supergroup", "id": 123456, "messages": [',
        _telegram, "]}", between=", ",
    ),
    "whatsapp": Long(
        "", lambda n: f"[2025-03-01 {_clock(n)}] Mary {n % 499}: buy now {n}\nsecond line\n"
    ),
    "qq_text": Long("消息分组:我的群聊\n消息对象:财富群\n\n", _qq),
    "ufed_report": Long(
        '<?xml version="1.0" encoding="utf-8"?>'
        '<project xmlns="http://pa.cellebrite.com/report/2.0"><metadata section="Device">'
        '<item name="MSISDN">17000000001</item></metadata><decodedData><modelType type="Call">',
        _called, "</modelType></decodedData></project>",
    ),
    "anx": Long(
        '<?xml version="1.0" encoding="UTF-16"?><Chart><ChartItemCollection>', _anx,
        "</ChartItemCollection></Chart>", encoding="utf-16",
    ),
    "graphml": Long(
        '<?xml version="1.0"?><graphml xmlns="http://graphml.graphdrawing.org/xmlns">'
        '<key id="d0" for="node" attr.name="type"/><key id="d1" for="edge" attr.name="amount"/>'
        '<key id="d2" for="edge" attr.name="time"/><graph edgedefault="directed">\n',
        _graphml, "</graph></graphml>",
    ),
    "ftm_entities": Long("", _ftm),
    "case_uco": Long(
        f'{{"@context": {json.dumps(CONTEXT)}, "@graph": [', _case, "]}", between=", "
    ),
    "ofx": Long(
        "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\nSECURITY:NONE\nENCODING:USASCII\n"
        "CHARSET:1252\nCOMPRESSION:NONE\nOLDFILEUID:NONE\nNEWFILEUID:NONE\n\n<OFX>\n"
        "<BANKMSGSRSV1>\n<STMTTRNRS>\n<STMTRS>\n<CURDEF>EUR\n<BANKACCTFROM>\n<BANKID>1\n"
        "<ACCTID>622202\n<ACCTTYPE>CHECKING\n</BANKACCTFROM>\n<BANKTRANLIST>\n",
        _ofx, "</BANKTRANLIST>\n</STMTRS>\n</STMTTRNRS>\n</BANKMSGSRSV1>\n</OFX>\n",
    ),
    "mt940": Long("", _mt940),
}  # fmt: skip
