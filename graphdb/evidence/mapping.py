"""The map: a small TOML by which any delimited file or workbook becomes a canonical table.

table = "payments"
delimiter = "|"            # optional, told by the file otherwise
encoding = "gb18030"       # optional
zone = "UTC"               # of times that name none
platform = "bank"          # of account numbers that name none
name = "core banking"      # optional
[columns]                  # canonical = "header in the file", or several, joined by a blank
from_account = "fromId"
at = ["day", "hour"]
[constants]                # canonical = "the same value for every row"
currency = "CNY"
[values.status]            # "in the file" = "canonical"
true = "blocked"
[times.at]                 # how times are written, where it cannot be told
order = "day first"        # or "month first"
unit = "hours"             # or: numbers, counted in these units from start
start = "2025-01-01"

A statement names its own side and the other: ``own``, ``other`` and ``way`` (``in``, ``out``, or
the constant ``sign``: minus is out) stand for ``from_account`` and ``to_account``; ``amount_in``
and ``amount_out`` for ``way`` and ``amount``.
"""

import codecs
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final, TypeVar

from graphdb.errors import InputRefused, quoted
from graphdb.evidence.tables import TABLES
from graphdb.evidence.times import zone_of

_Made = TypeVar("_Made")

# A payment without a number of its own gets one from its content.
_DERIVED: Final = frozenset({("payments", "payment")})
_TEXTS: Final = ("table", "delimiter", "encoding", "zone", "platform", "name")
_PARTS: Final = ("columns", "constants", "values", "times")
ORDERS: Final = ("day first", "month first")
UNITS: Final = {"milliseconds": 1, "seconds": 1000, "minutes": 60_000, "hours": 3_600_000,
                "days": 86_400_000}  # fmt: skip
# What a statement says instead of canonical columns.
_OF_STATEMENTS: Final = ("own", "other", "way", "amount_in", "amount_out")
_STATED: Final[Mapping[str, frozenset[str]]] = {
    "from_account": frozenset({"own", "other"}),
    "to_account": frozenset({"own", "other"}),
    "amount": frozenset({"amount_in", "amount_out"}),
}


@dataclass(frozen=True, slots=True)
class TableMap:
    """How the columns of a file map to a canonical table."""

    table: str
    columns: Mapping[str, tuple[str, ...]]
    constants: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    times: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    delimiter: str | None = None
    encoding: str | None = None
    zone: str | None = None
    platform: str | None = None
    name: str | None = None


def map_from_record(record: Mapping[str, Any]) -> TableMap:
    """Read a map back from the plain form that the case log keeps."""
    columns = {name: _headers(given) for name, given in record["columns"].items()}
    return TableMap(**{**record, "columns": columns})


def read_map(path: Path) -> TableMap:
    """Read a map.

    Raises:
        InputRefused: it is missing, no TOML, or names something unknown.
    """
    return from_toml(path, checked)


