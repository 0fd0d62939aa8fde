"""A load and a move say how far they are, how fast they go, and how long it will take."""

import time
from pathlib import Path

import pytest

from cli.output import progress
from graphdb.case import Case
from graphdb.store import EMBEDDED, Store
from tests.conftest import SERVER, server_credentials

ENGINES = [EMBEDDED, pytest.param("neo4j", marks=pytest.mark.neo4j)]
ROWS = 3000


@pytest.fixture(params=ENGINES)
def case(request: pytest.FixtureRequest, tmp_path: Path) -> Case:
    if request.param == EMBEDDED:
        return Case.create(tmp_path / "case")
    server: Store = request.getfixturevalue("server")
    server.clear()
    assert SERVER is not None
    return Case.create(tmp_path / "case", engine=SERVER, credentials=server_credentials())


def test_a_load_says_how_many_rows_are_in(case: Case, tmp_path: Path) -> None:
    """Good, repeated and rejected rows count alike: the last word is that all are done with."""
    lines = [f"p{n % 2900},bank:{n % 90},bank:{n % 7},1.00,2025-03-01T10:00:00Z"
             for n in range(ROWS - 1)]  # fmt: skip
    text = "\n".join(["payment,from_account,to_account,amount,at", *lines, "px,,,much,never"])
    (tmp_path / "payments.csv").write_text(text + "\n", encoding="utf-8")
    told: list[tuple[int, int]] = []

    def hear(what: str, done: int, total: int) -> None:
        if what == "rows of payments.csv":
            told.append((done, total))

    report = case.add([tmp_path / "payments.csv"], progress=hear)
    case.close()
    assert report.files[0].tally.read == ROWS
    assert told == sorted(told)
    assert len(told) > 3
    assert told[-1] == (ROWS, ROWS)


def test_a_bar_shows_the_rate_and_the_time_left(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "120")
    with progress("pushing") as show:
        for rows in range(0, 5000, 100):
            show("rows written", rows, 1_000_000)
            time.sleep(0.01)
    shown = capsys.readouterr().err
    assert "pushing rows written" in shown
    assert "/s" in shown
    left = [part for part in shown.split() if part.count(":") == 2]
    assert left, shown
