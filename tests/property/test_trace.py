"""Money is conserved, and the fast walk says what a slow and obvious one says."""

from collections.abc import Mapping, Sequence

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphdb.trace import (
    COLUMNS,
    RULES,
    Flow,
    Limits,
    Trail,
    flows_of,
    in_order,
    lots_of,
    trace_money,
)
from tests.oracle import Paid, carried, mixed, queued

ACCOUNTS = ("a", "b", "c", "d", "e")
ENDS = st.tuples(st.sampled_from(ACCOUNTS), st.sampled_from(ACCOUNTS)).filter(
    lambda ends: ends[0] != ends[1]
)
STEPS = st.lists(st.tuples(ENDS, st.integers(1, 40)), min_size=1, max_size=18)
OPENINGS = st.dictionaries(st.sampled_from(ACCOUNTS), st.integers(1, 60), max_size=3)
REVERSIBLE = [rule.name for rule in RULES if rule.is_reversible]


def paid(steps: Sequence[tuple[tuple[str, str], int]]) -> list[Paid]:
    return [(f"p{n:02d}", *ends, amount) for n, (ends, amount) in enumerate(steps)]


def flow_of(
    payments: Sequence[Paid],
    step_ms: int = 1000,
    opening: Mapping[str, int] | None = None,
    order: Sequence[int] = (),
    kinds: Sequence[str | None] = (),
    hubs: Mapping[str, str] | None = None,
) -> Flow:
    rows = [
        {"payment": payment, "payer": payer, "payee": payee, "amount_minor": amount,
         "currency": "CNY", "at": str(n * step_ms), "at_ms": n * step_ms,
         "kind": kinds[n] if kinds else None, "evidence": [f"E01:{n + 2}"]}
        for n, (payment, payer, payee, amount) in enumerate(payments)
    ]  # fmt: skip
    rows = [rows[at] for at in order if at < len(rows)] if order else rows
    stated = {(account, "CNY"): minor for account, minor in (opening or {}).items()}
    (flow,) = flows_of(in_order(pl.DataFrame(rows, schema=dict(COLUMNS))), hubs or {}, stated)
    return flow


def told(trail: Trail) -> dict[str, dict[str, int]]:
    return {hop.payment: dict(hop.shares) for hop in trail.hops}


@given(STEPS, st.lists(st.integers(0, 24), min_size=1, max_size=4), OPENINGS, st.booleans())
def test_each_rule_says_what_the_slow_oracle_says(
    steps: list[tuple[tuple[str, str], int]],
    ones: list[int],
    opening: dict[str, int],
    at_home: bool,
) -> None:
    payments = paid(steps)
    numbers = {one % len(payments) for one in ones}
    origins = {payments[n][0]: f"v{n % 2}" for n in numbers}
    homes = {payments[min(numbers)][1]} if at_home else set()
    for rule in RULES:
        (trail,) = trace_money(flow_of(payments, opening=opening), origins, homes, [rule.name])
        if rule.name in ("fifo", "lifo"):
            newest = rule.name == "lifo"
            slow = carried(payments, origins, homes, newest=newest, opening=opening)
        else:
            slow = mixed(payments, origins, homes, rule.name, opening)
        assert told(trail) == slow, rule.name


@given(STEPS, OPENINGS)
def test_the_lots_are_those_of_a_queue(
    steps: list[tuple[tuple[str, str], int]], opening: dict[str, int]
) -> None:
    payments = paid(steps)
    flow = flow_of(payments, opening=opening)
    lots = lots_of(flow)
    names = [*flow.payments, "short", "opening"]
    found = sorted(
        (names[target], names[source], end - begin)
        for target, source, begin, end in zip(
            lots.target.tolist(), lots.source.tolist(), lots.begin.tolist(), lots.end.tolist(),
            strict=True,
        )
    )  # fmt: skip
    assert found == sorted(queued(payments, opening))


@given(STEPS, st.integers(0, 24), st.permutations(range(25)))
def test_rows_of_one_instant_are_paid_in_the_order_of_their_file(
    steps: list[tuple[tuple[str, str], int]], one: int, shuffled: list[int]
) -> None:
    payments = paid(steps)
    start = payments[one % len(payments)][0]
    names = [rule.name for rule in RULES]
    apart = trace_money(flow_of(payments), {start: "v"}, [], names)
    at_once = flow_of(payments, step_ms=0, order=shuffled)
    assert [told(t) for t in apart] == [
        told(t) for t in trace_money(at_once, {start: "v"}, [], names)
    ]


