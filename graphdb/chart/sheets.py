"""Part a chart into sheets of paper that stay legible: every line on one sheet, with its ends."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final

from graphdb.chart.nouns import Chart, ChartLink, ChartNode

# What an A3 sheet holds with labels of 8 points: cells of some 38 x 20 mm.
MOST_MARKS: Final = 60
MOST_LINES: Final = 100
MOST_COLUMNS: Final = 11
ROWS: Final = 9


@dataclass(frozen=True, slots=True)
class Sheet:
    """Marks and lines that stand on one sheet of paper; ``columns`` hold the marks."""

    number: int
    columns: tuple[tuple[ChartNode, ...], ...]
    links: tuple[ChartLink, ...]

    @property
    def nodes(self) -> tuple[ChartNode, ...]:
        """All marks of the sheet."""
        return tuple(node for column in self.columns for node in column)


def sheets_of(chart: Chart) -> tuple[Sheet, ...]:
    """Part a chart into sheets, from left to right; a mark stands on each sheet of its lines."""
    marks = {node.id: node for node in chart.nodes}

    def order(link: ChartLink) -> tuple[object, ...]:
        ends = (marks[link.source], marks[link.target])
        left, right = sorted(ends, key=lambda node: (node.band, node.y, node.id))
        return (left.band, right.band, left.y, left.id, right.y, right.id, link.lane)

    links = sorted(chart.links, key=order)
    share = ceil(len(links) / max(1, ceil(len(links) / MOST_LINES)))
    parts: list[tuple[list[ChartLink], dict[str, ChartNode]]] = [([], {})]
    for link in links:
        ends = {link.source: marks[link.source], link.target: marks[link.target]}
        held, there = parts[-1]
        if held and (len(held) >= share or not _fits({**there, **ends})):
            parts.append(([], {}))
            held, there = parts[-1]
        held.append(link)
        there.update(ends)
    drawn = {id_ for _, there in parts for id_ in there}
    for node in sorted(chart.nodes, key=lambda node: (node.band, node.y, node.id)):
        if node.id not in drawn:
            if not _fits({**parts[-1][1], node.id: node}):
                parts.append(([], {}))
            parts[-1][1][node.id] = node
    return tuple(
        Sheet(number, _columns(there), tuple(sorted(held, key=lambda link: _number(link.id))))
        for number, (held, there) in enumerate(parts, start=1)
    )


def sheets_by_mark(sheets: Sequence[Sheet]) -> Mapping[str, tuple[int, ...]]:
    """Tell on which sheets each mark stands."""
    found: dict[str, list[int]] = defaultdict(list)
    for sheet in sheets:
        for node in sheet.nodes:
            found[node.id].append(sheet.number)
    return {id_: tuple(numbers) for id_, numbers in found.items()}


def _fits(nodes: Mapping[str, ChartNode]) -> bool:
    return len(nodes) <= MOST_MARKS and len(_columns(nodes)) <= MOST_COLUMNS


def _columns(nodes: Mapping[str, ChartNode]) -> tuple[tuple[ChartNode, ...], ...]:
    """Stand the marks in columns by their band; a full band takes several."""
    bands: dict[int, list[ChartNode]] = defaultdict(list)
    for node in nodes.values():
        bands[node.band].append(node)
    columns: list[tuple[ChartNode, ...]] = []
    for band in sorted(bands):
        column = sorted(bands[band], key=lambda node: (node.y, node.x, node.id))
        wide = ceil(len(column) / ROWS)
        # Round robin, so that neighbours in height stay neighbours in height.
        columns += [tuple(column[first::wide]) for first in range(wide)]
    return tuple(columns)


def _number(id_: str) -> int:
    return int(id_.rpartition("-")[2])
