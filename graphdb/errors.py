"""Every error that Linkwright raises on purpose.

    GraphdbError                 what, where, fix
    ├── InputRefused             exit 1: evidence, a map or a pack that cannot be read
    ├── WrongUsage               exit 2: an unknown pack, parameter, entity or option value
    ├── StoreUnreachable         exit 3: the engine does not answer, or refuses us
    │   └── StoreBusy            exit 3: somebody else is writing this case
    └── CheckFailed              exit 4: a self-test or a verification says no
        └── LimitReached         exit 4: a question took more time or work than it was given

The command line prints the three parts as three lines and exits with ``exit_code``;
anything that is not a GraphdbError is a bug and keeps its traceback.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar, Final

from graphdb.model import Place

QUOTE_LIMIT: Final = 60


def quoted(value: object) -> str:
    """Quote an offending value for a message, cut at 60 characters.

    >>> quoted("84,000元")
    "'84,000元'"
    >>> len(quoted("x" * 500))
    63
    """
    text = str(value)
    shown = text if len(text) <= QUOTE_LIMIT else text[:QUOTE_LIMIT] + "…"
    # repr() makes control and bidi characters visible instead of letting them act on a terminal.
    return repr(shown)


class GraphdbError(Exception):
    """Say what happened, where, and what to do about it."""

    exit_code: ClassVar[int] = 1

    def __init__(
        self, what: str, *, where: Place | str | None = None, fix: str | None = None
    ) -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.fix = fix

    def __str__(self) -> str:
        """Render the lines of the message that are known."""
        lines = [self.what]
        if self.where is not None:
            lines.append(f"  at  {self.where}")
        if self.fix is not None:
            lines.append(f"  fix {self.fix}")
        return "\n".join(lines)


class InputRefused(GraphdbError):
    """A file, map or pack cannot be taken as it is."""

    exit_code: ClassVar[int] = 1


class WrongUsage(GraphdbError):
    """The caller asked for something that does not exist."""

    exit_code: ClassVar[int] = 2


class StoreUnreachable(GraphdbError):
    """The graph engine does not answer, or does not let us in."""

    exit_code: ClassVar[int] = 3


class StoreBusy(StoreUnreachable):
    """Another process is writing this case."""


class CheckFailed(GraphdbError):
    """A check ran and the answer is no."""

    exit_code: ClassVar[int] = 4


class LimitReached(CheckFailed):
    """A question took more time or work than it was given; no part of an answer is returned."""


@contextmanager
def disk(where: Path) -> Iterator[None]:
    """Say plainly when the disk is full or a folder cannot be written."""
    try:
        yield
    except OSError as error:
        raise StoreUnreachable(
            f"writing failed: {error.strerror or error}",
            where=str(where),
            fix="free some disk space or choose a folder you may write to, then run it again; "
            "what was acknowledged before is safe",
        ) from error
