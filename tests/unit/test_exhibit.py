"""What an exhibit on paper must show, and what it must never do."""

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from pypdf import PdfReader

import graphdb
from graphdb.chart import Chart, Imprint, Said, chart_of, draw_chart
from graphdb.chart.render.exhibit import exhibit_pages
from graphdb.chart.render.paper import HEIGHT, WIDTH, Stroke, Text, moved, width_of
from graphdb.chart.render.pdf import pdf_bytes, shown
from graphdb.chart.render.svg import svg_bytes
from graphdb.chart.sheets import MOST_LINES, MOST_MARKS, sheets_of
from graphdb.model import Link

from .test_chart import HOSTILE, account, chart_with, link, login, paid

FONT = Path(graphdb.__file__).parent / "chart" / "render" / "font" / "court-sans.ttf"


def texts(chart: Chart) -> list[str]:
    return [
        one.says for page in exhibit_pages(chart) for one in page.drawn if isinstance(one, Text)
    ]


def crowd(size: int) -> Chart:
    return chart_with(
        *(paid(f"p{n}", f"bank:{n:03d}", f"bank:{n + 1:03d}", 100, f"E01:{n}") for n in range(size))
    )


def mixed() -> Chart:
    entities = [account("wechat:1"), account("wechat:2"), account("wechat:3")]
    links = [
        link("FRIEND_OF", "wechat:1", "wechat:2", "E01:7"),
        Link("FRIEND_OF", "wechat:2", "wechat:3", {"basis": "stated", "evidence": ["E02:8"]}),
        Link("SAME_AS", "wechat:1", "wechat:3",
             {"basis": "inferred", "evidence": ["E03:9"], "rule": "one phone"}),
    ]  # fmt: skip
    return chart_of("LC-1", entities, links)


def test_every_line_shows_its_basis_by_word_and_by_dash() -> None:
    chart = mixed()
    said = texts(chart)
    for word, place in (("记录 recorded", "E01:7"), ("陈述 stated", "E02:8"),
                        ("推断 inferred", "E03:9")):  # fmt: skip
        assert f"{word} {place}" in said
    (page, *_) = exhibit_pages(chart)
    curves = {one.dash for one in page.drawn if isinstance(one, Stroke) and "Q" in one.path}
    assert len(curves) == 3


def test_a_merged_line_shows_how_many_how_much_and_every_row() -> None:
    chart = chart_with(*(paid(f"p{n}", "bank:1", "bank:2", 100, f"E01:{n + 2}") for n in range(37)))
    said = texts(chart)
    assert any("×37" in one and "¥37.00" in one for one in said)
    assert "E01:2-38" in said
    assert "Σ ¥37.00" in said


def test_nothing_is_smaller_than_eight_points_or_thinner_than_a_third_of_a_millimetre() -> None:
    for page in exhibit_pages(crowd(130)):
        for one in page.drawn:
            if isinstance(one, Text):
                assert one.size >= 8
            else:
                assert one.width == 0 or one.width >= 0.35


def test_a_large_chart_is_split_and_every_line_stands_on_one_sheet() -> None:
    chart = crowd(130)
    sheets = sheets_of(chart)
    assert len(sheets) > 1
    on = [line.id for sheet in sheets for line in sheet.links]
    assert sorted(on) == sorted(line.id for line in chart.links)
    for sheet in sheets:
        assert len(sheet.nodes) <= MOST_MARKS
        assert len(sheet.links) <= MOST_LINES
        there = {node.id for node in sheet.nodes}
        assert all({line.source, line.target} <= there for line in sheet.links)
    assert "图元索引 Index of marks" in texts(chart)
    pages = len(exhibit_pages(chart))
    assert f"第 {pages} 页，共 {pages} 页  Page {pages} of {pages}" in texts(chart)


def test_a_mark_without_a_line_is_on_the_exhibit_too() -> None:
    chart = chart_of("LC-1", [account("wechat:1"), account("wechat:2")], [])
    assert {node.id for sheet in sheets_of(chart) for node in sheet.nodes} == {
        "wechat:1",
        "wechat:2",
    }


def test_the_exhibit_says_what_was_left_out_and_never_a_grand_total() -> None:
    imprint = Imprint("LC-1", "Case 7", rows_read=10, excluded=((Said("repeated", "重复"), 8),))
    chart = chart_with(paid("p1", "bank:1", "bank:2", 70000), paid("p2", "bank:2", "bank:3", 70000))
    said = texts(Chart(chart.title, chart.nodes, chart.links, chart.bands, chart.notes,
                       imprint=imprint))  # fmt: skip
    assert "原始记录 10 行 = 图中 1 行 + 未列入 9 行（重复 8）" in said
    assert not any("1,400.00" in one for one in said)
    assert any("UTC+08:00" in one for one in said)


