"""How every pack grows with the case: `python -m bench.packs [--links N,N,...]`.

The case is a city of ordinary people with one gang in it, so that every pack has something to
find; it is loaded through the store's door. A seeded pack names an entity and must not feel the
size of the case; the others look at all of it. The exponent is the slope between two sizes: 1 is
linear.
"""

import argparse
import math
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Final

from bench.cell import Cell, Cells, Ground, Outcome
from graphdb.identity import Joins, hub_rows, hubs_of, resolve
from graphdb.joining import put_hubs
from graphdb.packs import Pack, load_packs, run_pack
from graphdb.projection import payments_in
from graphdb.proving import read_given
from graphdb.sample import market, sample_truth, scam
from graphdb.sample.rows import Rows
from graphdb.store import EMBEDDED, Store, open_store
from graphdb.tracing import flows_in
from graphdb.walking import walker
from tests.crowd import city

SIZES: Final = (100_000, 1_000_000)
LIMIT: Final = timedelta(seconds=60)
# What is promised: growth and seconds at a million links.
WHOLE_GROWTH, WHOLE_SECONDS = 1.15, 5.0
SEEDED_GROWTH, SEEDED_SECONDS = 0.5, 0.2


@dataclass(frozen=True, slots=True)
class Timing:
    """A pack at one size: the better of two runs, and how many findings, -1 if not finished."""

    seconds: float
    findings: int


def seeds() -> Mapping[str, str]:
    """Name an entity for each parameter that can name one."""
    truth = sample_truth()
    return {
        "seller": truth.sellers[0],
        "victim": truth.victim,
        "account": truth.first_receivers[0],
        "group": truth.group,
        "person": truth.victim,
        "device": truth.operator_devices[0],
    }


def seeded(pack: Pack) -> dict[str, str]:
    """Give the values that seed a pack; none if it only looks at the whole case."""
    return {name: value for name, value in seeds().items() if name in pack.parameters}


def load(path: Path, links: int) -> int:
    """Make the graph of a size in a file, and count its links."""
    gang = Rows()
    scam.tell(gang, market.tell(gang))
    batches = [*city(links), *read_given(gang.tables, "gang-")]
    store = open_store(EMBEDDED, path, write=True)
    for batch in batches:
        store.load(resolve(batch))
    put_hubs(store, hubs_of(hub_rows(batches), Joins()))
    store.publish()
    count = sum(store.count().links.values())
    store.close()
    return count


def timings(store: Store) -> dict[tuple[str, str], Timing]:
    """Time every pack on the whole case and, where it takes a seed, with one."""
    counts = store.count()
    held = {**counts.nodes, **counts.links}
    payments = payments_in(store)
    walk = walker(lambda: flows_in(store, payments))
    read = partial(store.read, limit=LIMIT)
    found: dict[tuple[str, str], Timing] = {}
    for pack in load_packs():
        for way, given in (("whole", {}), ("seeded", seeded(pack))):
            if way == "seeded" and not given:
                continue
            best, findings = math.inf, 0
            for _ in range(2):
                began = time.perf_counter()
                answer = run_pack(pack, read, held, given, walk)
                best = min(best, time.perf_counter() - began)
                findings = -1 if answer.not_run else len(answer.findings)
                if best > LIMIT.total_seconds() / 2:
                    break
            found[pack.id, way] = Timing(best, findings)
    return found


def exponent(small: float, large: float, ratio: float) -> float:
    """Give the slope of a time between two sizes; what takes a millisecond has none.

    >>> exponent(0.1, 1.0, 10)
    1.0
    """
    return round(math.log(max(large, 1e-3) / max(small, 1e-3)) / math.log(ratio), 2)


def all_packs(path: str, links: int) -> Outcome:
    """Load a size and run every pack on it once or twice; the time is that of the packs."""
    file = Path(path)
    held = load(file, links)
    began = time.perf_counter()
    found = timings(open_store(EMBEDDED, file))
    unfinished = sorted(f"{id_} ({way})" for (id_, way), t in found.items() if t.findings < 0)
    return Outcome(time.perf_counter() - began, held, {"unfinished": unfinished})


def cells(ground: Ground) -> Cells:
    """Every pack on 100,000 links: none may fail to finish."""
    given = {"path": str(ground.folder / "packs.kgl"), "links": SIZES[0]}
    expects: dict[str, list[str]] = {"unfinished": []}
    yield Cell("packs", "every pack on 100,000 links", all_packs, given, expects)


def main() -> int:
    """Print each pack's seconds at each size and its exponent; 1 if a promise does not hold."""
    arguments = argparse.ArgumentParser(prog="bench.packs", description=__doc__)
    arguments.add_argument("--links", default=",".join(map(str, SIZES)))
    sizes = [int(size) for size in arguments.parse_args().links.split(",")]
    found: list[dict[tuple[str, str], Timing]] = []
    with tempfile.TemporaryDirectory(prefix="bench-packs-") as folder:
        for size in sizes:
            file = Path(folder) / f"{size}.kgl"
            began = time.perf_counter()
            held = load(file, size)
            print(f"{held:,} links loaded in {time.perf_counter() - began:.0f} s", flush=True)
            found.append(timings(open_store(EMBEDDED, file)))
    missed = 0
    print("| pack | way |" + "".join(f" {size:,} links, s |" for size in sizes) + " exponent | |")
    print("|---|---|" + "---|" * (len(sizes) + 2))
    for key in found[0]:
        seconds = [one[key].seconds for one in found]
        slope = exponent(seconds[0], seconds[-1], sizes[-1] / sizes[0]) if sizes[1:] else 0.0
        wrong = _missed(key[1], seconds, slope, sizes, unfinished=found[-1][key].findings < 0)
        missed += bool(wrong)
        print(
            f"| {key[0]} | {key[1]} |"
            + "".join(f" {s:.3f} |" for s in seconds)
            + f" {slope} | {wrong} |"
        )
    print(f"{missed} of {len(found[0])} miss what is promised")
    return int(missed > 0)


def _missed(
    way: str, seconds: list[float], slope: float, sizes: list[int], *, unfinished: bool
) -> str:
    growth, most = (
        (SEEDED_GROWTH, SEEDED_SECONDS) if way == "seeded" else (WHOLE_GROWTH, WHOLE_SECONDS)
    )
    at_million = next((s for s, n in zip(seconds, sizes, strict=True) if n == 1_000_000), 0.0)
    said = []
    if unfinished:
        said.append("not finished")
    # A slope between times of a few milliseconds says nothing about growth.
    if slope > growth and seconds[-1] > 0.05:
        said.append(f"grows faster than {growth}")
    if at_million > most:
        said.append(f"over {most} s")
    return ", ".join(said)


if __name__ == "__main__":
    sys.exit(main())
