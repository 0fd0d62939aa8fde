"""In proportion: every payment carries the same share of what is mixed (the haircut)."""

from typing import ClassVar

from graphdb.trace.nouns import Fragment, Fragments
from graphdb.trace.rules.mixture import Mixture


class ProRata(Mixture):
    """What is mixed is spent in proportion; parts of a minor unit stay where they are.

    They are reckoned over all that was spent since money last came in, so a payment in several
    pieces carries as much as in one.

    >>> held = ProRata(opening=100)
    >>> held.receive((("v1", 300),))
    >>> held.pay(200)
    (('v1', 150), (None, 50))
    """

    name: ClassVar[str] = "pro_rata"
    says: ClassVar[str] = "in proportion (haircut)"
    source: ClassVar[str] = (
        "Barlow Clowes International v Vaughan [1992] 4 All ER 22 (rolling charge); "
        "Moeser, Boehme, Breuker: Towards Risk Scoring of Bitcoin Transactions (2014), haircut"
    )
    is_additive: ClassVar[bool] = True
    is_reversible: ClassVar[bool] = True

    def __init__(self, opening: int) -> None:
        super().__init__(opening)
        # The mixture as money last came into it, and what was spent of it since.
        self._mixed: dict[str, int] = {}
        self._whole, self._spent = opening, 0

    def receive(self, fragments: Fragments) -> None:
        """Pour the parts in; from now on another mixture is spent."""
        super().receive(fragments)
        self._mixed, self._whole, self._spent = dict(self._traced), self._balance, 0

    def pay(self, amount: int) -> Fragments:
        """Spend of each origin what its share of the mixture is."""
        self._spent += amount
        self._balance -= amount
        parts: list[Fragment] = []
        for origin in sorted(self._traced):
            left = self._mixed[origin] - self._mixed[origin] * self._spent // self._whole
            if minor := self._traced[origin] - left:
                parts.append((origin, minor))
                self._traced[origin] = left
                if not left:
                    del self._traced[origin]
        return self._told(amount, tuple(parts))
