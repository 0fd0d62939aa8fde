"""Whatever is written is read back; whatever is thrown at the reader, it answers or refuses."""

import csv
import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from graphdb.errors import GraphdbError
from graphdb.evidence import read_evidence, text
from tests.evidence_files import OPTIONS, PAYMENT_HEADER, only, payments, read_text

same_folder = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])

idents = st.from_regex(r"[a-z0-9_一-龥]{1,20}", fullmatch=True)
minors = st.integers(0, 9_007_199_254_740_993)
moments = st.integers(0, 4_000_000_000_000).map(
    lambda ms: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=ms)
)
memos = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=30)
rows = st.lists(st.tuples(idents, idents, idents, minors, moments, memos), max_size=20)


@same_folder
@given(rows=rows, mark=st.sampled_from(",;\t|"), encoding=st.sampled_from(["utf-8-sig", "gb18030"]))
def test_payments_are_read_as_they_were_written(
    tmp_path: Path,
    rows: list[tuple[str, str, str, int, datetime, str]],
    mark: str,
    encoding: str,
) -> None:
    file = io.StringIO()
    writer = csv.writer(file, delimiter=mark)
    writer.writerow([*PAYMENT_HEADER, "memo"])
    for payment, sender, receiver, minor, at, memo in rows:
        amount = f"{minor // 100}.{minor % 100:02d}"
        writer.writerow([payment, f"qq:{sender}", receiver, amount, at.isoformat(), memo])
    raw = file.getvalue().encode(encoding)
    # A letter or two of GB18030 may be UTF-8 too (业 is ҵ): then the officer names the encoding.
    assume(raw.isascii() or encoding != "gb18030" or not _is_utf8(raw))
    batch = only(read_text(tmp_path, raw))
    assert batch.rejects == ()
    read = batch.frame.select("payment", "from_account", "to_account", "amount_minor", "at", "memo")
    assert read.rows() == [
        (payment, f"qq:{sender}", f"wechat:{receiver}", minor, at, _blank_is_none(memo))
        for payment, sender, receiver, minor, at, memo in rows
    ]


def _blank_is_none(memo: str) -> str | None:
    return memo.strip() or None


GOOD = payments(("p", "一"), ("p", "qq:b"), ("p", "a", "b", '"1,000.00"'))


@same_folder
@given(data=st.data())
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_no_damage_to_a_file_crashes_the_reader(
    tmp_path: Path, encoding: str, data: st.DataObject
) -> None:
    raw = bytearray(GOOD.encode(encoding))
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(raw) - 1))
        raw[at : at + data.draw(st.integers(0, 2))] = data.draw(st.binary(max_size=2))
    _answers_or_refuses(tmp_path, bytes(raw) or b"x")


@same_folder
@given(raw=st.binary(max_size=400))
def test_no_bytes_crash_the_reader(tmp_path: Path, raw: bytes) -> None:
    _answers_or_refuses(tmp_path, raw)


@same_folder
@given(lines=st.lists(st.text(max_size=30), max_size=6))
def test_no_cells_crash_the_reader(tmp_path: Path, lines: list[str]) -> None:
    told = payments(*(("p", line, "b", line, line) for line in lines))
    _answers_or_refuses(tmp_path, told.encode("utf-8", errors="surrogatepass"))


@given(
    raw=st.binary(max_size=24) | st.text("a中é😀\n", max_size=12).map(str.encode),
    size=st.integers(1, 8),
)
def test_utf_8_is_told_as_python_tells_it_wherever_a_part_ends(raw: bytes, size: int) -> None:
    raw = raw.replace(b"\0", b"")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text, "_PART", size)
        assert text._is_utf8(io.BytesIO(raw)) is _is_utf8(raw)


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True


def _answers_or_refuses(folder: Path, raw: bytes) -> None:
    path = folder / "any.csv"
    path.write_bytes(raw)
    refusal: GraphdbError | None = None
    try:
        batches = read_evidence(path, "E01", OPTIONS).batches
    except GraphdbError as error:
        refusal = error
    if refusal is not None:
        assert refusal.what
        assert refusal.where is not None
        assert refusal.fix
        return
    for batch in batches:
        assert batch.read == batch.frame.height + len(batch.rejects)
        assert all(reject.what and reject.fix for reject in batch.rejects)
