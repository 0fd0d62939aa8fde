"""Cellebrite UFED reports: ``report.xml``, and UFDR, which is that in a ZIP archive.

Models nest: a chat holds its messages, a message its parties. The file can be gigabytes, so it is
read model by model; a row is the number of a model in the report. Entities of XML are refused.
"""

import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, Any, Final

import polars as pl

from graphdb.errors import InputRefused
from graphdb.evidence.chat import Message, chat_parts, chat_sheets, nameless
from graphdb.evidence.format import DocumentFormat, Part, Sheet
from graphdb.evidence.layout import tidied
from graphdb.evidence.source import Source
from graphdb.evidence.together import ROWS_TOGETHER
from graphdb.evidence.xml_stream import elements, local

_NAMESPACE: Final = "pa.cellebrite.com/report"
_REPORT: Final = re.compile(r"(?:^|/)report\.xml$", re.IGNORECASE)
_OWN_NUMBER: Final = ("msisdn", "phone number", "own number")
_CALLS: Final = ("Call", "SMS", "MMS")
_TABLES: Final = {
    "call": ("caller", "callee", "at", "length", "kind"),
    "contact": ("friend", "name"),
    "account": ("account", "name"),
}


@dataclass(slots=True)
class _Model:
    """A model of the report: its type, its values, and the models within it by field."""

    type: str
    said: dict[str, str] = field(default_factory=dict)
    inner: dict[str, list["_Model"]] = field(default_factory=dict)

    def one(self, name: str) -> "_Model | None":
        return next(iter(self.inner.get(name, ())), None)


def _recognises(source: Source) -> bool:
    if source.members:
        return any(_REPORT.search(name) for name in source.members)
    return source.begins("<") and _NAMESPACE in source.head


@contextmanager
def _opened(source: Source) -> Iterator[IO[bytes]]:
    if not source.members:
        with source.path.open("rb") as file:
            yield file
        return
    with zipfile.ZipFile(source.path) as archive:
        name = next(name for name in source.members if _REPORT.search(name))
        with archive.open(name) as file:
            yield file


def _models(source: Source) -> Iterator[_Model | str]:
    """Give the number of the phone, where the report tells it, and its outermost models."""
    try:
        with _opened(source) as file:
            for element in elements(file, ("model", "item"), "this report"):
                if local(element) == "model":
                    yield _model(element)
                elif (element.get("name") or "").lower() in _OWN_NUMBER:
                    yield (element.text or "").strip()
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError) as error:
        raise InputRefused(f"this archive is broken: {error}", fix="copy it again") from error


def _model(element: Any) -> _Model:
    model = _Model(element.get("type") or "")
    for part in element:
        name = part.get("name") or ""
        match local(part):
            case "field":
                value = next((one.text for one in part if local(one) == "value"), None)
                if value and value.strip():
                    model.said[name] = value.strip()
            case "modelField" | "multiModelField":
                inner = [_model(one) for one in part if local(one) == "model"]
                model.inner.setdefault(name, []).extend(inner)
    return model


def _sheets(source: Source, exhibit: str) -> Iterator[Sheet]:
    """Give calls, contacts and accounts as tables, and chats as messages."""
    own = f"{exhibit}/owner"
    held: dict[str, list[tuple[int, ...]]] = {name: [] for name in _TABLES}
    said: list[Message] = []
    left: dict[str, int] = {}
    row = 0
    for model in _models(source):
        if isinstance(model, str):
            own = model or own
            continue
        row += 1
        if model.type == "Chat":
            messages = list(_chat(model, row, exhibit))
            said += messages
            row += len(messages)
        elif model.type in _READ:
            name, read = _READ[model.type]
            held[name] += [(row, *cells) for cells in read(model, own)]
        else:
            left[model.type] = left.get(model.type, 0) + 1
        for name, rows in held.items():
            if len(rows) >= ROWS_TOGETHER:
                yield _table(exhibit, name, rows, ())
                rows.clear()
        if len(said) >= ROWS_TOGETHER:
            yield from chat_sheets(exhibit, said, "ufed")
            said = []
    most = sorted(left.items(), key=lambda one: (-one[1], one[0]))
    kinds = ", ".join(f"{count:,} {kind}" for kind, count in most)
    warnings = (f"models that are not read: {kinds}",) if kinds else ()
    for name, rows in held.items():
        if rows or (name == "call" and not said):
            yield _table(exhibit, name, rows, warnings)
            warnings = ()
    if said:
        yield from chat_sheets(exhibit, said, "ufed", warnings)


def _table(
    exhibit: str, name: str, rows: list[tuple[int, ...]], warnings: tuple[str, ...]
) -> Sheet:
    headers = _TABLES[name]
    schema = {"row": pl.Int64, **{f"c{at}": pl.String for at in range(len(headers))}}
    # A contact with two numbers is two rows of one model: the first stands.
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return Sheet(exhibit, headers, frame, {"table": name}, (), warnings)


