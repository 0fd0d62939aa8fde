"""The PDF of an exhibit keeps PDF/A-3u, as an independent judge sees it."""

import os
from pathlib import Path

import pytest

from graphdb.chart import chart_of, draw_chart
from tests.unit.test_chart import HOSTILE, account, link
from tests.unit.test_exhibit import crowd, mixed
from tests.verapdf.check import is_possible, judge


@pytest.fixture(scope="session")
def verapdf() -> None:
    if not is_possible():
        # CI sets this variable, and there nothing may be skipped.
        if os.environ.get("GRAPHDB_TEST_BROWSER"):
            pytest.fail("veraPDF needs Java 17 and Maven")
        pytest.skip("no Java and Maven on this machine: PDF/A is NOT TESTED")


@pytest.mark.usefixtures("verapdf")
def test_exhibits_pass_verapdf(tmp_path: Path) -> None:
    ends = [account("wechat:1", nickname=HOSTILE), account("wechat:2", nickname="名𠀀😀\u202e")]
    hostile = chart_of(HOSTILE, ends, [link("FRIEND_OF", "wechat:1", "wechat:2", "E01:2")])
    files = [tmp_path / name for name in ("mixed.pdf", "crowd.pdf", "hostile.pdf")]
    for chart, file in zip((mixed(), crowd(110), hostile), files, strict=True):
        draw_chart(chart, file)
    good, said = judge(files)
    assert good, said
    assert said.count("PASS ") == 3


@pytest.mark.usefixtures("verapdf")
def test_the_judge_can_say_no(tmp_path: Path) -> None:
    file = tmp_path / "mixed.pdf"
    draw_chart(mixed(), file)
    file.write_bytes(file.read_bytes().replace(b"pdfaid", b"pdfaxx"))
    good, said = judge([file])
    assert not good
    assert "FAIL " in said
