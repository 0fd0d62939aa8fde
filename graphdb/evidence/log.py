"""The case log: append-only JSON lines, each holding the hash of the line before it.

A change, removal or insertion anywhere breaks the chain from there on; the head, the hash of the
last line, vouches for all before it once it is written down outside the case.
"""

import json
import os
from collections.abc import Iterator, Mapping
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from graphdb.errors import CheckFailed

GENESIS: Final = "0" * 64


class CaseLog:
    """The log of a case, in a file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def append(self, event: str, *, now: datetime, by: str, **facts: Any) -> None:
        """Write an entry and wait until it is on the disk.

        A line that a crash cut short was never acknowledged, so it is removed first.
        """
        lines = self._lines()
        entry = {
            "n": len(lines) + 1,
            "at": now.isoformat(timespec="milliseconds"),
            "by": by,
            "event": event,
            **facts,
            "previous": _digest(lines[-1]) if lines else GENESIS,
        }
        line = json.dumps(entry, ensure_ascii=False, sort_keys=True) + "\n"
        with self._path.open("r+b" if self._path.exists() else "wb") as file:
            file.truncate(sum(len(whole) + 1 for whole in lines))
            file.seek(0, os.SEEK_END)
            file.write(line.encode())
            file.flush()
            os.fsync(file.fileno())

    def entries(self) -> Iterator[Mapping[str, Any]]:
        """Give the entries in order, having checked the chain.

        Raises:
            CheckFailed: a line was changed, removed or put in.
        """
        previous = GENESIS
        for number, line in enumerate(self._lines(), start=1):
            try:
                entry: Mapping[str, Any] = json.loads(line)
            except ValueError:
                entry = {}
            if entry.get("previous") != previous or entry.get("n") != number:
                raise CheckFailed(
                    "the case log was changed after it was written: its hash chain breaks",
                    where=f"{self._path}:{number}",
                    fix="restore the log from a backup, and find out who changed it",
                )
            previous = _digest(line)
            yield entry

    def head(self) -> str:
        """Give the hash of the last line, which vouches for the whole log."""
        lines = self._lines()
        return _digest(lines[-1]) if lines else GENESIS

    def _lines(self) -> list[bytes]:
        if not self._path.exists():
            return []
        return self._path.read_bytes().split(b"\n")[:-1]


def _digest(line: bytes) -> str:
    return sha256(line).hexdigest()
