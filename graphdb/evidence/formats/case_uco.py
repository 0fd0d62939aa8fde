"""CASE/UCO JSON-LD, in which forensic tools give what they found: accounts, calls, messages.

Prefixes and versions vary, so terms are told by their last part. A context that stands on the
net is not fetched: such a document is refused.
"""

import json
import re
import warnings
from collections.abc import Iterator
from typing import Any, Final

import polars as pl

from graphdb.errors import InputRefused
from graphdb.evidence.chat import Message, chat_parts, chat_sheets
from graphdb.evidence.format import DocumentFormat, Part, Sheet
from graphdb.evidence.layout import tidied
from graphdb.evidence.source import Source

_LARGEST: Final = 1 << 28
_UCO: Final = re.compile(r"unifiedcyberontology\.org|ontology\.caseontology\.org|caseontology\.org")
_CALLS: Final = ("caller", "callee", "at", "seconds", "kind")
_ACCOUNTS: Final = ("account", "name")
_HAS: Final = ("hasFacet", "hasPropertyBundle", "facets")
Thing = dict[str, list[Any]]


def _recognises(source: Source) -> bool:
    head = source.head
    return source.begins("{", "[") and '"@context"' in head and _UCO.search(head) is not None


def _document(source: Source) -> Any:
    if source.path.stat().st_size > _LARGEST:
        raise InputRefused(
            "this JSON-LD is larger than 256 MB", fix="export it in parts, or as CSV"
        )
    try:
        document = json.loads(source.text())
    except (ValueError, RecursionError) as error:
        raise InputRefused(f"this is no whole JSON: {error}", fix="export it again") from error
    if _remote(document):
        raise InputRefused(
            "the document takes its context from the net, which is not read",
            fix="write the context into the document",
        )
    return document


def _remote(value: Any) -> bool:
    """Tell whether any context is an address: reading it would call a stranger."""
    if isinstance(value, list):
        return any(map(_remote, value))
    if not isinstance(value, dict):
        return False
    context = value.get("@context")
    several = context if isinstance(context, list) else [context]
    if any(isinstance(one, str) or (isinstance(one, dict) and "@import" in one) for one in several):
        return True
    return any(_remote(one) for name, one in value.items() if name != "@context")


def _things(source: Source) -> tuple[dict[str, Thing], dict[str, str]]:
    """Give each node's values by the last part of their terms, and the types of the nodes."""
    from rdflib import RDF, BNode, Graph, URIRef  # half a second, for those who have such a file

    document = _document(source)
    graph = Graph()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it uses a class of its own that it deprecates
            graph.parse(data=json.dumps(document), format="json-ld")
    # The library raises whatever a broken term happens to break in it.
    except Exception as error:
        raise InputRefused(f"this JSON-LD is broken: {error}", fix="export it again") from error
    things: dict[str, Thing] = {}
    types: dict[str, str] = {}
    for subject, term, value in graph:
        id_, name = subject.n3(), _last(str(term))
        if term == RDF.type:
            types[id_] = min(types.get(id_, _last(str(value))), _last(str(value)))
        else:
            things.setdefault(id_, {}).setdefault(name, []).append(
                value.n3() if isinstance(value, URIRef | BNode) else str(value)
            )
    for thing in things.values():
        for values in thing.values():
            values.sort()  # a graph has no order, and a reader must have one
    return things, types


def _last(term: str) -> str:
    return re.split(r"[/#:]", term.strip("<>"))[-1]


def _facets(things: dict[str, Thing], types: dict[str, str]) -> Iterator[tuple[str, str, Thing]]:
    """Give for each thing its facets: the id of the thing, the kind of facet, its values."""
    found = [
        (id_, types.get(facet, "").removesuffix("Facet"), things.get(facet, {}))
        for id_ in things
        for has in _HAS
        for facet in things[id_].get(has, ())
    ]
    yield from sorted(found, key=_place)


