"""The formats that can be read, each one file; the door asks them by content.

A ``TableFormat`` is a table with a header line, in a delimited text or a sheet of a workbook. A
``DocumentFormat`` is anything else: it cuts the document into sheets itself. Both then ``arrange``
the rows under the names of the canonical tables, as texts; typing is the door's work. A stranger's
format plugs in by the entry point group ``linkwright.formats``.
"""

from functools import cache
from importlib.metadata import entry_points
from typing import Final

from graphdb.evidence.format import Format
from graphdb.evidence.formats import (
    alipay_bill,
    alipay_return,
    bank_return,
    bank_statement,
    call_record,
    case_uco,
    drawn_chart,
    ftm_entities,
    qq_chat,
    shop_bill,
    swift_statement,
    telegram_chat,
    tencent_account,
    tenpay_register,
    tenpay_trades,
    ufed_report,
    unionpay_jass,
    wechat_bill,
    wechat_chat,
    whatsapp_chat,
)

FORMATS: Final[tuple[Format, ...]] = (
    alipay_bill.FORMAT,
    *alipay_return.FORMATS,
    *bank_return.FORMATS,
    *bank_statement.FORMATS,
    call_record.FORMAT,
    case_uco.FORMAT,
    *drawn_chart.FORMATS,
    ftm_entities.FORMAT,
    *qq_chat.FORMATS,
    *shop_bill.FORMATS,
    *swift_statement.FORMATS,
    telegram_chat.FORMAT,
    *tencent_account.FORMATS,
    *tenpay_register.FORMATS,
    tenpay_trades.FORMAT,
    ufed_report.FORMAT,
    unionpay_jass.FORMAT,
    wechat_bill.FORMAT,
    *wechat_chat.FORMATS,
    whatsapp_chat.FORMAT,
)


@cache
def known_formats() -> tuple[Format, ...]:
    """Give our formats, then those of installed strangers in order of their names."""
    strangers = sorted(entry_points(group="linkwright.formats"), key=lambda point: point.name)
    return (*FORMATS, *(point.load() for point in strangers))
