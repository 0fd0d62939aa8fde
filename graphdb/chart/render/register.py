"""The register: every line of the chart with its basis, count, sum, time and rows; and the end.

A table repeats its head on every page. The last page holds the notes and the blocks to sign.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from graphdb.chart.lines import type_name
from graphdb.chart.nouns import Chart, ChartLink, Said
from graphdb.chart.render.paper import (
    HEIGHT,
    MARGIN,
    WIDTH,
    Box,
    Stroke,
    Text,
    blank,
    block,
    ruled,
    wrapped,
)
from graphdb.chart.render.words import WORDS
from graphdb.chart.sheets import Sheet
from graphdb.chart.text import local, money, visible
from graphdb.model import Place

_TOP: Final = 32.0
_BOTTOM: Final = HEIGHT - 14.0
_PITCH: Final = 3.67
# A cell longer than this ends with a pointer to the CSV, which holds it whole.
_MOST_LINES: Final = 30
_LINES: Final = (
    (Said("No.", "序号"), 12), (Said("Kind", "类别"), 26), (Said("From", "自"), 58),
    (Said("To", "至"), 58), (Said("Count", "次数"), 14), (Said("Amount", "金额"), 42),
    (Said("When", "时间"), 42), (Said("Basis", "依据"), 22), (Said("Sheet", "图页"), 12),
    (Said("Exhibit and rows", "证据及行号"), 110),
)  # fmt: skip
_MARKS: Final = (
    (Said("Mark", "图元"), 130), (Said("Sheets", "图页"), 40), (Said("Members", "成员"), 220),
)  # fmt: skip
_SIGN: Final = (
    Said("Officer 1", "侦查人员一"), Said("Officer 2", "侦查人员二"),
    Said("Holder or provider", "持有人（提供人）"), Said("Witness", "见证人"),
)  # fmt: skip

Drawn = list[Stroke | Text]


def register_pages(
    chart: Chart,
    sheets: Sequence[Sheet],
    where: Mapping[str, tuple[int, ...]],
    letters: Callable[[str], str] = str,
) -> list[Drawn]:
    """Set the register, the index of marks where there are several sheets, and the last page.

    ``letters`` writes a text as the font can, before it is broken into lines.
    """
    names = {node.id: node for node in chart.nodes}
    on = {link.id: sheet.number for sheet in sheets for link in sheet.links}

    def name(id_: str) -> str:
        node = names[id_]
        if len(node.members) > 1:
            return f"{node.caption.zh} ({visible(node.members[0].id)} …)"
        return node.caption.zh.replace("\n", " ")

    rows = [
        _row(link, letters(name(link.source)), letters(name(link.target)), on[link.id])
        for link in chart.links
    ]
    title = Said("Register of lines", "连线登记表")
    pages = _table(title, _LINES, rows) if rows else []
    if len(sheets) > 1 or any(len(node.members) > 1 for node in chart.nodes):
        index = [
            (
                letters(name(node.id)),
                ", ".join(map(str, where[node.id])),
                letters(", ".join(visible(member.id) for member in node.members))
                if len(node.members) > 1
                else "",
            )
            for node in sorted(chart.nodes, key=lambda node: (node.band, node.y, node.id))
        ]
        pages += _table(Said("Index of marks", "图元索引"), _MARKS, index)
    return [*pages, _last(chart, letters)]


def _row(link: ChartLink, source: str, target: str, sheet: int) -> tuple[str, ...]:
    kind = type_name(link.type)
    known = [event.amount_minor for event in link.events if event.amount_minor is not None]
    currency = link.events[0].currency
    amount = ""
    if link.paid_minor:
        amount = ("Σ " if len(link.events) > 1 else "") + money(link.paid_minor, currency)
    elif known:
        low, high = money(min(known), currency), money(max(known), currency)
        amount = low if low == high else f"{low}–{high}"
    times = sorted(event.at for event in link.events if event.at)
    when = "" if not times else local(times[0])
    if len(times) > 1:
        when += f" … {local(times[-1])}"
    basis = WORDS[link.basis]
    return (
        link.id.rpartition("-")[2],
        f"{kind.zh} {kind.en}",
        source,
        target,
        f"{len(link.events):,}",
        amount,
        when,
        f"{basis.zh} {basis.en}",
        str(sheet),
        rows_text(link.evidence),
    )


def rows_text(places: Sequence[str]) -> str:
    """Write places by exhibit, neighbouring rows as one span.

    >>> rows_text(("E01:2", "E01:3", "E01:4", "E02:9"))
    'E01:2-4; E02:9'
    """
    by_exhibit: dict[str, list[int]] = {}
    for place in map(Place.parse, places):
        by_exhibit.setdefault(place.exhibit, []).append(place.row)
    parts: list[str] = []
    for exhibit in sorted(by_exhibit):
        spans: list[list[int]] = []
        for row in sorted(set(by_exhibit[exhibit])):
            if spans and row == spans[-1][1] + 1:
                spans[-1][1] = row
            else:
                spans.append([row, row])
        written = (str(a) if a == b else f"{a}-{b}" for a, b in spans)
        parts.append(f"{exhibit}:{', '.join(written)}")
    return "; ".join(parts)


def _table(
    title: Said, columns: Sequence[tuple[Said, int]], rows: Sequence[Sequence[str]]
) -> list[Drawn]:
    """Set rows on pages, the head on each; the lines of a row stay together."""
    pages: list[Drawn] = []
    y = _BOTTOM
    for row in rows:
        cells = [
            _held(wrapped(text, width - 2)) for text, (_, width) in zip(row, columns, strict=True)
        ]
        high = max(len(cell) for cell in cells) * _PITCH + 1.6
        if y + high > _BOTTOM:
            pages.append(_table_head(title, columns))
            y = _TOP + 11
        x = MARGIN
        for cell, (_, width) in zip(cells, columns, strict=True):
            pages[-1] += block(x, y + 3.2, cell)
            x += width
        y += high
        pages[-1].append(ruled(MARGIN, y, WIDTH - MARGIN, y))
    return pages


def _held(lines: list[str]) -> list[str]:
    if len(lines) <= _MOST_LINES:
        return lines
    return [*lines[: _MOST_LINES - 1], "… 全部见 links.csv / all in links.csv"]


def _table_head(title: Said, columns: Sequence[tuple[Said, int]]) -> Drawn:
    drawn: Drawn = [Text(MARGIN, _TOP, f"{title.zh} {title.en}", 11)]
    x = MARGIN
    for said, width in columns:
        drawn.append(Text(x, _TOP + 5, said.zh))
        drawn.append(Text(x, _TOP + 8.6, said.en))
        x += width
    return [*drawn, ruled(MARGIN, _TOP + 10, WIDTH - MARGIN, _TOP + 10, 0.5)]


def _last(chart: Chart, letters: Callable[[str], str]) -> Drawn:
    """Set all notes of the chart, and the blocks that officers, holder and witness sign."""
    drawn: Drawn = [Text(MARGIN, _TOP, "说明 Notes", 11)]
    y = _TOP + 6
    room = HEIGHT - 86
    for note in chart.notes:
        for text in (note.zh, note.en):
            for line in wrapped(letters(text), WIDTH - 2 * MARGIN):
                if y < room:
                    drawn.append(Text(MARGIN, y, line))
                    y += _PITCH
        y += 1
    top = HEIGHT - 78
    drawn.append(Text(MARGIN, top - 3, "签名 Signatures", 11))
    wide = (WIDTH - 2 * MARGIN) / len(_SIGN)
    for at, said in enumerate(_SIGN):
        x = MARGIN + at * wide
        drawn.append(Stroke(blank(Box(x, top, x + wide - 4, top + 46)).path))
        drawn.append(Text(x + 3, top + 6, f"{said.zh} {said.en}", 9))
        for row, label in enumerate(("姓名 Name", "证件号 No.", "签名 Signature", "日期 Date")):
            drawn.append(Text(x + 3, top + 15 + row * 8.5, label))
            y = top + 16 + row * 8.5
            drawn.append(ruled(x + 30, y, x + wide - 8, y))
    end = Said(
        "The hash of the bundle that holds this exhibit stands in the signed record of delivery.",
        "本件所在证据包的根校验值载于经签名的移交记录。",
    )
    drawn.append(Text(MARGIN, HEIGHT - 22, end.zh))
    drawn.append(Text(MARGIN, HEIGHT - 18, end.en))
    return drawn
