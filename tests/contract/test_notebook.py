"""The notebook of the docs runs, and is kept without what a run leaves in it."""

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from graphdb.sample import sample_truth
from tests.conftest import SERVER

NOTEBOOK = Path(__file__).parents[2] / "docs" / "notebook.ipynb"


def cells(path: Path) -> list[Any]:
    found: list[Any] = json.loads(path.read_text("utf-8"))["cells"]
    return [cell for cell in found if cell["cell_type"] == "code"]


def test_the_notebook_is_kept_without_its_outputs() -> None:
    assert all(
        cell["outputs"] == [] and cell["execution_count"] is None for cell in cells(NOTEBOOK)
    )


@pytest.mark.skipif(
    not (find_spec("nbclient") and find_spec("ipykernel")),
    reason="nbclient or ipykernel is not installed: the notebook is NOT TESTED",
)
def test_the_notebook_runs_and_shows_tables_charts_and_trails(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    if SERVER:
        request.getfixturevalue("server").clear()
    ran = tmp_path / "ran.ipynb"
    kept = {name: str(tmp_path / name.lower()) for name in ("IPYTHONDIR", "JUPYTER_RUNTIME_DIR")}
    done = subprocess.run(
        [sys.executable, "-c", "from nbclient.cli import main; main()", NOTEBOOK, "--output", ran],
        cwd=tmp_path,
        env=os.environ | kept | {"NEO4J_URL": SERVER or "", "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    outputs = [output for cell in cells(ran) for output in cell["outputs"]]
    said = "".join("".join(output["text"]) for output in outputs if "text" in output)
    shown = ["".join(o["data"].get("text/html", "")) for o in outputs if "data" in o]
    truth = sample_truth()
    assert f" suspected chains to {truth.victim} over {truth.group}" in said
    assert sum("<iframe" in html for html in shown) == 2
    assert sum("<table" in html for html in shown) == 2
    stands = "links stand on the server" if SERVER else "nothing was tried"
    assert stands in said
    if SERVER:
        request.getfixturevalue("server").clear()
