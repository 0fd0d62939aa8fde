"""Money is conserved, and the fast walk says what a slow and obvious one says."""

from collections.abc import Sequence

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphdb.trace import COLUMNS, RULES, Flow, Limits, Trail, flows_of, trace_money
from tests.oracle import Paid, carried

ACCOUNTS = ("a", "b", "c", "d", "e")
ENDS = st.tuples(st.sampled_from(ACCOUNTS), st.sampled_from(ACCOUNTS)).filter(
    lambda ends: ends[0] != ends[1]
)
STEPS = st.lists(st.tuples(ENDS, st.integers(1, 40)), min_size=1, max_size=25)
REVERSIBLE = [rule.name for rule in RULES if rule.is_reversible]


def paid(steps: Sequence[tuple[tuple[str, str], int]]) -> list[Paid]:
    return [(f"p{n:02d}", *ends, amount) for n, (ends, amount) in enumerate(steps)]


def flow_of(payments: Sequence[Paid], step_ms: int = 1000) -> Flow:
    rows = [
        {"payment": payment, "payer": payer, "payee": payee, "amount_minor": amount,
         "currency": "CNY", "at": str(n * step_ms), "at_ms": n * step_ms, "kind": None,
         "evidence": [f"E01:{n + 2}"]}
        for n, (payment, payer, payee, amount) in enumerate(payments)
    ]  # fmt: skip
    (flow,) = flows_of(pl.DataFrame(rows, schema=dict(COLUMNS)), {})
    return flow


def told(trail: Trail) -> dict[str, dict[str, int]]:
    return {hop.payment: dict(hop.shares) for hop in trail.hops}


@given(STEPS, st.integers(0, 24), st.integers(0, 24))
def test_fifo_and_lifo_are_those_of_a_row_of_coins(
    steps: list[tuple[tuple[str, str], int]], one: int, two: int
) -> None:
    payments = paid(steps)
    origins = {payments[n % len(payments)][0]: f"v{n % len(payments)}" for n in (one, two)}
    for name, newest in (("fifo", False), ("lifo", True)):
        (trail,) = trace_money(flow_of(payments), origins, [], [name])
        assert told(trail) == carried(payments, origins, set(), newest=newest)


@given(STEPS, st.sampled_from(ACCOUNTS))
def test_the_money_of_an_account_is_that_of_a_row_of_coins(
    steps: list[tuple[tuple[str, str], int]], home: str
) -> None:
    payments = paid(steps)
    origins = {payment: home for payment, payer, _, _ in payments if payer == home}
    if not origins:
        return
    for name, newest in (("fifo", False), ("lifo", True)):
        (trail,) = trace_money(flow_of(payments), origins, [home], [name])
        assert told(trail) == carried(payments, origins, {home}, newest=newest)


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
    for name in ("fifo", "lifo"):
        (before,) = trace_money(flow_of(whole), {start: "v"}, [], [name])
        split = [*whole[:at], *halves, *whole[at + 1 :]]
        (after,) = trace_money(flow_of(split), origins, [], [name])
        assert before.ended("at_rest") == after.ended("at_rest")


@pytest.mark.parametrize("rule", [rule.name for rule in RULES])
def test_the_work_limit_is_said(rule: str) -> None:
    payments: list[Paid] = [(f"p{n}", ACCOUNTS[n % 5], ACCOUNTS[(n + 1) % 5], 9) for n in range(20)]
    (trail,) = trace_money(flow_of(payments), {"p0": "v"}, [], [rule], Limits(hops=3))
    assert len(trail.hops) == 3
    assert "work limit" in trail.notes[0]
