"""What a file is: its format by its content, its sheets, and their rows under canonical names."""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Final

import polars as pl

from graphdb.errors import InputRefused, WrongUsage, quoted
from graphdb.evidence.columns import Recognised, recognise
from graphdb.evidence.cutting import first_record, sheets_below
from graphdb.evidence.format import DocumentFormat, Format, Part, Sheet, TableFormat
from graphdb.evidence.formats import known_formats
from graphdb.evidence.grid import Grid
from graphdb.evidence.json_lines import names_of
from graphdb.evidence.json_lines import sheets_of as json_sheets
from graphdb.evidence.layout import Header
from graphdb.evidence.mapping import TableMap
from graphdb.evidence.naming import by_map, canonical
from graphdb.evidence.reading import ReadOptions
from graphdb.evidence.source import Source
from graphdb.evidence.tables import TABLES

_JSON_ARRAY: Final = re.compile(r"\s*\[\s*\{")
Piece = tuple[str, Part, Sheet]


@dataclass(frozen=True, slots=True)
class _Table:
    """A grid that was understood: where its header is, and how its rows are arranged."""

    name: str
    grid: Grid
    at: int
    form: TableFormat | None = None
    header: Header | None = None
    found: Recognised | None = None


def parts_of(source: Source, exhibit: str, options: ReadOptions) -> Iterator[Piece]:
    """Give the rows of a file under canonical names, with the format and the sheet of each part.

    Raises:
        InputRefused: nothing in the file is understood.
        WrongUsage: ``options.format`` names no table or format.
    """
    _check(options)
    form = _document(source, options)
    if form is not None:
        return _document_parts(form, source, exhibit)
    if _is_json(source, options):
        return _json_parts(source, exhibit, options)
    tables, warnings = _tables(source, exhibit, options)
    return _table_parts(tables, source, options, warnings)


def sheets_of(source: Source, exhibit: str, options: ReadOptions) -> Iterator[Sheet]:
    """Give the rows of a file as they were written."""
    form = _document(source, options)
    if form is not None:
        yield from form.sheets(source, exhibit)
    elif _is_json(source, options):
        names = names_of(source.lines, exhibit)
        yield from json_sheets(source.lines, exhibit, names, as_written=True)
    else:
        for table in _tables(source, exhibit, options)[0]:
            yield from _sheets(table, source)


def _check(options: ReadOptions) -> None:
    names = [*TABLES, *(form.name for form in known_formats())]
    if options.format is not None and options.format not in names:
        raise WrongUsage(
            f"there is no table or format '{options.format}'", fix=f"one of {', '.join(names)}"
        )


def _candidates(options: ReadOptions) -> list[Format]:
    """Give the formats that a file may have, given what the officer says."""
    if options.map is not None or options.format in TABLES:
        return []
    return [form for form in known_formats() if options.format in (None, form.name)]


def _document(source: Source, options: ReadOptions) -> DocumentFormat | None:
    for form in _candidates(options):
        if isinstance(form, DocumentFormat) and (
            options.format == form.name or form.recognises(source)
        ):
            return form
    return None


def _document_parts(form: DocumentFormat, source: Source, exhibit: str) -> Iterator[Piece]:
    for sheet in form.sheets(source, exhibit):
        names = {f"c{at}": header for at, header in enumerate(_told_apart(sheet.headers))}
        yield from _passed_on(form, form.arrange(sheet.frame.rename(names), sheet), sheet)


def _told_apart(headers: Iterable[str]) -> tuple[str, ...]:
    """Number the headers that repeat, so that each names one column."""
    apart: dict[str, None] = {}
    for header in headers:
        name, number = header, 1
        while name in apart or name == "row":
            number += 1
            name = f"{header} ({number})"
        apart[name] = None
    return tuple(apart)


def _passed_on(form: Format, parts: Iterable[Part], sheet: Sheet) -> Iterator[Piece]:
    """Give the parts of a sheet; its own rejects and warnings go with the first that counts."""
    made = list(parts)
    if not made and (sheet.rejects or sheet.warnings):
        made = [Part("accounts", pl.DataFrame(schema={"row": pl.Int64, "account": pl.String}))]
    at_first = next((at for at, part in enumerate(made) if not part.derived), 0)
    for at, part in enumerate(made):
        rejects, warnings = (sheet.rejects, sheet.warnings) if at == at_first else ((), ())
        whole = replace(part, rejects=rejects + part.rejects, warnings=warnings + part.warnings)
        yield form.name, whole, sheet


def _is_json(source: Source, options: ReadOptions) -> bool:
    if not source.is_text or (options.map is not None and options.map.delimiter is not None):
        return False
    if _JSON_ARRAY.match(source.head):
        raise InputRefused("this is a JSON array", fix="write JSON Lines: one object a line")
    return source.head.lstrip("\ufeff \t\r\n")[:1] == "{"


def _json_parts(source: Source, exhibit: str, options: ReadOptions) -> Iterator[Piece]:
    names = names_of(source.lines, exhibit)
    sheets = json_sheets(source.lines, exhibit, names)
    if (given := options.map) is not None:
        return ((_map_name(given), by_map(s, given, str(source.path)), s) for s in sheets)
    found = recognise(names, options.format)
    return ((found.table.name, canonical(s, found), s) for s in sheets)


