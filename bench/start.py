"""Start the command on the sample case and wait for its answer, as an officer does."""

import subprocess
import sys
from pathlib import Path

from bench.cell import Cell, Cells, Ground, Outcome, timed

_RUN = "from graphdb.cli import app; app()"


def cells(ground: Ground) -> Cells:
    """Give a few commands that answer at once on a small case."""
    folder = ground.folder / "demo"
    subprocess.run(
        [sys.executable, "-c", _RUN, "demo", str(folder)], check=True, capture_output=True
    )
    commands = {
        "linkwright status": ("status",),
        "linkwright show": ("show", "person:zhao-001"),
        "linkwright trace": ("trace", "--from", "person:zhao-001"),
    }
    for name, words in commands.items():
        given = {"words": words, "case": folder / "case"}
        yield Cell("start", name, answered, given, times=3)


def answered(words: tuple[str, ...], case: Path) -> Outcome:
    """Run a command in a process of its own."""
    command = [sys.executable, "-c", _RUN, *words, "--case", str(case)]
    return Outcome(timed(lambda: subprocess.run(command, check=True, capture_output=True)))
