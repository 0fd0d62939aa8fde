"""From a sheet of texts to a batch of typed rows, and the rows that do not fit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from hashlib import sha256
from typing import Final

import polars as pl

from graphdb.errors import InputRefused, quoted
from graphdb.evidence import cells
from graphdb.evidence.columns import recognise
from graphdb.evidence.mapping import TableMap
from graphdb.evidence.reading import Control, Sheet
from graphdb.evidence.tables import CURRENCIES, TABLES, Column, Table
from graphdb.model import Batch, Place, Reject

_FIXES: Final[Mapping[str, str]] = {
    "money": "write plain digits, e.g. 84000.00",
    "time": "write it as 2025-03-01 10:00:00, with a zone (+08:00) or --tz Asia/Shanghai",
    "account": "write platform:number, add a column 'platform', or give --platform wechat",
    "id": "export the column as text and add the file again",
}
_CONTENT_DIGITS: Final = 8


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


def typed(
    given: Canonical, platform: str | None, zone: tzinfo | None
) -> tuple[Batch, tuple[Control, ...]]:
    """Type the rows of a table; a row is rejected once, for its first problem."""
    table, frame = given.table, _with_currency(given)
    columns = [column for column in table.columns if column.name in frame.columns]
    named = _platform(frame, platform)
    out: dict[str, pl.Expr | pl.Series] = {}
    wrongs: list[tuple[str, pl.Expr | pl.Series, str]] = []
    rounded: dict[str, int] = {}
    for column in columns:
        name = column.name
        wrong: pl.Expr | pl.Series = pl.lit(None, dtype=pl.String)
        if column.kind == "money":
            minor, wrong, rounded[name] = cells.money(frame[name], frame["currency"])
            out[f"{name}_minor"] = minor
        elif column.kind == "time":
            out[name], wrong = cells.time(frame[name], zone)
        elif column.kind == "account":
            out[name], wrong = cells.account(name, named)
        elif column.kind in {"id", "group"}:
            out[name], wrong = cells.number(name)
        elif column.kind == "currency":
            out[name] = pl.col(name)
        else:
            out[name], wrong = _words(column)
        if column.required:
            missing = pl.when(cells.cleaned(pl.col(name)).is_null()).then(pl.lit(f"'{name}' is empty"))
            wrongs.append((name, missing, f"fill in '{name}'"))
        allowed = ", ".join(sorted(set(column.words.values())))
        wrongs.append((name, wrong, _FIXES.get(column.kind, f"write one of {allowed}")))
    marks = {f"wrong{at}": wrong for at, (_, wrong, _) in enumerate(wrongs)}
    work = frame.select("row", **out, **marks)
    if "group" in out and "account" in out:
        work = work.with_columns(group=_group(pl.col("group"), pl.col("account")))
    is_bad = pl.any_horizontal(pl.col([*marks]).is_not_null())
    rejects = _rejects(work.filter(is_bad), [*marks], wrongs, given.exhibit)
    good = work.filter(~is_bad).drop([*marks])
    warnings = given.warnings + _rounding(good, rounded)
    if table.name == "payments" and "payment" not in out:
        good = _numbered(good)
    batch = Batch(
        table.name,
        given.exhibit,
        good,
        read=frame.height + len(given.rejects),
        rejects=tuple(sorted((*given.rejects, *rejects), key=lambda reject: reject.where)),
        warnings=warnings,
    )
    return batch, _controls(given.table, frame)


def content_numbers(rows: pl.DataFrame, columns: list[str]) -> pl.Series:
    """Number rows by their own content: a digest, and a counter for rows that are all equal.

    The n-th of several equal rows has the same number in every export, so overlapping exports
    meet, while two equal payments of one file stay two.
    """
    text = rows.select(
        pl.concat_str(
            [pl.col(name).cast(pl.String).fill_null("") for name in columns], separator="\x1f"
        )
    ).to_series()
    digests = pl.Series(
        [sha256(line.encode()).hexdigest()[: 2 * _CONTENT_DIGITS] for line in text],
        dtype=pl.String,
    )
    nth = pl.DataFrame({"d": digests}).select(pl.int_range(1, pl.len() + 1).over("d")).to_series()
    return pl.select(
        pl.when(nth > 1).then(digests + "." + nth.cast(pl.String)).otherwise(digests)
    ).to_series()


def _with_currency(given: Canonical) -> pl.DataFrame:
    frame = given.frame
    names = {column.name for column in given.table.columns}
    if "currency" not in names:
        return frame
    if "currency" not in frame.columns:
        return frame.with_columns(currency=pl.lit("CNY"))
    code = cells.cleaned(pl.col("currency")).str.to_uppercase()
    return frame.with_columns(currency=code.replace(CURRENCIES).fill_null("CNY"))


def _platform(frame: pl.DataFrame, named: str | None) -> pl.Expr:
    fallback = pl.lit(named.lower() if named else None, dtype=pl.String)
    if "platform" not in frame.columns:
        return fallback
    return pl.coalesce(cells.cleaned(pl.col("platform")).str.to_lowercase(), fallback)


def _group(group: pl.Expr, account: pl.Expr) -> pl.Expr:
    own = account.str.splitn(":", 2).struct.field("field_0").str.to_lowercase() + "-group:" + group
    return pl.when(group.str.contains("^[A-Za-z]+-group:")).then(group).otherwise(own)


def _words(column: Column) -> tuple[pl.Expr, pl.Expr]:
    text = cells.cleaned(pl.col(column.name))
    no_complaint = pl.lit(None, dtype=pl.String)
    if not column.words:
        return pl.col(column.name).str.strip_chars().replace("", None), no_complaint
    word = text.replace({**column.words, **{w: w for w in column.words.values()}})
    lower = pl.when(text.str.to_lowercase().is_in([*column.words.values()])).then(
        text.str.to_lowercase()
    )
    word = pl.coalesce(lower, word)
    if not column.closed:
        return word, no_complaint
    known = word.is_in([*column.words.values()])
    what = pl.lit(f"unknown {column.name}: ") + cells.shown(text)
    return word, pl.when(text.is_not_null() & ~known).then(what)


def _rejects(
    bad: pl.DataFrame,
    marks: list[str],
    wrongs: Sequence[tuple[str, pl.Expr | pl.Series, str]],
    exhibit: str,
) -> tuple[Reject, ...]:
    rejects = []
    for row in bad.select("row", *marks).iter_rows():
        at = next(at for at, mark in enumerate(row[1:]) if mark is not None)
        column, _, fix = wrongs[at]
        rejects.append(Reject(Place(exhibit, row[0]), column, row[1 + at], fix))
    return tuple(rejects)


def _rounding(good: pl.DataFrame, rounded: Mapping[str, int]) -> tuple[str, ...]:
    return tuple(
        f"{count:,} values of '{name}' have more decimals than the currency and were rounded half "
        f"to even; the loaded rows add up to {good[f'{name}_minor'].sum():,} minor units, the sum "
        "as written stands in the controls"
        for name, count in rounded.items()
        if count
    )


def _numbered(good: pl.DataFrame) -> pl.DataFrame:
    columns = [
        n for n in ("from_account", "to_account", "amount_minor", "currency", "at") if n in good
    ]
    return good.with_columns(payment=content_numbers(good, columns))


def _controls(table: Table, frame: pl.DataFrame) -> tuple[Control, ...]:
    """Add up what the rows say, good and bad alike, exactly as written."""
    money = next((column.name for column in table.columns if column.kind == "money"), None)
    if table.name not in {"payments", "sales", "reports"} or money not in frame.columns:
        return ()
    return tuple(
        Control(table.name, str(code), part.height, cells.exact_sum(part[money]))
        for (code,), part in sorted(frame.group_by("currency"), key=lambda one: str(one[0]))
    )


def by_map(sheet: Sheet, given: TableMap, where: str) -> Canonical:
    """Give the columns of a sheet their canonical names as a map says."""
    headers = [header.strip() for header in sheet.headers]
    columns: list[pl.Expr] = []
    for name, header in given.columns.items():
        if header not in headers:
            raise InputRefused(
                f"the file has no column {quoted(header)}",
                where=where,
                fix=f"it has: {', '.join(headers)}; correct '{name}' in the map",
            )
        cell = pl.col(f"c{headers.index(header)}")
        if name in given.values:
            cell = cell.str.strip_chars().replace({**given.values[name]})
        columns.append(cell.alias(name))
    columns += [pl.lit(value).alias(name) for name, value in given.constants.items()]
    frame = sheet.frame.select("row", *columns)
    return Canonical(TABLES[given.table], frame, sheet.exhibit, sheet.rejects, sheet.warnings)
