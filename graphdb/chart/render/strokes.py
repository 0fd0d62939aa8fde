"""Strokes of SVG: text from evidence made safe, numbers written in one way."""

from html import escape
from typing import Final

from graphdb.chart.text import shortened, visible

INK: Final = "#1b1f24"
FAINT: Final = "#767676"
PALE: Final = "#d0d7de"
PAPER: Final = "#ffffff"
# Okabe and Ito 2008, without the two that are too pale on paper; each origin one, in order.
FILLS: Final = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00")
OTHER: Final = "#999999"
FONTS: Final = "system-ui, Noto Sans CJK SC, PingFang SC, Microsoft YaHei, sans-serif"


def safe(text: str) -> str:
    """Write text so that it is only text, and every character of it can be seen.

    >>> safe("<b>\u202e&")
    '&lt;b&gt;⟨U+202E⟩&amp;'
    """
    return escape(visible(text))


def at(number: float) -> str:
    """Write a coordinate: one digit after the point, none where it is whole.

    >>> at(3), at(2.25), at(-0.01)
    ('3', '2.2', '0')
    """
    written = f"{number:.1f}".removesuffix(".0")
    return "0" if written == "-0" else written


def words(
    x: float, y: float, text: str, *, size: int = 12, fill: str = INK, bold: bool = False,
    anchor: str = "start", halo: bool = False, width: int | None = None,
) -> str:  # fmt: skip
    """Write a line of text; ``width`` cuts it in its middle."""
    shown = shortened(text, width) if width else text
    more = ' font-weight="bold"' if bold else ""
    more += f' text-anchor="{anchor}"' if anchor != "start" else ""
    if halo:
        more += f' stroke="{PAPER}" stroke-width="3" paint-order="stroke"'
    return (
        f'<text x="{at(x)}" y="{at(y)}" font-size="{size}" fill="{fill}"{more}>{safe(shown)}</text>'
    )


def box(x: float, y: float, width: float, height: float, fill: str, more: str = "") -> str:
    """Draw a filled rectangle."""
    return (
        f'<rect x="{at(x)}" y="{at(y)}" width="{at(width)}" height="{at(height)}" '
        f'fill="{fill}"{more}/>'
    )


def line(x: float, y: float, x2: float, y2: float, stroke: str = PALE, more: str = "") -> str:
    """Draw a straight line."""
    return f'<line x1="{at(x)}" y1="{at(y)}" x2="{at(x2)}" y2="{at(y2)}" stroke="{stroke}"{more}/>'


def sheet(width: float, height: float, parts: list[str], label: str) -> str:
    """Put parts on a white sheet that reads as one picture."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {at(width)} {at(height)}" '
        f'width="{at(width)}" height="{at(height)}" role="img" font-family="{FONTS}">'
        f"<title>{safe(label)}</title>{box(0, 0, width, height, PAPER)}{''.join(parts)}</svg>"
    )
