"""Money as one mixture: what the rules have in common that know no order."""

from graphdb.trace.nouns import Fragments
from graphdb.trace.walk import Walked


class Mixture(Walked):
    """A balance, and how much of it is followed, by origin."""

    def __init__(self, opening: int) -> None:
        self._balance = opening
        self._traced: dict[str, int] = {}

    @property
    def traced(self) -> dict[str, int]:
        """What is followed of the money that is held, by origin."""
        return self._traced

    @property
    def contaminated(self) -> int:
        """Nothing: mixed money keeps its sum."""
        return 0

    def receive(self, fragments: Fragments) -> None:
        """Pour the parts in."""
        for origin, minor in fragments:
            self._balance += minor
            if origin is not None:
                self._traced[origin] = self._traced.get(origin, 0) + minor

    def _told(self, amount: int, parts: Fragments) -> Fragments:
        """Give the parts that a payment carries, with what in it is not followed."""
        rest = amount - sum(minor for _, minor in parts)
        return (*parts, (None, rest)) if rest else parts
