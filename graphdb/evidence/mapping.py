"""The map: a small TOML by which any delimited file becomes a canonical table.

table = "payments"
delimiter = "|"            # optional, told by the file otherwise
encoding = "gb18030"       # optional
zone = "UTC"               # of times that name none
platform = "bank"          # of account numbers that name none
name = "core banking"      # optional
[columns]                  # canonical = "header in the file"
from_account = "fromId"
[constants]                # canonical = "the same value for every row"
currency = "CNY"
[values.status]            # "in the file" = "canonical"
true = "blocked"
"""

import codecs
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from graphdb.errors import InputRefused, quoted
from graphdb.evidence.tables import TABLES
from graphdb.evidence.times import zone_of

# A payment without a number of its own gets one from its content.
_DERIVED: Final = frozenset({("payments", "payment")})
_TEXTS: Final = ("table", "delimiter", "encoding", "zone", "platform", "name")
_PARTS: Final = ("columns", "constants", "values")


@dataclass(frozen=True, slots=True)
class TableMap:
    """How the columns of a file map to a canonical table."""

    table: str
    columns: Mapping[str, str]
    constants: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    delimiter: str | None = None
    encoding: str | None = None
    zone: str | None = None
    platform: str | None = None
    name: str | None = None


def read_map(path: Path) -> TableMap:
    """Read a map.

    Raises:
        InputRefused: it is missing, no TOML, or names something unknown.
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
        return _checked(about)
    except InputRefused as error:
        error.where = str(path)
        raise


def _checked(about: Mapping[str, Any]) -> TableMap:
    _allow(about, (*_TEXTS, *_PARTS), "the map has an unknown key")
    texts = {key: _text(about[key], key) for key in _TEXTS if key in about}
    columns, constants, values = (_part(about.get(key, {}), key) for key in _PARTS)
    if texts.get("table") not in TABLES:
        what = f"the map names an unknown table {quoted(texts.get('table', ''))}"
        raise InputRefused(what, fix=f"one of: {', '.join(TABLES)}")
    table = TABLES[texts["table"]]
    there = [*(column.name for column in table.columns), "platform"]
    for part in (columns, constants, values):
        _allow(part, there, f"the table '{table.name}' has no column")
    if twice := sorted(set(columns) & set(constants)):
        raise InputRefused(
            f"the map gives '{twice[0]}' both as a column and as a constant", fix="keep one of them"
        )
    for missing in sorted(table.required - {*columns, *constants}):
        if (table.name, missing) not in _DERIVED:
            raise InputRefused(
                f"the map gives no column '{missing}', which '{table.name}' requires",
                fix=f'add under [columns]: {missing} = "header in the file"',
            )
    _check_texts(texts)
    return TableMap(
        columns={key: _text(value, f"columns.{key}") for key, value in columns.items()},
        constants={key: _text(value, f"constants.{key}") for key, value in constants.items()},
        values={
            key: {
                written: _text(word, f"values.{key}.{written}")
                for written, word in _part(words, f"values.{key}").items()
            }
            for key, words in values.items()
        },
        **texts,
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


def _text(value: Any, key: str) -> str:
    if not isinstance(value, str):
        raise InputRefused(f"the value of '{key}' is no text: {quoted(value)}", fix='write "..."')
    return value


def _part(value: Any, key: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise InputRefused(f"'{key}' is no section: {quoted(value)}", fix=f"write it as [{key}]")
    return value
