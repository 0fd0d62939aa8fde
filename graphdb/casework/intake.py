"""Intake: evidence files become exhibits, and their rows become the graph.

Joins evidence, identity and store for ``Case.add``. The order of the steps is what makes a load
safe to interrupt anywhere: copy and hash, read the whole file, log ``received``, load, publish,
log ``loaded``. What stands as received but not loaded is done again from the exhibit's copy.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from graphdb.casework.conflicts import Conflict, conflicts_in
from graphdb.casework.joining import bring_up, is_open, joins_of, load_batch, mark_hubs, mark_likely
from graphdb.casework.sizing import refuse_to_load, warn_of_size
from graphdb.errors import GraphdbError, InputRefused
from graphdb.evidence import NOTHING_TO_DO, ReadOptions, read_evidence
from graphdb.evidence.custody import Exhibit, Receipt, receive, take_in
from graphdb.evidence.docket import Docket, Entry, Tally
from graphdb.evidence.log import CaseLog
from graphdb.evidence.spool import Spool
from graphdb.identity import Joins
from graphdb.model import Batch, Reject
from graphdb.store import EMBEDDED, Store, unheard

Progress = Callable[[str, int, int], None]

# Publishing rewrites the whole embedded graph, so it waits until at least this share was added
# since the last time: the sum of all rewrites then stays in proportion to the rows loaded.
_PUBLISH_SHARE: Final = 0.5
# A case's own table of hubs, beside its log; see identity/hubs.toml for its form.
OWN_HUBS: Final = "hubs.toml"
_SKIPPED: Final = frozenset({".ds_store", "thumbs.db", "desktop.ini"})


@dataclass(frozen=True, slots=True)
class FileReport:
    """A file that was added: its exhibit, and what became of its rows."""

    exhibit: Exhibit
    tally: Tally


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file that could not be taken at all, and why."""

    name: str
    error: GraphdbError


@dataclass(frozen=True, slots=True)
class AddReport:
    """What became of all the files of one ``add``."""

    files: tuple[FileReport, ...]
    rejects: tuple[Reject, ...]
    refused: tuple[Refusal, ...]
    conflicts: tuple[Conflict, ...] = ()


class Held:
    """The graph of a case that is held for writing, opened when it is first needed."""

    def __init__(self, opened: Callable[[], Store], engine: str) -> None:
        self.engine = engine
        self._opened = opened
        self._store: Store | None = None

    @property
    def store(self) -> Store:
        """The graph, open for writing."""
        if self._store is None:
            self._store = self._opened()
        return self._store

    def close(self) -> None:
        """Give up what was not published."""
        if self._store is not None:
            self._store.close()


