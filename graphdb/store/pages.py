"""Read a whole kind of node or link in pages, where an engine holds an answer while it is read.

A page is found by keys, nodes after the last id of the page before, links by the ids of the nodes
that they begin at, so what an engine holds is that of a page and not of the graph.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from graphdb.model import Cell
from graphdb.store.protocol import Store

ROWS_AT_ONCE: Final = 100_000
_Rows = Sequence[tuple[Cell, ...]]


def node_pages(store: Store, label: str, returned: str) -> Iterator[_Rows]:
    """Give what ``returned`` says of all nodes ``n`` of a label; its first cell is the id."""
    pattern = f"MATCH (n:{label})"
    if not store.holds_answers or _counted(store, pattern, "n") <= ROWS_AT_ONCE:
        yield from store.stream(f"{pattern} RETURN {returned}")
        return
    after: dict[str, Cell] = {}
    while True:
        condition = " WHERE n.id > $last" if after else ""
        text = f"{pattern}{condition} RETURN {returned} ORDER BY n.id LIMIT {ROWS_AT_ONCE}"
        rows = 0
        for part in store.stream(text, after):
            yield part
            rows += len(part)
            last = part[-1][0]
        if rows < ROWS_AT_ONCE:
            return
        after = {"last": last}


def link_pages(
    store: Store, source: str, type_: str, target: str, returned: str
) -> Iterator[_Rows]:
    """Give what ``returned`` says of all links ``l`` from ``a`` to ``b``."""
    ends = f"-[l:{type_}]->(b:{target})"
    if not store.holds_answers or _counted(store, f"MATCH (a:{source}){ends}", "l") <= ROWS_AT_ONCE:
        yield from store.stream(f"MATCH (a:{source}){ends} RETURN {returned}")
        return
    seeded = f"UNWIND $ids AS id MATCH (a:{source} {{id: id}}){ends}"
    counted = f"{seeded} RETURN a.id AS id, count(l) AS n ORDER BY id"
    for page in node_pages(store, source, "n.id AS id"):
        found = store.read(counted, {"ids": [id_ for (id_,) in page]}).rows
        for ids in shares_of(found):
            yield from store.stream(f"{seeded} RETURN {returned}", {"ids": ids})


def shares_of(found: Iterable[tuple[Cell, ...]], most: int = ROWS_AT_ONCE) -> Iterator[list[Cell]]:
    """Part ids, each with a number of links, so that a part has no more links than ``most``.

    >>> [*shares_of((("a", 60_000), ("b", 60_000), ("c", 200_000), ("d", 1)))]
    [['a'], ['b'], ['c'], ['d']]
    """
    ids: list[Cell] = []
    rows = 0
    for id_, count in found:
        more = int(str(count))
        if ids and rows + more > most:
            yield ids
            ids, rows = [], 0
        ids.append(id_)
        rows += more
    if ids:
        yield ids


def _counted(store: Store, pattern: str, name: str) -> int:
    return int(str(store.read(f"{pattern} RETURN count({name}) AS n").rows[0][0]))
