"""Tracing: the rules by worked figures, stops, order, and what a person sees."""

import json
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from cli import app
from graphdb.errors import CheckFailed, WrongUsage
from graphdb.sample import sample_truth
from graphdb.trace import (
    COLUMNS,
    RULES,
    Flow,
    Limits,
    Opening,
    arrivals,
    flows_of,
    in_order,
    paths_from,
    trace_money,
)

# An account with 100 of its own gets 300 of v1 and 200 of v2, pays 250, and then 400.
ROWS = (
    ("p1", "v1", "m", 300, 10, None),
    ("p2", "v2", "m", 200, 20, None),
    ("p3", "m", "n", 250, 30, None),
    ("p4", "m", "shop", 350, 40, None),
    ("p5", "n", "atm", 200, 50, "cash"),
)


def flow(
    rows: tuple[tuple[str, str, str, int, int, str | None], ...] = ROWS,
    hubs: dict[str, str] | None = None,
    opening: dict[str, int] | None = None,
    first_row: int = 2,
    step: int = 1,
) -> Flow:
    frame = pl.DataFrame(
        [
            {"payment": p, "payer": a, "payee": b, "amount_minor": m, "currency": "CNY",
             "at": f"{t}", "at_ms": t, "kind": kind, "evidence": [f"E01:{first_row + step * n}"]}
            for n, (p, a, b, m, t, kind) in enumerate(rows)
        ],
        schema=dict(COLUMNS),
    )  # fmt: skip
    known = {"m": 100} if opening is None else opening
    stated = {(account, "CNY"): minor for account, minor in known.items()}
    return flows_of(in_order(frame), hubs or {}, stated)[0]


@pytest.mark.parametrize(
    ("rule", "third", "fourth"),
    [
        ("fifo", {"v1": 150}, {"v1": 150, "v2": 200}),
        ("lifo", {"v1": 50, "v2": 200}, {"v1": 250}),
        ("pro_rata", {"v1": 125, "v2": 83}, {"v1": 175, "v2": 117}),
        ("lowest_balance", {"v1": 90, "v2": 60}, {"v1": 210, "v2": 140}),
        ("poison", {"any": 250}, {"any": 350}),
    ],
)
def test_each_rule_by_its_worked_figures(
    rule: str, third: dict[str, int], fourth: dict[str, int]
) -> None:
    (trail,) = trace_money(flow(), {"p1": "v1", "p2": "v2"}, ["v1", "v2"], [rule])
    carried = {hop.payment: dict(hop.shares) for hop in trail.hops}
    assert carried["p3"] == third
    assert carried["p4"] == fourth


def test_cash_and_hubs_leave_the_case_and_say_so() -> None:
    (trail,) = trace_money(flow(hubs={"shop": "merchant"}), {"p1": "v1"}, [], ["fifo"])
    assert trail.ended("left_case").keys() == {"shop", "atm"}
    assert {end.why for end in trail.ends if end.account == "shop"} == {
        "not followed beyond the hub (merchant), 1 payments there"
    }
    (through,) = trace_money(
        flow(hubs={"shop": "merchant"}), {"p1": "v1"}, [], ["fifo"], Limits(stop_at_hubs=False)
    )
    assert "ask for its statement" in next(e.why for e in through.ends if e.account == "shop")


def test_layers_share_and_time_bound_the_trace() -> None:
    start = {"p1": "v1"}
    (one,) = trace_money(flow(), start, [], ["fifo"], Limits(layers=1))
    assert [hop.payment for hop in one.hops] == ["p1"]
    assert one.ended("at_rest") == {"m": 300}
    (most,) = trace_money(flow(), start, [], ["fifo"], Limits(min_share=0.51))
    assert most.ended("at_rest") == {"n": 150, "shop": 150}
    (early,) = trace_money(flow(), start, [], ["fifo"], Limits(until_ms=35))
    assert [hop.payment for hop in early.hops] == ["p1", "p3"]


def test_what_the_records_do_not_explain_is_told() -> None:
    rows = (("p1", "v", "m", 100, 10, None), ("p2", "m", "n", 150, 20, None))
    (trail,) = trace_money(flow(rows, opening={"v": 0}), {"p1": "v"}, ["v"], ["fifo"])
    assert trail.unexplained == (("m", 50),)
    (stated,) = trace_money(flow(rows, opening={"m": 60}), {"p1": "v"}, ["v"], ["fifo"])
    assert stated.unexplained == ()
    assert stated.ended("at_rest") == {"m": 10, "n": 90}