@given(STEPS, st.integers(0, 24), st.booleans())
def test_no_unit_is_lost_or_doubled(
    steps: list[tuple[tuple[str, str], int]], one: int, backward: bool
) -> None:
    payments = paid(steps)
    start = payments[one % len(payments)]
    names = REVERSIBLE if backward else [rule.name for rule in RULES]
    for trail in trace_money(flow_of(payments), {start[0]: "v"}, [], names, backward=backward):
        assert trail.started_minor == start[3]
        arrived = sum(end.traced_minor for end in trail.ends)
        assert trail.started_minor + trail.contaminated_minor == arrived
        for hop in trail.hops:
            assert 0 < hop.traced_minor == sum(minor for _, minor in hop.shares)
            assert hop.traced_minor <= hop.amount_minor


@given(
    STEPS,
    st.lists(st.sampled_from([None, None, "refund", "cash"]), min_size=18, max_size=18),
    st.lists(st.integers(0, 24), min_size=1, max_size=3),
    st.builds(
        Limits,
        until_ms=st.one_of(st.none(), st.integers(0, 18_000)),
        layers=st.one_of(st.none(), st.integers(1, 4)),
        min_share=st.sampled_from([0.0, 0.1, 0.5]),
        stop_at_hubs=st.booleans(),
        hops=st.sampled_from([2, 5, 100]),
    ),
    st.booleans(),
)
def test_no_limit_refund_cash_or_hub_loses_a_unit(
    steps: list[tuple[tuple[str, str], int]],
    kinds: list[str | None],
    ones: list[int],
    limits: Limits,
    backward: bool,
) -> None:
    """That it adds up is checked in every trace; here, that it does so whatever stands in it."""
    payments = paid(steps)
    origins = {payments[one % len(payments)][0]: "v" for one in ones}
    names = REVERSIBLE if backward else [rule.name for rule in RULES]
    flow = flow_of(payments, kinds=kinds, hubs={"e": "merchant"})
    for trail in trace_money(flow, origins, [], names, limits, backward=backward):
        assert len({hop.payment for hop in (*trail.hops, *trail.returns)}) == len(trail.hops) + len(
            trail.returns
        )
        assert all(hop.layer >= 1 for hop in trail.hops)
        assert {o.account for o in trail.openings} <= set(ACCOUNTS)


@given(STEPS, st.integers(0, 24), st.integers(0, 24))
def test_back_and_forth_agree(steps: list[tuple[tuple[str, str], int]], one: int, two: int) -> None:
    payments = paid(steps)
    first, last = sorted((one % len(payments), two % len(payments)))
    source, target = payments[first][0], payments[last][0]
    flow = flow_of(payments)
    for name in ("fifo", "lifo"):
        (on,) = trace_money(flow, {source: "v"}, [], [name])
        (back,) = trace_money(flow, {target: "v"}, [], [name], backward=True)
        went = sum(told(on).get(target, {}).values())
        came = sum(told(back).get(source, {}).values())
        assert went == came


@given(STEPS, st.integers(0, 24), STEPS)
def test_unrelated_payments_change_nothing(
    steps: list[tuple[tuple[str, str], int]],
    one: int,
    others: list[tuple[tuple[str, str], int]],
) -> None:
    payments = paid(steps)
    beside = [(f"x{p}", f"x{a}", f"x{b}", m) for p, a, b, m in paid(others)]
    start = {payments[one % len(payments)][0]: "v"}
    names = [rule.name for rule in RULES]
    alone = trace_money(flow_of(payments), start, [], names)
    mixed = trace_money(flow_of([*beside, *payments]), start, [], names)
    assert [told(trail) for trail in alone] == [told(trail) for trail in mixed]


@given(STEPS, st.integers(0, 24), st.integers(0, 24))
def test_a_payment_in_two_halves_changes_no_total(
    steps: list[tuple[tuple[str, str], int]], one: int, cut: int
) -> None:
    doubled = [(ends, amount * 2) for ends, amount in steps]
    whole = paid(doubled)
    at = cut % len(whole)
    payment, payer, payee, amount = whole[at]
    halves = [(payment, payer, payee, amount // 2), (f"{payment}'", payer, payee, amount // 2)]
    start = whole[one % len(whole)][0]
    origins = {start: "v"} | ({f"{payment}'": "v"} if start == payment else {})
    split = [*whole[:at], *halves, *whole[at + 1 :]]
    for rule in RULES:
        (before,) = trace_money(flow_of(whole), {start: "v"}, [], [rule.name])
        (after,) = trace_money(flow_of(split), origins, [], [rule.name])
        assert before.ended("at_rest") == after.ended("at_rest"), rule.name


@pytest.mark.parametrize("rule", [rule.name for rule in RULES])
def test_the_work_limit_is_said(rule: str) -> None:
    payments: list[Paid] = [(f"p{n}", ACCOUNTS[n % 5], ACCOUNTS[(n + 1) % 5], 9) for n in range(20)]
    (trail,) = trace_money(flow_of(payments), {"p0": "v"}, [], [rule], Limits(hops=3))
    assert len(trail.hops) == 3
    assert "work limit" in trail.notes[0]
