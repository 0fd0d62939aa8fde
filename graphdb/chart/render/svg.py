"""Write the pages of an exhibit as SVG, one file a page; the same chart gives the same bytes."""

from html import escape
from typing import Final

from graphdb.chart.nouns import Chart
from graphdb.chart.render.exhibit import exhibit_pages
from graphdb.chart.render.paper import HEIGHT, MM_PER_POINT, WIDTH, Page, Stroke, Text, mm
from graphdb.chart.text import visible

_FONTS: Final = (
    "'Noto Sans CJK SC','Noto Sans SC','Source Han Sans SC','PingFang SC','Microsoft YaHei',"
    "sans-serif"
)


def svg_bytes(chart: Chart) -> tuple[bytes, ...]:
    """Draw a chart as pages of SVG."""
    title = visible(chart.title)
    return tuple(page_svg(page, title) for page in exhibit_pages(chart))


def page_svg(page: Page, title: str) -> bytes:
    """Draw one page; lengths are millimetres, so it prints to scale."""
    size = f"{WIDTH:g} {HEIGHT:g}"
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH:g}mm" height="{HEIGHT:g}mm" '
        f'viewBox="0 0 {size}" font-family="{_FONTS}">'
    )
    lines = [
        head,
        f"<title>{_text(title)}</title>",
        f'<rect width="{WIDTH:g}" height="{HEIGHT:g}" fill="#fff"/>',
        *(_stroke(one) if isinstance(one, Stroke) else _line(one) for one in page.drawn),
        "</svg>",
    ]
    return ("\n".join(lines) + "\n").encode()


def _stroke(stroke: Stroke) -> str:
    ink = f'stroke="#000" stroke-width="{mm(stroke.width)}"' if stroke.width else 'stroke="none"'
    fill = {"none": "none", "white": "#fff", "black": "#000"}[stroke.fill]
    dash = f' stroke-dasharray="{" ".join(map(mm, stroke.dash))}"' if stroke.dash else ""
    return f'<path d="{stroke.path}" fill="{fill}" {ink}{dash}/>'


def _line(text: Text) -> str:
    anchor = "" if text.anchor == "start" else f' text-anchor="{text.anchor}"'
    size = f"{text.size * MM_PER_POINT:.3f}"
    place = f'x="{mm(text.x)}" y="{mm(text.y)}"'
    return f'<text {place} font-size="{size}"{anchor}>{_text(text.says)}</text>'


def _text(says: str) -> str:
    return escape(says.replace("\ufffe", "").replace("\uffff", ""), quote=False)
