"""The report: what an officer reads, in Word and PDF, the same each time."""

import io
import re
import zipfile
from pathlib import Path

import docx
import pytest
from pypdf import PdfReader
from typer.testing import CliRunner

from cli import app
from graphdb.bundle.report import Heading, Paragraph, Picture, Report, Table, Words
from graphdb.bundle.report.paper import paper_bytes
from graphdb.bundle.report.raster import pages_as_png
from graphdb.bundle.report.word import word_bytes
from graphdb.case import Case
from graphdb.casework.reporting import report
from graphdb.packs import Answer, load_packs
from graphdb.sample import write_sample

RUN = CliRunner()
FONT = Path(__file__).parents[2] / "graphdb/chart/render/font/court-sans.ttf"
HOSTILE = "</w:t>张三\u202e\x00<script>🜏"
SMALL = Report(
    Words("报告", "Report"),
    "c",
    "2025-03-01T00:00:00.000+00:00",
    (
        Heading(1, Words("一", "1")),
        Paragraph(Words(HOSTILE, "english")),
        Table((Words("甲", "a"), Words("乙", "b")), ((HOSTILE, "1"), ("x" * 3000, "2")), (1, 1)),
        Paragraph(Words("后", "after")),
    ),
)


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    folder = tmp_path_factory.mktemp("report")
    (folder / "evidence").mkdir()
    write_sample(folder / "evidence")
    made = str(folder / "case")
    assert RUN.invoke(app, ["new", made, "--name", "测试案件"]).exit_code == 0
    words = ["add", str(folder / "evidence"), "--case", made, "--tz", "Asia/Shanghai"]
    assert RUN.invoke(app, words).exit_code == 0
    return Case(Path(made))


