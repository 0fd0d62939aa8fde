"""The graph map: a small TOML by which a graph that somebody has already becomes canonical tables.

[[tables]]
table = "payments"
match = "(a:Account)-[:MADE]->(t:Transfer)-[:TO]->(b:Account)"
where = "t.cancelled IS NULL"     # optional
name = "transfers of the old system"  # optional
[tables.columns]                  # canonical = "variable.property", or id(variable)
payment = "t.number"
from_account = "a.iban"
to_account = "b.iban"
amount = "t.sum"
at = "t.when"
[tables.constants]                # and [tables.values], [tables.times], zone, platform: as in a map
currency = "EUR"

The rows that a pattern finds are written into a file as the graph has them, and that file is
evidence like any other: it is read by the rest of the same map.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from graphdb.errors import InputRefused, quoted
from graphdb.evidence.mapping import TableMap, checked, from_toml

# A pattern is no statement: what would read files or addresses, or write, has no place in it.
_CLAUSE: Final = re.compile(
    r"(?<![:.|&!`\w])(?:CALL|CREATE|MERGE|DELETE|DETACH|SET|REMOVE|FOREACH|LOAD|USE|UNION|UNWIND|"
    r"WITH|RETURN|MATCH|YIELD|FINISH|INSERT)\b|;|//|/\*",
    re.IGNORECASE,
)
_TEXT: Final = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|`(?:[^`]|``)*`")
_PROPERTY: Final = re.compile(r"([^\W\d]\w*)\.(.+)")
_ID: Final = re.compile(r"(?:id|elementId)\([^\W\d]\w*\)")


@dataclass(frozen=True, slots=True)
class GraphTable:
    """What is asked of a graph, the headers of its answer, and how that is read."""

    query: str
    headers: tuple[str, ...]
    map: TableMap

    @property
    def name(self) -> str:
        """What the table is called in files and reports."""
        return self.map.name or self.map.table


def read_graph_map(path: Path) -> tuple[GraphTable, ...]:
    """Read a map of a graph.

    Raises:
        InputRefused: it is missing, no TOML, or names something unknown.
    """
    return from_toml(path, lambda about: tuple(_tables(about)))


def _tables(about: Mapping[str, Any]) -> Iterator[GraphTable]:
    tables = about.get("tables")
    if not isinstance(tables, list) or not tables or set(about) != {"tables"}:
        raise InputRefused(
            "the map of a graph holds [[tables]] and nothing else",
            fix="write [[tables]] before each table (docs/py2neo.md)",
        )
    for given in tables:
        rest = {key: value for key, value in given.items() if key not in ("match", "where")}
        map_ = checked(rest)
        if map_.delimiter or map_.encoding:
            raise InputRefused("a graph has no delimiter and no encoding", fix="leave them out")
        headers = tuple(dict.fromkeys(h for names in map_.columns.values() for h in names))
        yield GraphTable(_query(given, headers), headers, map_)


def _query(given: Mapping[str, Any], headers: tuple[str, ...]) -> str:
    match = _pattern(given.get("match"), "match")
    where = f" WHERE {_pattern(given['where'], 'where')}" if "where" in given else ""
    returned = ", ".join(f"{_cell(header)} AS c{at}" for at, header in enumerate(headers))
    return f"MATCH {match}{where} RETURN {returned}"


def _pattern(text: object, key: str) -> str:
    if not isinstance(text, str) or not text.strip():
        raise InputRefused(
            f"the map gives no '{key}'", fix=f'{key} = "(a:Account)-[:MADE]->(t:Transfer)"'
        )
    if found := _CLAUSE.search(_TEXT.sub("''", text)):
        raise InputRefused(
            f"'{key}' is more than a pattern: {quoted(found[0])}",
            fix="write the pattern alone; a name like that goes into backticks",
        )
    return text.strip()


def _cell(header: str) -> str:
    """Write a column of a map as Cypher; its property may have any name.

    >>> _cell("p.given name"), _cell("id(p)")
    ('p.`given name`', 'id(p)')
    """
    if _ID.fullmatch(header):
        return header
    found = _PROPERTY.fullmatch(header)
    if found is None:
        raise InputRefused(
            f"{quoted(header)} is no property of a variable", fix='e.g. "t.number", or "id(t)"'
        )
    return f"{found[1]}.`{found[2].replace('`', '``')}`"
