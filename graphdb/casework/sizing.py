"""Sizing: much of a case is held in memory, so what cannot fit is refused before it is tried.

An embedded case holds its graph there; one on a server holds its rows while they are compared.

The figures are those of `make scale` (docs/scale.md): a straight line through cases of half a
million to eight million payments, each with its two links.
"""

import logging
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from graphdb.errors import InputRefused, LimitReached, StoreUnreachable, WrongUsage

GB: Final = 1024**3
_MILLION: Final = 1_000_000
# A payment as most exports write it; only an estimate for a warning stands on it.
_BYTES_A_ROW: Final = 110
# From this share of the memory on, other programs are pushed out and all becomes slow. A bank's
# full return, with memo and reference, took 1.4 times what the lines below say: it is warned of.
_TIGHT: Final = 0.7
_SETTING: Final = "LINKWRIGHT_MEMORY_GB"
_EMBEDDED: Final = "embedded"
_MOVE: Final = (
    "put the case on a Neo4j server: 'linkwright push neo4j://HOST', or 'linkwright new DIR "
    f"--engine neo4j://HOST' (docs/neo4j.md, docs/scale.md); {_SETTING}=N says that N GB are there"
)
_SPLIT: Final = (
    "use a machine with more memory, or split the case by what is asked (docs/scale.md); "
    f"{_SETTING}=N says that N GB are there"
)
_CGROUP: Final = Path("/sys/fs/cgroup/memory.max")

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Need:
    """What a step holds in memory: at all, and for each million rows of the case, in GB.

    >>> round(LOAD.gb(8_000_000), 1)
    8.6
    """

    says: str
    base_gb: float
    million_gb: float

    def gb(self, rows: int) -> float:
        """Give the peak for so many rows."""
        return self.base_gb + self.million_gb * rows / _MILLION


LOAD: Final = Need("to load it", 0.55, 1.0)
OPEN: Final = Need("to open it", 0.15, 0.7)
TRACE: Final = Need("to follow its money", 0.6, 1.33)
# Of this program, beside a server that holds the graph.
SERVED_LOAD: Final = Need("to load it", 0.45, 0.65)
SERVED_TRACE: Final = Need("to follow its money", 0.35, 0.65)


def memory_gb(settings: Mapping[str, str] = os.environ) -> float:
    """Tell how much memory there is: what a person says, what a container may use, or all.

    >>> memory_gb({"LINKWRIGHT_MEMORY_GB": "1.5"})
    1.5

    Raises:
        WrongUsage: the setting is no number.
    """
    if said := settings.get(_SETTING):
        try:
            return float(said)
        except ValueError as error:
            raise WrongUsage(f"{_SETTING} is no number: '{said}'", fix=f"{_SETTING}=16") from error
    return min(_physical(), _allowed()) / GB


def _physical() -> float:
    if sys.platform == "win32":
        import ctypes

        # MEMORYSTATUSEX: two 32-bit words, then seven of 64 bits; the first of these is the total.
        words = (ctypes.c_uint64 * 8)(64)
        ctypes.windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(words))
        return float(words[1])
    return float(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))


def _allowed() -> float:
    try:
        return float(_CGROUP.read_text(encoding="ascii"))
    except (OSError, ValueError):  # none, or "max"
        return float("inf")


def warn_of_size(files_bytes: int, rows: int) -> None:
    """Warn before files are read, when the case may not fit with them."""
    more = files_bytes // _BYTES_A_ROW
    need, there = LOAD.gb(rows + more), memory_gb()
    if need > _TIGHT * there:
        _log.warning(
            "files of %.1f GB may hold %s rows; an embedded case of so many needs about %.0f GB of "
            "memory, and there are %.0f: a Neo4j server takes more (docs/neo4j.md, docs/scale.md)",
            files_bytes / GB,
            f"{more:,}",
            need,
            there,
        )


def refuse_to_load(rows: int, engine: str) -> None:
    """Refuse a file whose rows would not fit beside those of the case.

    Raises:
        InputRefused: they would not.
    """
    if what := _beyond(LOAD if engine == _EMBEDDED else SERVED_LOAD, rows, engine):
        raise InputRefused(what, fix=_fix(engine))


def refuse_to_open(rows: int, engine: str) -> None:
    """Refuse to open a graph that does not fit; that of a server is held there.

    Raises:
        StoreUnreachable: it does not.
    """
    if engine == _EMBEDDED and (what := _beyond(OPEN, rows, engine)):
        raise StoreUnreachable(what, fix=_MOVE)


def refuse_to_trace(rows: int, engine: str) -> None:
    """Refuse to read all payments where they do not fit.

    Raises:
        LimitReached: they do not.
    """
    if what := _beyond(TRACE if engine == _EMBEDDED else SERVED_TRACE, rows, engine):
        raise LimitReached(what, fix=_fix(engine))


def _fix(engine: str) -> str:
    return _MOVE if engine == _EMBEDDED else _SPLIT


def _beyond(need: Need, rows: int, engine: str) -> str | None:
    there = memory_gb()
    if need.gb(rows) <= there:
        return None
    kind = "an embedded case" if engine == _EMBEDDED else "a case on a server"
    return (
        f"{kind} of {rows:,} rows needs about {need.gb(rows):.1f} GB of memory here "
        f"{need.says}, and there are {there:.1f}"
    )
