"""The self-test of packs: everything a pack claims, shown on an engine.

The caller lends three ways to a graph: one that loads given tables into an empty graph, one
that makes an empty graph of the declared schema, and the rows of the city of innocents.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Protocol

from graphdb.errors import GraphdbError
from graphdb.model import Cell, Finding, Rows
from graphdb.packs.cases import PackCase, PackCases, Tables, read_cases, renamed, shuffled
from graphdb.packs.front import Pack, line_of
from graphdb.packs.run import Walker, run_pack
from graphdb.packs.text import complaints, named, oversteps, stops_at_hubs
from graphdb.packs.values import parameters_of, time_text

_CELL_TYPES: Mapping[str, tuple[type, ...]] = {
    "id": (str,),
    "text": (str,),
    "int": (int,),
    "float": (int, float),
    "bool": (bool,),
    "time": (str,),
    "duration": (int,),
    "money": (int,),
    "ids": (list,),
    "cuts": (list,),
}


class Graph(Protocol):
    """What a proof needs of an engine: to ask, and to plan."""

    def read(self, text: str, parameters: Mapping[str, Cell] | None = None) -> Rows:
        """Run a query."""

    def explain(self, text: str, parameters: Mapping[str, Cell] | None = None) -> Sequence[str]:
        """Give the warnings of a plan."""


# The rows of a graph in parts; the places of each are ``<name><table>:<row>``.
Parts = Mapping[str, Tables]
CITY: Final = "city-"


@dataclass(frozen=True, slots=True)
class Bench:
    """Where packs are proved: how to load a graph, and the city of innocents.

    ``loaded(parts, twice)`` gives an engine that holds exactly the rows of these parts;
    ``declared()`` one that knows every label, type and property of the schema. ``alone`` says
    that a graph is made so fast that each case can be proved in one of its own, ``other`` gives
    another engine with the same rows, where the answers must be the same; ``walker`` answers
    the packs that walk.
    """

    loaded: Callable[[Parts, bool], Graph]
    declared: Callable[[], Graph]
    city: Tables
    alone: bool = True
    other: Callable[[Parts], Graph] | None = None
    walker: Callable[[Graph], Walker] | None = None


@dataclass(frozen=True, slots=True)
class Proof:
    """One check of one pack: its name, what went wrong (nothing if it holds), and in which line."""

    pack: str
    check: str
    wrong: str | None
    where: str | None = None

    @property
    def ok(self) -> bool:
        """Tell whether the check holds."""
        return self.wrong is None


@dataclass(frozen=True, slots=True)
class _Placed:
    """A case in the graph that holds all cases beside each other, under names of its own."""

    pack: Pack
    case: PackCase
    place: str


def prove(packs: Sequence[Pack], bench: Bench) -> Iterator[Proof]:
    """Prove packs on one engine, check by check."""
    yield from _proofs_of_text(packs, bench.declared())
    # What would write is never run, not even to be proved.
    packs = [pack for pack in packs if not oversteps(pack)]
    for pack in packs:
        cases = _cases_of(pack)
        yield Proof(pack.id, "every claim has a case", _unproved(pack, cases))
        if bench.alone:
            for case in cases.cases:
                yield from _proofs_alone(pack, case, bench)
    yield from _proofs_together(packs, bench)


def _proofs_together(packs: Sequence[Pack], bench: Bench) -> Iterator[Proof]:
    """Prove all cases in one graph, in a city of others: unrelated rows change nothing.

    Each case has names of its own, so that its findings are told by the places they quote.
    """
    all_cases = [(pack, case) for pack in packs for case in _cases_of(pack).cases]
    placed = [
        _Placed(pack, renamed(case, number), f"c{number}-")
        for number, (pack, case) in enumerate(all_cases, start=1)
    ]
    parts = {CITY: bench.city} | {one.place: one.case.given for one in placed}
    other = bench.other(parts) if bench.other else None
    # Loading twice is proved alone, unless cases are never alone.
    for twice in (False,) if bench.alone else (False, True):
        graph = bench.loaded(parts, twice)
        again = ", loaded twice" if twice else ""
        for pack in packs:
            own = [one for one in placed if one.pack is pack]
            asked: dict[str, Mapping[str, str]] = {"{}": {}}
            asked |= {repr(one.case.values): one.case.values for one in own}
            for key, values in asked.items():
                answer, wrong = _asked(pack, graph, values, bench)
                if key == "{}" and not twice:
                    yield Proof(
                        pack.id,
                        "hits among innocents are the known ones",
                        wrong or _in_city(pack, answer),
                    )
                if other is not None and not twice:
                    same = _asked(pack, other, values, bench)[0]
                    yield Proof(
                        pack.id, f"both engines answer the same {key}", _unlike(answer, same)
                    )
                for one in own:
                    if repr(one.case.values) == key:
                        check = f"case '{one.case.name}', in a city of others{again}"
                        found = [
                            f for f in answer if any(p.startswith(one.place) for p in f.evidence)
                        ]
                        bare = [_bare(finding, one.place) for finding in found]
                        differs = wrong or _difference(pack, one.case, bare)
                        yield Proof(pack.id, check, differs, _place_of(pack, one.case))


def _asked(
    pack: Pack, graph: Graph, values: Mapping[str, str], bench: Bench
) -> tuple[Sequence[Finding], str | None]:
    walker = bench.walker(graph) if bench.walker and pack.walk else None
    try:
        answer = run_pack(pack, graph.read, None, values, walker)
    except GraphdbError as error:
        return (), str(error)
    return answer.findings, answer.not_run


def _in_city(pack: Pack, findings: Sequence[Finding]) -> str | None:
    known = sorted(_cases_of(pack).city_hits)
    hits = sorted(f.key for f in findings if any(p.startswith(CITY) for p in f.evidence))
    return None if hits == known else f"known {known}, hit {hits}"


def _unlike(one: Sequence[Finding], other: Sequence[Finding]) -> str | None:
    ones, others = ({f.key: (f.values, f.evidence) for f in found} for found in (one, other))
    keys = [key for key in {**ones, **others} if ones.get(key) != others.get(key)]
    return f"{keys[0]}: {ones.get(keys[0])} and {others.get(keys[0])}" if keys else None


def _bare(finding: Finding, place: str) -> Finding:
    """Take a case's own prefix from the places of a finding."""

    def bare(cell: Cell) -> Cell:
        if isinstance(cell, list):
            return [bare(item) for item in cell]
        return cell.removeprefix(place) if isinstance(cell, str) else cell

    values = {name: bare(cell) for name, cell in finding.values.items()}
    return replace(
        finding, values=values, evidence=tuple(p.removeprefix(place) for p in finding.evidence)
    )


