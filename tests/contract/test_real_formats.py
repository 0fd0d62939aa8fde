"""Contract of the real formats: recognised, read, counted, summed to the cent, quoted back."""

import importlib
import pkgutil
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest

from graphdb.evidence import ReadOptions, quote_rows, read_evidence
from graphdb.evidence.formats import known_formats
from graphdb.model import Place
from tests.contract import formats
from tests.contract.formats import Case

CASES: tuple[Case, ...] = tuple(
    case
    for module in sorted(
        m.name for m in pkgutil.iter_modules(formats.__path__, "tests.contract.formats.")
    )
    for case in importlib.import_module(module).CASES
)


def named(case: Case) -> str:
    return f"{case.format}-{case.what}"


def written(folder: Path, case: Case) -> Path:
    path = folder / "exhibit"  # the copy in custody does not keep the name
    path.write_bytes(case.content)
    return path


@pytest.mark.parametrize("case", CASES, ids=named)
def test_a_file_is_recognised_read_counted_and_summed(tmp_path: Path, case: Case) -> None:
    reading = read_evidence(written(tmp_path, case), "E01", name=case.name)
    rows: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for batch in reading.each():
        assert batch.read == batch.frame.height + len(batch.rejects)
        good, bad = rows[batch.table]
        rows[batch.table] = (good + batch.frame.height, bad + len(batch.rejects))
    assert reading.format == case.format
    assert {table: counts for table, counts in rows.items() if counts != (0, 0)} == dict(case.rows)
    totals = {one.what: (one.count, Decimal(one.amount)) for one in reading.controls}
    assert totals == {what: (n, Decimal(amount)) for what, (n, amount) in case.controls.items()}
    for said in case.warnings:
        assert any(said in warning for warning in reading.warnings), reading.warnings


@pytest.mark.parametrize("case", CASES, ids=named)
def test_the_cells_that_matter_are_under_their_canonical_names(tmp_path: Path, case: Case) -> None:
    batches = read_evidence(written(tmp_path, case), "E01", name=case.name).batches
    for table, cells in case.has.items():
        rows = [row for b in batches if b.table == table for row in b.frame.iter_rows(named=True)]
        found = [{name: row.get(name) for name in cells} for row in rows]
        assert dict(cells) in found, found[:5]


@pytest.mark.parametrize("case", CASES, ids=named)
def test_every_row_is_quoted_as_it_was_written(tmp_path: Path, case: Case) -> None:
    path = written(tmp_path, case)
    batches = read_evidence(path, "E01", name=case.name).batches
    places = {Place(batch.exhibit, row) for batch in batches for row in batch.frame["row"]}
    quoted = quote_rows(path, "E01", ReadOptions(), places, case.name)
    assert set(quoted) == places
    assert all(any(cell for _, cell in row) for row in quoted.values())


def test_every_format_has_a_case() -> None:
    assert {form.name for form in known_formats()} == {case.format for case in CASES}