def _map_name(given: TableMap) -> str:
    return f"map:{given.name or given.table}"


def _tables(
    source: Source, exhibit: str, options: ReadOptions
) -> tuple[list[_Table], tuple[str, ...]]:
    """Understand the grids of a file; one beside others that fits nothing is a warning."""
    delimiter = options.map.delimiter if options.map else None
    tables, refused = _sorted_out(source.grids(exhibit, delimiter), options)
    if not tables and delimiter is None:
        # A text of few columns may hold more of another mark than of its own.
        known = (_sorted_out([grid], options)[0] for grid in source.grids_by_marks(exhibit))
        tables = next((found for found in known if found), [])
        refused = [] if tables else refused
    if not tables:
        if not refused:
            raise InputRefused(
                f"nothing here is known: {_contents(source)}",
                fix="export it as CSV, XLSX or JSON Lines",
            )
        raise refused[0][1]
    doubt = (str(source.doubt),) if source.doubt else ()
    return tables, doubt + tuple(
        f"the sheet {quoted(grid.name)} ({grid.exhibit}) is not read: {error.what}"
        for grid, error in refused
    )


def _sorted_out(
    grids: Iterable[Grid], options: ReadOptions
) -> tuple[list[_Table], list[tuple[Grid, InputRefused]]]:
    tables: list[_Table] = []
    refused: list[tuple[Grid, InputRefused]] = []
    for grid in grids:
        try:
            tables.append(_understood(grid, options))
        except InputRefused as error:
            refused.append((grid, error))
    return tables, refused


def _contents(source: Source) -> str:
    shown = ", ".join(quoted(name) for name in source.members[:5])
    return f"an archive of {len(source.members):,} files ({shown})"


def _understood(grid: Grid, options: ReadOptions) -> _Table:
    """Tell what a grid is: by the map, as one of the formats, or as a canonical table."""
    if options.map is not None:
        return _Table(_map_name(options.map), grid, _map_header(grid, options.map))
    best: _Table | None = None
    for form in _candidates(options):
        if not isinstance(form, TableFormat):
            continue
        header = form.layout.find(grid.head)
        if header is not None and (
            best is None
            or best.header is None
            or len(header.positions) > len(best.header.positions)
        ):
            best = _Table(form.name, grid, header.at, form, header)
    if best is not None:
        return best
    if options.format is not None and options.format not in TABLES:
        raise InputRefused(
            f"this is not in the format '{options.format}'", fix="leave out --as to let it be told"
        )
    return _canonical(grid, options.format)


def _canonical(grid: Grid, forced: str | None) -> _Table:
    """Find the header of a canonical table: in the first line, or below a few lines of title."""
    first = _first(grid)
    try:
        found = recognise(grid.head[first], forced)
    except InputRefused:
        for at in range(first + 1, len(grid.head)):
            with suppress(InputRefused):
                below = recognise(grid.head[at], forced)
                return _Table(below.table.name, grid, at, found=below)
        raise
    return _Table(found.table.name, grid, first, found=found)


def _first(grid: Grid) -> int:
    at = first_record(grid)
    if at is None:
        raise InputRefused("the file has no header line", fix="ask for the file again")
    return at


def _map_header(grid: Grid, given: TableMap) -> int:
    wanted = {header for headers in given.columns.values() for header in headers}
    for at, record in enumerate(grid.head):
        there = {cell.strip("\ufeff \t") for cell in record}
        if all(header in there or header.rpartition("#")[0] in there for header in wanted):
            return at
    return _first(grid)


def _sheets(table: _Table, source: Source) -> Iterator[Sheet]:
    about = {
        "file": source.name,
        "sheet": table.grid.name,
        "preamble": "\n".join(table.grid.delimiter.join(r) for r in table.grid.head[: table.at]),
    }
    tail = None
    if table.form is not None and table.header is not None and table.form.tail is not None:
        tail = table.header.positions.get(table.form.tail)
    quoting = table.form.quoting if table.form is not None else True
    return sheets_below(table.grid, table.at, about=about, quoting=quoting, tail=tail)


def _table_parts(
    tables: list[_Table], source: Source, options: ReadOptions, warnings: tuple[str, ...]
) -> Iterator[Piece]:
    for table in tables:
        for sheet in _sheets(table, source):
            for name, part, _ in _arranged(table, sheet, source, options):
                yield name, replace(part, warnings=part.warnings + warnings), sheet
                warnings = ()


def _arranged(table: _Table, sheet: Sheet, source: Source, options: ReadOptions) -> Iterator[Piece]:
    if options.map is not None:
        yield table.name, by_map(sheet, options.map, str(source.path)), sheet
    elif table.form is not None and table.header is not None:
        rows = table.form.layout.named(sheet.frame, table.header.positions)
        yield from _passed_on(table.form, table.form.arrange(rows, sheet), sheet)
    elif table.found is not None:
        yield table.name, canonical(sheet, table.found), sheet
