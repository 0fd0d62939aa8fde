"""Moving a case's graph from one engine to another, whole and proved.

Copy, compare the canonical digests, and only then does the case point to the new place. A move
that was interrupted is begun again and goes on where it was.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

from graphdb.casework.about import About
from graphdb.errors import CheckFailed, GraphdbError, StoreUnreachable, WrongUsage
from graphdb.model import GraphRows
from graphdb.store import (
    EMBEDDED,
    Credentials,
    Digest,
    Store,
    digest_of,
    links_of,
    nodes_of,
    open_store,
)

Progress = Callable[[str, int, int], None]

_DRAFT: Final = ".moving"


def move(
    about: About,
    graph: Path,
    engine: str,
    here: Credentials | None,
    there: Credentials | None,
    progress: Progress,
) -> Digest:
    """Copy a case's graph to another engine and prove it equal; ``graph`` is the embedded file.

    Raises:
        WrongUsage: it is there already, or another case is.
        CheckFailed: the copy is not equal.
    """
    _check(about.engine, engine)
    source = open_store(about.engine, graph, credentials=here)
    try:
        source.recognise(about.id)
        if engine != EMBEDDED:
            target = open_store(engine, credentials=there)
            return _to_server(about, source, target, progress)
        # A leftover of an interrupted move is never read: the file is written whole, or not.
        draft = graph.with_name(graph.name + _DRAFT)
        draft.unlink(missing_ok=True)
        target = open_store(EMBEDDED, draft, write=True)
        try:
            target.schema()
            copy(source, target, progress)
            target.publish()
            digest = _equal(source, target, progress)
        finally:
            target.close()
        os.replace(draft, graph)  # noqa: PTH105 - replaces on Windows too
        return digest
    finally:
        source.close()


def open_own(
    case: str, engine: str, graph: Path, rows: int, *, write: bool, credentials: Credentials | None
) -> Store:
    """Open the graph of a case that holds so many rows, and see that it is this case's.

    Raises:
        WrongUsage: a server's database is another case's, or bears no mark of any.
        StoreUnreachable: there are rows, and the file of their graph is gone.
    """
    if engine == EMBEDDED and rows and not graph.exists():
        raise StoreUnreachable(
            "the graph of this case is gone",
            where=str(graph),
            fix="'linkwright rebuild' builds it anew from the rows of the exhibits",
        )
    store = open_store(engine, graph, write=write, credentials=credentials)
    try:
        store.recognise(case)
    except GraphdbError:
        store.close()
        raise
    return store


def open_anew(about: About, graph: Path, credentials: Credentials | None) -> Store:
    """Open the place of a graph that was lost or damaged, to be built anew.

    Raises:
        WrongUsage: a server's database is another case's, or holds a graph of nobody's.
    """
    graph.unlink(missing_ok=True)
    store = open_store(about.engine, graph, write=True, credentials=credentials)
    try:
        store.claim(about.id, about.name, new=True)
        store.schema()
    except GraphdbError:
        store.close()
        raise
    return store


def _check(now: str, then: str) -> None:
    if now != EMBEDDED and then != EMBEDDED:
        raise WrongUsage(
            "the graph of this case is on a server already",
            where=now,
            fix="'linkwright pull' brings it back first",
        )
    if now == then:
        raise WrongUsage(
            "the graph of this case is in its folder already",
            fix="'linkwright push URL' moves it to a server",
        )


def _to_server(about: About, source: Store, target: Store, progress: Progress) -> Digest:
    try:
        target.claim(about.id, about.name, new=True)
        target.schema()
        # Our own claim over a graph: an earlier move was interrupted, or an import went before.
        begun = bool(target.count().nodes)
        if not (begun and target.count() == source.count()):
            copy(source, target, progress, resume=begun)
            target.publish()
        try:
            return _equal(source, target, progress)
        except CheckFailed:
            if not begun:
                raise
        # What an earlier move left is of another day of this case: it is written anew.
        target.clear()
        copy(source, target, progress)
        target.publish()
        return _equal(source, target, progress)
    finally:
        target.close()


def copy(source: Store, target: Store, progress: Progress, *, resume: bool = False) -> None:
    """Write all nodes and links of one graph into another."""
    counts = source.count()
    total = sum(counts.nodes.values()) + sum(counts.links.values())
    written = 0

    def done(rows: int) -> None:
        nonlocal written
        written += rows
        progress("rows written", written, total)

    for nodes in nodes_of(source):
        target.load(GraphRows((nodes,), ()), resume=resume, done=done)
    for links in links_of(source):
        target.load(GraphRows((), (links,)), resume=resume, done=done)


def _equal(source: Store, target: Store, progress: Progress) -> Digest:
    """Compare the digests of both graphs."""
    digests = []
    for what, store in (("rows read back", target), ("rows compared", source)):
        counts = store.count()
        total = sum(counts.nodes.values()) + sum(counts.links.values())
        read = 0

        def done(rows: int, what: str = what, total: int = total) -> None:
            nonlocal read
            read += rows
            progress(what, read, total)

        digests.append(digest_of(store, done))
    if digests[0] != digests[1]:
        raise CheckFailed(
            f"the copy is not equal: {digests[0]} is not {digests[1]}",
            fix="run it again; the case still uses the graph it had",
        )
    return digests[0]
