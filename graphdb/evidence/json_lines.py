"""JSON Lines: one object a line, read block by block."""

import io
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

import polars as pl

from graphdb.errors import InputRefused
from graphdb.evidence.format import Sheet
from graphdb.model import Place, Reject

# polars reads numbers with a point as doubles, which hold no more digits than these.
_LONG_FRACTION: Final = re.compile(rb"[:\s]-?(?=[\d.]{16,})\d+\.\d+|\d[eE][+-]?\d")
_BLANK: Final = re.compile(rb"(?:^|\n)[ \t\r]*\n")
_MOST_NAMES: Final = 1000
_FIX: Final = "write one JSON object a line: {...}"

# A text as UTF-8, in blocks of whole lines, as often as it is asked for.
Blocks = Callable[[], Iterator[bytes]]


def names_of(blocks: Blocks, exhibit: str) -> tuple[str, ...]:
    r"""Give all names that the objects of a file have, in their order.

    >>> names_of(lambda: iter([b'{"a": 1}\n{broken\n', b'{"b": 2}\n']), "E01")
    ('a', 'b')

    Raises:
        InputRefused: they are more than any table has.
    """
    names: dict[str, None] = {}
    before = 0
    for block in blocks():
        names |= dict.fromkeys(_fast_names(block) or _slow_names(block))
        if len(names) > _MOST_NAMES:
            raise InputRefused(
                f"the objects have more than {_MOST_NAMES} names",
                where=Place(exhibit, before + 1),
                fix="write one object a row, all with the same names",
            )
        before += block.count(b"\n")
    return tuple(names)


def sheets_of(
    blocks: Blocks, exhibit: str, names: tuple[str, ...], *, as_written: bool = False
) -> Iterator[Sheet]:
    r"""Read objects as rows; a broken line is rejected, the others stand.

    The fast way writes 2.50 as 2.5; ``as_written`` keeps every digit for a quotation.

    >>> sheet, = sheets_of(lambda: iter([b'{"a": 1, "b": "x"}\n{"a": 2.50}\n']), "E01", ("a", "b"))
    >>> sheet.frame.rows()
    [(1, '1', 'x'), (2, '2.5', None)]
    """
    before = 0
    for block in blocks():
        fast = None if as_written else _fast(block, exhibit, names)
        sheet = fast or _slow(block, exhibit, names)
        yield _moved(sheet, exhibit, before) if before else sheet
        before += block.count(b"\n")


def _moved(sheet: Sheet, exhibit: str, before: int) -> Sheet:
    """Number the rows of a block as those of the file."""
    rejects = tuple(
        replace(one, where=Place(exhibit, one.where.row + before)) for one in sheet.rejects
    )
    return replace(sheet, frame=sheet.frame.with_columns(pl.col("row") + before), rejects=rejects)


def _is_plain(block: bytes) -> bool:
    return not (_LONG_FRACTION.search(block) or _BLANK.search(block))


def _fast_names(block: bytes) -> list[str] | None:
    if not _is_plain(block):
        return None
    try:
        return pl.read_ndjson(io.BytesIO(block), infer_schema_length=None).columns
    except (pl.exceptions.PolarsError, ValueError):
        return None


def _slow_names(block: bytes) -> Iterator[str]:
    for _, found in _objects(block):
        if isinstance(found, dict):
            yield from found


def _fast(block: bytes, exhibit: str, names: tuple[str, ...]) -> Sheet | None:
    if not _is_plain(block):
        return None
    try:
        frame = pl.read_ndjson(io.BytesIO(block), schema=dict.fromkeys(names, pl.String))
    except (pl.exceptions.PolarsError, ValueError):
        return None
    if frame.height != block.count(b"\n") + (not block.endswith(b"\n")):
        return None
    frame.columns = [f"c{at}" for at in range(frame.width)]
    numbered = frame.with_row_index("row", offset=1).with_columns(pl.col("row").cast(pl.Int64))
    return Sheet(exhibit, names, numbered)


def _slow(block: bytes, exhibit: str, names: tuple[str, ...]) -> Sheet:
    positions = {name: at for at, name in enumerate(names)}
    numbers: list[int] = []
    cells: list[list[str | None]] = []
    rejects: list[Reject] = []
    for number, found in _objects(block):
        if not isinstance(found, dict):
            what = found if isinstance(found, str) else "the line is no object"
            rejects.append(Reject(Place(exhibit, number), None, what, _FIX))
            continue
        row: list[str | None] = [None] * len(names)
        for name, value in found.items():
            row[positions[name]] = _text(value)
        numbers.append(number)
        cells.append(row)
    columns = {
        f"c{at}": pl.Series([row[at] for row in cells], dtype=pl.String) for at in range(len(names))
    }
    frame = pl.DataFrame({"row": pl.Series(numbers, dtype=pl.Int64), **columns})
    return Sheet(exhibit, names, frame, rejects=tuple(rejects))


def _objects(block: bytes) -> Iterator[tuple[int, object]]:
    """Give the values of the lines that are not blank, by number; a text says what is wrong."""
    for number, line in enumerate(block.decode().split("\n"), start=1):
        if not line.strip():
            continue
        try:
            found = json.loads(line, parse_float=str, parse_int=str)
            json.dumps(found, ensure_ascii=False).encode()  # half a surrogate pair is no text
        except (ValueError, RecursionError) as error:
            yield number, f"the line is no JSON: {error}"
            continue
        yield number, found if isinstance(found, dict) else None


def _text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)
