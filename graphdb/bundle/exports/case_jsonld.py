"""CASE/UCO JSON-LD: entities as observables, lines as relationships, exhibits with their hashes.

UCO has no payment; a payment is a directed relationship, and what UCO has no word for stands in
a facet of our own beside it. Ids are digests of ours, so the same case gives the same document.
"""

import json
from collections.abc import Iterator
from itertools import chain
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

from graphdb.bundle.exports.drawn import Line, Mark, drawn
from graphdb.bundle.exports.export import Export, File
from graphdb.bundle.handed import Exhibited, Handover

Node = dict[str, Any]
_CONTEXT: Final = {
    "kb": "urn:linkwright:kb:",
    "lw": "urn:linkwright:terms:",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "investigation": "https://ontology.caseontology.org/case/investigation/",
    "core": "https://ontology.unifiedcyberontology.org/uco/core/",
    "identity": "https://ontology.unifiedcyberontology.org/uco/identity/",
    "observable": "https://ontology.unifiedcyberontology.org/uco/observable/",
    "types": "https://ontology.unifiedcyberontology.org/uco/types/",
}
_CLASSES: Final = {
    "Account": "observable:DigitalAccount", "Phone": "observable:PhoneAccount",
    "Device": "observable:Device", "Message": "observable:Message", "Person": "identity:Person",
}  # fmt: skip


def _files(handover: Handover) -> Iterator[File]:
    yield "graph.jsonld", _chunks(handover)


def _chunks(handover: Handover) -> Iterator[bytes]:
    marks, lines = drawn(handover)
    ids = {mark.id: _id(mark.label.lower(), mark.id) for mark in marks}
    persons = {mark.id for mark in marks if mark.label == "Person"}
    yield b'{"@context": ' + _json(_CONTEXT) + b',\n"@graph": ['
    nodes = chain(
        (node for exhibit in handover.exhibits for node in _exhibit(exhibit)),
        (_mark(mark, ids[mark.id]) for mark in marks),
        (_line(line, ids, persons) for line in lines),
    )
    held: list[str] = []
    for node in nodes:
        yield (b",\n" if held else b"\n") + _json(node)
        held.append(node["@id"])
    if held:
        yield b",\n" + _json(_bundle(handover, held))
    yield b"\n]}\n"


def _json(node: Any) -> bytes:
    return json.dumps(node, ensure_ascii=False).encode("utf-8", "backslashreplace")


def _id(kind: str, name: str) -> str:
    return f"kb:{kind}-{uuid5(NAMESPACE_URL, f'linkwright:{kind}:{name}')}"


def _bundle(handover: Handover, held: list[str]) -> Node:
    return {
        "@id": _id("bundle", handover.case),
        "@type": "core:Bundle",
        "core:name": handover.case,
        "core:description": f"{handover.scope}. What records say, and no finding of guilt.",
        "core:object": [{"@id": id_} for id_ in held],
    }


def _exhibit(exhibit: Exhibited) -> Iterator[Node]:
    file = _id("file", exhibit.number)
    yield {
        "@id": file,
        "@type": "observable:File",
        "core:hasFacet": [
            _facet(
                file, "observable:FileFacet",
                {"observable:fileName": exhibit.name, "observable:sizeInBytes": exhibit.size},
            ),
            _facet(
                file, "observable:ContentDataFacet",
                {
                    "observable:hash": [
                        _hash(file, "SHA256", exhibit.sha256), _hash(file, "SM3", exhibit.sm3)
                    ]
                },
            ),
        ],
    }  # fmt: skip
    yield {
        "@id": _id("exhibit", exhibit.number),
        "@type": "investigation:ProvenanceRecord",
        "investigation:exhibitNumber": exhibit.number,
        "core:description": f"exhibit {exhibit.number}, as received",
        "core:object": {"@id": file},
    }


