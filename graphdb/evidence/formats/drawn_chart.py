"""Charts as evidence: i2 Analyst's Notebook (ANX), GraphML and GEXF.

ANX is UTF-16 XML of entities and links with cards; items name each other by id or by identity. A
GraphML may name nodes that it never declares, a GEXF values of attributes that it never declares:
both are read for what they do say. Entities of XML are refused.
"""

from collections.abc import Iterator
from typing import Any, Final

from graphdb.evidence.drawn import Drawn, drawn_parts, drawn_sheets
from graphdb.evidence.format import DocumentFormat, Sheet
from graphdb.evidence.source import Source
from graphdb.evidence.xml_stream import elements, local

_LEAVES: Final = "places and colours; links of a kind that is not known (counted)"


def _each(source: Source, *names: str) -> Iterator[tuple[int, Any]]:
    """Give the elements of some names, numbered; they are gone when the next comes."""
    row = 0
    with source.path.open("rb") as file:
        for outer in elements(file, names, "this chart"):
            for element in _all(outer, *names):
                row += 1
                yield row, element


def _all(root: Any, *names: str) -> Iterator[Any]:
    for element in root.iter():
        if local(element) in names:
            yield element


def _starts(source: Source, *marks: str) -> bool:
    return source.begins("<") and any(mark in source.head[:4096] for mark in marks)


def _is_anx(source: Source) -> bool:
    return _starts(source, "<Chart") and "ChartItemCollection" in source.head


def _anx(source: Source, exhibit: str) -> Iterator[Sheet]:
    yield from drawn_sheets(exhibit, _anx_items(source))


def _anx_items(source: Source) -> Iterator[Drawn]:
    """Give entities first: links name them by id, or by identity where they have none."""
    for row, item in _each(source, "ChartItem"):
        for entity in _all(item, "Entity"):
            identity = entity.get("Identity") or item.get("Label") or ""
            type_ = next((one.get("Type") for one in entity.iter() if one.get("Type")), None)
            yield Drawn(row, entity.get("EntityId") or identity, item.get("Label") or identity,
                        {**_attributes(item),
                        "type": type_ or "", "account": identity})  # fmt: skip
    for row, item in _each(source, "ChartItem"):
        for link in _all(item, "Link"):
            style = next((one.get("Type") for one in link.iter() if one.get("Type")), None)
            ends = (link.get("End1Id") or link.get("End1Reference") or "",
                    link.get("End2Id") or link.get("End2Reference") or "")  # fmt: skip
            said = {**_attributes(item), "type": style or item.get("Label") or ""}
            yield Drawn(row, "", item.get("Label") or "", said, ends)


def _attributes(item: Any) -> dict[str, str]:
    """Give the attributes, cards and time of an item."""
    said = {}
    for one in _all(item, "Attribute"):
        name = one.get("AttributeClass") or one.get("AttributeClassReference")
        if name and one.get("Value"):
            said[name] = one.get("Value")
    if item.get("DateSet") == "true" and item.get("DateTime"):
        said.setdefault("at", item.get("DateTime"))
    return said


def _is_graphml(source: Source) -> bool:
    return _starts(source, "<graphml")


def _graphml(source: Source, exhibit: str) -> Iterator[Sheet]:
    yield from drawn_sheets(exhibit, _graphml_items(source))


def _graphml_items(source: Source) -> Iterator[Drawn]:
    """Give nodes first; an edge may name one that is never declared."""
    keys = (one for _, one in _each(source, "key"))
    names = {one.get("id"): one.get("attr.name") or one.get("id") for one in keys}

    def told(element: Any) -> dict[str, str]:
        return {
            names.get(one.get("key")) or "": one.text or "" for one in element
            if local(one) == "data"
        }  # fmt: skip

    declared = set()
    for row, element in _each(source, "node", "edge"):
        if local(element) == "node":
            id_, said = element.get("id") or "", told(element)
            declared.add(id_)
            yield Drawn(row, id_, said.get("label") or said.get("labels") or id_, said)
    for row, element in _each(source, "node", "edge"):
        if local(element) == "edge":
            said = told(element)
            ends = (element.get("source") or "", element.get("target") or "")
            for end in ends:
                if end and end not in declared:
                    declared.add(end)
                    yield Drawn(row, end, end)
            label = element.get("label") or said.get("label") or ""
            yield Drawn(row, element.get("id") or "", label, said, ends)


def _is_gexf(source: Source) -> bool:
    return _starts(source, "<gexf")


def _gexf(source: Source, exhibit: str) -> Iterator[Sheet]:
    yield from drawn_sheets(exhibit, _gexf_items(source))


def _gexf_items(source: Source) -> Iterator[Drawn]:
    """Give nodes first."""
    names = {
        (group.get("class"), one.get("id")): one.get("title") or one.get("id") or ""
        for _, group in _each(source, "attributes")
        for one in _all(group, "attribute")
    }

    def told(element: Any, kind: str) -> dict[str, str]:
        return {
            names.get((kind, one.get("for")), one.get("for") or ""): one.get("value") or ""
            for one in _all(element, "attvalue")
        }

    for row, element in _each(source, "node", "edge"):
        if local(element) == "node":
            label = element.get("label") or ""
            yield Drawn(row, element.get("id") or "", label, told(element, "node"))
    for row, element in _each(source, "node", "edge"):
        if local(element) == "edge":
            said = told(element, "edge")
            if element.get("start"):
                said.setdefault("at", element.get("start"))
            if element.get("type") not in (None, "directed", "undirected", "mutual"):
                said.setdefault("type", element.get("type"))
            ends = (element.get("source") or "", element.get("target") or "")
            yield Drawn(row, element.get("id") or "", element.get("label") or "", said, ends)


FORMATS: Final = (
    DocumentFormat("anx", "i2 Analyst's Notebook charts (ANX)", _LEAVES, _is_anx, _anx,
                   drawn_parts),
    DocumentFormat("graphml", "GraphML charts", _LEAVES, _is_graphml, _graphml, drawn_parts),
    DocumentFormat("gexf", "GEXF charts of Gephi (1.1 to 1.3)", _LEAVES, _is_gexf, _gexf,
                   drawn_parts),
)  # fmt: skip