def _place(found: tuple[str, str, Thing]) -> tuple[str, str, list[tuple[str, list[str]]]]:
    """Order facets by what they say: the library names nameless things anew in each run."""
    id_, kind, facet = found
    said = [(n, [v for v in vs if not v.startswith("_:")]) for n, vs in sorted(facet.items())]
    return "" if id_.startswith("_:") else id_, kind, said


def _sheets(source: Source, exhibit: str) -> Iterator[Sheet]:
    things, types = _things(source)
    facets = list(_facets(things, types))
    accounts = _accounts(facets)
    calls: list[tuple[Any, ...]] = []
    said: list[Message] = []
    for row, (id_, kind, facet) in enumerate(facets, start=1):
        sides = [accounts.get(_one(facet, way) or "") for way in ("from", "to")]
        at = _one(facet, "startTime") or _one(facet, "sentTime")
        if kind in ("Call", "PhoneCall"):
            numbers = [side.partition(":")[2] if side else None for side in sides]
            calls.append((row, *numbers, at, _one(facet, "duration"), "call"))
        elif kind == "Message":
            app = _one(facet, "application")
            said.append(Message(row, at, _thread(things, id_), None, sides[1], sides[0], None,
                                app and _last(app), _one(facet, "messageText")))  # fmt: skip
    named = [
        (row, accounts[id_], _name(facets, id_))
        for row, (id_, kind, _) in enumerate(facets, start=1)
        if id_ in accounts and kind in ("Account", "PhoneAccount", "DigitalAccount", "SIMCard")
    ]
    yield _table(exhibit, "accounts", _ACCOUNTS, list({one[1]: one for one in named}.values()))
    if calls:
        yield _table(exhibit, "calls", _CALLS, calls)
    if said:
        yield from chat_sheets(exhibit, said, "app")


def _table(exhibit: str, name: str, headers: tuple[str, ...], rows: list[Any]) -> Sheet:
    schema = {"row": pl.Int64, **{f"c{at}": pl.String for at in range(len(headers))}}
    frame = pl.DataFrame(sorted(rows), schema=schema, orient="row")
    return Sheet(exhibit, headers, frame, {"table": name})


def _one(facet: Thing, name: str) -> str | None:
    return next(iter(facet.get(name, ())), None)


def _accounts(facets: list[tuple[str, str, Thing]]) -> dict[str, str]:
    """Name the accounts of the things that have one: a telephone's number before all else."""
    found: dict[str, str] = {}
    for id_, kind, facet in facets:
        number = _one(facet, "phoneNumber")
        identifier = _one(facet, "accountIdentifier") or _one(facet, "addressValue")
        if number:
            found[id_] = f"phone:{number}"
        elif identifier and "Account" in kind:
            found.setdefault(id_, f"app:{identifier}")
    return found


def _name(facets: list[tuple[str, str, Thing]], id_: str) -> str | None:
    names = (_one(f, "displayName") or _one(f, "name") for one, _, f in facets if one == id_)
    return next((name for name in names if name), None)


def _thread(things: dict[str, Thing], id_: str) -> str | None:
    """Name the thread that a message is in, where the document has threads."""
    for thread in sorted(things):
        if id_ in things[thread].get("message", ()) or id_ in things[thread].get("messages", ()):
            return _last(thread)
    return None


def _arrange(rows: pl.DataFrame, sheet: Sheet) -> Iterator[Part]:
    match sheet.about.get("table"):
        case "accounts":
            yield Part("accounts", tidied(rows))
        case "calls":
            yield Part("calls", tidied(rows), zone="UTC")
        case _:
            yield from chat_parts(rows, sheet)


FORMAT: Final = DocumentFormat(
    name="case_uco",
    says="CASE/UCO JSON-LD: accounts, telephones, calls and messages of forensic tools",
    leaves="files, devices, provenance; text of messages outside a thread",
    recognises=_recognises,
    sheets=_sheets,
    arrange=_arrange,
)