@pytest.mark.parametrize(("step", "carried"), [(1, 100), (-1, 100)])
def test_rows_of_one_second_stand_in_the_order_of_the_file(step: int, carried: int) -> None:
    """A statement may run from the newest row to the oldest: it is then read from its end."""
    rows = (
        ("old", "x", "m", 1, 1, None),
        ("z", "v", "m", 100, 20, None),
        ("a", "m", "n", 100, 20, None),
    )
    there = flow(rows, opening={"x": 5}, first_row=9, step=step)
    (trail,) = trace_money(there, {"z": "v"}, ["v"], ["lifo"])
    assert {hop.payment: hop.traced_minor for hop in trail.hops}["a"] == carried


def money(
    number: str, payer: str, payee: str, amount: int, at: int, **more: object
) -> dict[str, object]:
    return {
        "payment": number, "payer": payer, "payee": payee, "amount_minor": amount,
        "currency": "CNY", "at": f"{at}", "at_ms": at, "evidence": [f"E01:{at}"], **more,
    }  # fmt: skip


def arranged(*rows: dict[str, object], hubs: dict[str, str] | None = None) -> Flow:
    return flows_of(in_order(pl.DataFrame(rows, schema=dict(COLUMNS))), hubs or {})[0]


EVERY = [rule.name for rule in RULES]


@pytest.mark.parametrize("rule", EVERY)
def test_a_refund_is_not_a_hop_and_the_money_goes_on_from_who_had_paid(rule: str) -> None:
    """300 of v go to m, m buys for 200, gets 150 back, and pays 250 on to n."""
    there = arranged(
        money("p1", "v", "m", 300, 1),
        money("p2", "m", "shop", 200, 2, reference="order-7"),
        money("p3", "m", "shop", 40, 3),
        money("p4", "shop", "m", 150, 4, kind="refund", reference="order-7"),
        money("p5", "m", "n", 200, 5),
        hubs={"shop": "merchant"},
    )
    (trail,) = trace_money(there, {"p1": "v"}, ["v"], [rule])
    assert [hop.payment for hop in trail.hops] == ["p1", "p2", "p3", "p5"]
    (back,) = trail.returns
    assert (back.payment, back.source, back.target) == ("p4", "shop", "m")
    assert trail.ended("left_case") == {"shop": 90}
    assert trail.ended("at_rest") == {"n": 200, "m": 10}
    assert trail.hops[-1].layer == 2


def test_a_refund_to_where_the_trace_began_has_arrived() -> None:
    there = arranged(
        money("p1", "v", "m", 300, 1),
        money("p2", "m", "v", 100, 2, kind="refund"),
        money("p3", "v", "x", 900, 3),
    )
    for trail in trace_money(there, {"p1": "payment:p1"}, [], EVERY):
        assert [hop.payment for hop in trail.hops] == ["p1"]
        assert trail.ended("at_rest") == {"v": 100, "m": 200}
        assert "refunded to where the trace began" in {end.why for end in trail.ends}


def test_backward_a_refund_leads_to_what_was_paid() -> None:
    there = arranged(
        money("p1", "v", "m", 300, 1),
        money("p2", "m", "shop", 200, 2),
        money("p3", "m", "y", 100, 3),
        money("p4", "shop", "m", 200, 4, kind="refund"),
        money("p5", "m", "n", 200, 5),
        hubs={"shop": "merchant"},
    )
    names = [rule.name for rule in RULES if rule.is_reversible]
    for trail in trace_money(there, {"p5": "n"}, ["n"], names, backward=True):
        assert {hop.payment for hop in trail.hops} == {"p5", "p2", "p1"}
        assert [hop.payment for hop in trail.returns] == ["p4"]


@pytest.mark.parametrize("status", ["failed", "交易关闭", "Closed", "支付失败", "cancelled"])
def test_what_failed_or_was_closed_is_never_counted_and_said(status: str) -> None:
    there = arranged(
        money("p1", "v", "m", 300, 1, status="success"),
        money("p2", "m", "n", 300, 2, status=status),
        money("p3", "m", "o", 300, 3, status="已全额退款"),
    )
    for trail in trace_money(there, {"p1": "v"}, ["v"], EVERY):
        assert [hop.payment for hop in trail.hops] == ["p1", "p3"]
        assert trail.unexplained == ()
        assert trail.notes == ("1 failed or closed payments are not counted",)


