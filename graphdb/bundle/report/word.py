"""The report as a Word document, the same bytes each time."""

import io
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

from graphdb.bundle.report.blocks import (
    Heading,
    Language,
    Paragraph,
    Picture,
    Report,
    Table,
    cell_text,
)

_LATIN: Final = "Times New Roman"
_HAN: Final = "宋体"
_HAN_HEAD: Final = "黑体"
_SHADE: Final = "E8EEF4"
# A4 less its margins, in centimetres; across for pictures.
_WIDE: Final = 16.6
_ACROSS: Final = 23.2


def word_bytes(report: Report, language: Language) -> bytes:
    """Set a report as a .docx."""
    import docx  # a fifth of a second, for those who write one
    from docx.enum.section import WD_ORIENT
    from docx.shared import Cm, Pt

    document = docx.Document()
    _styled(document)
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    for side in ("left_margin", "right_margin", "top_margin", "bottom_margin"):
        setattr(section, side, Cm(2.2))
    _footer(section, report, language)
    title = document.add_paragraph(style="Title")
    title.add_run(report.title.said(language))
    across = False
    for block in report.blocks:
        if isinstance(block, Picture) != across:
            across = not across
            section = document.add_section()
            section.orientation = WD_ORIENT.LANDSCAPE if across else WD_ORIENT.PORTRAIT
            size = (29.7, 21.0) if across else (21.0, 29.7)
            section.page_width, section.page_height = Cm(size[0]), Cm(size[1])
            margin = Cm(1.6 if across else 2.2)
            section.top_margin = section.bottom_margin = margin
        match block:
            case Heading():
                document.add_heading(block.says.said(language, "  "), block.level)
            case Paragraph():
                run = document.add_paragraph().add_run(block.says.said(language))
                run.font.size = Pt(9) if block.is_note else None
            case Table():
                _table(document, block, language)
            case Picture():
                document.add_picture(io.BytesIO(block.png), width=Cm(_ACROSS))
                run = document.add_paragraph().add_run(block.says.said(language, "  "))
                run.font.size = Pt(9)
    _dated(document, report)
    file = io.BytesIO()
    document.save(file)
    return _fixed(file.getvalue())


def _styled(document: Any) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    sizes = {"Normal": 10.5, "Title": 20, "Heading 1": 15, "Heading 2": 12.5, "Heading 3": 11}
    for name, size in sizes.items():
        style = document.styles[name]
        style.font.name, style.font.size = _LATIN, Pt(size)
        style.font.color.rgb = RGBColor(0, 0, 0)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        fonts.set(qn("w:ascii"), _LATIN)
        fonts.set(qn("w:hAnsi"), _LATIN)
        fonts.set(qn("w:eastAsia"), _HAN if name == "Normal" else _HAN_HEAD)
    document.styles["Normal"].paragraph_format.space_after = Pt(6)


def _footer(section: Any, report: Report, language: Language) -> None:
    """Write case and page under every page."""
    from docx.shared import Pt

    line = section.footer.paragraphs[0]
    run = line.add_run(f"{report.title.said(language, '  ')}    ")
    run.font.size = Pt(8)
    for name in ("PAGE", " / ", "NUMPAGES"):
        run = line.add_run("" if name.isalpha() else name)
        run.font.size = Pt(8)
        if name.isalpha():
            _field(run, name)


def _field(run: Any, name: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    for kind in ("begin", "text", "end"):
        part = OxmlElement("w:instrText" if kind == "text" else "w:fldChar")
        if kind == "text":
            part.text = name
        else:
            part.set(qn("w:fldCharType"), kind)
        run._r.append(part)


def _table(document: Any, block: Table, language: Language) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt

    table = document.add_table(rows=0, cols=len(block.head), style="Table Grid")
    table.autofit = False
    share = _WIDE / sum(block.widths)
    for column, width in zip(table.columns, block.widths, strict=True):
        column.width = Cm(width * share)

    def fill(cells: Sequence[str], *, is_head: bool) -> None:
        row = table.add_row()
        if is_head:
            # The head stands again on every page.
            row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        for at, (cell, text) in enumerate(zip(row.cells, cells, strict=True)):
            cell.width = Cm(block.widths[at] * share)
            line = cell.paragraphs[0]
            line.paragraph_format.space_before = line.paragraph_format.space_after = Pt(1.5)
            if at in block.right and not is_head:
                line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            run = line.add_run(text)
            run.font.size, run.font.bold = Pt(8.5), is_head or None
            if is_head:
                shade = OxmlElement("w:shd")
                shade.set(qn("w:val"), "clear")
                shade.set(qn("w:fill"), _SHADE)
                cell._tc.get_or_add_tcPr().append(shade)

    fill([one.said(language) for one in block.head], is_head=True)
    for cells in block.rows:
        fill([cell_text(cell, language) for cell in cells], is_head=False)
    document.add_paragraph().paragraph_format.space_after = Pt(2)


def _dated(document: Any, report: Report) -> None:
    """Give the document the day of the case log, and no author that a machine would name."""
    at = datetime.fromisoformat(report.as_of).astimezone(UTC).replace(tzinfo=None, microsecond=0)
    about = document.core_properties
    about.author = about.last_modified_by = "Linkwright"
    about.title, about.comments = report.title.said("both", " "), ""
    about.created = about.modified = at
    about.revision = 1


def _fixed(package: bytes) -> bytes:
    """Write the package anew with one date for all its parts."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as given, zipfile.ZipFile(file, "w") as made:
        for name in given.namelist():
            part = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            part.compress_type, part.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            made.writestr(part, given.read(name))
    return file.getvalue()
