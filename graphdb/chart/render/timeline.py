"""Draw a trail along the time: a lane a layer, each payment an arrow from its layer to the next."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from math import log10
from typing import Final

from graphdb.chart.render.sankey import fills_of
from graphdb.chart.render.strokes import FAINT, INK, OTHER, PALE, at, line, safe, words
from graphdb.chart.text import ZONE, ZONE_NAME, local, money
from graphdb.chart.trail import TrailChart, TrailStep

_LEFT: Final = 190
_TOP: Final = 44
_LANE: Final = 62
_STEPS: Final = tuple(
    timedelta(seconds=seconds)
    for seconds in (
        *(1, 5, 15, 30, 60, 300, 900, 1800, 3600, 3 * 3600, 6 * 3600, 12 * 3600),
        *(86400 * days for days in (1, 2, 7, 14, 30, 90, 180, 365, 3650, 36500)),
    )
)


def timeline(trail: TrailChart, width: float) -> tuple[float, list[str]]:
    """Give the height and the parts of the drawing."""
    timed = [(moment, step) for step in trail.steps if (moment := _moment(step.at)) is not None]
    last = max((layer for layer, _ in trail.layers), default=0)
    height = _TOP + _LANE * (last + 1) + 16
    parts = [words(24, 22, f"Time line 时间线 ({ZONE_NAME})", size=14, bold=True)]
    for layer in range(last + 1):
        y = _lane(layer)
        begins = "Looked back from 追溯起点" if trail.is_backward else "Began here 起点"
        name = f"Layer {layer} 第 {layer} 层" if layer else begins
        parts += [line(_LEFT, y, width - 24, y), words(24, y + 4, name, fill=FAINT)]
    if not timed:
        return height, parts
    first, final = min(m for m, _ in timed), max(m for m, _ in timed)
    span = max(final - first, timedelta(seconds=1))
    across = width - _LEFT - 60

    def place(moment: datetime) -> float:
        return _LEFT + 12 + across * ((moment - first) / span)

    parts += _ticks(first, final, span, place(first), across, height)
    whole = max((step.traced_minor for _, step in timed), default=1)
    fills = fills_of(trail)
    for moment, step in sorted(timed, key=lambda one: (one[0], one[1].payment)):
        parts.append(_arrow(trail, step, place(moment), whole, fills))
    return height, parts


def _lane(layer: int) -> float:
    return _TOP + _LANE * layer + 20


def _moment(written: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _ticks(
    first: datetime, final: datetime, span: timedelta, x: float, across: float, height: float
) -> list[str]:
    """Mark round times, at most one for every 130 points."""
    most = max(1, int(across // 130))
    step = next((one for one in _STEPS if span / one <= most), _STEPS[-1])
    midnight = first.astimezone(ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    moment = midnight + step * (-((midnight - first) // step))
    parts = []
    while moment <= final:
        at_x = x + across * ((moment - first) / span)
        shown = moment.strftime("%Y-%m-%d" if step >= timedelta(days=1) else "%m-%d %H:%M:%S")
        parts.append(line(at_x, _TOP - 8, at_x, height - 12, PALE, ' stroke-dasharray="2 4"'))
        parts.append(words(at_x + 3, _TOP, shown, size=11, fill=FAINT))
        moment += step
    return parts


def _arrow(
    trail: TrailChart, step: TrailStep, x: float, whole: int, fills: Mapping[str, str]
) -> str:
    origin = max(step.shares, key=lambda share: share[1])[0] if step.shares else ""
    fill = fills.get(origin, OTHER)
    near, far = _lane(step.layer - 1), _lane(step.layer)
    if trail.is_backward:
        near, far = far, near
    size = 3 + 5 * (1 + log10(max(step.traced_minor / whole, 1e-3)) / 3)
    tip = -1 if far > near else 1
    said = (
        f"{step.payment}: {money(step.traced_minor, trail.currency)} of 其中 "
        f"{money(step.amount_minor, trail.currency)}, {local(step.at)}, "
        f"{step.source} → {step.target}"
    )
    return (
        f'<g class="paid"><title>{safe(said)}</title>'
        f'<line x1="{at(x)}" y1="{at(near)}" x2="{at(x)}" y2="{at(far + tip * size)}" '
        f'stroke="{INK}" stroke-width="1"/>'
        f'<path d="M{at(x)} {at(far)}L{at(x - size / 2)} {at(far + tip * size)}'
        f'H{at(x + size / 2)}Z" fill="{fill}" stroke="{INK}" stroke-width="0.6"/></g>'
    )
