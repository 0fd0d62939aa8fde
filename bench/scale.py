"""Measure how time, memory and disk grow with a case, for the plan in docs/scale.md.

    python -m bench.scale [embedded] [server] [--page docs/scale.md]

The payments are the first of a large case: one hundred thousand accounts, whatever their number.
Each size is a case of its own in processes of its own, and counts only when every row is there.
"""

import argparse
import json
import multiprocessing
import os
import re
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from bench.cell import Cell, Outcome, Result, measure, timed
from bench.evidence import write_payments
from bench.table import machine
from graphdb.case import Case
from graphdb.store import Credentials
from tests.neo4j.server import Neo4j, one_server

ACCOUNTS: Final = 100_000
EMBEDDED: Final = (500_000, 1_000_000, 2_000_000, 4_000_000)
SERVER: Final = (100_000, 200_000, 400_000)
# What the plan is asked about.
WANTED: Final = 200_000_000
_LIMIT_S: Final = 580.0
_GB: Final = 1024**3
_PASSWORD: Final = "of-a-server-that-lasts-minutes"  # noqa: S105
_BEGIN: Final = "<!-- scale -->\n"
_END: Final = "<!-- end of scale -->"


@dataclass(frozen=True, slots=True)
class Measured:
    """One size on one engine: seconds and peaks of memory, and bytes on disk by what they are."""

    engine: str
    payments: int
    load_s: float
    load_mb: int
    open_s: float
    open_mb: int
    trace_s: float
    trace_mb: int
    disk: dict[str, int]


def main() -> int:
    """Measure the sizes that are asked for, print them, and fit lines through them."""
    asked = argparse.ArgumentParser(prog="bench.scale", description=__doc__)
    asked.add_argument("engines", nargs="*", default=["embedded", "server"])
    asked.add_argument("--sizes", type=int, nargs="*", help="payments, instead of the usual ones")
    asked.add_argument("--out", type=Path, default=Path("scale.json"))
    asked.add_argument("--page", type=Path, help="write the run into this page of the docs")
    given = asked.parse_args()
    kept = json.loads(given.out.read_text("utf-8")) if given.out.exists() else {"runs": []}
    runs = [Measured(**run) for run in kept["runs"]]
    about = machine()
    for engine in given.engines:
        for size in given.sizes or (EMBEDDED if engine == "embedded" else SERVER):
            found = _measured(engine, size)
            if isinstance(found, str):
                print(f"{engine} {size:,}: {found}", flush=True)
                continue
            print(found, flush=True)
            runs = [one for one in runs if (one.engine, one.payments) != (engine, size)] + [found]
            runs.sort(key=lambda one: (one.engine, one.payments))
            text = json.dumps({"machine": about, "runs": [asdict(one) for one in runs]}, indent=1)
            given.out.write_text(text + "\n", encoding="utf-8")
    print(told(runs))
    if given.page:
        _write_page(given.page, about, runs)
    return 0


def _measured(engine: str, size: int) -> Measured | str:
    """Measure one size in throw-away folders; text says why there is no measurement."""
    with tempfile.TemporaryDirectory(prefix="scale-") as folder:
        payments = Path(folder) / "payments.csv"
        writer = multiprocessing.get_context("spawn").Process(
            target=write_payments, args=(payments, size, ACCOUNTS)
        )
        writer.start()
        writer.join()
        case = Path(folder) / "case"
        if engine == "embedded":
            results = _cells("embedded", payments, case, size)
            extra: dict[str, int] = {}
        else:
            with one_server(_PASSWORD) as server:
                os.environ["LINKWRIGHT_NEO4J_PASSWORD"] = _PASSWORD
                results = _cells(server.url, payments, case, size)
                extra = {"server's data": _bytes(server.home / "data")} | _resident(server)
        if failed := [one for one in results if one.seconds is None]:
            return f"{failed[0].name}: {failed[0].why}"
        load, opened, trace = results
        disk = {"evidence": payments.stat().st_size} | _by_part(case) | extra
        return Measured(
            engine, size,
            float(load.seconds or 0), load.peak_mb, float(opened.seconds or 0), opened.peak_mb,
            float(trace.seconds or 0), trace.peak_mb, disk,
        )  # fmt: skip


def _cells(engine: str, payments: Path, case: Path, size: int) -> list[Result]:
    results: list[Result] = []
    for name, work, given in (
        ("load", loaded, {"engine": engine, "payments": payments, "folder": case}),
        ("open", opened, {"folder": case}),
        ("trace", traced, {"folder": case}),
    ):
        expects = {"payments": size}
        cell = Cell(engine, name, work, given, expects, limit_s=_LIMIT_S)
        results.append(measure(cell, {}))
        if results[-1].seconds is None:
            break
    return results


