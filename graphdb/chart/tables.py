"""The chart as tables: every event of every line, and every source row behind it, as CSV.

UTF-8 with a byte-order mark, so that a spreadsheet reads Chinese; a cell that a spreadsheet would
take for a formula is set in quotes by a leading apostrophe.
"""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO
from typing import Final

from graphdb.chart.nouns import Chart
from graphdb.chart.text import local, visible
from graphdb.model import minor_digits

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_EVENTS: Final = (
    "line", "type", "from", "to", "number", "at_utc", "at_shown", "amount", "currency", "basis",
    "rule", "evidence",
)  # fmt: skip


def links_csv(chart: Chart) -> bytes:
    """Write every event, in the order of the lines that it stands on."""
    return _csv(
        _EVENTS,
        (
            (
                link.id.rpartition("-")[2],
                link.type,
                event.source,
                event.target,
                event.entity.id if event.entity else "",
                event.at,
                local(event.at) if event.at else "",
                _decimal(event.amount_minor, event.currency),
                event.currency if event.amount_minor is not None else "",
                event.basis,
                "; ".join(dict.fromkeys(str(one.properties.get("rule") or "")
                                        for one in event.links)).strip("; "),
                " ".join(event.evidence),
            )
            for link in chart.links
            for event in link.events
        ),
    )  # fmt: skip


def rows_csv(chart: Chart) -> bytes:
    """Write every quoted source row: its place, file and hash, and each cell with its header."""
    return _csv(
        ("place", "file", "sha256", "column", "as_written"),
        (
            (row.place, row.file, row.sha256, name, cell)
            for row in chart.sources
            for name, cell in row.cells
        ),
    )


def _csv(head: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    text = StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(head)
    for row in rows:
        writer.writerow([_harmless(visible(cell)) for cell in row])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _decimal(minor: int | None, currency: str) -> str:
    if minor is None:
        return ""
    digits = minor_digits(currency)
    sign = "-" if minor < 0 else ""
    whole, rest = divmod(abs(minor), 10**digits)
    return f"{sign}{whole}.{rest:0{digits}d}" if digits else f"{sign}{whole}"
