"""Measure how time, memory and disk grow with a case, for the plan in docs/scale.md.

    python -m bench.scale [embedded] [server] [import] [--page docs/scale.md]

The payments are the first of a large case: one hundred thousand accounts, whatever their number.
Each size is a case of its own in processes of its own, and counts only when every row is there.
"""

import argparse
import json
import multiprocessing
import re
import resource
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, TypeAlias

import numpy as np

from bench.cell import CannotRun, Cell, Outcome, measure, timed
from bench.evidence import write_payments
from bench.table import machine
from graphdb.bundle.exports import export_named
from graphdb.case import Case
from graphdb.packs import Answer
from graphdb.store import Credentials
from tests.neo4j.server import Neo4j, one_server

ACCOUNTS: Final = 100_000
SIZES: Final[Mapping[str, tuple[int, ...]]] = {
    "embedded": (500_000, 1_000_000, 2_000_000, 4_000_000, 8_000_000),
    "server": (100_000, 400_000, 1_000_000),
    "import": (500_000, 1_000_000, 4_000_000),
}
# What the plan is asked about.
WANTED: Final = 200_000_000
_LIMIT_S: Final = 3600.0
_GB: Final = 1024**3
_SEED: Final = "bank:6200000000000007"
_PASSWORD: Final = "of-a-server-that-lasts-minutes"  # noqa: S105
_BEGIN: Final = "<!-- scale -->\n"
_END: Final = "<!-- end of scale -->"


