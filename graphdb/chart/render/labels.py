"""Lines on paper: their way between two marks, and a place for their words that hides nothing."""

from collections.abc import Sequence
from math import hypot
from typing import Final

from graphdb.chart.nouns import PAYMENT, ChartLink
from graphdb.chart.render.paper import (
    MM_PER_POINT,
    SMALLEST,
    Box,
    Stroke,
    Text,
    blank,
    mm,
    width_of,
)
from graphdb.chart.render.words import WORDS

# Basis by dash: solid, dashed, dotted; the word stands on the line as well.
DASHES: Final = {"recorded": (), "stated": (3.0, 1.6), "inferred": (0.5, 1.3)}
_ALONG: Final = (0.5, 0.42, 0.58, 0.34, 0.66, 0.27, 0.73, 0.2, 0.8)
_ASIDE: Final = (0.0, -3.4, 3.4, -6.8, 6.8)
_CLEAR: Final = 5.6
_LEADING: Final = SMALLEST * MM_PER_POINT * 1.15

Point = tuple[float, float]


def way_of(start: Point, end: Point, lane: int, lanes: int) -> tuple[Point, Point, Point]:
    """Give the ends of a line, clear of the marks, and the point that bends it.

    The lines between the same two marks fan out; one that would run through its own column bows.
    """
    (x1, y1), (x2, y2) = start, end
    length = hypot(x2 - x1, y2 - y1)
    if not length:
        return (x1 + 3, y1 - _CLEAR), (x1 + _CLEAR, y1), (x1 + 14 + 3 * lane, y1 - 12 - 3 * lane)
    bend = (lane - (lanes - 1) / 2) * min(7.0, 42.0 / lanes)
    if abs(x2 - x1) < 1:
        bend += 11
    # The side does not depend on the direction, so that there and back do not meet.
    side = 1 if (x1, y1) <= (x2, y2) else -1
    nx, ny = -(y2 - y1) / length * side, (x2 - x1) / length * side
    middle = ((x1 + x2) / 2 + nx * bend * 2, (y1 + y2) / 2 + ny * bend * 2)
    return _clear_of(start, middle), _clear_of(end, middle), middle


def _clear_of(mark: Point, towards: Point) -> Point:
    x, y = mark
    dx, dy = towards[0] - x, towards[1] - y
    length = hypot(dx, dy) or 1.0
    return x + dx / length * _CLEAR, y + dy / length * _CLEAR


def line_strokes(link: ChartLink, way: tuple[Point, Point, Point]) -> list[Stroke]:
    """Draw a line with its dash and its arrowhead; payments are thicker."""
    (x1, y1), (x2, y2), (cx, cy) = way
    width = 0.6 if link.type == PAYMENT else 0.35
    dx, dy = x2 - cx, y2 - cy
    length = hypot(dx, dy) or 1.0
    ux, uy = dx / length, dy / length
    bx, by = x2 - 2.6 * ux, y2 - 2.6 * uy
    head = f"M{mm(x2)} {mm(y2)}L{mm(bx - uy)} {mm(by + ux)}L{mm(bx + uy)} {mm(by - ux)}Z"
    body = f"M{mm(x1)} {mm(y1)}Q{mm(cx)} {mm(cy)} {mm(bx)} {mm(by)}"
    dash = DASHES.get(link.basis, DASHES["inferred"])
    return [Stroke(body, width, dash), Stroke(head, 0.35, fill="black")]


def words_of(link: ChartLink) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Say what stands on a line: whole in two rows, and short: its number and its basis."""
    number = link.id.rpartition("-")[2]
    kind, *rest = link.caption.zh.split(" · ")
    told = [part for part in rest if part.startswith("×") or any(c.isdigit() for c in part)]
    counted = " ".join(told[:2] if len(told) > 1 and told[0].startswith("×") else told[:1])
    basis = f"{WORDS[link.basis].zh} {WORDS[link.basis].en}"
    first, *others = link.evidence
    more = f" +{len(others):,}" if others else ""
    return (f"{number} {kind} {counted}".rstrip(), f"{basis} {first}{more}"), (f"{number} {basis}",)


def place_words(
    link: ChartLink, way: tuple[Point, Point, Point], taken: list[Box], field: Box
) -> tuple[Stroke | Text, ...]:
    """Set the words of a line where they cover nothing; the short form where the whole cannot."""
    whole, short = words_of(link)
    best, least = (Box(0, 0, 0, 0), short), float("inf")
    for rows in (whole, short):
        wide = max(width_of(row) for row in rows) + 0.8
        high = len(rows) * _LEADING + 0.6
        for aside in _ASIDE:
            for along in _ALONG:
                x, y = _at(way, along)
                y += aside
                box = Box(x - wide / 2, y - high / 2, x + wide / 2, y + high / 2)
                covered = sum(box.overlap(other) for other in taken) + _outside(box, field) * 99
                if covered < least:
                    best, least = (box, rows), covered
                if not covered:
                    return _set(box, rows, taken)
    return _set(*best, taken)


def _set(box: Box, rows: Sequence[str], taken: list[Box]) -> tuple[Stroke | Text, ...]:
    taken.append(box)
    x = (box.left + box.right) / 2
    texts = [
        Text(x, box.top + (at + 0.88) * _LEADING, row, anchor="middle")
        for at, row in enumerate(rows)
    ]
    return (blank(box), *texts)


def _at(way: tuple[Point, Point, Point], along: float) -> Point:
    (x1, y1), (x2, y2), (cx, cy) = way
    a, b, c = (1 - along) ** 2, 2 * along * (1 - along), along**2
    return a * x1 + b * cx + c * x2, a * y1 + b * cy + c * y2


def _outside(box: Box, field: Box) -> float:
    return (box.right - box.left) * (box.bottom - box.top) - box.overlap(field)
