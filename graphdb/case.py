"""A case: a folder that holds exhibits, their rows, the log and the graph.

    case.toml            name and engine
    case.log             append-only, hash-chained: what was received and loaded, when, by whom
    exhibits/E01_...     the files as received, unchanged
    rows/E01-1....       the rows that were loaded from them, as columns
    rejects/E01-1.jsonl  the rows that were not, with the reason and what to do
    graph.kgl            the embedded graph (a case on a server has none)
    answers/ projection/ what packs answered and the payments as columns, made anew when gone

Here and in the modules beside it (``intake``, ``joining``, ``tracing``, ``drawing``, ``proving``)
the stages are joined, and nowhere else. What only some questions need is imported where they are
asked, so that every command starts at once (tests/unit/test_start.py).
"""

from __future__ import annotations

import getpass
import secrets
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from filelock import FileLock, Timeout

from graphdb.casework.about import About, is_case
from graphdb.casework.answering import Kept
from graphdb.casework.intake import FileReport, Held, Intake
from graphdb.casework.joining import decisions_in, is_open, likeness
from graphdb.casework.moving import move, open_anew, open_own
from graphdb.casework.quoting import quoted
from graphdb.casework.sizing import refuse_to_open, refuse_to_trace
from graphdb.errors import StoreBusy, WrongUsage, disk
from graphdb.evidence import ReadOptions
from graphdb.evidence.docket import Docket
from graphdb.evidence.log import CaseLog
from graphdb.identity import pair_of
from graphdb.model import SourceRow
from graphdb.store import EMBEDDED, READ_LIMIT, open_store

if TYPE_CHECKING:
    import polars as pl

    from graphdb.bundle.exports import Export, Handover
    from graphdb.bundle.thresholds import Figure
    from graphdb.casework.extracting import Graph
    from graphdb.casework.handing import Scope
    from graphdb.casework.intake import AddReport, Progress
    from graphdb.casework.joining import Likeness
    from graphdb.casework.showing import Shown
    from graphdb.casework.tracing import Window
    from graphdb.chart import Chart, Imprint, TrailChart
    from graphdb.evidence.custody import Receipt
    from graphdb.evidence.graph_map import GraphTable
    from graphdb.identity import Verdict
    from graphdb.model import Chain, Entity, Finding
    from graphdb.packs import Answer, Pack, Paid
    from graphdb.store import Counts, Credentials, Digest, Store
    from graphdb.trace import Flow, Limits, Trail
    from graphdb.trace import Path as MoneyPath

Clock = Callable[[], datetime]

_GRAPH: Final = "graph.kgl"


@dataclass(frozen=True, slots=True)
class Status:
    """Exhibits with their tallies, the size of the graph, and what an interruption left open."""

    name: str
    engine: str
    exhibits: tuple[FileReport, ...]
    unfinished: tuple[str, ...]
    counts: Counts


def _now() -> datetime:
    return datetime.now(UTC)


def _silent(_what: str, _done: int, _of: int) -> None:
    """Report no progress."""


