"""What is handed over: a graph as columns, the source rows behind it, and their files."""

from collections.abc import Iterable
from dataclasses import dataclass

from graphdb.model import LinkRows, NodeRows, SourceRow


@dataclass(frozen=True, slots=True)
class Exhibited:
    """A file of evidence as it was received."""

    number: str
    name: str
    sha256: str
    sm3: str
    size: int


@dataclass(frozen=True, slots=True)
class Handover:
    """Nodes and links of a case, in a fixed order, with the rows that they rest on.

    ``scope`` says in words which part of the case this is. Every frame of ``nodes`` has ``id``,
    every frame of ``links`` has ``source`` and ``target``, and all have the declared properties.
    For a form that takes parts they are read anew each time, and those of a label, or of a type
    and its ends, come one after the other; else each is one.
    ``case_id`` is what a server's database knows the case by.
    """

    case: str
    scope: str
    nodes: Iterable[NodeRows]
    links: Iterable[LinkRows]
    sources: tuple[SourceRow, ...]
    exhibits: tuple[Exhibited, ...]
    case_id: str = ""
