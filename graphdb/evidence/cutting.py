"""From a grid of cells to the sheet below a header line."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import polars as pl

from graphdb.evidence.format import Sheet
from graphdb.evidence.grid import Grid
from graphdb.model import Place, Reject

_MARKS: Final = "\ufeff \t"


def sheets_below(
    grid: Grid,
    at: int,
    *,
    about: Mapping[str, str],
    quoting: bool = True,
    tail: int | None = None,
) -> Iterator[Sheet]:
    """Give the rows below the header that is record ``at`` (from 0) of a grid, chunk by chunk.

    Blank rows and repeated headers are left out. A row with more cells than the header is
    rejected, or its surplus joined to the column ``tail``.
    """
    headers = _trimmed(grid.head[at])
    first = True
    for chunk in grid.chunks(quoting=quoting):
        rows = chunk.filter(pl.col("row") > at + 1)
        if rows.is_empty() and not first:
            continue
        frame, repeated = _content(rows, headers)
        frame, rejects = _surplus(frame, len(headers), grid.exhibit, tail)
        warnings = (f"the header line is repeated: {repeated} times",) if repeated else ()
        yield Sheet(grid.exhibit, headers, frame, about, rejects, warnings)
        first = False


def first_record(grid: Grid) -> int | None:
    """Give the first record (from 0) that is not blank."""
    return next((at for at, record in enumerate(grid.head) if any(map(str.strip, record))), None)


def _trimmed(record: Sequence[str]) -> tuple[str, ...]:
    cells = [*record]
    while cells and not cells[-1].strip(_MARKS):
        cells.pop()
    return tuple(cells)


def _content(frame: pl.DataFrame, headers: Sequence[str]) -> tuple[pl.DataFrame, int]:
    """Leave out blank rows and repeated headers; count the headers.

    Files glued together repeat the header, sometimes with its byte-order mark.
    """
    cells = [name for name in frame.columns if name != "row"]
    if not cells:
        return frame, 0
    written = [name.strip().strip(_MARKS) for name in headers]
    named = cells[: len(written)]
    first = pl.col(cells[0]).fill_null("").str.strip_chars().str.strip_chars(_MARKS)
    doubtful = frame.filter(first.is_in(["", written[0] if written else ""]))
    if doubtful.is_empty():
        return frame, 0
    texts = {name: pl.col(name).fill_null("").str.strip_chars() for name in cells}
    again = pl.all_horizontal(
        texts[name].str.strip_chars(_MARKS) == text
        for name, text in zip(named, written, strict=False)
    )
    blank = pl.all_horizontal(text == "" for text in texts.values())
    repeated = doubtful.filter(again & ~blank)
    dropped = pl.concat([repeated, doubtful.filter(blank)])
    if not dropped.is_empty():
        frame = frame.join(dropped.select("row"), on="row", how="anti", maintain_order="left")
    return frame, repeated.height


def _surplus(
    frame: pl.DataFrame, width: int, exhibit: str, tail: int | None
) -> tuple[pl.DataFrame, tuple[Reject, ...]]:
    """Make every row as wide as the header."""
    missing = [f"c{at}" for at in range(width) if f"c{at}" not in frame.columns]
    frame = frame.with_columns(pl.lit(None, dtype=pl.String).alias(name) for name in missing)
    named = [f"c{at}" for at in range(width)]
    extra = [name for name in frame.columns if name != "row" and name not in named]
    if not extra:
        return frame.select("row", *named), ()
    surplus = [pl.col(name).str.strip_chars().replace("", None) for name in extra]
    if tail is not None:
        joined = pl.concat_str(pl.col(f"c{tail}"), *surplus, separator=" ", ignore_nulls=True)
        return frame.with_columns(joined.alias(f"c{tail}")).select("row", *named), ()
    too_wide = pl.any_horizontal(cell.is_not_null() for cell in surplus)
    wide = frame.filter(too_wide)
    rejects = []
    for number, *cells in wide.select("row", *extra).iter_rows():
        count = width + max(at for at, cell in enumerate(cells, start=1) if (cell or "").strip())
        what = f"the row has {count} cells, the header {width}"
        fix = "quote cells that hold the delimiter"
        rejects.append(Reject(Place(exhibit, number), None, what, fix))
    return frame.filter(~too_wide).select("row", *named), tuple(rejects)
