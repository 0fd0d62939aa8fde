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
from typing import Any, Final

import polars as pl

from graphdb.errors import InputRefused, quoted
from graphdb.evidence.format import DocumentFormat, Part, Sheet
from graphdb.evidence.layout import tidied
from graphdb.evidence.ledger import ledger_part
from graphdb.evidence.source import Source
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
    text = source.text()
    starts = [found.start() for found in re.finditer(r"(?m)^:20:", text)] or [0]
    rows: list[_Row] = []
    rejects: list[Reject] = []
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        block = text[start:end]
        line = text.count("\n", 0, start) + 1
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
    yield _sheet(exhibit, rows, rejects)


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
    from ofxparse import OfxParser  # it loads a parser of HTML

    text = source.text()
    lines = [
        text.count("\n", 0, found.start()) + 1
        for found in re.finditer("<STMTTRN>", text, re.IGNORECASE)
    ]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it calls its parser by an old name
            parsed = OfxParser.parse(io.BytesIO(_as_utf8(text)))
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
            f"this OFX has {len(lines):,} payments, and {len(rows):,} of them can be read",
            fix="export it again from the bank",
        )
    # Two payments may begin in one line: rows are counted then.
    numbers = lines if len(set(lines)) == len(lines) else list(range(1, len(lines) + 1))
    yield _sheet(exhibit, list(zip(numbers, rows, strict=True)), ())


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
