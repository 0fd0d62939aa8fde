"""The table of packs by size: seconds, growth, and what is missed."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

# What is promised: growth and seconds at a million links, embedded.
WHOLE_GROWTH, WHOLE_SECONDS = 1.15, 5.0
SEEDED_GROWTH, SEEDED_SECONDS = 0.5, 0.2
_MILLION: Final = 1_000_000
# Below this the slope between two times tells of the clock, not of growth.
_LEAST_SECONDS: Final = 0.02
_MARKS: Final = ("<!-- packs -->\n", "<!-- end of packs -->")


@dataclass(frozen=True, slots=True)
class Timing:
    """A pack at one size: the best of its runs, and how many findings, -1 if not finished."""

    seconds: float
    findings: int


def exponent(small: float, large: float, ratio: float) -> float:
    """Give the slope of a time between two sizes; what takes a millisecond has none.

    >>> exponent(0.1, 1.0, 10)
    1.0
    """
    return round(math.log(max(large, 1e-3) / max(small, 1e-3)) / math.log(ratio), 2)


def growth_table(runs: Mapping[str, Any]) -> tuple[str, int]:
    """Write every pack at every size as Markdown, and count those that miss what is promised.

    ``runs`` has for each engine and size the links held and, by pack and way, seconds and findings.
    """
    ordered = sorted(runs, key=lambda run: (run.partition(" ")[0], int(run.rpartition(" ")[2])))
    heads = [f"{run.partition(' ')[0]}, {_short(int(run.rpartition(' ')[2]))}" for run in ordered]
    lines = [
        f"| pack | way | {' | '.join(heads)} | grows | findings | misses |",
        f"|---|---|{'---:|' * (len(heads) + 2)}---|",
    ]
    missed = 0
    keys = dict.fromkeys(key for run in ordered for key in runs[run]["packs"])
    for key in keys:
        pack, _, way = key.partition("|")
        told = {
            run: Timing(*runs[run]["packs"][key]) for run in ordered if key in runs[run]["packs"]
        }
        cells = [_seconds(told[run]) if run in told else "" for run in ordered]
        ours = {runs[run]["links"]: one for run, one in told.items() if run.startswith("embedded")}
        wrong = judged(ours, way)[1]
        missed += bool(wrong)
        found = " to ".join(dict.fromkeys(str(ours[links].findings) for links in _ends(ours)))
        grows = ", ".join(f"{slope:.2f}" for slope in _steps(ours))
        lines.append(f"| {pack} | {way} | {' | '.join(cells)} | {grows} | {found} | {wrong} |")
    return "\n".join(lines), missed


def judged(timings: Mapping[int, Timing], way: str) -> tuple[float | None, str]:
    """Give the growth between the smallest and the largest size, and what is not as promised.

    >>> judged({100_000: Timing(0.1, 1), 1_000_000: Timing(2.0, 1)}, "seeded")
    (1.3, 'grows faster than 0.5; over 0.2 s')
    """
    growth, most = (
        (SEEDED_GROWTH, SEEDED_SECONDS) if way == "seeded" else (WHOLE_GROWTH, WHOLE_SECONDS)
    )
    ends = _ends(timings)
    said = ["not finished"] if any(one.findings < 0 for one in timings.values()) else []
    slope = None
    if len(ends) == 2:
        small, large = (timings[links].seconds for links in ends)
        slope = exponent(small, large, ends[1] / ends[0])
        if slope > growth and large > _LEAST_SECONDS:
            said.append(f"grows faster than {growth:g}")
    if any(_MILLION <= links < 2 * _MILLION and timings[links].seconds > most for links in timings):
        said.append(f"over {most:g} s")
    return slope, "; ".join(said)


def write_growth(path: Path, runs: Mapping[str, Any]) -> None:
    """Put the table between the marks of the page, with where and when each size was run."""
    text, missed = growth_table(runs)
    told = [
        f"- {run.partition(' ')[0]}, {one['links']:,} links: {one['about']['date']}, "
        f"{one['about']['processor']}, {one['about']['cores']} cores, "
        f"{one['about']['memory_gb']} GB, load average {one['about']['load_average'][0]}, "
        f"kglite {one['about']['versions']['kglite']}"
        for run, one in runs.items()
    ]
    count = len(text.splitlines()) - 2
    says = f"{missed} of {count} rows miss something." if missed else "No row misses anything."
    begin, end = _MARKS
    new = "\n".join([begin, *told, "", says, "", text, "", end])
    page = path.read_text(encoding="utf-8")
    pattern = re.escape(begin) + ".*" + re.escape(end)
    changed = re.sub(pattern, lambda _: new, page, flags=re.DOTALL)
    path.write_text(changed, encoding="utf-8", newline="\n")


def _steps(timings: Mapping[int, Timing]) -> list[float]:
    """Give the growth from each size to the next."""
    sizes = sorted(timings)
    return [
        exponent(timings[small].seconds, timings[large].seconds, large / small)
        for small, large in pairwise(sizes)
    ]


def _ends(timings: Mapping[int, Timing]) -> tuple[int, ...]:
    """Give the smallest and the largest size, once if there is one."""
    return tuple(dict.fromkeys((min(timings), max(timings)))) if timings else ()


def _seconds(timing: Timing) -> str:
    return f"> {timing.seconds:.0f}" if timing.findings < 0 else f"{timing.seconds:.3f}"


def _short(links: int) -> str:
    """Write a size shortly.

    >>> _short(100_000), _short(5_000_000)
    ('100k', '5M')
    """
    return f"{links // 1_000_000}M" if links >= 1_000_000 else f"{links // 1_000}k"
