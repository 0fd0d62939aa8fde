"""Packs against an engine that knows nothing of graphs: DuckDB, over the same rows, row for row.

An oracle is one SQL file of a pack's id in `oracles/`, over the tables of `oracles/tables.sql`. It
gives columns of the pack's answer, the keys among them. Lines `-- set name=value` ask both with
values at which the city has much to find. Neo4j answers as the embedded engine does, row for row
and at the same values (test_crowd), so what holds here holds there.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import duckdb
import polars as pl
import pytest

from graphdb.model import Batch, Finding
from graphdb.packs import load_packs
from tests.packs.conftest import LINKS, Crowd

ORACLES: Final = Path(__file__).parent / "oracles"
IDS: Final = sorted(path.relative_to(ORACLES).with_suffix("").as_posix()
                    for path in ORACLES.glob("*/*.sql"))  # fmt: skip
# Packs without an oracle, and why.
_WALKED: Final = "walks: its oracle is slow and obvious, in tests/property/test_walks.py"
WITHOUT: Final = {
    "account_market/full_chain": "longer than a page",
    "case/key_brokers": _WALKED,
    "money/convergence": _WALKED,
    "money/next_statement": _WALKED,
    "money/time_ordered_path": _WALKED,
}


@pytest.fixture(scope="session")
def tables(batches: Sequence[Batch]) -> duckdb.DuckDBPyConnection:
    """The canonical tables in DuckDB, each row with its place, times as text."""
    base = duckdb.connect()
    for name in sorted({batch.table for batch in batches}):
        frames = [
            batch.frame.with_columns(place=pl.format(f"{batch.exhibit}:{{}}", "row"))
            for batch in batches
            if batch.table == name
        ]
        rows = pl.concat(frames, how="diagonal_relaxed")
        times = [column for column, type_ in rows.schema.items() if type_ == pl.Datetime]
        if "at" in times:
            rows = rows.with_columns(ms=pl.col("at").dt.epoch("ms"))
        rows = rows.with_columns(pl.col(times).dt.strftime("%Y-%m-%dT%H:%M:%S%.3fZ"))
        rows = rows.rename({"at": "moment"}, strict=False)  # "at" is a word of SQL
        base.register("rows", rows.to_arrow())
        base.execute(f"CREATE TABLE {name} AS FROM rows")
    base.execute((ORACLES / "tables.sql").read_text(encoding="utf-8"))
    return base


def oracle(id_: str) -> str:
    return (ORACLES / f"{id_}.sql").read_text(encoding="utf-8")


def values_of(id_: str) -> dict[str, str]:
    """Give the values at which the city has much to find."""
    return dict(re.findall(r"^-- set (\w+)=(.+)$", oracle(id_), re.MULTILINE))


@pytest.mark.parametrize("id_", IDS)
def test_a_pack_answers_as_its_oracle(
    id_: str, embedded: Crowd, tables: duckdb.DuckDBPyConnection
) -> None:
    (pack,) = load_packs([id_])
    text = oracle(id_)
    answer = embedded.ask(pack, values_of(id_))
    used = set(re.findall(r"\$(\w+)", text))
    told = tables.execute(text, {n: v for n, v in answer.parameters.items() if n in used})
    columns = [column[0] for column in told.description or ()]
    assert {name for name, column in pack.columns.items() if column.key} <= set(columns)
    ordered = {name for name, column in pack.columns.items() if column.ordered}
    expected = sorted(comparable(dict(zip(columns, row, strict=True)), ordered)
                      for row in told.fetchall())  # fmt: skip
    found = sorted(comparable(cells(finding, columns), ordered) for finding in answer.findings)
    assert found == expected
    assert found, "it shows nothing where there is nothing to find"


def test_every_pack_has_an_oracle_or_a_reason_why_not() -> None:
    assert sorted([*IDS, *WITHOUT]) == [pack.id for pack in load_packs()]


def cells(finding: Finding, columns: Sequence[str]) -> Mapping[str, Any]:
    values = {**finding.values, "evidence": [*finding.evidence]}
    return {name: values[name] for name in columns}


def comparable(row: Mapping[str, Any], ordered: set[str]) -> tuple[tuple[str, str], ...]:
    """Make two rows of one content equal: lists without an order are sorted and told once."""
    return tuple(
        (name, repr([*cell] if name in ordered else sorted(set(cell))))
        if isinstance(cell, list)
        else (name, repr(cell))
        for name, cell in row.items()
    )


@pytest.mark.parametrize("hops", [1, 2, 3])
def test_as_many_ways_as_an_oracle_counts(
    hops: int, embedded: Crowd, tables: duckdb.DuckDBPyConnection
) -> None:
    """One embedded engine lost 80 percent of the rows of three hops on large graphs."""
    joins = " ".join(
        f"JOIN payments p{n} ON p{n}.from_account = p{n - 1}.to_account" for n in range(1, hops)
    )
    found = tables.sql(f"SELECT count(*) FROM payments p0 {joins}").fetchone()  # noqa: S608
    assert found is not None
    assert embedded.ways(hops) == found[0] > LINKS // 5
