"""In proportion: every payment carries the same share of what is mixed (the haircut)."""

from typing import ClassVar

from graphdb.trace.nouns import Fragments
from graphdb.trace.rules.mixture import Mixture


class ProRata(Mixture):
    """What is mixed is spent in proportion; parts of a minor unit stay where they are.

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

    def pay(self, amount: int) -> Fragments:
        """Spend of each origin what its share of the balance is."""
        return self._spend(amount, amount, self._balance) if amount else ()
