"""Walks: the questions that need the payments as arrays for exact answers, one file each.

A pack names its walk in its front matter; its query gives the seeds.
"""

from typing import Final

from graphdb.trace.walks.convergence import CONVERGENCE
from graphdb.trace.walks.cycle import CYCLE
from graphdb.trace.walks.key_brokers import KEY_BROKERS
from graphdb.trace.walks.next_statement import NEXT_STATEMENT
from graphdb.trace.walks.nouns import Seeds, Told, Walk
from graphdb.trace.walks.scatter_gather import SCATTER_GATHER
from graphdb.trace.walks.time_ordered_path import TIME_ORDERED_PATH

__all__ = ["WALKS", "Seeds", "Told", "Walk"]

WALKS: Final[tuple[Walk, ...]] = (
    TIME_ORDERED_PATH,
    CYCLE,
    SCATTER_GATHER,
    CONVERGENCE,
    NEXT_STATEMENT,
    KEY_BROKERS,
)
