"""The report of a case, as Word or PDF: ``write_report`` sets what ``reporting`` has composed."""

from pathlib import Path

from graphdb.bundle.report.blocks import (
    Block,
    Cell,
    Heading,
    Language,
    Paragraph,
    Picture,
    Report,
    Table,
    Words,
)
from graphdb.bundle.report.paper import paper_bytes
from graphdb.bundle.report.word import word_bytes
from graphdb.errors import WrongUsage, disk, quoted

__all__ = [
    "Block",
    "Cell",
    "Heading",
    "Language",
    "Paragraph",
    "Picture",
    "Report",
    "Table",
    "Words",
    "check_suffix",
    "write_report",
]


def check_suffix(path: Path) -> None:
    """Refuse a file that would be neither Word nor PDF, before any work is done.

    Raises:
        WrongUsage: no report has this suffix.
    """
    if path.suffix.lower() not in (".docx", ".pdf"):
        raise WrongUsage(
            f"a report cannot be written as {quoted(path.suffix or path.name)}",
            where=str(path),
            fix="give the file the suffix .docx or .pdf",
        )


def write_report(report: Report, path: Path, language: Language, font: Path) -> None:
    """Write a report in the form that the suffix names; a PDF takes its letters from the font.

    Raises:
        WrongUsage: no report has this suffix.
        StoreUnreachable: the file cannot be written.
    """
    check_suffix(path)
    is_word = path.suffix.lower() == ".docx"
    written = word_bytes(report, language) if is_word else paper_bytes(report, language, font)
    with disk(path):
        path.write_bytes(written)
