"""Load a million payments: ours with hashing, evidence and deduplication, and bare readers."""

import csv
import shutil
from pathlib import Path

import polars as pl

from bench.cell import Cell, Cells, Ground, Outcome, timed
from graphdb.case import Case


def cells(ground: Ground) -> Cells:
    """Give the readers first, because the others are compared with them."""
    given = {"payments": ground.payments}
    rows = {"rows": ground.rows}
    yield Cell("load", "polars, scan only (the floor)", scanned, given, rows, times=3)
    yield Cell("load", "csv.DictReader, read only", read_as_dicts, given, rows, times=3)
    ours = given | {"folder": ground.case}
    gate = rows | {"graph": ground.rows}
    yield Cell("load", "Linkwright, embedded", loaded, ours, gate, limit_s=400)
    yield Cell("load", "Linkwright, the same file again", again, ours, {"added": 0})


def scanned(payments: Path) -> Outcome:
    """Read every cell as text and add the amounts up."""
    frame = pl.DataFrame()

    def work() -> None:
        nonlocal frame
        frame = pl.read_csv(payments, infer_schema=False)

    return Outcome(timed(work), frame.height, {"rows": frame.height})


def read_as_dicts(payments: Path) -> Outcome:
    """Pass over the file as most scripts do."""
    rows = 0

    def work() -> None:
        nonlocal rows
        with payments.open(encoding="utf-8", newline="") as file:
            for _ in csv.DictReader(file):
                rows += 1

    return Outcome(timed(work), rows, {"rows": rows})


def loaded(payments: Path, folder: Path) -> Outcome:
    """Add the file to a new embedded case."""
    shutil.rmtree(folder, ignore_errors=True)
    case = Case.create(folder, name="bench")
    seconds = timed(lambda: case.add([payments]))
    status = case.status()
    tally = status.exhibits[0].tally
    told = {"rows": tally.loaded, "graph": status.counts.nodes["Payment"]}
    return Outcome(seconds, tally.read, told)


def again(payments: Path, folder: Path) -> Outcome:
    """Add the same file to the same case."""
    case = Case(folder)
    added = 0
    rows = 0

    def work() -> None:
        nonlocal added, rows
        (report,) = case.add([payments]).files
        added, rows = report.tally.loaded, report.tally.read

    return Outcome(timed(work), rows, {"added": added})
