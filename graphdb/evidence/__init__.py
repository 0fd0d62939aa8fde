"""Evidence: bytes in, typed rows with their places out, and the rows that do not fit.

``read_evidence`` is the door; ``quote_rows`` gives rows back exactly as they were written. A file
is recognised by its content, never by its name.
"""

import re
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import Final

import polars as pl

from graphdb.errors import InputRefused, WrongUsage
from graphdb.evidence.formats import Format, known_formats
from graphdb.evidence.formats.delimited import sheet_of as cut_delimited
from graphdb.evidence.formats.json_lines import sheet_of as cut_json_lines
from graphdb.evidence.formats.workbook import is_workbook, sheets_of
from graphdb.evidence.mapping import TableMap, read_map
from graphdb.evidence.naming import Canonical, by_map, canonical
from graphdb.evidence.reading import Control, Reading, ReadOptions, Sheet
from graphdb.evidence.tables import TABLES
from graphdb.evidence.text import decoded
from graphdb.evidence.times import zone_of
from graphdb.evidence.typed import typed
from graphdb.model import Batch, Place

__all__ = [
    "TABLES",
    "Control",
    "ReadOptions",
    "Reading",
    "TableMap",
    "quote_rows",
    "read_evidence",
    "read_map",
]

_JSON_ARRAY: Final = re.compile(r"\s*\[\s*\{")


def read_evidence(path: Path, exhibit: str, options: ReadOptions | None = None) -> Reading:
    """Read a file of evidence.

    Raises:
        InputRefused: the file is missing, empty, binary, of unknown columns, or does not fit
            its map; nothing of it is given then.
        WrongUsage: ``options.format`` names no table or format.
    """
    options = options or ReadOptions()
    names = [*TABLES, *(form.name for form in known_formats())]
    if options.format is not None and options.format not in names:
        raise WrongUsage(
            f"there is no table or format '{options.format}'", fix=f"one of {', '.join(names)}"
        )
    try:
        return _read(path, exhibit, options)
    except InputRefused as error:
        error.where = error.where or str(path)
        raise


def quote_rows(
    path: Path, exhibit: str, options: ReadOptions, places: Collection[Place]
) -> dict[Place, tuple[tuple[str, str], ...]]:
    """Give rows of an exhibit as they were written, by header as written; unknown places lack."""
    quoted: dict[Place, tuple[tuple[str, str], ...]] = {}
    text = _text(path, options)
    for sheet in _sheets(path, text, exhibit, options, as_written=True):
        rows = [place.row for place in places if place.exhibit == sheet.exhibit]
        for number, *written in sheet.frame.filter(pl.col("row").is_in(rows)).iter_rows():
            pairs = zip(sheet.headers, written, strict=True)
            quoted[Place(sheet.exhibit, number)] = tuple((h, c or "") for h, c in pairs)
    return quoted


def _read(path: Path, exhibit: str, options: ReadOptions) -> Reading:
    zone_name = options.zone or (options.map.zone if options.map else None)
    zone = zone_of(zone_name) if zone_name is not None else None
    platform = options.platform or (options.map.platform if options.map else None)
    text = _text(path, options)
    form = _format_of(text, options)
    if form is not None and text is not None:
        return form.read(text, exhibit)
    batches: list[Batch] = []
    controls: list[Control] = []
    given, warnings = _named(_sheets(path, text, exhibit, options), options, path)
    for one in given:
        batch, totals = typed(one, platform, zone)
        batches.append(batch)
        controls += totals
    batches[0] = replace(batches[0], warnings=batches[0].warnings + warnings)
    name = "+".join(dict.fromkeys(batch.table for batch in batches))
    if options.map is not None:
        name = f"map:{options.map.name or name}"
    return Reading(name, tuple(batches), tuple(controls))


def _named(
    sheets: list[Sheet], options: ReadOptions, path: Path
) -> tuple[list[Canonical], tuple[str, ...]]:
    """Name the columns of every sheet; one beside others that fits nothing is a warning."""
    given: list[Canonical] = []
    refused: list[tuple[Sheet, InputRefused]] = []
    for sheet in sheets:
        try:
            if options.map is not None:
                given.append(by_map(sheet, options.map, str(path)))
            else:
                given.append(canonical(sheet, options.format))
        except InputRefused as error:
            refused.append((sheet, error))
    if not given:
        raise refused[0][1]
    return given, tuple(
        f"the sheet {sheet.exhibit} is not read: {error.what}" for sheet, error in refused
    )


def _format_of(text: str | None, options: ReadOptions) -> Format | None:
    """Find the format of a text file that is no plain table."""
    if text is None or options.map is not None or options.format in TABLES:
        return None
    for form in known_formats():
        if options.format == form.name or (options.format is None and form.recognises(text)):
            return form
    return None


def _text(path: Path, options: ReadOptions) -> str | None:
    """Decode a text file; None for a workbook."""
    if is_workbook(path):
        return None
    try:
        raw = path.read_bytes()
    except FileNotFoundError as error:
        raise InputRefused("no such file", where=str(path), fix="check the path") from error
    except OSError as error:
        raise InputRefused(
            f"the file cannot be read: {error.strerror}", where=str(path), fix="check the file"
        ) from error
    return decoded(raw, options.map.encoding if options.map else None)


def _sheets(
    path: Path, text: str | None, exhibit: str, options: ReadOptions, *, as_written: bool = False
) -> list[Sheet]:
    """Cut a file into cells, still text."""
    if text is None:
        return sheets_of(path, exhibit)
    delimiter = options.map.delimiter if options.map else None
    if _JSON_ARRAY.match(text):
        raise InputRefused("this is a JSON array", fix="write JSON Lines: one object a line")
    if text.lstrip("\ufeff \t\r\n")[:1] == "{" and delimiter is None:
        return [cut_json_lines(text, exhibit, as_written=as_written)]
    form = _format_of(text, options)
    return [cut_delimited(text, exhibit, delimiter, skip=form.skip(text) if form else 0)]
