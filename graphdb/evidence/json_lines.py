"""JSON Lines: one object a line."""

import io
import json
import re
from typing import Final

import polars as pl

from graphdb.errors import InputRefused
from graphdb.evidence.format import Sheet
from graphdb.model import Place, Reject

# polars reads numbers with a point as doubles, which hold no more digits than these.
_LONG_FRACTION: Final = re.compile(r"[:\s]-?(?=[\d.]{16,})\d+\.\d+|\d[eE][+-]?\d")
_BLANK: Final = re.compile(r"(?:^|\n)[ \t\r]*\n")
_MOST_NAMES: Final = 1000
_FIX: Final = "write one JSON object a line: {...}"


def sheet_of(text: str, exhibit: str, *, as_written: bool = False) -> Sheet:
    r"""Read objects as rows; a broken line is rejected, the others stand.

    The fast way writes 2.50 as 2.5; ``as_written`` keeps every digit for a quotation.

    >>> sheet_of('{"a": 1, "b": "x"}\n{"a": 2.50}\n', "E01").frame.rows()
    [(1, '1', 'x'), (2, '2.5', None)]
    """
    return (None if as_written else _fast(text, exhibit)) or _slow(text, exhibit)


def _fast(text: str, exhibit: str) -> Sheet | None:
    if _LONG_FRACTION.search(text) or _BLANK.search(text):
        return None
    raw = text.encode()
    try:
        names = pl.read_ndjson(io.BytesIO(raw), infer_schema_length=None).columns
        frame = pl.read_ndjson(io.BytesIO(raw), schema=dict.fromkeys(names, pl.String))
    except (pl.exceptions.PolarsError, ValueError):
        return None
    lines = text.count("\n") + (not text.endswith("\n"))
    if frame.height != lines:
        return None
    frame.columns = [f"c{at}" for at in range(frame.width)]
    numbered = frame.with_row_index("row", offset=1).with_columns(pl.col("row").cast(pl.Int64))
    return Sheet(exhibit, tuple(names), numbered)


def _slow(text: str, exhibit: str) -> Sheet:
    names: dict[str, int] = {}
    rows: list[tuple[int, list[str | None]]] = []
    rejects: list[Reject] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            found = json.loads(line, parse_float=str, parse_int=str)
            json.dumps(found, ensure_ascii=False).encode()  # half a surrogate pair is no text
        except (ValueError, RecursionError) as error:
            rejects.append(
                Reject(Place(exhibit, number), None, f"the line is no JSON: {error}", _FIX)
            )
            continue
        if not isinstance(found, dict):
            rejects.append(Reject(Place(exhibit, number), None, "the line is no object", _FIX))
            continue
        for name in found:
            names.setdefault(name, len(names))
        if len(names) > _MOST_NAMES:
            raise InputRefused(
                f"the objects have more than {_MOST_NAMES} names",
                where=Place(exhibit, number),
                fix="write one object a row, all with the same names",
            )
        cells: list[str | None] = [None] * len(names)
        for name, value in found.items():
            cells[names[name]] = _text(value)
        rows.append((number, cells))
    columns = {
        f"c{at}": pl.Series(
            [cells[at] if at < len(cells) else None for _, cells in rows], dtype=pl.String
        )
        for at in names.values()
    }
    numbers = pl.Series("row", [number for number, _ in rows], dtype=pl.Int64)
    frame = pl.DataFrame({"row": numbers, **columns})
    return Sheet(exhibit, tuple(names), frame, rejects=tuple(rejects))


def _text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)
