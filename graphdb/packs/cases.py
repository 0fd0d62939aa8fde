"""The cases of a pack: small tables that are given, and the findings that are expected."""

import random
import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from graphdb.errors import InputRefused, quoted

# Rows of canonical tables as text cells, by table.
Tables = Mapping[str, Sequence[Mapping[str, str]]]
_KEYS: Final = frozenset({"name", "given", "expect", "innocent", "set", "near_miss"})
_NAMING: Final = frozenset(
    {
        *("account", "from_account", "to_account", "bound_account", "collects_at", "buyer"),
        *("invited_by", "device", "group", "seller", "person", "holder", "report", "payment"),
        *("sale", "names"),
    }
)


@dataclass(frozen=True, slots=True)
class PackCase:
    """What is given to a pack, with which parameters, and what it must find."""

    name: str
    given: Tables
    expect: tuple[Mapping[str, Any], ...]
    values: Mapping[str, str]
    innocent: str | None = None
    near_miss: bool = False


@dataclass(frozen=True, slots=True)
class PackCases:
    """All cases of a pack, and the keys it is known to hit in the city of innocents."""

    cases: tuple[PackCase, ...]
    city_hits: tuple[str, ...]


def read_cases(path: Path) -> PackCases:
    """Read a ``.test.toml``.

    Raises:
        InputRefused: it is missing or holds something unknown.
    """
    try:
        about = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise InputRefused(
            "the pack has no cases", where=str(path), fix="write one finding, one near miss"
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise InputRefused(f"the cases are no TOML: {error}", where=str(path)) from error
    cases = []
    for given in about.get("case", []):
        if unknown := set(given) - _KEYS:
            raise InputRefused(f"unknown key {quoted(sorted(unknown)[0])}", where=str(path))
        cases.append(
            PackCase(
                given["name"],
                {t: [_texts(row) for row in rows] for t, rows in given["given"].items()},
                tuple(given["expect"]),
                {name: _text(value) for name, value in given.get("set", {}).items()},
                given.get("innocent"),
                bool(given.get("near_miss", False)),
            )
        )
    return PackCases(tuple(cases), tuple(about.get("city", {}).get("hits", ())))


def shuffled(case: PackCase) -> PackCase:
    """Give the same rows in another order; the seed is fixed, so a failure can be seen again."""
    chance = random.Random(7)  # noqa: S311
    given: dict[str, Sequence[Mapping[str, str]]] = {}
    moved: dict[str, str] = {}
    for table, rows in case.given.items():
        order = chance.sample(range(len(rows)), len(rows))
        given[table] = [rows[old] for old in order]
        # The first row of a table stands in line 2, under the header.
        moved |= {f"{table}:{old + 2}": f"{table}:{new + 2}" for new, old in enumerate(order)}
    expect = tuple(
        {name: _each(lambda text: moved.get(text, text), cell) for name, cell in row.items()}
        for row in case.expect
    )
    return replace(case, given=given, expect=expect)


def renamed(case: PackCase) -> PackCase:
    """Give the same case with other names for every account, device, group, person and number."""
    naming = {
        part
        for rows in case.given.values()
        for row in rows
        for column, cell in row.items()
        if column in _NAMING
        for part in re.split(r"[;；]", cell)
    }
    new = {name: _other_name(name) for name in naming}
    ids = {name.partition(":")[2] or name for name in naming}
    given = {
        table: [
            {
                column: ";".join(new[part] for part in re.split(r"[;；]", cell))
                if column in _NAMING
                else cell
                for column, cell in row.items()
            }
            for row in rows
        ]
        for table, rows in case.given.items()
    }
    rename = _renaming(ids)
    return replace(
        case,
        given=given,
        expect=tuple({n: _each(rename, cell) for n, cell in row.items()} for row in case.expect),
        values={n: rename(v) if ":" in v else v for n, v in case.values.items()},
    )


def _other_name(name: str) -> str:
    prefix, colon, number = name.rpartition(":")
    return f"{prefix}{colon}z{number}"


def _renaming(numbers: set[str]) -> Callable[[str], str]:
    """Rename a whole id ``prefix:number`` (and composite ids ``a/b``) whose number is known."""

    def rename(text: str) -> str:
        prefix, colon, number = text.partition(":")
        if "/" in number and colon:
            parts = number.split("/")
            return f"{prefix}:" + "/".join(
                rename(part) if ":" in part else (f"z{part}" if part in numbers else part)
                for part in parts
            )
        if number in numbers:
            return f"{prefix}{colon}z{number}"
        return f"z{text}" if text in numbers else text

    return rename


def _each(rename: Callable[[str], str], cell: Any) -> Any:
    if isinstance(cell, str):
        return rename(cell)
    return [_each(rename, item) for item in cell] if isinstance(cell, list) else cell


def _texts(row: Mapping[str, Any]) -> dict[str, str]:
    return {name: _text(value) for name, value in row.items()}


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
