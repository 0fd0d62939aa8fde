"""Read the links of a graph as events: a payment or a sale between two accounts is one step."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

from graphdb.chart.nouns import PAYMENT, Event
from graphdb.errors import CheckFailed, quoted
from graphdb.model import Entity, Link

SOLD: Final = "SOLD"
# What a node may have on the chart to become one step, and from which link to which it leads.
# (:Account)-[:SENT]->(:Payment)-[:PAID_TO]->(:Account)
# (:Seller)-[:SOLD]->(:Sale)-[:OF]->(:Account), (:Sale)-[:BOUGHT_BY]->(:Account)
_PAID: Final = {"SENT": 1, "PAID_TO": 1}
_SALE: Final = {"SOLD": 1, "OF": 1}
_BOUGHT: Final = {**_SALE, "BOUGHT_BY": 1}


def events_of(
    entities: Sequence[Entity], links: Sequence[Link]
) -> tuple[tuple[Entity, ...], tuple[Event, ...]]:
    """Give the entities that stay nodes, and an event for everything between them.

    A payment of which one end is unknown stays a node, and so does one that something else
    points at (a report, a sale): no link may lose its end.

    Raises:
        CheckFailed: two entities share an id, a link ends nowhere, or one was not accounted for.
    """
    known = _by_id(entities)
    attached: dict[str, list[Link]] = defaultdict(list)
    for link in links:
        for end in (link.source, link.target):
            if end not in known:
                raise CheckFailed(
                    f"a {link.type} link ends at {quoted(end)}, which is not on the chart",
                    fix="give chart_of every entity that a link names",
                )
            attached[end].append(link)
    events: list[Event] = []
    steps: set[str] = set()
    for entity in entities:
        read = _step(entity, attached[entity.id]) if entity.label in {"Payment", "Sale"} else ()
        if read:
            steps.add(entity.id)
            events += read
    events += [
        Event(link.type, link.source, link.target, (link,))
        for link in links
        if link.source not in steps and link.target not in steps
    ]
    accounted = sum(len(event.links) for event in events)
    if accounted != len(links):
        raise CheckFailed(f"the chart accounts for {accounted} of {len(links)} links")
    return tuple(one for one in entities if one.id not in steps), tuple(events)


def _by_id(entities: Sequence[Entity]) -> Mapping[str, Entity]:
    """Index the entities; two of one id are refused, because pyvis drops the second silently."""
    known: dict[str, Entity] = {}
    for entity in entities:
        if entity.id in known:
            raise CheckFailed(
                f"two entities bear the id {quoted(entity.id)}: "
                f"a {known[entity.id].label} and a {entity.label}"
            )
        known[entity.id] = entity
    return known


def _step(entity: Entity, links: Sequence[Link]) -> tuple[Event, ...]:
    """Read a payment or sale as a step between its two ends, if it has just these."""
    kinds: dict[str, int] = defaultdict(int)
    for link in links:
        kinds[link.type] += 1
    by_type = {link.type: link for link in links}
    if entity.label == "Payment" and kinds == _PAID:
        sent, paid = by_type["SENT"], by_type["PAID_TO"]
        return (Event(PAYMENT, sent.source, paid.target, (sent, paid), entity),)
    if entity.label == "Sale" and kinds in (_SALE, _BOUGHT):
        sold, of = by_type["SOLD"], by_type["OF"]
        step = Event(SOLD, sold.source, of.target, (sold, of), entity)
        bought = by_type.get("BOUGHT_BY")
        if bought is None:
            return (step,)
        return (step, Event("BOUGHT_BY", of.target, bought.target, (bought,), entity))
    return ()
