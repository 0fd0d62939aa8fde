"""Proving packs: what they claim, shown on a real engine through the real doors.

Joins evidence, identity, store and the sample for ``linkwright packs test``: the rows that a
case gives are written as CSV and read like any exhibit, so a pack is tested with the loader that
officers use.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

import polars as pl

from graphdb.casework.joining import put_hubs
from graphdb.casework.projection import payments_in
from graphdb.casework.tracing import flows_in
from graphdb.casework.walking import walker
from graphdb.errors import InputRefused, WrongUsage
from graphdb.evidence import TABLES, ReadOptions, read_evidence
from graphdb.identity import Joins, hub_rows, hubs_of, resolve
from graphdb.model import (
    LINK_TYPES,
    NODE_TYPES,
    Batch,
    GraphRows,
    LinkRows,
    NodeRows,
    Property,
)
from graphdb.packs import Bench, Graph, Pack, Parts, Proof, Tables, Walker, prove
from graphdb.sample import clean_city
from graphdb.store import EMBEDDED, IN_MEMORY, Credentials, Store, open_store

_EXAMPLES: Mapping[str, object] = {
    "text": "x",
    "int": 1,
    "float": 0.5,
    "time": "2025-01-01T00:00:00.000Z",
    "texts": ["x"],
}


def prove_packs(
    packs: Sequence[Pack], engine: str = EMBEDDED, credentials: Credentials | None = None
) -> Iterator[Proof]:
    """Prove packs on an engine; on a server the database must be empty, and is left empty.

    The embedded engine is asked in memory case by case and from a file for all cases together; a
    server is asked for all cases together, and must answer as the embedded engine does.

    Raises:
        WrongUsage: the server's database holds something.
    """
    if engine == EMBEDDED:
        with TemporaryDirectory() as folder:
            file = Path(folder) / "graph.kgl"

            def embedded(parts: Parts, twice: bool) -> Store:
                return _in_memory(parts, twice) if len(parts) == 1 else _from_file(file, parts)

            yield from prove(packs, Bench(embedded, _declared, clean_city(), walker=_walker))
        return
    server = open_store(engine, credentials=credentials)
    try:
        if held := sum(server.count().nodes.values()):
            raise WrongUsage(
                f"the database holds {held:,} nodes, and proofs need an empty one",
                where=engine,
                fix="name a database that is used for nothing else",
            )
        server.schema()

        def loaded(parts: Parts, twice: bool) -> Store:
            # All is merged on its evidence, so to load a second time is to load twice.
            if not twice:
                server.clear()
            return _load(server, parts)

        def declared() -> Store:
            server.clear()
            return server

        other = partial(_in_memory, twice=False)
        bench = Bench(loaded, declared, clean_city(), alone=False, other=other, walker=_walker)
        yield from prove(packs, bench)
        server.clear()
    finally:
        server.close()


def read_given(tables: Tables, prefix: str = "") -> tuple[Batch, ...]:
    """Type the rows that a case gives, by way of a file; places are ``<prefix><table>:<row>``.

    Raises:
        InputRefused: a row of the case does not fit its table.
    """
    batches: list[Batch] = []
    with TemporaryDirectory() as folder:
        for table, rows in tables.items():
            if not rows:
                continue
            columns = [*dict.fromkeys(column for row in rows for column in row)]
            path = Path(folder) / f"{table}.csv"
            with path.open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, columns, restval="")
                writer.writeheader()
                writer.writerows(rows)
            batches += read_evidence(path, prefix + table, ReadOptions(format=table)).batches
    for batch in batches:
        if batch.rejects:
            first = batch.rejects[0]
            raise InputRefused(first.what, where=first.where, fix=first.fix)
    return tuple(batches)


def _load(store: Store, parts: Parts) -> Store:
    """Load parts; the same table of several is one load, because a server counts the calls."""
    batches = [batch for name, tables in parts.items() for batch in read_given(tables, name)]
    for table in TABLES:
        rows = [resolve(batch) for batch in batches if batch.table == table]
        if rows:
            store.load(_joined(rows), resume=True)
    put_hubs(store, hubs_of(hub_rows(batches), Joins()))
    return store


def _walker(graph: Graph) -> Walker:
    store = cast("Store", graph)  # what the bench asks is what we loaded
    return walker(lambda: flows_in(store, payments_in(store)))


def _joined(rows: Sequence[GraphRows]) -> GraphRows:
    """Join the rows of several batches; what two of them name alike stays two rows."""
    nodes: dict[str, list[pl.DataFrame]] = {}
    links: dict[tuple[str, str, str], list[pl.DataFrame]] = {}
    for one in rows:
        for node in one.nodes:
            nodes.setdefault(node.label, []).append(node.frame)
        for link in one.links:
            ends = (link.type, link.source_label, link.target_label)
            links.setdefault(ends, []).append(link.frame)
    return GraphRows(
        tuple(
            NodeRows(label, pl.concat(frames, how="diagonal")) for label, frames in nodes.items()
        ),
        tuple(LinkRows(*ends, pl.concat(frames, how="diagonal")) for ends, frames in links.items()),
    )


def _in_memory(parts: Parts, twice: bool) -> Store:
    store = _load(open_store(IN_MEMORY), parts)
    return _load(store, parts) if twice else store


def _from_file(file: Path, parts: Parts) -> Store:
    file.unlink(missing_ok=True)
    store = open_store(EMBEDDED, file, write=True)
    _load(store, parts).publish()
    store.close()
    return open_store(EMBEDDED, file)


def _declared() -> Store:
    """Make one node of every label and one link of every type, with every property."""
    store = open_store(IN_MEMORY)
    nodes = tuple(NodeRows(label, _example(node.properties)) for label, node in NODE_TYPES.items())
    links = tuple(
        LinkRows(type_, source, target, _example(link.properties, ("source", "target")))
        for type_, link in LINK_TYPES.items()
        for source, target in link.ends
    )
    store.load(GraphRows(nodes, links))
    return store


def _example(properties: Sequence[Property], ends: Sequence[str] = ()) -> pl.DataFrame:
    cells = {property_.name: [_EXAMPLES[property_.type]] for property_ in properties}
    return pl.DataFrame({**{end: ["x"] for end in ends}, **cells})
