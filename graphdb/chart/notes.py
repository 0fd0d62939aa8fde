"""Say under the picture what was merged, folded and added up, and how complete it is."""

from collections import defaultdict
from collections.abc import Sequence

from graphdb.chart.nouns import PAYMENT, ChartLink, ChartNode, Said
from graphdb.chart.roles import ROLES, layer_of
from graphdb.chart.text import ZONE_NAME, money
from graphdb.model import Cut, Finding, SourceRow


def notes_of(
    nodes: Sequence[ChartNode], links: Sequence[ChartLink], sources: Sequence[SourceRow]
) -> tuple[Said, ...]:
    """Give the notes of a chart, its completeness first and the reservation last."""
    notes = [
        _complete(nodes, links, sources),
        *_folded(nodes),
        *_merged(links),
        *_one_ended(nodes),
        *_sums(nodes, links),
        Said(
            f"Times are {ZONE_NAME}; the panel gives UTC too.",
            f"时间为 {ZONE_NAME}；详情栏另列 UTC 时间。",
        ),
        Said(
            "A link chart shows what records say; it is no finding of guilt.",
            "关系图只反映记录内容，不构成有罪认定。",
        ),
    ]
    return tuple(notes)


def cuts_of(findings: Sequence[Finding]) -> list[Said]:
    """Name the hubs beyond which the packs did not follow; each cut must be seen."""
    links: dict[str, int] = {}
    for cut in (cut for finding in findings for cut in finding.cuts):
        links[cut.hub] = max(links.get(cut.hub, 0), cut.links)
    return [
        Said(
            f"{Cut(hub, count)}.".capitalize(),
            f"未追踪枢纽 {hub} 之后的关系（{count:,} 条）。",
        )
        for hub, count in sorted(links.items())
    ]


def _complete(
    nodes: Sequence[ChartNode], links: Sequence[ChartLink], sources: Sequence[SourceRow]
) -> Said:
    entities = sum(len(node.members) for node in nodes)
    events = sum(len(link.events) for link in links)
    places = {place for link in links for place in link.evidence}
    places |= {place for node in nodes for one in node.members for place in one.evidence}
    quoted = len(places & {row.place for row in sources})
    return Said(
        f"{entities:,} entities drawn as {len(nodes):,} marks, {events:,} events as {len(links):,} "
        f"lines, from {len(places):,} source rows; {quoted:,} of these rows are quoted here.",
        f"{entities:,} 个实体绘为 {len(nodes):,} 个图元，{events:,} 个事件绘为 {len(links):,} "
        f"条连线，来自 {len(places):,} 行原始记录；本图引用其中 {quoted:,} 行。",
    )


def _folded(nodes: Sequence[ChartNode]) -> list[Said]:
    sizes = [len(node.members) for node in nodes if len(node.members) > 1]
    if not sizes:
        return []
    return [
        Said(
            f"{len(sizes):,} stacks hold {sum(sizes):,} entities: all in a stack have the same "
            "links, to the same others or each to an own one; select a stack for its members.",
            f"{len(sizes):,} 个叠放图元含 {sum(sizes):,} 个实体："
            "同一叠内各实体的关系相同（指向同一对象，或各自指向自己的对象）；选中可查看成员。",
        )
    ]


def _merged(links: Sequence[ChartLink]) -> list[Said]:
    many = [link for link in links if len(link.events) > 1]
    if not many:
        return []
    events, paid = sum(len(link.events) for link in many), sum(1 for x in many if x.type == PAYMENT)
    return [
        Said(
            f"{len(many):,} lines marked × stand for {events:,} repeated events (count, first…last"
            + (f"; {paid:,} of them for payments, with their sum" if paid else "")
            + "); the panel lists each.",
            f"{len(many):,} 条标有×的连线合并了 {events:,} 个重复事件（次数、首次…末次"
            + (f"；其中 {paid:,} 条为付款并列合计" if paid else "")
            + "），详情栏逐一列出。",
        )
    ]


def _one_ended(nodes: Sequence[ChartNode]) -> list[Said]:
    count = sum(len(node.members) for node in nodes if node.label == "Payment")
    if not count:
        return []
    return [
        Said(
            f"{count:,} payments stand as marks: one end is not on this chart, or something else "
            "points at them.",
            f"{count:,} 笔付款以图元表示：其一端不在本图上，或另有关系指向该笔付款。",
        )
    ]


def _sums(nodes: Sequence[ChartNode], links: Sequence[ChartLink]) -> list[Said]:
    """Add up within a layer only: layers hold the same money, and a grand total counts it twice."""
    into: dict[tuple[int, str, str], list[int]] = defaultdict(list)
    marks = {node.id: node for node in nodes}
    for link in links:
        target = marks[link.target]
        role = target.roles[0]
        if link.type == PAYMENT and (layer_of(role) or role == "cash_out"):
            key = (target.band, role, link.events[0].currency)
            into[key] += [event.amount_minor or 0 for event in link.events]
    if not into:
        return []
    sums = [
        (ROLES[role].many, money(sum(amounts), currency), len(amounts))
        for (_, role, currency), amounts in sorted(into.items())
    ]
    return [
        Said(
            "Paid to "
            + "; to ".join(f"{name.en}: {total} ({count:,})" for name, total, count in sums)
            + ". Later layers hold the same money again: these sums must not be added.",
            "付给"
            + "；付给".join(f"{name.zh}：{total}（{count:,} 笔）" for name, total, count in sums)
            + "。后层为同一笔资金的流转，各层合计不得相加。",
        )
    ]
