"""What packs answered is kept, and never stale, torn or altered."""

import json
from pathlib import Path

import pytest

from graphdb.case import Case
from graphdb.packs import catalogue

HEAD = "account,device,at\n"
FIVE = HEAD + "".join(f"wechat:a{n},d1,2025-03-0{n} 10:00:00+08:00\n" for n in range(1, 6))
SIXTH = HEAD + "wechat:a6,d1,2025-03-06 10:00:00+08:00\n"
SHARED = "devices/many_accounts_one_device"


def add(case: Case, folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text, encoding="utf-8")
    assert not case.add([folder / name]).refused


@pytest.fixture
def case(tmp_path: Path) -> Case:
    made = Case.create(tmp_path / "case")
    add(made, tmp_path, "five.csv", FIVE)
    return made


def kept(case: Case) -> list[Path]:
    return sorted((case.folder / "answers").iterdir())


def members(case: Case) -> list[object]:
    (finding,) = (f for f in case.show("device:d1").findings if f.pack == SHARED)
    return list(finding.values["members"])  # type: ignore[arg-type]


def test_show_takes_what_was_answered_before_and_run_asks_anew(case: Case) -> None:
    first = members(case)
    before = {path.name: path.stat().st_mtime_ns for path in kept(case)}
    assert before
    assert members(Case(case.folder)) == first
    assert {path.name: path.stat().st_mtime_ns for path in kept(case)} == before
    (answer,) = Case(case.folder).run([SHARED])
    assert {path.name for path in kept(case)} == before.keys()
    assert {path.stat().st_mtime_ns for path in kept(case)} != set(before.values())
    assert len(answer.findings) == 1


def test_a_load_makes_all_answers_stale(case: Case, tmp_path: Path) -> None:
    assert len(members(case)) == 5
    before = {path.name for path in kept(case)}
    add(case, tmp_path, "sixth.csv", SIXTH)
    assert len(members(case)) == 6
    assert not before & {path.name for path in kept(case)}


def test_an_altered_answer_is_not_read(case: Case) -> None:
    first = members(case)
    for path in kept(case):
        columns, *_ = json.loads(path.read_text(encoding="utf-8"))
        path.write_text(json.dumps([columns]), encoding="utf-8")
    assert members(Case(case.folder)) == first


def test_another_graph_under_the_same_log_is_asked_anew(case: Case, tmp_path: Path) -> None:
    assert len(members(case)) == 5
    other = Case.create(tmp_path / "other")
    add(other, tmp_path, "six.csv", FIVE + SIXTH.removeprefix(HEAD))
    (case.folder / "graph.kgl").write_bytes((other.folder / "graph.kgl").read_bytes())
    assert len(members(Case(case.folder))) == 6


def test_another_text_or_value_is_another_question(case: Case, tmp_path: Path) -> None:
    (whole,) = case.run([SHARED])
    (more,) = case.run([SHARED], {"min_accounts": "6"})
    assert (len(whole.findings), len(more.findings)) == (1, 0)
    own = tmp_path / "packs" / "devices"
    own.mkdir(parents=True)
    for end in (".cypher", ".test.toml"):
        text = (catalogue() / f"{SHARED}{end}").read_text(encoding="utf-8")
        text = text.replace("WHERE accounts >= $min", "WHERE accounts > $min")
        (own / f"{SHARED.partition('/')[2]}{end}").write_text(text, encoding="utf-8")
    (stricter,) = case.run([SHARED], folder=own.parent)
    assert stricter.findings == ()
    # Both are kept now, and neither is taken for the other.
    assert len(members(case)) == 5
