"""First in, first out: the rule in Clayton's Case."""

from collections.abc import Collection, Mapping
from typing import ClassVar

from graphdb.trace.coins import follow_coins
from graphdb.trace.flow import Flow
from graphdb.trace.nouns import Limits, Trail


class Fifo:
    """What came first is spent first; so every unit has one way, and ``lots`` tells it."""

    name: ClassVar[str] = "fifo"
    says: ClassVar[str] = "first in, first out"
    source: ClassVar[str] = "Devaynes v Noble (Clayton's Case) (1816) 1 Mer 572"
    is_additive: ClassVar[bool] = True
    is_reversible: ClassVar[bool] = True

    @classmethod
    def follow(
        cls, flow: Flow, origins: Mapping[int, str], homes: Collection[int], limits: Limits
    ) -> Trail:
        """Follow the payments ``origins`` (position: whose) until the money rests or leaves."""
        return follow_coins(cls, flow, origins, homes, limits)
