"""A case that cannot fit into memory is refused in time, and says what to do."""

import json
import logging
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli import app
from graphdb.case import Case
from graphdb.casework.sizing import (
    GB,
    LOAD,
    OPEN,
    SERVED_LOAD,
    SERVED_TRACE,
    TRACE,
    memory_gb,
    refuse_to_load,
    refuse_to_open,
    refuse_to_trace,
    warn_of_size,
)
from graphdb.errors import InputRefused, LimitReached, StoreUnreachable, WrongUsage

ROWS = "payment,from_account,to_account,amount,at\n" + "".join(
    f"p{n},bank:a,bank:b,100.00,2025-03-01T10:0{n}:00Z\n" for n in range(3)
)


@pytest.fixture
def payments(tmp_path: Path) -> Path:
    file = tmp_path / "payments.csv"
    file.write_text(ROWS, encoding="utf-8")
    return file


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return Case.create(tmp_path / "case")


def test_a_file_that_cannot_fit_is_refused_and_leaves_nothing_behind(
    case: Case, payments: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LINKWRIGHT_MEMORY_GB", "0.2")
    words = ["add", str(payments), "--case", str(case.folder), "--json"]
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 1
    (refused,) = json.loads(result.stdout)["refused"]
    assert "needs about 0.6 GB of memory here" in refused["what"]
    monkeypatch.delenv("LINKWRIGHT_MEMORY_GB")
    assert Case(case.folder).status().exhibits == ()
    assert not [*case.docket.exhibits.iterdir()]
    (report,) = Case(case.folder).add([payments]).files
    assert report.tally.loaded == 3


def test_the_refusal_counts_what_the_case_holds_already_and_names_the_server(
    case: Case, payments: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case.add([payments])
    more = payments.with_name("more.csv")
    more.write_text(ROWS.replace("p", "q").replace("qayment", "payment"), encoding="utf-8")
    monkeypatch.setenv("LINKWRIGHT_MEMORY_GB", "0.1501")
    (refusal,) = case.add([more]).refused
    assert "an embedded case of 6 rows" in refusal.error.what
    assert "linkwright push neo4j://HOST" in str(refusal.error.fix)


def test_a_graph_that_cannot_fit_is_not_opened_and_its_money_not_read(
    case: Case, payments: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case.add([payments])
    monkeypatch.setenv("LINKWRIGHT_MEMORY_GB", "0.1")
    with pytest.raises(StoreUnreachable, match="to open it"):
        case.status()
    monkeypatch.setenv("LINKWRIGHT_MEMORY_GB", "0.2")
    assert case.status().counts.nodes["Payment"] == 3
    with pytest.raises(LimitReached, match="to follow its money"):
        case.trace(["bank:a"])
    (answer,) = case.run(["money/cycle"])
    assert str(answer.not_run).startswith("not finished: an embedded case")
    monkeypatch.delenv("LINKWRIGHT_MEMORY_GB")
    assert case.trace(["bank:a"])[0].hops


def test_a_case_on_a_server_needs_less_here_and_is_refused_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LINKWRIGHT_MEMORY_GB", "16")
    rows, server = 20_000_000, "neo4j://graph.example"
    refuse_to_open(rows, server)
    refuse_to_load(rows, server)
    refuse_to_trace(rows, server)
    with pytest.raises(InputRefused, match="an embedded case of 20,000,000 rows"):
        refuse_to_load(rows, "embedded")
    with pytest.raises(InputRefused, match="a case on a server of 200,000,000 rows") as refused:
        refuse_to_load(10 * rows, server)
    assert "split the case" in str(refused.value.fix)


def test_a_warning_comes_before_large_files_are_read(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LINKWRIGHT_MEMORY_GB", "16")
    monkeypatch.setattr(logging.getLogger("graphdb"), "propagate", True)
    with caplog.at_level(logging.WARNING, "graphdb"):
        warn_of_size(GB // 2, 0)
        assert caplog.text == ""
        warn_of_size(22 * GB, 0)
    assert "about 215 GB of memory, and there are 16" in caplog.text


def test_a_setting_that_is_no_number_is_refused() -> None:
    with pytest.raises(WrongUsage, match="LINKWRIGHT_MEMORY_GB is no number"):
        memory_gb({"LINKWRIGHT_MEMORY_GB": "much"})


def test_this_machine_tells_its_memory() -> None:
    assert 0.25 < memory_gb({}) < 100_000


def test_the_plan_of_the_docs_names_sizes_that_are_not_refused() -> None:
    page = (Path(__file__).parents[2] / "docs" / "scale.md").read_text("utf-8")
    rows = re.findall(r"^\| (?:to )?(\d+) million \| (.*?) \| (\d+) GB", page, re.MULTILINE)
    assert len(rows) == 5
    for millions, where, gigabytes in rows:
        needs = (LOAD, TRACE) if where.startswith("embedded") else (SERVED_LOAD, SERVED_TRACE)
        most = max(need.gb(int(millions) * 1_000_000) for need in needs)
        assert 0.8 * int(gigabytes) < most <= int(gigabytes)


def test_what_was_measured_is_what_is_foretold() -> None:
    # Payments and peak GB of one run of `make scale`; a tenth and 0.2 GB are the scatter of runs.
    for need, measured in (
        (LOAD, {500_000: 1.22, 1_000_000: 1.53, 2_000_000: 2.35, 4_000_000: 4.34, 8_000_000: 8.37}),
        (OPEN, {500_000: 0.47, 1_000_000: 0.79, 2_000_000: 1.45, 4_000_000: 2.80, 8_000_000: 5.50}),
        (
            TRACE,
            {500_000: 1.39, 1_000_000: 1.88, 2_000_000: 3.28, 4_000_000: 6.02, 8_000_000: 11.08},
        ),
        (SERVED_LOAD, {100_000: 0.52, 200_000: 0.60, 400_000: 0.70}),
        (SERVED_TRACE, {100_000: 0.41, 200_000: 0.47, 400_000: 0.60, 4_000_000: 2.96}),
    ):
        for rows, peak_gb in measured.items():
            assert need.gb(rows) == pytest.approx(peak_gb, rel=0.1, abs=0.2)
