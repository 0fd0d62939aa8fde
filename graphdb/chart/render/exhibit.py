"""The exhibit on paper: sheets of the chart, then the register of its lines, then the last page.

Made for a reader who trusts nothing: black on white, shape for the role, dash and word for the
basis, every line with its rows, sums by layer only, and what was left out.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from graphdb.chart.nouns import Chart, ChartLink, ChartNode, Said
from graphdb.chart.render.icons import shape_of
from graphdb.chart.render.labels import DASHES, line_strokes, place_words, way_of
from graphdb.chart.render.paper import (
    HEIGHT,
    MARGIN,
    WIDTH,
    Box,
    Page,
    Stroke,
    Text,
    blank,
    clipped,
    moved,
    ruled,
    width_of,
)
from graphdb.chart.render.register import register_pages
from graphdb.chart.render.words import WORDS
from graphdb.chart.roles import ROLES, layer_of
from graphdb.chart.sheets import Sheet, sheets_by_mark, sheets_of
from graphdb.chart.text import ZONE_NAME, visible

_FIELD: Final = Box(MARGIN, 36.0, WIDTH - MARGIN, HEIGHT - 50.0)
_MARK: Final = 9.6
_CAPTION_LINE: Final = 3.3
# As wide as the longest caption that is not written in codes.
_CAPTION: Final = 40.0

Drawn = list[Stroke | Text]


def exhibit_pages(chart: Chart, letters: Callable[[str], str] = str) -> tuple[Page, ...]:
    """Set a chart on pages; the same chart gives the same pages.

    ``letters`` writes a text as the font can. What grows by it is cut on a mark and in the head, at
    the same size, and stands whole in the register.
    """
    marked = replace(chart, nodes=tuple(_captioned(node, letters) for node in chart.nodes))
    sheets = sheets_of(marked)
    where = sheets_by_mark(sheets)
    bodies = [_sheet(marked, sheet, where) for sheet in sheets]
    bodies += register_pages(chart, sheets, where, letters)
    return tuple(
        Page((*body, *head(chart, number, len(bodies), letters)))
        for number, body in enumerate(bodies, 1)
    )


def _captioned(node: ChartNode, letters: Callable[[str], str]) -> ChartNode:
    """Give a mark a caption that the font can write, cut to its place."""

    def fit(text: str) -> str:
        written = letters(text)
        if written == text:
            return text
        return "\n".join(clipped(line, _CAPTION) for line in written.split("\n"))

    return replace(node, caption=Said(fit(node.caption.en), fit(node.caption.zh)))


def head(chart: Chart, number: int, count: int, letters: Callable[[str], str] = str) -> Drawn:
    """Write number, title, case, purpose and page on top of a page, and a frame around it."""
    imprint = chart.imprint
    name = f"{visible(imprint.number)}  " if imprint.number else ""
    case = f"案件 Case: {visible(imprint.case)}    " if imprint.case else ""
    purpose = f"用途 Purpose: {imprint.purpose.zh} / {imprint.purpose.en}"
    page = f"第 {number} 页，共 {count} 页  Page {number} of {count}"
    zone = f"时间 Times: {ZONE_NAME}"
    right = WIDTH - MARGIN
    return [
        Stroke(f"M8 8L{WIDTH - 8:g} 8L{WIDTH - 8:g} {HEIGHT - 8:g}L8 {HEIGHT - 8:g}Z", 0.5),
        Text(MARGIN, 17, clipped(letters(name + visible(chart.title)), 290, 15), 15),
        Text(MARGIN, 23.4, clipped(letters(case + purpose), 330, 9), 9),
        Text(right, 17, page, 9, "end"),
        Text(right, 23.4, zone, 9, "end"),
        ruled(8, 26, WIDTH - 8, 26),
    ]


def _sheet(chart: Chart, sheet: Sheet, where: Mapping[str, tuple[int, ...]]) -> Drawn:
    """Draw the marks and lines of a sheet, with the legend below."""
    at = _positions(sheet)
    taken: list[Box] = [_mark_box(node, *at[node.id]) for node in sheet.nodes]
    lanes: dict[str, tuple[int, int]] = _lanes(sheet.links)
    strokes: Drawn = []
    words: Drawn = []
    ways = {
        link.id: way_of(at[link.source], at[link.target], *lanes[link.id]) for link in sheet.links
    }
    for link in sheet.links:
        strokes += line_strokes(link, ways[link.id])
    # Lines pass behind the captions, not through them.
    strokes += [blank(_caption_box(node, *at[node.id])) for node in sheet.nodes]
    for link in sheet.links:
        words += place_words(link, ways[link.id], taken, _FIELD)
    marks: Drawn = []
    for node in sheet.nodes:
        others = [number for number in where[node.id] if number != sheet.number]
        marks += _mark(node, *at[node.id], others)
    return [*_headings(sheet, at), *strokes, *words, *marks, *_foot(chart, sheet)]


def _positions(sheet: Sheet) -> dict[str, tuple[float, float]]:
    """Spread columns over the width and marks over the height; every other column is lowered."""
    wide = (_FIELD.right - _FIELD.left) / max(len(sheet.columns), 1)
    high = _FIELD.bottom - _FIELD.top - 12
    found: dict[str, tuple[float, float]] = {}
    for column, nodes in enumerate(sheet.columns):
        pitch = high / max(len(nodes), 1)
        shift = min(pitch, 24) / 4 * (1 if column % 2 else -1) if len(sheet.columns) > 1 else 0
        for row, node in enumerate(nodes):
            x = _FIELD.left + (column + 0.5) * wide
            y = _FIELD.top + 4 + (row + 0.5) * pitch + shift
            found[node.id] = (round(x, 2), round(min(max(y, _FIELD.top + 6), 234), 2))
    return found


def _lanes(links: Sequence[ChartLink]) -> dict[str, tuple[int, int]]:
    """Number the lines between the same two marks, and count them."""
    seen: Counter[tuple[str, ...]] = Counter()
    pairs = {link.id: tuple(sorted((link.source, link.target))) for link in links}
    lanes: dict[str, int] = {}
    for link in links:
        lanes[link.id] = seen[pairs[link.id]]
        seen[pairs[link.id]] += 1
    return {id_: (lane, seen[pairs[id_]]) for id_, lane in lanes.items()}


def caption_lines(node: ChartNode) -> list[str]:
    """Name a mark in one or two short lines: its own name and id, or what its stack holds."""
    if node.caption.en == node.caption.zh:
        return node.caption.en.split("\n")[:2]
    return [node.caption.zh, node.caption.en]


def _mark_box(node: ChartNode, x: float, y: float) -> Box:
    lines = caption_lines(node)
    half = max(_MARK / 2, *(width_of(line) / 2 for line in lines))
    return Box(x - half, y - _MARK / 2, x + half, y + _MARK / 2 + len(lines) * _CAPTION_LINE + 0.8)


def _caption_box(node: ChartNode, x: float, y: float) -> Box:
    lines = caption_lines(node)
    half = max(width_of(line) for line in lines) / 2 * 0.92
    top = y + _MARK / 2 + 0.6
    return Box(x - half, top, x + half, top + len(lines) * _CAPTION_LINE)


def mark_strokes(role: str, x: float, y: float, size: float, *, stacked: bool = False) -> Drawn:
    """Draw the shape of a role, centred; a stack has two more outlines behind it."""
    outline, icon, twice = shape_of(role)
    scale = size / 64
    left, top = x - size / 2, y - size / 2
    drawn: Drawn = [
        Stroke(moved(outline, scale, left + shift, top - shift), fill="white")
        for shift in ((1.6, 0.8) if stacked else ())
    ]
    drawn.append(Stroke(moved(outline, scale, left, top), 0.45, fill="white"))
    if twice:
        inner = scale * 0.84
        drawn.append(Stroke(moved(outline, inner, x - 32 * inner, y - 32 * inner)))
    if layer := layer_of(role):
        drawn.append(Text(x, y + size * 0.14, str(layer), max(8.0, size * 1.2), "middle"))
    else:
        drawn.append(Stroke(moved(icon, scale, left, top)))
    return drawn


def _mark(node: ChartNode, x: float, y: float, others: Sequence[int]) -> Drawn:
    drawn = mark_strokes(node.roles[0], x, y, _MARK, stacked=len(node.members) > 1)
    for row, line in enumerate(caption_lines(node)):
        drawn.append(Text(x, y + _MARK / 2 + (row + 0.95) * _CAPTION_LINE, line, anchor="middle"))
    if others:
        pages = ",".join(map(str, others))
        drawn.append(Text(x + _MARK / 2 + 1, y + 1, f"→{pages}"))
    return drawn


def _headings(sheet: Sheet, at: Mapping[str, tuple[float, float]]) -> Drawn:
    """Name the columns by what stands in them."""
    drawn: Drawn = []
    wide = (_FIELD.right - _FIELD.left) / max(len(sheet.columns), 1) - 1
    before = None
    for column in sheet.columns:
        band = column[0].band
        if band == before:
            continue
        before = band
        roles = list(dict.fromkeys(node.roles[0] for node in column))[:2]
        x = at[column[0].id][0]
        zh = "、".join(ROLES[role].one.zh for role in roles)
        en = ", ".join(ROLES[role].one.en for role in roles)
        drawn.append(Text(x, 30.2, clipped(zh, wide), anchor="middle"))
        drawn.append(Text(x, 33.6, clipped(en, wide), anchor="middle"))
    return drawn


def _foot(chart: Chart, sheet: Sheet) -> Drawn:
    """Explain shapes and lines, and say how complete the chart is and what must not be added."""
    top = HEIGHT - 48
    drawn: Drawn = [ruled(8, top, WIDTH - 8, top)]
    roles = sorted({node.roles[0] for node in sheet.nodes}, key=list(ROLES).index)
    x, y = MARGIN, top + 5.0
    for role in roles:
        says = f"{ROLES[role].one.zh} {ROLES[role].one.en}"
        if x + 8 + width_of(says) > WIDTH - MARGIN:
            x, y = MARGIN, y + 6.6
        drawn += mark_strokes(role, x + 3, y, 5.6)
        drawn.append(Text(x + 7.2, y + 1, says))
        x += width_of(says) + 12
    x, y = MARGIN, y + 6.2
    for basis, dash in DASHES.items():
        word, means = WORDS[basis], WORDS[f"{basis}_says"]
        text = f"{word.zh} {word.en}: {means.zh} / {means.en}"
        drawn.append(Stroke(f"M{x:g} {y:g}L{x + 13:g} {y:g}", 0.6, dash))
        drawn.append(Text(x + 15, y + 1, text))
        x += width_of(text) + 22
    rows = [
        *completeness(chart),
        *sums(chart),
        Said(
            "On a line: its number in the register, kind, count, sum or price, basis, first row "
            "(+ further rows). Where the whole has no room: number and basis; the rest stands in "
            "the register. →n: the mark stands on sheet n too.",
            "连线标注：登记表序号、类别、次数、金额、依据、首个证据行（+其余行数）；"
            "位置不足时仅标序号与依据，其余见登记表。→n：该图元亦见第 n 张。",
        ),
    ]
    y += 5.2
    for said in rows:
        for text in (said.zh, said.en):
            drawn.append(Text(MARGIN, y, clipped(text, WIDTH - 2 * MARGIN)))
            y += 3.7
    return drawn


def completeness(chart: Chart) -> list[Said]:
    """Say how many of the case's source rows are on the chart, and how many are not."""
    charted = len(chart.places)
    read = chart.imprint.rows_read
    if read is None:
        return [
            Said(
                f"Source rows charted: {charted:,}. What was left out was not counted here.",
                f"图中原始记录 {charted:,} 行；未列入部分未在此统计。",
            )
        ]
    left = read - charted
    en = "; ".join(f"{why.en} {count:,}" for why, count in chart.imprint.excluded)
    zh = "；".join(f"{why.zh} {count:,}" for why, count in chart.imprint.excluded)
    return [
        Said(
            f"Source rows {read:,} = charted {charted:,} + excluded {left:,}"
            + (f" ({en})" if en else ""),
            f"原始记录 {read:,} 行 = 图中 {charted:,} 行 + 未列入 {left:,} 行"
            + (f"（{zh}）" if zh else ""),
        )
    ]


def sums(chart: Chart) -> list[Said]:
    """Give the note on sums by layer, if the chart has one."""
    return [note for note in chart.notes if note.en.startswith("Paid to ")]
