"""Evidence: bytes in, typed rows with their places out, and the rows that do not fit.

``read_evidence`` is the door; ``quote_rows`` gives rows back exactly as they were written. A file
is recognised by its content, never by its name.
"""

from collections.abc import Collection
from pathlib import Path

import polars as pl

from graphdb.errors import InputRefused, WrongUsage
from graphdb.evidence import cells
from graphdb.evidence.formats import known_formats
from graphdb.evidence.formats.delimited import sheet_of as cut_delimited
from graphdb.evidence.formats.json_lines import sheet_of as cut_json_lines
from graphdb.evidence.formats.workbook import is_workbook, sheets_of
from graphdb.evidence.mapping import TableMap, read_map
from graphdb.evidence.reading import Control, Reading, ReadOptions, Sheet
from graphdb.evidence.tables import TABLES
from graphdb.evidence.text import decoded
from graphdb.evidence.typed import by_map, canonical, typed
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


def read_evidence(path: Path, exhibit: str, options: ReadOptions | None = None) -> Reading:
    """Read a file of evidence.

    Raises:
        InputRefused: the file is missing, empty, binary, of unknown columns, or does not fit
            its map; nothing of it is given then.
        WrongUsage: ``options.format`` names no table or format.
    """
    options = options or ReadOptions()
    forms = {form.name: form for form in known_formats()}
    if options.format is not None and options.format not in {*TABLES, *forms}:
        raise WrongUsage(
            f"there is no table or format '{options.format}'",
            fix=f"one of {', '.join((*TABLES, *forms))}",
        )
    zone_name = options.zone or (options.map.zone if options.map else None)
    zone = cells.zone_of(zone_name) if zone_name else None
    text = _text(path, options)
    if text is not None and options.map is None:
        for form in forms.values():
            if options.format == form.name or (options.format is None and form.recognises(text)):
                return form.read(text, exhibit)
    batches: list[Batch] = []
    controls: list[Control] = []
    for sheet in _sheets(path, text, exhibit, options):
        if options.map is not None:
            given = by_map(sheet, options.map, str(path))
        else:
            given = canonical(sheet, options.format)
        platform = options.platform or (options.map.platform if options.map else None)
        batch, totals = typed(given, platform, zone)
        batches.append(batch)
        controls += totals
    name = "+".join(dict.fromkeys(batch.table for batch in batches))
    if options.map is not None:
        name = f"map:{options.map.name or name}"
    return Reading(name, tuple(batches), tuple(controls))


def quote_rows(
    path: Path, exhibit: str, options: ReadOptions, places: Collection[Place]
) -> dict[Place, tuple[tuple[str, str], ...]]:
    """Give rows of an exhibit as they were written, by header as written; unknown places lack."""
    wanted = set(places)
    quoted: dict[Place, tuple[tuple[str, str], ...]] = {}
    text = _text(path, options)
    for sheet in _sheets(path, text, exhibit, options):
        rows = [place.row for place in wanted if place.exhibit == sheet.exhibit]
        for number, *written in sheet.frame.filter(pl.col("row").is_in(rows)).iter_rows():
            pairs = zip(sheet.headers, written, strict=True)
            quoted[Place(sheet.exhibit, number)] = tuple((h, c or "") for h, c in pairs)
    return quoted


def _text(path: Path, options: ReadOptions) -> str | None:
    """Decode a text file; None for a workbook."""
    try:
        if is_workbook(path):
            return None
        raw = path.read_bytes()
    except FileNotFoundError as error:
        raise InputRefused("no such file", where=str(path), fix="check the path") from error
    except OSError as error:
        raise InputRefused(
            f"the file cannot be read: {error.strerror}", where=str(path), fix="check the file"
        ) from error
    return decoded(raw, options.map.encoding if options.map else None)


def _sheets(path: Path, text: str | None, exhibit: str, options: ReadOptions) -> list[Sheet]:
    if text is None:
        return sheets_of(path, exhibit)
    if text.lstrip()[:1] == "{" and options.map is None:
        return [cut_json_lines(text, exhibit)]
    skip = 0
    if options.map is None and options.format not in TABLES:
        skip = next((form.skip(text) for form in known_formats() if form.recognises(text)), 0)
    delimiter = options.map.delimiter if options.map else None
    return [cut_delimited(text, exhibit, delimiter, skip=skip)]
