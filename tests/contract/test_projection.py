"""The projection: the same from every engine, and never stale, torn or altered."""

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from graphdb.case import Case
from graphdb.store import Store
from tests.conftest import SERVER, server_credentials

HEAD = "payment,from_account,to_account,amount,at,status,balance_after\n"
FIRST = HEAD + (
    "T1,bank:1,bank:2,300.00,2025-03-01 10:00:00+08:00,,400.00\n"
    "T2,bank:2,bank:3,250.00,2025-03-01 11:00:00+08:00,,150.00\n"
    "T3,bank:2,bank:4,50.00,2025-03-01 12:00:00+08:00,failed,\n"
)
SECOND = HEAD + "T4,bank:3,bank:5,250.00,2025-03-02 10:00:00+08:00,,\n"


def add(case: Case, folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text, encoding="utf-8")
    assert not case.add([folder / name]).refused


def hops(case: Case) -> list[str]:
    (trail,) = case.trace(["bank:1"])
    return [hop.payment.removeprefix("payment:") for hop in trail.hops]


def kept(case: Case) -> list[Path]:
    return sorted((case.folder / "projection").iterdir())


@pytest.fixture(params=["embedded", pytest.param("neo4j", marks=pytest.mark.neo4j)])
def case(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Case]:
    if request.param == "embedded":
        made = Case.create(tmp_path / "case")
    else:
        server: Store = request.getfixturevalue("server")
        server.clear()
        assert SERVER is not None
        made = Case.create(tmp_path / "case", engine=SERVER, credentials=server_credentials())
    add(made, tmp_path, "first.csv", FIRST)
    yield made
    made.close()


def test_it_is_the_same_on_every_engine_and_made_anew_after_each_load(
    case: Case, tmp_path: Path
) -> None:
    assert hops(case) == ["T1", "T2"]
    (before,) = kept(case)
    frame = pl.read_parquet(before)
    assert frame.select("payment", "payer", "payee", "amount_minor", "evidence").rows() == [
        ("payment:T1", "bank:1", "bank:2", 30_000, ["E01:2"]),
        ("payment:T2", "bank:2", "bank:3", 25_000, ["E01:3"]),
        ("payment:T3", "bank:2", "bank:4", 5_000, ["E01:4"]),
    ]
    # bank:2 stands in every row, so the balances are its own: before the records it held 100.
    assert frame["payee_balance"].to_list() == [40_000, None, None]
    assert frame["payer_balance"].to_list() == [None, 15_000, None]
    (trail,) = case.trace(["bank:1"])
    assert next((o.account, o.minor, o.basis) for o in trail.openings) == (
        "bank:2", 10_000, "recorded",
    )  # fmt: skip
    add(case, tmp_path, "second.csv", SECOND)
    assert hops(case) == ["T1", "T2", "T4"]
    (after,) = kept(case)
    assert after != before


def test_a_decision_makes_it_anew(case: Case) -> None:
    assert hops(case) == ["T1", "T2"]
    (before,) = kept(case)
    case.decide("confirm", "bank:3", "bank:4", reason="one card", by="test")
    assert hops(case) == ["T1", "T2"]
    assert kept(case) != [before]


@pytest.mark.parametrize("harm", ["torn", "altered", "empty", "of another form"])
def test_a_harmed_file_is_not_read_but_made_anew(case: Case, harm: str) -> None:
    assert hops(case) == ["T1", "T2"]
    (path,) = kept(case)
    whole = path.read_bytes()
    harmed = {
        "torn": whole[: len(whole) // 2],
        "altered": whole[:40] + bytes([whole[40] ^ 1]) + whole[41:],
        "empty": b"",
        "of another form": b"payment,payer\n1,2\n",
    }[harm]
    assert harmed != whole
    path.write_bytes(harmed)
    assert hops(case) == ["T1", "T2"]
    (again,) = kept(case)
    assert again.read_bytes() == whole


def test_a_kill_in_the_middle_of_writing_leaves_nothing_that_is_read(case: Case) -> None:
    assert hops(case) == ["T1", "T2"]
    (path,) = kept(case)
    part = path.with_name(path.stem.rpartition("-")[0] + ".part")
    part.write_bytes(path.read_bytes()[:100])
    path.unlink()
    assert hops(case) == ["T1", "T2"]
    assert kept(case) == [path]


def test_a_reader_that_opened_before_a_load_keeps_nothing_for_those_after_it(
    tmp_path: Path,
) -> None:
    writer = Case.create(tmp_path / "case")
    add(writer, tmp_path, "first.csv", FIRST)
    reader = Case(tmp_path / "case")
    assert hops(reader) == ["T1", "T2"]
    add(writer, tmp_path, "second.csv", SECOND)
    # The reader still sees the graph that it opened, and says so to nobody else.
    assert hops(reader) == ["T1", "T2"]
    assert hops(writer) == ["T1", "T2", "T4"]
    assert hops(Case(tmp_path / "case")) == ["T1", "T2", "T4"]
    reader.close()
