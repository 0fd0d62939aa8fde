"""Draw a trail as a Sankey: accounts in columns by layer, bands as wide as what they carried."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Final

from graphdb.chart.render.strokes import (
    FAINT,
    FILLS,
    INK,
    OTHER,
    at,
    box,
    line,
    safe,
    words,
)  # fmt: skip
from graphdb.chart.text import money
from graphdb.chart.trail import TrailChart, TrailLink, TrailNode

_COLUMN: Final = 330
_BAR: Final = 12
_LEFT: Final = 24
_TOP: Final = 70
_GAP: Final = 34
_TALL: Final = 420  # what the largest layer's money takes
_LEAST: Final = 1.2  # a band that carries little can still be seen
ENDINGS: Final = {
    "at_rest": "at rest 留存",
    "left_case": "left the case 流出",
    "not_on_record": "no record 无记录",
}


def sankey(trail: TrailChart) -> tuple[float, float, list[str]]:
    """Give width, height and the parts of the drawing."""
    fills = fills_of(trail)
    scale = _TALL / max((sum_ for _, sum_ in trail.layers), default=1)
    heights = _heights(trail, scale)
    columns: dict[int, list[TrailNode]] = defaultdict(list)
    for node in trail.nodes:
        columns[node.layer].append(node)
    order = _ordered(columns, trail.links)
    tops: dict[TrailNode, float] = {}
    for nodes in order.values():
        y = float(_TOP)
        for node in nodes:
            tops[node] = y
            y += heights[node] + _GAP
    height = max((tops[node] + heights[node] for node in tops), default=_TOP) + _GAP
    parts = _headings(trail, order)
    parts += _bands(trail, tops, scale, fills)
    parts += _marks(trail, tops, heights)
    width = _LEFT + _COLUMN * len(columns) + 20
    return width, height, parts


def fills_of(trail: TrailChart) -> Mapping[str, str]:
    """Give each origin its fill; what is beyond the sixth is grey."""
    fills = (*FILLS, *[OTHER] * len(trail.origins))
    return {origin: fill for (origin, _), fill in zip(trail.origins, fills, strict=False)}


def _x(layer: int) -> float:
    return _LEFT + _COLUMN * layer


def _thick(minor: int, scale: float) -> float:
    return max(_LEAST, minor * scale) if minor else 0.0


def _heights(trail: TrailChart, scale: float) -> dict[TrailNode, float]:
    sums: dict[TrailNode, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for link in trail.links:
        for _, minor in link.shares:
            sums[link.source][1] += _thick(minor, scale)
            sums[link.target][0] += _thick(minor, scale)
    return {node: max(3.0, *both) for node, both in sums.items()}


def _ordered(
    columns: Mapping[int, list[TrailNode]], links: tuple[TrailLink, ...]
) -> dict[int, list[TrailNode]]:
    """Order each column by where its money comes from, so that bands cross little."""
    order: dict[int, list[TrailNode]] = {}
    rank: dict[TrailNode, float] = {}
    pulls: dict[TrailNode, list[tuple[float, int]]] = defaultdict(list)
    for layer in sorted(columns):
        for link in links:
            if link.target.layer == layer and link.source in rank:
                pulls[link.target].append((rank[link.source], link.traced_minor))

        def pull(node: TrailNode) -> float:
            weight = sum(minor for _, minor in pulls[node]) or 1
            return sum(place * minor for place, minor in pulls[node]) / weight

        order[layer] = sorted(columns[layer], key=lambda node: (not node.account, pull(node)))
        rank |= {node: float(place) for place, node in enumerate(order[layer])}
    return order


def _headings(trail: TrailChart, order: Mapping[int, list[TrailNode]]) -> list[str]:
    sums = dict(trail.layers)
    parts = []
    for layer, nodes in order.items():
        x = _x(layer)
        accounts = sum(node.many for node in nodes)
        if layer == 0:
            name = "Looked back from 追溯起点" if trail.is_backward else "Began here 起点"
            second = f"{accounts:,} accounts 个账户"
        else:
            name = f"Layer {layer} 第 {layer} 层"
            second = f"{money(sums[layer], trail.currency)} · {accounts:,} accounts 个账户"
        parts.append(words(x, 28, name, size=14, bold=True))
        parts.append(words(x, 46, second, size=12, fill=FAINT))
    parts.append(line(_LEFT, 54, _LEFT + _COLUMN * len(order) - 40, 54))
    return parts


def _bands(
    trail: TrailChart, tops: Mapping[TrailNode, float], scale: float, fills: Mapping[str, str]
) -> list[str]:
    """Draw a band a link and origin; where the columns are near, its figures stand on it."""
    out, into = dict(tops), dict(tops)
    rank = {node: place for place, node in enumerate(tops)}
    bands, captions = [], []
    for link in sorted(
        trail.links, key=lambda one: (one.target.layer, rank[one.source], rank[one.target])
    ):
        x = _x(link.source.layer) + _BAR
        x2 = _x(link.target.layer)
        middle = 0.0
        for origin, minor in link.shares:
            thick = _thick(minor, scale)
            y, y2 = out[link.source], into[link.target]
            out[link.source] += thick
            into[link.target] += thick
            bend = (x + x2) / 2
            path = (
                f"M{at(x)} {at(y)}C{at(bend)} {at(y)} {at(bend)} {at(y2)} {at(x2)} {at(y2)}"
                f"V{at(y2 + thick)}C{at(bend)} {at(y2 + thick)} {at(bend)} {at(y + thick)} "
                f"{at(x)} {at(y + thick)}Z"
            )
            said = f"{origin}: {money(minor, trail.currency)}; {_figures(trail, link)}"
            bands.append(
                f'<path class="band" d="{path}" fill="{fills.get(origin, OTHER)}" '
                f'fill-opacity="0.45" stroke="{fills.get(origin, OTHER)}" stroke-width="0.5">'
                f"<title>{safe(said)}</title></path>"
            )
            middle = y2 + thick
        captions.append(
            words(x2 - 8, middle + 12, _figures(trail, link), size=11, anchor="end", halo=True)
        )
    return bands + captions


def _figures(trail: TrailChart, link: TrailLink) -> str:
    """Say what a link carried, of how much, and in how many payments."""
    traced = money(link.traced_minor, trail.currency).removesuffix(".00")
    whole = money(link.amount_minor, trail.currency).removesuffix(".00")
    many = f" ×{len(link.steps):,}" if len(link.steps) > 1 else ""
    return f"{traced}{many}" if traced == whole else f"{traced} of 其中 {whole}{many}"


def _marks(
    trail: TrailChart, tops: Mapping[TrailNode, float], heights: Mapping[TrailNode, float]
) -> list[str]:
    """Draw the accounts; what stayed or left is said once, in the account's last column."""
    last = {node.account: node for node in sorted(tops, key=lambda node: node.layer)}
    ends: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for stop in trail.stops:
        ends[stop.account][stop.ending] += stop.traced_minor
    parts = []
    for node, y in tops.items():
        x = _x(node.layer)
        parts.append(box(x, y, _BAR, heights[node], INK))
        parts.append(
            words(x, y - 5, node.caption.replace("\n", " · "), size=11, width=46, halo=True)
        )
        if node.account and last[node.account] is node and node.account in ends:
            told = (
                f"{ENDINGS.get(ending, ending)} {money(minor, trail.currency).removesuffix('.00')}"
                for ending, minor in sorted(ends[node.account].items())
            )
            foot = y + max(11.0, min(heights[node], 18.0))
            parts.append(
                words(x + _BAR + 6, foot, "; ".join(told), size=11, fill="#a40e26", halo=True)
            )
    return parts