@pytest.fixture(scope="module")
def word(case: Case, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("word") / "r.docx"
    told = report(case, path, "both", most=6)
    assert told.findings > 300
    assert told.pictures
    return path.read_bytes()


@pytest.fixture(scope="module")
def answers(case: Case) -> tuple[Answer, ...]:
    return case.run()


def text_of(written: bytes) -> str:
    document = docx.Document(io.BytesIO(written))
    cells = (cell.text for table in document.tables for row in table.rows for cell in row.cells)
    return "\n".join([*(line.text for line in document.paragraphs), *cells])


def test_the_word_report_has_every_part(
    case: Case, answers: tuple[Answer, ...], word: bytes
) -> None:
    text = text_of(word)
    for chapter in (
        "证物",
        "按对象列示的发现",
        "关系图",
        "资金",
        "法定标准",
        "方法说明",
        "制作与复核",
    ):
        assert chapter in text
    for one in case.docket.finished:
        assert one.exhibit.sha256 in text
        assert one.exhibit.sm3 in text
    for answer in answers:
        assert answer.pack.sha256 in text
    assert "不是鉴定意见" in text
    assert "no expert opinion" in text
    assert "疑似" in text
    assert "CNY 84,000.00" in text
    assert re.search(r"E\d\d:\d+", text)
    # Every harmless explanation of a finding that is told stands beside its check.
    innocents = [one for answer in answers for f in answer.findings for one in f.innocents]
    assert innocents
    assert all(one.says in text and one.check in text for one in innocents)
    assert all(one.says_zh in text and one.check_zh in text for one in innocents)


def test_the_report_says_which_pages_of_the_chart_it_shows(word: bytes) -> None:
    text = text_of(word)
    (whole,) = {int(count) for count in re.findall(r"Figure \d: page \d of (\d+)", text)}
    assert whole > 4
    assert f"The chart has {whole} pages; pages 1 to 4 are in this report." in text
    assert f"该图共 {whole} 页，本报告载第 1 至 4 页。" in text


def test_no_grand_total_and_no_guilt(word: bytes) -> None:
    text = text_of(word)
    for sentence in re.findall(r"[^.\n]*(?:grand total|guilt)[^.\n]*", text):
        assert re.search(r"\bno\b|never", sentence), sentence


def test_the_pictures_are_in_the_word_report(word: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(word)) as package:
        pictures = [name for name in package.namelist() if name.endswith(".png")]
        assert pictures
        assert all(package.read(name).startswith(b"\x89PNG") for name in pictures)
        assert {part.date_time for part in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_same_case_gives_the_same_report(case: Case, word: bytes, tmp_path: Path) -> None:
    again = tmp_path / "again.docx"
    report(Case(case.folder), again, "both", most=6)
    assert again.read_bytes() == word


def test_the_pdf_report_is_read_in_its_language(
    case: Case, answers: tuple[Answer, ...], tmp_path: Path
) -> None:
    path = tmp_path / "r.pdf"
    words = ["report", "--case", str(case.folder), "-o", str(path), "--lang", "zh"]
    done = RUN.invoke(app, [*words, "--entities", "2", "--json"])
    assert done.exit_code == 0, done.output
    reader = PdfReader(path)
    text = "".join(page.extract_text() for page in reader.pages)
    assert "不是鉴定意见" in text
    assert "Findings by entity" not in text
    # In Chinese a harmless explanation is told in Chinese, and so is what a pack does not cover.
    letters = text.replace("\n", "")
    (pack,) = load_packs(["devices/many_accounts_one_device"])
    assert pack.not_covered_zh[:12] in letters
    assert pack.not_covered[:24] not in text
    explained = {one for answer in answers for f in answer.findings for one in f.innocents}
    assert any(one.says_zh in letters for one in explained)
    assert not [one.says for one in explained if len(one.says) < 40 and one.says in text]
    assert f"/ {len(reader.pages)}" in reader.pages[-1].extract_text()


@pytest.mark.parametrize("language", ["zh", "en", "both"])
def test_hostile_text_stays_text(language: str) -> None:
    text = text_of(word_bytes(SMALL, language))  # type: ignore[arg-type]
    assert "</w:t>张三⟨U+202E⟩⟨U+0000⟩<script>" in text
    pdf = PdfReader(io.BytesIO(paper_bytes(SMALL, language, FONT)))  # type: ignore[arg-type]
    shown = "".join(page.extract_text() for page in pdf.pages)
    assert "〈U+202E〉" in shown
    assert ("english" in shown) == (language != "zh")
    assert shown.count("x") >= 3000


def test_a_pdf_is_the_same_each_time() -> None:
    assert paper_bytes(SMALL, "both", FONT) == paper_bytes(SMALL, "both", FONT)


def test_pages_become_pictures_and_stand_across() -> None:
    pictures, whole = pages_as_png(paper_bytes(SMALL, "zh", FONT), most=1)
    assert (len(pictures), whole) == (1, 2)
    shown = Report(SMALL.title, "c", SMALL.as_of, (Picture(pictures[0], Words("图", "Figure")),))
    pages = PdfReader(io.BytesIO(paper_bytes(shown, "en", FONT))).pages
    assert [page.mediabox.width > page.mediabox.height for page in pages] == [False, True]
    document = docx.Document(io.BytesIO(word_bytes(shown, "en")))
    assert len(document.inline_shapes) == 1


def test_a_report_without_findings_says_so(tmp_path: Path) -> None:
    (tmp_path / "payments.csv").write_text(
        "payment,from_account,to_account,amount,at\na,bank:1,bank:2,5,2025-03-01T00:00:00Z\n",
        encoding="utf-8",
    )
    case = Case.create(tmp_path / "case")
    case.add([tmp_path / "payments.csv"])
    told = report(case, tmp_path / "r.docx", "en")
    assert (told.findings, told.pictures) == (0, 0)
    text = text_of((tmp_path / "r.docx").read_bytes())
    assert "There is no finding to draw." in text
    assert "not run" in text


def test_another_suffix_is_refused_before_any_work(case: Case, tmp_path: Path) -> None:
    words = ["report", "--case", str(case.folder), "-o", str(tmp_path / "r.odt")]
    done = RUN.invoke(app, words)
    assert done.exit_code == 2
    assert ".docx or .pdf" in done.stderr
