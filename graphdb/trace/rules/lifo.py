"""Last in, first out."""

from collections.abc import Iterable
from typing import ClassVar

from graphdb.trace.nouns import Fragment, Fragments
from graphdb.trace.walk import Walked


class Lifo(Walked):
    """What came last is spent first; it fits accounts that pass money on at once.

    >>> held = Lifo(opening=100)
    >>> held.receive((("v1", 300),))
    >>> held.pay(350)
    (('v1', 300), (None, 50))
    """

    name: ClassVar[str] = "lifo"
    says: ClassVar[str] = "last in, first out"
    source: ClassVar[str] = "the counterpart of FIFO in accounting; no rule of law where one is set"
    is_additive: ClassVar[bool] = True
    is_reversible: ClassVar[bool] = True

    def __init__(self, opening: int) -> None:
        self._parts: list[Fragment] = [(None, opening)] if opening else []
        self._traced: dict[str, int] = {}

    @property
    def traced(self) -> dict[str, int]:
        """What is followed of the money that is held, by origin."""
        return self._traced

    @property
    def contaminated(self) -> int:
        """Nothing: mixed money keeps its origins."""
        return 0

    def receive(self, fragments: Fragments) -> None:
        """Put the parts on those that are there."""
        for origin, minor in fragments:
            self._count(origin, minor)
            if self._parts and self._parts[-1][0] == origin:
                minor += self._parts.pop()[1]
            self._parts.append((origin, minor))

    def pay(self, amount: int) -> Fragments:
        """Spend the newest money; the parts are told in the order of spending."""
        taken: list[Fragment] = []
        while amount:
            origin, minor = self._parts.pop()
            if (rest := minor - amount) > 0:
                self._parts.append((origin, rest))
                minor = amount
            amount -= minor
            self._count(origin, -minor)
            taken.append((origin, minor))
        return joined(taken)

    def lack(self, minor: int) -> None:
        """Put what no row records under all that is there: what is known is spent first."""
        self._parts.insert(0, (None, minor))

    def lose(self, minor: int) -> Fragments:
        """Turned around, take it from under the rest."""
        self._parts.reverse()
        lost = self.pay(minor)
        self._parts.reverse()
        return lost

    def _count(self, origin: str | None, minor: int) -> None:
        if origin is not None:
            held = self._traced.get(origin, 0) + minor
            if held:
                self._traced[origin] = held
            else:
                del self._traced[origin]


def joined(parts: Iterable[Fragment]) -> Fragments:
    """Join neighbours of one origin.

    >>> joined([("v1", 1), ("v1", 2), (None, 3)])
    (('v1', 3), (None, 3))
    """
    found: list[Fragment] = []
    for origin, minor in parts:
        if found and found[-1][0] == origin:
            minor += found.pop()[1]
        found.append((origin, minor))
    return tuple(found)
