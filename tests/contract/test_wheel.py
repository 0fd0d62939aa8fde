"""What is installed is what stands in the tree, and its command runs from a bare environment."""

import json
import os
import subprocess
import sys
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest
from filelock import FileLock

ROOT = Path(__file__).parents[2]
RUN = "PYTEST_XDIST_TESTRUNUID"
pytestmark = pytest.mark.wheel


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    # Two workers of one run share the folder above their own, and build once.
    folder = tmp_path_factory.getbasetemp().parent / f"wheel-{os.environ.get(RUN, os.getpid())}"
    with FileLock(folder.with_suffix(".lock")):
        if not folder.exists():
            command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--quiet"]
            subprocess.run([*command, "-w", str(folder), "."], cwd=ROOT, check=True)
    (built,) = folder.glob("*.whl")
    return built


def tree() -> set[str]:
    """Every file of the package as it should stand in a wheel."""
    patterns = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    places = {"graphdb": "graphdb", "cli": "graphdb/cli", "queries": "graphdb/queries"}
    font = {".ttf", ".txt"}
    kept = font | {
        ".py",
        ".cypher",
        ".toml",
        ".html",
        ".css",
        ".js",
        ".svg",
        ".md",
        ".typed",
        ".ttf",
        ".txt",
    }
    assert patterns["setuptools"]["include-package-data"] is False
    return {
        f"{inside}/{path.relative_to(ROOT / outside).as_posix()}"
        for outside, inside in places.items()
        for path in (ROOT / outside).rglob("*")
        if path.is_file() and (path.suffix in kept or path.name == "py.typed")
    }


def test_wheel_and_tree_hold_the_same_files(wheel: Path) -> None:
    inside = {n for n in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in n}
    assert inside == tree()


def test_the_wheel_takes_one_name_in_site_packages(wheel: Path) -> None:
    names = {name.partition("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {name for name in names if not name.endswith(".dist-info")} == {"graphdb"}


def test_the_installed_command_runs_in_a_bare_environment(wheel: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "bare", with_pip=True)
    bin_ = tmp_path / "bare" / ("Scripts" if os.name == "nt" else "bin")
    install = [str(bin_ / "python"), "-m", "pip", "install", "--quiet", str(wheel)]
    clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    subprocess.run(install, check=True, cwd=tmp_path, env=clean)
    done = subprocess.run(
        [str(bin_ / "linkwright"), "demo", "demo", "--json"],
        cwd=tmp_path, env=clean, capture_output=True, check=True,
    )  # fmt: skip
    answer = json.loads(done.stdout)
    assert (tmp_path / answer["chart"]).stat().st_size > 100_000
    assert answer["chains"] >= 1
    assert answer["findings"] >= 1
