"""A served copy: nobody withheld can be told from it, and the holder of the key checks its rows."""

import csv
import json
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from fpdf import FPDF
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from cli import app
from graphdb.bundle import Check
from graphdb.bundle.leaks import leaks
from graphdb.bundle.sealed import Who, read_list
from graphdb.bundle.withheld import Withheld
from graphdb.case import Case
from graphdb.casework.sealing import Custody, write_bundle
from graphdb.casework.verifying import Outside, verify_bundle
from graphdb.errors import CheckFailed, WrongUsage

from .bundles import KEY, PACK, SPEC, clock, edit, reseal, root_of, tree

# What the case tells of the people in it, on the chart or not.
PEOPLE = {
    "accounts.csv": (
        "account,name,phone,holder,holder_name\n"
        "bank:6200000101,小李,+8613800000101,v-001,李明\n"
        "bank:6200000201,李明的表哥,+8613800000201,s-00201,李明华\n"
        "wechat:wxid_a1,recorded,+8613800000301,s-00301,王五\n"
    ),
    "persons.csv": "person,name,role\nv-001,李明,victim\ns-00201,李明华,\n",
    "payments.csv": (
        "payment,from_account,to_account,amount,at,currency,memo\n"
        "P-1,bank:6200000101,bank:6200000201,30000.00,2025-03-01T10:00:00+08:00,CNY,"
        "李明付给李明华; tel 138 0000 0101\n"
        ",bank:6200000101,bank:62000001010,20000.00,2025-03-01T11:00:00+08:00,CNY,ＬＩＭＩＮＧ\n"
        "P-3,bank:6200000900,bank:6200000901,李明,2025-03-02T09:40:00+08:00,CNY,\n"
    ),
    "reports.csv": (
        "report,person,loss,currency,at,names\n"
        "r1,v-001,50000.00,CNY,2025-03-03T09:00:00+08:00,bank:6200000201;bank:62000001010\n"
    ),
}


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    folder = tmp_path_factory.mktemp("people")
    made = Case.create(folder / "case", name="Case 8", clock=clock)
    for name, text in PEOPLE.items():
        (folder / name).write_text(text, encoding="utf-8")
        report = made.add([folder / name])
        assert not report.refused, report.refused
    return made


def serve(case: Case, folder: Path, whom: str = "victims", *listed: str) -> tuple[Path, Who]:
    """Write a served copy; give it, and the sealed list that belongs to it."""
    sealed = folder / "LC-1_SEALED.json"
    custody = Custody(KEY, listed, sealed)
    write_bundle(case, replace(SPEC, redact=whom), folder / "LC-1", custody)
    return folder / "LC-1", read_list(sealed)


@pytest.fixture(scope="module")
def served(case: Case, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Who]:
    return serve(case, tmp_path_factory.mktemp("served"))


@pytest.fixture(scope="module")
def all_served(case: Case, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Who]:
    return serve(case, tmp_path_factory.mktemp("all"), "all")


def said(checks: list[Check]) -> dict[str, bool | None]:
    return {one.name: one.ok for one in checks}


def everything(folder: Path) -> str:
    return "\n".join(
        content.decode("utf-16" if content[:2] == b"\xff\xfe" else "utf-8", "replace")
        for content in tree(folder).values()
    )


# -- by which rule a text is found


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("a170", True), ("A170.", True), ("付给a170元", True), ("x_a170_y", True), ("a1701", False),
        ("ba170", False), ("éa170", False), ("a170é", False), ("ａ１７０", True),
        ("6200000000101", True), ("62000000001011", False), ("6200 0000 0010 1", True),
        ("6200-0000-00101", True), ("张三丰", True), ("老张三", True), ("zhang san", True),
        ("ZHANG SAN,", True), ("zhang sanfeng", False), ("张三元", False), ("见张三元与张三", True),
    ],
)  # fmt: skip
def test_a_text_is_found_only_as_a_whole(text: str, is_found: bool) -> None:
    names = dict.fromkeys(("a170", "6200000000101", "张三", "Zhang San"), "X")
    who = Withheld(names, frozenset({"张三元"}))
    assert bool([*who.found(text)]) == is_found
    assert ("X" in who.text(text)) == is_found


