"""Manners of output: results on standard output, everything else on standard error."""

import atexit
import json
import logging
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, TextIO

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

from graphdb.errors import GraphdbError

if TYPE_CHECKING:
    from graphdb.case import Case
    from graphdb.store import Credentials

CaseOption = Annotated[
    Path,
    typer.Option("--case", envvar="LINKWRIGHT_CASE", help="The case folder.", show_default="here"),
]
JsonOption = Annotated[
    bool, typer.Option("--json", help="Print one JSON document and nothing else.")
]
FolderOption = Annotated[
    Path | None, typer.Option("--packs", help="A folder of packs instead of the catalogue.")
]
HERE = Path()


# In a pipe or a file no cell is folded: what reads it there goes by lines.
_UNFOLDED = 1000


def out() -> Console:
    """Give the console of results; made anew so that tests and pipes are seen."""
    return Console(file=sys.stdout, soft_wrap=True, highlight=False, width=_width(sys.stdout))


def err() -> Console:
    """Give the console of progress, warnings and refusals."""
    return Console(file=sys.stderr, soft_wrap=True, highlight=False, width=_width(sys.stderr))


def _width(stream: TextIO) -> int | None:
    return None if stream.isatty() or "COLUMNS" in os.environ else _UNFOLDED


def complain(error: GraphdbError) -> None:
    """Print what, where and what to do, as three lines."""
    console = err()
    console.print(f"[bold red]{escape(visible(error.what))}[/]")
    if error.where is not None:
        console.print(f"  at  {escape(visible(str(error.where)))}")
    if error.fix is not None:
        console.print(f"  fix {escape(visible(error.fix))}")


def warn(text: str) -> None:
    """Print a warning."""
    err().print(f"[yellow]warning[/] {escape(visible(text))}")


def print_json(document: Any) -> None:
    """Print one JSON document; Chinese stays Chinese, and the encoding is always UTF-8."""
    text = json.dumps(document, ensure_ascii=False, indent=2, default=str) + "\n"
    sys.stdout.flush()
    if hasattr(sys.stdout, "buffer"):
        sys.stdout.buffer.write(text.encode())
        sys.stdout.buffer.flush()
    else:
        sys.stdout.write(text)


def print_table(
    title: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[object]],
    to: Console | None = None,
    *,
    whole: Sequence[str] = (),
) -> None:
    """Print a table; cells come from evidence, so nothing in them is markup or control.

    Columns named in ``whole`` are not folded, and the table has no bars, for a narrow terminal.
    """
    table = Table(
        title=escape(visible(title)), title_justify="left", title_style="bold", header_style="bold"
    )
    if whole:
        table.box, table.padding, table.show_edge = SIMPLE_HEAD, 0, False
    numeric = [all(isinstance(row[at], int) for row in rows) for at in range(len(columns))]
    for name, right in zip(columns, numeric, strict=True):
        side: Literal["left", "right"] = "right" if right and rows else "left"
        table.add_column(name, justify=side, overflow="fold", no_wrap=name in whole)
    for row in rows:
        table.add_row(*(escape(visible(_cell(cell))) for cell in row))
    (to or out()).print(table)


def _cell(cell: object) -> str:
    if isinstance(cell, int) and not isinstance(cell, bool):
        return f"{cell:,}"
    return "" if cell is None else str(cell)


def visible(text: str) -> str:
    r"""Show control and direction characters instead of letting them act on the terminal.

    >>> print(visible("red" + chr(27) + chr(0x202E)))
    red\x1b\u202e
    """
    return "".join(
        character
        if character.isprintable() or character == "\n"
        else character.encode("unicode_escape").decode()
        for character in text
    )


def link(path: Path) -> str:
    """Give a path that a terminal lets people click."""
    whole = path.resolve()
    return f"[link={whole.as_uri()}]{escape(str(whole))}[/link]"


class Rate(ProgressColumn):
    """The rate of a step, once it is known."""

    def render(self, task: Task) -> Text:
        """Write the rate a second."""
        speed = task.finished_speed or task.speed
        return Text(f"{speed:,.0f}/s" if speed and speed >= 1 else "")


class Warnings(logging.Handler):
    """What the library warns of while it works, such as a lost connection that it tries again."""

    def emit(self, record: logging.LogRecord) -> None:
        """Print it like any other warning."""
        warn(record.getMessage())


def show_warnings() -> None:
    """Print the library's warnings on standard error, once each."""
    logger = logging.getLogger("graphdb")
    if not any(isinstance(one, Warnings) for one in logger.handlers):
        logger.addHandler(Warnings(logging.WARNING))
        logger.propagate = False


@contextmanager
def progress(what: str) -> Iterator[Callable[[str, int, int], None]]:
    """Show a bar on standard error, if a person is looking."""
    console = err()
    bar = Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        Rate(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
    with bar:
        task = bar.add_task(what, total=None)

        def update(step: str, done: int, total: int) -> None:
            shown = bar.tasks[0]
            if done < shown.completed or total != shown.total:
                # Another step has begun, with a rate of its own.
                bar.reset(task)
            bar.update(task, description=visible(f"{what} {step}"), completed=done, total=total)

        yield update


def credentials(engine: str, of: str = "NEO4J") -> "Credentials | None":
    """Read a server's user and password from the environment, or ask a person for them."""
    from graphdb.store import EMBEDDED, Credentials

    if engine == EMBEDDED:
        return None
    user = os.environ.get(f"LINKWRIGHT_{of}_USER", "neo4j")
    password = os.environ.get(f"LINKWRIGHT_{of}_PASSWORD")
    if password is None and sys.stdin.isatty():
        password = typer.prompt(f"Password of {user}", hide_input=True, err=True)
    return Credentials(user, password or "")


def open_case(folder: Path) -> "Case":
    """Open a case and say what an interruption left unfinished."""
    from graphdb.case import Case
    from graphdb.store import EMBEDDED

    show_warnings()
    case = Case(folder)
    case = Case(folder, credentials(case.engine)) if case.engine != EMBEDDED else case
    atexit.register(case.close)
    for entry in case.docket.unfinished:
        warn(
            f"{entry.exhibit.name} was received but not loaded to its end: answers may lack its "
            "rows; 'linkwright add' with any file, or with none, finishes it"
        )
    if case.is_behind:
        warn("the graph lacks the last decision: 'linkwright add', without a file, puts it in")
    return case