def from_toml(path: Path, made: Callable[[Mapping[str, Any]], _Made]) -> _Made:
    """Make of a TOML file what it says; whatever is refused of it names the file.

    Raises:
        InputRefused: it is missing, no TOML, or what it says is refused.
    """
    try:
        about = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except tomllib.TOMLDecodeError as error:
        raise InputRefused(
            f"the map is no TOML: {error}", where=str(path), fix="correct that line"
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise InputRefused(
            f"the map cannot be read: {error}", where=str(path), fix="check the path"
        ) from error
    try:
        return made(about)
    except InputRefused as error:
        error.where = str(path)
        raise


def checked(about: Mapping[str, Any]) -> TableMap:
    """Make a map of what its TOML says; InputRefused if it says something unknown."""
    _allow(about, (*_TEXTS, *_PARTS), "the map has an unknown key")
    texts = {key: _text(about[key], key) for key in _TEXTS if key in about}
    columns, constants, values, times = (_part(about.get(key, {}), key) for key in _PARTS)
    if texts.get("table") not in TABLES:
        what = f"the map names an unknown table {quoted(texts.get('table', ''))}"
        raise InputRefused(what, fix=f"one of: {', '.join(TABLES)}")
    table = TABLES[texts["table"]]
    there = [*(column.name for column in table.columns), "platform"]
    if table.name == "payments":
        there += _OF_STATEMENTS
    for part in (columns, constants, values, times):
        _allow(part, there, f"the table '{table.name}' has no column")
    if twice := sorted(set(columns) & set(constants)):
        raise InputRefused(
            f"the map gives '{twice[0]}' both as a column and as a constant", fix="keep one of them"
        )
    for missing in sorted(table.required - {*columns, *constants}):
        stated = _STATED.get(missing, frozenset({missing})) <= {*columns, *constants}
        if (table.name, missing) not in _DERIVED and not stated:
            raise InputRefused(
                f"the map gives no column '{missing}', which '{table.name}' requires",
                fix=f'add under [columns]: {missing} = "header in the file"',
            )
    _check_texts(texts)
    _check_way(columns, constants)
    return TableMap(
        columns={key: _headers(value, f"columns.{key}") for key, value in columns.items()},
        constants={key: _text(value, f"constants.{key}") for key, value in constants.items()},
        values={
            key: {
                written: _text(word, f"values.{key}.{written}")
                for written, word in _part(words, f"values.{key}").items()
            }
            for key, words in values.items()
        },
        times={
            key: _time_form(_part(given, f"times.{key}"), f"times.{key}")
            for key, given in times.items()
        },
        **texts,
    )


def _time_form(given: Mapping[str, Any], key: str) -> Mapping[str, str]:
    _allow(given, ("order", "unit", "start"), f"'{key}' has an unknown key")
    form = {name: _text(value, f"{key}.{name}") for name, value in given.items()}
    for name, allowed in (("order", ORDERS), ("unit", (*UNITS,))):
        if name in form and form[name] not in allowed:
            raise InputRefused(
                f"'{key}.{name}' is {quoted(form[name])}", fix=f"one of: {', '.join(allowed)}"
            )
    if "unit" in form:
        try:
            datetime.fromisoformat(form.get("start", ""))
        except ValueError as error:
            raise InputRefused(
                f"'{key}' has a unit and no start that is a date",
                fix='add start = "1970-01-01T00:00:00Z", or when the count began',
            ) from error
    return form


def _check_way(columns: Mapping[str, Any], constants: Mapping[str, Any]) -> None:
    """A statement must say which way the money went."""
    given = {*columns, *constants}
    if "own" in given and not given & {"way", "amount_in", "amount_out"}:
        raise InputRefused(
            "the map names 'own' and 'other' and not the way of the money",
            fix='add way = "header" under [columns], or way = "sign" under [constants]',
        )


def _check_texts(texts: Mapping[str, str]) -> None:
    if "zone" in texts:
        zone_of(texts["zone"])
    mark = texts.get("delimiter", ",")
    if len(mark) != 1 or not mark.isascii() or mark in '"\r\n':
        raise InputRefused(f"the delimiter is not one ASCII character: {quoted(mark)}", fix='","')
    try:
        codecs.lookup(texts.get("encoding", "utf-8"))
    except LookupError as error:
        raise InputRefused(
            f"unknown encoding {quoted(texts['encoding'])}", fix="e.g. utf-8, gb18030, utf-16"
        ) from error


def _allow(given: Mapping[str, Any], allowed: Iterable[str], what: str) -> None:
    names = list(allowed)
    if unknown := sorted(set(given) - set(names)):
        raise InputRefused(f"{what} {quoted(unknown[0])}", fix=f"one of: {', '.join(names)}")


def _headers(value: Any, key: str = "columns") -> tuple[str, ...]:
    if isinstance(value, list | tuple) and value:
        return tuple(_text(one, key) for one in value)
    return (_text(value, key),)


def _text(value: Any, key: str) -> str:
    if not isinstance(value, str):
        raise InputRefused(f"the value of '{key}' is no text: {quoted(value)}", fix='write "..."')
    return value


def _part(value: Any, key: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise InputRefused(f"'{key}' is no section: {quoted(value)}", fix=f"write it as [{key}]")
    return value
