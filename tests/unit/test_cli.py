"""The commands as a user meets them: answers, exit codes, and three lines when refused."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from cli import app
from graphdb.sample import sample_truth, write_sample

RUNNER = CliRunner()
LOGINS = "account,device,at,ip\nqq:1,d1,2025-03-01T10:00:00+08:00,203.0.113.1\n"


def run(*words: str | Path, code: int = 0) -> Result:
    result = RUNNER.invoke(app, [str(word) for word in words])
    assert result.exit_code == code, result.output
    return result


def answer(*words: str | Path, code: int = 0) -> Any:
    """The one JSON document on standard output."""
    return json.loads(run(*words, "--json", code=code).stdout)


def refusal(*words: str | Path, code: int) -> list[str]:
    lines = run(*words, code=code).stderr.splitlines()[-3:]
    assert lines[1].startswith("  at  ") or lines[2].startswith("  fix ")
    return lines


@pytest.fixture
def case(tmp_path: Path) -> Path:
    run("new", tmp_path / "case", "--name", "案 'A'")
    return tmp_path / "case"


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample")
    (folder / "evidence").mkdir()
    write_sample(folder / "evidence")
    run("new", folder / "case")
    run("add", folder / "evidence", "--case", folder / "case")
    return folder / "case"


def write(folder: Path, name: str, text: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


# -- what a user gets


def test_the_demo_says_what_it_found_and_where_the_chart_is(tmp_path: Path) -> None:
    found = answer("demo", tmp_path / "demo")
    assert found["chains"] == 12
    assert found["findings"] > 300
    assert Path(found["chart"]).stat().st_size > 500_000
    truth = sample_truth()
    assert found["traced_minor"] == truth.loss_minor
    assert found["hops"] > len(truth.cash)
    assert "Money trail: sample case" in Path(found["trail"]).read_text(encoding="utf-8")
    again = run("demo", tmp_path / "demo").stdout
    assert "chart" in again
    assert "12 suspected chains" in again
    assert "CNY 84,000.00 traced over 3 layers by fifo: CNY 76,268.90 left the case" in again
    assert "trail" in again


def test_new_add_status(case: Path, tmp_path: Path) -> None:
    file = write(tmp_path, "logins.csv", LOGINS)
    (added,) = answer("add", file, "--case", case)["files"]
    assert (added["exhibit"], added["format"], added["read"], added["loaded"]) == (
        "E01",
        "logins",
        1,
        1,
    )
    status = answer("status", "--case", case)
    assert status["case"] == "案 'A'"
    assert status["nodes"] == {"Account": 1, "Device": 1, "IP": 1}
    assert status["links"] == {"LOGGED_IN_FROM": 1, "LOGGED_IN_ON": 1}
    assert status["exhibits"][0]["sha256"] == added["sha256"]


def test_the_case_is_found_by_the_environment(
    case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LINKWRIGHT_CASE", str(case))
    assert answer("add", write(tmp_path, "logins.csv", LOGINS))["files"][0]["loaded"] == 1


def test_rejected_rows_are_shown_with_place_reason_and_remedy(case: Path, tmp_path: Path) -> None:
    file = write(tmp_path, "logins.csv", LOGINS + "qq:2,d1,gestern,\n")
    added = answer("add", file, "--case", case)
    (reject,) = added["rejects"]
    assert reject["where"] == "E01:3"
    assert "'gestern'" in reject["what"]
    assert reject["fix"]
    again = write(tmp_path, "more.csv", LOGINS.replace("qq:1", "qq:7") + "qq:3,d1,nie,\n")
    shown = run("add", again, "--case", case).stderr
    assert "E02:3 (more.csv), column 'at'" in shown


def test_every_pack_is_listed_and_shown() -> None:
    packs = answer("packs", "list")["packs"]
    assert len(packs) >= 40
    for pack in packs:
        shown = answer("packs", "show", pack["id"])
        assert shown["question"] == pack["question"]
        assert shown["innocents"]
        assert "MATCH" in shown["query"]
        assert shown["pattern"]
        assert shown["example"]["given"]
        assert shown["example"]["found"]


def test_a_pack_is_shown_with_its_pattern_and_an_example() -> None:
    text = run("packs", "show", "devices/ban_evasion_successor").stdout
    assert "◀──LOGGED_IN_ON── account:Account" in text
    assert "perhaps old ──PENALISED──▶ penalty:Penalty" in text
    assert "Example: banned, and three days later another account in its group" in text
    assert "$ linkwright run devices/ban_evasion_successor" in text
    assert "found: old = wechat:a1, new = wechat:a2" in text


def test_run_gives_findings_with_evidence_and_innocents(sample: Path) -> None:
    found = answer("run", "groups/shill_group", "--case", sample)
    for finding in found["findings"]:
        assert finding["evidence"]
        assert finding["innocents"]
        assert finding["values"]["share_percent"] >= 70
    assert found["not_run"] == []
    assert found["records_until"]["groups/shill_group"]["logins"] >= "2025-03"


# What needs money that runs in rings or through one account of several victims' way.
SILENT = {
    *("money/convergence", "money/cycle", "money/scatter_gather", "money/next_statement"),
    "case/key_brokers",
}


def test_the_sample_shows_every_plain_question_at_work(sample: Path) -> None:
    found = {finding["pack"] for finding in answer("run", "--case", sample)["findings"]}
    asked = {pack["id"] for pack in answer("packs", "list")["packs"]}
    assert asked - found <= SILENT


def test_run_ranks_and_gives_the_reason_for_every_point(sample: Path) -> None:
    found = answer("run", "--case", sample)
    scores = [finding["score"] for finding in found["findings"]]
    assert scores == sorted(scores, reverse=True)
    for one in (*found["findings"], *found["entities"]):
        assert one["score"] == sum(reason["points"] for reason in one["reasons"])
        assert all(reason["says"] for reason in one["reasons"])
    first = found["entities"][0]
    assert first["entity"] == sample_truth().group
    assert first["innocents"]
    assert not first["is_victim"]
    assert {"person:zhao-001"} <= {e["entity"] for e in found["entities"] if e["is_victim"]}


def test_run_says_beside_each_entity_what_would_explain_it(sample: Path) -> None:
    shown = run("run", "--case", sample).stdout
    head = shown[: shown.index("\n2. ")]
    assert "points" in head
    assert "may be innocent:" in head
    assert "Check:" in head
    assert "money/cycle" in shown  # what found nothing is listed too


def test_run_says_it_in_chinese(sample: Path) -> None:
    shown = run("run", "--lang", "zh", "--case", sample).stdout
    head = shown[: shown.index("\n2. ")]
    assert "1. wechat-group:" in head
    assert "（群）：" in head
    assert "可能无害：家庭群：人少，可能共用一台平板。核查：人少、建群早；核实实名持有人" in head
    assert "points" not in head
    assert "Check:" not in head
    one = run("run", "groups/shill_group", "--lang", "zh", "--case", sample).stdout
    assert "groups/shill_group（疑似）：哪些群几乎全由同几台设备上的账号组成？" in one


def test_next_lists_where_a_trail_goes_cold(case: Path, tmp_path: Path) -> None:
    payments = (
        "payment,from_account,to_account,amount,at\n"
        "p1,bank:v,bank:m,1000,2025-02-10T10:00:00+08:00\n"
        "p2,bank:m,bank:n,900,2025-02-10T10:30:00+08:00\n"
    )
    run("add", write(tmp_path, "payments.csv", payments), "--case", case)
    assert answer("next", "--case", case)["not_run"].startswith("not run: no ")
    people = "person,account\nv,bank:v\n"
    run("add", write(tmp_path, "holdings.csv", people), "--case", case)
    run("add", write(tmp_path, "reports.csv", "report,person,names\nr1,v,bank:m\n"), "--case", case)
    (request,) = answer("next", "--case", case)["requests"]
    assert (request["account"], request["arrived_minor"]) == ("bank:n", 90_000)
    assert request["victims"] == ["person:v"]
    assert request["why"] == "no payment of it is on record"
    assert request["evidence"] == ["E01:3"]
    assert "bank:n" in run("next", "--case", case).stdout


def test_run_takes_parameters(sample: Path) -> None:
    many = answer("run", "devices/many_accounts_one_device", "--case", sample)["findings"]
    few = answer(
        "run", "devices/many_accounts_one_device", "--set", "min_accounts=60", "--case", sample
    )["findings"]
    assert 0 < len(few) < len(many)


def test_a_pack_without_its_records_is_not_run(case: Path, tmp_path: Path) -> None:
    run("add", write(tmp_path, "logins.csv", LOGINS), "--case", case)
    found = answer("run", "groups/shill_group", "--case", case)
    assert found["findings"] == []
    assert found["not_run"][0]["why"].startswith("not run: no ")
    assert "members" in found["not_run"][0]["why"]
    shown = run("run", "groups/shill_group", "--lang", "zh", "--case", case)
    assert "未运行：案件中没有“" in shown.stderr
    assert "请调取数据表：" in shown.stderr


def test_the_chain_of_the_victim(sample: Path) -> None:
    truth = sample_truth()
    chains = answer("chain", "--victim", truth.victim, "--case", sample)["chains"]
    assert len(chains) == 2
    assert chains[0]["amount_minor"] == truth.loss_minor
    assert {"seller", "accounts", "operator_devices", "group", "victim", "payments"} <= {*chains[0]}
    printed = run("chain", "--victim", truth.victim, "--case", sample).stdout
    assert "CNY 84,000.00 in 6" in printed


def test_a_chart_of_the_chain_and_of_a_pack(sample: Path, tmp_path: Path) -> None:
    chart = answer("chart", "-o", tmp_path / "a.html", "--case", sample)
    assert chart["nodes"] > 20
    pack = answer(
        "chart", "--pack", "groups/same_cast", "-o", tmp_path / "b.html", "--case", sample
    )
    assert pack["nodes"] >= 3
    assert (tmp_path / "b.html").read_bytes().lower().startswith(b"<!doctype html>")


def test_show_gives_links_findings_and_source_rows(sample: Path) -> None:
    shown = answer("show", "bank:6200000000000201", "--case", sample)
    assert shown["entity"]["label"] == "Account"
    assert {"SENT", "PAID_TO", "NAMES"} == {link["type"] for link in shown["links"]}
    assert any(f["pack"] == "money/first_receivers" for f in shown["findings"])
    assert all(len(source["sha256"]) == 64 for source in shown["sources"])
    assert "Source rows" in run("show", "bank:6200000000000201", "--case", sample).stdout


def test_packs_are_proved_by_command() -> None:
    checks = answer("packs", "test", "groups/same_cast")["checks"]
    assert len(checks) > 15
    assert all(check["ok"] for check in checks)


def test_a_pack_that_claims_too_much_fails_its_test(tmp_path: Path) -> None:
    folder = tmp_path / "own"
    folder.mkdir()
    text = Path("queries/groups/same_cast.cypher").read_text(encoding="utf-8")
    cases = Path("queries/groups/same_cast.test.toml").read_text(encoding="utf-8")
    write(folder, "wrong.cypher", text.replace("common >= $min_common", "common >= 1"))
    write(folder, "wrong.test.toml", cases)
    result = run("packs", "test", "--packs", tmp_path, code=4)
    assert "three common members are one too few" in result.stdout
    assert "proofs failed" in result.stderr


# -- refusals: three lines and an exit code


def test_a_missing_file(case: Path) -> None:
    result = run("add", "nowhere.csv", "--case", case, code=1)
    assert "no such file" in result.stderr
    assert "nowhere.csv" in result.stderr


def test_unknown_columns_name_the_near_tables(case: Path, tmp_path: Path) -> None:
    file = write(tmp_path, "x.csv", "account,device,colour\n1,2,3\n")
    refused = answer("add", file, "--case", case, code=1)["refused"]
    assert "logins lacks at" in refused[0]["fix"]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("empty.csv", b"", "empty"),
        ("picture.csv", b"\x89PNG\r\n\x1a\n\0\0", "no text"),
        ("binary.csv", b"a,b\n\0\1\2\3\0\0\0\0\0\0\0\7\0\0", "no text"),
        ("odd.csv", b"account,device,at\nqq:\xff\xff\x80,d,2025", "neither UTF-8 nor"),
    ],
)
def test_a_file_that_is_no_table_says_why(
    case: Path, tmp_path: Path, name: str, content: bytes, says: str
) -> None:
    refused = answer("add", write(tmp_path, name, content), "--case", case, code=1)["refused"]
    assert says in refused[0]["what"]
    assert answer("status", "--case", case)["exhibits"] == []


def test_an_unknown_zone(case: Path, tmp_path: Path) -> None:
    file = write(tmp_path, "logins.csv", LOGINS)
    refused = answer("add", file, "--tz", "Asia/Shangri", "--case", case, code=1)["refused"]
    assert "Asia/Shangri" in refused[0]["what"]


def test_an_unknown_format(case: Path, tmp_path: Path) -> None:
    file = write(tmp_path, "a.csv", LOGINS)
    result = run("add", file, "--as", "logs", "--case", case, code=2)
    assert "there is no table or format 'logs'" in result.stderr
    assert "logins" in result.stderr


def test_no_case_here(tmp_path: Path) -> None:
    what, _, fix = refusal("status", "--case", tmp_path, code=2)
    assert what == "there is no case here"
    assert "linkwright new DIR" in fix


def test_an_unknown_pack_and_a_near_one(sample: Path) -> None:
    result = run("run", "money/receivers", "--case", sample, code=2)
    assert "there is no pack 'money/receivers'" in result.stderr
    result = run("packs", "show", "wrong/same_cast", code=2)
    assert "perhaps groups/same_cast" in result.stderr


def test_an_unknown_parameter_and_a_wrong_value(sample: Path) -> None:
    pack = "devices/many_accounts_one_device"
    result = run("run", pack, "--set", "min=3", "--case", sample, code=2)
    assert "min_accounts" in result.stderr
    result = run("run", pack, "--set", "min_accounts=many", "--case", sample, code=2)
    assert "'many' is no int" in result.stderr
    result = run("run", pack, "--set", "min_accounts", "--case", sample, code=2)
    assert "--set name=value" in result.stderr


def test_an_unknown_entity(sample: Path) -> None:
    result = run("show", "wechat:nobody", "--case", sample, code=2)
    assert "holds no entity 'wechat:nobody'" in result.stderr


def test_an_engine_out_of_reach(tmp_path: Path) -> None:
    what, where, fix = refusal("new", tmp_path / "x", "--engine", "bolt://127.0.0.1:1", code=3)
    assert what.startswith("no server answers")
    assert where == "  at  bolt://127.0.0.1:1"
    assert fix.startswith("  fix start it")
    assert not (tmp_path / "x" / "case.toml").exists()


def test_a_password_in_the_url_is_refused_and_not_repeated(tmp_path: Path) -> None:
    url = "bolt://neo4j:geheim@127.0.0.1:1"
    result = run("new", tmp_path / "x", "--engine", url, code=2)
    assert "geheim" not in result.output


def test_an_unfinished_load_is_said_and_finished_without_a_path(case: Path, tmp_path: Path) -> None:
    run("add", write(tmp_path, "logins.csv", LOGINS), "--case", case)
    log = case / "case.log"
    lines = log.read_bytes().splitlines(keepends=True)
    log.write_bytes(b"".join(lines[:-1]))
    assert "not loaded to its end" in run("status", "--case", case).stderr
    run("add", "--case", case)
    status = answer("status", "--case", case)
    assert (status["unfinished"], status["links"]["LOGGED_IN_ON"]) == ([], 1)
    result = run("add", "--case", case, code=2)
    assert "no file was named" in result.stderr


def test_control_characters_of_evidence_do_not_reach_the_terminal(
    case: Path, tmp_path: Path
) -> None:
    nick = "\x1b[31mred\u202e"
    run("add", write(tmp_path, "a.csv", f"account,name\nqq:1,{nick}\n"), "--case", case)
    printed = run("show", "qq:1", "--case", case).stdout
    assert "\x1b[31m" not in printed
    assert "\\x1b[31mred\\u202e" in printed


def test_a_command_that_loads_nothing_waits_for_no_heavy_library() -> None:
    code = "import sys, cli; print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    loaded = set(done.stdout.split())
    assert not loaded & {
        "pandas",
        "pyarrow",
        "neo4j",
        "py2neo",
        "rdflib",
        "xlsxwriter",
        "rapidfuzz",
    }
