"""Two cases compared: what both hold, with the rows of each, and nothing is written."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli import app

PAYMENTS = "payment,from_account,to_account,amount,at,kind\n"
PURSE = "p1,bank:v1,bank:mule,1000,2025-01-02T10:00:00Z,transfer"
OTHER = "q7,bank:w9,bank:mule,800,2025-02-02T10:00:00Z,transfer"
LOGINS = "account,device,at\n"


def shopping(who: str) -> str:
    """Forty customers of one shop."""
    bought = "wechat:shop,10,2025-01-01T10:00:00Z,purchase"
    return "".join(f"s-{who}{n},wechat:{who}{n},{bought}\n" for n in range(40))


def linkwright(*words: str | Path, code: int = 0) -> str:
    result = CliRunner().invoke(app, [str(word) for word in words])
    assert result.exit_code == code, result.output
    return result.stdout


def case(folder: Path, **tables: str) -> Path:
    linkwright("new", folder)
    for name, text in tables.items():
        path = folder.parent / f"{folder.name}-{name}.csv"
        path.write_text(text, encoding="utf-8")
        linkwright("add", path, "--case", folder)
    return folder


@pytest.fixture
def cases(tmp_path: Path) -> tuple[Path, Path]:
    here = case(
        tmp_path / "here",
        payments=f"{PAYMENTS}{PURSE}\n{shopping('c')}",
        logins=f"{LOGINS}qq:1,op-1,2025-01-01T10:00:00Z\nqq:2,mine,2025-01-01T10:00:00Z\n",
    )
    there = case(
        tmp_path / "there",
        payments=f"{PAYMENTS}{OTHER}\n{shopping('d')}",
        logins=f"{LOGINS}qq:9,op-1,2025-03-01T10:00:00Z\nqq:8,theirs,2025-01-01T10:00:00Z\n",
    )
    return here, there


def tree(folder: Path) -> dict[str, bytes]:
    return {str(p): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_what_both_hold_is_listed_with_the_rows_of_each(cases: tuple[Path, Path]) -> None:
    here, there = cases
    before = tree(here), tree(there)
    (told,) = json.loads(linkwright("cross", there, "--case", here, "--json"))["cases"]
    plain = {one["entity"]: one for one in told["common"] if one["hub"] is None}
    assert plain.keys() == {"bank:mule", "device:op-1"}
    assert plain["bank:mule"]["here"] == ["E01:2"]
    assert plain["device:op-1"]["there"] == ["E02:2"]
    assert (tree(here), tree(there)) == before


def test_a_shop_of_both_joins_nobody(cases: tuple[Path, Path]) -> None:
    here, there = cases
    (told,) = json.loads(linkwright("cross", there, "--case", here, "--json"))["cases"]
    assert {one["entity"]: one["hub"] for one in told["common"] if one["hub"]} == {
        "wechat:shop": "merchant"
    }
    shown = linkwright("cross", there, "--case", here, "--lang", "zh")
    assert "1 hubs of both join nobody: wechat:shop (merchant)" in shown
    assert "对照两案的日期" in shown


def test_what_was_joined_is_found_by_each_of_its_names(cases: tuple[Path, Path]) -> None:
    here, there = cases
    joined = ("same", "confirm", "qq:8", "qq:9", "--reason", "he says so", "--by", "Li")
    linkwright(*joined, "--case", there)
    path = here.parent / "more.csv"
    path.write_text(f"{LOGINS}qq:8,d5,2025-01-01T10:00:00Z\n", encoding="utf-8")
    linkwright("add", path, "--case", here)
    (told,) = json.loads(linkwright("cross", there, "--case", here, "--json"))["cases"]
    (account,) = [one for one in told["common"] if one["entity"] == "qq:8"]
    assert account["there"] == ["E02:2", "E02:3"]


def test_a_case_is_not_compared_with_itself(cases: tuple[Path, Path]) -> None:
    linkwright("cross", cases[0], "--case", cases[0], code=2)
