"""Poison: whatever touches followed money is followed whole."""

from typing import ClassVar

from graphdb.trace.nouns import ANY, Fragments
from graphdb.trace.walk import Walked


class Poison(Walked):
    """One followed unit makes the whole balance followed: the widest circle, not an amount.

    It tells who may have been touched. What it adds is counted apart, as ``contaminated``.

    >>> held = Poison(opening=100)
    >>> held.receive((("v1", 300),))
    >>> held.pay(350), held.contaminated
    ((('any', 350),), 100)
    """

    name: ClassVar[str] = "poison"
    says: ClassVar[str] = "everything that was touched (poison)"
    source: ClassVar[str] = (
        "Moeser, Boehme, Breuker: Towards Risk Scoring of Bitcoin Transactions (2014), poison"
    )
    is_additive: ClassVar[bool] = False
    is_reversible: ClassVar[bool] = True

    def __init__(self, opening: int) -> None:
        self._balance = opening
        self._touched = False
        self._contaminated = 0

    @property
    def traced(self) -> dict[str, int]:
        """The whole balance, once it was touched."""
        return {ANY: self._balance} if self._touched and self._balance else {}

    @property
    def contaminated(self) -> int:
        """How much other money was counted as followed."""
        return self._contaminated

    def receive(self, fragments: Fragments) -> None:
        """Take a payment in; a followed part touches all that is there."""
        clean = sum(minor for origin, minor in fragments if origin is None)
        whole = sum(minor for _, minor in fragments)
        if self._touched:
            self._contaminated += clean
        elif clean < whole:
            self._contaminated += clean + self._balance
            self._touched = True
        self._balance += whole

    def pay(self, amount: int) -> Fragments:
        """Pay, wholly followed or not at all; an empty account is clean again."""
        if not amount:
            return ()
        paid: Fragments = ((ANY if self._touched else None, amount),)
        self._balance -= amount
        if not self._balance:
            self._touched = False
        return paid
