"""The case log shows every change made to it after it was written."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from graphdb.errors import CheckFailed
from graphdb.evidence.log import GENESIS, CaseLog

NOW = datetime(2025, 6, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def log(tmp_path: Path) -> CaseLog:
    log = CaseLog(tmp_path / "case.log")
    for number in range(3):
        log.append("received", now=NOW, by="li", name=f"账单{number}.csv")
    return log


def lines(path: Path) -> list[bytes]:
    return path.read_bytes().splitlines(keepends=True)


def test_entries_come_back_in_order(log: CaseLog) -> None:
    assert [entry["name"] for entry in log.entries()] == ["账单0.csv", "账单1.csv", "账单2.csv"]
    assert [entry["n"] for entry in log.entries()] == [1, 2, 3]


def test_an_empty_log_has_the_genesis_head(tmp_path: Path) -> None:
    log = CaseLog(tmp_path / "none")
    assert (log.head(), list(log.entries())) == (GENESIS, [])


def test_the_head_changes_with_every_entry(log: CaseLog) -> None:
    before = log.head()
    log.append("loaded", now=NOW, by="li")
    assert log.head() != before


@pytest.mark.parametrize("tampered", [0, 1])
def test_a_changed_line_breaks_the_chain(log: CaseLog, tmp_path: Path, tampered: int) -> None:
    path = tmp_path / "case.log"
    written = lines(path)
    written[tampered] = written[tampered].replace(b'"li"', b'"wu"')
    path.write_bytes(b"".join(written))
    with pytest.raises(CheckFailed, match="chain breaks") as caught:
        list(log.entries())
    assert str(caught.value.where).endswith(f":{tampered + 2}")


def test_a_removed_line_breaks_the_chain(log: CaseLog, tmp_path: Path) -> None:
    path = tmp_path / "case.log"
    written = lines(path)
    path.write_bytes(written[0] + written[2])
    with pytest.raises(CheckFailed, match="chain breaks"):
        list(log.entries())


def test_a_line_that_a_crash_cut_short_was_never_acknowledged(log: CaseLog, tmp_path: Path) -> None:
    path = tmp_path / "case.log"
    whole = path.read_bytes()
    path.write_bytes(whole + b'{"n": 4, "event": "loa')
    assert len(list(log.entries())) == 3
    log.append("loaded", now=NOW, by="li")
    assert [entry["event"] for entry in log.entries()][-1] == "loaded"
    assert path.read_bytes().startswith(whole)
