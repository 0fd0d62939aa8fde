"""Slow and obvious: every way of money in the order of time is written out, payment by payment."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Paid:
    id: str
    payer: str
    payee: str
    amount: int
    at_ms: int
    kind: str | None


@dataclass(frozen=True)
class World:
    payments: Sequence[Paid]  # in order of time
    hubs: Collection[str]
    within: int
    keep: float

    def onward(self, last: Paid, until: int) -> Iterator[Paid]:
        if last.payee in self.hubs or last.kind == "cash":
            return
        for later in self.payments[self.payments.index(last) + 1 :]:
            if (
                later.payer == last.payee
                and later.at_ms <= until
                and later.amount >= self.keep * last.amount
                and later.kind not in ("purchase", "refund")
            ):
                yield later

    def ways(self, start: Paid, hops: int) -> Iterator[tuple[Paid, ...]]:
        """Every way of one to ``hops`` payments; accounts may come twice."""
        yield from self._ways((start,), hops)

    def _ways(self, way: tuple[Paid, ...], hops: int) -> Iterator[tuple[Paid, ...]]:
        yield way
        if len(way) < hops:
            for later in self.onward(way[-1], way[-1].at_ms + self.within):
                yield from self._ways((*way, later), hops)

    def longest(self, start: Paid, hops: int) -> Iterator[tuple[Paid, ...]]:
        """The ways on which no account comes twice and that go no further."""
        yield from self._longest((start,), hops)

    def _longest(self, way: tuple[Paid, ...], hops: int) -> Iterator[tuple[Paid, ...]]:
        been = {paid.payer for paid in way}
        further = [
            later
            for later in self.onward(way[-1], way[-1].at_ms + self.within)
            if later.payee not in been
        ] if len(way) < hops else []  # fmt: skip
        if not further:
            yield way
        for later in further:
            yield from self._longest((*way, later), hops)

    def rings(self, hops: int) -> Iterator[tuple[Paid, ...]]:
        """Ways back to their first payer, within the window from their first payment."""
        for start in self.payments:
            if start.kind not in ("purchase", "refund", "cash"):
                yield from self._rings((start,), hops)

    def _rings(self, way: tuple[Paid, ...], hops: int) -> Iterator[tuple[Paid, ...]]:
        if len(way) >= hops:
            return
        for later in self.onward(way[-1], way[0].at_ms + self.within):
            if later.payee == way[0].payer:
                yield (*way, later)
            elif later.payee not in {paid.payer for paid in (*way, later)}:
                yield from self._rings((*way, later), hops)