def test_the_exhibit_is_black_and_white() -> None:
    for page in svg_bytes(mixed()):
        colours = set(re.findall(rb'(?:fill|stroke)="([^"]+)"', page))
        assert colours <= {b"#000", b"#fff", b"none"}


def test_the_order_of_what_is_given_does_not_matter() -> None:
    chart = mixed()
    entities = [one for node in chart.nodes for one in node.members]
    links = [one for line in chart.links for event in line.events for one in event.links]
    again = chart_of("LC-1", entities[::-1], links[::-1])
    assert svg_bytes(again) == svg_bytes(chart)
    assert pdf_bytes(again) == pdf_bytes(chart)


def test_hostile_text_stays_text_and_stays_on_the_page() -> None:
    ends = [account("wechat:1", nickname=HOSTILE), account("wechat:2", nickname="\x00\ufffe")]
    chart = chart_of(HOSTILE * 9, ends, [login("wechat:1", "wechat:2", "E01:2")])
    for page in svg_bytes(chart):
        root = ET.fromstring(page)  # noqa: S314 - our own bytes
        assert {child.tag.rpartition("}")[2] for child in root} <= {"title", "rect", "path", "text"}
    assert pdf_bytes(chart).startswith(b"%PDF-")


def test_all_that_is_written_stands_on_the_paper() -> None:
    for page in exhibit_pages(crowd(130)):
        for one in page.drawn:
            if isinstance(one, Text):
                wide = width_of(one.says, one.size) * 0.85
                left = one.x - {"start": 0, "middle": wide / 2, "end": wide}[one.anchor]
                assert left > 0
                assert left + wide < WIDTH
                assert 0 < one.y < HEIGHT


def test_further_pages_of_an_svg_get_numbers(tmp_path: Path) -> None:
    files = draw_chart(mixed(), tmp_path / "chart.svg")
    assert [file.name for file in files][:2] == ["chart.svg", "chart-2.svg"]
    assert all(file.read_bytes().startswith(b"<svg ") for file in files)


def test_a_character_without_a_glyph_is_shown_as_its_code() -> None:
    with TTFont(FONT) as font:
        known = font.getBestCmap()
    assert shown("赵镕龢喆 ⟨U+202E⟩", known) == "赵镕龢喆 〈U+202E〉"
    assert shown("𠀀😀", known) == "〈U+20000〉〈U+1F600〉"


def test_codes_are_cut_on_a_mark_and_whole_in_the_register_and_never_small(tmp_path: Path) -> None:
    name = "𠀀𠀁😀𠀂𠀃"
    codes = "".join(f"〈U+{ord(letter):04X}〉" for letter in name)
    ends = [account("wechat:1", nickname=name), account("wechat:2")]
    chart = chart_of("𠀄" * 60, ends, [link("FRIEND_OF", "wechat:1", "wechat:2", "E01:2")])
    draw_chart(chart, tmp_path / "chart.pdf")
    sizes: list[float] = []
    pages: list[str] = []
    for page in PdfReader(tmp_path / "chart.pdf").pages:
        content = page.get_contents()
        assert content is not None
        sizes += [float(size) for size in re.findall(rb"/F\d+ ([\d.]+) Tf", content.get_data())]
        pages.append(page.extract_text())
    assert min(sizes) >= 8
    assert "〈U+20000〉〈U+20001〉…" in pages[0]
    assert codes not in pages[0].replace("\n", "")
    assert any(codes in re.sub(r"\s", "", page) for page in pages[1:])
    with TTFont(FONT) as font:
        known = font.getBestCmap()
    for drawn in exhibit_pages(chart, lambda says: shown(says, known)):
        for one in drawn.drawn:
            if isinstance(one, Text) and one.anchor == "start":
                assert one.x + width_of(one.says, one.size) * 0.92 < WIDTH


def test_the_pdf_carries_the_source_rows(tmp_path: Path) -> None:
    draw_chart(mixed(), tmp_path / "chart.pdf")
    content = (tmp_path / "chart.pdf").read_bytes()
    assert content.count(b"/AFRelationship /Source") == 2
    assert b"links.csv" in content
    assert b"rows.csv" in content


@pytest.mark.parametrize(
    ("path", "placed"),
    [
        ("M1 2L3 4Z", "M12 14L16 18Z"),
        ("M0 0H5V6", "M10 10H20V22"),
        ("M4 4A28 28 0 1 1 32 60Z", "M18 18A56 56 0 1 1 74 130Z"),
    ],
)
def test_a_path_is_scaled_and_moved(path: str, placed: str) -> None:
    assert moved(path, 2, 10, 10) == placed
