"""Evidence: bytes in, typed rows with their places out, and the rows that do not fit.

``read_evidence`` is the door; ``quote_rows`` gives rows back exactly as they were written. A file
is recognised by its content, never by its name. The fifty formats behind the two are loaded when
a file is read, not whenever a case is opened.
"""

from collections.abc import Collection
from pathlib import Path

from graphdb.errors import InputRefused
from graphdb.evidence.guess import Guessed, Proposal, propose_map
from graphdb.evidence.map_text import map_text
from graphdb.evidence.mapping import TableMap, read_map
from graphdb.evidence.reading import Control, Reading, ReadOptions
from graphdb.evidence.sides import NOTHING_TO_DO
from graphdb.evidence.tables import TABLES
from graphdb.model import Place

__all__ = [
    "NOTHING_TO_DO",
    "TABLES",
    "Control",
    "Guessed",
    "Proposal",
    "ReadOptions",
    "Reading",
    "TableMap",
    "map_text",
    "propose_map",
    "quote_rows",
    "read_evidence",
    "read_map",
]


def read_evidence(
    path: Path, exhibit: str, options: ReadOptions | None = None, name: str | None = None
) -> Reading:
    """Open a file of evidence for reading; ``name`` is its name as it was received.

    Raises:
        InputRefused: the file is missing, empty, binary, of unknown columns, or does not fit
            its map. It may also be raised while the batches are read.
        WrongUsage: ``options.format`` names no table or format.
    """
    from graphdb.evidence.parts import parts_of
    from graphdb.evidence.source import Source
    from graphdb.evidence.typed import batches_of

    options = options or ReadOptions()
    source = Source(path, name or path.name, options.encoding_said)
    try:
        parts = parts_of(source, exhibit, options)
    except InputRefused as error:
        error.where = error.where or str(path)
        raise
    return Reading(batches_of(parts, options, path))


def quote_rows(
    path: Path,
    exhibit: str,
    options: ReadOptions,
    places: Collection[Place],
    name: str | None = None,
) -> dict[Place, tuple[tuple[str, str], ...]]:
    """Give rows of an exhibit as they were written, by header as written; unknown places lack."""
    from graphdb.evidence.parts import sheets_of
    from graphdb.evidence.source import Source

    source = Source(path, name or path.name, options.encoding_said)
    wanted = set(places)
    quoted: dict[Place, tuple[tuple[str, str], ...]] = {}
    for sheet in sheets_of(source, exhibit, options):
        rows = [place.row for place in wanted if place.exhibit == sheet.exhibit]
        for number, *written in sheet.frame.filter(sheet.frame["row"].is_in(rows)).iter_rows():
            pairs = zip(sheet.headers, written, strict=True)
            quoted[Place(sheet.exhibit, number)] = tuple((h, c or "") for h, c in pairs)
        if len(quoted) == len(wanted):
            break
    return quoted
