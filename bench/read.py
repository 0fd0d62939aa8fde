"""Read, check and hash a clean return, beside the scan of polars: the cost of being sure."""

import tempfile
from pathlib import Path

import polars as pl

from bench.cell import Cell, Cells, Ground, Outcome, timed
from bench.evidence import write_return
from graphdb.evidence import read_evidence
from graphdb.evidence.custody import receive


def cells(ground: Ground) -> Cells:
    """Give each file to polars first, then to the reader, which must find the same rows."""
    returned = ground.folder / "return.txt"
    write_return(returned, ground.rows // 2)
    for what, file, mark in (("CSV", ground.payments, ","), ("tab-separated", returned, "\t")):
        rows = {"rows": ground.rows if mark == "," else ground.rows // 2}
        given = {"file": file, "mark": mark}
        yield Cell("read", f"polars, scan of the {what}", scanned, given, rows, times=5)
        yield Cell("read", f"Linkwright, reads the {what}", read, {"file": file}, rows, times=5)


def scanned(file: Path, mark: str) -> Outcome:
    """Cut every row into texts."""
    frame = pl.DataFrame()

    def work() -> None:
        nonlocal frame
        quote = None if mark == "\t" else '"'
        frame = pl.read_csv(file, infer_schema=False, separator=mark, quote_char=quote)

    return Outcome(timed(work), frame.height, {"rows": frame.height})


def read(file: Path) -> Outcome:
    """Copy and hash the file, tell its encoding and format, check and type every row."""
    rows = 0

    def work() -> None:
        nonlocal rows
        with tempfile.TemporaryDirectory(dir=file.parent) as folder:
            copy, *_ = receive(file, Path(folder))
            for batch in read_evidence(copy, "E01", name=file.name).each():
                rows += 0 if batch.derived else batch.frame.height

    return Outcome(timed(work), rows, {"rows": rows})
