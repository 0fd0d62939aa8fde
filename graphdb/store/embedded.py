"""The embedded engine: kglite, in process, one file in the case folder.

The graph is changed in memory and published as one atomic, fsynced replacement of its file.
A process that is killed in the middle of a load therefore leaves the last published graph,
whole; the case log says which exhibits it holds, and the next ``add`` finishes the others.
"""

import gc
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any, Final

import kglite
import polars as pl

from graphdb.errors import CheckFailed, StoreBusy, StoreUnreachable, WrongUsage
from graphdb.model import LINK_TYPES, NODE_TYPES, Cell, GraphRows, LinkRows, NodeRows, Rows
from graphdb.store.protocol import (
    READ_LIMIT,
    Counts,
    TimeLimitReached,
    evidence_statements,
    mark_statements,
    unheard,
)
from graphdb.store.waiting import awaited

# Bulk calls are upserts on (source, target, type), so links of which several may stand between
# the same two nodes are created by statement; this many rows keep a statement's copy small.
_ROWS_A_STATEMENT: Final = 20_000
# A pandas frame of texts takes many times what its columns do, so only a part is one at a time.
_ROWS_A_CALL: Final = 100_000
_ROWS_AT_ONCE: Final = 10_000

# The engine prints hints such as "no Seller node exists"; the coverage guard says that better.
kglite.set_query_warning_policy("silent")


