"""Statements of banks abroad: SWIFT MT940, and OFX of the programs that keep accounts at home.

Both are read by libraries. They do not say in which line a payment stands, so the lines that begin
one are counted, in order, beside them; where the counts differ the statement is not taken.
"""

import io
import logging
import re
import warnings
from collections.abc import Iterator, Sequence
from datetime import UTC
from decimal import Decimal
from itertools import pairwise
from typing import Any, Final

import polars as pl

from graphdb.errors import InputRefused, quoted
from graphdb.evidence.format import DocumentFormat, Part, Sheet
from graphdb.evidence.layout import tidied
from graphdb.evidence.ledger import ledger_part
from graphdb.evidence.source import Source
from graphdb.evidence.together import ROWS_TOGETHER
from graphdb.model import Place, Reject

_HEADERS: Final = (
    "own", "at", "amount", "currency", "number", "reference", "other", "other_name", "kind", "memo",
)  # fmt: skip
_MT940: Final = re.compile(r"(?m)^:20:.*\r?\n(?s:.{0,400}?)^:25:")
_OFX: Final = re.compile(r"OFXHEADER|<OFX>", re.IGNORECASE)
_TAG_LINE: Final = re.compile(r"(?m)^:61:")
_LINE_61: Final = re.compile(r"(?m)^:61:[^\r\n]*")
_SOUND_61: Final = re.compile(r":61:\d{6}(?:\d{4})?R?[CD]")
_NOTHING: Final = "NONREF"
_OFX_MARK: Final = re.compile(r"<STMTTRN>|<(?:CC|INV)?STMTRS>|</BANKTRANLIST>", re.IGNORECASE)
# The library takes a tag that is nowhere closed for one that holds text only.
_OFX_CLOSED: Final = "</BANKTRANLIST>" + "".join(
    f"</{kind}STMTRS></{kind}STMTTRNRS></{area}MSGSRSV1>"
    for kind, area in (("", "BANK"), ("CC", "CREDITCARD"), ("INV", "INVSTMT"))
) + "</OFX>"  # fmt: skip
_PIECE: Final = 1 << 20
_SLICE: Final = 200
_Row = tuple[int, dict[str, str | None]]


def _is_mt940(source: Source) -> bool:
    return source.is_text and _MT940.search(source.head) is not None


def _is_ofx(source: Source) -> bool:
    return source.begins("OFXHEADER", "<") and _OFX.search(source.head[:4096]) is not None


def _sheet(exhibit: str, rows: Sequence[_Row], rejects: Sequence[Reject]) -> Sheet:
    columns = {
        f"c{at}": pl.Series([row[name] for _, row in rows], dtype=pl.String)
        for at, name in enumerate(_HEADERS)
    }
    numbers = pl.Series("row", [number for number, _ in rows], dtype=pl.Int64)
    return Sheet(exhibit, _HEADERS, pl.DataFrame({"row": numbers, **columns}), {}, tuple(rejects))


def _mt940_sheets(source: Source, exhibit: str) -> Iterator[Sheet]:
    """Read each statement of the file alone: one that is broken does not spoil the others."""
    rows: list[_Row] = []
    rejects: list[Reject] = []
    for line, block in _mt940_statements(source):
        numbers = [line + block.count("\n", 0, m.start()) for m in _TAG_LINE.finditer(block)]
        try:
            rows += zip(numbers, _mt940_rows(block), strict=True)
        # The library raises whatever a broken line happens to break in it, with its own innards.
        except Exception:
            what = "the statement cannot be read"
            lines = (m.group() for m in _LINE_61.finditer(block))
            broken = next((one for one in lines if not _SOUND_61.match(one)), None)
            what += f": {quoted(broken)}" if broken else ""
            fix = "ask the bank for it again"
            rejects += [Reject(Place(exhibit, number), None, what, fix) for number in numbers]
        if len(rows) + len(rejects) >= ROWS_TOGETHER:
            yield _sheet(exhibit, rows, rejects)
            rows, rejects = [], []
    yield _sheet(exhibit, rows, rejects)


def _mt940_statements(source: Source) -> Iterator[tuple[int, str]]:
    """Give each statement of a file, with the line in which it begins."""
    held: list[str] = []
    begun, is_first = 1, True
    for number, line in enumerate(_lines(source), start=1):
        if line.startswith(":20:"):
            # What stands above the first one is an envelope.
            if not is_first:
                yield begun, "".join(held)
            held, begun, is_first = [], number, False
        held.append(line)
    yield begun, "".join(held)


def _lines(source: Source) -> Iterator[str]:
    for block in source.blocks(_PIECE):
        yield from io.StringIO(block, newline="\n")


def _mt940_rows(block: str) -> list[dict[str, str | None]]:
    import mt940  # half a second, for those who have such a file

    # It writes the whole of its pattern for a line that it does not know.
    logging.getLogger("mt940").setLevel(logging.CRITICAL)
    statement = mt940.models.Transactions()
    statement.parse(block.replace("\r\n", "\n"))
    own = statement.data["account_identification"]
    return [_mt940_row(own, one.data) for one in statement]


