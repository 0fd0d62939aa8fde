"""Who is who by decision: pairs that an officer confirmed are one, those he rejected stay two.

A decision is an entry of the case log. The last one about a pair counts; ``undo`` takes it back.
The graph is always what the rows and the decisions say, so taking one back restores it exactly.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final, Literal, TypeAlias

from graphdb.errors import WrongUsage

Verdict: TypeAlias = Literal["confirm", "reject", "undo"]
Pair: TypeAlias = tuple[str, str]

_LABELS: Final = (
    ("payment:", "Payment"), ("person:", "Person"), ("device:", "Device"), ("phone:", "Phone"),
    ("ip:", "IP"),
)  # fmt: skip


def label_of(id_: str) -> str:
    """Tell the label of an id.

    >>> label_of("wechat:a"), label_of("payment:1"), label_of("qq-group:7")
    ('Account', 'Payment', 'Group')
    """
    if "-group:" in id_.partition("/")[0]:
        return "Group"
    return next((label for prefix, label in _LABELS if id_.startswith(prefix)), "Account")


def pair_of(one: str, two: str) -> Pair:
    """Write a pair in one order."""
    return (one, two) if one <= two else (two, one)


def key_of(pair: Pair) -> str:
    """Give a short name of a pair, for the command line."""
    return sha256("\n".join(pair).encode()).hexdigest()[:8]


@dataclass(frozen=True, slots=True)
class Decision:
    """What somebody decided about a pair, when and why."""

    verdict: Verdict
    pair: Pair
    by: str
    at: str
    reason: str


@dataclass(frozen=True, slots=True)
class Decisions:
    """The decisions in force: the last about each pair, those taken back left out."""

    all: tuple[Decision, ...] = ()
    standing: Mapping[Pair, Decision] = field(default_factory=dict)

    @classmethod
    def of(cls, decisions: Iterable[Decision]) -> "Decisions":
        """Fold decisions in the order in which they were made.

        >>> made = [Decision(v, ("a:1", "a:2"), "Li", "", "") for v in ("confirm", "undo")]
        >>> Decisions.of(made).confirmed
        ()
        """
        whole = tuple(decisions)
        standing: dict[Pair, Decision] = {}
        for one in whole:
            if one.verdict == "undo":
                standing.pop(one.pair, None)
            else:
                standing[one.pair] = one
        return cls(whole, standing)

    @property
    def confirmed(self) -> tuple[Pair, ...]:
        """The pairs that are one."""
        return self._pairs("confirm")

    @property
    def rejected(self) -> tuple[Pair, ...]:
        """The pairs that stay two, whatever else is found."""
        return self._pairs("reject")

    def _pairs(self, verdict: Verdict) -> tuple[Pair, ...]:
        return tuple(sorted(p for p, one in self.standing.items() if one.verdict == verdict))

    def check(self, verdict: Verdict, pair: Pair) -> None:
        """Refuse a decision that contradicts those in force.

        Raises:
            WrongUsage: the two are one thing, of two kinds, undecided, or parted by a rejection.
        """
        one, two = pair
        if one == two:
            raise WrongUsage("a thing is the same as itself", fix="name two of them")
        if label_of(one) != label_of(two):
            raise WrongUsage(
                f"'{one}' is of the kind {label_of(one)}, '{two}' of the kind {label_of(two)}",
                fix="name two of one kind",
            )
        if verdict == "undo" and pair not in self.standing:
            raise WrongUsage("nothing was decided about these two", fix="linkwright same list")
        if verdict == "confirm":
            joined = groups_of((*self.confirmed, pair))
            for left, right in self.rejected:
                if pair != (left, right) and joined.get(left, left) == joined.get(right, right):
                    raise WrongUsage(
                        f"'{left}' and '{right}' were decided to be two, and this would make them "
                        "one",
                        fix=f"linkwright same undo {left} {right}, if that was wrong",
                    )
        if verdict == "reject":
            left_over = groups_of(other for other in self.confirmed if other != pair)
            if left_over.get(one, one) == left_over.get(two, two):
                raise WrongUsage(
                    "other confirmed pairs make these two one",
                    fix="undo one of those first: linkwright same list --decided",
                )


def groups_of(pairs: Iterable[Pair]) -> dict[str, str]:
    """Give for each id that stands in a pair the id under which its group is joined.

    A number that is a key goes before a name or mask (``platform:owner/written``), then the
    smaller text.

    >>> groups_of([("bank:1/****2", "bank:62"), ("bank:62", "bank:7")])["bank:1/****2"]
    'bank:62'
    """
    parent: dict[str, str] = {}

    def root(id_: str) -> str:
        parent.setdefault(id_, id_)
        while parent[id_] != id_:
            parent[id_] = parent[parent[id_]]
            id_ = parent[id_]
        return id_

    for one, two in pairs:
        first, second = sorted((root(one), root(two)), key=rank)
        parent[second] = first
    return {id_: root(id_) for id_ in list(parent)}


def rank(id_: str) -> tuple[bool, str]:
    """Order ids so that keys stand before what only some paper writes."""
    return ("/" in id_, id_)
