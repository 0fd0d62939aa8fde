"""What a chart keeps, merges, folds and lays out, and what hostile text cannot do to it."""

import json
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from graphdb.chart import Chart, chart_of, draw_chart
from graphdb.errors import CheckFailed, WrongUsage
from graphdb.model import Cell, Chain, Entity, Link, Payee, SourceRow

HOSTILE = "</script><script>alert(1)</script>{{ 7*7 }}\u202e\u200b\"'<img src=x onerror=alert(1)>"


def account(id_: str, **properties: str) -> Entity:
    return Entity("Account", id_, properties)


def paid(
    number: str, payer: str, payee: str, fen: int, place: str = "E01:2"
) -> tuple[Entity, Link, Link]:
    about: dict[str, Cell] = {"evidence": [place], "basis": "recorded"}
    payment = Entity(
        "Payment",
        f"payment:{number}",
        {"amount_minor": fen, "currency": "CNY", "at": "2025-03-01T02:00:00.000Z", **about},
    )
    return (
        payment,
        Link("SENT", payer, payment.id, about),
        Link("PAID_TO", payment.id, payee, about),
    )


def login(account_: str, device: str, place: str, at: str = "2025-03-01T02:00:00.000Z") -> Link:
    return Link(
        "LOGGED_IN_ON", account_, device, {"evidence": [place], "basis": "recorded", "at": at}
    )


def chart_with(*payments: tuple[Entity, Link, Link], title: str = "LC-1") -> Chart:
    ends = {end for _, sent, to in payments for end in (sent.source, to.target)}
    entities = [*(account(end) for end in sorted(ends)), *(payment for payment, _, _ in payments)]
    links = [link for _, sent, to in payments for link in (sent, to)]
    return chart_of(title, entities, links)


def embedded(html: str, name: str) -> Mapping[str, list[Mapping[str, object]]]:
    match = re.search(rf'<script type="application/json" id="{name}">(.*?)</script>', html, re.S)
    assert match is not None
    facts: Mapping[str, list[Mapping[str, object]]] = json.loads(match[1])
    return facts


def drawn(chart: Chart, folder: Path) -> str:
    path = folder / "chart.html"
    draw_chart(chart, path)
    return path.read_bytes().decode("utf-8")


def test_parallel_payments_are_each_a_line_and_keep_their_sum(tmp_path: Path) -> None:
    chart = chart_with(*(paid(f"p{n}", "bank:1", "bank:2", 100 + n, f"E01:{n}") for n in range(4)))
    html = drawn(chart, tmp_path)
    edges = embedded(html, "drawn")["edges"]
    assert len(edges) == 4
    assert sum(link.amount_minor or 0 for link in chart.links) == 406
    assert len({json.dumps(edge["smooth"], sort_keys=True) for edge in edges}) == 4


def test_payments_both_ways_do_not_lie_on_each_other(tmp_path: Path) -> None:
    chart = chart_with(paid("p1", "bank:1", "bank:2", 1), paid("p2", "bank:2", "bank:1", 2))
    first, second = embedded(drawn(chart, tmp_path), "drawn")["edges"]
    assert first["smooth"] != second["smooth"]


def test_many_payments_between_two_accounts_are_one_line_with_count_and_sum() -> None:
    chart = chart_with(*(paid(f"p{n}", "bank:1", "bank:2", 100, f"E01:{n}") for n in range(37)))
    (line,) = chart.links
    assert (line.count, line.amount_minor, len(line.evidence)) == (37, 3700, 37)
    assert len(line.ids) == 37


def test_a_payment_with_one_known_end_stays_a_node() -> None:
    payment, sent, _ = paid("p1", "bank:1", "bank:2", 100)
    chart = chart_of("LC-1", [account("bank:1"), payment], [sent])
    assert {node.id for node in chart.nodes} == {"bank:1", "payment:p1"}
    assert [line.type for line in chart.links] == ["SENT"]


def test_repeated_logins_are_one_line_with_all_their_rows() -> None:
    entities = [account("wechat:a"), Entity("Device", "device:d", {})]
    links = [
        login("wechat:a", "device:d", f"E01:{n}", f"2025-03-0{n}T00:00:00.000Z") for n in (3, 1, 2)
    ]
    (line,) = chart_of("LC-1", entities, links).links
    assert line.count == 3
    assert set(line.evidence) == {"E01:1", "E01:2", "E01:3"}
    assert (line.first_at, line.last_at) == ("2025-03-01T00:00:00.000Z", "2025-03-03T00:00:00.000Z")


def test_lines_of_another_basis_are_never_merged() -> None:
    entities = [Entity("Person", "person:p", {}), account("bank:1")]
    links = [
        Link("HOLDS", "person:p", "bank:1", {"evidence": ["E01:2"], "basis": basis})
        for basis in ("recorded", "stated", "inferred")
    ]
    chart = chart_of("LC-1", entities, links)
    assert sorted(line.basis for line in chart.links) == ["inferred", "recorded", "stated"]


def test_basis_is_told_by_dash_and_by_word(tmp_path: Path) -> None:
    entities = [Entity("Person", "person:p", {}), account("bank:1")]
    links = [
        Link("HOLDS", "person:p", "bank:1", {"evidence": ["E01:2"], "basis": basis})
        for basis in ("recorded", "inferred")
    ]
    edges = embedded(drawn(chart_of("LC-1", entities, links), tmp_path), "drawn")["edges"]
    told = {str(edge["label"]).strip(): edge["dashes"] for edge in edges}
    assert told == {"inferred": [2, 5], "": False}


