"""The map: a small TOML by which any delimited file becomes a canonical table.

table = "payments"
delimiter = "|"            # optional, told by the file otherwise
encoding = "gb18030"       # optional
zone = "UTC"               # of times that name none
platform = "bank"          # of account numbers that name none
[columns]                  # canonical = "header in the file"
from_account = "fromId"
[constants]                # canonical = "the same value for every row"
currency = "CNY"
[values.status]            # "in the file" = "canonical"
true = "blocked"
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Final

from graphdb.errors import InputRefused, quoted
from graphdb.evidence.tables import TABLES

# A payment without a number of its own gets one from its content.
_DERIVED: Final = frozenset({("payments", "payment")})


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
    except (OSError, UnicodeDecodeError) as error:
        raise InputRefused(f"the map cannot be read: {error}", where=str(path)) from error
    except tomllib.TOMLDecodeError as error:
        raise InputRefused(f"the map is no TOML: {error}", where=str(path)) from error
    return checked(about, str(path))


def checked(about: Mapping[str, Any], where: str) -> TableMap:
    """Check the content of a map."""
    known = {one.name for one in fields(TableMap)}
    if unknown := sorted(set(about) - known):
        raise _wrong(where, f"the map has an unknown key {quoted(unknown[0])}", ", ".join(known))
    name = about.get("table")
    if name not in TABLES:
        raise _wrong(where, f"the map names an unknown table {quoted(name)}", ", ".join(TABLES))
    table = TABLES[str(name)]
    columns, constants = about.get("columns", {}), about.get("constants", {})
    there = [column.name for column in table.columns]
    for part in (columns, constants, about.get("values", {})):
        if unknown := sorted(set(part) - set(there)):
            what = f"the table '{table.name}' has no column {quoted(unknown[0])}"
            raise _wrong(where, what, ", ".join(there))
    given = {*columns, *constants}
    missing = [
        column for column in sorted(table.required - given) if (table.name, column) not in _DERIVED
    ]
    if missing:
        raise _wrong(
            where, f"the map gives no column {quoted(missing[0])}", f"{missing[0]} = '...'"
        )
    values = {c: {str(k): str(v) for k, v in m.items()} for c, m in about.get("values", {}).items()}
    texts = {
        n: str(about[n])
        for n in ("delimiter", "encoding", "zone", "platform", "name")
        if n in about
    }
    return TableMap(
        table.name,
        {c: str(h) for c, h in columns.items()},
        {c: str(v) for c, v in constants.items()},
        values,
        **texts,
    )


def _wrong(where: str, what: str, allowed: str) -> InputRefused:
    return InputRefused(what, where=where, fix=f"allowed here: {allowed}")
