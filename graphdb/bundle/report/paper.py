"""The report as a PDF with its font inside, the same bytes each time."""

import io
import logging
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from graphdb.bundle.report.blocks import (
    Heading,
    Language,
    Paragraph,
    Picture,
    Report,
    Table,
    cell_text,
)

if TYPE_CHECKING:
    from fpdf import FPDF

_FONT: Final = "court"
_MARGIN: Final = 20.0
_FOOT: Final = 18.0
_PAD: Final = 1.2
_MM: Final = 25.4 / 72
_SIZES: Final = {1: 15.0, 2: 12.0, 3: 10.5}
_BRACKETS: Final = str.maketrans("⟨⟩", "〈〉")
# Where a line may break: at a space, after a separator within an id, between Han characters, but
# never before a closing mark. A place (E04:1392) stays whole.
_PIECES: Final = re.compile(
    r"[^\S\n]+|[\u2e80-\U0010ffff][、。，；：！？）》〉”’…]*|[^\s\u2e80-\U0010ffff/;,_\-]*[/;,_\-]?"
)


def paper_bytes(report: Report, language: Language, font: Path) -> bytes:
    """Set a report as a PDF, in a font that has Chinese."""
    from fpdf import FPDF  # a second, for those who print

    for name in ("fontTools", "fpdf"):
        logging.getLogger(name).setLevel(logging.WARNING)
    foot = report.title.said(language, "  ").translate(_BRACKETS)
    digest = sha256(repr(report).encode("utf-8", "backslashreplace")).hexdigest()

    class Fixed(FPDF):
        def file_id(self) -> str:
            return f"<{digest[:32]}><{digest[:32]}>"

        def footer(self) -> None:
            self.set_font(_FONT, size=8)
            self.set_xy(_MARGIN, self.h - 12)
            self.cell(0, 4, f"{foot}    {self.page_no()} / {{nb}}")

    pdf = Fixed(unit="mm", format="A4")
    pdf.set_auto_page_break(auto=False)
    pdf.set_margin(_MARGIN)
    pdf.set_creation_date(datetime.fromisoformat(report.as_of).astimezone(UTC))
    pdf.set_title(report.title.said("both", " "))
    pdf.set_lang("en" if language == "en" else "zh-CN")
    pdf.set_creator("Linkwright")
    pdf.set_producer("Linkwright")
    pdf.add_font(_FONT, fname=font)
    face: Any = pdf.fonts[_FONT]
    _Setter(pdf, frozenset(face.cmap), language).set(report)
    written = bytes(pdf.output())
    face.ttfont.close()
    return written


