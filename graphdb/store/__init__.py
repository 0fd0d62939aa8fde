"""The store: rows in, graph, rows out, on an embedded engine or a Neo4j server.

``open_store`` is the one door; both engines stand behind the ``Store`` protocol and pass the
same contract tests. No other stage imports an engine's driver.
"""

from pathlib import Path
from typing import Final

from graphdb.errors import WrongUsage
from graphdb.store.fetch import (
    as_columns,
    entities_of,
    links_among,
    links_as_columns,
    links_at,
    nodes_as_columns,
)
from graphdb.store.pages import shares_of
from graphdb.store.protocol import (
    READ_LIMIT,
    Counts,
    Credentials,
    Store,
    TimeLimitReached,
    unheard,
)
from graphdb.store.whole import Digest, digest_of, links_of, nodes_of

EMBEDDED: Final = "embedded"
IN_MEMORY: Final = "memory"

__all__ = [
    "EMBEDDED",
    "IN_MEMORY",
    "READ_LIMIT",
    "Counts",
    "Credentials",
    "Digest",
    "Store",
    "TimeLimitReached",
    "as_columns",
    "digest_of",
    "entities_of",
    "links_among",
    "links_as_columns",
    "links_at",
    "links_of",
    "nodes_as_columns",
    "nodes_of",
    "open_store",
    "shares_of",
    "unheard",
]


def open_store(
    engine: str,
    path: Path | None = None,
    *,
    write: bool = False,
    credentials: Credentials | None = None,
    database: str | None = None,
) -> Store:
    """Open a graph: ``embedded`` at a path, ``memory``, or a server by its URL.

    >>> open_store("memory").count()
    Counts(nodes={}, links={})

    Raises:
        StoreBusy: another process is writing the embedded graph.
        StoreUnreachable: the server does not answer or refuses us.
        WrongUsage: there is no such engine, or the URL holds a password.
    """
    # An engine is loaded when one is opened: each takes longer than most commands take to run.
    if engine in {EMBEDDED, IN_MEMORY}:
        from graphdb.store.embedded import EmbeddedStore

    if engine == IN_MEMORY:
        return EmbeddedStore.in_memory()
    if engine == EMBEDDED:
        if path is None:
            raise WrongUsage("an embedded graph needs a path")
        return EmbeddedStore.for_writing(path) if write else EmbeddedStore.for_reading(path)
    from graphdb.store.server import ServerStore

    return ServerStore(engine, credentials or Credentials("neo4j", ""), database)
