"""The commands map and same, as an officer runs them."""

import json
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cli import app
from graphdb.case import Case
from tests.contract.test_same import ALIAS, HEAD, PAYEE, PAYER, B, written

FINBENCH = (
    "accountId|createTime|isBlocked|accoutType\n"
    "28710447624489049|2020-06-29 02:33:46.538|false|debit card\n"
    "48413695994234887|2020-07-29 02:33:46.538|true|debit card\n"
)
AMLSIM = (
    "TX_ID,SENDER_ACCOUNT_ID,RECEIVER_ACCOUNT_ID,TX_TYPE,TX_AMOUNT,TIMESTAMP,IS_FRAUD,ALERT_ID\n"
    "1,6456,9069,TRANSFER,465.05,0,False,-1\n2,7516,9543,TRANSFER,564.64,3,False,-1\n"
)
AMLSIM_OUTPUT = (
    "tran_id,orig_acct,bene_acct,tx_type,base_amt,tran_timestamp,is_sar,alert_id\n"
    "1,6456,9069,TRANSFER,465.05,2017-01-01T00:00:00Z,False,-1\n"
    "2,7516,9543,TRANSFER,564.64,2017-01-02T00:00:00Z,False,-1\n"
)
AMLSIM_ACCOUNTS = (
    "ACCOUNT_ID,CUSTOMER_ID,INIT_BALANCE,COUNTRY,ACCOUNT_TYPE,IS_FRAUD,TX_BEHAVIOR_ID\n"
    "0,C_0,184.44,US,I,false,1\n1,C_1,175.8,US,I,false,1\n"
)
POLE_PERSONS = "id,surname,name,nhs_no,age\n1,Smith,Ann,111-22,33\n2,Lee,Bob,222-33,44\n"
PAYSIM = (
    "step,type,amount,nameOrig,oldbalanceOrg,newbalanceOrig,nameDest,oldbalanceDest,"
    "newbalanceDest,isFraud,isFlaggedFraud\n"
    "1,PAYMENT,9839.64,C1231006815,170136.0,160296.36,M1979787155,0.0,0.0,0,0\n"
    "2,TRANSFER,181.0,C1305486145,181.0,0.0,C553264065,0.0,0.0,1,0\n"
)
AMLWORLD = (
    "Timestamp,From Bank,Account,To Bank,Account,Amount Received,Receiving Currency,Amount Paid,"
    "Payment Currency,Payment Format,Is Laundering\n"
    "2022/09/01 00:20,10,8000EBD30,12,8000F4580,3697.34,USD,3697.34,USD,Reinvestment,0\n"
    "2022/09/01 00:21,12,8000F4580,10,8000EBD30,5.00,USD,5.00,USD,Cheque,0\n"
)
POLE = (
    "call_date,call_time,call_duration,caller_phone,called_phone\n"
    "13/08/2017,15:21,00:01:30,17000000001,17000000002\n"
    "14/08/2017,06:54,00:00:10,17000000002,17000000003\n"
)


def run(*words: object) -> Any:
    result = CliRunner().invoke(app, [str(word) for word in words])
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout) if "--json" in words else result.output


FINBENCH_TRANSFERS = (
    "fromId|toId|amount|createTime\n"
    "28710447624489049|48413695994234887|544595.7886430753|2020-06-29 02:33:46.538\n"
    "28710447624489049|27584547717646353|0.005|2020-08-27 03:28:05.23\n"
)
FINBENCH_OWNERS = (
    "personId|accountId|createTime\n729|4613937818241074769|2020-01-09 18:08:45.162\n"
    "1243|4616189618054761146|2020-01-17 13:20:05.731\n"
)
FINBENCH_SIGN_INS = (
    "mediumId|accountId|createTime\n4398046511163|32932572275146813|2020-05-03 12:48:47.305\n"
    "582|19984723346457874|2020-06-08 21:33:55.199\n"
)
FINBENCH_MEDIA = (
    "mediumId|mediumType|isBlocked|createTime\n356|PHONE|false|2020-01-01 13:44:29.852\n"
    "367|NFC|true|2020-01-03 20:28:17.097\n"
)
FINBENCH_PERSONS = (
    "personId|personName|isBlocked|createTime\n755|Bertrand|false|2020-01-01 18:14:47.133\n"
    "1490|Gloger|false|2020-01-02 01:07:43.883\n"
)


@pytest.mark.parametrize(
    ("name", "text", "table"),
    [("finbench", FINBENCH, "accounts"), ("transfers", FINBENCH_TRANSFERS, "payments"),
     ("owners", FINBENCH_OWNERS, "holdings"), ("sign-ins", FINBENCH_SIGN_INS, "logins"),
     ("media", FINBENCH_MEDIA, "devices"), ("persons", FINBENCH_PERSONS, "persons"),
     ("amlsim", AMLSIM, "payments"),
     ("amlsim-output", AMLSIM_OUTPUT, "payments"), ("amlsim-accounts", AMLSIM_ACCOUNTS, "accounts"),
     ("pole-persons", POLE_PERSONS, "persons"),
     ("paysim", PAYSIM, "payments"), ("pole", POLE, "calls"),
     ("amlworld", AMLWORLD, "payments")],
)  # fmt: skip
def test_a_foreign_table_loads_by_the_map_that_is_proposed(
    tmp_path: Path, name: str, text: str, table: str
) -> None:
    file, map_ = tmp_path / f"{name}.csv", tmp_path / f"{name}.toml"
    file.write_text(text, encoding="utf-8")
    answer = run("map", file, "-o", map_, "--json")
    assert (answer["table"], answer["missing"]) == (table, [])
    assert all(one["why"] for one in answer["columns"] if one["column"])
    proposed = map_.read_text(encoding="utf-8")
    # What no file can tell is what the officer writes: the zone and the platform.
    said = {"platform": "# platform", "zone": "# zone"}
    assert all(said[what] in proposed for what in answer["open"])
    map_.write_text(
        proposed.replace('# zone = "Asia/Shanghai"', 'zone = "UTC"').replace(
            "# platform", "platform"
        ),
        encoding="utf-8",
    )
    run("new", tmp_path / "case")
    added = run("add", file, "--map", map_, "--case", tmp_path / "case", "--json")
    (report,) = added["files"]
    assert (report["read"], report["loaded"], added["rejects"]) == (2, 2, [])