class _Setter:
    """Set blocks one under another; a page is begun where one does not fit."""

    def __init__(self, pdf: "FPDF", known: frozenset[int], language: Language) -> None:
        self._pdf = pdf
        self._known = known
        self._language: Language = language
        self._width = lru_cache(1 << 16)(self._measured)

    def set(self, report: Report) -> None:
        """Set a whole report."""
        self._page()
        self._lines(report.title.said(self._language), 20.0, after=6.0)
        across = False
        for block in report.blocks:
            if across and not isinstance(block, Picture):
                self._page()
            across = isinstance(block, Picture)
            match block:
                case Heading():
                    self._heading(block)
                case Paragraph():
                    size = 8.5 if block.is_note else 10.0
                    self._lines(block.says.said(self._language), size, after=2.5)
                case Table():
                    self._table(block)
                case Picture():
                    self._picture(block)

    def _page(self, *, across: bool = False) -> None:
        self._pdf.add_page(orientation="L" if across else "P")
        self._pdf.set_xy(_MARGIN, _MARGIN)

    def _heading(self, block: Heading) -> None:
        size = _SIZES[min(block.level, 3)]
        if self._pdf.y > self._pdf.h - _FOOT - 30:
            self._page()
        self._pdf.y += 5.0 if block.level == 1 else 3.0
        self._lines(block.says.said(self._language, "  "), size, after=1.0)
        if block.level == 1:
            self._pdf.set_draw_color(0)
            self._pdf.set_line_width(0.4)
            self._pdf.line(_MARGIN, self._pdf.y, self._pdf.w - _MARGIN, self._pdf.y)
            self._pdf.y += 2.5

    def _lines(self, text: str, size: float, after: float) -> None:
        """Set a paragraph over the width of the page."""
        pitch = size * _MM * 1.45
        for line in self._broken(text, self._pdf.w - 2 * _MARGIN, size):
            if self._pdf.y + pitch > self._pdf.h - _FOOT:
                self._page()
            self._write(_MARGIN, self._pdf.y, line, size)
            self._pdf.y += pitch
        self._pdf.y += after

    def _table(self, block: Table) -> None:
        whole = self._pdf.w - 2 * _MARGIN
        widths = [share * whole / sum(block.widths) for share in block.widths]
        head = [one.said(self._language) for one in block.head]
        self._row(head, widths, frozenset(), is_head=True)
        for row in block.rows:
            cells = [cell_text(cell, self._language) for cell in row]
            if not self._row(cells, widths, block.right, is_head=False):
                self._page()
                self._row(head, widths, frozenset(), is_head=True)
                self._row(cells, widths, block.right, is_head=False, must=True)
        self._pdf.y += 3.0

    def _row(
        self,
        cells: Sequence[str],
        widths: Sequence[float],
        right: frozenset[int],
        *,
        is_head: bool,
        must: bool = False,
    ) -> bool:
        """Set a row, and tell whether it fitted the page; one higher than a page is cut."""
        size, pitch = 8.0, 8.0 * _MM * 1.4
        broken = [
            self._broken(cell, width - 2 * _PAD, size)
            for cell, width in zip(cells, widths, strict=True)
        ]
        room = self._pdf.h - _FOOT - self._pdf.y
        height = max(map(len, broken)) * pitch + 2 * _PAD
        if height > room and not must and not is_head:
            return False
        if height > room and must:
            count = int((room - 2 * _PAD) / pitch)
            broken = [
                [*lines[: count - 1], "…"] if len(lines) > count else lines for lines in broken
            ]
            height = max(map(len, broken)) * pitch + 2 * _PAD
        top, left = self._pdf.y, _MARGIN
        self._pdf.set_line_width(0.2)
        self._pdf.set_draw_color(90)
        self._pdf.set_fill_color(232, 238, 244)
        for at, (lines, width) in enumerate(zip(broken, widths, strict=True)):
            self._pdf.rect(left, top, width, height, style="DF" if is_head else "D")
            for number, line in enumerate(lines):
                x = left + _PAD
                if at in right:
                    x = left + width - _PAD - self._run(line, size)
                self._write(x, top + _PAD + number * pitch, line, size)
            left += width
        self._pdf.y = top + height
        return True

    def _picture(self, block: Picture) -> None:
        self._page(across=True)
        width, height = self._pdf.w - 24, self._pdf.h - 34
        self._pdf.image(
            io.BytesIO(block.png), x=12, y=10, w=width, h=height, keep_aspect_ratio=True
        )
        self._write(12, self._pdf.h - 20, block.says.said(self._language, "  "), 8.0)

    def _write(self, x: float, y: float, line: str, size: float) -> None:
        self._pdf.set_font(_FONT, size=size)
        self._pdf.text(x, y + size * _MM * 1.05, line)

    def _broken(self, text: str, width: float, size: float) -> list[str]:
        """Break a text into lines of at most a width."""
        lines: list[str] = []
        for paragraph in self._had(text).split("\n"):
            line, used = "", 0.0
            for piece in _PIECES.findall(paragraph):
                wide = self._run(piece, size)
                if used + self._run(piece.rstrip(), size) > width and line.strip():
                    lines.append(line.rstrip())
                    line, used = "", 0.0
                    if not piece.strip():
                        continue
                if wide <= width:
                    line, used = line + piece, used + wide
                    continue
                for letter in piece:  # longer than a line: broken anywhere
                    wide = self._run(letter, size)
                    if used + wide > width:
                        lines.append(line)
                        line, used = "", 0.0
                    line, used = line + letter, used + wide
            lines.append(line.rstrip())
        return lines

    def _had(self, text: str) -> str:
        """Show a character that the font lacks as its code."""
        return "".join(
            letter if letter == "\n" or ord(letter) in self._known else f"〈U+{ord(letter):04X}〉"
            for letter in text.translate(_BRACKETS)
        )

    def _run(self, text: str, size: float) -> float:
        return sum(self._width(letter) for letter in text) * size

    def _measured(self, letter: str) -> float:
        """Measure a letter at one point; the font has no kerning that we use."""
        self._pdf.set_font(_FONT, size=100)
        return self._pdf.get_string_width(letter) / 100
