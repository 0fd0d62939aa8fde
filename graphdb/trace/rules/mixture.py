"""Money as one mixture: what the rules have in common that know no order."""

from graphdb.trace.nouns import Fragment, Fragments
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

    def _spend(self, amount: int, out_of: int, of: int) -> Fragments:
        """Pay an amount of which each origin bears ``out_of / of`` of what is there of it.

        Parts of a minor unit stay in the account.
        """
        parts: list[Fragment] = []
        for origin in sorted(self._traced):
            if minor := self._traced[origin] * out_of // of:
                parts.append((origin, minor))
                self._traced[origin] -= minor
                if not self._traced[origin]:
                    del self._traced[origin]
        self._balance -= amount
        if rest := amount - sum(minor for _, minor in parts):
            parts.append((None, rest))
        return tuple(parts)
