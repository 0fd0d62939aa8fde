"""The case as a notebook meets it: the words of the commands, answers as tables and pictures.

import graphdb

case = graphdb.open_case("my-case", new=True)
case.add("evidence/", tz="Asia/Shanghai")
case.run("money/fan_in_collector", min_payers=5).polars()
case.chart("money/fan_in_collector")
case.chart(trace="person:zhao-001")
"""

import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any, Final, TypeAlias

from graphdb.answers import Chains, Drawing, Findings, Trails
from graphdb.bundle.exports import export_named
from graphdb.case import Case, Status
from graphdb.casework.about import is_case
from graphdb.casework.extracting import Graph, graph_at
from graphdb.casework.handing import WHOLE, Scope, scope_of_findings, scope_of_trails
from graphdb.casework.intake import AddReport
from graphdb.casework.showing import Shown
from graphdb.errors import WrongUsage
from graphdb.evidence import ReadOptions, read_map
from graphdb.evidence.graph_map import read_graph_map
from graphdb.model import Chain, Finding
from graphdb.store import EMBEDDED, Credentials, Digest
from graphdb.trace import Trail, rules_named

Value: TypeAlias = str | int | float
# What names a part of a case: an answer, one finding, chain or trail of it, or a chart.
Part: TypeAlias = Findings | Finding | Chains | Chain | Trails | Trail | Drawing

_EXTRA: Final = "pip install 'linkwright[py2neo]'; its last release is 2021.2.4 (docs/py2neo.md)"


