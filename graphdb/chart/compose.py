"""Compose a chart of entities and links, and check that nothing which was given is missing."""

from collections.abc import Sequence

from graphdb.chart.events import events_of
from graphdb.chart.fold import stacks_of
from graphdb.chart.layout import laid_out
from graphdb.chart.lines import lines_of
from graphdb.chart.notes import cuts_of, notes_of
from graphdb.chart.nouns import Chart, ChartLink, ChartNode, Event, Said
from graphdb.chart.roles import ROLES, bands_of, roles_of
from graphdb.chart.text import caption_of
from graphdb.errors import CheckFailed
from graphdb.model import Chain, Entity, Finding, Link, SourceRow


def composed(
    title: str,
    entities: Sequence[Entity],
    links: Sequence[Link],
    findings: Sequence[Finding],
    chains: Sequence[Chain],
    sources: Sequence[SourceRow],
    notes: Sequence[Said],
    fold_above: int,
) -> Chart:
    """Turn what the graph holds into marks and lines with their places and notes."""
    given = sorted(entities, key=lambda one: (one.id, one.label))
    shown, events = events_of(given, links)
    roles = roles_of(shown, events, chains)
    bands = bands_of(shown, events, roles)
    marks = [
        _mark(members, roles[members[0].id], bands[members[0].id])
        for members in stacks_of(shown, events, roles, fold_above)
    ]
    mark_of = {member.id: mark.id for mark in marks for member in mark.members}
    lines = lines_of(events, mark_of)
    _check(given, links, marks, lines)
    nodes, headings = laid_out(marks, lines)
    quoted = tuple(sorted(sources, key=lambda row: row.place))
    return Chart(
        title=title,
        nodes=nodes,
        links=lines,
        bands=headings,
        notes=(*notes, *cuts_of(findings), *notes_of(nodes, lines, quoted)),
        findings=tuple(findings),
        sources=quoted,
    )


def _mark(members: tuple[Entity, ...], roles: tuple[str, ...], band: int) -> ChartNode:
    first = members[0]
    if len(members) == 1:
        name = caption_of(first)
        return ChartNode(first.id, first.label, roles, members, Said(name, name), band)
    many = ROLES[roles[0]].many
    caption = Said(f"{len(members):,} {many.en}", f"{len(members):,} 个{many.zh}")
    return ChartNode(f"stack of {first.id}", first.label, roles, members, caption, band)


def _check(
    entities: Sequence[Entity],
    links: Sequence[Link],
    marks: Sequence[ChartNode],
    lines: Sequence[ChartLink],
) -> None:
    """Refuse a chart that lost an entity, a link, an amount or a place of evidence."""
    events: list[Event] = [event for line in lines for event in line.events]
    on_marks = [member for mark in marks for member in mark.members]
    steps = {event.entity.id: event.entity for event in events if event.entity}
    if sorted([*(one.id for one in on_marks), *steps]) != [one.id for one in entities]:
        raise CheckFailed(f"{len(on_marks) + len(steps)} of {len(entities)} entities are charted")
    if (drawn := sum(len(event.links) for event in events)) != len(links):
        raise CheckFailed(f"{drawn} of {len(links)} links are charted")
    paid = sum(line.paid_minor for line in lines) + _paid(on_marks)
    if paid != _paid(entities):
        raise CheckFailed(f"the payments charted add up to {paid}, not {_paid(entities)}")
    places = {place for event in events for place in event.evidence}
    places |= {place for member in on_marks for place in member.evidence}
    given = {place for entity in entities for place in entity.evidence}
    given |= {place for link in links for place in link.evidence}
    if lost := given - places:
        raise CheckFailed(f"the evidence of {min(lost)} is not on the chart")


def _paid(entities: Sequence[Entity]) -> int:
    amounts = (one.properties.get("amount_minor") for one in entities if one.label == "Payment")
    return sum(amount for amount in amounts if isinstance(amount, int))