@given(
    st.lists(st.text("ab1李明-:", min_size=1, max_size=4), min_size=1, max_size=6),
    st.text("ab1李明-: ", max_size=40),
)
def test_nothing_is_found_where_pseudonyms_were_put(names: list[str], text: str) -> None:
    who = Withheld(dict.fromkeys(names, "§"))
    assert not [*who.found(who.text(text))]


@given(
    st.lists(st.text("ab1李明", min_size=1, max_size=4), min_size=1),
    st.text("ab1李明.", max_size=30),
)
def test_the_rule_is_that_of_a_slow_search(names: list[str], text: str) -> None:
    def stands(name: str, at: int) -> bool:
        end = at + len(name)
        left = at and f"{text[at - 1]}{name[0]}".isascii() and text[at - 1] != "."
        right = end < len(text) and f"{name[-1]}{text[end]}".isascii() and text[end] != "."
        return text.startswith(name, at) and not left and not right

    found, at = set(), 0
    while at < len(text):
        here = max((name for name in names if stands(name, at)), key=len, default="")
        found |= {here} - {""}
        at += len(here) or 1
    assert set(Withheld(dict.fromkeys(names, "§")).found(text)) == found


# -- what is withheld


@pytest.mark.parametrize("whom", ["victims", "all"])
def test_a_served_copy_holds_nothing_that_is_withheld(
    whom: str, served: tuple[Path, Who], all_served: tuple[Path, Who]
) -> None:
    folder, who = all_served if whom == "all" else served
    expected = {"李明", "小李", "v-001", "6200000101", "13800000101", "person:v-001"}
    if whom == "all":
        expected |= {"李明华", "李明的表哥", "6200000201", "13800000201", "62000001010"}
    assert expected <= who.withheld.names.keys()
    for name, content in tree(folder).items():
        assert not [*leaks(content, name, who.withheld)], name
    checks, verdict = verify_bundle(folder, Outside(root_of(folder), who=who))
    assert verdict == "verified", checks
    assert said(checks)["leaks"] is True


def test_who_is_not_withheld_keeps_a_name_that_holds_a_withheld_one(
    served: tuple[Path, Who],
) -> None:
    folder, who = served
    assert who.withheld.kept >= {"李明华"}
    memo = next(row for row in quoted(folder, "E03:2") if row[0] == "memo")[1]
    assert memo == "Person-001付给李明华; tel Phone-001"
    # A nickname is nobody's official name: it would tell whose cousin he is.
    assert "李明的表哥" not in everything(folder)
    assert "Person-001的表哥" in everything(folder)


def quoted(folder: Path, place: str) -> list[tuple[str, str]]:
    master = json.loads((folder / "data/graph/graph.json").read_text(encoding="utf-8"))
    (cells,) = [one["cells"] for one in master["sources"] if one["place"] == place]
    return [(name, cell) for name, cell in cells]


def test_a_telephone_that_only_a_quoted_row_tells_is_withheld(served: tuple[Path, Who]) -> None:
    folder, who = served
    master = json.loads((folder / "data/graph/graph.json").read_text(encoding="utf-8"))
    assert not [one for one in master["entities"] if one["label"] == "Phone"]
    assert who.withheld.names["13800000101"] == "Phone-001"
    assert "0101" not in "".join(cell for _, cell in quoted(folder, "E03:2"))


def test_rows_that_are_not_on_the_chart_name_nobody_when_all_are_withheld(
    served: tuple[Path, Who], all_served: tuple[Path, Who]
) -> None:
    for (folder, _), told in ((served, "Person-001"), (all_served, "无法读取 rejected\n")):
        excluded = (folder / "data/graph/excluded.csv").read_text(encoding="utf-8-sig")
        assert told in excluded.partition("E03:4,")[2]