def test_a_fee_is_a_payment_like_any_other_and_ends_at_its_hub() -> None:
    there = arranged(
        money("p1", "v", "m", 1000, 1),
        money("f1", "m", "tenpay", 1, 2, kind="fee"),
        money("p2", "m", "n", 999, 2),
        hubs={"tenpay": "platform"},
    )
    for trail in trace_money(there, {"p1": "v"}, ["v"], EVERY):
        assert trail.ended("left_case") == {"tenpay": 1}
        assert trail.ended("at_rest") == {"n": 999}


def test_each_currency_is_a_trail_of_its_own() -> None:
    rows = (
        money("p1", "v", "m", 100, 1),
        money("p2", "v", "m", 70, 2, currency="USD"),
        money("p3", "m", "n", 100, 3, currency="USD"),
    )
    cny, usd = flows_of(in_order(pl.DataFrame(rows, schema=dict(COLUMNS))), {}, {("m", "USD"): 30})
    (in_cny,) = trace_money(cny, {"p1": "v"}, ["v"], ["fifo"])
    (in_usd,) = trace_money(usd, {"p2": "v"}, ["v"], ["fifo"])
    assert (in_cny.currency, in_cny.ended("at_rest")) == ("CNY", {"m": 100})
    assert (in_usd.currency, in_usd.ended("at_rest")) == ("USD", {"n": 70})
    assert in_usd.openings[0].basis == "stated"
    assert in_cny.openings == (Opening("m", 0, "unknown"),)


def test_a_balance_on_a_statement_tells_what_was_there_before() -> None:
    there = arranged(
        money("p1", "v", "m", 300, 1),
        money("p2", "m", "n", 250, 2, payer_balance=150),
    )
    (trail,) = trace_money(there, {"p1": "v"}, ["v"], ["fifo"])
    assert Opening("m", 100, "recorded") in trail.openings
    assert trail.hops[1].traced_minor == 150


def test_backward_money_that_was_paid_in_as_cash_is_named() -> None:
    there = arranged(
        money("p1", "counter", "m", 300, 1, kind="cash"), money("p2", "m", "n", 300, 2)
    )
    names = [rule.name for rule in RULES if rule.is_reversible]
    for trail in trace_money(there, {"p2": "n"}, ["n"], names, backward=True):
        assert trail.ended("left_case") == {"counter": 300}


def test_two_victims_stay_apart_where_their_money_meets() -> None:
    (trail,) = trace_money(flow(), {"p1": "v1", "p2": "v2"}, ["v1", "v2"], ["fifo"])
    assert trail.mixed == {
        "m": {"v1": 300, "v2": 200},
        "shop": {"v1": 150, "v2": 200},
    }
    assert all(hop.evidence for hop in trail.hops)


def test_the_claimants_rule_does_not_run_backward() -> None:
    with pytest.raises(WrongUsage, match="cannot run backward"):
        trace_money(flow(), {"p4": "x"}, [], ["lowest_balance"], backward=True)
    with pytest.raises(WrongUsage, match="no tracing rule 'filo'"):
        trace_money(flow(), {"p4": "x"}, [], ["filo"])


def test_backward_says_where_a_payment_came_from() -> None:
    (trail,) = trace_money(flow(), {"p4": "shop"}, ["shop"], ["fifo"], backward=True)
    assert {(hop.payment, hop.traced_minor) for hop in trail.hops} == {
        ("p4", 350), ("p2", 200), ("p1", 150)
    }  # fmt: skip
    assert trail.ended("not_on_record") == {"v1": 150, "v2": 200}


def test_paths_keep_time_and_share_and_count_what_competes() -> None:
    found = paths_from(flow(), ["p1"], within_ms=25, keep=0.5, hops=4)
    assert [path.payments for path in found] == [("p1", "p3", "p5")]
    assert found[0].competing == 1
    assert arrivals(flow(), ["p2"]) == {"m": "20", "n": "30", "shop": "40", "atm": "50"}
    with pytest.raises(CheckFailed, match="more than 1 steps"):
        paths_from(flow(), ["p1"], within_ms=25, keep=0.5, hops=4, work=1)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("trace")
    result = CliRunner().invoke(app, ["demo", str(folder), "--json"])
    assert result.exit_code == 0, result.output
    return folder


def answer(*arguments: str | Path) -> dict[str, list[dict[str, object]]]:
    result = CliRunner().invoke(app, [*map(str, arguments), "--json"])
    assert result.exit_code == 0, result.output
    found: dict[str, list[dict[str, object]]] = json.loads(result.stdout)
    return found


