"""Lay the marks out in columns from left to right; the same chart has the same places always."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import ceil, sqrt
from typing import Final

from graphdb.chart.nouns import Band, ChartLink, ChartNode, Said
from graphdb.chart.roles import PAYERS, ROLES, layer_of

_ROW: Final = 112
_SUBCOLUMN: Final = 150
_GAP: Final = 220
# Money is read off its lines, so its columns stand wider apart.
_MONEY_GAP: Final = 380
_SWEEPS: Final = 6
_FEWEST_ROWS: Final = 12


def laid_out(
    nodes: Sequence[ChartNode], links: Sequence[ChartLink]
) -> tuple[tuple[ChartNode, ...], tuple[Band, ...]]:
    """Give every mark its place, and each column its heading."""
    columns: dict[int, list[ChartNode]] = defaultdict(list)
    for node in sorted(nodes, key=lambda one: one.id):
        columns[node.band].append(node)
    tallest = max(_FEWEST_ROWS, ceil(sqrt(len(nodes)) * 1.2))
    heights = _sweep(columns, links, tallest)
    placed: dict[str, ChartNode] = {}
    bands: list[Band] = []
    x = 0
    for band in sorted(columns):
        column = sorted(columns[band], key=lambda one: (heights[one.id], one.id))
        wide = ceil(len(column) / tallest)
        if bands:
            x += _MONEY_GAP if band > PAYERS else _GAP
        start = x
        for index, node in enumerate(column):
            row, sub = divmod(index, wide)
            # Every other sub-column is half a row lower, so that captions pass each other.
            y = _spread(row, ceil(len(column) / wide), tallest) + (sub % 2) * _ROW // 2
            placed[node.id] = replace(node, x=start + sub * _SUBCOLUMN, y=y)
        x = start + (wide - 1) * _SUBCOLUMN
        bands.append(Band(_heading(column), (start + x) // 2))
    return tuple(placed[node.id] for node in nodes), tuple(bands)


def _spread(row: int, rows: int, tallest: int) -> int:
    """Centre a column; a short one is stretched a little towards the height of the others."""
    pitch = _ROW if rows < 2 else min(3.0, max(1.0, 0.85 * tallest / rows)) * _ROW
    return round((row - (rows - 1) / 2) * pitch)


def _sweep(
    columns: Mapping[int, Sequence[ChartNode]], links: Sequence[ChartLink], tallest: int
) -> dict[str, float]:
    """Order each column by the mean height of its neighbours, there and back, a few times.

    The classic barycentre rule for layered drawings: few crossings, and no chance in it.
    """
    near: dict[str, list[str]] = defaultdict(list)
    for link in links:
        if link.source != link.target:
            near[link.source].append(link.target)
            near[link.target].append(link.source)
    heights: dict[str, float] = {}
    for column in columns.values():
        heights |= _ranked([node.id for node in column], tallest)
    order = sorted(columns)
    for sweep in range(_SWEEPS):
        for band in order if sweep % 2 == 0 else reversed(order):
            wanted = {
                node.id: sum(heights[other] for other in near[node.id]) / len(near[node.id])
                if near[node.id]
                else heights[node.id]
                for node in columns[band]
            }
            ids = sorted(wanted, key=lambda id_: (round(wanted[id_], 6), id_))
            heights |= _ranked(ids, tallest)
    return heights


def _ranked(ids: Sequence[str], tallest: int) -> dict[str, float]:
    """Spread ids evenly over the height of the chart, so that columns compare."""
    step = tallest / max(len(ids), 1)
    return {id_: (index - (len(ids) - 1) / 2) * step for index, id_ in enumerate(ids)}


def _heading(column: Sequence[ChartNode]) -> Said:
    """Name a column by what stands in it, the most frequent first."""
    counts: dict[str, int] = defaultdict(int)
    for node in column:
        counts[node.roles[0]] += len(node.members)
    # A column of receivers is named by its layer alone.
    ranked = sorted(counts, key=lambda role: (-layer_of(role), -counts[role], role))[:3]
    names = [ROLES[role].many for role in ranked]
    en = ", ".join(name.en for name in names)
    return Said(en[:1].upper() + en[1:], "、".join(name.zh for name in names))