def test_texts_and_ids_of_a_list_are_withheld(case: Case, tmp_path: Path) -> None:
    folder, who = serve(case, tmp_path, "listed", "bank:6200000201", "ＬＩＭＩＮＧ")
    assert who.withheld.names["bank:6200000201"] == "bank:Account-001"
    assert who.withheld.names["ＬＩＭＩＮＧ"] == "Text-001"
    memo = [cell for name, cell in quoted(folder, "E03:3") if name == "memo"]
    assert memo == ["Text-001"]
    assert "李明" in everything(folder)


def test_a_list_that_withholds_nothing_is_refused(case: Case, tmp_path: Path) -> None:
    with pytest.raises(WrongUsage, match="withholds nothing"):
        serve(case, tmp_path, "listed")


def test_a_name_that_is_a_word_of_the_program_is_replaced_only_where_it_is_a_cell(
    case: Case, tmp_path: Path
) -> None:
    folder, who = serve(case, tmp_path, "victims", "recorded", "CNY")
    assert {"recorded", "CNY"} <= who.common.keys()
    master = json.loads((folder / "data/graph/graph.json").read_text(encoding="utf-8"))
    assert {one["properties"]["basis"] for one in master["links"]} == {"recorded"}


def test_digests_that_could_be_found_by_trying_are_not_served(
    case: Case, served: tuple[Path, Who], tmp_path: Path
) -> None:
    write_bundle(case, SPEC, tmp_path / "open")
    master = json.loads((tmp_path / "open/data/graph/graph.json").read_text(encoding="utf-8"))
    (numbered,) = {
        one["id"].partition(":")[2]
        for one in master["entities"]
        if one["label"] == "Payment" and "P-" not in one["id"]
    }
    assert len(numbered) == 16
    assert numbered not in everything(served[0])
    log = (tmp_path / "open/data/provenance/audit.jsonl").read_text(encoding="utf-8")
    hashes = {json.loads(line)["previous"] for line in log.splitlines()}
    assert not [one for one in hashes if one in everything(served[0])]


def test_few_behind_a_pseudonym_and_what_cannot_be_sought_are_warned_of(
    case: Case, tmp_path: Path
) -> None:
    custody = Custody(KEY, ("recorded",))
    made = write_bundle(case, replace(SPEC, redact="victims"), tmp_path / "b", custody)
    assert any("may be guessed" in text for text in made.warnings)
    assert any("too short or too usual" in text and "recorded" in text for text in made.warnings)


# -- the leak scan


def zipped(text: str) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", text * 99)
    return file.getvalue()


def paper(text: str) -> bytes:
    pdf = FPDF()
    pdf.add_font(
        "court", fname=Path(__file__).parents[2] / "graphdb/chart/render/font/court-sans.ttf"
    )
    pdf.add_page()
    pdf.set_font("court", size=10)
    pdf.text(10, 10, text)
    return bytes(pdf.output())


def titled(text: str) -> bytes:
    pdf = FPDF()
    pdf.add_page()
    pdf.set_title(text)
    return bytes(pdf.output())


@pytest.mark.parametrize(
    "hide",
    [
        str.encode,
        lambda text: text.encode("utf-16"),
        lambda text: b"\x00\x01" + text.encode("utf-16-be"),
        lambda text: "".join(f"&#x{ord(one):x};" for one in text).encode(),
        lambda text: json.dumps(text).encode(),
        lambda text: "".join(f"%{byte:02X}" for byte in text.encode()).encode(),
        zipped,
        paper,
        titled,
    ],
    ids=["utf-8", "utf-16", "binary", "entities", "json", "percent", "zip", "page", "metadata"],
)
@pytest.mark.parametrize("name", ["李明", "wxid_a17"])
def test_a_leak_is_found_however_it_is_written(hide: Callable[[str], bytes], name: str) -> None:
    who = Withheld({name: "Person-001"})
    (found,) = leaks(hide(f"it is {name}!"), "file", who)
    assert found == "file tells who is Person-001"
    assert not [*leaks(hide("it is nobody"), "file", who)]


