"""Headers: which canonical column a header names, and which table a file is."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from graphdb.errors import InputRefused, quoted
from graphdb.evidence.tables import TABLES, Table

# Zero-width, direction and byte-order characters that exports leave in cells.
INVISIBLE: Final = "[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
_MORE_THAN_HALF: Final = 0.5
_NEAR_SHOWN: Final = 3


@dataclass(frozen=True, slots=True)
class Recognised:
    """The table that a file is, its canonical columns by position, and the headers not used."""

    table: Table
    positions: Mapping[str, int]
    platform: int | None
    unused: tuple[str, ...]


def plain(header: str) -> str:
    r"""Write a header in its plain form.

    >>> plain("\ufeff From-Account\t")
    'from_account'
    """
    text = re.sub(INVISIBLE, "", header).strip().lower()
    text = text.replace("（", "(").replace("）", ")")
    return re.sub(r"[\s\-]+", "_", text)


def positions_of(table: Table, headers: Sequence[str]) -> dict[str, int]:
    """Find the canonical columns of a table among headers; the first of two equal ones counts."""
    written = [plain(header) for header in headers]
    found: dict[str, int] = {}
    for column in table.columns:
        for form in (column.name, *(plain(alias) for alias in column.aliases)):
            if form in written:
                found[column.name] = written.index(form)
                break
    return found


def recognise(headers: Sequence[str], forced: str | None = None) -> Recognised:
    """Tell by its headers which canonical table a file is.

    All required columns must be there, and the table must explain more than half of the file's
    columns, so that a stranger's file with a column 'account' is not taken for accounts.

    >>> recognise(["账号", "设备", "登录时间"]).table.name
    'logins'

    Raises:
        InputRefused: no table fits (the near ones are named), two fit equally well, or a column
            that counts stands there twice.
    """
    written = [header for header in headers if header.strip()]
    fits: list[tuple[tuple[int, int], str]] = []
    for name, table in TABLES.items():
        if forced is not None and name != forced:
            continue
        found = positions_of(table, headers)
        explained = len(found) + (_platform(headers) is not None)
        if _has_all(table, found) and (
            forced is not None or explained > _MORE_THAN_HALF * len(written)
        ):
            # Of two that explain as much, the table that lacks the least fits better.
            fits.append(((len(found), -len(table.columns)), name))
    if not fits:
        raise _unknown(headers, forced)
    best = max(score for score, _ in fits)
    names = [name for score, name in fits if score == best]
    if len(names) > 1:
        raise InputRefused(
            f"the columns fit several tables: {', '.join(names)}",
            fix=f"say which one: --as {names[0]}",
        )
    table = TABLES[names[0]]
    positions = positions_of(table, headers)
    _refuse_doubles(headers, positions)
    used = {*positions.values(), _platform(headers)}
    unused = tuple(h for at, h in enumerate(headers) if at not in used and h.strip())
    return Recognised(table, positions, _platform(headers), unused)


def _has_all(table: Table, found: Mapping[str, int]) -> bool:
    return table.required <= set(found) and (not table.told_by or bool(table.told_by & set(found)))


def _platform(headers: Sequence[str]) -> int | None:
    written = [plain(header) for header in headers]
    return next((written.index(form) for form in ("platform", "平台") if form in written), None)


def _refuse_doubles(headers: Sequence[str], positions: Mapping[str, int]) -> None:
    written = [plain(header) for header in headers]
    for at in positions.values():
        if written.count(written[at]) > 1:
            raise InputRefused(
                f"the column {quoted(headers[at])} is there {written.count(written[at])} times",
                fix="rename the one that does not count in a copy of the file",
            )


def _unknown(headers: Sequence[str], forced: str | None) -> InputRefused:
    near = []
    for name, table in TABLES.items():
        found = positions_of(table, headers)
        missing = sorted(table.required - set(found))
        if table.told_by and not table.told_by & set(found):
            missing.append(" or ".join(sorted(table.told_by)))
        if found and forced in (None, name):
            near.append((len(missing), -len(found), name, missing))
    shown = ", ".join(quoted(header) for header in headers[:8])
    what = f"the columns are those of no table: {shown}"
    if forced is not None:
        what = f"the columns are not those of the table '{forced}': {shown}"
    lines = [
        f"{name} lacks {', '.join(missing)}" if missing else f"{name} explains too few columns"
        for _, _, name, missing in sorted(near)[:_NEAR_SHOWN]
    ]
    near_ones = f"near: {'; '.join(lines)}. " if lines else ""
    fix = "Rename the columns as in docs/tables.md, or give a map: --map FILE"
    return InputRefused(what, fix=near_ones + fix)
