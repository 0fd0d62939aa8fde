"""FollowTheMoney, one entity a line: accounts, persons, ownership, payments, calls, other links.

Written by hand after the schema: the library takes 480 MB with all that it needs, and five
minutes to install here. Its dates have no zone and its ids no colons; so dates are UTC, ids are
digests, and what both drop stands in notes.
"""

import json
from collections.abc import Iterator
from hashlib import sha256
from typing import Any, Final

from graphdb.bundle.exports.drawn import PAYMENT, Line, Mark, drawn
from graphdb.bundle.exports.export import Export, File
from graphdb.bundle.exports.text import written
from graphdb.bundle.handed import Handover
from graphdb.model import SourceRow

_SCHEMATA: Final = {
    "Account": "BankAccount", "Person": "Person", "Seller": "LegalEntity", "Group": "Organization",
    "Phone": "UserAccount",
}  # fmt: skip


def _files(handover: Handover) -> Iterator[File]:
    yield "graph.ftm.jsonl", _chunks(handover)


def _chunks(handover: Handover) -> Iterator[bytes]:
    marks, lines = drawn(handover)
    quoted = {row.place: row for row in handover.sources}
    labels = {mark.id: mark.label for mark in marks}
    for mark in marks:
        yield _json(mark.id, *_mark(mark, quoted))
    for line in lines:
        yield _json(f"line {line.id}", *_line(line, labels, quoted))


def _json(id_: str, schema: str, said: dict[str, str | list[str]]) -> bytes:
    properties = {
        name: [value] if isinstance(value, str) else value for name, value in said.items() if value
    }
    entity = {"id": _id(id_), "schema": schema, "properties": properties}
    return (json.dumps(entity, ensure_ascii=False) + "\n").encode("utf-8", "backslashreplace")


def _id(name: str) -> str:
    """Give an id as FollowTheMoney takes it: letters, digits, dots and dashes."""
    return f"lw-{sha256(name.encode('utf-8', 'backslashreplace')).hexdigest()[:40]}"


def _mark(mark: Mark, quoted: dict[str, SourceRow]) -> tuple[str, dict[str, str | list[str]]]:
    schema = _SCHEMATA.get(mark.label, "Thing")
    platform, _, number = mark.id.partition(":")
    said: dict[str, str | list[str]] = {"name": mark.caption, "notes": _notes(mark, quoted)}
    match schema:
        case "BankAccount":
            said |= {"accountNumber": number, "accountType": platform}
        case "UserAccount":
            said |= {"phone": number, "service": "phone"}
        case "Person" | "LegalEntity" | "Organization":
            said |= {"registrationNumber": number}
        case _:
            schema = "Event" if mark.label in ("Message", "Report", "Sale") else "Asset"
            said |= {"summary": mark.label}
    return schema, said


def _line(
    line: Line, labels: dict[str, str], quoted: dict[str, SourceRow]
) -> tuple[str, dict[str, str | list[str]]]:
    source, target = _id(line.source), _id(line.target)
    said: dict[str, str | list[str]] = {
        "date": line.at[:19],
        "description": _notes(line, quoted),
    }
    ends = (labels.get(line.source), labels.get(line.target))
    if line.type == PAYMENT:
        get = line.properties.get
        return "Payment", said | {
            "payerAccount": source,
            "beneficiaryAccount": target,
            "amount": written("amount", get("amount")),
            "currency": written("currency", get("currency")),
            "purpose": written("memo", get("memo")),
            "transactionNumber": line.id.partition(":")[2],
            "recordId": line.id,
        }
    if line.type in ("HOLDS", "CONTROLS") and ends == ("Person", "Account"):
        get = line.properties.get
        since, until = (written(name, get(name))[:19] for name in ("since", "until"))
        said = {name: value for name, value in said.items() if name != "date"}
        return "Ownership", said | {
            "owner": source,
            "asset": target,
            "role": line.type,
            "startDate": since,
            "endDate": until,
        }
    return "UnknownLink", said | {"subject": source, "object": target, "role": line.type}


def _notes(one: Mark | Line, quoted: dict[str, SourceRow]) -> list[str]:
    """Say our id, basis, places and time with zone, and how the first row has it written."""
    said = {"id": one.id, "basis": one.basis, "at": one.at, "evidence": "; ".join(one.evidence)}
    notes = ["; ".join(f"{name} {text}" for name, text in said.items() if text)]
    row = quoted.get(one.evidence[0]) if one.evidence else None
    if row is not None:
        notes.append(f"{row.place}: {json.dumps(dict(row.cells), ensure_ascii=False)}")
    rest: dict[str, Any] = {
        name: cell
        for name, cell in one.properties.items()
        if name not in ("evidence", "basis", "at", "at_ms")
    }
    return [*notes, json.dumps(rest, ensure_ascii=False)] if rest else notes


EXPORT: Final = Export(
    name="ftm",
    says="FollowTheMoney JSON lines for Aleph and OpenSanctions tools",
    loses="ids become digests (ours stand in notes and recordId); dates lose zone and fractions "
    "and mean UTC (the notes have the time with its zone and the row as written); every account is "
    "a BankAccount whose accountType is the platform; sellers and groups read back as persons; "
    "devices and addresses have no schema of their own",
    files=_files,
)
