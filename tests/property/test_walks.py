"""The walks say what an enumeration of every way says, and stop rather than tell a part."""

from collections.abc import Iterable
from itertools import product
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphdb.errors import LimitReached
from graphdb.model import Cell
from graphdb.trace import COLUMNS, WALKS, Flow, flows_of, in_order
from tests.walk_oracle import Paid, World

ACCOUNTS = ("a", "b", "c", "d", "e", "hub")
KINDS = (None, None, None, "transfer", "purchase", "cash")
PAYMENTS = st.lists(
    st.tuples(
        st.sampled_from(ACCOUNTS),
        st.sampled_from(ACCOUNTS),
        st.integers(1, 4),
        st.integers(0, 30),
        st.sampled_from(KINDS),
    ).filter(lambda row: row[0] != row[1]),
    min_size=1,
    max_size=14,
)
GIVEN = {"within": 12, "keep": 0.5, "hops": 4, "work": 100_000, "min_amount": 1}
Row = tuple[str, str, int, int, str | None]


def world_of(rows: list[Row]) -> tuple[World, Flow]:
    paid = [Paid(f"p{n:02d}", *row) for n, row in enumerate(sorted(rows, key=lambda r: r[3]))]
    frame = pl.DataFrame(
        [
            {"payment": p.id, "payer": p.payer, "payee": p.payee, "amount_minor": p.amount,
             "currency": "CNY", "at": f"{p.at_ms:06d}", "at_ms": p.at_ms, "kind": p.kind,
             "evidence": [f"E01:{n + 2}"]}
            for n, p in enumerate(paid)
        ],
        schema=dict(COLUMNS),
    )  # fmt: skip
    (flow,) = flows_of(in_order(frame), {"hub": "platform"})
    return World(paid, {"hub"}, 12, 0.5), flow


def told(
    name: str, flow: Flow, seeds: Iterable[tuple[str, ...]], **more: Any
) -> list[dict[str, Cell]]:
    (walk,) = (one for one in WALKS if one.name == name)
    rows = [*walk.go(flow, [*seeds], {**GIVEN, "sink": None, **more})]
    for row in rows:
        assert set(row.payments) <= set(flow.payments)
        assert row.payments
    return [dict(zip(walk.columns, row.cells, strict=True)) for row in rows]


def seeds_of(world: World) -> list[tuple[str, str]]:
    """What a and b paid are the first payments of two victims."""
    return [(p.payer, p.id) for p in world.payments if p.payer in ("a", "b") and p.kind is None]


def ids(way: Iterable[Paid]) -> tuple[str, ...]:
    return tuple(paid.id for paid in way)


def all_ways(world: World) -> dict[str, list[tuple[Paid, ...]]]:
    found: dict[str, list[tuple[Paid, ...]]] = {}
    for who, payment in seeds_of(world):
        start = next(paid for paid in world.payments if paid.id == payment)
        found.setdefault(who, []).extend(world.ways(start, 4))
    return found


@given(PAYMENTS)
def test_time_ordered_paths_are_the_longest_ways(rows: list[Row]) -> None:
    world, flow = world_of(rows)
    expected = []
    for who, payment in seeds_of(world):
        start = next(paid for paid in world.payments if paid.id == payment)
        expected += [(who, ids(way)) for way in world.longest(start, 4) if len(way) >= 2]
    found = told("time_ordered_path", flow, seeds_of(world), min_hops=2)
    assert sorted((row["victim"], tuple(row["payments"])) for row in found) == sorted(expected)  # type: ignore[arg-type]


@given(PAYMENTS)
def test_cycles_are_the_rings(rows: list[Row]) -> None:
    world, flow = world_of(rows)
    accounts = [(account,) for account in ACCOUNTS]
    found = told("cycle", flow, accounts, min_hops=2, max_hops=4)
    assert sorted(tuple(row["payments"]) for row in found) == sorted(map(ids, world.rings(4)))  # type: ignore[arg-type]


