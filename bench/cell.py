"""A cell is one measurement: a function that runs in a fresh process, and a gate before its time.

The function does its set-up, times what is to be measured, and tells what it found. A time
counts only when what was told is what the cell expects.
"""

import multiprocessing
import resource
import sys
import time
import traceback
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final, TypeAlias

Told: TypeAlias = Mapping[str, Any]


class CannotRun(Exception):
    """A peer is not there; the reason is printed in place of a time."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What all cells share: the evidence, a folder to work in, and what this machine has."""

    folder: Path
    payments: Path
    rows: int
    neo4j: str | None
    chromium: str | None

    @property
    def case(self) -> Path:
        """The embedded case that holds the payments once the group ``load`` has run."""
        return self.folder / "case"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How long the measured part took, over how many rows, and what it found.

    ``scale`` says by what ``seconds`` was multiplied when only a part was run.
    """

    seconds: float
    rows: int = 0
    told: Told = field(default_factory=dict)
    scale: float = 1.0


@dataclass(frozen=True, slots=True)
class Cell:
    """One measurement.

    ``work`` is a function of a module, so that a fresh process finds it; ``given`` are its
    arguments. ``expects`` is what it must tell before its time counts; what ``agrees`` names must
    be what the cells of the group before it told. Over ``limit_s`` seconds it is stopped and shown
    as "> 60 s".
    """

    group: str
    name: str
    work: Callable[..., Outcome]
    given: Mapping[str, Any] = field(default_factory=dict)
    expects: Told = field(default_factory=dict)
    agrees: tuple[str, ...] = ()
    times: int = 1
    limit_s: float = 120.0


@dataclass(frozen=True, slots=True)
class Result:
    """A measurement as it is printed: the best time, or why there is none."""

    group: str
    name: str
    seconds: float | None
    rows: int = 0
    peak_mb: int = 0
    scale: float = 1.0
    told: Told = field(default_factory=dict)
    cpu: float = 0.0
    why: str = ""

    @property
    def rate(self) -> float | None:
        """Rows a second."""
        return self.rows / self.seconds if self.rows and self.seconds else None


# A group gives its cells one by one; what it is sent back is the result of the last.
Cells: TypeAlias = Generator[Cell, Result, None]


# Of this process: what the processor spent in the measured parts.
_CPU: Final[list[float]] = []


def timed(work: Callable[[], object]) -> float:
    """Run something and give the seconds it took; those of the processor are kept beside."""
    begun, used = time.perf_counter(), time.process_time()
    work()
    _CPU.append(time.process_time() - used)
    return time.perf_counter() - begun


def measure(cell: Cell, known: dict[str, Any]) -> Result:
    """Run a cell as often as it says, each time in a fresh process, and keep the best time.

    ``known`` is what the cells before it told and others are to agree with.
    """
    best: Result | None = None
    for _ in range(cell.times):
        result = _once(cell, known)
        if result.seconds is None:
            return result
        if best is None or best.seconds is None or result.seconds < best.seconds:
            best = result
    assert best is not None  # noqa: S101 - a cell runs at least once
    return best


def _once(cell: Cell, known: dict[str, Any]) -> Result:
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe(duplex=False)
    child = context.Process(target=_work, args=(there, cell.work, dict(cell.given)))
    child.start()
    there.close()
    try:
        answer = here.recv() if here.poll(cell.limit_s) else f"> {cell.limit_s:g} s"
    except EOFError:
        answer = "not run: its process died"
    if isinstance(answer, str):
        child.kill()
        child.join()
        return Result(cell.group, cell.name, None, why=answer)
    child.join()
    outcome, peak_mb, cpu = answer
    agreed = {name: known.setdefault(name, outcome.told.get(name)) for name in cell.agrees}
    for name, expected in (*cell.expects.items(), *agreed.items()):
        if outcome.told.get(name) != expected:
            why = f"WRONG: {name} is {outcome.told.get(name)!r}, not {expected!r}"
            return Result(cell.group, cell.name, None, told=outcome.told, why=why)
    return Result(
        cell.group,
        cell.name,
        outcome.seconds,
        outcome.rows,
        peak_mb,
        outcome.scale,
        outcome.told,
        cpu * outcome.scale,
    )


def _work(there: Connection, work: Callable[..., Outcome], given: dict[str, Any]) -> None:
    try:
        outcome = work(**given)
    except CannotRun as error:
        there.send(f"not run: {error}")
    except Exception as error:
        traceback.print_exc()
        there.send(f"FAILED: {type(error).__name__}: {error}")
    else:
        # Linux counts in kilobytes, macOS in bytes.
        unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // unit
        there.send((outcome, peak, sum(_CPU)))
