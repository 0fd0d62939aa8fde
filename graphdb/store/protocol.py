"""The one shape that every engine has."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final, Protocol

import polars as pl

from graphdb.errors import LimitReached
from graphdb.model import LINK_TYPES, Cell, GraphRows, Rows

READ_LIMIT: Final = timedelta(minutes=3)


def unheard(_rows: int) -> None:
    """Report no progress."""


class TimeLimitReached(LimitReached):
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

    ``holds_answers`` tells whether the engine holds an answer whole while it is streamed.
    """

    engine: str
    holds_answers: bool

    def schema(self) -> tuple[str, ...]:
        """Declare constraints and indexes, idempotently, and name them."""

    def claim(self, case: str, title: str, *, new: bool = False) -> None:
        """Make the graph this case's own.

        Raises:
            WrongUsage: it is another case's, or (``new``) it holds nodes of nobody's.
        """

    def recognise(self, case: str) -> None:
        """Refuse to read a graph that is not this case's.

        Raises:
            WrongUsage: it is another case's, or it is gone.
        """

    def load(
        self, rows: GraphRows, *, resume: bool = False, done: Callable[[int], None] = unheard
    ) -> None:
        """Add nodes (known properties are kept, missing ones filled) and links.

        ``done`` is told how many rows were written, part by part.
        """

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

    def stream(
        self, text: str, parameters: Mapping[str, Cell] | None = None
    ) -> Iterator[Sequence[tuple[Cell, ...]]]:
        """Read the rows of a query that may be as many as the graph has, part by part."""

    def columns(
        self,
        text: str,
        schema: Mapping[str, pl.DataType | type[pl.DataType]],
        parameters: Mapping[str, Cell] | None = None,
    ) -> Iterator[pl.DataFrame]:
        """Read such a query as columns of these types, part by part; a part may be empty."""

    def explain(self, text: str, parameters: Mapping[str, Cell] | None = None) -> tuple[str, ...]:
        """Plan a query without running it and give the engine's warnings."""

    def count(self) -> Counts:
        """Count nodes by label and links by type."""

    def clear(self) -> None:
        """Remove every node and link, before the graph is built again from its rows."""

    def unlink(self, type_: str) -> None:
        """Remove every link of a type, before it is written anew."""

    def gather_evidence(self, label: str, places: pl.DataFrame) -> None:
        """Give nodes and their own links all their places; ``places`` has ``id``, ``evidence``."""

    def mark(self, label: str, values: pl.DataFrame) -> None:
        """Set properties of the nodes of a label, and take them from all its other nodes.

        ``values`` has ``id`` and a column for each property.
        """

    def close(self) -> None:
        """Release the engine; what was not published is given up."""


def mark_statements(label: str, names: Sequence[str]) -> tuple[str, str]:
    """Write the statements that take properties from all nodes of a label, and that set them.

    >>> mark_statements("IP", ["hub"])[1]
    'UNWIND $rows AS r MATCH (n:IP {id: r[0]}) SET n.hub = r[1]'
    """
    removed = ", ".join(f"n.{name}" for name in names)
    values = ", ".join(f"n.{name} = r[{at}]" for at, name in enumerate(names, start=1))
    return (
        f"MATCH (n:{label}) WHERE n.{names[0]} IS NOT NULL REMOVE {removed}",
        f"UNWIND $rows AS r MATCH (n:{label} {{id: r[0]}}) SET {values}",
    )


_TOLD_BY_ROWS: Final = frozenset({"Payment", "Sale", "Message", "Penalty", "Notice", "Report"})


def evidence_statements(label: str) -> tuple[str, ...]:
    """Write the statements that set the places of nodes and of the links that are theirs alone.

    >>> evidence_statements("Penalty")[0]
    'UNWIND $rows AS r MATCH (n:Penalty {id: r[0]}) SET n.evidence = r[1]'
    """
    statements = [f"UNWIND $rows AS r MATCH (n:{label} {{id: r[0]}}) SET n.evidence = r[1]"]
    for link in LINK_TYPES.values():
        if link.event:
            continue
        for source, target in link.ends:
            ends = {source: f"(n:{source} {{id: r[0]}})", target: f"(:{target})"}
            if label == target != source:
                ends = {source: f"(:{source})", target: f"(n:{target} {{id: r[0]}})"}
            # A link of two such nodes (what settles a sale) has the places of its own row.
            both = {source, target} & _TOLD_BY_ROWS
            if label in (source, target) and len(both) == 1:
                statements.append(
                    f"UNWIND $rows AS r MATCH {ends[source]}-[l:{link.type}]->{ends[target]} "
                    "SET l.evidence = r[1]"
                )
    return tuple(statements)