class EmbeddedStore:
    """A kglite graph, in memory or in a file."""

    engine = "embedded"
    holds_answers = True

    def __init__(self, graph: Any, path: Path | None) -> None:
        self._graph = graph
        self._path = path

    @classmethod
    def in_memory(cls) -> "EmbeddedStore":
        """Open an empty graph that lives as long as the object."""
        return cls(kglite.KnowledgeGraph(), None)

    @classmethod
    def for_writing(cls, path: Path) -> "EmbeddedStore":
        """Open or create the file and hold its write lease.

        Raises:
            StoreBusy: another process holds the lease.
            StoreUnreachable: the file cannot be read.
        """
        try:
            return cls(kglite.open(str(path), durable="off"), path)
        except kglite.WriterLeaseHeldError as error:
            raise StoreBusy(
                "another process is writing this case",
                where=str(path),
                fix="wait until it has finished, then run the command again",
            ) from error
        except (kglite.KgError, OSError) as error:
            raise _unreadable(path, error) from error

    @classmethod
    def for_reading(cls, path: Path) -> "EmbeddedStore":
        """Open the last published graph; writers are not waited for and not disturbed."""
        if not path.exists():
            return cls.in_memory()
        try:
            return cls(kglite.load(str(path)), None)
        except (kglite.KgError, OSError) as error:
            raise _unreadable(path, error) from error

    def schema(self) -> tuple[str, ...]:
        """Name the declared keys; kglite enforces a node's id by itself."""
        return tuple(f"{label}.id" for label in NODE_TYPES)

    def claim(self, case: str, title: str, *, new: bool = False) -> None:
        """Refuse a graph that is there before its case; the file is in the case's own folder."""
        if new and (held := sum(self.count().nodes.values())):
            raise WrongUsage(
                f"there is a graph of {held:,} nodes already",
                where=str(self._path),
                fix="choose another folder for the case",
            )

    def recognise(self, case: str) -> None:
        """Take the graph as the case's: its file is in the case's own folder."""

    def load(
        self, rows: GraphRows, *, resume: bool = False, done: Callable[[int], None] = unheard
    ) -> None:
        """Add nodes and links to the graph in memory."""
        try:
            with _uncollected():
                for nodes in rows.nodes:
                    self._load_nodes(nodes)
                    done(nodes.frame.height)
                for links in rows.links:
                    if LINK_TYPES[links.type].event:
                        self._create_links(_without_known(self, links) if resume else links)
                    else:
                        self._upsert_links(links)
                    done(links.frame.height)
        except (kglite.KgError, OSError) as error:
            raise StoreUnreachable(f"the engine refused the rows: {error}") from error

    def _load_nodes(self, nodes: NodeRows) -> None:
        for part in _known_columns(nodes.frame).iter_slices(_ROWS_A_CALL):
            self._graph.add_nodes(_pandas(part), nodes.label, "id", conflict_handling="preserve")

    def _upsert_links(self, links: LinkRows) -> None:
        ends = (links.source_label, "source", links.target_label, "target")
        # A first call of a type keeps parallel links, a later one does not: so none are given.
        alone = _known_columns(links.frame).unique(
            ["source", "target"], keep="first", maintain_order=True
        )
        for part in alone.iter_slices(_ROWS_A_CALL):
            self._graph.add_relationships(
                _pandas(part), links.type, *ends, conflict_handling="preserve"
            )

    def _create_links(self, links: LinkRows) -> None:
        if links.frame.is_empty():
            return
        frame = _known_columns(links.frame)
        names = [name for name in frame.columns if name not in {"source", "target"}]
        values = ", ".join(f"{name}: r[{at}]" for at, name in enumerate(names, start=2))
        text = (
            f"UNWIND $rows AS r MATCH (a:{links.source_label} {{id: r[0]}}) "
            f"MATCH (b:{links.target_label} {{id: r[1]}}) "
            f"CREATE (a)-[:{links.type} {{{values}}}]->(b)"
        )
        for part in frame.select("source", "target", *names).iter_slices(_ROWS_A_STATEMENT):
            self._graph.cypher(text, params={"rows": part.rows()}, timeout_ms=0)

    def publish(self) -> None:
        """Replace the file by the graph in memory, atomically.

        Raises:
            StoreUnreachable: the disk is full or the folder cannot be written; the file is
                then still the one published before.
        """
        if self._path is None:
            return
        try:
            with warnings.catch_warnings():
                # It says which columns a memory-mapped load holds on the heap; we load whole.
                warnings.simplefilter("ignore", kglite.MappedFallbackWarning)
                self._graph.save(str(self._path))
        except (kglite.KgError, OSError) as error:
            raise StoreUnreachable(
                f"the graph could not be written: {error}",
                where=str(self._path),
                fix="free some disk space, then run the same command again; nothing was lost",
            ) from error

    def read(
        self,
        text: str,
        parameters: Mapping[str, Cell] | None = None,
        *,
        limit: timedelta = READ_LIMIT,
    ) -> Rows:
        """Run a query on a snapshot that cannot be written; it can be interrupted."""
        # A transaction would hold the interpreter's lock as long as the query runs.
        snapshot = self._graph.freeze()

        def work() -> Rows:
            answer = snapshot.cypher(
                text,
                params=dict(parameters or {}),
                timeout_ms=max(1, round(limit.total_seconds() * 1000)),
            )
            columns = tuple(str(name) for name in answer.columns)
            return Rows(
                columns, tuple(tuple(row[name] for name in columns) for row in answer.to_list())
            )

        try:
            return awaited(work)
        except kglite.CypherTimeoutError as error:
            raise TimeLimitReached(
                f"the query took longer than {limit.total_seconds():g} s and was stopped",
                fix="narrow it by a time window or a seed, or raise the limit",
            ) from error
        except kglite.ReadOnlyError as error:
            raise WrongUsage("a query may not write", fix="use MATCH and RETURN only") from error
        except kglite.KgError as error:
            raise CheckFailed(f"the engine refused the query: {error}") from error

    def stream(
        self, text: str, parameters: Mapping[str, Cell] | None = None
    ) -> Iterator[Sequence[tuple[Cell, ...]]]:
        """Read a whole graph part by part; the engine holds the answer, rows are made lazily."""
        try:
            answer = self._graph.cypher(text, params=dict(parameters or {}), timeout_ms=0)
            rows = (tuple(row.values()) for row in answer)
            while part := list(islice(rows, _ROWS_AT_ONCE)):
                yield part
        except kglite.KgError as error:
            raise CheckFailed(f"the engine refused the query: {error}") from error

    def columns(
        self,
        text: str,
        schema: Mapping[str, pl.DataType | type[pl.DataType]],
        parameters: Mapping[str, Cell] | None = None,
    ) -> Iterator[pl.DataFrame]:
        """Read a query as columns, in one part, one column after the other: cells are many."""
        try:
            answer = self._graph.cypher(text, params=dict(parameters or {}), timeout_ms=0)
            with _uncollected():
                columns = [
                    _series(name, answer.column(name), kind) for name, kind in schema.items()
                ]
        except kglite.KgError as error:
            raise CheckFailed(f"the engine refused the query: {error}") from error
        yield pl.DataFrame(columns)

    def explain(self, text: str, parameters: Mapping[str, Cell] | None = None) -> tuple[str, ...]:
        """Plan a query and give the engine's warnings."""
        try:
            plan = self._graph.cypher(f"EXPLAIN {text}", params=dict(parameters or {}))
        except kglite.KgError as error:
            raise CheckFailed(f"the engine refused the query: {error}") from error
        return tuple(str(warning) for warning in plan.warnings)

    def count(self) -> Counts:
        """Count nodes by label and links by type."""
        nodes = self.read("MATCH (n) RETURN labels(n)[0] AS what, count(n) AS n ORDER BY what")
        links = self.read("MATCH ()-[l]->() RETURN type(l) AS what, count(l) AS n ORDER BY what")
        return Counts(
            {str(what): int(str(n)) for what, n in nodes.rows},
            {str(what): int(str(n)) for what, n in links.rows},
        )

    def clear(self) -> None:
        """Remove every node and link."""
        self._graph.cypher("MATCH (n) DETACH DELETE n", timeout_ms=0)

    def unlink(self, type_: str) -> None:
        """Remove every link of a type."""
        self._graph.cypher(f"MATCH ()-[l:{type_}]->() DELETE l", timeout_ms=0)

    def gather_evidence(self, label: str, places: pl.DataFrame) -> None:
        """Give nodes and their own links all their places."""
        for text in evidence_statements(label):
            for part in places.select("id", "evidence").iter_slices(_ROWS_A_STATEMENT):
                self._graph.cypher(text, params={"rows": part.rows()}, timeout_ms=0)

    def mark(self, label: str, values: pl.DataFrame) -> None:
        """Set properties of nodes, and take them from all others of the label."""
        names = [name for name in values.columns if name != "id"]
        clear, put = mark_statements(label, names)
        told = ", ".join(f"n.{name} AS {name}" for name in names)
        marked = self.read(
            f"MATCH (n:{label}) WHERE n.{names[0]} IS NOT NULL RETURN n.id AS id, {told}"
        )
        wanted = values.select("id", *names).unique().rows()
        if set(marked.rows) == set(wanted):
            return
        if marked.rows:  # clearing rewrites a column of all nodes, so never in vain
            self._graph.cypher(clear, timeout_ms=0)
        for at in range(0, len(wanted), _ROWS_A_STATEMENT):
            rows = wanted[at : at + _ROWS_A_STATEMENT]
            self._graph.cypher(put, params={"rows": rows}, timeout_ms=0)

    def close(self) -> None:
        """Give the lease back without saving."""
        if self._path is not None:
            # close() saves; a graph that failed half-way must not be published by closing it.
            self._graph = None
            self._path = None


