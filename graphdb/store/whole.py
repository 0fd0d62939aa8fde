"""The whole graph as columns, and its canonical digest.

Both are made of queries written from the declared schema, so they are the same on every engine.
The digest is SHA-256 over the sorted SHA-256 of every node and link with all its properties: it
does not depend on the order in which an engine gives them, and it is streamed.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

import polars as pl

from graphdb.model import LINK_TYPES, NODE_TYPES, Cell, LinkRows, NodeRows, Property
from graphdb.store.fetch import frame_of
from graphdb.store.pages import ROWS_AT_ONCE, link_pages, node_pages
from graphdb.store.protocol import Store, unheard


@dataclass(frozen=True, slots=True)
class Digest:
    """The canonical hash of a graph, and how much it stands for."""

    sha256: str
    nodes: int
    links: int


@dataclass(frozen=True, slots=True)
class _Kind:
    """The nodes of a label, or the links of a type between two labels, and how to read them."""

    name: str
    ends: tuple[str, str] | None
    properties: tuple[Property, ...]

    def pages(self, store: Store) -> Iterator[Sequence[tuple[Cell, ...]]]:
        names = [declared.name for declared in self.properties]
        if self.ends is None:
            return node_pages(store, self.name, ", ".join(f"n.{name} AS {name}" for name in names))
        properties = "".join(f", l.{name} AS {name}" for name in names)
        returned = f"a.id AS source, b.id AS target{properties}"
        return link_pages(store, self.ends[0], self.name, self.ends[1], returned)

    def frame(self, rows: Sequence[tuple[Cell, ...]]) -> pl.DataFrame:
        return frame_of(() if self.ends is None else ("source", "target"), self.properties, rows)


_NODES: Final = tuple(_Kind(n.label, None, n.properties) for n in NODE_TYPES.values())
_LINKS: Final = tuple(
    _Kind(link.type, ends, link.properties) for link in LINK_TYPES.values() for ends in link.ends
)


def nodes_of(store: Store) -> Iterator[NodeRows]:
    """Give all nodes, label by label, in parts."""
    for kind in _NODES:
        for frame in _frames(store, kind):
            yield NodeRows(kind.name, frame)


def links_of(store: Store) -> Iterator[LinkRows]:
    """Give all links, by type and ends, in parts."""
    for kind in _LINKS:
        for frame in _frames(store, kind):
            if kind.ends:
                yield LinkRows(kind.name, *kind.ends, frame)


def digest_of(store: Store, done: Callable[[int], None] = unheard) -> Digest:
    """Hash the whole graph; equal graphs have equal digests, whatever engine holds them."""
    whole = sha256()
    counts = []
    for kinds in (_NODES, _LINKS):
        counts.append(0)
        for kind in kinds:
            digests: list[bytes] = []
            for rows in kind.pages(store):
                digests += map(_digest, rows)
                done(len(rows))
            counts[-1] += len(digests)
            whole.update(f"{kind.name} {kind.ends or ''} {len(digests)}\n".encode())
            whole.update(b"".join(sorted(digests)))
    return Digest(whole.hexdigest(), *counts)


def _digest(row: tuple[Cell, ...]) -> bytes:
    r"""Hash the canonical text of a row: compact JSON in UTF-8, absent properties as null.

    >>> _digest(("ip:1", 2, None)) == sha256(b'["ip:1",2,null]').digest()
    True
    """
    return sha256(json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode()).digest()


def _frames(store: Store, kind: _Kind) -> Iterator[pl.DataFrame]:
    rows: list[tuple[Cell, ...]] = []
    for part in kind.pages(store):
        rows += part
        if len(rows) >= ROWS_AT_ONCE:
            yield kind.frame(rows)
            rows = []
    if rows:
        yield kind.frame(rows)
