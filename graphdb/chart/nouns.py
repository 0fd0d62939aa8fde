"""The nouns of a link chart: the marks that are drawn, and what stands behind each of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from graphdb.model import Cell, Entity, Finding, Link, SourceRow

PAYMENT: Final = "PAYMENT"
# A time, as its property is called on each kind of link or node.
_TIMES: Final = ("at", "joined_at", "since", "registered_at", "created_at")


@dataclass(frozen=True, slots=True)
class Said:
    """A text in the two languages of a chart."""

    en: str
    zh: str


DISPLAY: Final = Said("Investigative display; not an appraisal opinion", "侦查展示，不是鉴定意见")


@dataclass(frozen=True, slots=True)
class Event:
    """One thing on record: a link of the graph, or a payment or sale read as one step.

    ``links`` are the graph links that it accounts for, ``entity`` the payment or sale that
    became it; ``source`` and ``target`` are ids of entities, never of stacks.
    """

    type: str
    source: str
    target: str
    links: tuple[Link, ...]
    entity: Entity | None = None

    @property
    def properties(self) -> Mapping[str, Cell]:
        """What is known of it: the properties of the payment or sale, else of the link."""
        return self.entity.properties if self.entity else self.links[0].properties

    @property
    def basis(self) -> str:
        """Say what it rests on; that of the weakest part, where it has several."""
        found = {link.basis for link in self.links}
        return next((basis for basis in ("inferred", "stated") if basis in found), "recorded")

    @property
    def evidence(self) -> tuple[str, ...]:
        """The places that state it, each once."""
        own = self.entity.evidence if self.entity else ()
        return merged((own, *(link.evidence for link in self.links)))

    @property
    def at(self) -> str:
        """When it happened, as UTC text; empty where no time is known."""
        return time_of(self.properties)

    @property
    def amount_minor(self) -> int | None:
        """The sum paid or asked, in minor units."""
        found = self.properties.get("amount_minor", self.properties.get("price_minor"))
        return found if isinstance(found, int) else None

    @property
    def currency(self) -> str:
        """The currency of the amount."""
        return str(self.properties.get("currency") or "CNY")


@dataclass(frozen=True, slots=True)
class ChartNode:
    """A mark for one entity, or a stack for several that stand in the same relations.

    The first of ``roles`` decides shape and place.
    """

    id: str
    label: str
    roles: tuple[str, ...]
    members: tuple[Entity, ...]
    caption: Said
    band: int = 0
    x: int = 0
    y: int = 0


@dataclass(frozen=True, slots=True)
class ChartLink:
    """A line between two marks; ``lane`` keeps the lines between the same two marks apart."""

    id: str
    type: str
    source: str
    target: str
    basis: str
    events: tuple[Event, ...]
    caption: Said
    lane: int = 0

    @property
    def evidence(self) -> tuple[str, ...]:
        """The places behind the line, each once."""
        return merged(event.evidence for event in self.events)

    @property
    def paid_minor(self) -> int:
        """The sum of the payments that the line stands for; 0 on a line that is no payment."""
        if self.type != PAYMENT:
            return 0
        return sum(event.amount_minor or 0 for event in self.events)


@dataclass(frozen=True, slots=True)
class Band:
    """A column of the chart, from left to right: what stands in it, and its middle."""

    says: Said
    x: int


@dataclass(frozen=True, slots=True)
class Imprint:
    """What a printed chart says of itself: number, case, purpose, and what it leaves out.

    ``rows_read`` counts all source rows of the case and ``excluded`` those that are not on the
    chart, by reason: ``rows_read = charted + excluded``. ``as_of`` is the time of the last entry
    of the case log that was looked at, as ISO 8601 text.
    """

    number: str = ""
    case: str = ""
    purpose: Said = DISPLAY
    rows_read: int | None = None
    excluded: tuple[tuple[Said, int], ...] = ()
    as_of: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """A link chart, ready to be drawn.

    ``notes`` say what the drawing merged, folded or left undone; they belong to the picture.
    """

    title: str
    nodes: tuple[ChartNode, ...]
    links: tuple[ChartLink, ...]
    bands: tuple[Band, ...]
    notes: tuple[Said, ...]
    findings: tuple[Finding, ...] = ()
    sources: tuple[SourceRow, ...] = ()
    imprint: Imprint = Imprint()

    @property
    def places(self) -> frozenset[str]:
        """The source rows behind all that is drawn."""
        own = {place for node in self.nodes for one in node.members for place in one.evidence}
        return frozenset(own.union(*(link.evidence for link in self.links)))


def merged(lists: Iterable[Sequence[str]]) -> tuple[str, ...]:
    """Join lists of places, each place once, in the order of their first mention.

    >>> merged([("E01:2",), ("E01:2", "E02:7")])
    ('E01:2', 'E02:7')
    """
    return tuple(dict.fromkeys(place for places in lists for place in places))


def time_of(properties: Mapping[str, Cell]) -> str:
    """Find the time of an entity or link, as UTC text; empty where there is none."""
    return next((str(properties[name]) for name in _TIMES if properties.get(name)), "")
