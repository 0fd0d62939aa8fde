"""A file is read in the memory of a batch: three times the file needs no more."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from graphdb.errors import InputRefused
from graphdb.evidence import read_evidence
from graphdb.evidence.formats import case_uco
from graphdb.evidence.json_lines import names_of, sheets_of
from tests.contract.formats.case_forensic import CONTEXT, PHONES, UCO_CALL, phone
from tests.long_files import LONG

pytest.importorskip("resource", reason="this system does not tell the peak of a process")

MB: Final = 1_000_000
READ: Final = """
import resource, sys
from pathlib import Path
from graphdb.evidence import together
together.ROWS_TOGETHER = 2_000  # so that small files are long
from graphdb.evidence import read_evidence
reading = read_evidence(Path(sys.argv[1]), "E01")
rows = sum(batch.frame.height for batch in reading.each() if not batch.derived)
print(reading.format, rows, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""
UNIT: Final = 1 if sys.platform == "darwin" else 1024


def read(path: Path) -> tuple[str, int, int]:
    """Read a file in a process of its own; give its format, its rows, the peak in bytes."""
    words = [sys.executable, "-c", READ, str(path)]
    quiet = {**os.environ, "MALLOC_ARENA_MAX": "1", "POLARS_MAX_THREADS": "1"}
    done = subprocess.run(words, capture_output=True, text=True, check=True, env=quiet)
    name, rows, peak = done.stdout.split()
    return name, int(rows), int(peak) * UNIT


@pytest.mark.parametrize(("family", "small"), [("weflow", 6), ("anx", 8)])
def test_the_peak_does_not_follow_the_size_of_the_file(
    tmp_path: Path, family: str, small: int
) -> None:
    peaks = []
    for size in (small * MB, 3 * small * MB):
        path = tmp_path / str(size)
        written = LONG[family].write(path, size)
        name, rows, peak = read(path)
        assert name == family
        assert rows >= written * 0.9
        peaks.append(peak)
        path.unlink()
    # A reader that holds its file needs several times what the file has grown by.
    assert peaks[1] - peaks[0] < 2 * small * MB, peaks


def test_json_lines_are_read_block_by_block() -> None:
    taken: list[int] = []

    def blocks() -> Iterator[bytes]:
        for number in range(3):
            taken.append(number)
            yield b'{"a": "%d"}\n{"b": "x"}\n' % number

    names = names_of(blocks, "E01")
    assert names == ("a", "b")
    taken.clear()
    sheets = sheets_of(blocks, "E01", names)
    assert next(sheets).frame.rows() == [(1, "0", None), (2, None, "x")]
    assert taken == [0]
    assert [sheet.frame["row"].to_list() for sheet in sheets] == [[3, 4], [5, 6]]


def test_json_ld_is_the_same_in_slices_of_any_length(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "exhibit"
    nameless = {**phone("c", "17000000003"), "@id": "_:c"}
    call = json.loads(json.dumps(UCO_CALL).replace("kb:b", "_:c").replace("kb:call", "x:2"))
    path.write_text(
        json.dumps({"@graph": [*PHONES, UCO_CALL, call, nameless], "@context": CONTEXT})
    )
    read_ = []
    for slice_ in (500, 2, 1):
        monkeypatch.setattr(case_uco, "_SLICE", slice_)
        read_.append([batch.frame.rows() for batch in read_evidence(path, "E01").batches])
    assert read_[0] == read_[1] == read_[2]
    accounts, calls = read_[0]
    assert len(accounts) == 3
    assert {one[2] for one in calls} == {"17000000002", "17000000003"}


def test_json_ld_that_cannot_be_held_is_refused_with_its_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "exhibit"
    unsliced = {"@context": CONTEXT, **PHONES[0]}
    path.write_text(json.dumps(unsliced))
    assert len(read_evidence(path, "E01").batches[0].frame) == 1
    monkeypatch.setattr(case_uco, "_LARGEST_UNSLICED", 100)
    with pytest.raises(InputRefused, match="more than the 0 that are held"):
        _ = read_evidence(path, "E01").batches
