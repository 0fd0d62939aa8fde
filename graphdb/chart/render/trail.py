"""Write a trail as an SVG, or as a page with the SVG, its tables and the source rows.

The page has no script and asks for nothing; the same trail gives the same bytes.
"""

import base64
import hashlib
from collections.abc import Callable, Iterable, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Final

from graphdb.chart.nouns import Said
from graphdb.chart.render.sankey import ENDINGS, fills_of, sankey
from graphdb.chart.render.strokes import FAINT, OTHER, box, safe, sheet, words
from graphdb.chart.render.timeline import timeline
from graphdb.chart.text import ZONE_NAME, local, money
from graphdb.chart.trail import TrailChart
from graphdb.errors import WrongUsage, quoted

_WIDE: Final = 900
_SUMS: Final = Said(
    "Each layer holds the same money again: the sums are never added.",
    "各层为同一笔资金，合计不得相加。",
)


def render_trail(trail: TrailChart, path: Path) -> None:
    """Write a trail in the format that the suffix of the file names.

    Raises:
        WrongUsage: no renderer knows the suffix.
    """
    try:
        written = rendered_trail(trail, path.suffix or path.name)
    except WrongUsage as error:
        error.where = str(path)
        raise
    path.write_bytes(written)


def rendered_trail(trail: TrailChart, suffix: str) -> bytes:
    """Draw a trail in the format of a suffix.

    Raises:
        WrongUsage: no renderer knows the suffix.
    """
    for known, bytes_of in TRAIL_RENDERERS:
        if suffix.lower() == known:
            return bytes_of(trail)
    raise WrongUsage(
        f"a trail cannot be written as {quoted(suffix)}",
        fix=f"give the file one of these suffixes: {', '.join(s for s, _ in TRAIL_RENDERERS)}",
    )


def trail_svg(trail: TrailChart) -> bytes:
    """Draw the layers, the time line under them, and what must be said beside them."""
    width, tall, layers = sankey(trail)
    width = max(width, _WIDE)
    time_tall, times = timeline(trail, width)
    head = [words(24, 30, trail.title, size=17, bold=True, width=110)]
    y = 52.0
    for text in (*_imprinted(trail), trail.rule.en, trail.rule.zh, f"{_SUMS.en} {_SUMS.zh}"):
        head.append(words(24, y, text, fill=FAINT))
        y += 18
    for origin, minor, fill in _legend(trail):
        head.append(box(24, y - 10, 12, 12, fill))
        head.append(words(42, y, f"{origin}: {minor}"))
        y += 18
    parts = [*head, _group(y, layers), _group(y + tall, times)]
    return sheet(width, y + tall + time_tall, parts, trail.title).encode("utf-8")


