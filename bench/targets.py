"""What the figures are held against, as ratios within one run, and the page that tells them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bench.cell import Result
from bench.table import table

_BEGIN: Final = "<!-- bench -->\n"
_END: Final = "<!-- end of bench -->"


@dataclass(frozen=True, slots=True)
class Target:
    """A ratio of two measurements (by their names) and its bound."""

    says: str
    over: str
    under: str
    at_most: float | None = None
    at_least: float | None = None


TARGETS: Final = (
    Target(
        "Reading, checking and hashing a CSV, in scans of polars",
        "Linkwright, reads the CSV", "polars, scan of the CSV", at_most=10,
    ),
    Target(
        "Reading, checking and hashing a tab-separated return, in scans of polars",
        "Linkwright, reads the tab-separated", "polars, scan of the tab-separated", at_most=10,
    ),
    Target(
        "The embedded load, with hashing, evidence and deduplication, in passes of csv.DictReader",
        "Linkwright, embedded", "csv.DictReader, read only", at_most=4,
    ),
    Target(
        "UNWIND MERGE into Neo4j, in embedded loads",
        "driver, UNWIND MERGE of dicts", "Linkwright, embedded", at_least=8,
    ),
    Target(
        "py2neo's bulk, in loads of ours into Neo4j",
        "py2neo, merge_nodes and create_relationships", "Linkwright, into Neo4j", at_least=1,
    ),
    Target(
        "A second identical load, in first ones",
        "Linkwright, the same file again", "Linkwright, embedded", at_most=1 / 3,
    ),
    Target(
        "A plain Python deque, in FIFO traces of ours",
        "plain Python, a deque an account", "Linkwright, all lots (FIFO)", at_least=5,
    ),
)  # fmt: skip
_MEMORY_MB: Final = 2_048
_MEASURED_MEMORY: Final = {
    "Linkwright, embedded": "Peak memory of the embedded load, MB",
    "trace from 200 accounts, first time": "Peak memory of the first trace of 200 accounts, MB",
}
_START_S: Final = 1.0


def ratios(results: Sequence[Result]) -> str:
    """Write what holds and what does not as a Markdown table.

    >>> from bench.cell import Result
    >>> twice = [Result("trace", "plain Python, a deque an account", 6.0),
    ...          Result("trace", "Linkwright, all lots (FIFO)", 1.0)]
    >>> print(ratios(twice).splitlines()[-1])
    | A plain Python deque, in FIFO traces of ours | at least 5 | 6.00 | holds |
    """
    known = {one.name: one for one in results}
    lines = ["| target | wanted | is | |", "|---|---|---:|---|"]
    for target in TARGETS:
        over, under = known.get(target.over), known.get(target.under)
        if not (over and under and over.seconds and under.seconds):
            continue
        ratio = over.seconds / under.seconds
        least, most = target.at_least, target.at_most
        wanted = f"at least {least:g}" if least is not None else f"at most {most:.3g}"
        holds = ratio >= least if least is not None else ratio <= (most or 0)
        lines.append(_row(target.says, wanted, f"{ratio:.2f}", holds=holds))
    for name, says in _MEASURED_MEMORY.items():
        if (one := known.get(name)) and one.seconds:
            holds = one.peak_mb < _MEMORY_MB
            lines.append(_row(says, f"below {_MEMORY_MB}", str(one.peak_mb), holds=holds))
    for one in results:
        if one.group == "start" and one.seconds:
            is_, holds = f"{one.seconds:.2f}", one.seconds <= _START_S
            lines.append(_row(f"{one.name}, seconds", f"at most {_START_S:g}", is_, holds=holds))
    return "\n".join(lines)


def _row(says: str, wanted: str, is_: str, *, holds: bool) -> str:
    return f"| {says} | {wanted} | {is_} | {'holds' if holds else '**does not hold**'} |"


def write_page(path: Path, about: dict[str, Any], rows: int, results: Sequence[Result]) -> None:
    """Put a run between the marks of the page; the words around it stay."""
    versions = ", ".join(f"{name} {number}" for name, number in about["versions"].items())
    load = ", ".join(str(one) for one in about["load_average"])
    head = (
        f"{about['date']}: {about['processor']}, {about['cores']} cores, {about['memory_gb']} GB, "
        f"{about['system']}, Python {about['python']}; {versions}. {rows:,} payments. "
        f"Load average at the start: {load}."
    )
    groups = dict.fromkeys(one.group for one in results)
    tables = [table([one for one in results if one.group == group]) for group in groups]
    text = "\n\n".join([head, ratios(results), *tables])
    page = path.read_text(encoding="utf-8")
    pattern = re.escape(_BEGIN) + ".*" + re.escape(_END)
    new = re.sub(pattern, lambda _: f"{_BEGIN}\n{text}\n\n{_END}", page, flags=re.DOTALL)
    path.write_text(new, encoding="utf-8", newline="\n")
