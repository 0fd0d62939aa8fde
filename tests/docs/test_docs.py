"""Docs that cannot lie: generated pages match the code, examples run, everything is named."""

import json
import os
import re
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from cli import app
from graphdb import errors
from graphdb.evidence import read_evidence, read_map
from graphdb.evidence.reading import ReadOptions
from graphdb.sample import write_sample
from tests.contract.formats import case_bank_statement
from tests.docs.pages import PAGES, PARTS

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES)
def test_a_generated_page_says_what_the_code_says(page: str) -> None:
    path, text = ROOT / page, PAGES[page]()
    if os.environ.get("GRAPHDB_WRITE_GOLDEN"):
        path.write_text(text, encoding="utf-8", newline="\n")
    assert path.read_text(encoding="utf-8") == text, "run `make golden` and read the diff"


@pytest.mark.parametrize(("page", "name", "made"), PARTS, ids=[name for _, name, _ in PARTS])
def test_a_generated_table_says_what_the_code_says(
    page: str, name: str, made: Callable[[], str]
) -> None:
    begin, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->"
    head, _, rest = (ROOT / page).read_text(encoding="utf-8").partition(begin)
    table, _, tail = rest.partition(end)
    if os.environ.get("GRAPHDB_WRITE_GOLDEN"):
        text = f"{head}{begin}{made()}{end}{tail}"
        (ROOT / page).write_text(text, encoding="utf-8", newline="\n")
        return
    assert table == made(), "run `make golden` and read the diff"


def test_the_readme_opens_with_the_two_commands_and_a_picture() -> None:
    head = README[: README.index("## ")]
    assert head.index("make demo") < head.index("make test") < head.index("![")
    (picture,) = re.findall(r"!\[.*?\]\((.*?)\)", head)
    assert (ROOT / picture).read_bytes().startswith(b"\x89PNG")


def test_the_console_lines_of_the_readme_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("evidence").mkdir()
    write_sample(Path("evidence"))
    (block,) = re.findall(r"```console\n(.*?)```", README, re.DOTALL)
    commands = [line[2:] for line in block.splitlines() if line.startswith("$ ")]
    assert len(commands) >= 5
    for command in commands:
        program, *words = shlex.split(command)
        assert program == "linkwright"
        result = CliRunner().invoke(app, words)
        assert result.exit_code == 0, f"{command}: {result.output}"
    assert Path("chart.html").exists()


def test_every_command_is_in_the_readme() -> None:
    for name in get_command(app).commands:  # type: ignore[attr-defined]
        assert f"`linkwright {name}" in README or f"`{name}" in README, name


def test_every_error_class_is_drawn_in_the_tree() -> None:
    tree = errors.__doc__ or ""
    for name, value in vars(errors).items():
        if isinstance(value, type) and issubclass(value, errors.GraphdbError):
            assert name in tree, name


def test_every_local_link_of_the_docs_leads_somewhere() -> None:
    for page in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")):
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_every_test_that_the_page_of_threats_rests_on_is_there() -> None:
    page = (ROOT / "docs" / "threats.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(test_\w+\.py)`", page))
    assert len(named) > 10
    assert named <= {path.name for path in (ROOT / "tests").rglob("test_*.py")}


def test_the_map_of_the_docs_loads_the_file_beside_it(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "maps.md").read_text(encoding="utf-8")
    (source,) = re.findall(r"```text\n(.*?)```", page, re.DOTALL)
    text, _ = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    file, map_ = tmp_path / "transfers.csv", tmp_path / "transfers.toml"
    file.write_text(source, encoding="utf-8")
    map_.write_text(text, encoding="utf-8")
    (batch,) = read_evidence(file, "E01", ReadOptions(map=read_map(map_))).batches
    assert batch.rejects == ()
    assert batch.frame.height == source.strip().count("\n")
    assert set(batch.frame["status"]) == {"success", "failed"}


def test_the_map_of_the_docs_for_a_form_without_a_way_loads_it(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "maps.md").read_text(encoding="utf-8")
    _, text = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    (form,) = [case for case in case_bank_statement.CASES if case.format == "general_form"]
    file, map_ = tmp_path / "form.csv", tmp_path / "form.toml"
    file.write_bytes(form.content)
    map_.write_text(text, encoding="utf-8")
    (batch,) = read_evidence(file, "E01", ReadOptions(map=read_map(map_))).batches
    paid = batch.frame.select("from_account", "to_account", "amount_minor").rows()
    own, other = "bank:6222020000000000001", "bank:6222020000000000002"
    assert paid == [(own, other, 8_400), (other, own, 7)]


def test_the_worked_example_of_tracing_runs_and_its_table_is_the_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = (ROOT / "docs" / "trace.md").read_text(encoding="utf-8")
    (rows,) = re.findall(r"```csv\n(.*?)```", page, re.DOTALL)
    (block,) = re.findall(r"```console\n(.*?)```", page, re.DOTALL)
    monkeypatch.chdir(tmp_path)
    Path("example.csv").write_text(rows, encoding="utf-8")
    for line in block.splitlines():
        result = CliRunner().invoke(app, [*shlex.split(line)[2:], "--json"])
        assert result.exit_code == 0, f"{line}: {result.output}"
    for trail in json.loads(result.stdout)["rules"]:
        carried = {hop["payment"]: hop["shares"] for hop in trail["hops"]}
        (cells,) = re.findall(rf"^\| `{trail['rule']}` \| (.*?) \| (.*?) \|", page, re.MULTILINE)
        for payment, cell in zip(("payment:p3", "payment:p4"), cells, strict=True):
            written = dict(share.split(" ") for share in cell.split(", "))
            shares = {
                who.removeprefix("bank:"): f"{minor / 100:g}"
                for who, minor in carried[payment].items()
            }
            assert shares == written, f"{trail['rule']}: {payment}"