@contextmanager
def _uncollected() -> Iterator[None]:
    """Keep Python from looking for cycles among the millions of cells on their way to the engine.

    They hold none, and each search visits all of them: half the time of a load goes there.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _series(name: str, cells: list[Any], kind: pl.DataType | type[pl.DataType]) -> pl.Series:
    """Make a column of cells; many lists go by way of Arrow, which takes a tenth of the time."""
    if kind != pl.List(pl.String) or len(cells) < _ROWS_AT_ONCE:
        return pl.Series(name, cells, kind)
    # Loaded here, as only a large case is worth the wait for it.
    import pyarrow as pa

    return pl.Series(name, pa.array(cells, pa.large_list(pa.large_string())))


def _pandas(frame: pl.DataFrame) -> Any:
    """Give a frame as the engine takes it; it reads lists twice as fast as arrays in cells."""
    lists = [column for column in frame if column.dtype == pl.List]
    made = frame.drop(column.name for column in lists).to_pandas()
    for column in lists:
        made[column.name] = column.to_list()
    for column in frame:
        # pandas turns whole numbers with gaps into floats, and 2**53 fen would lose a fen.
        if column.dtype.is_integer() and column.null_count():
            # Loaded here, as only a load needs it: every command would wait a third of a second.
            from pandas import array

            made[column.name] = array(column.to_list(), dtype="Int64")
    return made


def _known_columns(frame: pl.DataFrame) -> pl.DataFrame:
    """Leave out columns without a value: to the engine an absent property is the same."""
    return frame.select(column for column in frame if column.null_count() < frame.height)


def _without_known(store: EmbeddedStore, links: LinkRows) -> LinkRows:
    """Leave out the links that an interrupted load has already made, told by their place."""
    exhibit = str(links.frame["evidence"][0][0]).rpartition(":")[0]
    known = store.read(
        f"MATCH (a:{links.source_label})-[l:{links.type}]->(b:{links.target_label}) "
        "WHERE l.evidence[0] STARTS WITH $exhibit "
        "RETURN a.id AS source, b.id AS target, l.evidence[0] AS place",
        {"exhibit": f"{exhibit}:"},
    )
    if not known.rows:
        return links
    there = pl.DataFrame(known.rows, schema=["source", "target", "place"], orient="row")
    frame = (
        links.frame.with_columns(place=pl.col("evidence").list.first())
        .join(there, on=["source", "target", "place"], how="anti", maintain_order="left")
        .drop("place")
    )
    return LinkRows(links.type, links.source_label, links.target_label, frame)


def _unreadable(path: Path, error: Exception) -> StoreUnreachable:
    return StoreUnreachable(
        f"the graph file cannot be opened: {error}",
        where=str(path),
        fix="'linkwright rebuild' builds it anew from the rows of the exhibits",
    )
