"""A time line on paper: every line of the chart as a bar from its first to its last event."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from graphdb.chart.lines import type_name
from graphdb.chart.nouns import Chart, ChartLink
from graphdb.chart.render.exhibit import head
from graphdb.chart.render.labels import DASHES
from graphdb.chart.render.paper import (
    HEIGHT,
    MARGIN,
    WIDTH,
    Page,
    Stroke,
    Text,
    clipped,
    mm,
    ruled,
)
from graphdb.chart.render.svg import page_svg
from graphdb.chart.render.words import WORDS
from graphdb.chart.text import ZONE, local, visible

_LEFT: Final = 150.0
_RIGHT: Final = WIDTH - MARGIN - 6
_TOP: Final = 40.0
_ROW: Final = 5.4
_ROWS: Final = int((HEIGHT - 16 - _TOP) / _ROW)
_TICKS: Final = 6


def timeline_svg(chart: Chart) -> tuple[bytes, ...]:
    """Draw the dated lines of a chart in order of time, on as many pages as they need."""
    dated = [(_times(link), link) for link in chart.links]
    lines = [(times, link) for times, link in dated if times]
    if not lines:
        return ()
    first = min(times[0] for times, _ in lines)
    last = max(times[-1] for times, _ in lines)
    parts = [lines[at : at + _ROWS] for at in range(0, len(lines), _ROWS)]
    return tuple(
        page_svg(_page(chart, part, (first, last), number, len(parts)), visible(chart.title))
        for number, part in enumerate(parts, start=1)
    )


def _page(
    chart: Chart,
    lines: Sequence[tuple[list[float], ChartLink]],
    span: tuple[float, float],
    number: int,
    count: int,
) -> Page:
    drawn: list[Stroke | Text] = list(head(chart, number, count))
    first, last = span
    for tick in range(_TICKS + 1):
        at = first + (last - first) * tick / _TICKS
        x = _place(at, span)
        when = datetime.fromtimestamp(at, UTC).astimezone(ZONE)
        drawn.append(Text(x, _TOP - 4, f"{when:%Y-%m-%d %H:%M}", anchor="middle"))
        drawn.append(ruled(x, _TOP - 2, x, HEIGHT - 12))
    names = {node.id: node.caption.zh.replace("\n", " ") for node in chart.nodes}
    for row, (times, link) in enumerate(lines):
        y = _TOP + (row + 0.5) * _ROW
        kind, basis = type_name(link.type), WORDS[link.basis]
        says = (
            f"{link.id.rpartition('-')[2]} {kind.zh} {kind.en} {basis.zh} {basis.en}: "
            f"{names[link.source]} → {names[link.target]}"
        )
        drawn.append(Text(MARGIN, y + 1, clipped(says, _LEFT - MARGIN - 8)))
        start, end = _place(times[0], span), _place(times[-1], span)
        if end - start > 1:
            drawn.append(Stroke(f"M{mm(start)} {mm(y)}L{mm(end)} {mm(y)}", 0.9, DASHES[link.basis]))
        for x in dict.fromkeys(round(_place(at, span), 1) for at in times):
            drawn.append(ruled(x, y - 1.6, x, y + 1.6, 0.5))
    return Page(tuple(drawn))


def _times(link: ChartLink) -> list[float]:
    found = []
    for event in link.events:
        # ``local`` leaves a text that is no time as it is.
        if event.at and local(event.at) != visible(event.at):
            at = datetime.fromisoformat(event.at)
            found.append((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp())
    return sorted(found)


def _place(at: float, span: tuple[float, float]) -> float:
    first, last = span
    if last <= first:
        return (_LEFT + _RIGHT) / 2
    return _LEFT + 14 + (at - first) / (last - first) * (_RIGHT - _LEFT - 28)
