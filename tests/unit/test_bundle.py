"""A bundle: what it holds, what its purpose forbids; it is always the same."""

import csv
import json
import os
import platform
import shutil
import subprocess
import sys
import zipfile
from dataclasses import replace
from importlib.metadata import version
from io import StringIO
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli import app
from graphdb import __version__
from graphdb.bundle.purpose import check_purpose, purpose_named
from graphdb.case import Case
from graphdb.casework.sealing import write_bundle
from graphdb.casework.verifying import Outside, verify_bundle
from graphdb.errors import WrongUsage
from graphdb.model import Link

from .bundles import PACK, SPEC, root_of, small_case, tree


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    return small_case(tmp_path_factory.mktemp("case"))


@pytest.fixture(scope="module")
def bundle(case: Case, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bundle") / "LC-1"
    write_bundle(case, SPEC, folder)
    return folder


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(path.read_text(encoding="utf-8-sig"))))


def test_the_evidence_index_says_from_whom_and_when(bundle: Path) -> None:
    first = rows(bundle / "data" / "evidence_index.csv")[0]
    assert first["exhibit"] == "E01"
    assert (first["origin"], first["received_from"]) == ("bank return", "Bank of Example")
    assert first["notice"] == "调证2025-17"
    assert first["received_at"].startswith("2025-04-01")
    assert len(first["sha256"]) == len(first["sm3"]) == 64
    assert first["encoding"].lower().startswith("utf")


def test_every_row_that_was_read_is_charted_or_listed_as_excluded(bundle: Path) -> None:
    master = json.loads((bundle / "data/graph/graph.json").read_text(encoding="utf-8"))
    controls = master["controls"]
    read = sum(int(one["read"]) for one in rows(bundle / "data/evidence_index.csv"))
    assert controls["source_rows"] == controls["charted_rows"] + controls["excluded_rows"] == read
    why = {one["place"]: one["why"] for one in rows(bundle / "data/graph/excluded.csv")}
    assert why["E03:5"] == "在案但未列入本图 in the case, not on this chart"
    assert "seventy" in why["E03:6"]
    assert why["E05:2"] == "重复 repeated"
    (clash,) = rows(bundle / "data/graph/contradicting.csv")
    assert clash["place"] == "E03:7"


def test_the_stock_tools_route_works(bundle: Path) -> None:
    for manifest in ("tagmanifest-sha256.txt", "manifest-sha256.txt"):
        done = subprocess.run(
            ["sha256sum", "--check", "--strict", manifest], cwd=bundle, capture_output=True,
            text=True, check=False, env={**os.environ, "LC_ALL": "C"},
        )  # fmt: skip
        assert done.returncode == 0, done.stdout
    sheet = (bundle / "HOW_TO_OPEN.txt").read_text(encoding="utf-8")
    assert "sha256sum tagmanifest-sha256.txt" in sheet
    assert root_of(bundle) in (bundle / "seal" / "record.txt").read_text(encoding="utf-8")


def test_a_bundle_is_verified_by_the_hash_on_paper_alone(bundle: Path) -> None:
    checks, verdict = verify_bundle(bundle, Outside(root=root_of(bundle).upper()))
    assert verdict == "verified", checks
    assert {"log", "evidence", "master", "json", "svg", "csv", "html", "pdf", "exports",
            "control totals", "sources"} <= {one.name for one in checks if one.ok}  # fmt: skip
    assert verify_bundle(bundle)[1] == "self-consistent only"


def test_the_commands_say_it_by_exit_code(case: Case, tmp_path: Path) -> None:
    run = CliRunner().invoke
    made = run(app, ["bundle", "--case", str(case.folder), "-o", str(tmp_path / "b"), "--purpose",
                     "display", "--pack", PACK, "--json"])  # fmt: skip
    assert made.exit_code == 0, made.output
    root = json.loads(made.stdout)["root_hash"]
    good = run(app, ["verify", str(tmp_path / "b"), "--root-hash", root, "--json"])
    told = json.loads(good.stdout)
    assert (good.exit_code, told["verdict"]) == (0, "verified")
    engine = f"kglite {version('kglite')}"
    ours = {"tool": "linkwright", "version": __version__, "python": platform.python_version(),
            "system": platform.system(), "engine": engine}  # fmt: skip
    assert told["made_by"] == told["checked_by"] == ours
    shown = run(app, ["verify", str(tmp_path / "b"), "--root-hash", root]).stdout
    for who in ("made by     ", "checked by  "):
        assert f"{who}linkwright {__version__}, Python {platform.python_version()}" in shown
    bad = run(app, ["verify", str(tmp_path / "b"), "--root-hash", "0" * 64, "--json"])
    assert bad.exit_code == 1
    assert json.loads(bad.stdout)["checks"][0] | {"what": ""} == {
        "name": "root hash", "ok": False, "what": ""
    }  # fmt: skip
    assert run(app, ["verify", str(tmp_path / "none")]).exit_code == 2


