"""What a link chart is: nodes with places, links with a basis, and what stands beside them."""

from collections.abc import Mapping
from dataclasses import dataclass

from graphdb.model import Finding, SourceRow


@dataclass(frozen=True, slots=True)
class ChartNode:
    """A node on the chart; a stack stands for several entities with the same neighbours.

    ``x`` and ``y`` are pixels from the upper left. ``members`` are the ids in a stack.
    """

    id: str
    label: str
    role: str
    caption: str
    properties: Mapping[str, str]
    evidence: tuple[str, ...]
    members: tuple[str, ...] = ()
    x: int = 0
    y: int = 0


@dataclass(frozen=True, slots=True)
class ChartLink:
    """A line on the chart; ``count`` records of one type between the same two nodes.

    ``ids`` are the payments behind a line of money. ``first_at`` and ``last_at`` are ISO 8601 UTC.
    """

    id: str
    type: str
    source: str
    target: str
    basis: str
    count: int
    evidence: tuple[str, ...]
    properties: Mapping[str, str]
    amount_minor: int | None = None
    currency: str | None = None
    first_at: str | None = None
    last_at: str | None = None
    ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Chart:
    """A link chart, laid out and ready to be drawn; ``footnotes`` are (English, Chinese)."""

    title: str
    nodes: tuple[ChartNode, ...]
    links: tuple[ChartLink, ...]
    findings: tuple[Finding, ...]
    sources: tuple[SourceRow, ...]
    footnotes: tuple[tuple[str, str], ...]
