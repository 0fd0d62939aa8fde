"""Tracing: the rules by worked figures, stops, order, and what a person sees."""

import json
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from cli import app
from graphdb.errors import CheckFailed, WrongUsage
from graphdb.sample import sample_truth
from graphdb.trace import COLUMNS, Flow, Limits, arrivals, flows_of, paths_from, trace_money

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
    return flows_of(frame, hubs or {}, {(a, "CNY"): minor for a, minor in known.items()})[0]


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
    ],
)
def test_wrong_use_is_said(demo: Path, arguments: list[str], says: str) -> None:
    result = CliRunner().invoke(app, ["trace", *arguments, "--case", str(demo / "case")])
    assert result.exit_code == 2
    assert says in result.stderr
