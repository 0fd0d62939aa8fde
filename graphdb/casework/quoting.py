"""Quoting: the rows of the exhibits behind an answer, as they were written."""

from collections.abc import Collection

from graphdb.evidence import quote_rows
from graphdb.evidence.docket import Docket
from graphdb.model import Place, SourceRow


def quoted(docket: Docket, places: Collection[str]) -> tuple[SourceRow, ...]:
    """Quote the rows that stand at places, in the order of the exhibits and then of the rows."""
    wanted: dict[str, list[Place]] = {}
    for text in sorted(set(places)):
        place = Place.parse(text)
        wanted.setdefault(place.exhibit.partition("/")[0], []).append(place)
    found: list[SourceRow] = []
    for number in sorted(wanted):
        entry = docket.of_exhibit(number)
        exhibit = entry.exhibit
        file = docket.exhibits / exhibit.file
        rows = quote_rows(file, number, entry.options, wanted[number], exhibit.name)
        found += [
            SourceRow(str(place), exhibit.name, exhibit.sha256, rows[place])
            for place in sorted(rows)
        ]
    return tuple(found)