def test_a_bundle_with_a_leak_is_not_written(case: Case, tmp_path: Path) -> None:
    # The amount stands in no cell like this; it is drawn so.
    with pytest.raises(CheckFailed, match="stands in the served copy") as refused:
        serve(case, tmp_path, "listed", "30,000.00")
    assert "--redact FILE" in str(refused.value.fix)
    assert [*tmp_path.iterdir()] == []


def test_a_leak_that_was_put_in_is_told(served: tuple[Path, Who], tmp_path: Path) -> None:
    folder = Path(shutil.copytree(served[0], tmp_path / "copy"))
    (folder / "seal" / "note.txt").write_text("it is 李明", encoding="utf-8")
    checks, verdict = verify_bundle(folder, Outside(root_of(folder), who=served[1]))
    assert verdict == "not verified"
    assert [one.what for one in checks if one.ok is False] == [
        "seal/note.txt tells who is Person-001"
    ]


# -- what is kept apart


def test_a_served_copy_says_what_it_cannot_check(served: tuple[Path, Who]) -> None:
    checks, verdict = verify_bundle(served[0])
    assert verdict == "self-consistent only"
    unknown = {one.name: one.what for one in checks if one.ok is None}
    assert {"log", "evidence", "commitments", "served rows", "master", "leaks"} <= unknown.keys()
    assert "--sealed-key and --evidence" in unknown["commitments"]


def test_a_served_copy_commits_to_its_rows_by_a_key_that_is_not_in_it(
    served: tuple[Path, Who],
) -> None:
    text = (served[0] / "data/evidence/commitments.csv").read_text(encoding="ascii")
    lines = [*csv.DictReader(StringIO(text))]
    assert {one["place"] for one in lines} >= {"E01:2", "E03:2"}
    assert all(len(one["hmac_sha256"]) == len(one["hmac_sm3"]) == 64 for one in lines)
    assert not [n for n, content in tree(served[0]).items() if KEY in content]
    assert KEY.hex() not in everything(served[0])


def opened(folder: Path, case: Case, who: Who, key: bytes = KEY) -> dict[str, Check]:
    outside = Outside(root_of(folder), who=who, sealed_key=key, evidence=case.folder)
    return {one.name: one for one in verify_bundle(folder, outside)[0]}


@pytest.mark.parametrize("whom", ["victims", "all"])
def test_the_key_and_the_evidence_prove_every_row(
    whom: str, case: Case, served: tuple[Path, Who], all_served: tuple[Path, Who]
) -> None:
    folder, who = all_served if whom == "all" else served
    checks = opened(folder, case, who)
    assert not [one for one in checks.values() if one.ok is False]
    assert checks["commitments"].ok
    assert checks["served rows"].ok
    assert checks["log"].ok


def test_the_bundle_that_was_not_redacted_is_evidence_too(
    case: Case, served: tuple[Path, Who], tmp_path: Path
) -> None:
    write_bundle(case, SPEC, tmp_path / "open")
    outside = Outside(sealed_key=KEY, evidence=tmp_path / "open", who=served[1])
    checks = said(verify_bundle(served[0], outside)[0])
    assert [checks[name] for name in ("log", "commitments", "served rows")] == [True] * 3


def test_another_key_is_told(case: Case, served: tuple[Path, Who]) -> None:
    check = opened(served[0], case, served[1], bytes(32))["commitments"]
    assert check.ok is False
    assert "this is not the key" in check.what


