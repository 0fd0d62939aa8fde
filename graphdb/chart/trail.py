"""The nouns of a drawn trail: money in layers from left to right, each layer with its own sum.

A link stands for all that went from one account to another in one layer. Layers hold the same
money one after the other, so nothing here adds links of two layers up.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, TypeVar

from graphdb.chart.nouns import Said, merged
from graphdb.errors import CheckFailed
from graphdb.model import SourceRow

Shares = tuple[tuple[str, int], ...]
Key = TypeVar("Key", str, int)
_COLUMN: Final = 24


@dataclass(frozen=True, slots=True)
class TrailStep:
    """One payment of a trail: what it was, and how much of it was followed, by origin."""

    payment: str
    source: str
    target: str
    at: str
    layer: int
    amount_minor: int
    shares: Shares
    evidence: tuple[str, ...]

    @property
    def traced_minor(self) -> int:
        """How much of the payment was followed."""
        return sum(minor for _, minor in self.shares)


@dataclass(frozen=True, slots=True)
class TrailStop:
    """Where followed money was left, how, why and how much."""

    account: str
    ending: str
    why: str
    traced_minor: int


@dataclass(frozen=True, slots=True)
class TrailNode:
    """An account in one column; ``account`` is empty for what stands together at its foot."""

    layer: int
    account: str
    caption: str
    many: int = 1


@dataclass(frozen=True, slots=True)
class TrailLink:
    """All that went from one place of a column to one of the next."""

    source: TrailNode
    target: TrailNode
    steps: tuple[TrailStep, ...]

    @property
    def shares(self) -> Shares:
        """What was followed of it, by origin."""
        return added(share for step in self.steps for share in step.shares)

    @property
    def traced_minor(self) -> int:
        """What was followed of it."""
        return sum(step.traced_minor for step in self.steps)

    @property
    def amount_minor(self) -> int:
        """The whole of the payments that carried it."""
        return sum(step.amount_minor for step in self.steps)


@dataclass(frozen=True)
class TrailChart:
    """A trail, ready to be drawn; ``captions`` names accounts, ``origins`` whose money it is.

    ``imprint`` says under the title of which exhibit it is a part, and what that is for.
    """

    title: str
    rule: Said
    currency: str
    is_backward: bool
    origins: Shares
    steps: tuple[TrailStep, ...]
    stops: tuple[TrailStop, ...]
    captions: Mapping[str, str]
    notes: tuple[Said, ...] = ()
    sources: tuple[SourceRow, ...] = ()
    column: int = field(default=_COLUMN)
    imprint: Said | None = None

    @cached_property
    def layers(self) -> tuple[tuple[int, int], ...]:
        """What arrived in each layer; never to be added up."""
        return added((step.layer, step.traced_minor) for step in self.steps)

    @cached_property
    def _places(self) -> Mapping[tuple[int, str], TrailNode]:
        """Put each account into its columns: the largest stand alone, the others together."""
        weights: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        for step in self.steps:
            for layer, account in self._ends(step):
                weights[layer][account] += step.traced_minor
        places: dict[tuple[int, str], TrailNode] = {}
        for layer, column in sorted(weights.items()):
            order = sorted(column, key=lambda account: (-column[account], account))
            shown = order if len(order) <= self.column else order[: self.column - 1]
            rest = order[len(shown) :]
            for account in shown:
                caption = self.captions.get(account, account)
                places[layer, account] = TrailNode(layer, account, caption)
            together = TrailNode(layer, "", f"{len(rest):,} further 其余", len(rest))
            places |= {(layer, account): together for account in rest}
        return places

    def _ends(self, step: TrailStep) -> tuple[tuple[int, str], tuple[int, str]]:
        """Give where a step begins and ends, as column and account, in the way of the trail."""
        near, far = step.source, step.target
        if self.is_backward:
            near, far = far, near
        return (step.layer - 1, near), (step.layer, far)

    @cached_property
    def nodes(self) -> tuple[TrailNode, ...]:
        """The places of all columns, largest first."""
        return tuple(dict.fromkeys(self._places.values()))

    @cached_property
    def links(self) -> tuple[TrailLink, ...]:
        """The links between the columns, largest first within a layer.

        Raises:
            CheckFailed: a layer of links does not carry what its payments carried.
        """
        grouped: dict[tuple[TrailNode, TrailNode], list[TrailStep]] = defaultdict(list)
        for step in self.steps:
            near, far = self._ends(step)
            grouped[self._places[near], self._places[far]].append(step)
        links = [TrailLink(*ends, tuple(steps)) for ends, steps in grouped.items()]
        links.sort(key=lambda one: (one.target.layer, -one.traced_minor, one.source.account))
        drawn = added((link.target.layer, link.traced_minor) for link in links)
        if drawn != self.layers:
            raise CheckFailed("the drawn trail does not carry what its payments carried")
        return tuple(links)

    @cached_property
    def mixed(self) -> tuple[tuple[str, Shares], ...]:
        """The accounts that got money of several origins, and how much of each."""
        got: dict[str, list[tuple[str, int]]] = defaultdict(list)
        for step in self.steps:
            got[step.source if self.is_backward else step.target] += step.shares
        summed = ((account, added(shares)) for account, shares in sorted(got.items()))
        return tuple((account, shares) for account, shares in summed if len(shares) > 1)

    @property
    def evidence(self) -> tuple[str, ...]:
        """The places behind the steps, each once."""
        return merged(step.evidence for step in self.steps)


def added(pairs: Iterable[tuple[Key, int]]) -> tuple[tuple[Key, int], ...]:
    """Sum up by key, in the order of the keys.

    >>> added([("v2", 1), ("v1", 2), ("v2", 3)])
    (('v1', 2), ('v2', 4))
    """
    sums: dict[Key, int] = defaultdict(int)
    for key, minor in pairs:
        sums[key] += minor
    return tuple(sorted(sums.items()))
