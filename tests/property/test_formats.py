"""Whatever happens to a file of any format on its way, the reader answers or refuses it."""

import os
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graphdb.errors import GraphdbError
from graphdb.evidence import read_evidence
from graphdb.model import Batch
from tests.contract.formats import Case
from tests.contract.test_real_formats import CASES, named

ONE_OF_EACH = tuple({case.format: case for case in CASES}.values())
some = settings(
    max_examples=int(os.environ.get("FUZZ", "8")),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def cut(data: st.DataObject, raw: bytes) -> bytes:
    return raw[: data.draw(st.integers(1, len(raw)))]


def flipped(data: st.DataObject, raw: bytes) -> bytes:
    damaged = bytearray(raw)
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(damaged) - 1))
        damaged[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
        damaged = damaged or bytearray(b"x")
    return bytes(damaged)


def shuffled(data: st.DataObject, raw: bytes) -> bytes:
    lines = raw.split(b"\n")
    return b"\n".join(data.draw(st.permutations(lines[:60]))) + b"\n".join(lines[60:])


def doubled(data: st.DataObject, raw: bytes) -> bytes:
    at, to = sorted(data.draw(st.tuples(*[st.integers(0, len(raw))] * 2)))
    return raw[:to] + raw[at:to] + raw[to:]


def swapped(data: st.DataObject, raw: bytes) -> bytes:
    """Put hostile words in the place of ordinary ones."""
    words = [b"9" * 400, b"\xe2\x80\xae", b"{", b"]", b'"', b"</x>", b"1e999", b"NaN", b"-", b"\0"]
    parts = raw.split(b",") if b"," in raw else raw.split(b" ")
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(parts) - 1))
        parts[at] = data.draw(st.sampled_from(words))
    return (b"," if b"," in raw else b" ").join(parts)


# What stands in real cells and in hostile ones: each is text of its own, so the file stays whole.
_CELLS = (
    "", "-", "0", "1e9999", "NaN", "9" * 60, "\u202e", "'=1+1", "2025-02-30", "99999999999999",
    "0000-00-00 00:00:00", "2025-03-01T25:00:00", "-0.00", "1,2,3", "*", "/", "bank:", "：", "[",
    "{", "\0", "\ud7ff", "年月日", "00:00:00", "\n", "\t", '"', r"\N", "(((", ")(", "2088(",
    "(某)(", "6222.0", "1.5E+18", "∞", "１２３",
)  # fmt: skip
_BETWEEN = re.compile(r'([,\t\n|"<>: ])')


def respelled(data: st.DataObject, raw: bytes) -> bytes:
    """Put other cells into a text, so that the damage gets past its encoding and its syntax."""
    for encoding in ("utf-8-sig", "utf-16", "gb18030"):
        try:
            parts = _BETWEEN.split(raw.decode(encoding))
        except UnicodeError:
            continue
        for _ in range(data.draw(st.integers(1, 6))):
            at = data.draw(st.integers(0, len(parts) - 1))
            parts[at] = data.draw(st.sampled_from(_CELLS))
        return "".join(parts).encode(encoding)
    return cut(data, raw)  # an archive, whose cells are not text


@some
@given(data=st.data())
@pytest.mark.parametrize("damage", [cut, flipped, shuffled, doubled, swapped, respelled])
@pytest.mark.parametrize("case", ONE_OF_EACH, ids=named)
def test_no_damage_to_a_file_crashes_its_reader(
    tmp_path: Path, case: Case, damage: object, data: st.DataObject
) -> None:
    assert callable(damage)
    path = tmp_path / "exhibit"
    path.write_bytes(damage(data, case.content) or b"x")
    refusal: GraphdbError | None = None
    batches: list[Batch] = []
    try:
        batches += read_evidence(path, "E01", name=case.name).each()
    except GraphdbError as error:
        refusal = error
    if refusal is not None:
        assert refusal.what
        assert refusal.fix
    for batch in batches:
        assert batch.read == batch.frame.height + len(batch.rejects)
        assert all(reject.what and reject.fix for reject in batch.rejects)
