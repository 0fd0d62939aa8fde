"""Read a pack: plain Cypher under TOML front matter in ``//`` lines, and nothing unknown in it."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from graphdb.errors import InputRefused, quoted
from graphdb.model import LINK_TYPES, NODE_TYPES, Innocent

LEVELS: Final = ("fact", "indicator", "lead")
STATUSES: Final = ("draft", "stable", "retired")
TYPES: Final = ("id", "text", "int", "float", "bool", "time", "duration", "money", "ids", "cuts")
_KEYS: Final = frozenset(
    {
        *("question", "question_zh", "level", "status", "revision", "not_covered"),
        *("references", "legal", "parameter", "column", "graph", "innocent", "walk"),
        "not_covered_zh",
    }
)
_MAY_LACK: Final = frozenset({"parameter", "walk", "not_covered_zh"})


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value that the caller may set; without a default it is unset, which means "any"."""

    type: str
    says: str
    default: Any = None
    min: Any = None
    max: Any = None


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the answer; key columns together name a finding."""

    type: str
    says: str
    key: bool = False
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class DrawnLink:
    """A link type that a chart draws between the entities of two columns."""

    type: str
    source: str
    target: str


@dataclass(frozen=True, slots=True)
class Pack:
    """A tested question: its text, what it asks, and what would explain it harmlessly.

    Where there is a ``walk``, the query gives its seeds, and the walk the answer. The text
    begins in the ``first_line`` of the file.
    """

    id: str
    title: str
    text: str
    sha256: str
    question: str
    question_zh: str
    level: str
    status: str
    revision: int
    not_covered: str
    references: tuple[str, ...]
    legal: tuple[str, ...]
    parameters: Mapping[str, Parameter]
    columns: Mapping[str, Column]
    nodes: tuple[tuple[str, str], ...]
    links: tuple[DrawnLink, ...]
    innocents: tuple[Innocent, ...]
    not_separable: frozenset[str]
    path: Path
    not_covered_zh: str = ""
    walk: str | None = None
    first_line: int = 1


def read_pack(path: Path, id_: str) -> Pack:
    """Read one pack file.

    Raises:
        InputRefused: the front matter is missing, incomplete or holds something unknown.
    """
    try:
        return _read(path, id_)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _refused(path, f"the front matter has not the form of a pack: {error!r}") from error


def _read(path: Path, id_: str) -> Pack:
    source = path.read_text(encoding="utf-8").replace("\r\n", "\n")
    title, front, text, first_line = _parts(source, path)
    try:
        about = tomllib.loads(front)
    except tomllib.TOMLDecodeError as error:
        told = re.search(r"at line (\d+)", str(error))
        # The front matter begins in line 3 of the file.
        line = int(told[1]) + 2 if told else None
        what = re.sub(r" \(at .*\)$", "", str(error))
        raise _refused(path, f"the front matter is no TOML: {what}", line) from error
    missing, unknown = _KEYS - _MAY_LACK - set(about), set(about) - _KEYS
    if missing or unknown:
        word, names = ("lacks", missing) if missing else ("does not know", unknown)
        what = f"the front matter {word} {quoted(', '.join(sorted(names)))}"
        raise _refused(path, what, word=min(names) if unknown and not missing else None)
    columns = {n: _made(Column, c, path, n) for n, c in about["column"].items()}
    nodes, links = _graph(about["graph"], columns, path)
    innocents = {n: _innocent(n, i, path) for n, i in about["innocent"].items()}
    pack = Pack(
        id=id_,
        title=title,
        text=text,
        sha256=sha256(source.encode()).hexdigest(),
        question=about["question"],
        question_zh=about["question_zh"],
        level=_one_of(about["level"], LEVELS, path),
        status=_one_of(about["status"], STATUSES, path),
        revision=int(about["revision"]),
        not_covered=about["not_covered"],
        references=tuple(about["references"]),
        legal=tuple(about["legal"]),
        parameters={n: _made(Parameter, p, path, n) for n, p in about.get("parameter", {}).items()},
        columns=columns,
        nodes=nodes,
        links=links,
        innocents=tuple(innocents.values()),
        not_separable=frozenset(
            n for n, i in about["innocent"].items() if not i.get("separable", True)
        ),
        path=path,
        not_covered_zh=about.get("not_covered_zh", ""),
        walk=about.get("walk"),
        first_line=first_line,
    )
    for type_ in (*(p.type for p in pack.parameters.values()), *(c.type for c in columns.values())):
        _one_of(type_, TYPES, path)
    if list(columns)[-1:] != ["evidence"] or columns["evidence"].type != "ids":
        what = "the last column is not 'evidence' of type 'ids'"
        raise _refused(path, what, word=f"{[*columns][-1]} =")
    if not any(column.key for column in columns.values()):
        raise _refused(path, "no column is a key, so findings would have no name")
    return pack


def _parts(source: str, path: Path) -> tuple[str, str, str, int]:
    lines = source.split("\n")
    marks = [number for number, line in enumerate(lines) if line.strip() == "// ---"]
    if len(marks) < 2 or marks[0] != 1 or not lines[0].startswith("// "):
        raise _refused(path, "a pack begins with '// title', '// ---', front matter, '// ---'")
    front = lines[marks[0] + 1 : marks[1]]
    for number, line in enumerate(front, start=marks[0] + 2):
        if not line.startswith("//"):
            raise _refused(path, "a line of the front matter lacks its '//'", number)
    below = lines[marks[1] + 1 :]
    blank = next((at for at, line in enumerate(below) if line.strip()), 0)
    text = "\n".join(below).strip() + "\n"
    front_text = "\n".join(line[2:].strip() for line in front)
    return lines[0][3:].strip(), front_text, text, marks[1] + 2 + blank


def _graph(
    graph: Mapping[str, Any], columns: Mapping[str, Column], path: Path
) -> tuple[tuple[tuple[str, str], ...], tuple[DrawnLink, ...]]:
    """Read ``nodes = { Label = column(s) }`` and ``links = { TYPE = [from, to] }`` or pairs."""
    nodes: list[tuple[str, str]] = []
    for label, named in graph.get("nodes", {}).items():
        if label not in NODE_TYPES:
            raise _refused(path, f"[graph] draws an unknown label {quoted(label)}", word=label)
        nodes += [(label, column) for column in ([named] if isinstance(named, str) else named)]
    links: list[DrawnLink] = []
    for type_, ends in graph.get("links", {}).items():
        if type_ not in LINK_TYPES:
            raise _refused(path, f"[graph] draws an unknown link {quoted(type_)}", word=type_)
        pairs = [ends] if isinstance(ends[0], str) else ends
        links += [DrawnLink(type_, source, target) for source, target in pairs]
    named_columns = {c for _, c in nodes} | {c for d in links for c in (d.source, d.target)}
    if unknown := named_columns - set(columns):
        name = sorted(unknown)[0]
        raise _refused(path, f"[graph] names an unknown column {quoted(name)}", word=f'"{name}"')
    return tuple(nodes), tuple(links)


def _made(kind: Any, given: Mapping[str, Any], path: Path, name: str) -> Any:
    known = {field.name for field in fields(kind)}
    if unknown := set(given) - known:
        key = sorted(unknown)[0]
        raise _refused(path, f"'{name}' has an unknown key {quoted(key)}", word=f"{key} =")
    try:
        return kind(**given)
    except TypeError as error:
        needs = [field.name for field in fields(kind) if field.default is MISSING]
        what = f"'{name}' is incomplete: it needs {' and '.join(n for n in needs if n != 'id')}"
        raise _refused(path, what, word=name) from error


def _innocent(name: str, given: Mapping[str, Any], path: Path) -> Innocent:
    texts = {key: text for key, text in given.items() if key != "separable"}
    made: Innocent = _made(Innocent, texts | {"id": name}, path, name)
    return made


def _one_of(value: str, allowed: tuple[str, ...], path: Path) -> str:
    if value not in allowed:
        what = f"{quoted(value)} is none of {', '.join(allowed)}"
        raise _refused(path, what, word=f'"{value}"')
    return value


def line_of(path: Path, word: str) -> int | None:
    """Find the first line of a file that holds a word."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return next((number for number, line in enumerate(lines, start=1) if word in line), None)


def _refused(
    path: Path, what: str, line: int | None = None, *, word: str | None = None
) -> InputRefused:
    """Refuse a pack at a line, or at the first line that holds a word."""
    line = line_of(path, word) if word is not None else line
    where = str(path) if line is None else f"{path}:{line}"
    return InputRefused(what, where=where, fix="linkwright packs test tells what a pack needs")
