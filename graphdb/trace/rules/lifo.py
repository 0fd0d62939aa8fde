"""Last in, first out."""

from typing import ClassVar

from graphdb.trace.nouns import Fragments
from graphdb.trace.rules.queue import Parts, joined


class Lifo(Parts):
    """What came last is spent first; it fits accounts that pass money on at once.

    >>> held = Lifo(opening=100)
    >>> held.receive((("v1", 300),))
    >>> held.pay(350)
    ((None, 50), ('v1', 300))
    """

    name: ClassVar[str] = "lifo"
    says: ClassVar[str] = "last in, first out"
    source: ClassVar[str] = "the counterpart of FIFO in accounting; no rule of law where one is set"
    is_additive: ClassVar[bool] = True
    is_reversible: ClassVar[bool] = True

    def pay(self, amount: int) -> Fragments:
        """Spend the newest money; the parts are told oldest first."""
        return joined(reversed(self._take(amount, newest=True)))