@given(PAYMENTS)
def test_scatter_gather_is_every_pair_of_steps(rows: list[Row]) -> None:
    world, flow = world_of(rows)
    pairs: dict[tuple[str, str], set[tuple[Paid, Paid]]] = {}
    for first in world.payments:
        if first.payer == "hub" or first.kind in ("purchase", "refund"):
            continue
        for later in world.onward(first, first.at_ms + 12):
            if later.payee not in (first.payer, "hub"):
                pairs.setdefault((first.payer, later.payee), set()).add((first, later))
    expected = {
        ends: (
            sorted({f.payee for f, _ in found}),
            len(found),
            sum(p.amount for p in {f for f, _ in found}),
        )
        for ends, found in pairs.items()
        if len({f.payee for f, _ in found}) >= 2
    }
    found = told("scatter_gather", flow, [(account,) for account in ACCOUNTS], min_mids=2)
    assert {
        (row["source"], row["sink"]): (row["mids"], row["ways"], row["scattered_minor"])
        for row in found
    } == expected


@given(PAYMENTS)
def test_convergence_is_where_ways_of_two_victims_end(rows: list[Row]) -> None:
    world, flow = world_of(rows)
    ways = all_ways(world)
    expected = {}
    for account in set(ACCOUNTS) - set(ways) - {"hub"}:
        into = {who: [w for w in of if w[-1].payee == account] for who, of in ways.items()}
        into = {who: found for who, found in into.items() if found}
        if len(into) >= 2:
            last = {way[-1] for found in into.values() for way in found}
            expected[account] = (
                sorted(into),
                max(min(len(way) for way in found) for found in into.values()),
                sum(paid.amount for paid in last),
                sum(len(found) for found in into.values()),
            )
    found = told("convergence", flow, seeds_of(world), min_victims=2)
    assert {
        row["account"]: (row["victims"], row["hops"], row["arrived_minor"], row["ways"])
        for row in found
    } == expected


@given(PAYMENTS)
def test_the_next_statements_are_where_ways_go_cold(rows: list[Row]) -> None:
    world, flow = world_of(rows)
    ways = [way for of in all_ways(world).values() for way in of]
    expected = {}
    for account in {way[-1].payee for way in ways}:
        into = {way[-1] for way in ways if way[-1].payee == account}
        first = min(world.payments.index(paid) for paid in into)
        silent = all(paid.payer != account for paid in world.payments[first + 1 :])
        if (silent or account == "hub") and any(paid.kind != "cash" for paid in into):
            expected[account] = (sum(p.amount for p in into), sorted(ids(into)))
    found = told("next_statement", flow, seeds_of(world))
    assert {row["account"]: (row["arrived_minor"], row["payments"]) for row in found} == expected


@given(PAYMENTS)
def test_brokers_stand_on_shortest_ways_of_every_victim(rows: list[Row]) -> None:
    world, flow = world_of(rows)
    ways = all_ways(world)
    for sink in ("e", "hub"):
        short: dict[str, list[tuple[Paid, ...]]] = {}
        for who, of in ways.items():
            into = [way for way in of if way[-1].payee == sink]
            least = min((len(way) for way in into), default=0)
            if into:
                short[who] = [way for way in into if len(way) == least]
        passed = [
            set().union(*({paid.payee for paid in way} for way in found))
            for found in short.values()
        ]
        common = set.intersection(*passed) if len(short) >= 2 else set()
        expected = {}
        for account in common - set(ways) - {sink, "hub"}:
            all_short = [way for found in short.values() for way in found]
            through = [way for way in all_short if account in {paid.payee for paid in way}]
            expected[account] = (len(through), len(all_short), len(through) == len(all_short))
        found = told("key_brokers", flow, seeds_of(world), sink=sink, min_victims=2)
        assert {
            row["account"]: (row["ways_through"], row["ways"], row["on_every_way"]) for row in found
        } == expected


@pytest.mark.parametrize("name", [walk.name for walk in WALKS])
def test_a_walk_that_hits_its_limit_says_so(name: str) -> None:
    rows: list[Row] = [
        (a, b, 1, t, None) for t, (a, b) in enumerate(product("abcd", "abcd")) if a != b
    ]
    world, flow = world_of(rows)
    (walk,) = (one for one in WALKS if one.name == name)
    seeds: list[tuple[str, ...]] = (
        [*seeds_of(world)] if walk.seeds[0] == "victim" else [(account,) for account in ACCOUNTS]
    )
    more = {"min_hops": 2, "max_hops": 3, "min_mids": 2, "min_victims": 2, "work": 3}
    with pytest.raises(LimitReached, match="more than 3 steps"):
        told(name, flow, seeds, **more)