class Desk:
    """An open case. Every method is named as the command that does the same."""

    def __init__(self, case: Case) -> None:
        self.case = case

    def __enter__(self) -> "Desk":
        return self

    def __exit__(self, *_what: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<case {self.case.name!r} in {str(self.case.folder)!r} on {self.case.engine}>"

    def add(
        self,
        *paths: str | Path,
        form: str | None = None,
        map: str | Path | None = None,  # noqa: A002 - the word of the command
        tz: str | None = None,
        platform: str | None = None,
    ) -> AddReport:
        """Add files and folders; good rows are loaded, bad ones told with their reason."""
        options = ReadOptions(
            format=form, map=read_map(Path(map)) if map else None, zone=tz, platform=platform
        )
        return self.case.add([Path(path) for path in paths], options)

    def extract(
        self,
        graph: Any,
        map: str | Path,  # noqa: A002 - the word of the command
        *,
        user: str = "neo4j",
        password: str = "",
    ) -> AddReport:
        """Add what a map finds in a graph somebody has: a ``py2neo.Graph``, or a server's URL.

        Raises:
            InputRefused: the map cannot be read.
            StoreUnreachable: the server does not answer.
        """
        tables = read_graph_map(Path(map))
        with _reached(graph, Credentials(user, password)) as reached:
            return self.case.extract(reached, tables)

    def status(self) -> Status:
        """Tell the exhibits and how much the graph holds."""
        return self.case.status()

    def run(self, *packs: str, **values: Value) -> Findings:
        """Ask packs, all when none is named; parameters go by their names."""
        return Findings(self.case.run(packs, _texts(values)))

    def chain(
        self, *, seller: str | None = None, account: str | None = None, victim: str | None = None
    ) -> Chains:
        """Give the chains from a seller of accounts to a victim and on to the cash."""
        chains, answer = self.case.chain(seller=seller, account=account, victim=victim)
        return Chains(chains, answer.findings)

    def trace(self, *start: str, rule: str = "fifo", backward: bool = False) -> Trails:
        """Follow the money from accounts, payments, persons or reports, by one or more rules."""
        names = rules_named(rule, backward=backward)
        return Trails(self.case.trace(start, names, backward=backward), self._drawn_trail)

    def show(self, entity: str) -> Shown:
        """Show one entity: its properties, links, findings and the source rows behind them."""
        return self.case.show(entity)

    def chart(
        self,
        *packs: str,
        trace: str | Sequence[str] | None = None,
        rule: str = "fifo",
        backward: bool = False,
        title: str | None = None,
        **values: Value,
    ) -> Drawing:
        """Draw what packs find, where money went (``trace``), or, when neither is named, the chain.

        Raises:
            WrongUsage: there is nothing to draw.
        """
        if trace is not None:
            start = (trace,) if isinstance(trace, str) else tuple(trace)
            return self.trace(*start, rule=rule, backward=backward).chart(title=title)
        found = None if packs else self.chain(**_texts(values))
        findings = tuple(self.run(*packs, **values)) if found is None else found.findings
        chains = () if found is None else found.chains
        if not findings:
            raise WrongUsage("there is nothing to draw: no finding", where=str(self.case.folder))
        name = title or f"Link chart: {self.case.name}"
        scope = scope_of_findings(name, findings)
        return _drawn(lambda file: self.case.chart(name, findings, chains, file), scope)

    def _drawn_trail(self, trail: Trail, title: str | None) -> Drawing:
        name = title or f"Money trail by {trail.rule}: {self.case.name}"
        scope = scope_of_trails(name, [trail])
        return _drawn(lambda file: self.case.chart_trail(name, trail, file), scope)

    def export(self, folder: str | Path, *forms: str, only: Part | None = None) -> tuple[Path, ...]:
        """Hand the case, or a part of it, to other tools: anx, graphml, csv, xlsx, case, ftm."""
        scope = WHOLE if only is None else self._scope(only)
        exports = [export_named(form) for form in dict.fromkeys(forms)]
        return self.case.hand_over(exports, Path(folder), scope)

    def subgraph(self, part: Part) -> Any:
        """Give findings, chains, trails or a chart as a ``py2neo.Subgraph``.

        Raises:
            WrongUsage: py2neo is not installed.
        """
        made = _py2neo()
        handed = self.case.handover(self._scope(part), quotes=False)
        return made.subgraph_of(handed.nodes, handed.links)

    def _scope(self, part: Part) -> Scope:
        """Say which entities and links a part of the case has."""
        if isinstance(part, Drawing):
            return part.drawn
        if isinstance(part, Trails | Trail):
            trails = [part] if isinstance(part, Trail) else [*part]
            rules = ", ".join(dict.fromkeys(one.rule for one in trails))
            return scope_of_trails(f"money followed by {rules}", trails)
        if isinstance(part, Chain):
            whole = self.chain(seller=part.seller, victim=part.victim)
            pairs = zip(whole.chains, whole.findings, strict=True)
            return scope_of_findings("a chain", [one for chain, one in pairs if chain == part])
        if isinstance(part, Chains):
            return scope_of_findings("chains", part.findings)
        findings = [part] if isinstance(part, Finding) else [*part]
        return scope_of_findings(", ".join(sorted({one.pack for one in findings})), findings)

    def push(self, url: str, user: str = "neo4j", password: str = "") -> Digest:
        """Move the graph to a Neo4j server."""
        return self.case.push(url, Credentials(user, password))

    def pull(self) -> Digest:
        """Move the graph back into the case folder."""
        return self.case.pull()

    def close(self) -> None:
        """Release the engine."""
        self.case.close()


def open_case(
    folder: str | Path,
    *,
    new: bool = False,
    name: str | None = None,
    engine: str = EMBEDDED,
    user: str = "neo4j",
    password: str | None = None,
) -> Desk:
    """Open the case in a folder; with ``new`` make it where there is none.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as home, open_case(f"{home}/case", new=True) as case:
    ...     case.status().counts.nodes
    {}

    Raises:
        WrongUsage: there is no case, or it is on another engine than named.
        StoreUnreachable: its server does not answer.
    """
    place = Path(folder)
    keys = None if password is None else Credentials(user, password)
    if new and not is_case(place):
        return Desk(Case.create(place, name=name, engine=engine, credentials=keys))
    case = Case(place, keys)
    if engine not in (EMBEDDED, case.engine):
        raise WrongUsage(
            f"the case is on {case.engine}", where=str(place), fix="case.push(url) moves it"
        )
    return Desk(case)


def _texts(values: Mapping[str, Value]) -> dict[str, str]:
    return {name: str(value) for name, value in values.items()}


def _drawn(draw: Callable[[Path], Any], scope: Scope) -> Drawing:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "chart.html"
        chart = draw(file)
        document = file.read_text(encoding="utf-8")
    return Drawing(document, len(chart.nodes), len(chart.links), scope)


def _reached(graph: Any, keys: Credentials) -> AbstractContextManager[Graph]:
    if isinstance(graph, str):
        return graph_at(graph, keys)
    made = _py2neo()
    return nullcontext(Graph(made.name_of(graph), lambda query: made.ask(graph, query)))


def _py2neo() -> Any:
    """Load the one module that knows py2neo."""
    try:
        from graphdb.store import py2neo
    except ImportError as error:
        raise WrongUsage("py2neo is not installed", fix=_EXTRA) from error
    return py2neo