def _hash(file: str, method: str, digits: str) -> Node:
    return {
        "@id": _id("hash", file + method),
        "@type": "types:Hash",
        "types:hashMethod": method,
        "types:hashValue": {"@type": "xsd:hexBinary", "@value": digits},
    }


def _facet(owner: str, type_: str, said: Node) -> Node:
    return {"@id": _id("facet", owner + type_), "@type": type_, **said}


def _mark(mark: Mark, id_: str) -> Node:
    type_ = _CLASSES.get(mark.label, "observable:ObservableObject")
    if mark.label == "IP":
        type_ = "observable:IPv6Address" if ":" in _number(mark) else "observable:IPv4Address"
    node: Node = {"@id": id_, "@type": type_}
    if mark.caption != mark.id:
        node["core:name"] = mark.caption
    return {**node, "core:hasFacet": [*_facets(mark, id_, type_), _own(mark, id_)]}


def _facets(mark: Mark, id_: str, type_: str) -> Iterator[Node]:
    """Say of an entity what UCO has words for."""
    number = _number(mark)
    match mark.label:
        case "Account":
            said = {
                "observable:accountIdentifier": number,
                "observable:accountType": mark.id.partition(":")[0],
            }
            yield _facet(id_, "observable:AccountFacet", said)
            if mark.caption != mark.id:
                name = {"observable:displayName": mark.caption}
                yield _facet(id_, "observable:DigitalAccountFacet", name)
        case "Phone":
            phone = {"observable:phoneNumber": number}
            yield _facet(id_, "observable:PhoneAccountFacet", phone)
        case "IP":
            yield _facet(id_, f"{type_}Facet", {"observable:addressValue": number})
        case "Device":
            model = mark.properties.get("model")
            said = {"observable:model": str(model)} if model else {}
            yield _facet(id_, "observable:DeviceFacet", said)
        case "Message":
            yield _facet(id_, "observable:MessageFacet", _time("observable:sentTime", mark.at))


def _line(line: Line, ids: dict[str, str], persons: set[str]) -> Node:
    ends = [{"@id": ids.get(end) or _id("absent", end)} for end in (line.source, line.target)]
    id_ = _id("relationship", line.id)
    if line.type == "CALLED":
        seconds = line.properties.get("seconds")
        said: Node = {"observable:from": ends[0], "observable:to": ends[1]}
        said |= {"observable:duration": seconds} if isinstance(seconds, int) else {}
        call = _facet(id_, "observable:CallFacet", said | _time("observable:startTime", line.at))
        return {"@id": id_, "@type": "observable:Call", "core:hasFacet": [call, _own(line, id_)]}
    # Both ends of an observable relationship are observables; a person is none.
    of_person = bool(persons & {line.source, line.target})
    return {
        "@id": id_,
        "@type": "core:Relationship" if of_person else "observable:ObservableRelationship",
        "core:source": ends[0],
        "core:target": ends[1],
        "core:kindOfRelationship": line.type,
        "core:isDirectional": True,
        **_time("core:startTime", line.at),
        "core:hasFacet": [_own(line, id_)],
    }


def _own(one: Mark | Line, id_: str) -> Node:
    """Say the rest, and what it rests on, in terms of our own."""
    said = {f"lw:{name}": cell for name, cell in one.properties.items() if name != "at_ms"}
    type_ = ["core:Facet", "lw:RecordFacet"]
    return {"@id": _id("record", id_), "@type": type_, "lw:id": one.id, **said}


def _time(term: str, at: str) -> Node:
    return {term: {"@type": "xsd:dateTime", "@value": at}} if at else {}


def _number(mark: Mark) -> str:
    return mark.id.partition(":")[2]


EXPORT: Final = Export(
    name="case",
    says="CASE/UCO JSON-LD: accounts, phones, addresses, devices, persons, relationships, exhibits",
    loses="UCO has no payment, group, sale or report: those are relationships and observables with "
    "terms of our own (lw:), which other tools do not know and our own reader does not read back; "
    "source rows are named (exhibit:row) but not quoted",
    files=_files,
    quotes=False,
)