def test_the_victims_money_is_followed_to_the_cash_machines(demo: Path) -> None:
    truth = sample_truth()
    case = demo / "case"
    told = answer("trace", "--from", "report:R-2025-031", "--rule", "all", "--case", case)["rules"]
    assert [one["rule"] for one in told] == ["fifo", "lifo", "pro_rata", "lowest_balance", "poison"]
    person = answer("trace", "--from", truth.victim, "--case", case)["rules"][0]
    assert person["origins"] == {truth.victim: truth.loss_minor}
    left, rest = person["left_case"], person["at_rest"]
    assert isinstance(left, dict)
    assert isinstance(rest, dict)
    assert sum(left.values()) + sum(rest.values()) == truth.loss_minor
    assert set(left) == set(truth.cash)
    kept = [*(case / "projection").glob("*.parquet")]
    assert len(kept) == 1
    text = CliRunner().invoke(app, ["trace", "--from", truth.victim, "--case", str(case)])
    assert "never to be added" in text.stdout


def test_a_report_says_what_of_its_loss_is_not_followed(demo: Path) -> None:
    """It names one of the accounts that the victim paid; whoever paid nothing is named too."""
    starts = ["--from", "report:R-2025-031", "--from", "person:straw-001"]
    (trail,) = answer("trace", *starts, "--case", demo / "case")["rules"]
    assert trail["origins"] == {"report:R-2025-031": 2_500_000}
    assert trail["notes"] == [
        (
            "report:R-2025-031 states a loss of CNY 84,000.00, and what is followed of it is "
            "CNY 25,000.00: name the person who filed it to follow all that his accounts paid"
        ),
        "nothing is followed of person:straw-001: there is no payment to begin with",
    ]


def test_of_several_victims_each_is_told_what_became_of_his_money(demo: Path) -> None:
    starts = ["--from", sample_truth().victim, "--from", "bank:6200000000000102"]
    wide = CliRunner(env={"COLUMNS": "200"})
    shown = wide.invoke(app, ["trace", *starts, "--case", str(demo / "case")])
    ended = shown.stdout.partition("Where it ended")[2].partition("Money of several")[0]
    assert "whose" in ended
    assert ended.count(starts[1]) > 1
    assert ended.count(starts[3]) > 1


def test_backward_from_a_cash_machine_reaches_the_victims(demo: Path) -> None:
    truth = sample_truth()
    told = answer("trace", "--from", truth.cash[0], "--backward", "--case", demo / "case")["rules"]
    payments = {hop["payment"] for hop in told[0]["hops"]}  # type: ignore[attr-defined]
    assert payments & set(truth.victim_payments)


def test_paths_and_the_drawn_trail(demo: Path, tmp_path: Path) -> None:
    truth = sample_truth()
    case = demo / "case"
    paths = answer("paths", "--from", truth.victim_payments[0], "--case", case)["paths"]
    assert len(paths) == 2
    assert all(len(path["payments"]) == 3 for path in paths)  # type: ignore[arg-type]
    reached = answer("paths", "--from", truth.victim, "--earliest", "--case", case)["arrivals"]
    assert set(truth.cash) <= {one["account"] for one in reached}
    assert [one["at"] for one in reached] == sorted(str(one["at"]) for one in reached)
    drawn = tmp_path / "trail.html"
    told = answer("chart", "--trace", truth.victim, "-o", drawn, "--case", case)
    assert told["links"]
    assert "按“fifo”规则追踪" in drawn.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--from", "bank:nobody"], "no entity"),
        (["--from", "device:d-op-1"], "cannot be traced from a Device"),
        (["--from", "person:zhao-001", "--since", "2025-03-01"], "has no zone"),
        (["--from", "person:zhao-001", "--opening", "bank:1=x"], "no opening balance"),
        (["--from", "person:zhao-001", "--since", "2031-03-01T00:00:00Z"], "no payment to begin"),
        (["--from", "report:R-2025-031", "--since", "2031-03-01T00:00:00Z"], "no payment to begin"),
        (["--from", "payment:P100045", "--until", "2020-03-01T00:00:00Z"], "no payment to begin"),
    ],
)
def test_wrong_use_is_said(demo: Path, arguments: list[str], says: str) -> None:
    result = CliRunner().invoke(app, ["trace", *arguments, "--case", str(demo / "case")])
    assert result.exit_code == 2
    assert says in result.stderr
