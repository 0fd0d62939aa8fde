"""Answering: what packs answered, kept beside the case.

What is kept bears the text and values of the question, the version of program and engine, the head
of the case log and the very file of the graph: after any load or decision, or with another text,
nothing of it fits and the question is asked anew. A file that was torn or altered is not read. A
server may be written by others, so no answer of one is kept.
"""

from __future__ import annotations

import json
from contextlib import suppress
from functools import cached_property
from hashlib import sha256
from importlib.metadata import version
from typing import TYPE_CHECKING, Final

from graphdb import __version__
from graphdb.model import Cell, Rows

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from graphdb.packs import Pack, Walker
    from graphdb.packs.run import Read

_FOLDER: Final = "answers"


class Kept:
    """The answers about one state of an embedded graph, a file each; made before it is opened."""

    def __init__(self, folder: Path, graph: Path, head: str) -> None:
        self._folder = folder / _FOLDER
        now = graph.stat() if graph.exists() else None
        self._graph = (now.st_size, now.st_mtime_ns, now.st_ino) if now else None
        self._head = head

    @cached_property
    def _state(self) -> str:
        return _digest(json.dumps([self._head, self._graph, __version__, version("kglite")]))

    def asking(self, read: Read, walker: Walker, *, anew: bool) -> tuple[Read, Walker]:
        """Give what asks packs, and keeps each answer; without ``anew`` a kept one will do."""
        if self._graph is None:
            return read, walker

        def known(question: Sequence[object], ask: Callable[[], Rows]) -> Rows:
            written = json.dumps(question)
            if not anew and (rows := self._rows(written)) is not None:
                return rows
            rows = ask()
            self._keep(written, rows)
            return rows

        def reading(text: str, values: Mapping[str, Cell]) -> Rows:
            return known([text, values], lambda: read(text, values))

        def walking(pack: Pack, seeds: Rows, values: Mapping[str, Cell]) -> Rows:
            return known([pack.sha256, values], lambda: walker(pack, seeds, values))

        return reading, walking

    def _rows(self, question: str) -> Rows | None:
        for path in self._folder.glob(f"{self._state}-{_digest(question)}-*.json"):
            with suppress(OSError, UnicodeDecodeError):
                written = path.read_text(encoding="utf-8")
                if path.stem.rpartition("-")[2] == _digest(written):
                    columns, *rows = json.loads(written)
                    return Rows(tuple(columns), tuple(tuple(row) for row in rows))
        return None

    def _keep(self, question: str, answer: Rows) -> None:
        """Write an answer down; where the folder cannot be written to none is kept."""
        written = json.dumps([answer.columns, *answer.rows], ensure_ascii=False)
        name = f"{self._state}-{_digest(question)}-{_digest(written)}"
        with suppress(OSError):
            self._folder.mkdir(exist_ok=True)
            for old in self._folder.iterdir():
                if not old.name.startswith(self._state):
                    old.unlink()
            part = self._folder / f"{name}.part"
            part.write_text(written, encoding="utf-8")
            part.replace(self._folder / f"{name}.json")


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:32]