AMOUNTS = {
    "transfers": ("544595.7936430753", 54_459_579), "amlsim": ("1029.69", 102_969),
    "paysim": ("10020.64", 1_002_064), "amlworld": ("3702.34", 370_234),
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "text"),
    [("transfers", FINBENCH_TRANSFERS), ("amlsim", AMLSIM), ("paysim", PAYSIM),
     ("amlworld", AMLWORLD)],
)  # fmt: skip
def test_a_mapped_table_adds_up_as_written_and_as_loaded(
    tmp_path: Path, name: str, text: str
) -> None:
    file, map_ = tmp_path / f"{name}.csv", tmp_path / f"{name}.toml"
    file.write_text(text, encoding="utf-8")
    run("map", file, "-o", map_)
    run("new", tmp_path / "case")
    told = ("--tz", "UTC", "--platform", "bank", "--case", tmp_path / "case")
    added = run("add", file, "--map", map_, *told, "--json")
    (report,) = added["files"]
    written, loaded = AMOUNTS[name]
    assert [(one["count"], one["amount"]) for one in report["controls"]] == [(2, written)]
    with closing(Case(tmp_path / "case")) as case:
        rows = case.store.read("MATCH (p:Payment) RETURN sum(p.amount_minor) AS total").rows
    assert rows == ((loaded,),)


def test_what_the_file_does_not_tell_is_in_the_command_that_is_proposed(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_text(FINBENCH_TRANSFERS, encoding="utf-8")
    shown = run("map", file, "-o", tmp_path / "t.toml")
    assert "--platform bank --tz Asia/Shanghai" in shown
    file.write_text("fromId,toId,amount,createTime\nqq:1,qq:2,1.00,2020-06-29T02:33:46Z\n")
    assert run("map", file, "-o", tmp_path / "u.toml", "--json")["open"] == []


def test_a_map_says_what_it_rests_on_and_overwrites_nothing(tmp_path: Path) -> None:
    file, map_ = tmp_path / "a.csv", tmp_path / "a.toml"
    file.write_text("mediumId,kind,=1+1\nd1,phone,\x1b[31m\nd2,phone,x\n", encoding="utf-8")
    said = run("map", file, "--as", "devices", "-o", map_)
    assert "\x1b" not in said
    text = map_.read_text(encoding="utf-8")
    assert "not used: =1+1" in text
    assert "\x1b" not in text
    again = CliRunner().invoke(app, ["map", str(file), "-o", str(map_)])
    assert (again.exit_code, map_.read_text(encoding="utf-8")) == (2, text)


def test_list_confirm_reject_and_undo(tmp_path: Path) -> None:
    case = ("--case", tmp_path / "case")
    run("new", tmp_path / "case")
    run("add", *written(tmp_path / "in", payer=HEAD + PAYER, payee=HEAD + PAYEE), *case)
    listed = run("same", "list", *case, "--json")
    (found,) = listed["suggestions"]
    assert (found["one"], found["two"]) == (ALIAS, B)
    assert found["score"] == min(99, sum(reason["points"] for reason in found["reasons"]))
    assert len(listed["matched"]) == 1
    assert "May be one" in run("same", "list", *case)
    done = run("same", "confirm", found["key"], "--reason", "card", "--by", "Li", *case, "--json")
    assert done["verdict"] == "confirm"
    assert run("same", "list", *case, "--json")["decisions"][0]["by"] == "Li"
    assert "undecided" in run("same", "undo", ALIAS, B, *case)
    assert "are two" in run("same", "reject", found["key"], *case)
    assert run("same", "list", *case, "--json")["suggestions"] == []
    wrong = CliRunner().invoke(app, ["same", "confirm", "00000000", *map(str, case)])
    assert wrong.exit_code == 2


def test_a_folder_of_two_hundred_files_says_what_each_was_taken_for(tmp_path: Path) -> None:
    from tests.contract.test_real_formats import CASES

    folder = tmp_path / "in"
    for n in range(200):
        case = CASES[n % len(CASES)]
        inside = folder / f"{n:03d}"
        inside.mkdir(parents=True)
        content = case.content if n < len(CASES) else b"nothing that is known %d\n" % n
        (inside / Path(case.name).name).write_bytes(content)
    run("new", tmp_path / "case")
    result = CliRunner().invoke(
        app, ["add", str(folder), "--case", str(tmp_path / "case"), "--json"]
    )
    added = json.loads(result.stdout)
    names = [one["name"] for one in added["files"]] + [one["name"] for one in added["refused"]]
    assert len(names) == 200
    formats = {one["format"] for one in added["files"]}
    assert formats == {case.format for case in CASES}
    assert all(one["what"] and one["fix"] for one in added["refused"])
    shown = CliRunner().invoke(app, ["add", str(folder), "--case", str(tmp_path / "case")])
    assert "Not taken" in shown.output
