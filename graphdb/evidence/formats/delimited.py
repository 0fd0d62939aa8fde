"""Delimited text: CSV, tab, semicolon or bar separated, with a header line."""

import csv
import io
from collections.abc import Sequence
from typing import Final

import polars as pl

from graphdb.errors import InputRefused, quoted
from graphdb.evidence.reading import Sheet
from graphdb.model import Place, Reject

_DELIMITERS: Final = (",", "\t", ";", "|")
_MARKS: Final = "\ufeff \t"


def sheet_of(text: str, exhibit: str, delimiter: str | None = None, *, skip: int = 0) -> Sheet:
    r"""Cut a text into cells; the first line that is not blank after ``skip`` lines is the header.

    Rows with more cells than the header are rejected one by one, blank lines and repeated
    headers are left out. Row numbers count every record of the file, from 1.

    >>> sheet_of("a,b\n1,2\n\n3,4\n", "E01").frame.rows()
    [(2, '1', '2'), (4, '3', '4')]
    """
    if "\n" not in text:
        text = text.replace("\r", "\n")
    start = skip
    lines = text.split("\n", skip)
    rest = lines[skip] if len(lines) > skip else ""
    while rest and not rest.split("\n", 1)[0].strip(" \t\r,;|"):
        rest = rest.partition("\n")[2]
        start += 1
    if not rest:
        raise InputRefused("the file has no header line", fix="ask for the file again")
    mark = delimiter or _delimiter(rest.split("\n", 1)[0])
    header, frame, rejects = _fast(rest, mark) or _slow(rest, mark, exhibit, start)
    frame, repeated = _content(frame.with_columns(row=pl.col("row") + start), header)
    warnings = (f"the header line is repeated: {repeated} times",) if repeated else ()
    return Sheet(exhibit, tuple(header), frame, rejects, warnings)


def _content(frame: pl.DataFrame, header: Sequence[str]) -> tuple[pl.DataFrame, int]:
    """Leave out blank rows and repeated headers; count the headers.

    Files glued together repeat the header, sometimes with its byte-order mark.
    """
    cells = [f"c{at}" for at in range(len(header))]
    written = [name.strip().strip(_MARKS) for name in header]
    texts = {name: pl.col(name).fill_null("").str.strip_chars() for name in cells}
    first = texts[cells[0]].str.strip_chars(_MARKS)
    doubtful = frame.filter(first.is_in(["", written[0]]))
    again = pl.all_horizontal(
        text.str.strip_chars(_MARKS) == name
        for text, name in zip(texts.values(), written, strict=True)
    )
    blank = pl.all_horizontal(text == "" for text in texts.values())
    repeated = doubtful.filter(again)
    dropped = pl.concat([repeated, doubtful.filter(blank & ~again)])
    if not dropped.is_empty():
        frame = frame.join(dropped.select("row"), on="row", how="anti", maintain_order="left")
    return frame.select("row", *cells), repeated.height


def _delimiter(line: str) -> str:
    counts = {mark: line.count(mark) for mark in _DELIMITERS}
    return max(_DELIMITERS, key=lambda mark: counts[mark])


def _refuse_swallowed(record: Sequence[str], mark: str, width: int, place: Place) -> None:
    """Refuse a cell that holds whole rows: its quote was opened and never closed."""
    for cell in record:
        if "\n" in cell and any(line.count(mark) >= width - 1 > 0 for line in cell.split("\n")[1:]):
            raise InputRefused(
                f"a quote is opened and not closed: {quoted(cell)}",
                where=place,
                fix="close it in a copy of the file, or ask for the file again",
            )


def _fast(text: str, mark: str) -> tuple[list[str], pl.DataFrame, tuple[Reject, ...]] | None:
    """Let polars cut a clean file; None where a row is ragged or a quote spans lines."""
    try:
        frame = pl.read_csv(
            io.BytesIO(text.encode()),
            has_header=False,
            infer_schema=False,
            separator=mark,
            row_index_name="row",
            row_index_offset=1,
        )
    except (pl.exceptions.PolarsError, ValueError):
        return None
    if '"' in text and frame.height != text.count("\n") + (not text.endswith("\n")):
        return None
    cells = [f"c{at}" for at in range(frame.width - 1)]
    frame.columns = ["row", *cells]
    header = [cell or "" for cell in frame.row(0)[1:]]
    return header, frame.slice(1).with_columns(pl.col("row").cast(pl.Int64)), ()


def _slow(
    text: str, mark: str, exhibit: str, before: int
) -> tuple[list[str], pl.DataFrame, tuple[Reject, ...]]:
    """Cut a file record by record, and set aside those that have too many cells."""
    records = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
    rows: list[tuple[int, Sequence[str]]] = []
    rejects: list[Reject] = []
    header: list[str] = []
    try:
        for number, record in enumerate(records, start=1):
            if number == 1:
                header = record
                continue
            place = Place(exhibit, number + before)
            while len(record) > len(header) and not record[-1].strip():
                record.pop()
            _refuse_swallowed(record, mark, len(header), place)
            if len(record) > len(header):
                what = f"the row has {len(record)} cells, the header {len(header)}"
                rejects.append(Reject(place, None, what, "quote cells that hold the delimiter"))
                continue
            rows.append((number, [*record, *[""] * (len(header) - len(record))]))
    except csv.Error as error:
        where = Place(exhibit, len(rows) + len(rejects) + 2 + before)
        raise InputRefused(
            f"the file cannot be cut into cells: {error}", where=where, fix="export it again"
        ) from error
    columns = {
        f"c{at}": pl.Series([row[at] for _, row in rows], dtype=pl.String)
        for at in range(len(header))
    }
    numbers = pl.Series("row", [number for number, _ in rows], dtype=pl.Int64)
    return header, pl.DataFrame({"row": numbers, **columns}), tuple(rejects)
