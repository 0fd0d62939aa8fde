"""What can be told from a pack's Cypher without running it."""

import re
from typing import Final

from graphdb.packs.front import Pack, line_of

_STRING: Final = re.compile(r"'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\"")
_COMMENT: Final = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)
_PARAMETER: Final = re.compile(r"\$([A-Za-z_]\w*)")
_NODE: Final = re.compile(r"\(\s*\w*\s*:\s*(\w+(?:\s*\|\s*\w+)*)")
_LINK: Final = re.compile(r"\[\s*\w*\s*:\s*(\w+(?:\s*\|\s*:?\w+)*)")
_CLAUSE: Final = re.compile(
    r"\b(OPTIONAL MATCH|MATCH|WHERE|WITH|RETURN|UNION ALL|UNION|UNWIND|CALL|ORDER BY)\b"
)

# What the two engines do not share, or what a pack may not do, and what to write instead.
_WRITES: Final = r"(?i)\b(CREATE|MERGE|DELETE|DETACH|SET|REMOVE|DROP|FOREACH)\b"
_LEAVES: Final = r"(?i)\bLOAD\s+CSV\b|\b(apoc|gds|dbms|db)\s*\.|\bCALL\s+[\w`.]+"
_FORBIDDEN: Final = (
    (_WRITES, "a pack may not write"),
    (_LEAVES, "files and procedures are adapter code, not packs"),
    (r"\bUSE\s|\bSHOW\b|\bIN\s+TRANSACTIONS\b", "not in the common subset"),
    (r"\bLIMIT\b", "a pack may not cut its answer; the caller cuts, and says so"),
    (r"\bSHORTEST\b|\)\s*\{\d*,?\d*\}|\)\s*\+\s*\(", "write *1..k with bounds and predicates"),
    (r"\*(?!\s*\d+\s*\.\.\s*\d)(?=\s*(\.\.|\]))|\*\s*\d+\s*\.\.\s*\]", "bound it: *1..k"),
    (r"\bCOLLECT\s*\{", "write CALL (x) { ... RETURN collect(..) }"),
    (r"\b(properties|keys|id|elementId)\s*\(|\.\*", "name the properties one by one"),
    (r"\.(name|title|type)\b", "no property of ours has that name; an engine invents it"),
    (r"\b(percentileCont|percentileDisc|toIntegerOrNull|epochMillis)\b", "compute it at load"),
    (r"\bsum\s*\(\s*DISTINCT\b", "equal amounts are not one amount; make rows distinct first"),
)


def bare(text: str) -> str:
    """Take comments out and empty the strings, so that words in them are not read as Cypher.

    >>> bare("RETURN 'CREATE' AS x // SET")
    "RETURN '' AS x "
    """
    return _COMMENT.sub(lambda m: "\n" * m.group().count("\n"), _STRING.sub("''", text))


def oversteps(pack: Pack) -> bool:
    """Tell whether a text would write, or reach for files and procedures of the server."""
    text = bare(pack.text)
    return any(re.search(pattern, text) for pattern in (_WRITES, _LEAVES))


def used_parameters(text: str) -> frozenset[str]:
    """Name the ``$parameters`` that a text uses.

    >>> sorted(used_parameters("WHERE n >= $k AND m.id = $seller"))
    ['k', 'seller']
    """
    return frozenset(_PARAMETER.findall(bare(text)))


def complaints(pack: Pack) -> list[str]:
    """Say what in the text no pack may have, with the line it stands in."""
    text = bare(pack.text)
    found = []
    for pattern, instead in _FORBIDDEN:
        for match in re.finditer(pattern, text):
            line = pack.first_line + text.count("\n", 0, match.start())
            found.append(f"line {line}: '{match.group().strip()}': {instead}")
    if not text.isascii():
        found.append("labels, types and variables must be ASCII")
    if "ORDER BY" not in text:
        found.append("no ORDER BY: the order of the answer must be total")
    used, declared = used_parameters(pack.text), set(pack.parameters)
    for name in sorted(used - declared):
        there = line_of(pack.path, f"${name}")
        found.append(f"line {there}: ${name} is used but not declared")
    if pack.walk is None:
        unused = sorted(declared - used)
        found += [f"parameter '{name}' is declared but not used" for name in unused]
    return found


def needs(pack: Pack) -> tuple[frozenset[str], ...]:
    """Name the labels and link types that must be there for an answer; one set a UNION branch.

    What stands in OPTIONAL MATCH or in braces (EXISTS, COUNT, CALL) may be absent.

    >>> from types import SimpleNamespace
    >>> text = "MATCH (a:Account)-[:SENT]->(p) OPTIONAL MATCH (a)-[:HOLDS]->(:Person) RETURN a"
    >>> [sorted(branch) for branch in needs(SimpleNamespace(text=text, walk=None))]
    [['Account', 'SENT']]
    """
    text = bare(pack.text)
    while (inner := re.sub(r"\{[^{}]*\}", "", text)) != text:
        text = inner
    branches: list[set[str]] = [set()]
    clause = ""
    for part in _CLAUSE.split(text):
        if _CLAUSE.fullmatch(part):
            clause = part
            if clause.startswith("UNION"):
                branches.append(set())
        elif clause == "MATCH":
            # Alternatives (A|B) are not needed each; they are left out of the guard.
            names = [*_NODE.findall(part), *_LINK.findall(part)]
            branches[-1] |= {name for name in names if "|" not in name}
    if pack.walk is not None:
        branches[-1] |= {"SENT", "PAID_TO"}
    return tuple(frozenset(branch) for branch in branches)


def stops_at_hubs(pack: Pack) -> bool:
    """Tell whether a pack leaves hubs out."""
    return bool(re.search(r"\.hub\s+IS\s+NULL", bare(pack.text)))


def named(pack: Pack) -> frozenset[str]:
    """Name every label and link type that the text mentions anywhere."""
    text = bare(pack.text)
    words = "|".join([*_NODE.findall(text), *_LINK.findall(text)])
    return frozenset(word.strip().lstrip(":") for word in words.split("|") if word.strip())
