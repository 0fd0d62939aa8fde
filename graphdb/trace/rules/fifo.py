"""First in, first out: the rule in Clayton's Case."""

from typing import ClassVar

from graphdb.trace.nouns import Fragments
from graphdb.trace.rules.queue import Parts, joined


class Fifo(Parts):
    """What came first is spent first.

    >>> held = Fifo(opening=100)
    >>> held.receive((("v1", 300),))
    >>> held.receive((("v2", 200),))
    >>> held.pay(250)
    ((None, 100), ('v1', 150))
    """

    name: ClassVar[str] = "fifo"
    says: ClassVar[str] = "first in, first out"
    source: ClassVar[str] = "Devaynes v Noble (Clayton's Case) (1816) 1 Mer 572"
    is_additive: ClassVar[bool] = True
    is_reversible: ClassVar[bool] = True

    def pay(self, amount: int) -> Fragments:
        """Spend the oldest money."""
        return joined(self._take(amount, newest=False))
