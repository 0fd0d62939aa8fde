"""The table of packs by size: seconds of the processor, growth, and what is missed."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

# What is promised: growth and seconds at a million links, embedded.
WHOLE_GROWTH, WHOLE_SECONDS = 1.15, 5.0
SEEDED_GROWTH, SEEDED_SECONDS = 0.5, 0.2
_MILLION: Final = 1_000_000
# A size is small enough to be mostly what a question costs at all, up to this many times that.
_TIMES_AT_ALL: Final = 4
# Below this the slope between two times tells of the clock, not of growth.
_LEAST_SECONDS: Final = 0.005
_MARKS: Final = ("<!-- packs -->\n", "<!-- end of packs -->")


@dataclass(frozen=True, slots=True)
class Timing:
    """A pack at one size: the least of its runs by the clock and by the processor's time.

    ``findings`` is -1 if it was not finished; ``digest`` tells findings that differ.
    """

    seconds: float
    processor: float
    findings: int
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """All packs on one engine at one size; size 0 is the gang and a street, no city."""

    engine: str
    size: int
    links: int
    packs: Mapping[str, Timing]

    @property
    def head(self) -> str:
        """Write the size shortly.

        >>> Run("embedded", 100_000, 118_265, {}).head, Run("neo4j", 1_000_000, 1, {}).head
        ('embedded, 100k', 'neo4j, 1M')
        """
        if not self.size:
            return f"{self.engine}, the gang"
        if self.size >= _MILLION:
            return f"{self.engine}, {self.size // _MILLION}M"
        return f"{self.engine}, {self.size // 1_000}k"


def runs_of(known: Mapping[str, Any]) -> list[Run]:
    """Read what `bench-packs.json` holds, by engine and size."""
    runs = []
    for name, held in known.items():
        engine, _, size = name.partition(" ")
        packs = {key: Timing(*timing) for key, timing in held["packs"].items()}
        runs.append(Run(engine, int(size), held["links"], packs))
    return sorted(runs, key=lambda run: (run.engine, run.size))


def growth_table(runs: list[Run]) -> tuple[str, int]:
    """Write every pack at every size as Markdown, and count those that miss what is promised."""
    ours = [run for run in runs if run.engine == "embedded"]
    served = [run for run in runs if run.engine != "embedded"]
    clocks = [run for run in ours if run.size == _MILLION] + served
    heads = [*(run.head for run in ours), *(f"clock, {run.head}" for run in clocks)]
    lines = [
        f"| pack | way | {' | '.join(heads)} | grows | findings | misses |",
        f"|---|---|{'---:|' * (len(heads) + 2)}---|",
    ]
    missed = 0
    for key in dict.fromkeys(key for run in runs for key in run.packs):
        pack, _, way = key.partition("|")
        told = {run.size: run.packs[key] for run in ours if key in run.packs}
        cells = [_seconds(run.packs.get(key), "processor") for run in ours]
        cells += [_seconds(run.packs.get(key), "seconds") for run in clocks]
        links = {run.size: run.links for run in ours}
        slope, wrong = judged({links[size]: timing for size, timing in told.items()}, way)
        wrong += [f"{run.engine} finds others" for run in served if _differs(run, key, told)]
        missed += bool(wrong)
        grows = "" if slope is None else f"{slope:.2f}"
        sizes = [size for size in sorted(told) if size] or sorted(told)
        found = dict.fromkeys(str(told[size].findings) for size in sizes[:1] + sizes[-1:])
        cells += [grows, " to ".join(found), "; ".join(wrong)]
        lines.append(f"| {pack} | {way} | {' | '.join(cells)} |")
    return "\n".join(lines), missed


def judged(timings: Mapping[int, Timing], way: str) -> tuple[float | None, list[str]]:
    """Give the growth by links held, and what is not as promised.

    >>> at = {1_000: (0.01, 0.01, 1), 100_000: (0.1, 0.1, 1), 1_000_000: (2.0, 2.0, 1)}
    >>> judged({links: Timing(*told) for links, told in at.items()}, "seeded")
    (1.3, ['grows faster than 0.5', 'over 0.2 s'])
    """
    growth, most = (
        (SEEDED_GROWTH, SEEDED_SECONDS) if way == "seeded" else (WHOLE_GROWTH, WHOLE_SECONDS)
    )
    said = ["not finished"] if any(one.findings < 0 for one in timings.values()) else []
    slope = _slope(timings)
    if slope is not None and slope > growth:
        said.append(f"grows faster than {growth:g}")
    if any(_MILLION <= links < 2 * _MILLION and timings[links].seconds > most for links in timings):
        said.append(f"over {most:g} s")
    return slope, said


def _slope(timings: Mapping[int, Timing]) -> float | None:
    """Give the slope of the processor's time from the first size that shows growth to the last.

    The smallest size tells what a question costs at all. A size at which it takes no more than
    four times that would flatten the slope, so it is left out, as long as two sizes are left.
    What takes no time worth telling at the last has no slope.

    >>> at = {1_000: 0.004, 100_000: 0.005, 1_000_000: 0.04, 10_000_000: 0.4}
    >>> _slope({links: Timing(cpu, cpu, 1) for links, cpu in at.items()})
    1.0
    """
    if len(timings) < 3:
        return None
    tiny, *sizes = sorted(timings)
    while len(sizes) > 2 and timings[sizes[0]].processor <= _TIMES_AT_ALL * timings[tiny].processor:
        sizes.pop(0)
    small, large = sizes[0], sizes[-1]
    if timings[large].processor < _LEAST_SECONDS:
        return None
    times = timings[large].processor / timings[small].processor
    return round(math.log(times) / math.log(large / small), 2)


def _differs(run: Run, key: str, told: Mapping[int, Timing]) -> bool:
    """Say whether another engine found other rows in the same city."""
    one, other = run.packs.get(key), told.get(run.size)
    return bool(one and other and one.findings >= 0 and one.digest != other.digest)


def write_growth(path: Path, known: Mapping[str, Any]) -> None:
    """Put the table between the marks of the page, with where and when each size was run."""
    text, missed = growth_table(runs_of(known))
    told = [
        f"- {run.partition(' ')[0]}, {one['links']:,} links: {one['about']['date']}, "
        f"{one['about']['processor']}, {one['about']['cores']} cores, "
        f"{one['about']['memory_gb']} GB, load average {one['about']['load_average'][0]}, "
        f"{_version(one['about']['versions'])}"
        for run, one in known.items()
    ]
    count = len(text.splitlines()) - 2
    says = f"{missed} of {count} rows miss something." if missed else "No row misses anything."
    begin, end = _MARKS
    new = "\n".join([begin, *told, "", says, "", text, "", end])
    page = path.read_text(encoding="utf-8")
    pattern = re.escape(begin) + ".*" + re.escape(end)
    changed = re.sub(pattern, lambda _: new, page, flags=re.DOTALL)
    path.write_text(changed, encoding="utf-8", newline="\n")


def _version(versions: Mapping[str, str]) -> str:
    return f"Neo4j {versions['server']}" if "server" in versions else f"kglite {versions['kglite']}"


def _seconds(timing: Timing | None, which: str) -> str:
    if timing is None:
        return ""
    seconds: float = getattr(timing, which)
    return f"> {seconds:.0f}" if timing.findings < 0 else f"{seconds:.3f}"