def test_a_changed_row_of_the_evidence_is_named(
    case: Case, served: tuple[Path, Who], tmp_path: Path
) -> None:
    exhibits = Path(shutil.copytree(case.folder / "exhibits", tmp_path / "exhibits"))
    edit(exhibits / "E03_payments.csv", "30000.00", "80000.00")
    outside = Outside(sealed_key=KEY, evidence=exhibits, who=served[1])
    checks = {one.name: one.what for one in verify_bundle(served[0], outside)[0] if one.ok is False}
    assert checks["commitments"] == "not the row that was committed to: E03:2"
    assert checks["served rows"] == "not the evidence with pseudonyms: E03:2"


def test_a_missing_exhibit_and_a_missing_row_are_named(
    case: Case, served: tuple[Path, Who], tmp_path: Path
) -> None:
    exhibits = Path(shutil.copytree(case.folder / "exhibits", tmp_path / "exhibits"))
    payments = exhibits / "E03_payments.csv"
    lines = payments.read_text(encoding="utf-8").splitlines(keepends=True)
    payments.chmod(0o644)
    payments.write_text("".join(lines[:2]), encoding="utf-8")
    outside = Outside(sealed_key=KEY, evidence=exhibits)
    checks = {one.name: one.what for one in verify_bundle(served[0], outside)[0]}
    assert checks["commitments"] == "not in the evidence: E03:3"
    payments.unlink()
    checks = {one.name: one.what for one in verify_bundle(served[0], outside)[0]}
    assert checks["commitments"] == "cannot be compared: no file here is E03"


@pytest.mark.parametrize(
    ("old", "new"), [("E03:2,", "E03:9,"), ("E03:2,", "E03:2,00")], ids=["moved", "edited"]
)
def test_an_edited_commitment_is_told(
    old: str, new: str, case: Case, served: tuple[Path, Who], tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(served[0], tmp_path / "copy"))
    edit(folder / "data/evidence/commitments.csv", old, new)
    reseal(folder)
    assert opened(folder, case, served[1])["commitments"].ok is False


def test_an_edited_entry_of_a_served_log_is_told(
    case: Case, served: tuple[Path, Who], tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(served[0], tmp_path / "copy"))
    log = folder / "data/provenance/audit.jsonl"
    lines = log.read_bytes().splitlines(keepends=True)
    log.write_bytes(b"".join(lines[:1] + lines[2:]))
    reseal(folder)
    assert opened(folder, case, served[1])["log"].ok is False


# -- the commands


def test_the_commands_write_and_read_what_is_kept_apart(case: Case, tmp_path: Path) -> None:
    run = CliRunner().invoke
    case.close()
    words = ["bundle", "--case", str(case.folder), "-o", str(tmp_path / "b"), "--purpose",
             "display", "--pack", PACK]  # fmt: skip
    (tmp_path / "whom.txt").write_text("victims\nＬＩＭＩＮＧ\n", encoding="utf-8")
    made = run(app, [*words, "--redact", str(tmp_path / "whom.txt"), "--json"])
    assert made.exit_code == 0, made.output
    told = json.loads(made.stdout)
    assert told["sealed_list"] == str(tmp_path / "b_SEALED.json")
    assert any("may be guessed" in text for text in told["warnings"])
    assert (tmp_path / "b_SEALED.key").stat().st_mode & 0o077 == 0
    checked = ["verify", str(tmp_path / "b"), "--root-hash", told["root_hash"], "--json",
               "--withheld", told["sealed_list"], "--sealed-key", str(tmp_path / "b_SEALED.key"),
               "--evidence", str(case.folder)]  # fmt: skip
    good = run(app, checked)
    assert good.exit_code == 0, good.output
    unknown = {one["name"] for one in json.loads(good.stdout)["checks"] if one["ok"] is None}
    assert unknown == {"signature", "time stamp", "signed pdf", "evidence", "master"}
    inside = run(app, [*words, "--redact", "all", "--redaction-key", str(tmp_path / "b/key")])
    assert inside.exit_code == 2
    assert "served with the bundle" in inside.stderr
