"""The self-test of packs: everything a pack claims, shown on an engine.

The caller lends three ways to a graph: one that loads given tables into an empty graph, one
that makes an empty graph of the declared schema, and the rows of the city of innocents.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from graphdb.errors import CheckFailed, GraphdbError
from graphdb.model import Cell, Finding, Rows
from graphdb.packs.cases import PackCase, PackCases, Tables, read_cases, renamed, shuffled
from graphdb.packs.front import Pack
from graphdb.packs.run import run_pack
from graphdb.packs.text import complaints, named
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
}


class Graph(Protocol):
    """What a proof needs of an engine: to ask, and to plan."""

    def read(self, text: str, parameters: Mapping[str, Cell] | None = None) -> Rows:
        """Run a query."""

    def explain(self, text: str, parameters: Mapping[str, Cell] | None = None) -> Sequence[str]:
        """Give the warnings of a plan."""


@dataclass(frozen=True, slots=True)
class Bench:
    """Where packs are proved: how to load a graph, and the city of innocents.

    ``loaded(parts, twice)`` gives an engine that holds exactly the rows of these parts; the
    places of the last are ``<table>:<row>``, those of the others begin otherwise.
    ``declared()`` gives one that knows every label, type and property of the schema.
    """

    loaded: Callable[[Sequence[Tables], bool], Graph]
    declared: Callable[[], Graph]
    city: Tables


@dataclass(frozen=True, slots=True)
class Proof:
    """One check of one pack: its name, and what went wrong (nothing if it holds)."""

    pack: str
    check: str
    wrong: str | None

    @property
    def ok(self) -> bool:
        """Tell whether the check holds."""
        return self.wrong is None


def prove(packs: Sequence[Pack], bench: Bench) -> Iterator[Proof]:
    """Prove packs on one engine, check by check."""
    yield from _proofs_of_text(packs, bench.declared())
    graph = bench.loaded([bench.city], False)
    for pack in packs:
        answer = run_pack(pack, graph.read)
        known = sorted(_cases_of(pack).city_hits)
        hits = sorted(finding.key for finding in answer.findings)
        yield Proof(
            pack.id,
            "hits among innocents are the known ones",
            None if hits == known else f"known {known}, hit {hits}",
        )
    for pack in packs:
        cases = _cases_of(pack)
        yield Proof(pack.id, "every claim has a case", _unproved(pack, cases))
        for case in cases.cases:
            yield from _proofs_of_case(pack, case, bench)


def _proofs_of_text(packs: Sequence[Pack], declared: Graph) -> Iterator[Proof]:
    for pack in packs:
        yield Proof(pack.id, "the text keeps the rules", "; ".join(complaints(pack)) or None)
        try:
            warnings = declared.explain(pack.text, parameters_of(pack, {}))
            wrong = "; ".join(warnings) or None
        except GraphdbError as error:
            wrong = str(error)
        yield Proof(pack.id, "the engine plans it without a warning", wrong)
        drawn = {label for label, _ in pack.nodes} - named(pack)
        yield Proof(
            pack.id,
            "what a chart draws is in the query",
            f"not matched: {drawn}" if drawn else None,
        )


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
    return "; ".join(lacking) or None


def _proofs_of_case(pack: Pack, case: PackCase, bench: Bench) -> Iterator[Proof]:
    other, mixed = renamed(case), shuffled(case)
    for what, given, twice, variant in (
        ("", [case.given], False, case),
        (", rows shuffled", [mixed.given], False, mixed),
        (", loaded twice", [case.given], True, case),
        (", other names", [other.given], False, other),
        (", in a city of others", [bench.city, case.given], False, case),
    ):
        try:
            graph = bench.loaded(given, twice)
            findings = run_pack(pack, graph.read, None, variant.values).findings
            own = tuple(f"{table}:" for table in case.given)
            findings = tuple(
                finding
                for finding in findings
                if any(place.startswith(own) for place in finding.evidence) or len(given) == 1
            )
            wrong = _difference(pack, variant, findings)
        except CheckFailed as error:
            wrong = str(error)
        yield Proof(pack.id, f"case '{case.name}'{what}", wrong)


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
