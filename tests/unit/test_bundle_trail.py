"""A money trail in a bundle: drawn, derived again by who checks it, and left out of a summary."""

import csv
import json
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli import app
from graphdb.bundle import Master, Spec
from graphdb.bundle.checks import check_controls
from graphdb.bundle.master import canonical, master_json, master_of
from graphdb.bundle.sealed import read_list
from graphdb.case import Case
from graphdb.casework.following import trail_json, trail_of
from graphdb.casework.gathering import gather
from graphdb.casework.sealing import Custody, write_bundle
from graphdb.casework.verifying import Outside, verify_bundle
from graphdb.errors import WrongUsage

from .bundles import KEY, edit_graph, reseal, root_of, small_case, tree

TRAIL = Spec(
    "LC-3", "资金流向图 Flow of funds", "", "display", trace=("person:v-001",), rule="fifo"
)


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    return small_case(tmp_path_factory.mktemp("trail"))


@pytest.fixture(scope="module")
def bundle(case: Case, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bundle") / "LC-3"
    write_bundle(case, TRAIL, folder)
    return folder


@pytest.fixture(scope="module")
def master(case: Case) -> Master:
    return gather(case, replace(TRAIL, as_of="2025-04-01T00:00:00+00:00"))


def test_a_trail_is_drawn_with_its_rule_its_purpose_and_its_rows(bundle: Path) -> None:
    exhibit = bundle / "data/exhibit"
    for name in ("trail-01.svg", "trail-01.html"):
        text = (exhibit / name).read_text(encoding="utf-8")
        for said in ("LC-3", "侦查展示，不是鉴定意见", "by the rule &#x27;fifo&#x27;", "55,000.00"):
            assert said in text, (name, said)
    rows = [*csv.DictReader(StringIO((exhibit / "trail-01.csv").read_text(encoding="utf-8-sig")))]
    assert [(row["payment"], row["traced_minor"]) for row in rows] == [
        ("payment:p1", "3000000"), ("payment:p2", "2000000"), ("payment:p3", "500000"),
    ]  # fmt: skip
    assert rows[0]["evidence"] == "E03:2"
    said = (bundle / "data/provenance/validation_report.md").read_text(encoding="utf-8")
    assert "the rule 'fifo': an assumption" in said


def test_a_trail_is_derived_again_by_who_checks_it(bundle: Path) -> None:
    checks, verdict = verify_bundle(bundle, Outside(root_of(bundle)))
    assert verdict == "verified", checks
    assert {"master", "svg", "html", "csv"} <= {one.name for one in checks if one.ok}


@pytest.mark.parametrize("field", ["traced_minor", "amount_minor"])
def test_another_share_of_the_money_is_told(bundle: Path, tmp_path: Path, field: str) -> None:
    copy = tmp_path / "copy"
    for name, content in tree(bundle).items():
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        (copy / name).write_bytes(content)

    def more(document: dict[str, object]) -> None:
        trails = document["trails"]
        assert isinstance(trails, list)
        trails[0]["hops"][0][field] += 100

    edit_graph(copy, more)
    reseal(copy)
    checks, verdict = verify_bundle(copy)
    assert verdict == "not verified"
    assert "master" in {one.name for one in checks if one.ok is False}


def test_a_trail_is_read_back_as_it_was(case: Case, master: Master) -> None:
    (trail,) = case.trace(["person:v-001"], ["fifo"])
    assert trail_of(json.loads(canonical(trail_json(trail)))) == trail
    again = master_of(json.loads(canonical(master_json(master))))
    assert canonical(master_json(again)) == canonical(master_json(master))
    assert check_controls(again).ok


def test_a_summary_of_records_shows_the_payments_and_no_trail(case: Case, tmp_path: Path) -> None:
    write_bundle(case, replace(TRAIL, purpose="summary"), tmp_path / "b")
    files = tree(tmp_path / "b")
    assert not [name for name in files if "trail" in name]
    assert b"30000.00" in files["data/exhibit/links.csv"]


def test_victims_are_withheld_though_a_trail_shows_their_accounts_only(
    case: Case, tmp_path: Path
) -> None:
    custody = Custody(KEY, sealed_list=tmp_path / "sealed.json")
    write_bundle(case, replace(TRAIL, redact="victims"), tmp_path / "b", custody)
    who = read_list(tmp_path / "sealed.json")
    assert {"6200000101", "赵示例", "person:v-001"} <= who.withheld.names.keys()
    checks, verdict = verify_bundle(tmp_path / "b", Outside(root_of(tmp_path / "b"), who=who))
    assert verdict == "verified", checks
    drawn = (tmp_path / "b/data/exhibit/trail-01.svg").read_text(encoding="utf-8")
    assert "Account-001" in drawn


def test_a_bundle_has_one_subject(case: Case, tmp_path: Path) -> None:
    words = [
        "bundle",
        "--case",
        str(case.folder),
        "-o",
        str(tmp_path / "b"),
        "--purpose",
        "display",
    ]
    done = CliRunner().invoke(app, [*words, "--trace", "person:v-001", "--pack", "money/fan_in"])
    assert done.exit_code == 2
    assert "a trail, or packs, or the chain" in done.stderr
    with pytest.raises(WrongUsage, match="no payment to begin with"):
        write_bundle(case, replace(TRAIL, trace=("bank:6200000202",)), tmp_path / "b")
