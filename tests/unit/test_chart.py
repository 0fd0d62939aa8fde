"""What a chart keeps, merges, folds and lays out, and what hostile text cannot do to it."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphdb.chart import Chart, ChartLink, chart_of, draw_chart
from graphdb.chart.text import visible
from graphdb.errors import CheckFailed, WrongUsage
from graphdb.model import Cell, Chain, Entity, Finding, Innocent, Link, Payee, SourceRow

HOSTILE = "</script><script>alert(1)</script>{{ 7*7 }}\u202e\u200b\"'<img src=x onerror=alert(1)>"
AT = "2025-03-01T02:00:00.000Z"


def account(id_: str, **properties: str) -> Entity:
    return Entity("Account", id_, properties)


def paid(
    number: str, payer: str, payee: str, fen: int, place: str = "E01:2", at: str = AT
) -> tuple[Entity, Link, Link]:
    about: dict[str, Cell] = {"evidence": [place], "basis": "recorded"}
    money: dict[str, Cell] = {"amount_minor": fen, "currency": "CNY", "at": at, "kind": "transfer"}
    payment = Entity("Payment", f"payment:{number}", money | about)
    return (
        payment,
        Link("SENT", payer, payment.id, about),
        Link("PAID_TO", payment.id, payee, about),
    )


def link(type_: str, source: str, target: str, place: str, **properties: Cell) -> Link:
    return Link(type_, source, target, {"basis": "recorded", "evidence": [place], **properties})


def login(account_: str, device: str, place: str, at: str = AT) -> Link:
    return link("LOGGED_IN_ON", account_, device, place, at=at)


def chart_with(*payments: tuple[Entity, Link, Link], title: str = "LC-1") -> Chart:
    ends = {end for _, sent, to in payments for end in (sent.source, to.target)}
    entities = [*(account(end) for end in sorted(ends)), *(payment for payment, _, _ in payments)]
    return chart_of(title, entities, [one for _, sent, to in payments for one in (sent, to)])


def farm(size: int) -> tuple[list[Entity], list[Link]]:
    """Accounts on two devices, each bound to a phone of its own."""
    entities = [Entity("Device", "device:d", {}), Entity("Device", "device:e", {})]
    links: list[Link] = []
    for n in range(size):
        one = f"wechat:{n:03d}"
        entities += [account(one), Entity("Phone", f"phone:+86{n:03d}", {})]
        links.append(login(one, "device:d" if n % 2 else "device:e", f"E01:{n + 2}"))
        links.append(link("BOUND_TO", one, f"phone:+86{n:03d}", f"E02:{n + 2}"))
    return entities, links


def drawn(chart: Chart, folder: Path) -> str:
    path = folder / "chart.html"
    draw_chart(chart, path)
    return path.read_bytes().decode("utf-8")


def embedded(html: str, name: str) -> Any:
    match = re.search(rf'<script type="application/json" id="{name}">(.*?)</script>', html, re.S)
    assert match is not None
    return json.loads(match[1])


def types(links: Sequence[ChartLink]) -> list[str]:
    return sorted(one.type for one in links)


def test_parallel_payments_are_each_a_line_and_keep_their_sum(tmp_path: Path) -> None:
    chart = chart_with(*(paid(f"p{n}", "bank:1", "bank:2", 100 + n, f"E01:{n}") for n in range(4)))
    edges = embedded(drawn(chart, tmp_path), "edges")
    assert len({edge["id"] for edge in edges}) == 4
    assert sum(edge["paid_minor"] for edge in edges) == 406
    assert len({json.dumps(edge["smooth"], sort_keys=True) for edge in edges}) == 4


def test_payments_both_ways_do_not_lie_on_each_other(tmp_path: Path) -> None:
    chart = chart_with(paid("p1", "bank:1", "bank:2", 1), paid("p2", "bank:2", "bank:1", 2))
    first, second = embedded(drawn(chart, tmp_path), "edges")
    # Seen from its own start, each bends to the same side: so they bulge apart.
    assert first["from"] == second["to"]
    assert first["smooth"] == second["smooth"]


def test_payments_of_an_account_to_itself_are_loops_of_several_sizes(tmp_path: Path) -> None:
    chart = chart_with(paid("p1", "bank:1", "bank:1", 1), paid("p2", "bank:1", "bank:1", 2))
    sizes = [edge["selfReference"]["size"] for edge in embedded(drawn(chart, tmp_path), "edges")]
    assert len(set(sizes)) == 2


def test_too_many_payments_for_a_fan_are_one_line_with_count_and_sum() -> None:
    chart = chart_with(*(paid(f"p{n}", "bank:1", "bank:2", 100, f"E01:{n}") for n in range(37)))
    (line,) = chart.links
    assert (len(line.events), line.paid_minor, len(line.evidence)) == (37, 3700, 37)
    assert line.caption.en == "payment · ×37 · ¥37.00 · 2025-03-01"
    assert any("payments, with their sum" in note.en for note in chart.notes)


def test_payments_of_two_currencies_are_never_added() -> None:
    yuan = [paid(f"p{n}", "bank:1", "bank:2", 100) for n in range(20)]
    dong = [paid(f"q{n}", "bank:1", "bank:2", 100) for n in range(20)]
    foreign = [
        (Entity(p.label, p.id, {**p.properties, "currency": "VND"}), a, b) for p, a, b in dong
    ]
    chart = chart_with(*yuan, *foreign)
    assert sorted(line.caption.en.split(" · ")[2] for line in chart.links) == [
        "VND 2,000",
        "¥20.00",
    ]


def test_a_payment_with_one_known_end_stays_a_node_and_says_so() -> None:
    payment, sent, _ = paid("p1", "bank:1", "bank:2", 100)
    chart = chart_of("LC-1", [account("bank:1"), payment], [sent])
    assert {node.id for node in chart.nodes} == {"bank:1", "payment:p1"}
    assert types(chart.links) == ["SENT"]
    assert any(note.en.startswith("1 payments stand as marks") for note in chart.notes)


def test_a_payment_that_a_report_names_stays_a_node_with_all_its_links() -> None:
    payment, sent, to = paid("p1", "bank:1", "bank:2", 100)
    report = Entity("Report", "report:1", {"evidence": ["E02:2"], "basis": "stated"})
    named = link("NAMES", "report:1", payment.id, "E02:2")
    entities = [account("bank:1"), account("bank:2"), payment, report]
    assert types(chart_of("LC-1", entities, [sent, to, named]).links) == [
        "NAMES",
        "PAID_TO",
        "SENT",
    ]


def test_a_sale_is_a_line_from_the_seller_to_the_account_and_one_to_the_buyer() -> None:
    sale = Entity(
        "Sale", "sale:1",
        {"price_minor": 5_800, "currency": "CNY", "at": AT, "evidence": ["E01:2"],
         "basis": "recorded"},
    )  # fmt: skip
    links = [
        link("SOLD", "seller:s", "sale:1", "E01:2"),
        link("OF", "sale:1", "wechat:a", "E01:2"),
        link("BOUGHT_BY", "sale:1", "wechat:b", "E01:2"),
    ]
    entities = [Entity("Seller", "seller:s", {}), account("wechat:a"), account("wechat:b"), sale]
    chart = chart_of("LC-1", entities, links)
    drawn_ends = {(one.type, one.source, one.target) for one in chart.links}
    assert drawn_ends == {
        ("SOLD", "seller:s", "wechat:a"),
        ("BOUGHT_BY", "wechat:a", "wechat:b"),
    }
    sold = next(one for one in chart.links if one.type == "SOLD")
    assert sold.caption.zh == "售出 · ¥58.00 · 2025-03-01 10:00"


def test_repeated_logins_are_one_line_with_their_span_and_all_their_rows() -> None:
    entities = [account("wechat:a"), Entity("Device", "device:d", {})]
    links = [
        login("wechat:a", "device:d", f"E01:{n}", f"2025-03-0{n}T00:00:00.000Z") for n in (3, 1, 2)
    ]
    (line,) = chart_of("LC-1", entities, links).links
    assert line.caption.en == "logged in on · ×3 · 2025-03-01…2025-03-03"
    assert line.evidence == ("E01:1", "E01:2", "E01:3")


def test_lines_of_another_basis_are_never_merged_and_say_it_by_dash_and_word(
    tmp_path: Path,
) -> None:
    entities = [Entity("Person", "person:p", {}), account("bank:1")]
    links = [
        link("HOLDS", "person:p", "bank:1", "E01:2", basis=basis)
        for basis in ("recorded", "stated", "inferred")
    ]
    chart = chart_of("LC-1", entities, links)
    dashes = {edge["id"]: edge["dashes"] for edge in embedded(drawn(chart, tmp_path), "edges")}
    told = {one.caption.en: dashes[one.id] for one in chart.links}
    assert told == {"holds": False, "holds · stated": [10, 6], "holds · inferred": [2, 5]}


def test_a_crowd_alike_folds_into_stacks_and_what_hangs_on_each_folds_with_it() -> None:
    chart = chart_of("LC-1", *farm(300))
    stacks = {node.caption.en: len(node.members) for node in chart.nodes if len(node.members) > 1}
    assert stacks == {"150 accounts": 150, "150 phones": 150}
    assert len(chart.nodes) == 6
    assert sum(len(one.events) for one in chart.links) == 600
    assert any("4 stacks hold 600 entities" in note.en for note in chart.notes)


def test_an_owner_of_more_phones_is_not_like_one_of_a_single_phone() -> None:
    entities, links = farm(40)
    entities.append(Entity("Phone", "phone:+86999", {}))
    links.append(link("BOUND_TO", "wechat:007", "phone:+86999", "E03:2"))
    chart = chart_of("LC-1", entities, links)
    assert "wechat:007" in {node.id for node in chart.nodes if len(node.members) == 1}


def test_a_small_chart_is_not_folded() -> None:
    assert len(chart_of("LC-1", *farm(20)).nodes) == 42


def test_sellers_groups_and_persons_are_never_folded() -> None:
    entities, links = farm(40)
    for n in range(5):
        entities += [Entity("Person", f"person:{n}", {}), Entity("Seller", f"seller:{n}", {})]
        links.append(link("CONTROLS", f"person:{n}", "wechat:007", f"E03:{n + 2}"))
        links.append(link("LISTED", f"seller:{n}", "wechat:007", f"E04:{n + 2}"))
    folded = {
        node.label for node in chart_of("LC-1", entities, links).nodes if len(node.members) > 1
    }
    assert folded == {"Account", "Phone"}


def test_who_pays_and_who_is_paid_is_never_folded() -> None:
    payments = [paid(f"p{n}", f"bank:{n:03d}", "bank:collector", 100) for n in range(80)]
    assert len(chart_with(*payments).nodes) == 81


@given(st.randoms(use_true_random=False))
def test_the_order_of_what_is_given_does_not_matter(chance: Any) -> None:
    entities, links = farm(12)
    payments = [paid(f"p{n}", f"wechat:00{n % 3}", "wechat:009", 100 + n) for n in range(9)]
    entities += [payment for payment, _, _ in payments]
    links += [one for _, sent, to in payments for one in (sent, to)]
    expected = chart_of("LC-1", entities, links, fold_above=5)
    chance.shuffle(entities)
    chance.shuffle(links)
    shuffled = chart_of("LC-1", entities, links, fold_above=5)
    assert (shuffled.nodes, shuffled.bands, shuffled.notes) == (
        expected.nodes, expected.bands, expected.notes,
    )  # fmt: skip
    assert [(one.id, one.caption, one.lane) for one in shuffled.links] == [
        (one.id, one.caption, one.lane) for one in expected.links
    ]


_SCRIPT = """
import sys, hashlib
from pathlib import Path
from graphdb.chart import draw_chart
from tests.unit.test_chart import farm, chart_of
draw_chart(chart_of("LC-1", *farm(50)), Path(sys.argv[1]))
"""


def test_the_same_chart_gives_the_same_bytes_under_any_hash_seed(tmp_path: Path) -> None:
    files = [tmp_path / f"{seed}.html" for seed in ("1", "2")]
    for file in files:
        environment = {**os.environ, "PYTHONHASHSEED": file.stem}
        command = [sys.executable, "-c", _SCRIPT, str(file)]
        subprocess.run(command, check=True, env=environment, cwd=Path(__file__).parents[2])
    assert files[0].read_bytes() == files[1].read_bytes()


def test_no_two_marks_stand_on_one_place() -> None:
    chart = chart_of("LC-1", *farm(30))
    assert len({(node.x, node.y) for node in chart.nodes}) == len(chart.nodes)


def whole_chain() -> Chart:
    chain = Chain(
        "seller:s", ("wechat:a",), ("device:d",), "wechat-group:g", "person:v", ("payment:p1",),
        (Payee("bank:m", 1, 100), Payee("bank:n", 2, 90)), 100, "CNY", ("E01:2",),
    )  # fmt: skip
    first, second = paid("p1", "bank:v", "bank:m", 100), paid("p2", "bank:m", "bank:n", 90)
    out, sent, to = paid("p3", "bank:n", "bank:atm", 80)
    cash = Entity(out.label, out.id, {**out.properties, "kind": "cash"})
    entities = [
        Entity("Seller", "seller:s", {}),
        Entity("Device", "device:d", {}),
        Entity("Group", "wechat-group:g", {}),
        Entity("Person", "person:v", {}),
        *map(account, ("wechat:a", "wechat:v", "bank:v", "bank:m", "bank:n", "bank:atm")),
        *(first[0], second[0], cash),
    ]
    links = [
        *(*first[1:], *second[1:], sent, to),
        login("wechat:a", "device:d", "E02:2"),
        link("HOLDS", "person:v", "wechat:v", "E03:2"),
        link("HOLDS", "person:v", "bank:v", "E03:3"),
        *(link("MEMBER_OF", one, "wechat-group:g", "E04:2") for one in ("wechat:a", "wechat:v")),
    ]
    return chart_of("LC-1", entities, links, chains=[chain])


def test_a_chain_runs_from_left_to_right_and_everyone_has_his_role() -> None:
    roles = {node.id: node.roles[0] for node in sorted(whole_chain().nodes, key=lambda n: n.x)}
    assert list(roles.items()) == [
        ("seller:s", "Seller"),
        ("wechat:a", "sold_account"),
        ("device:d", "operator_device"),
        ("wechat-group:g", "Group"),
        ("wechat:v", "victim_account"),
        ("person:v", "victim"),
        ("bank:v", "victim_account"),
        ("bank:m", "receiver_1"),
        ("bank:n", "receiver_2"),
        ("bank:atm", "cash_out"),
    ]


def test_sums_are_given_for_each_layer_and_never_over_all() -> None:
    (sums,) = (note.en for note in whole_chain().notes if "Paid to" in note.en)
    assert "receivers, layer 1: ¥1.00 (1)" in sums
    assert "receivers, layer 2: ¥0.90 (1)" in sums
    assert "must not be added" in sums
    assert "2.70" not in sums


def test_every_role_has_a_picture_of_its_own(tmp_path: Path) -> None:
    pictures = embedded(drawn(whole_chain(), tmp_path), "chart")["pictures"]
    # Without their fills, as a black and white print has them.
    grey = {re.sub(r"fill%3D%22%23\w{6}", "", uri) for uri in pictures.values()}
    assert len(grey) == len(pictures) == 9


def test_hostile_text_stays_text(tmp_path: Path) -> None:
    entities = [account("bank:1", nickname=HOSTILE), account("bank:2", nickname="{#net")]
    payment, sent, to = paid("p1", "bank:1", "bank:2", 100)
    source = SourceRow("E01:2", "a.csv", "0" * 64, (("备注", HOSTILE),))
    chart = chart_of(HOSTILE, [*entities, payment], [sent, to], sources=[source])
    html = drawn(chart, tmp_path)
    assert "<script>alert" not in html
    assert "<img src=x" not in html
    assert "\u202e" not in html
    shown = embedded(html, "chart")["sources"]["E01:2"][1]
    assert shown == HOSTILE.replace("\u202e", "⟨U+202E⟩").replace("\u200b", "⟨U+200B⟩")


def test_a_lone_surrogate_does_not_stop_the_chart(tmp_path: Path) -> None:
    chart = chart_of("LC-1", [account("bank:1", nickname="a\ud800b")], [])
    assert "a⟨U+D800⟩b" in drawn(chart, tmp_path)


@given(st.text())
def test_visible_text_holds_nothing_that_cannot_be_seen(text: str) -> None:
    assert not re.search("[\x00-\x1f\u200b\u202a-\u202e\u2066-\u2069\ufeff]", visible(text))


def test_an_emoji_made_of_several_stays_whole() -> None:
    assert visible("👨\u200d👩\u200d👧") == "👨\u200d👩\u200d👧"


def test_the_file_loads_nothing_from_anywhere(tmp_path: Path) -> None:
    html = drawn(whole_chain(), tmp_path)
    addresses = re.findall(r"""<[^>]+(?:src|href)\s*=\s*["']?([^"'>\s]+)""", html)
    assert [one for one in addresses if not one.startswith("data:")] == []
    assert "default-src &#39;none&#39;" in html
    assert "unsafe-" not in html
    assert "sourceMappingURL" not in html


def test_the_library_travels_with_its_licence(tmp_path: Path) -> None:
    assert "vis.js is dual licensed under both" in drawn(whole_chain(), tmp_path)


def test_an_account_may_be_called_zero_or_have_an_empty_name(tmp_path: Path) -> None:
    chart = chart_of("LC-1", [account("0", nickname=""), account("bank:2", nickname="0")], [])
    captions = {node["label"] for node in embedded(drawn(chart, tmp_path), "nodes")}
    assert captions == {"0", "0\nbank:2"}


def test_two_entities_of_one_id_are_refused_before_one_is_lost() -> None:
    with pytest.raises(CheckFailed, match="two entities bear the id 'bank:1'"):
        chart_of("LC-1", [account("bank:1"), Entity("Device", "bank:1", {})], [])


def test_a_link_to_nowhere_is_refused() -> None:
    with pytest.raises(CheckFailed, match="'device:gone', which is not on the chart"):
        chart_of("LC-1", [account("bank:1")], [login("bank:1", "device:gone", "E01:2")])


def test_a_font_name_keeps_its_blanks(tmp_path: Path) -> None:
    options = embedded(drawn(whole_chain(), tmp_path), "options")
    assert "Noto Sans CJK SC" in json.loads(options)["nodes"]["font"]["face"]


def test_a_lost_line_is_an_error_and_no_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from pyvis.network import Network

    monkeypatch.setattr(Network, "add_edge", lambda *_args, **_kwargs: None)
    with pytest.raises(CheckFailed, match="0 of 1 lines were drawn"):
        draw_chart(chart_with(paid("p1", "bank:1", "bank:2", 1)), tmp_path / "chart.html")
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_suffix_is_wrong_usage_that_names_the_known(tmp_path: Path) -> None:
    with pytest.raises(WrongUsage, match=r"'\.docx'") as caught:
        draw_chart(chart_with(paid("p1", "bank:1", "bank:2", 1)), tmp_path / "a.docx")
    assert ".html" in str(caught.value.fix)


def test_findings_travel_with_their_innocent_explanations(tmp_path: Path) -> None:
    finding = Finding(
        "money/first_receivers", "indicator", "bank:2", {}, ("E01:2",), (("Account", "bank:2"),),
        innocents=(
            Innocent("shopping", "He bought something", "ask him", "购物", "询问本人"),
            Innocent("own_pack", "A loan", "ask both"),
        ),
    )  # fmt: skip
    payment, sent, to = paid("p1", "bank:1", "bank:2", 1)
    entities = [account("bank:1"), account("bank:2"), payment]
    chart = chart_of("LC-1", entities, [sent, to], findings=[finding])
    facts = embedded(drawn(chart, tmp_path), "chart")
    assert facts["findings"][0]["innocents"] == [
        [["He bought something", "购物"], ["ask him", "询问本人"]],
        [["A loan", "A loan"], ["ask both", "ask both"]],
    ]
    assert [node["findings"] for _, node in facts["nodes"]] == [[], [0]]
