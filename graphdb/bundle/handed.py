"""What is handed over: a graph as columns, the source rows behind it, and their files."""

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
    ``case_id`` is what a server's database knows the case by.
    """

    case: str
    scope: str
    nodes: tuple[NodeRows, ...]
    links: tuple[LinkRows, ...]
    sources: tuple[SourceRow, ...]
    exhibits: tuple[Exhibited, ...]
    case_id: str = ""
