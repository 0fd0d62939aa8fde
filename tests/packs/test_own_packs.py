"""Packs that officers write: a skeleton that holds, mistakes told by line, nothing written."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli import app
from graphdb.casework.proving import read_given
from graphdb.errors import GraphdbError, WrongUsage
from graphdb.identity import resolve
from graphdb.packs import load_packs, run_pack
from graphdb.store import Store


def linkwright(*words: str | Path, code: int = 0) -> str:
    result = CliRunner().invoke(app, [str(word) for word in words])
    assert result.exit_code == code, result.output
    return result.stdout


@pytest.fixture
def own(tmp_path: Path) -> Path:
    linkwright("packs", "new", "devices/mine", "--packs", tmp_path)
    return tmp_path


def edit(folder: Path, old: str, new: str, suffix: str = ".cypher") -> int:
    """Change one place of the pack and give the line it stands in."""
    path = folder / "devices" / f"mine{suffix}"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def wrong(folder: Path) -> list[dict[str, str]]:
    checks = json.loads(linkwright("packs", "test", folder, "--json", code=4))["checks"]
    return [check for check in checks if not check["ok"]]


def test_a_new_pack_holds_and_can_be_run(own: Path, tmp_path: Path) -> None:
    assert " 0 wrong" in linkwright("packs", "test", own)
    logins = "account,device,at\n" + "".join(
        f"wechat:{n},d1,2025-03-01T10:0{n}:00+08:00\n" for n in range(3)
    )
    (tmp_path / "logins.csv").write_text(logins, encoding="utf-8")
    linkwright("new", tmp_path / "case")
    linkwright("add", tmp_path / "logins.csv", "--case", tmp_path / "case")
    found = linkwright(
        "run", "--packs", own, "--set", "min_accounts=3", "--case", tmp_path / "case", "--json"
    )
    assert [one["key"] for one in json.loads(found)["findings"]] == ["device:d1"]


def test_a_pack_is_never_written_over(own: Path) -> None:
    linkwright("packs", "new", "devices/mine", "--packs", own, code=2)
    linkwright("packs", "new", "../mine", "--packs", own, code=2)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('level = "lead"', 'level = "proof"', "'proof' is none of"),
        ("min = 2", "least = 2", "unknown key 'least'"),
        ("revision = 1", "revision = = 1", "no TOML"),
        ('nodes = { Device = "device"', 'nodes = { Devise = "device"', "unknown label 'Devise'"),
        ("WHERE accounts >=", "SET device.kind = 'x' WITH * WHERE accounts >=", "may not write"),
        ("accounts >= $min_accounts\nR", "accounts >= $least\nR", "$least is used but not"),
        ("(account:Account)-", "(account:Acount)-", "label 'Acount'"),
        ("UNWIND login.evidence AS", "UNWID login.evidence AS", "UNWID"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(own: Path, old: str, new: str, says: str) -> None:
    line = edit(own, old, new)
    told = next(check for check in wrong(own) if says in check["what"])
    assert f"mine.cypher:{line}" in told["where"] or f"line {line}:" in told["what"], told


def test_of_a_pack_that_would_write_only_that_is_told(own: Path) -> None:
    line = edit(own, "RETURN device.id", "set device.kind = 'x' RETURN device.id")
    (told,) = wrong(own)
    assert told["what"] == f"line {line}: 'set': a pack may not write"


def test_a_case_that_does_not_hold_is_told_with_its_line(own: Path) -> None:
    edit(own, "accounts = 3", "accounts = 4", ".test.toml")
    line = 1 + (own / "devices/mine.test.toml").read_text().split("three accounts")[0].count("\n")
    assert {f"mine.test.toml:{line}" in check["where"] for check in wrong(own)} == {True}


def test_one_bad_pack_hides_no_other(own: Path) -> None:
    linkwright("packs", "new", "devices/other", "--packs", own)
    edit(own, 'level = "lead"', "level = ")
    checks = json.loads(linkwright("packs", "test", own, "--json", code=4))["checks"]
    assert {check["pack"] for check in checks if check["ok"]} == {"devices/other"}
    assert {check["pack"] for check in checks if not check["ok"]} == {"devices/mine"}


def test_an_empty_folder_is_said_to_be_one(tmp_path: Path) -> None:
    linkwright("packs", "test", tmp_path, code=2)


BEYOND = (
    "SET device.kind = 'x'",
    "set device.kind = 'x'",
    "CREATE (:Device {id: 'x'})",
    "DETACH DELETE device",
    "LOAD CSV FROM 'file:///etc/hostname' AS line",
    "CALL db.labels() YIELD label",
    "call apoc.export.csv.all('x.csv', {}) YIELD file",
)


@pytest.fixture
def filled(store: Store) -> Store:
    rows = {"logins": [{"account": "wechat:1", "device": "d1", "at": "2025-03-01T10:00:00+08:00"}]}
    for batch in read_given(rows):
        store.load(resolve(batch))
    return store


@pytest.mark.parametrize("words", BEYOND)
def test_a_pack_that_would_write_is_not_run(own: Path, words: str, filled: Store) -> None:
    edit(own, "RETURN device.id", f"WITH * {words} RETURN device.id")
    (pack,) = load_packs(["devices/mine"], own)
    before = filled.count()
    with pytest.raises(WrongUsage, match="would write"):
        run_pack(pack, filled.read)
    assert filled.count() == before


@pytest.mark.parametrize(
    "text",
    [
        "CREATE (:Account {id: 'x'}) RETURN 1 AS one",
        "MATCH (n) SET n.kind = 'x' RETURN n.id AS id",
        "MATCH (n) REMOVE n.id RETURN 1 AS one",
        "MATCH (n) DETACH DELETE n",
        "MERGE (n:Account {id: 'wechat:1'}) ON MATCH SET n.kind = 'x' RETURN n.id AS id",
        "MATCH (n) CALL (n) { CREATE (m:Device {id: 'x'}) RETURN m } RETURN n.id AS id",
    ],
)
def test_the_transaction_refuses_what_the_lint_would_miss(text: str, filled: Store) -> None:
    before, properties = filled.count(), "MATCH (n) RETURN n.id AS id, n.kind AS kind ORDER BY id"
    rows = filled.read(properties)
    with pytest.raises(GraphdbError, match=r"may not write|write clauses"):
        filled.read(text)
    assert filled.count() == before
    assert filled.read(properties) == rows
