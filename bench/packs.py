"""How every pack grows with the case: `make bench-large`, or `python -m bench.packs`.

The case is a city of ordinary people with one gang in it, so that every pack has something to
find; it is loaded through the store's door. The city grows by more people, families and groups, not
by larger ones, so the answers grow no faster than the case. A seeded pack names an entity and must
not feel the size of the case; the others look at all of it.
"""

import argparse
import json
import math
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import cache, partial
from pathlib import Path
from typing import Any, Final

from bench.cell import Cell, Cells, Ground, Outcome
from bench.growth import Timing, growth_table, write_growth
from bench.table import machine
from graphdb.casework.joining import put_hubs
from graphdb.casework.projection import payments_in
from graphdb.casework.tracing import flows_in
from graphdb.casework.walking import walker
from graphdb.identity import Joins, hub_rows, hubs_of, resolve
from graphdb.packs import Pack, load_packs, run_pack
from graphdb.store import EMBEDDED, Credentials, Store, open_store
from graphdb.trace import Flow
from tests.crowd import city, gang, seeds
from tests.neo4j.server import running

SIZES: Final = (100_000, 1_000_000, 5_000_000)
LIMIT: Final = timedelta(seconds=60)
# What every command that walks does once, before its first pack.
ARRANGING: Final = "(payments arranged, once a command)"


def seeded(pack: Pack) -> dict[str, str]:
    """Give the values that seed a pack; none if it only looks at the whole case."""
    return {name: value for name, value in seeds().items() if name in pack.parameters}


def load(store: Store, links: int) -> int:
    """Load the city of a size with the gang, and count its links."""
    batches = [*city(links), *gang()]
    for batch in batches:
        store.load(resolve(batch))
    put_hubs(store, hubs_of(hub_rows(batches), Joins()))
    store.publish()
    return sum(store.count().links.values())


def timings(store: Store) -> dict[str, Timing]:
    """Time every pack on the whole case and, where it takes a seed, with one."""
    counts = store.count()
    held = {**counts.nodes, **counts.links}
    payments = payments_in(store)
    began = time.perf_counter()
    flows = cache(lambda: _arranged(flows_in(store, payments)))
    flows()
    found = {f"{ARRANGING}|whole": Timing(time.perf_counter() - began, len(payments))}
    walk = walker(flows)
    read = partial(store.read, limit=LIMIT)
    for pack in load_packs():
        for way, given in (("whole", {}), ("seeded", seeded(pack))):
            if way == "seeded" and not given:
                continue
            best, findings = math.inf, 0
            for _ in range(3):
                began = time.perf_counter()
                answer = run_pack(pack, read, held, given, walk)
                best = min(best, time.perf_counter() - began)
                findings = -1 if answer.not_run else len(answer.findings)
                if best > LIMIT.total_seconds() / 12:
                    break
            found[f"{pack.id}|{way}"] = Timing(best, findings)
    return found


def _arranged(flows: tuple[Flow, ...]) -> tuple[Flow, ...]:
    """Make what walks look things up in; it is made once and kept with a flow."""
    for flow in flows:
        _ = flow.steps, flow.is_hub, flow.event_of, flow.place_of, flow.sent(0)
    return flows


def all_packs(path: str, links: int) -> Outcome:
    """Load a size and run every pack on it; the time is that of the packs."""
    held, found = embedded(Path(path), links)
    unfinished = sorted(key for key, timing in found.items() if timing.findings < 0)
    return Outcome(sum(one.seconds for one in found.values()), held, {"unfinished": unfinished})


def embedded(file: Path, links: int) -> tuple[int, dict[str, Timing]]:
    """Load a size into a file and time every pack on it."""
    store = open_store(EMBEDDED, file, write=True)
    held = load(store, links)
    store.close()
    return held, timings(open_store(EMBEDDED, file))


def served(_file: Path, links: int) -> tuple[int, dict[str, Timing]]:
    """Load a size into a Neo4j of its own and time every pack on it."""
    with running() as reached:
        user, password = reached["LINKWRIGHT_NEO4J_USER"], reached["LINKWRIGHT_NEO4J_PASSWORD"]
        store = open_store(reached["GRAPHDB_TEST_NEO4J"], credentials=Credentials(user, password))
        try:
            store.schema()
            return load(store, links), timings(store)
        finally:
            store.close()


ENGINES: Final[Mapping[str, Callable[[Path, int], tuple[int, dict[str, Timing]]]]] = {
    "embedded": embedded,
    "neo4j": served,
}


def cells(ground: Ground) -> Cells:
    """Every pack on 100,000 links: none may fail to finish."""
    given = {"path": str(ground.folder / "packs.kgl"), "links": SIZES[0]}
    expects: dict[str, list[str]] = {"unfinished": []}
    yield Cell("packs", "every pack on 100,000 links", all_packs, given, expects)


def main() -> int:
    """Measure the sizes, put them to those measured before, and print the table; 1 for a miss."""
    arguments = argparse.ArgumentParser(prog="bench.packs", description=__doc__)
    arguments.add_argument("--links", default=",".join(map(str, SIZES)))
    arguments.add_argument("--engine", choices=[*ENGINES], default="embedded")
    arguments.add_argument("--out", type=Path, default=Path("bench-packs.json"))
    arguments.add_argument("--page", type=Path, help="write the table into this page of the docs")
    given = arguments.parse_args()
    known: dict[str, Any] = json.loads(given.out.read_text("utf-8")) if given.out.exists() else {}
    for links in [int(size) for size in given.links.split(",") if size]:
        about = machine()
        with tempfile.TemporaryDirectory(prefix="bench-packs-") as folder:
            began = time.perf_counter()
            held, found = ENGINES[given.engine](Path(folder) / "graph.kgl", links)
        print(f"{given.engine}, {held:,} links: {time.perf_counter() - began:.0f} s", flush=True)
        rows = {key: [round(one.seconds, 5), one.findings] for key, one in found.items()}
        known[f"{given.engine} {links}"] = {"about": about, "links": held, "packs": rows}
        given.out.write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8")
    text, missed = growth_table(known)
    print(text)
    if given.page:
        write_growth(given.page, known)
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())
