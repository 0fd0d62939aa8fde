"""The commands, put together; every refusal becomes three lines and an exit code."""

import os
from collections.abc import Mapping
from importlib import import_module
from typing import Any, Final

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_group

from graphdb import __version__
from graphdb.errors import GraphdbError

from .output import complain, err

# What a shell gives for a program that ended by Ctrl-C.
INTERRUPTED: Final = 130

# Each command by its function, MODULE.FUNCTION of this package, and the first sentence of its help.
# A module is imported when a command of it is called, so that none waits for what another needs.
COMMANDS: Final[Mapping[str, str]] = {
    "demo.demo": "Write an invented case, load it, ask every question, trace and draw it.",
    "cases.new": "Make a case: a folder that will hold exhibits, log and graph.",
    "cases.add": "Add evidence: files become exhibits, good rows are loaded, bad ones kept aside.",
    "extract.extract": "Add what a map finds in an existing Neo4j graph, as files of evidence.",
    "maps.map_": "Propose a map for a table that is not known, to be corrected and used.",
    "cases.status": "Show the exhibits, and how many nodes and links the graph has.",
    "same.app": "Who is who: what may be one, and what was decided.",
    "packs.app": "The catalogue of questions, and their self-tests.",
    "ask.run": "Run packs and list what they find, with evidence and innocent explanations.",
    "ask.chain": "Trace the whole chain: seller, accounts, devices, group, victim, money.",
    "cross.cross": "Is anything of this case already in another? What both hold, with its rows.",
    "money.trace": "Follow money from account to account by stated rules, to the last fen.",
    "money.paths": "List the paths on which money may have gone on, step by step in time.",
    "requests.next_": "List the statements to request next: where whose trail goes cold.",
    "ask.show": "Show one entity: properties, spellings and why, links, findings, source rows.",
    "draw.chart": "Draw a link chart: one interactive HTML file without network, or SVG or PDF.",
    "law.thresholds": "Put counts, inflow and loss beside the thresholds of law of the day.",
    "hand.report": "Write the report: exhibits, findings, charts, money, thresholds, method.",
    "hand.export": "Hand the case to other tools: i2, GraphML, CSV, XLSX, CASE/UCO, FtM, Neo4j.",
    "seal.bundle": "Write a court bundle: evidence, exhibit, provenance and hashes to check.",
    "seal.verify": "Check a bundle and make it again: 0 verified, 1 not, 2 self-consistent only.",
    "moves.push": "Move the case's graph to a Neo4j server, and prove the copy equal.",
    "moves.pull": "Move the case's graph back from its server, and prove the copy equal.",
    "moves.rebuild": "Build the case's graph anew from the rows of its exhibits, after its loss.",
}


class Sketch(TyperCommand):
    """A command as the list of commands shows it; what it does is loaded when it is called."""

    def __init__(self, place: str, says: str) -> None:
        self.module, _, self.function = place.partition(".")
        # The commands of a group are the module's own app.
        named = self.module if self.function == "app" else self.function.rstrip("_")
        super().__init__(named, help=says)

    def whole(self) -> Any:
        """Load the command itself, or the group of commands."""
        found = getattr(import_module(f".{self.module}", __package__), self.function)
        holder = typer.Typer()
        if isinstance(found, typer.Typer):
            holder.add_typer(found, name=self.name)
        else:
            holder.command(self.name)(found)
        return get_group(holder).commands[str(self.name)]


class Linkwright(TyperGroup):
    """The commands by name; refuses by saying what, where and what to do."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        for place, says in COMMANDS.items():
            self.add_command(Sketch(place, says))

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find the command that is called, and load it."""
        name, command, rest = super().resolve_command(ctx, args)
        return name, command.whole() if isinstance(command, Sketch) else command, rest

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
