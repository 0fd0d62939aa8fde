"""The command export, as an officer uses it."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli import app
from graphdb.sample import write_sample

RUN = CliRunner()


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("export")
    (folder / "evidence").mkdir()
    write_sample(folder / "evidence")
    case = str(folder / "case")
    assert RUN.invoke(app, ["new", case]).exit_code == 0
    added = RUN.invoke(
        app, ["add", str(folder / "evidence"), "--case", case, "--tz", "Asia/Shanghai"]
    )
    assert added.exit_code == 0, added.output
    return case


def test_export_names_its_files_and_what_is_lost(case: str, tmp_path: Path) -> None:
    words = ["export", "--case", case, "--format", "graphml,ftm", "--chain", "-o", str(tmp_path)]
    done = RUN.invoke(app, [*words, "--json"])
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert [Path(file).name for file in told["files"]] == ["graph.graphml", "graph.ftm.jsonl"]
    assert all(Path(file).stat().st_size for file in told["files"])
    assert set(told["loses"]) == {"graphml", "ftm"}
    assert "loses: " in RUN.invoke(app, words).stdout


@pytest.mark.parametrize("way", [[], ["--backward"]])
def test_trails_hand_over_their_payments_alone(case: str, way: list[str], tmp_path: Path) -> None:
    starts = ["person:zhao-001", "bank:6200000000000203"]
    named = [word for start in starts for word in ("--trace", start)]
    words = ["export", "--case", case, "--format", "csv", *named, *way, "-o", str(tmp_path)]
    done = RUN.invoke(app, words)
    assert done.exit_code == 0, done.output
    asked = [word for start in starts for word in ("--from", start)]
    trace = RUN.invoke(app, ["trace", "--case", case, *asked, *way, "--json"])
    hops = json.loads(trace.stdout)["rules"][0]["hops"]
    lines = (tmp_path / "payments.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) - 1 == len({hop["payment"] for hop in hops}) > 1


def test_an_unknown_form_is_refused_by_name(case: str, tmp_path: Path) -> None:
    done = RUN.invoke(app, ["export", "--case", case, "--format", "visio", "-o", str(tmp_path)])
    assert done.exit_code == 2
    assert "there is no export 'visio'" in done.stderr
    assert "graphml" in done.stderr


def test_files_for_an_importer_come_with_the_command_that_takes_them(
    case: str, tmp_path: Path
) -> None:
    words = ["export", "--case", case, "--format", "neo4j-admin", "-o", str(tmp_path)]
    assert "neo4j-admin database import full @import.args neo4j" in RUN.invoke(app, words).stdout
    told = json.loads(RUN.invoke(app, [*words, "--json"]).stdout)
    assert "linkwright push URL" in told["then"]["neo4j-admin"]
    assert str(tmp_path / "neo4j-admin" / "import.args") in told["files"]
