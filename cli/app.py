"""The commands, put together; every refusal becomes three lines and an exit code."""

import os
from typing import Any, Final

import typer
from typer.core import TyperGroup

from graphdb import __version__
from graphdb.errors import GraphdbError

from . import ask, cases, demo, draw, hand, law, maps, money, moves, packs, requests, same, seal
from .output import complain, err

# What a shell gives for a program that ended by Ctrl-C.
INTERRUPTED: Final = 130


class Linkwright(TyperGroup):
    """A group of commands that says what, where and what to do when it refuses."""

    def invoke(self, ctx: Any) -> Any:
        """Run a command; a GraphdbError is an answer, anything else is a bug with a traceback."""
        try:
            return super().invoke(ctx)
        except GraphdbError as error:
            complain(error)
            raise typer.Exit(error.exit_code) from error
        except KeyboardInterrupt:
            # All that was held is released by now. An engine in the middle of a query would keep
            # the interpreter from ending; nothing is written by a query, so it is left there.
            err().print("interrupted: nothing was answered in part")
            os._exit(INTERRUPTED)


app = typer.Typer(
    name="linkwright",
    cls=Linkwright,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Trace fraud networks: evidence files in, tested questions, link charts out.",
    epilog="Begin with: linkwright demo",
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"linkwright {__version__}")
        raise typer.Exit


@app.callback()
def _main(
    _show_version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Print the version."
    ),
) -> None:
    """Hold the options of the program itself."""


app.command()(demo.demo)
app.command()(cases.new)
app.command()(cases.add)
app.command()(cases.status)
app.command()(moves.push)
app.command()(moves.pull)
app.command("map")(maps.map_)
app.add_typer(packs.app, name="packs")
app.add_typer(same.app, name="same")
app.command()(ask.run)
app.command()(ask.chain)
app.command("next")(requests.next_)
app.command()(money.trace)
app.command()(money.paths)
app.command()(ask.show)
app.command()(draw.chart)
app.command()(seal.bundle)
app.command()(seal.verify)
app.command()(hand.export)
app.command()(law.thresholds)
app.command()(hand.report)
