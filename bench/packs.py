"""How every pack grows with the case: `make bench-large`, or `python -m bench.packs`.

The case is a city of ordinary people with one gang in it, so that every pack has something to
find; it is loaded through the store's door. The city grows by more people, families and groups, not
by larger ones, so the answers grow no faster than the case. A seeded pack names an entity and must
not feel the size of the case; the others look at all of it. A Neo4j takes the embedded graph in as
`linkwright export --format neo4j-admin` hands it over, so both are asked of the same graph.
"""

import argparse
import json
import secrets
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, TypeVar

from bench.cell import Cell, Cells, Ground, Outcome
from bench.growth import Timing, growth_table, runs_of, write_growth
from bench.table import machine
from graphdb.bundle.exports import Handover, export_named, write_exports
from graphdb.casework.joining import put_hubs
from graphdb.casework.projection import payments_in
from graphdb.casework.tracing import flows_in
from graphdb.casework.walking import walker
from graphdb.identity import Joins, hub_rows, hubs_of, resolve
from graphdb.model import Finding
from graphdb.packs import Pack, load_packs, run_pack
from graphdb.store import EMBEDDED, Credentials, Store, links_of, nodes_of, open_store
from graphdb.trace import Flow
from tests.crowd import city, gang, seeds
from tests.neo4j.server import LINE, VERSIONS, Neo4j

# The first is the gang and a street of forty: what a question costs at all.
SIZES: Final = (0, 100_000, 1_000_000, 5_000_000)
_Told = TypeVar("_Told")

LIMIT: Final = timedelta(seconds=60)
# The first run reads what no question has read; more than three while they take next to no time.
_RUNS, _MOST_RUNS, _ENOUGH_SECONDS = 3, 20, 0.5
# A graph of a million links is 2 GB in Neo4j.
_SETTINGS: Final = {"server.memory.pagecache.size": "2g"}
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
    clock, processor, arranged = _least(lambda: _arranged(flows_in(store, payments)))
    found = {f"{ARRANGING}|whole": Timing(clock, processor, len(payments))}
    walk = walker(lambda: arranged)
    read = partial(store.read, limit=LIMIT)
    for pack in load_packs():
        for way, given in (("whole", {}), ("seeded", seeded(pack))):
            if way == "seeded" and not given:
                continue
            ask = partial(run_pack, pack, read, held, given, walk)
            clock, processor, answer = _least(ask)
            findings = -1 if answer.not_run else len(answer.findings)
            timing = Timing(clock, processor, findings, _digest(answer.findings))
            found[f"{pack.id}|{way}"] = timing
    return found


def _least(ask: Callable[[], _Told]) -> tuple[float, float, _Told]:
    """Give the least of some runs by the clock and by this process's time of the processor."""
    clocks: list[float] = []
    processor: list[float] = []
    while len(clocks) < _RUNS or (len(clocks) < _MOST_RUNS and sum(clocks) < _ENOUGH_SECONDS):
        began, spent = time.perf_counter(), time.process_time()
        answer = ask()
        processor.append(time.process_time() - spent)
        clocks.append(time.perf_counter() - began)
    return min(clocks), min(processor), answer


def _digest(findings: Sequence[Finding]) -> str:
    """Tell findings apart, whatever their order."""
    rows = [json.dumps([one.key, one.values, sorted(one.evidence)], default=list)
            for one in findings]  # fmt: skip
    return sha256("\n".join(sorted(rows)).encode()).hexdigest()[:16]


def _arranged(flows: tuple[Flow, ...]) -> tuple[Flow, ...]:
    """Make what walks look things up in; it is made once and kept with a flow."""
    for flow in flows:
        _ = flow.steps, flow.is_hub, flow.events_of(()), flow.place_of, flow.sent(0)
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


def served(file: Path, links: int) -> tuple[int, dict[str, Timing]]:
    """Load a size into a file, let a Neo4j of its own import it, and time every pack there."""
    store = open_store(EMBEDDED, file, write=True)
    held = load(store, links)
    graph = Handover("city", "all of it", [*nodes_of(store)], [*links_of(store)], (), ())
    write_exports(graph, [export_named("neo4j-admin")], file.parent)
    store.close()
    password = secrets.token_hex(16)
    home = file.parent / "server"
    home.mkdir()
    server = Neo4j(home, password, settings=_SETTINGS, java=())
    server.take_in(file.parent / "neo4j-admin")
    with server.started():
        there = open_store(server.url, credentials=Credentials("neo4j", password))
        there.schema()
        if sum(there.count().links.values()) != held:
            raise SystemExit("the import has not all links")
        found = timings(there)
        there.close()
        return held, found


ENGINES: Final[Mapping[str, Callable[[Path, int], tuple[int, dict[str, Timing]]]]] = {
    "embedded": embedded,
    "neo4j": served,
}


def cells(ground: Ground) -> Cells:
    """Every pack on 100,000 links: none may fail to finish."""
    given = {"path": str(ground.folder / "packs.kgl"), "links": 100_000}
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
        if given.engine == "neo4j":
            about["versions"] |= {"server": VERSIONS[LINE]}
        with tempfile.TemporaryDirectory(prefix="bench-packs-") as folder:
            began = time.perf_counter()
            held, found = ENGINES[given.engine](Path(folder) / "graph.kgl", links)
        print(f"{given.engine}, {held:,} links: {time.perf_counter() - began:.0f} s", flush=True)
        rows = {
            key: [round(one.seconds, 5), round(one.processor, 5), one.findings, one.digest]
            for key, one in found.items()
        }
        known[f"{given.engine} {links}"] = {"about": about, "links": held, "packs": rows}
        given.out.write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8")
    text, missed = growth_table(runs_of(known))
    print(text)
    if given.page:
        write_growth(given.page, known)
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())
