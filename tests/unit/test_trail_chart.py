"""The drawn trail: what stands on it adds up within a layer and nowhere else."""

import re
from pathlib import Path
from xml.etree import ElementTree as Tree

import pytest

from graphdb.chart import Said, TrailChart, TrailStep, TrailStop, draw_trail
from graphdb.errors import WrongUsage
from graphdb.model import SourceRow

HOSTILE = "</svg><script>alert(1)</script>\u202e\x00"
SVG = "{http://www.w3.org/2000/svg}"


def step(
    number: int, source: str, target: str, layer: int, amount: int, **shares: int
) -> TrailStep:
    return TrailStep(
        f"payment:{number}", source, target, f"2025-03-01T0{number % 10}:00:00.000Z", layer, amount,
        tuple(sorted(shares.items())), (f"E01:{number + 1}",),
    )  # fmt: skip


def trail(steps: tuple[TrailStep, ...] = (), **more: object) -> TrailChart:
    drawn = steps or (
        step(1, "bank:v1", "bank:m", 1, 30_000, v1=30_000),
        step(2, "bank:v2", "bank:m", 1, 20_000, v2=20_000),
        step(3, "bank:m", "bank:n", 2, 60_000, v1=30_000, v2=15_000),
    )
    return TrailChart(
        title=f"Trail {HOSTILE}",
        rule=Said("followed by fifo", "按规则"),
        currency="CNY",
        is_backward=bool(more.get("is_backward")),
        origins=(("v1", 30_000), ("v2", 20_000)),
        steps=drawn,
        stops=(TrailStop("bank:n", "at_rest", "still there", 45_000),),
        captions={"bank:m": f"{HOSTILE}\nbank:m"},
        sources=(SourceRow("E01:2", "流水.csv", "ab" * 32, (("备注", HOSTILE),)),),
    )


def texts(path: Path) -> list[str]:
    return ["".join(found.itertext()) for found in Tree.parse(path).iter(f"{SVG}text")]  # noqa: S314


def test_each_layer_has_its_sum_and_no_sum_spans_layers(tmp_path: Path) -> None:
    draw_trail(trail(), tmp_path / "t.svg")
    shown = texts(tmp_path / "t.svg")
    assert any("¥500.00 · 1 accounts" in text for text in shown)
    assert any("¥450.00 · 1 accounts" in text for text in shown)
    assert "¥450 of 其中 ¥600" in shown
    # 500 and 450 are the same money: their sum stands nowhere.
    draw_trail(trail(), tmp_path / "t.html")
    page = (tmp_path / "t.html").read_text(encoding="utf-8")
    assert "950" not in re.sub(r"<svg.*?</svg>|sha256-\S+", "", page, flags=re.DOTALL)


def test_mixing_at_a_common_receiver_is_told_per_victim(tmp_path: Path) -> None:
    assert trail().mixed == (
        ("bank:m", (("v1", 30_000), ("v2", 20_000))),
        ("bank:n", (("v1", 30_000), ("v2", 15_000))),
    )
    draw_trail(trail(), tmp_path / "t.html")
    page = (tmp_path / "t.html").read_text(encoding="utf-8")
    assert '<table id="mixed">' in page
    assert "<tr><td>bank:n</td><td>v2</td><td>¥150.00</td></tr>" in page


def test_what_is_hostile_stays_text_and_the_bytes_are_the_same_each_time(tmp_path: Path) -> None:
    for suffix in ("svg", "html"):
        draw_trail(trail(), tmp_path / f"one.{suffix}")
        draw_trail(trail(), tmp_path / f"two.{suffix}")
        one = (tmp_path / f"one.{suffix}").read_bytes()
        assert one == (tmp_path / f"two.{suffix}").read_bytes()
        assert b"<script" not in one
        assert "⟨U+202E⟩".encode() in one
    # Parses, so no control character and no stray tag is in it.
    assert len(texts(tmp_path / "one.svg")) > 10


def test_a_long_column_is_put_together_at_its_foot_and_keeps_its_sum(tmp_path: Path) -> None:
    many = tuple(step(n, "bank:m", f"bank:{n:03}", 1, 100 + n, v1=100 + n) for n in range(200))
    wide = trail(many)
    last = [node for node in wide.nodes if node.layer == 1]
    assert len(last) == 24
    assert sum(node.many for node in last) == 200
    assert sum(link.traced_minor for link in wide.links) == sum(one.amount_minor for one in many)
    draw_trail(wide, tmp_path / "t.svg")
    assert "177 further 其余" in texts(tmp_path / "t.svg")


def test_backward_the_question_stands_at_the_left(tmp_path: Path) -> None:
    back = trail((step(3, "bank:m", "bank:n", 1, 60_000, v1=60_000),), is_backward=True)
    assert [(node.layer, node.account) for node in back.nodes] == [(0, "bank:n"), (1, "bank:m")]
    draw_trail(back, tmp_path / "t.svg")
    assert "Looked back from 追溯起点" in texts(tmp_path / "t.svg")


def test_another_suffix_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WrongUsage, match=r"cannot be written as '\.docx'"):
        draw_trail(trail(), tmp_path / "t.docx")
