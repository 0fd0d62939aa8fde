"""A spool: the batches of a file, read whole before anything of it is loaded.

A file that turns out broken in its last line must leave nothing behind, and a file may be longer
than the memory: so its batches wait on disk, in the case folder, and are given back one by one.
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Final

import polars as pl

from graphdb.evidence.reading import Reading
from graphdb.model import Batch, Reject

# Rows of one table are loaded together up to this many: each load has a cost of its own.
_ROWS_TOGETHER: Final = 500_000


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A batch that waits on disk: all of it but its frame."""

    batch: Batch
    path: Path


class Spool:
    """The batches of one reading, in a folder that is removed at the end."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._waiting: list[_Waiting] = []

    def __enter__(self) -> "Spool":
        """Make the folder, empty."""
        shutil.rmtree(self._folder, ignore_errors=True)
        self._folder.mkdir()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Remove the folder."""
        shutil.rmtree(self._folder, ignore_errors=True)

    @property
    def read(self) -> int:
        """How many rows were read, those that are derived from others not counted."""
        return sum(one.batch.read for one in self._waiting if not one.batch.derived)

    def fill(self, reading: Reading) -> None:
        """Read a file to its end.

        Raises:
            InputRefused: the file cannot be read to its end.
        """
        for batch in reading.each():
            path = self._folder / f"{len(self._waiting)}.parquet"
            batch.frame.write_parquet(path, compression="lz4")
            empty = replace(batch, frame=batch.frame.clear(), warnings=())
            self._waiting.append(_Waiting(empty, path))

    def batches(self) -> Iterator[Batch]:
        """Give the batches; neighbours of one table are one, up to half a million rows."""
        together: list[_Waiting] = []
        rows = 0
        for one in self._waiting:
            if together and (rows >= _ROWS_TOGETHER or not _belong(together[-1], one)):
                yield _joined(together)
                together, rows = [], 0
            together.append(one)
            rows += one.batch.read
        if together:
            yield _joined(together)


def _belong(one: _Waiting, other: _Waiting) -> bool:
    a, b = one.batch, other.batch
    return (a.table, a.exhibit, a.derived) == (b.table, b.exhibit, b.derived)


def _joined(parts: list[_Waiting]) -> Batch:
    frame = pl.concat([pl.read_parquet(one.path) for one in parts], how="diagonal")
    rejects: list[Reject] = []
    for one in parts:
        rejects.extend(one.batch.rejects)
        one.path.unlink()
    return replace(
        parts[0].batch,
        frame=frame,
        read=sum(one.batch.read for one in parts),
        rejects=tuple(rejects),
    )