def _proofs_of_text(packs: Sequence[Pack], declared: Graph) -> Iterator[Proof]:
    for pack in packs:
        wrong = "; ".join(complaints(pack)) or None
        yield Proof(pack.id, "the text keeps the rules", wrong, str(pack.path))
        try:
            warnings = declared.explain(pack.text, parameters_of(pack, {}))
            wrong = "; ".join(warnings) or None
        except GraphdbError as error:
            wrong = str(error)
        yield Proof(pack.id, "the engine plans it without a warning", wrong, _place_in(pack, wrong))
        walked = {"Account", "Payment"} if pack.walk else set()
        drawn = {label for label, _ in pack.nodes} - named(pack) - walked
        yield Proof(
            pack.id,
            "what a chart draws is in the query",
            f"not matched: {drawn}" if drawn else None,
        )


def _place_in(pack: Pack, wrong: str | None) -> str | None:
    """Give the line of the query that an engine complains of, by its number or by a quoted word."""
    query = pack.text.splitlines()
    numbered = re.search(r"\bline (\d+)", wrong or "")
    quoted = re.search(r"['`(](\w+)['`)]", wrong or "")
    if numbered and int(numbered[1]) <= len(query):
        return f"{pack.path}:{pack.first_line + int(numbered[1]) - 1}"
    at = next((n for n, line in enumerate(query) if quoted and quoted[1] in line), None)
    return str(pack.path) if at is None else f"{pack.path}:{pack.first_line + at}"