class Case:
    """An investigation in a folder.

    Raises:
        WrongUsage: the folder holds no case.
    """

    def __init__(
        self, folder: Path, credentials: Credentials | None = None, clock: Clock = _now
    ) -> None:
        self.folder = folder
        self._credentials = credentials
        self._clock = clock
        self._reader: Store | None = None
        self._opened_at = ""
        about = About.of(folder)
        self.id, self.name, self.engine = about.id, about.name, about.engine
        self._log = CaseLog(folder / "case.log")
        self.docket = Docket(folder, self._log)

    @staticmethod
    def create(
        folder: Path,
        *,
        name: str | None = None,
        engine: str = EMBEDDED,
        credentials: Credentials | None = None,
        clock: Clock = _now,
    ) -> Case:
        """Make a new case in a folder that holds none.

        Raises:
            WrongUsage: there is a case already, the engine is unknown, or the server's database
                already holds a graph.
            StoreUnreachable: the server does not answer.
        """
        if is_case(folder):
            raise WrongUsage(
                "there is a case already", where=str(folder), fix="choose another folder"
            )
        title, id_ = name or folder.resolve().name, secrets.token_hex(8)
        with disk(folder):
            folder.mkdir(parents=True, exist_ok=True)
            store = open_store(engine, folder / _GRAPH, write=True, credentials=credentials)
            try:
                store.claim(id_, title, new=True)
                store.schema()
            finally:
                store.close()
            Docket(folder, CaseLog(folder / "case.log")).prepare()
            About(id_, title, engine).write(folder)
        case = Case(folder, credentials, clock)
        case._log.append("created", name=title, engine=engine, **case._who())
        return case

    # -- evidence

    def add(
        self,
        paths: Sequence[Path],
        options: ReadOptions | None = None,
        progress: Progress = _silent,
        receipt: Receipt | None = None,
    ) -> AddReport:
        """Add files, and the files in folders; good rows are loaded, bad ones kept aside.

        Raises:
            StoreBusy: somebody else is adding to this case.
            StoreUnreachable: the engine is out of reach or the disk is full; what was
                acknowledged before stays, the rest is finished by the next ``add``.
        """
        with self._held() as held:
            intake = Intake(self.docket, self._log, held, self._who, receipt)
            return intake.add(paths, options or ReadOptions(), progress)

    def extract(
        self,
        graph: Graph,
        tables: Sequence[GraphTable],
        progress: Progress = _silent,
        receipt: Receipt | None = None,
    ) -> AddReport:
        """Add what a map finds in a graph that somebody has already, as files of evidence."""
        from graphdb.casework.extracting import extract

        def add(paths: Sequence[Path], options: ReadOptions, of: Receipt) -> AddReport:
            return self.add(paths, options, progress, of)

        return extract(graph, tables, self.folder, add, receipt)

    # -- who is who

    def likeness(self) -> Likeness:
        """Find what may be one, and list what is, by rule or decision."""
        return likeness(self.store, self.docket, self._log)

    def decide(
        self,
        verdict: Verdict,
        one: str,
        two: str,
        *,
        reason: str = "",
        by: str | None = None,
        progress: Progress = _silent,
    ) -> None:
        """Decide that two ids are one, or are two, or take such a decision back.

        The decision is an entry of the case log; the graph is then built from the rows anew.

        Raises:
            WrongUsage: the case holds no such ids, or the decision contradicts another.
            StoreBusy: somebody else is writing this case.
        """
        pair = pair_of(one, two)
        decisions = decisions_in(self._log)
        if verdict != "undo":
            for id_ in pair:
                self._known(id_)
        decisions.check(verdict, pair)
        with self._held() as held:
            who = self._who() | ({"by": by} if by else {})
            self._log.append(
                "decided", verdict=verdict, one=pair[0], two=pair[1], reason=reason, **who
            )
            Intake(self.docket, self._log, held, self._who).finish(progress)

    def _known(self, id_: str) -> None:
        """Check that the case holds an id, joined or not; a payment may be joined by rule."""
        if id_.startswith("payment:"):
            numbers = self.docket.kept("payments", ("payment",))["payment"]
            if id_.partition(":")[2] in numbers:
                return
        self._entity(id_)

    @property
    def log(self) -> CaseLog:
        """The case log."""
        return self._log

    @property
    def is_behind(self) -> bool:
        """Tell whether a decision or an interruption left the graph behind the rows."""
        return is_open(self._log)

    def push(
        self, engine: str, credentials: Credentials | None, progress: Progress = _silent
    ) -> Digest:
        """Move the graph to a server; the case asks it there from then on.

        Raises:
            WrongUsage: the graph is on a server already, or the database is another case's.
            CheckFailed: what stands on the server is not equal; the case stays where it was.
        """
        with self._locked():
            self._refuse_unfinished()
            return self._moved(engine, credentials, progress)

    def rebuild(self, progress: Progress = _silent) -> None:
        """Build the graph anew from the rows of the exhibits, after its loss or damage."""
        with self._locked(), disk(self.folder):
            about = About(self.id, self.name, self.engine)
            store = open_anew(about, self.folder / _GRAPH, self._credentials)
            held = Held(lambda: store, self.engine)
            try:
                self._log.append("joining", **self._who())
                Intake(self.docket, self._log, held, self._who).finish(progress)
            finally:
                store.close()

    def pull(self, progress: Progress = _silent) -> Digest:
        """Move the graph back from its server into the case folder; the server keeps its copy."""
        with self._locked():
            self._refuse_unfinished()
            return self._moved(EMBEDDED, None, progress)

    def _moved(self, engine: str, keys: Credentials | None, progress: Progress) -> Digest:
        about = About(self.id, self.name, self.engine)
        with disk(self.folder):
            digest = move(about, self.folder / _GRAPH, engine, self._credentials, keys, progress)
            self._log.append("moved", to=engine, digest=digest.sha256, **self._who())
            replace(about, engine=engine).write(self.folder)
        if engine != EMBEDDED:
            (self.folder / _GRAPH).unlink(missing_ok=True)
        self.engine, self._credentials = engine, keys
        return digest

    def _refuse_unfinished(self) -> None:
        if self.docket.unfinished or self.is_behind:
            raise WrongUsage(
                "a load or a decision was interrupted: the graph is not whole",
                where=str(self.folder),
                fix="'linkwright add', without a file, finishes it",
            )

    @contextmanager
    def _held(self) -> Iterator[Held]:
        """Hold the graph for writing; what is not published is given up at the end."""
        with self._locked(), disk(self.folder):
            held = Held(self._opened_as_own, self.engine)
            try:
                yield held
            finally:
                held.close()

    def _opened_as_own(self) -> Store:
        store = self._opened(write=True)
        store.claim(self.id, self.name)
        return store

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Be the only one who changes the case."""
        lock = FileLock(self.folder / "case.lock", timeout=0)
        try:
            lock.acquire()
        except Timeout as error:
            raise StoreBusy(
                "another process is writing this case",
                where=str(self.folder),
                fix="wait until it has finished, then run the command again",
            ) from error
        try:
            self.close()
            self.docket = Docket(self.folder, self._log)
            yield
        finally:
            lock.release()

    # -- questions

    def status(self) -> Status:
        """Tell what the case holds."""
        return Status(
            self.name,
            self.engine,
            tuple(FileReport(e.exhibit, e.tally) for e in self.docket.finished if e.tally),
            tuple(entry.exhibit.name for entry in self.docket.unfinished),
            self.store.count(),
        )

    def run(
        self,
        ids: Sequence[str] = (),
        values: Mapping[str, str] | None = None,
        progress: Progress = _silent,
        folder: Path | None = None,
        limit: timedelta = READ_LIMIT,
    ) -> tuple[Answer, ...]:
        """Run packs; a pack whose records were never loaded answers "not run", not "nothing".

        One that takes longer than ``limit`` answers "not finished", never with a part.

        Raises:
            WrongUsage: an unknown pack or parameter, or a value of the wrong type.
        """
        from graphdb.packs import load_packs

        packs = load_packs(ids, folder)
        given = dict(values or {})
        known = sorted({name for pack in packs for name in pack.parameters})
        if unknown := sorted(set(given) - set(known)):
            raise WrongUsage(
                f"no chosen pack has a parameter '{unknown[0]}'",
                fix=f"one of: {', '.join(known)}; 'linkwright packs show ID' tells more",
            )
        return self._answers(packs, given, progress, limit)

    def _answers(
        self,
        packs: Sequence[Pack],
        given: Mapping[str, str],
        progress: Progress = _silent,
        limit: timedelta = READ_LIMIT,
        *,
        anew: bool = True,
    ) -> tuple[Answer, ...]:
        from graphdb.casework.walking import walker
        from graphdb.packs import run_pack, tables_of

        counts = self.store.count()
        held = {**counts.nodes, **counts.links}
        until = {table: f"{last:%Y-%m-%d}" for table, (_, last) in self.docket.reach().items()}
        asking = partial(self.store.read, limit=limit)
        read, walk = self._kept.asking(asking, walker(self._flows), anew=anew)
        answers = []
        for at, pack in enumerate(packs):
            progress(pack.id, at, len(packs))
            reach = {t: day for t, day in sorted(until.items()) if t in tables_of(pack)}
            answer = run_pack(pack, read, held, given, walk)
            answers.append(replace(answer, reach=reach))
        return tuple(answers)

    def chain(
        self,
        *,
        seller: str | None = None,
        account: str | None = None,
        victim: str | None = None,
        folder: Path | None = None,
    ) -> tuple[tuple[Chain, ...], Answer]:
        """Trace the chains from a seller of accounts to a victim and on to the cash.

        Gives the chains, and the answer of the pack that they are shaped from; ``folder`` holds
        packs that stand for those of this program.
        """
        from graphdb.packs import FULL_CHAIN, chains_of, payments_in

        given = {"seller": seller, "account": account, "victim": victim}
        values = {name: value for name, value in given.items() if value is not None}
        values = {name: self._entity(value).id for name, value in values.items()}
        (answer,) = self.run([FULL_CHAIN], values, folder=folder)
        return chains_of(answer.findings, self._paid(payments_in(answer.findings))), answer

    def trace(
        self,
        ids: Sequence[str],
        rules: Sequence[str] = ("fifo",),
        *,
        backward: bool = False,
        window: Window | None = None,
        limits: Limits | None = None,
        opening: Mapping[tuple[str, str], int] | None = None,
    ) -> tuple[Trail, ...]:
        """Follow money from accounts, payments, persons or reports; one trail a rule and currency.

        ``opening`` holds balances from before the records, in minor units by account and currency.

        Raises:
            WrongUsage: the case holds no such entity or no payment to begin with, or a rule
                is unknown or cannot run backward.
        """
        from graphdb.casework.tracing import trails_of

        entities = [self._entity(id_) for id_ in ids]
        flows = self._flows(opening)
        return trails_of(
            self.store, flows, entities, rules, backward=backward, window=window, limits=limits
        )

    def paths(
        self, ids: Sequence[str], *, within: timedelta, keep: float, hops: int
    ) -> tuple[MoneyPath, ...]:
        """Give the paths on which money may have gone on, step by step in time.

        Raises:
            WrongUsage: the case holds no such entity.
            CheckFailed: the paths are too many to be told one by one.
        """
        from graphdb.casework.tracing import paths_of

        entities = [self._entity(id_) for id_ in ids]
        return paths_of(self.store, self._flows(), entities, within=within, keep=keep, hops=hops)

    def arrivals(self, ids: Sequence[str]) -> tuple[tuple[str, str], ...]:
        """Give each account that the money may have reached, and when at the earliest."""
        from graphdb.casework.tracing import arrivals_of

        return arrivals_of(self.store, self._flows(), [self._entity(id_) for id_ in ids])

    def _flows(self, opening: Mapping[tuple[str, str], int] | None = None) -> tuple[Flow, ...]:
        """Arrange the payments for tracing, with balances that a person states."""
        from graphdb.casework.tracing import flows_in

        return flows_in(self.store, self._payments(), opening)

    def _payments(self) -> pl.DataFrame:
        """Project the payments; a file is open as of its opening, a server as of now."""
        from graphdb.casework.projection import payments_of

        store = self.store
        refuse_to_trace(self.docket.rows_loaded, self.engine)
        head = self._opened_at if store.engine == EMBEDDED else self._log.head()
        behind = Docket(self.folder, self._log).unfinished or self.is_behind
        return payments_of(store, self.docket, self.folder, head, keep=not behind)

    def chart_trail(self, title: str, trail: Trail, path: Path) -> TrailChart:
        """Draw a trail: layers from left to right, a time line, and every payment."""
        from graphdb.casework.drawing import draw_money

        return draw_money(self.store, self.sources, title, trail, path)

    def hand_over(
        self, exports: Sequence[Export], folder: Path, scope: Scope | None = None
    ) -> tuple[Path, ...]:
        """Write the case, or a part of it, in the forms of other tools.

        Raises:
            StoreUnreachable: the folder cannot be written.
        """
        from graphdb.bundle.exports import write_exports
        from graphdb.casework.handing import WHOLE, handed_in_parts

        if (scope or WHOLE).ids is None and all(export.takes_parts for export in exports):
            parts = handed_in_parts(self.store, self.docket, self.name, self.id)
            return write_exports(parts, exports, folder)
        quotes = any(export.quotes for export in exports)
        return write_exports(self.handover(scope, quotes=quotes), exports, folder)

    def handover(self, scope: Scope | None = None, *, quotes: bool = True) -> Handover:
        """Gather what is handed over: nodes and links, the rows behind them, and their files."""
        from graphdb.casework.handing import WHOLE, handed

        quote = self.sources if quotes else lambda _places: ()
        handover = handed(self.store, self.docket, quote, self.name, scope or WHOLE)
        return replace(handover, case_id=self.id)

    def figures(self) -> tuple[Figure, ...]:
        """Count and add up what thresholds of law are compared with."""
        from graphdb.casework.figures import figures_of

        return figures_of(self.store)

    def _paid(self, payments: Collection[str]) -> dict[str, Paid]:
        from graphdb.packs import Paid

        rows = self.store.read(
            "MATCH (p:Payment)-[:PAID_TO]->(a:Account) WHERE p.id IN $ids "
            "RETURN p.id AS id, a.id AS payee, p.amount_minor AS amount, p.currency AS currency "
            "ORDER BY id",
            {"ids": [*sorted(payments)]},
        ).rows
        return {
            str(id_): Paid(str(payee), int(str(amount)), str(currency))
            for id_, payee, amount, currency in rows
        }

    def chart(
        self, title: str, findings: Sequence[Finding], chains: Sequence[Chain], path: Path
    ) -> Chart:
        """Draw a link chart of findings and chains, with the source rows behind every line."""
        from graphdb.casework.drawing import draw_findings

        return draw_findings(
            self.store, self.sources, title, findings, chains, path, self._imprint()
        )

    def _imprint(self) -> Imprint:
        from graphdb.casework.drawing import imprint_of

        last = [str(entry["at"]) for entry in self._log.entries()][-1]
        return imprint_of(self.name, self.docket, last)

    def show(self, id_: str) -> Shown:
        """Show one entity whole, also by another spelling of its id or one that is joined into it.

        Raises:
            WrongUsage: the case holds no such entity.
        """
        from graphdb.casework.showing import shown
        from graphdb.packs import load_packs

        def find(label: str) -> list[Finding]:
            naming = [p for p in load_packs() if any(label == known for known, _ in p.nodes)]
            return [f for one in self._answers(naming, {}, anew=False) for f in one.findings]

        entity = self._entity(id_)
        return shown(self.store, self.docket, self._log, entity, find, self.sources)

    def sources(self, places: Collection[str]) -> tuple[SourceRow, ...]:
        """Quote the rows of the exhibits that stand at these places, as they were written."""
        return quoted(self.docket, places)

    @property
    def store(self) -> Store:
        """The graph, open for reading as it was last published."""
        if self._reader is None:
            # Before the graph: what is projected under a head that is too old is never read again.
            self._opened_at = self._log.head()
            self._kept = Kept(self.folder, self.folder / _GRAPH, self._opened_at)
            self._reader = self._opened(write=False)
        return self._reader

    def close(self) -> None:
        """Release the engine."""
        if self._reader is not None:
            self._reader.close()
            self._reader = None

    def _opened(self, *, write: bool) -> Store:
        graph = self.folder / _GRAPH
        rows, keys = self.docket.rows_loaded, self._credentials
        refuse_to_open(rows, self.engine)
        return open_own(self.id, self.engine, graph, rows, write=write, credentials=keys)

    def _who(self) -> dict[str, Any]:
        return {"now": self._clock(), "by": getpass.getuser()}

    def _entity(self, id_: str) -> Entity:
        from graphdb.casework.showing import entity_named

        return entity_named(self.store, self.docket, self._log, id_)
