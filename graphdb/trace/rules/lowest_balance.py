"""The lowest intermediate balance: the account's own money is spent first."""

from typing import ClassVar

from graphdb.trace.nouns import Fragments
from graphdb.trace.rules.mixture import Mixture


class LowestBalance(Mixture):
    """Own money is spent first, and what was spent of the followed money never comes back.

    So no more is followed than the lowest balance since it came. Several origins bear a loss in
    proportion.

    >>> held = LowestBalance(opening=100)
    >>> held.receive((("v1", 300),))
    >>> held.pay(200)
    (('v1', 100), (None, 100))
    >>> held.receive(((None, 500),))
    >>> held.traced
    {'v1': 200}
    """

    name: ClassVar[str] = "lowest_balance"
    says: ClassVar[str] = "lowest intermediate balance"
    source: ClassVar[str] = (
        "Re Hallett's Estate (1880) 13 Ch D 696; James Roscoe (Bolton) v Winder [1915] 1 Ch 62"
    )
    is_additive: ClassVar[bool] = True
    is_reversible: ClassVar[bool] = False

    def pay(self, amount: int) -> Fragments:
        """Spend followed money only when there is no other left."""
        followed = sum(self._traced.values())
        short = max(0, amount - (self._balance - followed))
        if not short:
            self._balance -= amount
            return ((None, amount),) if amount else ()
        if short == followed:
            parts = tuple(sorted(self._traced.items()))
            self._traced.clear()
            self._balance -= amount
            return self._told(amount, parts)
        return self._to_the_unit(amount, short, followed)

    def _to_the_unit(self, amount: int, short: int, followed: int) -> Fragments:
        """Let the origins bear ``short`` in proportion, the units left over by largest part."""
        shares = {origin: divmod(minor * short, followed) for origin, minor in self._traced.items()}
        left = short - sum(whole for whole, _ in shares.values())
        order = sorted(shares, key=lambda origin: (-shares[origin][1], origin))
        parts = {origin: shares[origin][0] + (origin in order[:left]) for origin in sorted(shares)}
        for origin, minor in parts.items():
            self._traced[origin] -= minor
            if not self._traced[origin]:
                del self._traced[origin]
        self._balance -= amount
        return self._told(amount, tuple((o, minor) for o, minor in parts.items() if minor))
