"""Run a pack: one read-only query, its rows as findings."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from graphdb.errors import CheckFailed, LimitReached, WrongUsage
from graphdb.model import LINK_TYPES, NODE_TYPES, Cell, Cut, Finding, Language, Rows
from graphdb.packs.front import Column, Pack
from graphdb.packs.narrow import narrowed
from graphdb.packs.text import named, needs, oversteps
from graphdb.packs.values import parameters_of

Read = Callable[[str, Mapping[str, Cell]], Rows]
# Answers a pack that walks: from its seeds and parameters, rows of the columns it declares.
Walker = Callable[[Pack, Rows, Mapping[str, Cell]], Rows]
KEY_SEPARATOR: Final = " / "


@dataclass(frozen=True, slots=True)
class Answer:
    """What a pack found, or why it was not asked or not finished, in English and Chinese.

    ``reach`` tells for each table that it rests on until when its records go.
    """

    pack: Pack
    parameters: Mapping[str, Cell]
    findings: tuple[Finding, ...]
    not_run: str | None = None
    reach: Mapping[str, str] = field(default_factory=dict)
    not_run_zh: str | None = None

    def why_not(self, language: Language) -> str | None:
        """Say why it was not asked or not finished; None if it was."""
        return (self.not_run_zh if language == "zh" else None) or self.not_run


def run_pack(
    pack: Pack,
    read: Read,
    counts: Mapping[str, int] | None = None,
    given: Mapping[str, str] | None = None,
    walker: Walker | None = None,
) -> Answer:
    """Ask a pack's question.

    ``counts`` tells how many nodes and links of each name there are; where a pack needs some of
    which there are none it is not run, because "nothing found" would be a false comfort.

    Raises:
        WrongUsage: a value does not fit its parameter, or the pack would write.
        CheckFailed: the answer is not what the pack declares.
    """
    if oversteps(pack):
        raise WrongUsage(
            f"pack {pack.id} would write, or reach beyond the graph",
            where=str(pack.path),
            fix="use MATCH and RETURN only; 'linkwright packs test' names the line",
        )
    parameters = parameters_of(pack, given or {})
    if counts is not None and (missing := _missing(pack, counts)):
        english, chinese = missing
        return Answer(pack, parameters, (), english, not_run_zh=chinese)
    try:
        answer = read(_asked(pack, parameters), parameters)
        if pack.walk is not None:
            if walker is None:
                raise CheckFailed(f"pack {pack.id} walks, and there are no payments to walk on")
            answer = walker(pack, answer, parameters)
    except LimitReached as error:
        # Never a part of an answer: what was not finished says so in place of findings.
        why = f"{error.what}; {error.fix}"
        return Answer(pack, parameters, (), f"not finished: {why}", not_run_zh=f"未完成：{why}")
    if answer.columns != tuple(pack.columns):
        raise CheckFailed(
            f"pack {pack.id} returns {', '.join(answer.columns)}, "
            f"but declares {', '.join(pack.columns)}",
            where=str(pack.path),
        )
    return Answer(pack, parameters, tuple(_finding(pack, row) for row in answer.rows))


def _asked(pack: Pack, parameters: Mapping[str, Cell]) -> str:
    """Narrow a text to the entities that were named; what else it says stays as it is written."""
    ids = (name for name, parameter in pack.parameters.items() if parameter.type == "id")
    return narrowed(pack.text, {name for name in ids if parameters[name] is not None})


def _missing(pack: Pack, counts: Mapping[str, int]) -> tuple[str, str] | None:
    """Say in both languages which tables to ask for, if no branch has what it needs."""
    lacking = [sorted(name for name in branch if not counts.get(name)) for branch in needs(pack)]
    if not lacking or not all(lacking):
        return None
    fewest = min(lacking, key=len)
    tables = sorted({table for name in fewest for table in _tables(name)[:1]})
    named_zh = "、".join(_chinese(name) for name in fewest)
    return (
        f"not run: no {', '.join(fewest)} on record; ask for: {', '.join(tables)}",
        f"未运行：案件中没有“{named_zh}”的记录；请调取数据表：{'、'.join(tables)}",
    )


def _chinese(name: str) -> str:
    declared = NODE_TYPES.get(name) or LINK_TYPES.get(name)
    return declared.zh if declared else name


def tables_of(pack: Pack) -> frozenset[str]:
    """Name the canonical tables whose rows a pack looks at."""
    walked = {"Payment"} if pack.walk else set()
    return frozenset(table for name in named(pack) | walked for table in _tables(name))


def _tables(name: str) -> tuple[str, ...]:
    if name in NODE_TYPES:
        return NODE_TYPES[name].tables
    return LINK_TYPES[name].tables if name in LINK_TYPES else ()


def _finding(pack: Pack, row: tuple[Cell, ...]) -> Finding:
    values = {
        name: _ordered(column, cell)
        for (name, column), cell in zip(pack.columns.items(), row, strict=True)
    }
    key = KEY_SEPARATOR.join(
        ", ".join(_texts(values[name])) for name, column in pack.columns.items() if column.key
    )
    return Finding(
        pack=pack.id,
        level=pack.level,
        key=key,
        values={name: cell for name, cell in values.items() if name != "evidence"},
        evidence=tuple(_texts(values["evidence"])),
        nodes=tuple(
            dict.fromkeys(
                (label, id_) for label, name in pack.nodes for id_ in _texts(values[name])
            )
        ),
        links=tuple(
            dict.fromkeys(
                (drawn.type, source, target)
                for drawn in pack.links
                for source in _texts(values[drawn.source])
                for target in _texts(values[drawn.target])
            )
        ),
        innocents=pack.innocents,
        cuts=tuple(
            Cut.parse(text)
            for name, column in pack.columns.items()
            if column.type == "cuts"
            for text in _texts(values[name])
        ),
    )


def _ordered(column: Column, cell: Cell) -> Cell:
    """Sort a list that has no order of its own, and drop repeats: engines collect as they like."""
    if column.type == "cuts":
        return _cut_up(_texts(cell))
    if not isinstance(cell, list) or column.ordered:
        return cell
    return [*dict.fromkeys(sorted(cell, key=_place_order))]


def _cut_up(texts: Iterable[str]) -> list[Cell]:
    """Add up the links that were not followed, by hub.

    >>> _cut_up(["ip:192.0.2.1 3", "wechat:shop 9", "ip:192.0.2.1 4"])
    ['ip:192.0.2.1 7', 'wechat:shop 9']
    """
    links: dict[str, int] = {}
    for text in texts:
        cut = Cut.parse(text)
        links[cut.hub] = links.get(cut.hub, 0) + cut.links
    return [f"{hub} {count}" for hub, count in sorted(links.items())]


def _place_order(cell: Cell) -> tuple[str, int, str]:
    """Sort ``E01:9`` before ``E01:10``.

    >>> sorted(["E01:10", "E01:9", "E01:2"], key=_place_order)
    ['E01:2', 'E01:9', 'E01:10']
    """
    text = str(cell)
    head, _, tail = text.rpartition(":")
    return (head, int(tail), text) if tail.isdecimal() and len(tail) < 12 else (text, -1, text)


def _texts(cell: Cell) -> Iterable[str]:
    if cell is None:
        return ()
    return (
        tuple(str(item) for item in cell if item is not None)
        if isinstance(cell, list)
        else (str(cell),)
    )
