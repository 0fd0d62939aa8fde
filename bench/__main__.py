"""Run the benchmark: `make bench`, or `python -m bench [GROUP...] [--rows N]`."""

import argparse
import json
import multiprocessing
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from bench import chart, load, packs, read, server_load, start, trace
from bench.cell import Cells, Ground, Result, measure
from bench.evidence import ROWS, write_payments
from bench.table import machine, record, table
from bench.targets import ratios, write_page
from tests.neo4j.server import running

GROUPS: Final[Mapping[str, Callable[[Ground], Cells]]] = {
    "read": read.cells,
    "load": load.cells,
    "start": start.cells,
    "server": server_load.cells,
    "trace": trace.cells,
    "chart": chart.cells,
    "packs": packs.cells,
}
# The groups that measure a server.
_SERVED: Final = {"server"}
_BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome", "chrome")


def main() -> int:
    """Measure the groups, print a table each, and write everything as JSON."""
    arguments = argparse.ArgumentParser(prog="bench", description=__doc__)
    arguments.add_argument("groups", nargs="*", metavar="GROUP", help=f"of {', '.join(GROUPS)}")
    arguments.add_argument("--rows", type=int, default=ROWS, help="payments in the evidence")
    arguments.add_argument("--out", type=Path, default=Path("bench.json"))
    arguments.add_argument("--page", type=Path, help="write the run into this page of the docs")
    given = arguments.parse_args()
    groups: list[str] = given.groups or [*GROUPS]
    about = machine()
    began = time.monotonic()
    results: list[Result] = []
    print(f"{about['processor']}, {about['cores']} cores, load {about['load_average']}", flush=True)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, server(groups) as neo4j:
        payments = Path(folder) / "payments.csv"
        # Apart, because a child's peak of memory begins at that of its parent.
        writer = multiprocessing.get_context("spawn").Process(
            target=write_payments, args=(payments, given.rows)
        )
        writer.start()
        writer.join()
        browser = next(filter(None, map(shutil.which, _BROWSERS)), None)
        ground = Ground(Path(folder), payments, given.rows, neo4j, browser)
        for name in groups:
            group = _measured(GROUPS[name](ground))
            print(f"\n{table(group)}\n", flush=True)
            results += group
            # After each group, so that a run that is broken off keeps what it measured.
            text = json.dumps(record(about, given.rows, results), indent=1, ensure_ascii=False)
            given.out.write_text(text + "\n", encoding="utf-8")
    print(ratios(results), flush=True)
    print(f"\n{(time.monotonic() - began) / 60:.1f} minutes in all", flush=True)
    if given.page:
        write_page(given.page, about, given.rows, results)
    return int(any(one.why.startswith(("WRONG", "FAILED")) for one in results))


def _measured(cells: Cells) -> list[Result]:
    """Measure the cells of a group; which comes next may depend on the last result."""
    group: list[Result] = []
    known: dict[str, object] = {}
    last: Result | None = None
    while True:
        try:
            cell = next(cells) if last is None else cells.send(last)
        except StopIteration:
            return group
        last = measure(cell, known)
        group.append(last)
        print(f"  {cell.name}: {last.why or f'{last.seconds:.2f} s'}", flush=True)


@contextmanager
def server(groups: Collection[str]) -> Iterator[str | None]:
    """Start a Neo4j where Java and Maven are; its address and password stand in the environment."""
    if not _SERVED & set(groups):
        yield None
        return
    try:
        with running() as reached:
            os.environ |= reached
            yield reached["GRAPHDB_TEST_NEO4J"]
    except SystemExit as error:
        print(f"no Neo4j: {error}", flush=True)
        yield None


if __name__ == "__main__":
    sys.exit(main())
