"""Fold what looks the same: fifty accounts with the same neighbours become one stack.

A group of three hundred is then a dozen stacks, and nothing is hidden: a stack names all its
members with their evidence, and the footnote says how many stand in stacks.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from graphdb.chart.compose import merged
from graphdb.chart.drawing import ChartLink, ChartNode

# Kinds that come in crowds; a seller, a group or a person always stands alone.
_CROWDS: Final = frozenset({"Account", "Device", "IP", "Phone", "Message", "Penalty"})


def folded(
    nodes: Sequence[ChartNode], links: Sequence[ChartLink], above: int
) -> tuple[list[ChartNode], list[ChartLink]]:
    """Fold nodes of one label and role with the same neighbours, if there are too many nodes."""
    if len(nodes) <= above:
        return list(nodes), list(links)
    neighbours: dict[str, set[tuple[str, str, str]]] = defaultdict(set)
    for link in links:
        neighbours[link.source].add((link.type, "to", link.target))
        neighbours[link.target].add((link.type, "from", link.source))
    # Who paid and who was paid is never folded: each is a step of the trail.
    in_trail = {
        end for link in links if link.type == "PAYMENT" for end in (link.source, link.target)
    }
    alike: dict[tuple[str, str, tuple[tuple[str, str, str], ...]], list[ChartNode]] = defaultdict(
        list
    )
    for node in nodes:
        may_fold = node.label in _CROWDS and node.id not in in_trail
        alone = "" if may_fold else node.id
        alike[node.label, node.role + alone, tuple(sorted(neighbours[node.id]))].append(node)
    stack_of: dict[str, str] = {}
    kept: list[ChartNode] = []
    for group in alike.values():
        if len(group) == 1:
            kept += group
            continue
        stack = _stack(sorted(group, key=lambda node: node.id))
        kept.append(stack)
        stack_of |= dict.fromkeys(stack.members, stack.id)
    moved = [
        replace(
            link,
            source=stack_of.get(link.source, link.source),
            target=stack_of.get(link.target, link.target),
        )
        for link in links
    ]
    into_stacks = [m for m, link in zip(moved, links, strict=True) if m != link]
    as_before = [m for m, link in zip(moved, links, strict=True) if m == link]
    return kept, [*as_before, *merged(into_stacks)]


def _stack(group: Sequence[ChartNode]) -> ChartNode:
    first = group[0]
    same = {
        name: value
        for name, value in first.properties.items()
        if all(node.properties.get(name) == value for node in group)
    }
    return ChartNode(
        id=f"stack:{first.id}",
        label=first.label,
        role=first.role,
        caption=f"×{len(group)}",
        properties=same,
        evidence=tuple(dict.fromkeys(place for node in group for place in node.evidence)),
        members=tuple(node.id for node in group),
    )
