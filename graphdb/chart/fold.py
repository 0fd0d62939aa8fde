"""Fold nodes that stand in the same relations into stacks, so that a crowd stays legible."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

from graphdb.chart.nouns import PAYMENT, Event
from graphdb.chart.roles import PRINCIPALS, layer_of
from graphdb.model import Entity

# Kinds that come in crowds; a seller, a group or a person always stands alone.
_CROWDS: Final = frozenset({"Account", "Device", "IP", "Phone", "Message", "Notice", "Penalty"})
# (label, role): the kinds of node that may be told apart only by their neighbours.
_Kind = tuple[str, tuple[str, ...]]


def stacks_of(
    entities: Sequence[Entity],
    events: Sequence[Event],
    roles: Mapping[str, tuple[str, ...]],
    fold_above: int,
) -> tuple[tuple[Entity, ...], ...]:
    """Group the entities into marks: a single entity, or a stack of those alike.

    Alike are nodes of the same label and roles with links of the same types and bases to the
    very same others. What hangs on one node alone (a phone bound to one account) tells its
    owner no further apart: the owners fold, and then their phones do.
    """
    if len(entities) <= fold_above:
        return tuple((entity,) for entity in entities)
    kinds = {one.id: (one.label, roles[one.id]) for one in entities}
    place = {one.id: one.id for one in entities}
    others: dict[str, set[str]] = defaultdict(set)
    for event in events:
        others[event.source].add(event.target)
        others[event.target].add(event.source)
    # Who paid and who was paid is never folded: each is a step of the trail.
    on_trail = {id_ for e in events if e.type == PAYMENT for id_ in (e.source, e.target)}
    free = {one.id for one in entities if one.id in others and _may_fold(one, roles[one.id])}
    free -= on_trail
    pendant = {id_ for id_, met in others.items() if len(met) == 1}
    # Owners first, pendants when their owners have become one place.
    for turn in (False, True):
        seen = {
            id_: f"any {kinds[id_]}" if not turn and id_ in pendant else at
            for id_, at in place.items()
        }
        signed = _signatures(events, seen)
        alike: dict[tuple[_Kind, tuple[str, ...]], list[str]] = defaultdict(list)
        for one in entities:
            id_ = one.id
            if id_ in free and place[id_] == id_ and (turn or id_ not in pendant):
                alike[kinds[id_], signed[id_]].append(id_)
        for ids in alike.values():
            if len(ids) > 1:
                place.update(dict.fromkeys(ids, f"stack of {ids[0]}"))
    grouped: dict[str, list[Entity]] = defaultdict(list)
    for one in entities:
        grouped[place[one.id]].append(one)
    return tuple(tuple(members) for members in grouped.values())


def _signatures(events: Sequence[Event], seen: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Write down each node's relations: direction, type, basis, whom as seen, and how many."""
    met: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for event in events:
        source, target, kind = event.source, event.target, f"{event.type} {event.basis}"
        met[source][f"> {kind} {seen[target]}"].add(target)
        met[target][f"< {kind} {seen[source]}"].add(source)
    return {
        id_: tuple(sorted(f"{line} {len(others)}" for line, others in lines.items()))
        for id_, lines in met.items()
    }


def _may_fold(entity: Entity, roles: tuple[str, ...]) -> bool:
    principal = any(role in PRINCIPALS or layer_of(role) for role in roles)
    return entity.label in _CROWDS and not principal