Step: TypeAlias = tuple[str, Callable[..., Outcome], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Measured:
    """One size on one way: seconds, peaks of memory and bytes on disk, by name."""

    way: str
    payments: int
    values: dict[str, float]


def main() -> int:
    """Measure the sizes that are asked for, print them, and fit lines through them."""
    asked = argparse.ArgumentParser(prog="bench.scale", description=__doc__)
    asked.add_argument("ways", nargs="*", metavar="WAY", help=f"of {', '.join(SIZES)}")
    asked.add_argument("--sizes", type=int, nargs="*", help="payments, instead of the usual ones")
    asked.add_argument("--table", action="store_true", help="measure nothing; print what is kept")
    asked.add_argument("--out", type=Path, default=Path("scale.json"))
    asked.add_argument("--page", type=Path, help="write the run into this page of the docs")
    given = asked.parse_args()
    kept = json.loads(given.out.read_text("utf-8")) if given.out.exists() else {"runs": []}
    runs = [Measured(**run) for run in kept["runs"]]
    about = kept["machine"] if given.table else machine()
    for way in () if given.table else given.ways or SIZES:
        for size in given.sizes or SIZES[way]:
            found = _measured(way, size)
            if isinstance(found, str):
                print(f"{way} {size:,}: {found}", flush=True)
                continue
            print(found, flush=True)
            runs = [one for one in runs if (one.way, one.payments) != (way, size)] + [found]
            runs.sort(key=lambda one: (one.way, one.payments))
            text = json.dumps({"machine": about, "runs": [asdict(one) for one in runs]}, indent=1)
            given.out.write_text(text + "\n", encoding="utf-8")
    print(told(runs))
    if given.page:
        _write_page(given.page, about, runs)
    return 0


def _measured(way: str, size: int) -> Measured | str:
    """Measure one size in throw-away folders; text says why there is no measurement."""
    with tempfile.TemporaryDirectory(prefix="scale-") as name:
        folder = Path(name)
        payments, case = folder / "payments.csv", folder / "case"
        writer = multiprocessing.get_context("spawn").Process(
            target=write_payments, args=(payments, size, ACCOUNTS)
        )
        writer.start()
        writer.join()
        load: Step = ("load", loaded, {"engine": "embedded", "payments": payments, "folder": case})
        ask: list[Step] = [
            ("open", opened, {"folder": case}),
            ("first trace", traced, {"folder": case}),
            ("later trace", traced, {"folder": case}),
            ("pack, one account", asked, {"folder": case, "pack": "money/fast_in_fast_out"}
             | {"values": {"account": _SEED}}),
            ("pack, whole case", asked, {"folder": case, "pack": "money/wage_like_payments"}),
        ]  # fmt: skip
        extra: dict[str, float] = {}
        if way == "server":
            with one_server(_PASSWORD) as server:
                found = _cells(way, [(*load[:2], {**load[2], "engine": server.url}), *ask], size)
                extra = {"server's data with logs, GB": _gb(server.home / "data")}
                extra |= _resident(server)
        elif way == "import":
            home = folder / "server"
            write: Step = ("export", exported, {"folder": case, "out": folder / "out"})
            take: Step = ("import", imported, {"out": folder / "out", "home": home})
            found = _cells(way, [load, write, take], size)
            extra = {"files, GB": _gb(folder / "out"), "store, GB": _gb(home)}
            if not isinstance(found, str):
                with Neo4j(home, _PASSWORD).started() as server:
                    prove: Step = ("push that proves", pushed, {"folder": case, "url": server.url})
                    more = _cells(way, [prove, *ask], size)
                    extra |= _resident(server)
                found = more if isinstance(more, str) else found | more
        else:
            found = _cells(way, [load, *ask], size)
            extra = {"graph, GB": _gb(case / "graph.kgl")}
        if isinstance(found, str):
            return found
        disk = {"evidence, GB": _gb(payments), "rows kept, GB": _gb(case / "rows")}
        return Measured(way, size, found | disk | extra)


def _cells(way: str, steps: Sequence[Step], size: int) -> dict[str, float] | str:
    values: dict[str, float] = {}
    for name, work, given in steps:
        cell = Cell(way, name, work, given, {"payments": size}, limit_s=_LIMIT_S)
        result = measure(cell, {})
        if result.seconds is None:
            return f"{name}: {result.why}"
        peak = result.told.get("peak, GB", result.peak_mb / 1024)
        values |= {f"{name}, s": result.seconds, f"{name}, peak GB": peak}
    return values


def _keys() -> Credentials:
    return Credentials("neo4j", _PASSWORD)


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
    seconds = timed(lambda: case.trace([_SEED]))
    case.close()
    return Outcome(seconds, told={"payments": count})


def asked(folder: Path, pack: str, values: Mapping[str, str] | None = None) -> Outcome:
    """Ask a pack, on the open case."""
    case = Case(folder, _keys())
    count = case.status().counts.nodes["Payment"]
    answers: list[Answer] = []
    seconds = timed(
        lambda: answers.extend(case.run([pack], values, limit=timedelta(seconds=_LIMIT_S)))
    )
    case.close()
    if answers[0].not_run:
        raise CannotRun(answers[0].not_run)
    return Outcome(seconds, told={"payments": count})


def exported(folder: Path, out: Path) -> Outcome:
    """Write the case as the files of neo4j-admin."""
    case = Case(folder)
    seconds = timed(lambda: case.hand_over([export_named("neo4j-admin")], out))
    count = case.status().counts.nodes["Payment"]
    return Outcome(seconds, told={"payments": count})


def imported(out: Path, home: Path) -> Outcome:
    """Let neo4j-admin make a database of the files."""
    home.mkdir()
    server = Neo4j(home, _PASSWORD)
    said: list[str] = []
    seconds = timed(lambda: said.append(server.take_in(out / "neo4j-admin")))
    links = re.search(r"(\d+) relationships", said[0])
    # That of the importer, in kilobytes: this process only waits for it.
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024 / _GB
    count = int(links[1]) // 2 if links else 0
    return Outcome(seconds, told={"payments": count, "peak, GB": peak})


def pushed(folder: Path, url: str) -> Outcome:
    """Push to a server that has the graph already: both are read and proved equal."""
    case = Case(folder)
    told: list[str] = []
    seconds = timed(lambda: case.push(url, _keys(), lambda what, _done, _of: told.append(what)))
    count = 0 if "rows written" in told else case.status().counts.nodes["Payment"]
    case.close()
    return Outcome(seconds, told={"payments": count})


def _gb(place: Path) -> float:
    files = [place] if place.is_file() else [one for one in place.rglob("*") if one.is_file()]
    return sum(file.stat().st_size for file in files) / _GB


def _resident(server: Neo4j) -> dict[str, float]:
    """Give the memory that a server held at most, where the system tells it."""
    status = Path(f"/proc/{server.pid}/status")
    text = status.read_text("utf-8") if status.exists() else ""
    found = re.search(r"VmHWM:\s+(\d+) kB", text)
    return {"server's memory, GB": int(found[1]) * 1024 / _GB} if found else {}


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


def told(runs: Sequence[Measured]) -> str:
    """Write the measurements of each way, the lines through them, and where these lead."""
    return "\n\n".join(
        _table(way, found) for way in SIZES if (found := [one for one in runs if one.way == way])
    )


def _table(way: str, runs: Sequence[Measured]) -> str:
    sizes = [f"{one.payments / 1e6:g}M" for one in runs]
    head = ["a million more", f"line at {WANTED / 1e6:g}M"] if len(runs) > 1 else []
    lines = [f"| {way}: payments | {' | '.join([*sizes, *head])} |"]
    lines.append("|---" + "|---:" * (len(sizes) + len(head)) + "|")
    for name in max((one.values for one in runs), key=len):
        cells = [f"{one.values[name]:,.2f}" if name in one.values else "" for one in runs]
        known = [(one.payments / 1e6, one.values[name]) for one in runs if name in one.values]
        if len(known) > 1:
            line = Line.through(known)
            cells += [f"{line.each:,.2f}", f"{line.at(WANTED / 1e6):,.0f}"]
        else:
            cells += [""] * len(head)
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
