"""The docket: which exhibits a case has, how each was read, and what became of its rows.

Everything here is derived from the case log, which is the only record: an exhibit counts once
its ``loaded`` entry stands there. Files of rows or rejects without that entry are leftovers of an
interrupted load and are not looked at.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl

from graphdb.evidence.custody import Exhibit
from graphdb.evidence.kept import Sifted, keep, sift
from graphdb.evidence.log import CaseLog
from graphdb.evidence.reading import ReadOptions
from graphdb.model import Batch, Place, Reject


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of the rows of a file; ``read == loaded + repeated + rejected``.

    ``controls`` are totals as written in the file, for comparison with the sender's own.
    """

    format: str
    read: int
    loaded: int
    repeated: int
    rejected: int
    warnings: tuple[str, ...] = ()
    controls: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One reading of an exhibit; a file that is added again with other options is read again."""

    exhibit: Exhibit
    options: ReadOptions
    reading: int
    tally: Tally | None = None

    @property
    def key(self) -> str:
        """The stem of the files of this reading: exhibit and reading number."""
        return f"{self.exhibit.number}-{self.reading}"


class Docket:
    """The exhibits of the case in a folder."""

    def __init__(self, folder: Path, log: CaseLog) -> None:
        self.exhibits = folder / "exhibits"
        self._rows = folder / "rows"
        self._rejects = folder / "rejects"
        self.spool = folder / "spool"
        self._log = log
        self._entries: dict[str, Entry] = {}
        for record in log.entries():
            self._read(record)

    def prepare(self) -> None:
        """Make the folders of a new case."""
        for folder in (self.exhibits, self._rows, self._rejects):
            folder.mkdir(exist_ok=True)

    @property
    def finished(self) -> tuple[Entry, ...]:
        """The readings whose rows are all in the graph."""
        return tuple(entry for entry in self._entries.values() if entry.tally is not None)

    @property
    def unfinished(self) -> tuple[Entry, ...]:
        """The readings that were received while the load was interrupted."""
        return tuple(entry for entry in self._entries.values() if entry.tally is None)

    @property
    def rows_loaded(self) -> int:
        """How many rows the case holds."""
        return sum(entry.tally.loaded for entry in self.finished if entry.tally)

    def of_file(self, sha256: str) -> list[Entry]:
        """Give the readings of a file that was received before, told by its hash."""
        return [entry for entry in self._entries.values() if entry.exhibit.sha256 == sha256]

    def of_exhibit(self, number: str) -> Entry:
        """Give the last reading of an exhibit."""
        return [e for e in self._entries.values() if e.exhibit.number == number][-1]

    def next_number(self) -> str:
        """Give the number of the next exhibit.

        >>> from graphdb.evidence.log import CaseLog
        >>> Docket(Path("."), CaseLog(Path("no-such-file"))).next_number()
        'E01'
        """
        return f"E{1 + len({e.exhibit.number for e in self._entries.values()}):02d}"

    def received(self, entry: Entry, **who: Any) -> None:
        """Write into the log that a file is in custody and how it is to be read."""
        self._log.append(
            "received",
            exhibit=asdict(entry.exhibit),
            options=entry.options.as_record(),
            reading=entry.reading,
            **who,
        )
        self._entries[entry.key] = entry

    def loaded(self, entry: Entry, tally: Tally, **who: Any) -> None:
        """Write into the log that all rows of a reading are in the graph."""
        self._log.append(
            "loaded", exhibit=entry.exhibit.number, reading=entry.reading, **asdict(tally), **who
        )
        self._entries[entry.key] = replace(entry, tally=tally)

    def sift(self, entry: Entry, part: int, batch: Batch, also: Sequence[Entry] = ()) -> Sifted:
        """Keep the rows of a batch that are new to the case (and to the readings ``also``)."""
        counted = {e.key for e in (*self.finished, *also, entry)}
        kept = [
            path
            for path in sorted(self._rows.glob(f"*.{batch.table}.parquet"))
            if path.name.partition(".")[0] in counted
        ]
        target = self._rows / f"{entry.key}.{part}.{batch.table}.parquet"
        # A leftover of an interrupted load must not make its own rows look repeated.
        kept = [path for path in kept if path != target]
        sifted = sift(batch, kept)
        keep(sifted.fresh, target)
        return sifted

    def parts(self, also: Sequence[Entry] = ()) -> list[Path]:
        """Give the files of all rows that count, in the order in which they were received."""
        order = {e.key: at for at, e in enumerate(self._entries.values())}
        counted = {e.key for e in (*self.finished, *also)}
        found = [
            (order[key], int(part), path)
            for path in self._rows.glob("*.parquet")
            for key, part, _ in [path.stem.split(".")]
            if key in counted
        ]
        return [path for _, _, path in sorted(found)]

    def places(self) -> set[str]:
        """Give the places of all rows that count."""
        place = pl.col("exhibit") + ":" + pl.col("row").cast(pl.String)
        found: set[str] = set()
        for path in self.parts():
            found.update(pl.scan_parquet(path).select(place).collect().to_series())
        return found

    def batch(self, path: Path) -> Batch:
        """Read the rows of one of the ``parts`` back."""
        frame = pl.read_parquet(path)
        exhibit = str(frame["exhibit"][0]) if frame.height else ""
        table = path.stem.split(".")[2]
        return Batch(table, exhibit, frame.drop("exhibit"), read=frame.height)

    def kept(self, table: str, columns: Sequence[str], also: Sequence[Entry] = ()) -> pl.DataFrame:
        """Read columns of all rows of a table; a column that an exhibit lacks is null there."""
        kinds = {name: pl.Int64 if name == "row" else pl.String for name in columns}
        parts = [*self.kept_parts(table, columns, also)]
        if not parts:
            return pl.DataFrame(schema=kinds)
        whole = pl.concat(parts, how="diagonal")
        lacking = {name: kind for name, kind in kinds.items() if name not in whole.columns}
        return whole.with_columns(
            pl.lit(None, dtype=kind).alias(name) for name, kind in lacking.items()
        ).select(columns)

    def kept_parts(
        self, table: str, columns: Sequence[str], also: Sequence[Entry] = ()
    ) -> Iterator[pl.DataFrame]:
        """Read columns of a table part by part, each with those of the columns that it has."""
        for path in self.parts(also):
            if path.stem.split(".")[2] == table:
                there = pl.scan_parquet(path)
                names = there.collect_schema().names()
                yield there.select(name for name in columns if name in names).collect()

    def forget(self, entry: Entry) -> None:
        """Remove the leftovers of an interrupted reading before it is done again."""
        for path in self._rows.glob(f"{entry.key}.*.parquet"):
            path.unlink()

    def reach(self) -> dict[str, tuple[datetime, datetime]]:
        """Tell for each table that has times from when to when its loaded rows reach."""
        keys = {entry.key for entry in self.finished}
        times: dict[str, list[datetime]] = defaultdict(list)
        for path in sorted(self._rows.glob("*.parquet")):
            key, _, table = path.stem.split(".")
            if key not in keys or "at" not in pl.scan_parquet(path).collect_schema().names():
                continue
            ends = (
                pl.scan_parquet(path)
                .select(first=pl.col("at").min(), last=pl.col("at").max())
                .collect()
            )
            times[table] += [time for time in ends.row(0) if time is not None]
        return {table: (min(found), max(found)) for table, found in times.items() if found}

    def keep_rejects(self, entry: Entry, rejects: Sequence[Reject]) -> None:
        """Keep the rejected rows' places, reasons and remedies."""
        lines = (
            json.dumps({**asdict(reject), "where": str(reject.where)}, ensure_ascii=False) + "\n"
            for reject in rejects
        )
        path = self._rejects / f"{entry.key}.jsonl"
        path.write_text("".join(lines), encoding="utf-8")

    def rejects_of(self, entry: Entry) -> list[Reject]:
        """Read the rejected rows of a reading back."""
        path = self._rejects / f"{entry.key}.jsonl"
        records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        return [Reject(Place.parse(r["where"]), r["column"], r["what"], r["fix"]) for r in records]

    def _read(self, record: Mapping[str, Any]) -> None:
        if record["event"] == "received":
            entry = Entry(
                Exhibit(**record["exhibit"]),
                ReadOptions.from_record(record["options"]),
                record["reading"],
            )
            self._entries[entry.key] = entry
        elif record["event"] == "loaded":
            entry = self._entries[f"{record['exhibit']}-{record['reading']}"]
            tally = Tally(
                format=record["format"],
                read=record["read"],
                loaded=record["loaded"],
                repeated=record["repeated"],
                rejected=record["rejected"],
                warnings=tuple(record["warnings"]),
                controls=tuple(record["controls"]),
            )
            self._entries[entry.key] = replace(entry, tally=tally)