def trail_html(trail: TrailChart) -> bytes:
    """Write the page: pictures, what arrived by layer, mixing, every payment, its source rows."""
    style = files(__package__).joinpath("trail.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode("ascii")
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'"
    width, tall, layers = sankey(trail)
    width = max(width, _WIDE)
    time_tall, times = timeline(trail, width)
    body = [
        f"<h1>{safe(trail.title)}</h1>",
        *(f"<p>{safe(text)}</p>" for text in _imprinted(trail)),
        *(f"<p>{safe(text)}</p>" for text in (trail.rule.en, trail.rule.zh, _SUMS.en, _SUMS.zh)),
        '<ul class="legend">',
        *(
            f'<li><svg width="12" height="12">{box(0, 0, 12, 12, fill)}</svg>'
            f"{safe(origin)}: {safe(minor)}</li>"
            for origin, minor, fill in _legend(trail)
        ),
        "</ul>",
        f'<figure id="sankey">{sheet(width, tall, layers, f"Layers: {trail.title}")}</figure>',
        f'<figure id="timeline">{sheet(width, time_tall, times, "Time line")}</figure>',
        *_tables(trail),
        "<h2>Notes 说明</h2><ul>",
        *(f"<li>{safe(note.en)}</li><li>{safe(note.zh)}</li>" for note in trail.notes),
        "</ul>",
        *_sources(trail),
    ]
    page = (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f'<title>{safe(trail.title)}</title>\n<link rel="icon" href="data:,">\n'
        f"<style>{style}</style>\n</head>\n<body>\n" + "\n".join(body) + "\n</body>\n</html>\n"
    )
    return page.encode("utf-8")


TRAIL_RENDERERS: Final[tuple[tuple[str, Callable[[TrailChart], bytes]], ...]] = (
    (".html", trail_html),
    (".svg", trail_svg),
)


def _imprinted(trail: TrailChart) -> tuple[str, ...]:
    return (trail.imprint.zh, trail.imprint.en) if trail.imprint else ()


def _legend(trail: TrailChart) -> list[tuple[str, str, str]]:
    fills = fills_of(trail)
    return [
        (origin, money(minor, trail.currency), fills.get(origin, OTHER))
        for origin, minor in trail.origins
    ]


def _group(y: float, parts: Iterable[str]) -> str:
    return f'<g transform="translate(0 {y:.0f})">{"".join(parts)}</g>'


def _tables(trail: TrailChart) -> list[str]:
    coin = trail.currency
    layers = [(str(layer), money(minor, coin)) for layer, minor in trail.layers]
    ends = [
        (
            stop.account,
            ENDINGS.get(stop.ending, stop.ending),
            money(stop.traced_minor, coin),
            stop.why,
        )
        for stop in trail.stops
    ]
    mixed = [
        (account, origin, money(minor, coin))
        for account, shares in trail.mixed
        for origin, minor in shares
    ]
    steps = []
    for step in sorted(trail.steps, key=lambda one: (one.at, one.layer, one.payment)):
        shares = step.shares if len(trail.origins) > 1 else ()
        of_whom = "; ".join(f"{origin} {money(minor, coin)}" for origin, minor in shares)
        traced, whole = money(step.traced_minor, coin), money(step.amount_minor, coin)
        steps.append(
            (str(step.layer), local(step.at), step.source, step.target, whole, traced, of_whom,
             step.payment, step.evidence)
        )  # fmt: skip
    parts = _table(
        "layers", "What arrived by layer 各层到账", ("layer 层", "of it traced 追踪金额"), layers
    )
    parts += _table(
        "ends",
        "Where it ended 去向",
        ("account 账户", "how 方式", "traced 追踪金额", "why 原因"),
        ends,
    )
    if mixed:
        head = ("account 账户", "whose 来源", "arrived 到账")
        parts += _table("mixed", "Money of several met here 资金混同", head, mixed)
    columns = (
        "layer 层", f"at 时间 ({ZONE_NAME})", "from 付款", "to 收款", "paid 付款金额",
        "of it traced 追踪金额", "whose 来源", "payment 交易", "evidence 证据",
    )  # fmt: skip
    return parts + _table("payments", "Every payment 逐笔", columns, steps)


def _table(
    id_: str, title: str, head: Sequence[str], rows: Iterable[Sequence[str | Sequence[str]]]
) -> list[str]:
    """Write a table; a cell of several texts is a list of places with links to their rows."""
    parts = [f'<h2>{safe(title)}</h2><table id="{id_}"><thead><tr>']
    parts += [f"<th>{safe(name)}</th>" for name in head]
    parts.append("</tr></thead><tbody>")
    for row in rows:
        cells = (
            f"<td>{safe(cell)}</td>"
            if isinstance(cell, str)
            else "<td>"
            + " ".join(f'<a href="#row-{safe(place)}">{safe(place)}</a>' for place in cell)
            + "</td>"
            for cell in row
        )
        parts.append(f"<tr>{''.join(cells)}</tr>")
    parts.append("</tbody></table>")
    return parts


def _sources(trail: TrailChart) -> list[str]:
    """Quote the source rows as they were written."""
    parts = ['<h2>Source rows, as written 原始记录（原文）</h2><table id="sources"><tbody>']
    for row in sorted(trail.sources, key=lambda one: one.place):
        cells = "; ".join(f"{name} = {cell}" for name, cell in row.cells)
        parts.append(
            f'<tr id="row-{safe(row.place)}"><td>{safe(row.place)}</td><td>{safe(row.file)}</td>'
            f"<td>{safe(cells)}</td></tr>"
        )
    parts.append("</tbody></table>")
    files_ = sorted({(row.file, row.sha256) for row in trail.sources})
    parts += [f"<p>{safe(file)}: SHA-256 {safe(sha256)}</p>" for file, sha256 in files_]
    return parts
