"""Write the pages of an exhibit as PDF/A-3u by fpdf2, with the source rows attached.

The font is embedded and travels with Linkwright, so the same chart gives the same bytes on every
machine with the same fpdf2 and fontTools. A character that the font lacks is shown as its code.
"""

import logging
import re
from collections.abc import Collection
from datetime import UTC, datetime
from hashlib import sha256
from importlib.resources import as_file, files
from typing import TYPE_CHECKING, Any, Final

from graphdb.chart.nouns import Chart
from graphdb.chart.render.exhibit import exhibit_pages
from graphdb.chart.render.paper import HEIGHT, WIDTH, Stroke, Text, clipped, width_of
from graphdb.chart.tables import links_csv, rows_csv
from graphdb.chart.text import visible

if TYPE_CHECKING:
    from fpdf import FPDF

_FONT: Final = "court"
# The brackets that mark a code, in the form that the font has.
_BRACKETS: Final = str.maketrans("⟨⟩", "〈〉")
_MODIFIED: Final = re.compile(rb'(xmp:(?:ModifyDate|MetadataDate)=")[^"]{25}"')
# A PDF must bear a date; that of a chart without one is the epoch of the ZIP format.
_NO_DATE: Final = "1980-01-01T00:00:00+00:00"


def pdf_bytes(chart: Chart) -> bytes:
    """Draw a chart as one PDF/A-3u."""
    # fpdf2 takes a second to load; only whoever prints shall wait for it.
    from fpdf import FPDF

    # They tell of every character they subset, at a level that a library must not choose.
    for name in ("fontTools", "fpdf"):
        logging.getLogger(name).setLevel(logging.WARNING)
    attached = (("links.csv", links_csv(chart)), ("rows.csv", rows_csv(chart)))

    class Fixed(FPDF):
        def file_id(self) -> str:
            digest = sha256(b"".join(content for _, content in attached)).hexdigest()
            return f"<{digest[:32]}><{digest[:32]}>"

    pdf = Fixed(unit="mm", format=(HEIGHT, WIDTH), orientation="L", enforce_compliance="PDF/A-3U")
    at = (
        datetime.fromisoformat(chart.imprint.as_of or _NO_DATE)
        .astimezone(UTC)
        .replace(microsecond=0)
    )
    pdf.set_creation_date(at)
    pdf.set_title(visible(chart.title))
    pdf.set_lang("zh-CN")
    pdf.set_creator("Linkwright")
    pdf.set_producer("Linkwright")
    pdf.set_auto_page_break(auto=False)
    pdf.set_margin(0)
    with as_file(files("graphdb.chart.render").joinpath("font", "court-sans.ttf")) as font:
        pdf.add_font(_FONT, fname=font)
        _pages(pdf, chart)
        for name, content in attached:
            pdf.embed_file(
                bytes=content,
                basename=name,
                mime_type="text/csv",
                associated_file_relationship="Source",
                modification_date=at,
                creation_date=at,
                compress=True,
            )
        written = _dated(bytes(pdf.output()), at)
        # fpdf2 reads the font as it needs it, and never closes it.
        face: Any = pdf.fonts[_FONT]
        face.ttfont.close()
    return written


def _dated(pdf: bytes, at: datetime) -> bytes:
    """Put the date of the chart where fpdf2 wrote the time of day; lengths, so offsets, stay."""
    date = at.isoformat(timespec="seconds").encode()
    return _MODIFIED.sub(lambda found: found[1] + date + b'"', pdf)


def _pages(pdf: "FPDF", chart: Chart) -> None:
    face: Any = pdf.fonts[_FONT]
    for page in exhibit_pages(chart, lambda says: shown(says, face.cmap)):
        pdf.add_page()
        for one in page.drawn:
            if isinstance(one, Stroke):
                _stroke(pdf, one)
            else:
                _text(pdf, one, face.cmap)


def _stroke(pdf: "FPDF", stroke: Stroke) -> None:
    from fpdf.svg import svg_path_converter

    with pdf.new_path() as path:
        path.style.stroke_color = "#000000" if stroke.width else None
        path.style.stroke_width = stroke.width
        path.style.stroke_dash_pattern = list(stroke.dash) or None
        path.style.fill_color = {"none": None, "white": "#ffffff", "black": "#000000"}[stroke.fill]
        path.style.auto_close = False
        svg_path_converter(path, stroke.path)


def _text(pdf: "FPDF", text: Text, known: Collection[int]) -> None:
    says = shown(text.says, known)
    if len(says) > len(text.says):
        # What no page made room for is cut: nothing on a court exhibit is smaller than 8 points.
        says = clipped(says, width_of(text.says, text.size), text.size)
    pdf.set_font(_FONT, size=text.size)
    shift = {"start": 0.0, "middle": 0.5, "end": 1.0}[text.anchor]
    pdf.text(text.x - (pdf.get_string_width(says) * shift if shift else 0), text.y, says)


def shown(says: str, known: Collection[int]) -> str:
    """Show a character that the font lacks as its code, so that nothing is dropped in silence.

    >>> shown("a\u4e00", {ord("a")})
    'a〈U+4E00〉'
    """
    return "".join(
        letter if ord(letter) in known or letter in "〈〉" else f"〈U+{ord(letter):04X}〉"
        for letter in says.translate(_BRACKETS)
    )