def farm(size: int) -> tuple[list[Entity], list[Link]]:
    entities = [account(f"wechat:{n:03d}") for n in range(size)]
    entities += [Entity("Device", "device:d", {}), Entity("Device", "device:e", {})]
    links = [
        login(f"wechat:{n:03d}", "device:d" if n % 2 else "device:e", f"E01:{n}")
        for n in range(size)
    ]
    return entities, links


def test_a_crowd_with_the_same_neighbours_is_a_stack_that_names_everybody() -> None:
    chart = chart_of("LC-1", *farm(300))
    stacks = [node for node in chart.nodes if node.members]
    assert sorted(len(stack.members) for stack in stacks) == [150, 150]
    assert sum(line.count for line in chart.links) == 300
    assert len({place for line in chart.links for place in line.evidence}) == 300
    assert "300 entities" in " ".join(english for english, _ in chart.footnotes)


def test_a_small_chart_is_not_folded() -> None:
    chart = chart_of("LC-1", *farm(20))
    assert len(chart.nodes) == 22
    assert not any(node.members for node in chart.nodes)


def test_who_pays_and_who_is_paid_is_never_folded() -> None:
    payments = [paid(f"p{n}", f"bank:{n:03d}", "bank:collector", 100) for n in range(80)]
    chart = chart_with(*payments)
    assert len(chart.nodes) == 81


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    entities, links = farm(40)
    one = drawn(chart_of("LC-1", entities, links), tmp_path)
    other = drawn(chart_of("LC-1", entities[::-1], links[::-1]), tmp_path)
    assert embedded(one, "drawn")["nodes"] != []
    assert one == drawn(chart_of("LC-1", entities, links), tmp_path)
    places = [
        {str(n["id"]): (n["x"], n["y"]) for n in embedded(html, "drawn")["nodes"]}
        for html in (one, other)
    ]
    assert places[0] == places[1]


def test_no_two_nodes_stand_on_one_place() -> None:
    chart = chart_of("LC-1", *farm(59))
    assert len({(node.x, node.y) for node in chart.nodes}) == len(chart.nodes)


def test_a_chain_runs_from_left_to_right() -> None:
    chain = Chain(
        "seller:s", ("wechat:a",), ("device:d",), "wechat-group:g", "person:v", ("payment:p1",),
        (Payee("bank:m", 1, 100), Payee("bank:n", 2, 90)), 100, "CNY", ("E01:2",),
    )  # fmt: skip
    first, second = paid("p1", "bank:v", "bank:m", 100), paid("p2", "bank:m", "bank:n", 90)
    entities = [
        Entity("Seller", "seller:s", {}),
        account("wechat:a"),
        Entity("Device", "device:d", {}),
        Entity("Group", "wechat-group:g", {}),
        Entity("Person", "person:v", {}),
        *(account(f"bank:{name}") for name in "vmn"),
        first[0],
        second[0],
    ]
    chart = chart_of("LC-1", entities, [*first[1:], *second[1:]], chains=[chain])
    at = {node.id: node.x for node in chart.nodes}
    order = ["seller:s", "wechat:a", "device:d", "wechat-group:g", "person:v", "bank:v"]
    order += ["bank:m", "bank:n"]
    assert sorted(order, key=at.__getitem__) == order


def test_hostile_text_stays_text(tmp_path: Path) -> None:
    entities = [account("bank:1", nickname=HOSTILE), account("bank:2", nickname="{#net")]
    payment, sent, to = paid("p1", "bank:1", "bank:2", 100)
    source = SourceRow("E01:2", "a.csv", "0" * 64, (("备注", HOSTILE),))
    chart = chart_of(HOSTILE, [*entities, payment], [sent, to], sources=[source])
    html = drawn(chart, tmp_path)
    assert "<script>alert" not in html
    assert "<img src=x" not in html
    facts = embedded(html, "facts")
    assert facts["sources"]["E01:2"][2] == [["备注", HOSTILE]]  # type: ignore[call-overload]


def test_the_file_loads_nothing_from_anywhere(tmp_path: Path) -> None:
    html = drawn(chart_with(paid("p1", "bank:1", "bank:2", 1)), tmp_path)
    assert not re.findall(r"<(?:script|link|img|iframe)[^>]+(?:src|href)\s*=", html)
    assert "default-src &#39;none&#39;" in html
    assert "unsafe-inline" not in html
    assert html.startswith("<!doctype html>")


def test_a_node_may_be_called_zero(tmp_path: Path) -> None:
    html = drawn(chart_with(paid("p1", "bank:0", "bank:00", 1)), tmp_path)
    assert {node["label"] for node in embedded(html, "drawn")["nodes"]} == {"0", "00"}


def test_a_font_name_keeps_its_blanks(tmp_path: Path) -> None:
    html = drawn(chart_with(paid("p1", "bank:1", "bank:2", 1)), tmp_path)
    assert "Noto Sans CJK SC" in json.dumps(embedded(html, "drawn")["options"])


def test_a_lost_record_is_an_error_and_no_chart(monkeypatch: pytest.MonkeyPatch) -> None:
    from pyvis.network import Network

    monkeypatch.setattr(Network, "add_edge", lambda *_args, **_kwargs: None)
    with pytest.raises(CheckFailed, match="kept 2 and 0"):
        draw_chart(chart_with(paid("p1", "bank:1", "bank:2", 1)), Path("never.html"))


def test_an_unknown_suffix_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(WrongUsage, match=r"'\.docx'"):
        draw_chart(chart_with(paid("p1", "bank:1", "bank:2", 1)), tmp_path / "a.docx")
