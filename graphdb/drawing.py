"""Drawing in a case: findings, chains and trails become charts with their source rows.

Joins store, evidence and chart. ``quote`` gives the source rows that stand at places.
"""

from collections.abc import Callable, Collection, Sequence
from pathlib import Path

from graphdb.chart import Chart, Said, chart_of, draw_chart
from graphdb.errors import disk
from graphdb.model import Chain, Entity, Finding, Link, SourceRow, money_text
from graphdb.store import Store, entities_of, links_among
from graphdb.trace import Trail

Quote = Callable[[Collection[str]], tuple[SourceRow, ...]]


def draw_findings(
    store: Store,
    quote: Quote,
    title: str,
    findings: Sequence[Finding],
    chains: Sequence[Chain],
    path: Path,
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
    with disk(path):
        draw_chart(chart, path)
    return chart


def draw_trail(store: Store, quote: Quote, title: str, trail: Trail, path: Path) -> Chart:
    """Draw a trail: accounts by layer from left to right, payments with what they carried."""
    ids = {id_ for hop in trail.hops for id_ in (hop.payment, hop.source, hop.target)}
    entities = entities_of(store, ids)
    payments = {hop.payment for hop in trail.hops}
    links = [
        link
        for link in links_among(store, ids)
        if link.type in {"SENT", "PAID_TO"} and payments & {link.source, link.target}
    ]
    sources = quote(places_of(entities) | places_of(links))
    chart = chart_of(title, entities, links, notes=_said(trail), sources=sources)
    with disk(path):
        draw_chart(chart, path)
    return chart


def places_of(ones: Sequence[Entity] | Sequence[Link]) -> set[str]:
    """Gather the places of evidence of entities or links."""
    return {place for one in ones for place in one.evidence}


def _said(trail: Trail) -> tuple[Said, ...]:
    """Say beside the picture what the rule carried: by layer, never in all, and where it ended."""
    layers = "; ".join(f"{n}: {money_text(m, trail.currency)}" for n, m in trail.layers)
    ends = "; ".join(
        f"{end.account}: {money_text(end.traced_minor, trail.currency)} ({end.why})"
        for end in trail.ends[:12]
    )
    more = f" ... {len(trail.ends):,} in all" if len(trail.ends) > 12 else ""
    whole = money_text(trail.started_minor, trail.currency)
    return (
        Said(
            f"Traced by the rule '{trail.rule}': {whole}. A line shows the whole payment; of it "
            f"was carried, by layer: {layers}. The layers hold the same money: never add them.",
            f"按“{trail.rule}”规则追踪：{whole}。连线为付款全额；各层承载的被追踪金额：{layers}。"
            "各层为同一笔资金，不得相加。",
        ),
        Said(f"It ended at {ends}{more}.", f"去向：{ends}{more}。"),
    )
