"""Read entities and links back by their ids, with queries made from the declared schema."""

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import Final

import polars as pl

from graphdb.model import (
    LINK_TYPES,
    NODE_TYPES,
    Cell,
    Entity,
    Link,
    LinkRows,
    LinkType,
    NodeRows,
    Property,
)
from graphdb.store.protocol import Store

_WHOLE: Final = timedelta(hours=1)
_KINDS: Final[Mapping[str, pl.DataType | type[pl.DataType]]] = {
    "int": pl.Int64,
    "float": pl.Float64,
    "texts": pl.List(pl.String),
}


def entities_of(
    store: Store, ids: Collection[str], labels: Collection[str] = NODE_TYPES.keys()
) -> tuple[Entity, ...]:
    """Read the nodes that bear these ids, in the order of the schema and then of the id.

    The embedded engine looks the nodes of a label up when it is first asked for one of them, so
    a question that can leave out the payments, the most of all nodes, had better do so.
    """
    wanted: list[Cell] = [*sorted(set(ids))]
    found: list[Entity] = []
    for label, node in NODE_TYPES.items():
        if label not in labels:
            continue
        names = [declared.name for declared in node.properties if declared.name != "id"]
        answer = store.read(
            f"MATCH (n:{label}) WHERE n.id IN $ids RETURN n.id AS id{_returned('n', names)} "
            "ORDER BY id",
            {"ids": wanted},
        )
        found += [Entity(label, str(row[0]), _known(names, row[1:])) for row in answer.rows]
    return tuple(found)


def links_among(store: Store, ids: Collection[str]) -> tuple[Link, ...]:
    """Read every link both of whose ends are among these ids."""
    return _links(store, ids, "a.id IN $ids AND b.id IN $ids")


def links_at(store: Store, id_: str) -> tuple[Link, ...]:
    """Read every link that begins or ends at this entity."""
    return _links(store, [id_], "a.id IN $ids") + tuple(
        link for link in _links(store, [id_], "b.id IN $ids") if link.source != id_
    )


def _links(store: Store, ids: Collection[str], condition: str) -> tuple[Link, ...]:
    wanted: list[Cell] = [*sorted(set(ids))]
    found: list[Link] = []
    for type_, declared in LINK_TYPES.items():
        names = [property_.name for property_ in declared.properties]
        for source, target in declared.ends:
            answer = store.read(
                f"MATCH (a:{source})-[l:{type_}]->(b:{target}) WHERE {condition} "
                f"RETURN a.id AS source, b.id AS target{_returned('l', names)} "
                f"ORDER BY {_order(declared)}",
                {"ids": wanted},
            )
            found += [
                Link(type_, str(row[0]), str(row[1]), _known(names, row[2:])) for row in answer.rows
            ]
    return tuple(found)


def _order(declared: LinkType) -> str:
    timed = any(property_.name == "at" for property_ in declared.properties)
    return "source, target, l_at, l_evidence" if timed else "source, target, l_evidence"


def _returned(variable: str, names: list[str]) -> str:
    return "".join(f", {variable}.{name} AS {variable}_{name}" for name in names)


def _known(names: list[str], cells: tuple[Cell, ...]) -> Mapping[str, Cell]:
    return {name: cell for name, cell in zip(names, cells, strict=True) if cell is not None}


def nodes_as_columns(store: Store, ids: Collection[str] | None = None) -> tuple[NodeRows, ...]:
    """Read nodes as columns with all declared properties, all of them or those with these ids."""
    where = "" if ids is None else " WHERE n.id IN $ids"
    given = {} if ids is None else _ids(ids)
    found = []
    for label, node in NODE_TYPES.items():
        declared = [one for one in node.properties if one.name != "id"]
        text = f"MATCH (n:{label}){where} RETURN n.id AS id{_returned('n', _names(declared))}"
        answer = store.read(text, given, limit=_WHOLE)
        if answer.rows:
            frame = frame_of(("id",), declared, answer.rows)
            found.append(NodeRows(label, frame.sort("id")))
    return tuple(found)


def links_as_columns(store: Store, ids: Collection[str] | None = None) -> tuple[LinkRows, ...]:
    """Read links as columns, all of them or those both of whose ends are among these ids."""
    where = "" if ids is None else " WHERE a.id IN $ids AND b.id IN $ids"
    given = {} if ids is None else _ids(ids)
    found = []
    for type_, declared in LINK_TYPES.items():
        for source, target in declared.ends:
            returned = _returned("l", _names(declared.properties))
            answer = store.read(
                f"MATCH (a:{source})-[l:{type_}]->(b:{target}){where} "
                f"RETURN a.id AS source, b.id AS target{returned}",
                given,
                limit=_WHOLE,
            )
            if answer.rows:
                frame = frame_of(("source", "target"), declared.properties, answer.rows)
                found.append(LinkRows(type_, source, target, _in_order(frame)))
    return tuple(found)


def as_columns(
    entities: Sequence[Entity], links: Sequence[Link]
) -> tuple[tuple[NodeRows, ...], tuple[LinkRows, ...]]:
    """Turn entities and links that were read one by one into columns, as if read whole."""
    labels = {one.id: one.label for one in entities}
    nodes = []
    for label, node in NODE_TYPES.items():
        declared = [one for one in node.properties if one.name != "id"]
        rows = [
            (one.id, *(one.properties.get(name) for name in _names(declared)))
            for one in entities
            if one.label == label
        ]
        if rows:
            nodes.append(NodeRows(label, frame_of(("id",), declared, rows).sort("id")))
    found = []
    for type_, link in LINK_TYPES.items():
        for source, target in link.ends:
            rows = [
                (one.source, one.target,
                 *(one.properties.get(name) for name in _names(link.properties)))
                for one in links
                if (one.type, labels[one.source], labels[one.target]) == (type_, source, target)
            ]  # fmt: skip
            if rows:
                frame = frame_of(("source", "target"), link.properties, rows)
                found.append(LinkRows(type_, source, target, _in_order(frame)))
    return tuple(nodes), tuple(found)


def _ids(ids: Collection[str]) -> Mapping[str, Cell]:
    return {"ids": [*sorted(set(ids))]}


def _names(declared: Sequence[Property]) -> list[str]:
    return [one.name for one in declared]


def frame_of(
    first: tuple[str, ...], declared: Sequence[Property], rows: Sequence[tuple[Cell, ...]]
) -> pl.DataFrame:
    """Put rows that an engine gave into columns: ids first, then properties as declared."""
    schema: dict[str, pl.DataType | type[pl.DataType]] = dict.fromkeys(first, pl.String)
    schema |= {one.name: _KINDS.get(one.type, pl.String) for one in declared}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _in_order(frame: pl.DataFrame) -> pl.DataFrame:
    """Put links into an order that no engine decides."""
    keys = ["source", "target", *(name for name in ("at",) if name in frame.columns)]
    return frame.sort(*keys, pl.col("evidence").list.join("\x1f"), nulls_last=True)