def _parties(model: _Model) -> dict[str, _Model]:
    """Give the parties of a model by their role (From, To), the first of each."""
    found: dict[str, _Model] = {}
    for party in model.inner.get("Parties", ()):
        found.setdefault(party.said.get("Role", ""), party)
    return found


def _call(model: _Model, own: str) -> Iterator[tuple[Any, ...]]:
    """Give a call or short message; the side that is not named is the phone itself."""
    parties = _parties(model)
    way = (model.said.get("Type") or model.said.get("Direction") or "").lower()
    other = next((p for p in parties.values() if p.said.get("IsPhoneOwner") != "True"), None)
    number = other.said.get("Identifier") if other else None
    caller, callee = parties.get("From"), parties.get("To")
    outward = way.startswith(("out", "sent")) or (caller is None and callee is not None)
    at = model.said.get("TimeStamp")
    kind = "call" if model.type == "Call" else "sms"
    sides = (own, number) if outward else (number, own)
    if caller is not None and callee is not None:
        named = (caller.said.get("Identifier"), callee.said.get("Identifier"))
        sides = (named[0] or own, named[1] or own)
    yield (*sides, at, model.said.get("Duration"), kind)


def _contact(model: _Model, own: str) -> Iterator[tuple[Any, ...]]:
    source = _platform(model.said.get("Source"))
    for entry in model.inner.get("Entries", ()):
        value = entry.said.get("Value")
        if value and entry.type in ("PhoneNumber", "UserID"):
            platform = "phone" if entry.type == "PhoneNumber" else source
            yield f"{platform}:{value}", model.said.get("Name")
            return


def _account(model: _Model, own: str) -> Iterator[tuple[Any, ...]]:
    service = model.said.get("Source") or model.said.get("ServiceType")
    number = model.said.get("Username") or model.said.get("UserName")
    if number:
        yield f"{_platform(service)}:{number}", model.said.get("Name")


_READ: Final[dict[str, tuple[str, Callable[[_Model, str], Iterator[tuple[Any, ...]]]]]] = {
    **dict.fromkeys(_CALLS, ("call", _call)),
    "Contact": ("contact", _contact),
    "UserAccount": ("account", _account),
}


def _platform(source: str | None) -> str:
    """Name the platform of an app as accounts do."""
    word = re.sub(r"[^a-z0-9]", "", (source or "").lower())
    return {"mobileqq": "qq", "native": "phone", "": "app"}.get(word, word)


def _chat(model: _Model, row: int, exhibit: str) -> Iterator[Message]:
    platform = _platform(model.said.get("Source"))
    people = model.inner.get("Participants", [])
    in_group = len(people) > 2  # two are a private chat
    number = model.said.get("Id") or model.said.get("Name") or f"chat {row}"
    peer = next((p for p in people if p.said.get("IsPhoneOwner") != "True"), None)
    owners = {p.said.get("Identifier") for p in people if p.said.get("IsPhoneOwner") == "True"}
    messages = model.inner.get("Messages", [])
    for at, one in enumerate(messages, start=1):
        writer = one.one("From")
        by = writer.said.get("Identifier") if writer else None
        name = writer.said.get("Name") if writer else None
        sender = f"{platform}:{by}" if by else nameless(platform, exhibit, name) if name else None
        known = peer.said.get("Identifier") if peer else None
        yield Message(
            row + at, one.said.get("TimeStamp"), number if in_group else None,
            model.said.get("Name") if in_group else None,
            f"{platform}:{known}" if known and not in_group else None, sender, name,
            one.said.get("Type"), one.said.get("Body"), "1" if by and by in owners else None,
        )  # fmt: skip


def _arrange(rows: pl.DataFrame, sheet: Sheet) -> Iterator[Part]:
    match sheet.about.get("table"):
        case None:
            yield from chat_parts(rows, sheet)
        case "call":
            clock = [
                pl.col("length").str.extract(r"^(\d+):(\d{2}):(\d{2})", at).cast(pl.Int64) * unit
                for at, unit in ((1, 3600), (2, 60), (3, 1))
            ]
            seconds = pl.coalesce(sum(clock[1:], clock[0]).cast(pl.String), "length")
            calls = tidied(rows).select("row", "caller", "callee", "at", "kind", seconds=seconds)
            yield Part("calls", calls, zone="Asia/Shanghai")
        case "contact":
            owner = pl.lit(f"phone:{sheet.exhibit}/owner")
            yield Part("contacts", tidied(rows).select("row", "friend", "name", account=owner))
        case _:
            yield Part("accounts", tidied(rows))


FORMAT: Final = DocumentFormat(
    name="ufed_report",
    says="Cellebrite UFED XML and UFDR: calls, messages, chats, contacts and user accounts",
    leaves="every other kind of model (counted), files, deleted states; text of private chats",
    recognises=_recognises,
    sheets=_sheets,
    arrange=_arrange,
)
