"""Guess a map for a file that no format and no table fits: columns told by name and by content.

The guess is a proposal that the officer reads and corrects; nothing is loaded by it unseen. Names
are compared with the words that real files use (banks' exports, FinBench, AMLSim, PaySim, POLE),
and what the cells hold decides between names that could mean several things.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Final

import polars as pl

from graphdb.errors import InputRefused
from graphdb.evidence.cells import cleaned, money
from graphdb.evidence.cutting import first_record
from graphdb.evidence.grid import Grid
from graphdb.evidence.layout import EMPTY
from graphdb.evidence.mapping import TableMap
from graphdb.evidence.source import Source
from graphdb.evidence.tables import TABLES, Table
from graphdb.evidence.times import time

_SAMPLE_ROWS: Final = 1000
_SHOWN: Final = 3
# Below this a name is no hint (RapidFuzz's ratio, 0 to 100).
_NEAR: Final = 84
_MOSTLY: Final = 0.9
_EPOCH_SECONDS: Final = (946_684_800, 4_102_444_800)  # the years 2000 to 2100
_DAY_FIRST: Final = r"^(\d{1,2})[/.\-](\d{1,2})[/.\-]\d{4}"
_CLOCK: Final = r"^\d{1,2}:\d{2}(?::\d{2})?$"

_BLOCKED: Final = frozenset({"is blocked", "blocked"})


@cache
def _words() -> Mapping[str, Mapping[str, Sequence[str]]]:
    text = resources.files(__package__).joinpath("guess_words.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@dataclass(frozen=True, slots=True)
class Guessed:
    """A column of the file: its header, some of its cells, what it may be, and why."""

    header: str
    samples: tuple[str, ...]
    column: str | None
    why: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """A map for a file, the columns that it rests on, and the required columns that are missing.

    ``open`` is what the file does not tell and the officer must say: ``platform``, ``zone``.
    """

    map: TableMap
    columns: tuple[Guessed, ...]
    missing: tuple[str, ...]
    open: tuple[str, ...] = ()


def propose_map(path: Path, table: str | None = None) -> Proposal:
    """Propose a map for the first table of a file; ``table`` is what the officer says it is.

    Raises:
        InputRefused: the file cannot be read, or has no header line with rows below it.
    """
    source = Source(path, path.name)
    grids = source.grids("E01")
    if not grids:
        raise InputRefused("there is no table in this file", where=str(path), fix="give a CSV")
    grid = grids[0]
    at = _header(grid)
    headers = _told_apart([cell.strip("\ufeff \t") for cell in grid.head[at]])
    cells = _sample(grid, at, len(headers))
    names = [table] if table is not None else list(_words())
    proposals = [_fitted(TABLES[name], headers, cells) for name in names if name in _words()]
    if not proposals:
        raise InputRefused(
            f"no map is guessed for the table '{table}'", fix=f"one of {', '.join(_words())}"
        )
    best = max(proposals, key=_fit)
    return replace(
        _with_marks(best, grid), open=_open(best.map, dict(zip(headers, cells, strict=True)))
    )


def _fit(one: Proposal) -> tuple[bool, float, int, int]:
    """Rank a proposal; of two that explain as much, the table that asks for more fits better."""
    asked = len(TABLES[one.map.table].required)
    return not one.missing, _explained(one), -len(one.missing), asked


def _open(given: TableMap, cells: Mapping[str, pl.Series]) -> tuple[str, ...]:
    """Say what the officer must add: the platform of bare numbers, the zone of bare times."""
    kinds = {column.name: column.kind for column in TABLES[given.table].columns}
    lacks = set()
    for name, headers in given.columns.items():
        kind = kinds.get(name, "account" if name in {"own", "other"} else "text")
        one = cells[headers[0]]
        if kind == "account" and not one.str.contains(r"^[A-Za-z][A-Za-z0-9_\-]*[:：]").all():
            lacks.add("platform")
        if kind == "time" and "unit" not in given.times.get(name, {}):
            joined = len(headers) > 1 or one.str.contains(_DAY_FIRST).any()
            if joined or time(one, None).value.null_count():
                lacks.add("zone")
    return tuple(sorted(lacks))


def _told_apart(headers: list[str]) -> list[str]:
    """Write the second of two equal headers as maps name it.

    >>> _told_apart(["Account", "Bank", "Account"])
    ['Account#1', 'Bank', 'Account#2']
    """
    return [
        f"{header}#{headers[: at + 1].count(header)}" if headers.count(header) > 1 else header
        for at, header in enumerate(headers)
    ]


def _explained(one: Proposal) -> float:
    return sum(guess.column is not None for guess in one.columns) - 2 * len(one.missing)


def _header(grid: Grid) -> int:
    """Find the header: the first record that is as wide as the widest of the head."""
    widths = [sum(bool(cell.strip()) for cell in record) for record in grid.head]
    first = first_record(grid)
    if first is None or len(grid.head) < first + 2:
        raise InputRefused(
            "there is no header line with rows below it", fix="ask for the file again"
        )
    return next((at for at, width in enumerate(widths) if width >= max(widths) - 1), first)


def _sample(grid: Grid, at: int, width: int) -> list[pl.Series]:
    chunk = next(grid.chunks(), pl.DataFrame())
    rows = chunk.filter(pl.col("row") > at + 1).head(_SAMPLE_ROWS)
    nothing = pl.Series([], dtype=pl.String)
    columns = (rows[f"c{n}"] if f"c{n}" in rows.columns else nothing for n in range(width))
    tidy = (cleaned(column) for column in columns)
    return [cells.set(cells.is_in(EMPTY), None).drop_nulls() for cells in tidy]


def _plain(header: str) -> str:
    """Write a header as words: ``tranTimestamp``, ``TRAN_TIMESTAMP`` are ``tran timestamp``."""
    text = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", header)
    return re.sub(r"[\s_\-.:()（）]+", " ", text).strip().lower()


def _fitted(table: Table, headers: Sequence[str], cells: Sequence[pl.Series]) -> Proposal:
    """Give each column of the table the header that fits best; each header serves once."""
    scores: list[tuple[float, str, int, str]] = []
    for name, words in _all_words(table).items():
        for at, header in enumerate(headers):
            score, word = _likeness(_plain(header), words)
            if score >= _NEAR and _may_hold(table, name, cells[at]):
                scores.append((score, name, at, word))
    columns: dict[str, tuple[str, ...]] = {}
    why: dict[int, tuple[str, str]] = {}
    for score, name, at, word in sorted(scores, key=lambda one: (-one[0], one[2])):
        if name not in columns and at not in why:
            columns[name] = (headers[at],)
            why[at] = (name, f"the name is like '{word}' ({score:.0f} of 100)")
    _settle(table, columns, why, headers)
    _join_clock(columns, why, headers, cells)
    given = TableMap(
        table.name,
        columns,
        values=_values(columns),
        times=_time_forms(columns, dict(zip(headers, cells, strict=True))),
    )
    guessed = tuple(
        Guessed(header, tuple(cells[at].head(_SHOWN)), *why.get(at, (None, "")))
        for at, header in enumerate(headers)
    )
    return Proposal(given, guessed, _missing(table, columns))


def _all_words(table: Table) -> dict[str, tuple[str, ...]]:
    known = {name: tuple(words) for name, words in _words()[table.name].items()}
    for column in table.columns:
        own = (column.name.replace("_", " "), *(alias.lower() for alias in column.aliases))
        known[column.name] = (*own, *known.get(column.name, ()))
    return known


def _likeness(header: str, words: Sequence[str]) -> tuple[float, str]:
    # Imported here, as it is seldom needed: every command would wait for it.
    from rapidfuzz import fuzz

    # Earlier words are the better ones, so that "account id" goes where it is the first word.
    scored = (
        (fuzz.token_sort_ratio(header, word) - at / 100, word) for at, word in enumerate(words)
    )
    return max(scored, default=(0.0, ""))


def _may_hold(table: Table, name: str, cells: pl.Series) -> bool:
    """Tell whether the cells can be what the column holds."""
    kind = next((column.kind for column in table.columns if column.name == name), "account")
    if name in {"amount_in", "amount_out"}:
        kind = "money"
    if name == "way":
        kind = "text"
    if cells.is_empty():
        return kind == "text"
    return _SHAPES[kind](cells)


def _is_money(cells: pl.Series) -> bool:
    currencies = pl.Series(["CNY"]).new_from_index(0, len(cells))
    good = money(cells.str.strip_chars("-+"), currencies).value.is_not_null()
    return int(good.sum()) >= _MOSTLY * len(cells)


def _is_time(cells: pl.Series) -> bool:
    good = time(cells, "UTC").value.is_not_null() | cells.str.contains(_DAY_FIRST)
    good |= cells.str.contains(_CLOCK) | cells.str.contains(r"^\d{1,13}$")
    return int(good.sum()) >= _MOSTLY * len(cells)


def _is_id(cells: pl.Series) -> bool:
    return int(cells.str.len_chars().le(64).sum()) >= _MOSTLY * len(cells)


def _is_text(cells: pl.Series) -> bool:
    return cells.dtype == pl.String


_SHAPES: Final = {
    "money": _is_money,
    "time": _is_time,
    "account": _is_id,
    "group": _is_id,
    "id": _is_id,
    "currency": _is_id,
    "text": _is_text,
}


def _settle(
    table: Table,
    columns: dict[str, tuple[str, ...]],
    why: dict[int, tuple[str, str]],
    headers: Sequence[str],
) -> None:
    """Keep either the two accounts of a transfer or the two sides of a statement, never both."""
    if table.name != "payments":
        return
    if {"from_account", "to_account"} <= set(columns):
        drop = {"own", "other", "way", "amount_in", "amount_out"}
    else:
        drop = {"from_account", "to_account"}
        if {"amount_in", "amount_out"} <= set(columns):
            drop |= {"amount", "way"}
        else:
            drop |= {"amount_in", "amount_out"}
    for name in drop & set(columns):
        del why[headers.index(columns.pop(name)[0])]


def _join_clock(
    columns: dict[str, tuple[str, ...]],
    why: dict[int, tuple[str, str]],
    headers: Sequence[str],
    cells: Sequence[pl.Series],
) -> None:
    """Join a column of days with the column of clock times beside it."""
    clocks = [at for at, one in enumerate(cells) if len(one) and one.str.contains(_CLOCK).all()]
    if "at" not in columns or not clocks:
        return
    (header,) = columns["at"]
    at = headers.index(header)
    if at in clocks:
        days = [n for n, one in enumerate(cells) if n not in clocks and _are_days(one)]
        if not days:
            return
        day, clock = days[0], at
    elif _are_days(cells[at]):
        free = [n for n in clocks if n not in why]
        if not free:
            return
        day, clock = at, free[0]
    else:
        return
    columns["at"] = (headers[day], headers[clock])
    why[day] = ("at", "days")
    why[clock] = ("at", "times of day, joined to the days")


def _are_days(cells: pl.Series) -> bool:
    days = r"^(?:\d{4}[/.\-年]\d{1,2}[/.\-月]\d{1,2}日?|\d{8}|\d{1,2}[/.\-]\d{1,2}[/.\-]\d{4})$"
    return bool(len(cells)) and bool(cells.str.contains(days).all())


def _values(columns: Mapping[str, tuple[str, ...]]) -> dict[str, dict[str, str]]:
    blocked = [c for c, names in columns.items() if c == "status" and _plain(names[0]) in _BLOCKED]
    words = {"true": "blocked", "false": "active", "1": "blocked", "0": "active"}
    return dict.fromkeys(blocked, words)


def _time_forms(
    columns: Mapping[str, tuple[str, ...]], cells: Mapping[str, pl.Series]
) -> dict[str, dict[str, str]]:
    """Say how times are written where the door cannot tell: day or month first, or counted."""
    forms: dict[str, dict[str, str]] = {}
    for name in {"at", "registered_at", "joined_at", "since"} & set(columns):
        one = cells[columns[name][0]]
        if one.str.contains(_DAY_FIRST).all() and len(one):
            first = one.str.extract(_DAY_FIRST, 1).cast(pl.Int64)
            second = one.str.extract(_DAY_FIRST, 2).cast(pl.Int64)
            is_month_first = bool((second > 12).any()) and not (first > 12).any()
            forms[name] = {"order": "month first" if is_month_first else "day first"}
        elif one.str.contains(r"^\d{1,13}$").all() and len(one):
            forms[name] = _counted(one)
    return {name: form for name, form in forms.items() if form}


def _counted(cells: pl.Series) -> dict[str, str]:
    largest = int(cells.cast(pl.Int64).max() or 0)  # type: ignore[arg-type]
    low, high = _EPOCH_SECONDS
    if low <= largest < high:
        return {"unit": "seconds", "start": "1970-01-01T00:00:00Z"}
    if low * 1000 <= largest < high * 1000:
        return {"unit": "milliseconds", "start": "1970-01-01T00:00:00Z"}
    if time(cells.head(_SHOWN), "UTC").value.null_count() == 0:
        return {}  # 20250301, 20250301100000
    # PaySim counts hours, AMLSim days, both from a start that the file does not name.
    return {"unit": "hours" if largest < 24 * 366 else "days", "start": "2000-01-01T00:00:00Z"}


def _missing(table: Table, columns: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    more: tuple[str, ...] = ()
    required = [c for c in table.columns if c.required and (table.name, c.name) != _NUMBERED]
    if table.name == "payments" and "own" in columns:
        required = [c for c in required if c.name not in {"from_account", "to_account"}]
        more = () if {"way", "amount_in"} & set(columns) else ("way",)
        more += () if "other" in columns else ("other",)
        if "amount_in" in columns:
            required = [c for c in required if c.name != "amount"]
    return (*(c.name for c in required if c.name not in columns), *more)


_NUMBERED: Final = ("payments", "payment")


def _with_marks(one: Proposal, grid: Grid) -> Proposal:
    mark = grid.delimiter if not grid.name and grid.delimiter != "," else None
    return replace(one, map=replace(one.map, delimiter=mark))
