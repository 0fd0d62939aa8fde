"""What an export is: the files of a form, made from what is handed over."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from graphdb.bundle.handed import Handover

# A file as its name and its bytes, piece by piece.
File: TypeAlias = "tuple[str, Iterable[bytes]]"


@dataclass(frozen=True, slots=True)
class Export:
    """A form in which a case is handed to another tool.

    ``files`` is a pure function: the same handover gives the same bytes, whatever the clock, zone,
    locale or machine. ``loses`` tells the officer what the form cannot carry, ``then`` what is to
    be done with the files. A form that ``quotes`` no source rows spares the time to read them;
    one that ``takes_parts`` also reads nodes and links that come in parts, so that a graph need
    not fit into memory: what a file yields is taken before the next file is asked for. A file
    that is given again replaces the one before.
    """

    name: str
    says: str
    loses: str
    files: Callable[[Handover], Iterator[File]]
    quotes: bool = True
    takes_parts: bool = False
    then: str = ""
