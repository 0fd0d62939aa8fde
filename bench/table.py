"""The table of a run and its JSON: times, rates, memory, and the machine they were taken on."""

import os
import platform
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

from bench.cell import Result

_VERSIONS: Final = ("linkwright", "kglite", "polars", "numpy", "neo4j", "py2neo", "pyvis")


def machine() -> dict[str, Any]:
    """Say where and when this ran."""
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "system": f"{platform.system()} {platform.machine()}",
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9),
        "python": platform.python_version(),
        "load_average": [round(one, 1) for one in os.getloadavg()],
        "versions": {name: _version(name) for name in _VERSIONS},
    }


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.processor())


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def record(about: dict[str, Any], rows: int, results: Iterable[Result]) -> dict[str, Any]:
    """Shape a run as JSON."""
    cells = [asdict(one) | {"rate": one.rate} for one in results]
    return {"machine": about, "rows": rows, "cells": cells}


def table(results: Sequence[Result]) -> str:
    """Write the results of a group as a Markdown table; the first time is what others compare to.

    >>> print(table([Result("load", "a", 2.0, 4, 7), Result("load", "b", None, why="not run: x")]))
    | load | seconds | of it CPU | rows/s | peak MB | told |
    |---|---:|---:|---:|---:|---|
    | a | 2.00 | 0.00 | 2 | 7 |  |
    | b |  |  |  |  | not run: x |
    """
    lines = [f"| {results[0].group} | seconds | of it CPU | rows/s | peak MB | told |"]
    lines.append("|---|---:|---:|---:|---:|---|")
    lines += [f"| {' | '.join(_row(one))} |" for one in results]
    return "\n".join(lines)


def _row(one: Result) -> Iterable[str]:
    if one.seconds is None:
        return (one.name, "", "", "", "", one.why)
    told = ", ".join(f"{name} {value}" for name, value in one.told.items())
    if one.scale != 1:
        told = f"1/{one.scale:g} was run, time scaled; {told}"
    digits = 3 if one.seconds < 1 else 2
    rate = f"{one.rate:,.0f}" if one.rate else ""
    cpu = f"{one.cpu:,.2f}"
    return (one.name, f"{one.seconds:,.{digits}f}", cpu, rate, str(one.peak_mb), told)
