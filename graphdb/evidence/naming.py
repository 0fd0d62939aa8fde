"""Naming: the columns of a sheet get their canonical names, by recognition or by a map."""

import polars as pl

from graphdb.errors import InputRefused, quoted
from graphdb.evidence.cells import cleaned
from graphdb.evidence.columns import Recognised
from graphdb.evidence.format import Part, Sheet
from graphdb.evidence.mapping import TableMap


def canonical(sheet: Sheet, found: Recognised) -> Part:
    """Give the columns of a sheet that is a canonical table their canonical names."""
    names = {f"c{at}": name for name, at in found.positions.items()}
    if found.platform is not None:
        names[f"c{found.platform}"] = "platform"
    warnings = sheet.warnings
    if found.unused:
        shown = ", ".join(quoted(header) for header in found.unused)
        warnings += (f"columns not used: {shown}",)
    frame = sheet.frame.select("row", *names).rename(names)
    headers = {name: sheet.headers[at] for name, at in found.positions.items()}
    return Part(found.table.name, frame, rejects=sheet.rejects, warnings=warnings, headers=headers)


def by_map(sheet: Sheet, given: TableMap, where: str) -> Part:
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
    return Part(
        given.table, frame, rejects=sheet.rejects, warnings=sheet.warnings, headers=given.columns
    )