def _mt940_row(own: str, said: dict[str, Any]) -> dict[str, str | None]:
    amount = said["amount"]
    reference = said.get("customer_reference")
    memo = (said.get("purpose") or said.get("transaction_details"), said.get("extra_details"))
    return {
        "own": f"bank:{own}",
        "at": said["date"].isoformat(),
        "amount": _written(amount.amount),
        "currency": amount.currency,
        "number": said.get("bank_reference"),
        "reference": None if reference == _NOTHING else reference,
        "other": said.get("applicant_iban"),
        "other_name": said.get("applicant_name"),
        "kind": said.get("posting_text") or said.get("id"),
        "memo": " | ".join(" ".join(text.split()) for text in memo if text) or None,
    }


def _written(amount: Decimal) -> str:
    return f"{amount:f}"


def _ofx_sheets(source: Source, exhibit: str) -> Iterator[Sheet]:
    # Two payments may begin in one line: they are counted then.
    by_line = all(one < two for one, two in pairwise(line for line, _ in _payments(source)))
    rows: list[_Row] = []
    count = 0
    for document, lines in _ofx_slices(source):
        numbers = lines if by_line else range(count + 1, count + len(lines) + 1)
        rows += zip(numbers, _ofx_rows(document, lines), strict=True)
        count += len(lines)
        if len(rows) >= ROWS_TOGETHER:
            yield _sheet(exhibit, rows, ())
            rows = []
    yield _sheet(exhibit, rows, ())


def _payments(source: Source) -> Iterator[tuple[int, str]]:
    return (one for one in _ofx_segments(source) if _is(one[1], "<STMTTRN>"))


def _ofx_segments(source: Source) -> Iterator[tuple[int, str]]:
    """Cut a document before each payment, statement and end of payments; with its lines."""
    rest, line = "", 1
    for piece in source.pieces(_PIECE):
        rest += piece
        start = 0
        for found in _OFX_MARK.finditer(rest, 1):
            yield line, rest[start : found.start()]
            line += rest.count("\n", start, found.start())
            start = found.start()
        rest = rest[start:]
    yield line, rest


def _is(text: str, *tags: str) -> bool:
    return text[:16].upper().startswith(tags)


def _ofx_slices(source: Source) -> Iterator[tuple[str, list[int]]]:
    """Give statements in slices of their own head and a few payments, with the payments' lines.

    The time of the library grows with the square of what it is given.
    """
    segments = _ofx_segments(source)
    above, head = next(segments)[1], ""
    lines: list[int] = []
    held: list[str] = []
    for line, text in segments:
        is_payment = _is(text, "<STMTTRN>")
        if held and (not is_payment or len(held) == _SLICE):
            yield "".join((above, head, *held, _OFX_CLOSED)), lines
            lines, held = [], []
        if is_payment:
            lines.append(line)
            held.append(text)
        elif not _is(text, "</"):
            head = text
    if held:
        yield "".join((above, head, *held, _OFX_CLOSED)), lines


def _ofx_rows(document: str, lines: Sequence[int]) -> list[dict[str, str | None]]:
    from ofxparse import OfxParser  # it loads a parser of HTML

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it calls its parser by an old name
            parsed = OfxParser.parse(io.BytesIO(_as_utf8(document)))
        rows = [
            _ofx_row(account, one)
            for account in parsed.accounts
            if account.statement is not None
            for one in getattr(account.statement, "transactions", ())
        ]
    except Exception as error:  # as above
        raise InputRefused(
            f"this OFX cannot be read: {error}", fix="export it again from the bank"
        ) from error
    if len(rows) != len(lines):
        raise InputRefused(
            f"this OFX has {len(lines):,} payments from line {lines[0]:,} on, "
            f"and {len(rows):,} of them can be read",
            fix="export it again from the bank",
        )
    return rows


def _as_utf8(text: str) -> bytes:
    """Write what its encoding is: the header of the file names another."""
    text = re.sub(r"(?m)^ENCODING:.*$", "ENCODING:UTF-8", text)
    return re.sub(r"(?m)^CHARSET:.*$", "CHARSET:NONE", text).encode()


def _ofx_row(account: Any, one: Any) -> dict[str, str | None]:
    return {
        "own": f"bank:{account.account_id}",
        "at": one.date.replace(tzinfo=UTC).isoformat(),
        "amount": _written(one.amount),
        "currency": account.curdef,
        "number": one.id,
        "reference": one.checknum or None,
        "other": None,
        "other_name": one.payee or None,
        "kind": one.type,
        "memo": one.memo or None,
    }


def _arrange(rows: pl.DataFrame, sheet: Sheet) -> Iterator[Part]:
    yield ledger_part(tidied(rows), sheet, {"amount": "amount", "at": "date"})


FORMATS: Final = (
    DocumentFormat(
        name="mt940",
        says="SWIFT MT940 statements",
        leaves="opening and closing balances; the other side's account, where its bank is unnamed",
        recognises=_is_mt940,
        sheets=_mt940_sheets,
        arrange=_arrange,
    ),
    DocumentFormat(
        name="ofx",
        says="OFX and QFX statements (bank accounts and credit cards)",
        leaves="investments and balances",
        recognises=_is_ofx,
        sheets=_ofx_sheets,
        arrange=_arrange,
    ),
)
