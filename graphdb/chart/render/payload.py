"""What the page knows: every mark and line with its records, source rows and findings.

Everything is lists and pairs, because the template writes objects with sorted keys; every text
from evidence passes ``visible`` once, here.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final, TypeAlias

from graphdb.chart.lines import type_name
from graphdb.chart.nouns import Chart, ChartLink, ChartNode, Event, Said
from graphdb.chart.render.icons import picture_of
from graphdb.chart.render.words import PROPERTIES, WORDS
from graphdb.chart.roles import ROLES
from graphdb.chart.text import ZONE_NAME, caption_of, local, money, visible
from graphdb.model import BASES, LINK_TYPES, NODE_TYPES, Cell, Entity, Finding, Innocent, SourceRow

Json: TypeAlias = object
# Stand in the panel as headings, or say the same a second time.
_ELSEWHERE: Final = frozenset({"evidence", "at_ms", "id"})
_TIMES: Final = frozenset(
    one.name
    for declared in (
        *(node.properties for node in NODE_TYPES.values()),
        *(link.properties for link in LINK_TYPES.values()),
    )
    for one in declared
    if one.type == "time"
)
_ROLE_ORDER: Final = tuple(ROLES)


def payload_of(chart: Chart, mark_ids: Mapping[str, str]) -> dict[str, Json]:
    """Gather what the page shows; ``mark_ids`` names the marks as the canvas knows them."""
    mentions = _mentions(chart)
    roles = sorted({node.roles[0] for node in chart.nodes}, key=_ROLE_ORDER.index)
    stacked = {node.roles[0] for node in chart.nodes if len(node.members) > 1}
    types = sorted({link.type for link in chart.links})
    held = {link.basis for link in chart.links}
    quoted, files = _sources(chart.sources)
    return {
        "title": visible(chart.title),
        "zone": ZONE_NAME,
        "words": {key: _said(said) for key, said in WORDS.items()},
        "property_names": {name: _said(said) for name, said in PROPERTIES.items()},
        "labels": {label: _said(_label(label)) for label in NODE_TYPES},
        "roles": [[role, *_said(ROLES[role].one)] for role in roles],
        "role_names": {role.id: _said(role.one) for role in ROLES.values()},
        "types": [[type_, *_said(type_name(type_))] for type_ in types],
        "bases": [basis for basis in BASES if basis in held],
        "pictures": {role: picture_of(role) for role in roles}
        | {f"{role} stack": picture_of(role, stacked=True) for role in sorted(stacked)},
        "bands": [{"x": band.x, "says": _said(band.says)} for band in chart.bands],
        "notes": [_said(note) for note in chart.notes],
        "nodes": [[mark_ids[node.id], _node(node, mentions)] for node in chart.nodes],
        "links": [[link.id, _link(link, mark_ids, mentions)] for link in chart.links],
        "findings": [_finding(finding) for finding in chart.findings],
        "sources": quoted,
        "files": files,
    }


def _said(said: Said) -> list[str]:
    return [said.en, said.zh]


def _label(label: str) -> Said:
    return ROLES[label].one


def _mentions(chart: Chart) -> Mapping[str, list[int]]:
    """Tell which findings name an entity."""
    found: dict[str, list[int]] = {}
    for number, finding in enumerate(chart.findings):
        for id_ in dict.fromkeys(id_ for _, id_ in finding.nodes):
            found.setdefault(id_, []).append(number)
    return found


def _node(node: ChartNode, mentions: Mapping[str, list[int]]) -> Json:
    return {
        "caption": _said(node.caption),
        "label": node.label,
        "roles": list(node.roles),
        "members": [_entity(member) for member in node.members],
        "findings": _union(mentions.get(member.id, []) for member in node.members),
    }


def _entity(entity: Entity) -> Json:
    return {
        "id": visible(entity.id),
        "name": caption_of(entity).replace("\n", " · "),
        "properties": _properties(entity.properties),
        "evidence": list(entity.evidence),
    }


def _link(link: ChartLink, mark_ids: Mapping[str, str], mentions: Mapping[str, list[int]]) -> Json:
    currency = link.events[0].currency
    known = [event.amount_minor for event in link.events if event.amount_minor is not None]
    paid = money(link.paid_minor, currency) if link.paid_minor else ""
    times = sorted(event.at for event in link.events if event.at)
    many = f"×{len(link.events):,}" if len(link.events) > 1 else ""
    both = [
        set(mentions.get(event.source, ())) & set(mentions.get(event.target, ()))
        for event in link.events
    ]
    return {
        "type": link.type,
        "caption": _said(link.caption),
        "from": mark_ids[link.source],
        "to": mark_ids[link.target],
        "basis": link.basis,
        "count": len(link.events),
        "amount": paid or (money(known[0], currency) if len(known) == 1 else ""),
        "weight": link.paid_minor,
        "short": " ".join(filter(None, (many, paid.removesuffix(".00")))),
        "when": "" if not times else local(times[0]) if len(times) == 1
        else f"{local(times[0], day_only=True)} … {local(times[-1], day_only=True)}",
        "events": [_event(event) for event in link.events],
        "evidence": list(link.evidence),
        "findings": _union(sorted(numbers) for numbers in both),
    }  # fmt: skip


def _event(event: Event) -> Json:
    return {
        "number": visible(event.entity.id) if event.entity else "",
        "from": visible(event.source),
        "to": visible(event.target),
        "at": local(event.at) if event.at else "",
        "utc": visible(event.at),
        "ms": _milliseconds(event.at),
        "amount": "" if event.amount_minor is None else money(event.amount_minor, event.currency),
        "properties": _properties(
            {name: cell for name, cell in event.properties.items() if name != "at"}
        ),
        "evidence": list(event.evidence),
    }


def _milliseconds(at: str) -> int | None:
    try:
        return round(datetime.fromisoformat(at).timestamp() * 1000)
    except ValueError:
        return None


def _properties(properties: Mapping[str, Cell]) -> list[list[str]]:
    """Write properties as pairs of text: money with its currency, times in both zones."""
    currency = str(properties.get("currency") or "CNY")
    pairs: list[list[str]] = []
    for name, cell in properties.items():
        if name in _ELSEWHERE or cell is None:
            continue
        if name.endswith("_minor") and isinstance(cell, int):
            text = money(cell, currency)
        elif name in _TIMES:
            text = f"{local(str(cell))} ({ZONE_NAME}); {_text(cell)} (UTC)"
        else:
            text = _text(cell)
        pairs.append([visible(name), text])
    return pairs


def _text(cell: Cell) -> str:
    if isinstance(cell, list):
        return ", ".join(_text(one) for one in cell)
    return visible(str(cell))


def _union(lists: Iterable[Sequence[int]]) -> list[int]:
    return sorted({number for numbers in lists for number in numbers})


def _finding(finding: Finding) -> Json:
    return {
        "pack": finding.pack,
        "level": finding.level,
        "key": visible(finding.key),
        "innocents": [_in_both(one) for one in finding.innocents],
    }


def _in_both(innocent: Innocent) -> list[list[str]]:
    """Give what it says and the check that would tell, each in English and Chinese."""
    pairs = zip(innocent.said("en"), innocent.said("zh"), strict=True)
    return [[visible(english), visible(chinese)] for english, chinese in pairs]


def _sources(sources: Sequence[SourceRow]) -> tuple[dict[str, Json], list[Json]]:
    """Quote rows by place; file, hash and columns stand once for all rows that share them."""
    heads: dict[tuple[str, str, tuple[str, ...]], int] = {}
    rows: dict[str, Json] = {}
    for source in sources:
        columns = tuple(name for name, _ in source.cells)
        head = heads.setdefault((source.file, source.sha256, columns), len(heads))
        rows[source.place] = [head, *(visible(cell) for _, cell in source.cells)]
    files: list[Json] = [
        {"file": visible(file), "sha256": sha256, "columns": [visible(name) for name in columns]}
        for file, sha256, columns in heads
    ]
    return rows, files
