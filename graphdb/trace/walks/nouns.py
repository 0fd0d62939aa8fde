"""The nouns of walks: the seeds a query gives, what a walk tells, and the walk itself."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from graphdb.model import Cell
from graphdb.trace.flow import Flow

Seeds: TypeAlias = "Sequence[tuple[Cell, ...]]"
Given: TypeAlias = "Mapping[str, Cell]"


@dataclass(frozen=True, slots=True)
class Told:
    """One row of an answer, and the payments whose rows are its evidence."""

    cells: tuple[Cell, ...]
    payments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Walk:
    """A question to the payments as arrays.

    ``seeds`` are the columns that the pack's query returns, ``columns`` those of the answer
    without its evidence, ``takes`` the parameters that the walk itself reads.
    """

    name: str
    seeds: tuple[str, ...]
    columns: tuple[str, ...]
    takes: tuple[str, ...]
    go: Callable[[Flow, Seeds, Given], Iterable[Told]]


def whole(given: Given, name: str) -> int:
    """Give a parameter that is a whole number."""
    return int(str(given[name]))


def share(given: Given, name: str) -> float:
    """Give a parameter that is a share."""
    return float(str(given[name]))
