"""A pack as a reader sees it: its pattern drawn as text, and a run of it as an example."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from graphdb.packs.cases import Tables, read_cases
from graphdb.packs.front import Pack
from graphdb.packs.text import bare

_MATCH: Final = re.compile(
    r"(?P<how>OPTIONAL MATCH|(?:NOT EXISTS|EXISTS|COUNT)\s*\{\s*MATCH|MATCH)\s+"
    r"(?P<pattern>\(.*?)"
    r"(?=\}|\b(?:WHERE|WITH|RETURN|MATCH|OPTIONAL|UNWIND|CALL|UNION|ORDER)\b|\Z)",
    re.DOTALL,
)
_PART: Final = re.compile(
    r"\((?P<node>[^()]*)\)|(?P<left><)?-(?:\[(?P<link>[^\]]*)\])?-(?P<right>>)?"
)
_WORDS: Final = {
    "OPTIONAL MATCH": "perhaps ",
    "NOT": "without ",
    "EXISTS": "if ",
    "COUNT": "count ",
}


@dataclass(frozen=True, slots=True)
class Example:
    """A case that has a finding: what is given, with which values, and what is found."""

    name: str
    given: Tables
    values: Mapping[str, str]
    found: tuple[Mapping[str, Any], ...]


def pattern_of(pack: Pack) -> tuple[str, ...]:
    r"""Draw what a pack matches, one line for each pattern, in the order of the query.

    >>> from types import SimpleNamespace
    >>> text = "MATCH (a:Account)<-[:OF]-(:Sale) OPTIONAL MATCH (a)-[l:LOGGED_IN_ON]->(d) RETURN a"
    >>> print("\n".join(pattern_of(SimpleNamespace(text=text))))
    a:Account ◀──OF── Sale
    perhaps a ──LOGGED_IN_ON──▶ d
    """
    lines = (
        _how(match["how"]) + "".join(_parts(path))
        for match in _MATCH.finditer(bare(pack.text))
        for path in _paths(match["pattern"])
    )
    return tuple(dict.fromkeys(lines))


def example_of(pack: Pack) -> Example:
    """Give the first case of a pack that has a finding; `packs test` proves it.

    Raises:
        InputRefused: the pack has no cases.
    """
    cases = read_cases(pack.path.with_suffix(".test.toml")).cases
    case = next((one for one in cases if one.expect), cases[0])
    return Example(case.name, case.given, case.values, case.expect)


def _how(words: str) -> str:
    return next((said for begins, said in _WORDS.items() if words.startswith(begins)), "")


def _paths(pattern: str) -> Iterator[str]:
    """Cut ``(a)-[:X]->(b), (c)`` at the commas between paths."""
    yield from re.split(r",\s*(?=\()", re.sub(r"\s+", " ", pattern).strip().rstrip(","))


def _parts(path: str) -> Iterator[str]:
    for part in _PART.finditer(path):
        if part["node"] is not None:
            inner = re.sub(r"\s*\{.*", "", part["node"]).strip()
            yield inner.removeprefix(":") or "any"
            continue
        type_ = re.sub(r"^\w*\s*:?\s*", "", part["link"] or "", count=1)
        yield f" {'◀' if part['left'] else ''}──{type_ or 'any'}──{'▶' if part['right'] else ''} "
