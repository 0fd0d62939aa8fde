"""The nouns of tracing: what is followed, by which rule, and where it came to rest."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final, Literal, Protocol, TypeAlias

# A part of a sum, and whose money it is; ``None`` is money that is not followed.
Fragment: TypeAlias = "tuple[str | None, int]"
Fragments: TypeAlias = "tuple[Fragment, ...]"
# Where followed money ends: in an account, out of the case, or before the records.
Ending = Literal["at_rest", "left_case", "not_on_record"]

ANY: Final = "any"


class Rule(Protocol):
    """A rule of tracing, with its source.

    ``is_additive`` tells whether the shares of several origins add up; ``is_reversible`` whether
    the rule, run backwards in time, says where money came from.
    """

    name: ClassVar[str]
    says: ClassVar[str]
    source: ClassVar[str]
    is_additive: ClassVar[bool]
    is_reversible: ClassVar[bool]

    @classmethod
    def follow(
        cls, flow: Any, origins: Mapping[int, str], homes: Collection[int], limits: "Limits"
    ) -> "Trail":
        """Follow the payments ``origins`` (position: whose) of a flow."""


class Holding(Rule, Protocol):
    """A rule that is told as the money of one account, and how much of it is followed."""

    def __init__(self, opening: int) -> None: ...

    def receive(self, fragments: Fragments) -> None:
        """Take a payment in."""

    def pay(self, amount: int) -> Fragments:
        """Pay an amount that is held, and say which money it is; the parts add up to it."""

    def lack(self, minor: int) -> None:
        """Take in what no row records and a payment yet needs."""

    def lose(self, minor: int) -> Fragments:
        """Turned around, give back what no row records."""

    @property
    def traced(self) -> Mapping[str, int]:
        """What is followed of the money that is held, by origin, in minor units."""

    @property
    def contaminated(self) -> int:
        """How much other money was counted as followed because it mixed; 0 for most rules."""


@dataclass(frozen=True, slots=True)
class Hop:
    """A payment that carried followed money; ``shares`` say how much of each origin's.

    ``layer`` counts the payments on the shortest way by which the money came.
    """

    payment: str
    source: str
    target: str
    at: str
    amount_minor: int
    traced_minor: int
    layer: int
    shares: tuple[tuple[str, int], ...]
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Opening:
    """What an account on the trail held before the records, and how that is known."""

    account: str
    minor: int
    basis: Literal["stated", "recorded", "unknown"]


@dataclass(frozen=True, slots=True)
class End:
    """Where followed money was left, why it was followed no further, and whose it is."""

    account: str
    ending: Ending
    why: str
    traced_minor: int
    shares: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Trail:
    """What one rule says about the money of the origins, in one currency.

    ``started + contaminated_minor`` equals the sum of the ``ends``, to the last minor unit.
    ``returns`` are refunds that brought followed money back to who had paid it: no hops.
    """

    rule: str
    currency: str
    is_backward: bool
    origins: tuple[tuple[str, int], ...]
    hops: tuple[Hop, ...]
    ends: tuple[End, ...]
    contaminated_minor: int = 0
    unexplained: tuple[tuple[str, int], ...] = ()
    notes: tuple[str, ...] = ()
    returns: tuple[Hop, ...] = ()
    openings: tuple[Opening, ...] = ()

    @property
    def started_minor(self) -> int:
        """The sum that is followed."""
        return sum(minor for _, minor in self.origins)

    @property
    def layers(self) -> tuple[tuple[int, int], ...]:
        """What arrived in each layer; never to be added up, for it is the same money."""
        sums: dict[int, int] = {}
        for hop in self.hops:
            sums[hop.layer] = sums.get(hop.layer, 0) + hop.traced_minor
        return tuple(sorted(sums.items()))

    @property
    def mixed(self) -> dict[str, dict[str, int]]:
        """Tell for each account that got money of several origins how much it got of each."""
        got: dict[str, dict[str, int]] = {}
        for hop in self.hops:
            sums = got.setdefault(hop.source if self.is_backward else hop.target, {})
            for origin, minor in hop.shares:
                sums[origin] = sums.get(origin, 0) + minor
        return {account: sums for account, sums in sorted(got.items()) if len(sums) > 1}

    def ended(self, ending: Ending) -> dict[str, int]:
        """Sum up by account what ended in one way."""
        sums: dict[str, int] = {}
        for end in self.ends:
            if end.ending == ending:
                sums[end.account] = sums.get(end.account, 0) + end.traced_minor
        return sums


@dataclass(frozen=True, slots=True)
class Limits:
    """How far money is followed.

    ``until_ms`` is in milliseconds of the epoch; ``min_share`` is a share of the sum that is
    followed: a payment that carries less is followed no further; ``hops`` is the work limit.
    """

    until_ms: int | None = None
    layers: int | None = None
    min_share: float = 0.0
    stop_at_hubs: bool = True
    hops: int = 100_000