def _unproved(pack: Pack, cases: PackCases) -> str | None:
    """Say which claim of a pack no case shows."""
    claimed = {innocent.id for innocent in pack.innocents} - pack.not_separable
    shown = {case.innocent for case in cases.cases if not case.expect}
    lacking = [f"no case shows the innocent '{name}'" for name in sorted(claimed - shown)]
    known = {innocent.id for innocent in pack.innocents} | {None}
    lacking += [
        f"case '{case.name}' names an unknown innocent '{case.innocent}'"
        for case in cases.cases
        if case.innocent not in known
    ]
    if not any(case.expect for case in cases.cases):
        lacking.append("no case has a finding")
    if not any(case.near_miss and not case.expect for case in cases.cases):
        lacking.append("no case is a near miss")
    if not claimed | pack.not_separable:
        lacking.append("it names no innocent")
    cuts = [name for name, column in pack.columns.items() if column.type == "cuts"]
    if stops_at_hubs(pack) and not cuts:
        lacking.append("it stops at hubs, and no column of type 'cuts' says so")
    if cuts and not any(row.get(name) for c in cases.cases for row in c.expect for name in cuts):
        lacking.append(f"no case shows a hub in column '{cuts[0]}'")
    return "; ".join(lacking) or None


def _proofs_alone(pack: Pack, case: PackCase, bench: Bench) -> Iterator[Proof]:
    """Prove a case in a graph that holds nothing else, and what must not change its findings."""
    for what, variant, twice in (
        ("", case, False),
        (", rows shuffled", shuffled(case), False),
        (", loaded twice", case, True),
        (", other names", renamed(case), False),
    ):
        graph = bench.loaded({"": variant.given}, twice)
        findings, wrong = _asked(pack, graph, variant.values, bench)
        yield Proof(
            pack.id,
            f"case '{case.name}'{what}",
            wrong or _difference(pack, variant, findings),
            _place_of(pack, case),
        )


def _place_of(pack: Pack, case: PackCase) -> str:
    """Give the line in which a case begins."""
    path = pack.path.with_suffix(".test.toml")
    return f"{path}:{line_of(path, case.name)}"


def _difference(pack: Pack, case: PackCase, findings: Sequence[Finding]) -> str | None:
    keys = [finding.key for finding in findings]
    if len(set(keys)) < len(keys):
        return f"two findings have one key: {keys}"
    for finding in findings:
        if not finding.evidence:
            return f"finding '{finding.key}' has no evidence"
        for name, cell in finding.values.items():
            if cell is not None and not isinstance(cell, _CELL_TYPES[pack.columns[name].type]):
                return f"column '{name}' holds {cell!r}, which is no {pack.columns[name].type}"
    left = [_row(pack, {**finding.values, "evidence": [*finding.evidence]}) for finding in findings]
    for expected in case.expect:
        if unknown := set(expected) - set(pack.columns):
            return f"the case expects an unknown column '{sorted(unknown)[0]}'"
        wanted = _row(pack, expected)
        match = next((row for row in left if wanted.items() <= row.items()), None)
        if match is None:
            return f"expected {wanted}; found {left or 'nothing'}"
        left.remove(match)
    return f"found more than expected: {left}" if left else None


def _row(pack: Pack, cells: Mapping[str, Any]) -> dict[str, Any]:
    """Make a row comparable: list cells as sorted tuples, times in the graph's form."""
    row: dict[str, Any] = {}
    for name, cell in cells.items():
        column = pack.columns[name]
        if isinstance(cell, list):
            texts = [str(item) for item in cell]
            row[name] = tuple(texts if column.ordered else sorted(texts))
        elif column.type == "time" and cell is not None:
            row[name] = time_text(cell)
        else:
            row[name] = cell
    return row


def _cases_of(pack: Pack) -> PackCases:
    return read_cases(pack.path.with_suffix(".test.toml"))
