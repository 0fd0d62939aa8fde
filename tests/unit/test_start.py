"""Commands start at once: each loads what it needs and nothing of what others need."""

import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from cli import app
from cli.app import COMMANDS, Sketch

PAYMENTS = """payment,from_account,to_account,amount,at
1,bank:1,bank:2,10.00,2025-03-01T10:00:00Z
2,bank:2,bank:3,7.00,2025-03-01T11:00:00Z
"""
# What takes a tenth of a second or more, and the doors of stages that few commands use.
ENGINES = {"kglite", "neo4j", "pandas", "pyarrow", "polars", "numpy"}
WRITERS = {
    *("fpdf", "pyvis", "docx", "xlsxwriter", "cryptography", "pyhanko", "rdflib", "anxwritter"),
    *("graphdb.chart", "graphdb.bundle", "graphdb.sample", "graphdb.evidence.formats"),
}
TELL = """
import sys
from cli import app
try:
    app(sys.argv[1:])
finally:
    print(*sys.modules, file=sys.stderr)
"""


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("start")
    (folder / "payments.csv").write_text(PAYMENTS, encoding="utf-8")
    home = folder / "case"
    for words in (["new", str(home)], ["add", str(folder / "payments.csv"), "--case", str(home)]):
        assert CliRunner().invoke(app, words).exit_code == 0
    return home


def loaded_by(*words: str) -> set[str]:
    """Run a command in a process of its own and give the modules that it loaded."""
    command = [sys.executable, "-c", TELL, *words]
    done = subprocess.run(command, check=True, capture_output=True, text=True, encoding="utf-8")
    assert done.stdout
    return set(done.stderr.split())


@pytest.mark.parametrize("word", ["--version", "--help"])
def test_what_needs_no_case_loads_no_engine(word: str) -> None:
    loaded = loaded_by(word)
    assert loaded.isdisjoint(ENGINES | WRITERS | {"graphdb.case"})


def test_status_loads_the_engine_of_its_case_alone(case: Path) -> None:
    loaded = loaded_by("status", "--case", str(case))
    assert "kglite" in loaded
    assert loaded.isdisjoint(WRITERS | {"neo4j", "pandas", "pyarrow", "numpy"})
    assert loaded.isdisjoint({"graphdb.trace", "graphdb.packs"})


def test_trace_loads_no_other_engine_and_nothing_that_writes(case: Path) -> None:
    loaded = loaded_by("trace", "--from", "bank:1", "--case", str(case))
    assert {"kglite", "graphdb.trace"} <= loaded
    assert loaded.isdisjoint(WRITERS | {"neo4j", "pandas", "pyarrow"})


def test_the_list_of_commands_says_what_each_says_of_itself() -> None:
    sketches = get_command(app).commands  # type: ignore[attr-defined]
    assert len(sketches) == len(COMMANDS)
    for name, sketch in sketches.items():
        assert isinstance(sketch, Sketch)
        whole = sketch.whole()
        assert whole.name == name
        assert whole.help.partition("\n\n")[0] == sketch.help
