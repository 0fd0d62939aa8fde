"""The cases of a pack: small tables that are given, and the findings that are expected."""

import random
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
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
# Columns of an answer that quote what was written.
_WRITTEN: Final = frozenset({"template", "templates"})


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


def renamed(case: PackCase, number: int = 0) -> PackCase:
    """Give the same case with other names for everything, so that two cases share nothing.

    ``number`` tells the cases of one graph apart: accounts, devices, groups, persons, addresses,
    telephone numbers and what was written all get other names.
    """
    tag = _letters(number)
    cells = [
        (column, cell)
        for rows in case.given.values()
        for row in rows
        for column, cell in row.items()
    ]
    named = {part for column, cell in cells if column in _NAMING for part in _parts(cell)}
    other = {name: _other_name(name, tag) for name in named if name}
    addresses = _numbered((c for n, c in cells if n == "ip" and c), f"2001:db8:{number:x}:{{}}::1")
    # The first seven digits of a mobile number name its carrier and place: they stay shared.
    blocks = _numbered(
        (c[:10] for n, c in cells if n == "phone" and c), f"+861{number:04d}{{:02d}}"
    )

    def cell(column: str, text: str) -> str:
        if column in _NAMING:
            return ";".join(other.get(part, part) for part in _parts(text))
        if column == "ip":
            return addresses.get(text, text)
        if column == "phone" and text:
            return blocks[text[:10]] + text[10:]
        return f"{text} {tag}" if column == "text" else text

    given = {
        table: [{column: cell(column, text) for column, text in row.items()} for row in rows]
        for table, rows in case.given.items()
    }
    numbers = {name.partition(":")[2] or name for name in named}

    def rename(text: str) -> str:
        """Rename each whole id ``prefix:number`` (and composite ids ``a/b``) in a text."""
        return " ".join(word(part) for part in text.split(" "))

    def word(text: str) -> str:
        prefix, colon, own = text.partition(":")
        if not colon:
            return text
        if prefix == "ip":
            return f"ip:{addresses.get(own, own)}"
        if prefix == "phone":
            return f"phone:{blocks[own[:10]]}{own[10:]}" if own[:10] in blocks else text
        if "/" in own:
            return f"{prefix}:" + "/".join(
                word(part) if ":" in part else (f"{tag}{part}" if part in numbers else part)
                for part in own.split("/")
            )
        return f"{prefix}:{tag}{own}" if own in numbers else text

    expect = [
        {
            n: _each(lambda t: f"{t} {tag}", c) if n in _WRITTEN else _each(rename, c)
            for n, c in row.items()
        }
        for row in case.expect
    ]
    values = {n: rename(v) for n, v in case.values.items()}
    return replace(case, given=given, expect=tuple(expect), values=values)


def _parts(cell: str) -> list[str]:
    return re.split(r"[;；]", cell)


def _letters(number: int) -> str:
    """Give a tag without digits (templates of texts have none)."""
    return "z" + "".join(chr(ord("a") + int(digit)) for digit in str(number)) + "z"


def _numbered(texts: Iterable[str], form: str) -> dict[str, str]:
    return {text: form.format(at) for at, text in enumerate(dict.fromkeys(texts), start=1)}


def _other_name(name: str, tag: str) -> str:
    prefix, colon, number = name.rpartition(":")
    return f"{prefix}{colon}{tag}{number}"


def _each(rename: Callable[[str], str], cell: Any) -> Any:
    if isinstance(cell, str):
        return rename(cell)
    return [_each(rename, item) for item in cell] if isinstance(cell, list) else cell


def _texts(row: Mapping[str, Any]) -> dict[str, str]:
    return {name: _text(value) for name, value in row.items()}


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