def _keys() -> Credentials:
    return Credentials("neo4j", os.environ.get("LINKWRIGHT_NEO4J_PASSWORD", ""))


def loaded(engine: str, payments: Path, folder: Path) -> Outcome:
    """Add the payments to a new case."""
    case = Case.create(folder, name="scale", engine=engine, credentials=_keys())
    seconds = timed(lambda: case.add([payments]))
    tally = case.docket.finished[0].tally
    return Outcome(seconds, tally.read if tally else 0, {"payments": tally.loaded if tally else 0})


def opened(folder: Path) -> Outcome:
    """Open the case and count, as every command begins."""
    counts: list[int] = []

    def work() -> None:
        case = Case(folder, _keys())
        counts.append(case.status().counts.nodes["Payment"])
        case.close()

    return Outcome(timed(work), told={"payments": counts[0]})


def traced(folder: Path) -> Outcome:
    """Follow the money of an account for the first time, which reads every payment once."""
    case = Case(folder, _keys())
    count = case.status().counts.nodes["Payment"]
    seconds = timed(lambda: case.trace(["bank:6200000000000007"]))
    case.close()
    return Outcome(seconds, told={"payments": count})


def _bytes(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def _by_part(case: Path) -> dict[str, int]:
    parts = {name: _bytes(case / name) for name in ("exhibits", "rows", "projection")}
    graph = case / "graph.kgl"
    return parts | ({"graph": graph.stat().st_size} if graph.exists() else {})


def _resident(server: Neo4j) -> dict[str, int]:
    """Give the memory that a server held at most, where the system tells it."""
    status = Path(f"/proc/{server.pid}/status")
    if not status.exists():
        return {}
    found = re.search(r"VmHWM:\s+(\d+) kB", status.read_text("utf-8"))
    return {"server's memory": int(found[1]) * 1024} if found else {}


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line through measurements: what a case costs at all, and what a payment adds."""

    base: float
    each: float

    @staticmethod
    def through(points: Sequence[tuple[float, float]]) -> "Line":
        """Fit the line by least squares.

        >>> Line.through([(1, 3), (2, 5), (3, 7)])
        Line(base=1.0, each=2.0)
        """
        each, base = np.polyfit([x for x, _ in points], [y for _, y in points], 1)
        return Line(round(float(base), 9), round(float(each), 9))

    def at(self, size: float) -> float:
        """Say what the line gives for a size."""
        return self.base + self.each * size


_GROWS: Final[Sequence[tuple[str, Callable[[Measured], float]]]] = (
    ("load, s", lambda one: one.load_s),
    ("load, peak GB", lambda one: one.load_mb / 1024),
    ("open, s", lambda one: one.open_s),
    ("open, peak GB", lambda one: one.open_mb / 1024),
    ("first trace, s", lambda one: one.trace_s),
    ("first trace, peak GB", lambda one: one.trace_mb / 1024),
    ("evidence, GB", lambda one: one.disk["evidence"] / _GB),
    ("graph, GB", lambda one: one.disk.get("graph", one.disk.get("server's data", 0)) / _GB),
    ("rows kept, GB", lambda one: one.disk["rows"] / _GB),
)


def told(runs: Sequence[Measured]) -> str:
    """Write the measurements of each engine, the lines through them, and where these lead."""
    return "\n\n".join(
        _table(engine, [one for one in runs if one.engine == engine])
        for engine in ("embedded", "server")
        if any(one.engine == engine for one in runs)
    )


def _table(engine: str, runs: Sequence[Measured]) -> str:
    sizes = [f"{one.payments / 1e6:g}M" for one in runs]
    head = ["a million more", f"line at {WANTED / 1e6:g}M"]
    lines = [f"| {engine}: payments | {' | '.join([*sizes, *head])} |"]
    lines.append("|---" + "|---:" * (len(sizes) + len(head)) + "|")
    for name, value in _GROWS:
        cells = [f"{value(one):,.2f}" for one in runs]
        line = Line.through([(one.payments / 1e6, value(one)) for one in runs])
        cells += [f"{line.each:,.2f}", f"{line.at(WANTED / 1e6):,.0f}"]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _write_page(page: Path, about: dict[str, Any], runs: Sequence[Measured]) -> None:
    head = (
        f"{about['date']}: {about['processor']}, {about['cores']} cores, {about['memory_gb']} GB, "
        f"{about['system']}, Python {about['python']}; {ACCOUNTS:,} accounts."
    )
    before, _, rest = page.read_text(encoding="utf-8").partition(_BEGIN)
    _, _, after = rest.partition(_END)
    text = f"{before}{_BEGIN}\n{head}\n\n{told(runs)}\n\n{_END}{after}"
    page.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    sys.exit(main())
