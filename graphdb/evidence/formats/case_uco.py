"""CASE/UCO JSON-LD, in which forensic tools give what they found: accounts, calls, messages.

Prefixes and versions vary, so terms are told by their last part. A context that stands on the
net is not fetched: such a document is refused.

Nodes refer to each other in any order, so what they say is held: about seven times the file. The
library, which needs five times more, is given slices of a document's ``@graph``.
"""

import json
import re
import warnings
from collections.abc import Iterator
from functools import cache
from itertools import islice
from typing import Any, Final

import polars as pl

from graphdb.errors import InputRefused
from graphdb.evidence.chat import Message, chat_parts, chat_sheets
from graphdb.evidence.format import DocumentFormat, Part, Sheet
from graphdb.evidence.json_stream import first, items
from graphdb.evidence.layout import tidied
from graphdb.evidence.source import Source

_LARGEST: Final = 1 << 28
_LARGEST_UNSLICED: Final = 1 << 25
_SLICE: Final = 500
_UCO: Final = re.compile(r"unifiedcyberontology\.org|ontology\.caseontology\.org|caseontology\.org")
_CALLS: Final = ("caller", "callee", "at", "seconds", "kind")
_ACCOUNTS: Final = ("account", "name")
_HAS: Final = ("hasFacet", "hasPropertyBundle", "facets")
Thing = dict[str, list[Any]]


def _recognises(source: Source) -> bool:
    head = source.head
    return source.begins("{", "[") and '"@context"' in head and _UCO.search(head) is not None


def _slices(source: Source) -> Iterator[Any]:
    """Give a document in slices of a few nodes; one without a list of them is one slice."""
    size = source.path.stat().st_size
    _refuse_above(_LARGEST, size)
    context = first(source, "@context")
    nodes = items(source, "@graph.item")
    slice_ = [*islice(nodes, _SLICE)]
    if not slice_:
        _refuse_above(_LARGEST_UNSLICED, size)
        yield _whole(source)
    while slice_:
        yield {"@context": context, "@graph": slice_}
        slice_ = [*islice(nodes, _SLICE)]


def _refuse_above(largest: int, size: int) -> None:
    if size > largest:
        raise InputRefused(
            f"this JSON-LD has {size >> 20:,} MB, more than the {largest >> 20} that are held",
            fix="export it in parts, with its nodes in a list '@graph', or as CSV",
        )


def _whole(source: Source) -> Any:
    try:
        return json.loads(source.text())
    except (ValueError, RecursionError) as error:
        raise InputRefused(f"this is no whole JSON: {error}", fix="export it again") from error


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
    from rdflib import RDF, BNode, URIRef  # half a second, for those who have such a file

    things: dict[str, Thing] = {}
    types: dict[str, str] = {}
    last = cache(_last)
    for document in _slices(source):
        for subject, term, value in _graph(document):
            id_, name = subject.n3(), last(str(term))
            if term == RDF.type:
                type_ = last(str(value))
                types[id_] = min(types.get(id_, type_), type_)
            else:
                things.setdefault(id_, {}).setdefault(name, []).append(
                    value.n3() if isinstance(value, URIRef | BNode) else str(value)
                )
    for thing in things.values():
        for name, values in thing.items():
            # A graph has no order, and a reader must have one.
            thing[name] = sorted(set(values))
    return things, types


def _graph(document: Any) -> Any:
    from rdflib import Graph

    graph = Graph()
    try:
        is_remote = _remote(document)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it uses a class of its own that it deprecates
            if not is_remote:
                graph.parse(data=json.dumps(document, default=float), format="json-ld")
    # The library raises whatever a broken term happens to break in it.
    except Exception as error:
        raise InputRefused(f"this JSON-LD is broken: {error}", fix="export it again") from error
    if is_remote:
        raise InputRefused(
            "the document takes its context from the net, which is not read",
            fix="write the context into the document",
        )
    return graph


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
    accounts, names, threads = _accounts(facets), _names(facets), _threads(things)
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
            said.append(Message(row, at, threads.get(id_), None, sides[1], sides[0], None,
                                app and _last(app), _one(facet, "messageText")))  # fmt: skip
    named = [
        (row, accounts[id_], names.get(id_))
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


def _names(facets: list[tuple[str, str, Thing]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for id_, _, facet in facets:
        name = _one(facet, "displayName") or _one(facet, "name")
        if name:
            found.setdefault(id_, name)
    return found


def _threads(things: dict[str, Thing]) -> dict[str, str]:
    """Name for messages the thread that each is in, where the document has threads."""
    found: dict[str, str] = {}
    for id_ in sorted(things):
        for message in (*things[id_].get("message", ()), *things[id_].get("messages", ())):
            found.setdefault(message, _last(id_))
    return found


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
    leaves="files, devices, provenance; text of messages outside a thread; above 256 MB, or 32 MB "
    "where no list '@graph' holds the nodes",
    recognises=_recognises,
    sheets=_sheets,
    arrange=_arrange,
)
