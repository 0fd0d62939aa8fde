"""Money as a row of parts, each with its origin: what FIFO and LIFO have in common."""

from collections import deque
from collections.abc import Iterable

from graphdb.trace.nouns import Fragment, Fragments


class Parts:
    """The parts of a sum in the order in which they came."""

    def __init__(self, opening: int) -> None:
        self._parts: deque[Fragment] = deque()
        self._traced: dict[str, int] = {}
        if opening:
            self._parts.append((None, opening))

    @property
    def traced(self) -> dict[str, int]:
        """What is followed of the money that is held, by origin."""
        return self._traced

    @property
    def contaminated(self) -> int:
        """Nothing: mixed money keeps its origins."""
        return 0

    def receive(self, fragments: Fragments) -> None:
        """Put the parts behind those that are there."""
        for origin, minor in fragments:
            self._count(origin, minor)
            if self._parts and self._parts[-1][0] == origin:
                minor += self._parts.pop()[1]
            self._parts.append((origin, minor))

    def _take(self, amount: int, *, newest: bool) -> list[Fragment]:
        """Take an amount from one end, part by part."""
        parts, taken = self._parts, []
        while amount:
            origin, minor = parts.pop() if newest else parts.popleft()
            if (rest := minor - amount) > 0:
                (parts.append if newest else parts.appendleft)((origin, rest))
                minor = amount
            amount -= minor
            self._count(origin, -minor)
            taken.append((origin, minor))
        return taken

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