# -- always the same bytes


def test_a_bundle_made_twice_is_the_same_under_other_locale_zone_seed_and_folder(
    case: Case, bundle: Path, tmp_path: Path
) -> None:
    case.close()
    moved = tmp_path / "moved" / "case"
    shutil.copytree(case.folder, moved)
    command = [sys.executable, "-m", "cli", "bundle", "--case", str(moved), "-o", "out/LC-1",
               "--purpose", "display", "--pack", PACK, "--title", SPEC.title,
               "--zip", "LC-1.zip"]  # fmt: skip
    here = tmp_path / "elsewhere"
    (here / "out").mkdir(parents=True)
    environment = {**os.environ, "TZ": "America/New_York", "LC_ALL": "C", "PYTHONHASHSEED": "7",
                   "PYTHONPATH": str(Path(__file__).parents[2])}  # fmt: skip
    subprocess.run(command, cwd=here, env=environment, check=True, capture_output=True)
    mine, other = tree(bundle), tree(here / "out" / "LC-1")
    assert [name for name in mine if mine[name] != other.get(name)] == []
    assert mine.keys() == other.keys()
    with zipfile.ZipFile(here / "LC-1.zip") as archive:
        inside = {name.partition("/")[2]: archive.read(name) for name in archive.namelist()}
    assert inside == mine


def test_a_bundle_is_verified_where_nobody_ever_saw_the_case(bundle: Path, tmp_path: Path) -> None:
    """A copy elsewhere, an empty home, nothing of ours in the environment or beside it."""
    elsewhere, home = tmp_path / "court" / "bundle", tmp_path / "home"
    shutil.copytree(bundle, elsewhere)
    home.mkdir()
    command = [sys.executable, "-I", "-c", "from graphdb.cli import app; app()", "verify",
               str(elsewhere), "--root-hash", root_of(bundle), "--json"]  # fmt: skip
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "TZ": "Pacific/Auckland"}
    done = subprocess.run(
        command, cwd=home, env=environment, check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["verdict"] == "verified"
    assert {"master", "svg", "html", "pdf"} <= {one["name"] for one in told["checks"] if one["ok"]}
    assert [*home.iterdir()] == []
    assert tree(elsewhere) == tree(bundle)


# -- purpose


def link(basis: str) -> Link:
    return Link("HOLDS", "person:1", "bank:1", {"basis": basis, "evidence": ["E01:2"]})


@pytest.mark.parametrize("purpose", ["summary", "appraisal_annex"])
@pytest.mark.parametrize("basis", ["stated", "inferred"])
def test_what_is_no_record_is_refused_where_only_records_count(purpose: str, basis: str) -> None:
    with pytest.raises(WrongUsage, match="recorded rows only") as refused:
        check_purpose(purpose_named(purpose), "Flow of funds", [link(basis)], "Li, 7", ())
    assert "--recorded-only" in str(refused.value.fix)


@pytest.mark.parametrize("title", ["Summary of Fraud", "诈骗团伙结构图"])
def test_a_loaded_title_is_refused(title: str) -> None:
    for purpose in ("summary", "aid", "appraisal_annex"):
        with pytest.raises(WrongUsage, match="not what it proves"):
            check_purpose(purpose_named(purpose), title, [link("recorded")], "Li, 7", ())
    check_purpose(purpose_named("display"), title, [link("inferred")], "", ())


def test_an_annex_needs_an_examiner_who_did_not_investigate() -> None:
    annex = purpose_named("appraisal_annex")
    with pytest.raises(WrongUsage, match="names its examiner"):
        check_purpose(annex, "Flow of funds", [link("recorded")], "", {"wang"})
    with pytest.raises(WrongUsage, match="worked on the case"):
        check_purpose(annex, "Flow of funds", [link("recorded")], "wang, no. 12", {"wang"})
    check_purpose(annex, "Flow of funds", [link("recorded")], "Li, no. 7", {"wang"})


def test_an_unknown_purpose_is_refused() -> None:
    with pytest.raises(WrongUsage, match="no purpose"):
        purpose_named("proof")


def test_a_summary_holds_no_role_and_no_finding(case: Case, tmp_path: Path) -> None:
    spec = replace(SPEC, purpose="summary", recorded_only=True)
    write_bundle(case, spec, tmp_path / "b")
    first = (tmp_path / "b/data/exhibit/chart-01.svg").read_text(encoding="utf-8")
    assert "记录汇总，不含推断" in first
    assert "Suspected" not in first
    assert "Receiver" not in first
    assert verify_bundle(tmp_path / "b")[1] == "self-consistent only"
