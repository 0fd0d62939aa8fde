"""ANX for i2 Analyst's Notebook: one line a payment, strengths by basis, a card a source row.

Solid (Confirmed) is what a row records, dashed (Unconfirmed) what a person states, dotted
(Tentative) what a rule of ours infers: these are the strengths that i2's own charts use.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from graphdb.bundle.exports.drawn import PAYMENT, Line, Mark, drawn
from graphdb.bundle.exports.export import Export, File
from graphdb.bundle.exports.text import local, written, xml_text
from graphdb.bundle.handed import Handover
from graphdb.model import LINK_TYPES, NODE_TYPES, SourceRow, money_text

_STRENGTHS: Final = {"recorded": "Confirmed", "stated": "Unconfirmed", "inferred": "Tentative"}
_ICONS: Final = {
    "Account": "account", "Device": "mobile phone", "IP": "computer", "Phone": "phone",
    "Group": "group", "Message": "message", "Payment": "money", "Seller": "person",
    "Sale": "document", "Person": "person", "Report": "document", "Penalty": "warning",
    "Notice": "document",
}  # fmt: skip
# China Standard Time, by i2's numbering of zones.
_ZONE: Final = (21, "China Standard Time")
# i2 asks for a day on which the chart was made; ours has none, for it must not name the clock's.
_MADE: Final = "1970-01-01T00:00:00"
_ROWS: Final = 30
_CELL: Final = (180, 140)
_CARDS: Final = 50
_REFERENCE: Final = 240


def _files(handover: Handover) -> Iterator[File]:
    yield "graph.anx", _chunks(handover)


def _chunks(handover: Handover) -> Iterator[bytes]:
    import anxwritter  # a third of a second, for those who write one

    marks, lines = drawn(handover)
    quoted = {row.place: row for row in handover.sources}
    chart = anxwritter.ANXChart()
    chart.settings.summary.title = xml_text(f"{handover.case}: {handover.scope}")
    chart.settings.summary.created = _MADE
    chart.settings.summary.comments = "Times are UTC+08:00. Solid: recorded; dashed: stated by a "
    chart.settings.summary.comments += "person; dotted: inferred by a rule. No finding of guilt."
    for exhibit in handover.exhibits:
        chart.add_custom_property(
            f"{exhibit.number} SHA-256", xml_text(f"{exhibit.sha256} {exhibit.name}")
        )
    chart.settings.extra_cfg.link_arc_offset = 20
    dots = anxwritter.DotStyle
    styles = (dots.SOLID, dots.DASHED, dots.DOTTED)
    for name, style in zip(_STRENGTHS.values(), styles, strict=True):
        chart.add_strength(name, dot_style=style)
    chart.strengths.default = "Confirmed"
    for label in sorted({mark.label for mark in marks}):
        chart.add_entity_type(label, icon_file=_ICONS.get(label, "general"))
    for type_ in sorted({line.type for line in lines}):
        chart.add_link_type(type_)
    for name, kind in sorted(_attribute_classes([*marks, *lines]).items()):
        chart.add_attribute_class(name, type=kind, show_if_set=False)
    places = _places(marks)
    for mark in marks:
        x, y = places[mark.id, mark.label]
        chart.add_icon(
            id=xml_text(mark.id), type=mark.label, label=xml_text(mark.caption), x=x, y=y,
            **_common(anxwritter, mark, quoted),
        )  # fmt: skip
    for line in lines:
        chart.add_link(
            from_id=xml_text(line.source), to_id=xml_text(line.target), type=line.type,
            label=_label(line), arrow="->",
            # Without it i2 may show several payments between the same two as one.
            multiplicity=anxwritter.Multiplicity.MULTIPLE,
            **_common(anxwritter, line, quoted),
        )  # fmt: skip
    yield from chart.iter_anx_bytes()


def _common(anxwritter: Any, one: Mark | Line, quoted: Mapping[str, SourceRow]) -> dict[str, Any]:
    """Give what marks and lines share: time, strength, source reference, attributes, cards."""
    given: dict[str, Any] = {"attributes": _attributes(one)}
    if one.basis:
        given |= {"strength": _STRENGTHS[one.basis], "source_type": one.basis}
    if one.evidence:
        given["source_ref"] = xml_text(_reference(one.evidence))
        given["cards"] = [
            anxwritter.Card(
                summary=place, source_ref=place, source_type=one.basis,
                description=_row(quoted[place]),
            )
            for place in one.evidence[:_CARDS] if place in quoted
        ]  # fmt: skip
    if (at := local(one.at)) is not None:
        given["date"], given["time"] = f"{at:%Y-%m-%d}", f"{at:%H:%M:%S}"
        given["timezone"] = anxwritter.TimeZone(*_ZONE)
        given["ordered"] = False
    return given


def _attributes(one: Mark | Line) -> dict[str, Any]:
    """Give all properties as texts, exact; an amount stands as a number too, which i2 can add."""
    said = {"id": xml_text(one.id)}
    for name, cell in one.properties.items():
        if name != "at_ms":
            said[name] = xml_text(written(name, cell))
    numbers = {f"{name} (number)": float(said[name]) for name in ("amount",) if name in said}
    return {**{name: text for name, text in said.items() if text}, **numbers}


def _attribute_classes(ones: Sequence[Mark | Line]) -> dict[str, str]:
    names = {name for one in ones for name in _attributes(one)}
    return {name: "Number" if name.endswith("(number)") else "Text" for name in names}


def _reference(places: Sequence[str]) -> str:
    """Name as many places as i2 shows; the attribute 'evidence' has them all.

    >>> _reference(["E01:2", "E01:7"])
    'E01:2; E01:7'
    """
    text = "; ".join(places)
    if len(text) <= _REFERENCE:
        return text
    kept = text[:_REFERENCE].rpartition("; ")[0].split("; ")
    return "; ".join(kept) + f"; + {len(places) - len(kept):,}"


def _row(row: SourceRow) -> str:
    cells = "\n".join(f"{name}: {value}" for name, value in row.cells)
    return xml_text(f"{row.file}\n{cells}")


def _label(line: Line) -> str:
    minor = line.properties.get("amount_minor")
    if line.type == PAYMENT and isinstance(minor, int):
        return xml_text(money_text(minor, str(line.properties.get("currency") or "CNY")))
    return LINK_TYPES[line.type].zh if line.type in LINK_TYPES else line.type


def _places(marks: Sequence[Mark]) -> dict[tuple[str, str], tuple[int, int]]:
    """Stand the entities in columns by label: a place from what is given alone, never by chance."""
    width, height = _CELL
    columns: dict[str, int] = {}
    at = 0
    counts = Counter(mark.label for mark in marks)
    for label in NODE_TYPES:
        columns[label] = at
        at += -(-counts[label] // _ROWS) + (1 if counts[label] else 0)
    seen: Counter[str] = Counter()
    places = {}
    for mark in marks:
        column, row = divmod(seen[mark.label], _ROWS)
        seen[mark.label] += 1
        places[mark.id, mark.label] = ((columns[mark.label] + column) * width, row * height)
    return places


EXPORT: Final = Export(
    name="anx",
    says="i2 Analyst's Notebook (ANX): strengths by basis, source references, a card a source row",
    loses="fractions of a second in i2's own time (the attribute 'at' has them); cards beyond 50 "
    "on an item; characters that XML cannot hold are shown as ⟨U+0000⟩; never opened in i2 itself "
    "here, only read back by Linkwright",
    files=_files,
)
