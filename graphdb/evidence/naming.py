"""Naming: the columns of a sheet get their canonical names, by recognition or by a map."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

import polars as pl

from graphdb.errors import InputRefused, quoted
from graphdb.evidence.cells import cleaned
from graphdb.evidence.columns import Recognised
from graphdb.evidence.format import Part, Sheet
from graphdb.evidence.mapping import UNITS, TableMap
from graphdb.evidence.sides import directed, here_only

_DAY: Final = r"^(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})(.*)$"
_COUNT: Final = r"^(-?\d{1,15})(?:\.0*)?$"
_NOTHING: Final = r"^[-+]?0*(?:\.0*)?$"


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
    for name, wanted in given.columns.items():
        cells = [pl.col(f"c{_position(header, headers, name, where)}") for header in wanted]
        cell = cells[0]
        if len(cells) > 1:
            stripped = [one.str.strip_chars() for one in cells]
            cell = pl.concat_str(stripped, separator=" ", ignore_nulls=True)
        if name in given.times:
            cell = _time(cell.str.strip_chars(), given.times[name])
        if name in given.values:
            cell = cell.str.strip_chars().replace({**given.values[name]})
        columns.append(cell.alias(name))
    columns += [pl.lit(value).alias(name) for name, value in given.constants.items()]
    frame = _statement(sheet.frame.select("row", *columns))
    written = {name: " ".join(wanted) for name, wanted in given.columns.items()}
    return Part(given.table, frame, rejects=sheet.rejects, warnings=sheet.warnings, headers=written)


def _position(header: str, headers: list[str], name: str, where: str) -> int:
    text, _, nth = header.rpartition("#")
    # "Account#2" is the second column of that name, unless one is really called so.
    if header not in headers and nth.isdecimal() and 1 <= int(nth) <= headers.count(text):
        return [at for at, one in enumerate(headers) if one == text][int(nth) - 1]
    if headers.count(header) != 1:
        times = f"{headers.count(header)} columns" if header in headers else "no column"
        raise InputRefused(
            f"the file has {times} {quoted(header)}",
            where=where,
            fix=f"it has: {', '.join(map(quoted, headers))}; correct '{name}' in the map "
            "(the second of two equal ones is written with #2 behind it)",
        )
    return headers.index(header)


def _time(cell: pl.Expr, form: Mapping[str, str]) -> pl.Expr:
    """Write times as ISO 8601 that a file writes in the order of its country or counts."""
    if "order" in form:
        after = "${3}-${2}-${1}${4}" if form["order"] == "day first" else "${3}-${1}-${2}${4}"
        cell = cell.str.replace(_DAY, after)
    if "unit" not in form:
        return cell
    start = datetime.fromisoformat(form["start"])
    count = cell.str.extract(_COUNT).cast(pl.Int64, strict=False) * UNITS[form["unit"]]
    moment = pl.lit(start.replace(tzinfo=None)).cast(pl.Datetime("ms")) + count.cast(
        pl.Duration("ms")
    )
    zone = start.strftime("%z")
    return pl.coalesce(moment.dt.strftime("%Y-%m-%dT%H:%M:%S%.3f" + zone), cell)


def _statement(frame: pl.DataFrame) -> pl.DataFrame:
    """Turn a statement's own side, other side and way into who paid whom."""
    if {"amount_in", "amount_out"} & set(frame.columns):
        inward, outward = (
            cleaned(frame[name]) if name in frame.columns else pl.Series([None], dtype=pl.String)
            for name in ("amount_in", "amount_out")
        )
        came = inward.is_not_null() & ~inward.str.contains(_NOTHING).fill_null(value=True)
        frame = frame.with_columns(
            amount=pl.when(came).then(inward).otherwise(outward),
            way=pl.when(came).then(pl.lit("in")).otherwise(pl.lit("out")),
        ).drop("amount_in", "amount_out", strict=False)
    if "own" not in frame.columns:
        return frame
    way = pl.col("way").str.strip_chars().str.to_lowercase()
    amount = pl.col("amount").str.strip_chars()
    minus = amount.str.starts_with("-")
    way = pl.when(way == "sign").then(pl.when(minus).then(pl.lit("out")).otherwise(pl.lit("in")))
    way = way.otherwise(pl.col("way").str.strip_chars().str.to_lowercase())
    frame = frame.with_columns(way=way, amount=amount.str.strip_prefix("-").str.strip_prefix("+"))
    own = pl.col("own").str.strip_chars()
    other = pl.col("other").str.strip_chars().replace("", None)
    known = pl.col("way").is_in(["in", "out"])
    sides = directed(own, pl.coalesce(other, here_only(own, other)), pl.col("way") == "in")
    # A row that does not say which way is rejected, with an empty side.
    return frame.with_columns(
        pl.when(known).then(side).alias(name) for name, side in sides.items()
    ).drop("own", "other")
