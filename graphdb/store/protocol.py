"""The one shape that every engine has."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final, Protocol

from graphdb.errors import CheckFailed
from graphdb.model import Cell, GraphRows, Rows

READ_LIMIT: Final = timedelta(minutes=3)


class TimeLimitReached(CheckFailed):
    """A query took longer than it was given; no partial answer is ever returned."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """A name and a password for a server; the password never shows in a log or traceback."""

    user: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many nodes stand under each label, and how many links of each type."""

    nodes: Mapping[str, int]
    links: Mapping[str, int]


class Store(Protocol):
    """A property graph that takes rows as columns and answers Cypher.

    Loading the same rows twice with ``resume`` leaves the graph as it was; ``load`` without it
    may assume that no link of these rows is there yet. What was loaded is durable after
    ``publish``, and whoever opens the store for reading sees exactly what was published.
    """

    engine: str

    def schema(self) -> tuple[str, ...]:
        """Declare constraints and indexes, idempotently, and name them."""

    def load(self, rows: GraphRows, *, resume: bool = False) -> None:
        """Add nodes (known properties are kept, missing ones filled) and links."""

    def publish(self) -> None:
        """Make all that was loaded durable and visible to readers."""

    def read(
        self,
        text: str,
        parameters: Mapping[str, Cell] | None = None,
        *,
        limit: timedelta = READ_LIMIT,
    ) -> Rows:
        """Run a query that cannot write.

        Raises:
            TimeLimitReached: it took longer than ``limit``.
        """

    def explain(self, text: str, parameters: Mapping[str, Cell] | None = None) -> tuple[str, ...]:
        """Plan a query without running it and give the engine's warnings."""

    def count(self) -> Counts:
        """Count nodes by label and links by type."""

    def clear(self) -> None:
        """Remove every node and link; for proofs and tests, never for a case."""

    def close(self) -> None:
        """Release the engine; what was not published is given up."""
