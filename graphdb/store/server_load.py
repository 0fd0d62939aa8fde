"""Batches for a server: the statements that write them, and the receipts that make them exact.

Each batch is one transaction that also creates its receipt, a node whose id is a digest of the
batch and unique. Whether a commit whose answer was lost had happened is then a question that the
database answers: the second time the receipt stands in the way, and the batch is known to be done.
Receipts are removed when the whole load is published.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

import polars as pl

from graphdb.model import LINK_TYPES, LinkRows, NodeRows
from graphdb.store.lanes import Shares

# The plateau of six batch sizes tried on product reviews lies between 5,000 and 20,000 rows.
ROWS_A_TRANSACTION: Final = 10_000
# Lanes work on pairs of shares: eight keep four lanes busy, and a hub spoils one share only.
_SHARES: Final = 8
RECEIPT: Final = "LoadReceipt"
RECEIPT_TEXT: Final = f"CREATE (:{RECEIPT} {{id: $receipt, of: $of}})"


@dataclass(frozen=True, slots=True)
class Piece:
    """The rows of one transaction, their statement, what they are of, and the nodes they lock."""

    of: str
    text: str
    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    shares: Shares
    links: bool

    @property
    def receipt(self) -> str:
        """The digest by which the database knows the piece again."""
        return sha256(repr((self.of, self.columns, self.rows)).encode()).hexdigest()


def node_pieces(nodes: NodeRows) -> Iterator[Piece]:
    """Cut nodes into pieces; each id stands in one piece, so all may run side by side.

    >>> frame = pl.DataFrame({"id": ["ip:1"]})
    >>> next(node_pieces(NodeRows("IP", frame))).text
    'UNWIND $rows AS r MERGE (n:IP {id: r[0]})'
    """
    frame = _known_columns(nodes.frame.sort("id"))
    names = [name for name in frame.columns if name != "id"]
    text = f"UNWIND $rows AS r MERGE (n:{nodes.label} {{id: r[0]}})"
    if names:
        places = list(enumerate(names, start=1))
        first = ", ".join(f"n.{name} = r[{at}]" for at, name in places)
        later = ", ".join(f"n.{name} = coalesce(n.{name}, r[{at}])" for at, name in places)
        text += f" ON CREATE SET {first} ON MATCH SET {later}"
    for part in frame.select("id", *names).iter_slices(ROWS_A_TRANSACTION):
        yield Piece(nodes.label, text, ("id", *names), part.rows(), frozenset(), links=False)


def link_pieces(links: LinkRows, *, resume: bool) -> Iterator[Piece]:
    """Cut links into pieces that each stand on one or two shares of the nodes.

    An end that no two links of the frame have in common, as that of payments, needs no share.

    Links that are unique by design are made where there is none. Event links are all made; when a
    load is resumed, those that stand already are told by their evidence.

    >>> frame = pl.DataFrame({"source": ["a"], "target": ["p"], "evidence": [["E01:2"]]})
    >>> piece = next(link_pieces(LinkRows("SENT", "Account", "Payment", frame), resume=False))
    >>> piece.text.partition("WHERE ")[2]
    'NOT EXISTS { (a)-[:SENT]->(b) } CREATE (a)-[:SENT {evidence: r[2]}]->(b)'
    """
    frame = _known_columns(links.frame)
    event = LINK_TYPES[links.type].event
    if not event:
        frame = frame.unique(["source", "target"], keep="first", maintain_order=True)
    names = [name for name in frame.columns if name not in {"source", "target"}]
    places = {name: f"r[{at}]" for at, name in enumerate(names, start=2)}
    standing = ""
    if not event:
        standing = f"WHERE NOT EXISTS {{ (a)-[:{links.type}]->(b) }} "
    elif resume:
        standing = (
            f"WHERE NOT EXISTS {{ (a)-[l:{links.type}]->(b) "
            f"WHERE l.evidence = {places['evidence']} }} "
        )
    values = ", ".join(f"{name}: {place}" for name, place in places.items())
    text = (
        f"UNWIND $rows AS r MATCH (a:{links.source_label} {{id: r[0]}}) "
        f"MATCH (b:{links.target_label} {{id: r[1]}}) {standing}"
        f"CREATE (a)-[:{links.type} {{{values}}}]->(b)"
    )
    met = [end for end in ("source", "target") if frame[end].is_duplicated().any()]
    ends = [pl.col(end).hash(0) % _SHARES for end in met] or [pl.lit(0)]
    frame = frame.select(
        "source",
        "target",
        *names,
        _low=pl.min_horizontal(*ends),
        _high=pl.max_horizontal(*ends),
    )
    columns = ("source", links.source_label, "target", links.target_label, *names)
    for (low, high), part in frame.partition_by(
        "_low", "_high", as_dict=True, maintain_order=True, include_key=False
    ).items():
        shares = frozenset({int(low), int(high)}) if met else frozenset()
        for piece in part.iter_slices(ROWS_A_TRANSACTION):
            yield Piece(links.type, text, columns, piece.rows(), shares, links=True)


def _known_columns(frame: pl.DataFrame) -> pl.DataFrame:
    """Leave out columns without a value: to the engine an absent property is the same."""
    return frame.select(c for c in frame if c.null_count() < frame.height or frame.is_empty())