class Intake:
    """One ``add``: holds the graph for writing and what is loaded but not yet published."""

    def __init__(
        self,
        docket: Docket,
        log: CaseLog,
        held: Held,
        who: Callable[[], dict[str, Any]],
        receipt: Receipt | None = None,
    ) -> None:
        self._receipt = {name: text for name, text in asdict(receipt or Receipt()).items() if text}
        self._docket = docket
        self._log = log
        self._held = held
        self._who = who
        self._pending: list[tuple[Entry, Tally]] = []
        self._grew = False

    @cached_property
    def _joins(self) -> Joins:
        """The joins that the graph stands in; those of new rows come when they are all there."""
        return joins_of(self._docket, self._log)

    def add(self, paths: Sequence[Path], options: ReadOptions, progress: Progress) -> AddReport:
        """Finish what was interrupted, add the files one by one, and publish."""
        reports: list[FileReport] = []
        rejects: list[Reject] = []
        refused: list[Refusal] = []
        self._finish_interrupted(progress)
        files = _files_in(paths)
        if self._held.engine == EMBEDDED:
            sizes = sum(path.stat().st_size for path, _ in files if path.is_file())
            warn_of_size(sizes, self._docket.rows_loaded)
        for at, (path, name) in enumerate(files):
            progress(name, at, len(files))
            try:
                report, bad = self._add_file(path, name, options, progress)
            except InputRefused as error:
                refused.append(Refusal(name, error))
                self._log.append("refused", name=name, why=error.what, **self._who())
                continue
            reports.append(report)
            rejects.extend(bad)
        progress("writing the graph", len(files), len(files))
        conflicts = self.finish(progress)
        # What somebody must mend comes first.
        rejects.sort(key=lambda reject: reject.fix == NOTHING_TO_DO)
        return AddReport(tuple(reports), tuple(rejects), tuple(refused), conflicts)

    def finish(self, progress: Progress) -> tuple[Conflict, ...]:
        """Join what new rows or decisions make one, publish, and give what contradicts itself."""
        if not self._grew and not is_open(self._log):
            return ()
        store = self._held.store
        pending = [entry for entry, _ in self._pending]
        joins = joins_of(self._docket, self._log, pending)
        is_rebuilt = bring_up(
            store, self._docket, self._log, joins, also=pending, who=self._who, progress=progress
        )
        mark_likely(store, self._docket, self._log, joins, pending)
        own = self._docket.exhibits.parent / OWN_HUBS
        mark_hubs(store, self._docket, joins, pending, own)
        self._publish()
        if is_rebuilt:
            self._log.append("joined", digest=joins.digest, **self._who())
        return conflicts_in(self._docket, joins)

    def _finish_interrupted(self, progress: Progress) -> None:
        for entry in self._docket.unfinished:
            progress(f"{entry.exhibit.name} (interrupted before)", 0, 1)
            self._docket.forget(entry)
            copy = self._docket.exhibits / entry.exhibit.file
            with Spool(self._docket.spool) as spool:
                tally = _read(spool, copy, entry.exhibit.number, entry.options, entry.exhibit.name)
                self._load(entry, spool, tally, progress, resume=True)

    def _add_file(
        self, path: Path, name: str, options: ReadOptions, progress: Progress
    ) -> tuple[FileReport, Sequence[Reject]]:
        copy, sha256, sm3, size = receive(path, self._docket.exhibits)
        try:
            before = self._docket.of_file(sha256)
            again = next((entry for entry in before if entry.options == options), None)
            if again is not None:
                return self._seen_before(again)
            self._publish_if_much()
            number = before[0].exhibit.number if before else self._docket.next_number()
            with Spool(self._docket.spool) as spool:
                tally = _read(spool, copy, number, options, name)
                waiting = sum(other.loaded for _, other in self._pending)
                rows = self._docket.rows_loaded + waiting + tally.read
                refuse_to_load(rows, self._held.engine)
                if before:
                    exhibit = before[0].exhibit
                else:
                    lasting = take_in(copy, number, path.name)
                    exhibit = Exhibit(number, name, sha256, sm3, size, lasting.name)
                entry = Entry(exhibit, options, 1 + len(before))
                self._docket.received(entry, **self._receipt, **self._who())
                return self._load(entry, spool, tally, progress, resume=False)
        finally:
            copy.unlink(missing_ok=True)

    def _seen_before(self, entry: Entry) -> tuple[FileReport, Sequence[Reject]]:
        """Answer for a file that was read before in the same way: nothing is new in it."""
        tally = entry.tally or next(t for e, t in self._pending if e.key == entry.key)
        self._log.append("seen again", exhibit=entry.exhibit.number, **self._who())
        again = replace(
            tally,
            loaded=0,
            repeated=tally.read - tally.rejected,
            warnings=("the same file was added before: nothing changed",),
        )
        return FileReport(entry.exhibit, again), self._docket.rejects_of(entry)

    def _load(
        self, entry: Entry, spool: Spool, tally: Tally, progress: Progress, *, resume: bool
    ) -> tuple[FileReport, Sequence[Reject]]:
        store = self._held.store
        self._grew = True
        rejects: list[Reject] = []
        warnings = [*tally.warnings]
        loaded = repeated = 0
        pending = [other for other, _ in self._pending]
        told = _Told(progress, f"rows of {entry.exhibit.name}", tally.read)
        for part, batch in enumerate(spool.batches()):
            sifted = self._docket.sift(entry, part, batch, pending)
            heard = unheard if batch.derived else told
            load_batch(store, self._joins, sifted.fresh, resume=resume, done=heard)
            if batch.derived:
                warnings.extend(_as_warning(sifted.fresh))
                continue
            told(batch.read - sifted.fresh.frame.height)
            loaded += sifted.fresh.frame.height
            repeated += sifted.repeated
            rejects.extend(sifted.fresh.rejects)
        self._docket.keep_rejects(entry, rejects)
        tally = replace(
            tally,
            loaded=loaded,
            repeated=repeated,
            rejected=len(rejects),
            warnings=tuple(dict.fromkeys(warnings)),
        )
        self._pending.append((entry, tally))
        return FileReport(entry.exhibit, tally), rejects

    def _publish_if_much(self) -> None:
        waiting = sum(other.loaded for _, other in self._pending)
        if waiting > _PUBLISH_SHARE * self._docket.rows_loaded:
            self._publish()

    def _publish(self) -> None:
        self._held.store.publish()
        for entry, tally in self._pending:
            self._docket.loaded(entry, tally, **self._who())
        self._pending.clear()


class _Told:
    """The rows of a file that are done with, of how many."""

    def __init__(self, progress: Progress, what: str, total: int) -> None:
        self._progress = progress
        self._what = what
        self._total = total
        self._rows = 0

    def __call__(self, rows: int) -> None:
        """Hear of more rows, and say how far it is."""
        self._rows += rows
        self._progress(self._what, self._rows, self._total)


def _read(spool: Spool, copy: Path, number: str, options: ReadOptions, name: str) -> Tally:
    """Read a whole file before anything of it is loaded, so that none is loaded by half."""
    try:
        reading = read_evidence(copy, number, options, name)
        spool.fill(reading)
    except InputRefused as error:
        # The officer knows the file by its own name, not by that of the copy.
        error.where = str(error.where or name).replace(str(copy), name)
        raise
    return Tally(
        reading.format,
        read=spool.read,
        loaded=0,
        repeated=0,
        rejected=0,
        warnings=reading.warnings,
        controls=tuple(control.as_record() for control in reading.controls),
    )


def _as_warning(batch: Batch) -> list[str]:
    """Say in one line what could not be taken from rows that another table counts."""
    if not batch.rejects:
        return []
    first = batch.rejects[0]
    count = f"{len(batch.rejects):,} rows"
    return [f"{batch.table} not told by {count}: {first.what} (first at {first.where})"]


def _files_in(paths: Sequence[Path]) -> list[tuple[Path, str]]:
    """Give the files with their names; those of a folder carry their way within it."""
    files: list[tuple[Path, str]] = []
    for path in paths:
        if not path.is_dir():
            files.append((path, path.name))
            continue
        inside = (file for file in sorted(path.rglob("*")) if file.is_file())
        names = ((file, file.relative_to(path)) for file in inside)
        files += [(file, name.as_posix()) for file, name in names if not _hidden(name)]
    return files


def _hidden(path: Path) -> bool:
    return path.name.lower() in _SKIPPED or any(part.startswith((".", "~$")) for part in path.parts)
