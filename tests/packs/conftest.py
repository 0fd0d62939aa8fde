"""The city of 100,000 links with one gang in it, loaded once a process, with all answers on it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property, partial
from typing import Final

import pytest

from graphdb.casework.joining import put_hubs
from graphdb.casework.projection import payments_in
from graphdb.casework.proving import read_given
from graphdb.casework.tracing import flows_in
from graphdb.casework.walking import walker
from graphdb.identity import Joins, hub_rows, hubs_of, resolve
from graphdb.model import Batch
from graphdb.packs import Answer, Pack, Walker, load_packs, run_pack
from graphdb.sample import aside, market, scam
from graphdb.sample.rows import Rows
from graphdb.store import IN_MEMORY, READ_LIMIT, Store, open_store
from tests.crowd import city

LINKS: Final = 100_000
CITY: Final = "city-"


@dataclass
class Crowd:
    """A graph with the city and the gang, and what packs answer on it."""

    store: Store

    @classmethod
    def load(cls, store: Store, batches: Sequence[Batch]) -> "Crowd":
        for batch in batches:
            store.load(resolve(batch))
        put_hubs(store, hubs_of(hub_rows([*batches]), Joins()))
        return cls(store)

    @cached_property
    def answers(self) -> Mapping[str, Answer]:
        """What every pack answers with its defaults."""
        return {pack.id: self.ask(pack) for pack in load_packs()}

    def ask(
        self, pack: Pack, values: Mapping[str, str] | None = None, limit: timedelta = READ_LIMIT
    ) -> Answer:
        read = partial(self.store.read, limit=limit)
        return run_pack(pack, read, self._held, values or {}, self._walker)

    def ways(self, hops: int) -> int:
        """Count the ways of so many payments, with repeats, by the engine."""
        begin, *onward = (
            f"MATCH (a{n}:Account)-[:SENT]->(:Payment)-[:PAID_TO]->(a{n + 1}:Account)"
            for n in range(hops)
        )
        text = " ".join(
            [begin, *(step.replace(":Account)-[:SENT]", ")-[:SENT]") for step in onward)]
        )
        ((count,),) = self.store.read(f"{text} RETURN count(*) AS n").rows
        return int(str(count))

    @cached_property
    def _held(self) -> Mapping[str, int]:
        counts = self.store.count()
        return {**counts.nodes, **counts.links}

    @cached_property
    def _walker(self) -> Walker:
        return walker(lambda: flows_in(self.store, payments_in(self.store)))


@pytest.fixture(scope="session")
def batches() -> tuple[Batch, ...]:
    gang = Rows()
    sold = market.tell(gang)
    scam.tell(gang, sold)
    aside.tell(gang, sold)
    return (*city(LINKS), *read_given(gang.tables, "gang-"))


@pytest.fixture(scope="session")
def embedded(batches: Sequence[Batch]) -> Crowd:
    return Crowd.load(open_store(IN_MEMORY), batches)
