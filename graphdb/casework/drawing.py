"""Drawing in a case: findings, chains and trails become charts with their source rows.

Joins store, evidence and chart. ``quote`` gives the source rows that stand at places.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from graphdb.chart import (
    Chart,
    Imprint,
    Said,
    TrailChart,
    TrailStep,
    TrailStop,
    caption_of,
    chart_of,
    draw_chart,
    draw_trail,
)
from graphdb.errors import disk
from graphdb.evidence.docket import Docket
from graphdb.model import Chain, Entity, Finding, Link, SourceRow, money_text
from graphdb.store import Store, entities_of, links_among
from graphdb.trace import Trail, rule_named

OUTSIDE: Final = Said("in the case, not on this chart", "在案但未列入本图")
REPEATED: Final = Said("repeated", "重复")
REJECTED: Final = Said("rejected", "无法读取")

Quote = Callable[[Collection[str]], tuple[SourceRow, ...]]


def draw_findings(
    store: Store,
    quote: Quote,
    title: str,
    findings: Sequence[Finding],
    chains: Sequence[Chain],
    path: Path,
    imprint: Imprint,
) -> Chart:
    """Draw what findings and chains name, and the links that they rest on."""
    ids = {id_ for finding in findings for _, id_ in finding.nodes}
    entities = entities_of(store, ids)
    drawn = {link for finding in findings for link in finding.links}
    links = [
        link for link in links_among(store, ids) if (link.type, link.source, link.target) in drawn
    ]
    sources = quote(places_of(entities) | places_of(links))
    chart = chart_of(title, entities, links, findings=findings, chains=chains, sources=sources)
    chart = imprinted(chart, imprint)
    with disk(path):
        draw_chart(chart, path)
    return chart


def draw_money(store: Store, quote: Quote, title: str, trail: Trail, path: Path) -> TrailChart:
    """Draw a trail: layers from left to right, a time line, every payment with its source rows."""
    accounts = {id_ for hop in trail.hops for id_ in (hop.source, hop.target)}
    places = {place for hop in trail.hops for place in hop.evidence}
    chart = trail_chart(title, trail, entities_of(store, accounts), quote(places))
    with disk(path):
        draw_trail(chart, path)
    return chart


def trail_chart(
    title: str, trail: Trail, accounts: Sequence[Entity], sources: Sequence[SourceRow] = ()
) -> TrailChart:
    """Turn a trail into what is drawn of it; ``accounts`` give their names."""
    steps = (
        TrailStep(
            hop.payment, hop.source, hop.target, hop.at, hop.layer, hop.amount_minor, hop.shares,
            hop.evidence,
        )
        for hop in trail.hops
    )  # fmt: skip
    rule = rule_named(trail.rule)
    way = Said("looked back", "向后追溯") if trail.is_backward else Said("followed", "追踪")
    whole = money_text(trail.started_minor, trail.currency)
    return TrailChart(
        title=title,
        rule=Said(
            f"{whole} {way.en} by the rule '{trail.rule}': {rule.says}. Source: {rule.source}.",
            f"按“{trail.rule}”规则{way.zh}：{whole}。规则出处：{rule.source}。",
        ),
        currency=trail.currency,
        is_backward=trail.is_backward,
        origins=trail.origins,
        steps=tuple(steps),
        stops=tuple(TrailStop(e.account, e.ending, e.why, e.traced_minor) for e in trail.ends),
        captions={account.id: caption_of(account) for account in accounts},
        notes=tuple(_noted(trail)),
        sources=tuple(sources),
    )


def _noted(trail: Trail) -> Iterator[Said]:
    """Say what the drawing cannot show: refunds, what is not known, and what it is not."""
    for hop in trail.returns:
        back = money_text(hop.traced_minor, trail.currency)
        yield Said(
            f"A refund, no hop: {back} came back to {hop.target} by {hop.payment}.",
            f"退款不计为一跳：{back} 经 {hop.payment} 退回 {hop.target}。",
        )
    if unknown := sum(one.basis == "unknown" for one in trail.openings):
        yield Said(
            f"{unknown:,} opening balances are unknown and taken as nothing.",
            f"{unknown:,} 个账户的期初余额不明，按零计。",
        )
    for account, minor in trail.unexplained:
        lacking = money_text(minor, trail.currency)
        yield Said(
            f"{account} paid {lacking} more than its records explain.",
            f"{account} 多付 {lacking}，现有记录无法解释其来源。",
        )
    for note in trail.notes:
        yield Said(note, note)
    yield Said(
        "A trail is what a rule says of records; it is no finding of guilt.",
        "资金追踪是按规则对记录的推演，不构成有罪认定。",
    )


def imprint_of(name: str, docket: Docket, as_of: str) -> Imprint:
    """Say of which case a chart is, how many rows were read, and which did not get in."""
    tallies = [entry.tally for entry in docket.finished if entry.tally]
    return Imprint(
        case=name,
        rows_read=sum(tally.read for tally in tallies),
        excluded=(
            (REPEATED, sum(tally.repeated for tally in tallies)),
            (REJECTED, sum(tally.rejected for tally in tallies)),
        ),
        as_of=as_of,
    )


def imprinted(chart: Chart, imprint: Imprint) -> Chart:
    """Put the imprint on a chart, with the rows that are in the case but not on the chart."""
    gone = sum(count for _, count in imprint.excluded)
    rest = (imprint.rows_read or 0) - len(chart.places) - gone
    return replace(chart, imprint=replace(imprint, excluded=((OUTSIDE, rest), *imprint.excluded)))


def places_of(ones: Sequence[Entity] | Sequence[Link]) -> set[str]:
    """Gather the places of evidence of entities or links."""
    return {place for one in ones for place in one.evidence}
