"""Naming: the columns of a sheet get their canonical names, by recognition or by a map."""

from dataclasses import dataclass

import polars as pl

from graphdb.errors import InputRefused, quoted
from graphdb.evidence.cells import cleaned
from graphdb.evidence.columns import recognise
from graphdb.evidence.mapping import TableMap
from graphdb.evidence.reading import Sheet
from graphdb.evidence.tables import TABLES, Table
from graphdb.model import Reject


@dataclass(frozen=True, slots=True)
class Canonical:
    """Rows under canonical names, still text; ``platform`` may be a column of its own."""

    table: Table
    frame: pl.DataFrame
    exhibit: str
    rejects: tuple[Reject, ...]
    warnings: tuple[str, ...]


def canonical(sheet: Sheet, forced: str | None) -> Canonical:
    """Recognise the table of a sheet and give its columns their canonical names."""
    found = recognise(sheet.headers, forced)
    names = {f"c{at}": name for name, at in found.positions.items()}
    if found.platform is not None:
        names[f"c{found.platform}"] = "platform"
    warnings = sheet.warnings
    if found.unused:
        shown = ", ".join(quoted(header) for header in found.unused)
        warnings += (f"columns not used: {shown}",)
    frame = sheet.frame.select("row", *names).rename(names)
    return Canonical(found.table, frame, sheet.exhibit, sheet.rejects, warnings)


def by_map(sheet: Sheet, given: TableMap, where: str) -> Canonical:
    """Give the columns of a sheet their canonical names as a map says."""
    headers = cleaned(pl.Series(sheet.headers, dtype=pl.String)).fill_null("").to_list()
    columns: list[pl.Expr] = []
    for name, header in given.columns.items():
        if headers.count(header) != 1:
            times = f"{headers.count(header)} columns" if header in headers else "no column"
            raise InputRefused(
                f"the file has {times} {quoted(header)}",
                where=where,
                fix=f"it has: {', '.join(map(quoted, headers))}; correct '{name}' in the map",
            )
        cell = pl.col(f"c{headers.index(header)}")
        if name in given.values:
            cell = cell.str.strip_chars().replace({**given.values[name]})
        columns.append(cell.alias(name))
    columns += [pl.lit(value).alias(name) for name, value in given.constants.items()]
    frame = sheet.frame.select("row", *columns)
    return Canonical(TABLES[given.table], frame, sheet.exhibit, sheet.rejects, sheet.warnings)
