"""Walking: packs whose query gives seeds and whose answer needs the payments as arrays.

Joins packs and trace. The evidence of a row are the places of the payments that the walk names.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache

from graphdb.errors import CheckFailed, InputRefused
from graphdb.model import Cell, Rows
from graphdb.packs import Pack, Walker
from graphdb.trace import WALKS, Flow, Walk


def walker(flows: Callable[[], tuple[Flow, ...]]) -> Walker:
    """Give what answers packs that walk; the payments are arranged once, when first needed."""
    kept = cache(flows)

    def answer(pack: Pack, seeds: Rows, given: Mapping[str, Cell]) -> Rows:
        walk = _checked(pack, seeds)
        rows: list[tuple[Cell, ...]] = []
        for flow in kept():
            told = [*walk.go(flow, seeds.rows, given)]
            events = flow.events_of(payment for one in told for payment in one.payments)
            rows += ((*one.cells, _evidence(flow, events, one.payments)) for one in told)
        return Rows((*walk.columns, "evidence"), tuple(rows))

    return answer


def _checked(pack: Pack, seeds: Rows) -> Walk:
    """Find a pack's walk.

    Raises:
        InputRefused: there is no such walk, or the pack lacks parameters that it takes.
        CheckFailed: the query does not return the seeds of the walk.
    """
    walk = next((one for one in WALKS if one.name == pack.walk), None)
    if walk is None:
        raise InputRefused(
            f"there is no walk '{pack.walk}'",
            where=str(pack.path),
            fix=f"one of {', '.join(one.name for one in WALKS)}",
        )
    if lacking := sorted(set(walk.takes) - set(pack.parameters)):
        raise InputRefused(f"the walk takes a parameter '{lacking[0]}'", where=str(pack.path))
    if seeds.columns != walk.seeds:
        raise CheckFailed(
            f"pack {pack.id} gives the seeds {', '.join(seeds.columns)}; "
            f"its walk begins with {', '.join(walk.seeds)}",
            where=str(pack.path),
        )
    return walk


def _evidence(flow: Flow, events: Mapping[str, int], payments: Sequence[str]) -> list[Cell]:
    return [place for payment in payments for place in flow.evidence[events[payment]]]
