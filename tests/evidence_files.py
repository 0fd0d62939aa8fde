"""Small invented evidence files for the tests of reading."""

from collections.abc import Sequence
from pathlib import Path

from graphdb.evidence import Reading, ReadOptions, read_evidence
from graphdb.model import Batch

PAYMENT_HEADER = ("payment", "from_account", "to_account", "amount", "at")
OPTIONS = ReadOptions(zone="Asia/Shanghai", platform="wechat")


def read_text(
    folder: Path, text: str | bytes, options: ReadOptions = OPTIONS, name: str = "file.csv"
) -> Reading:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    reading = read_evidence(path, "E01", options)
    assert reading.batches  # reads the file to its end
    return reading


def only(reading: Reading) -> Batch:
    (batch,) = reading.batches
    assert batch.read == batch.frame.height + len(batch.rejects)
    return batch


def payments(*rows: Sequence[str], extra: str = "") -> str:
    """Write a CSV of payments; a row may begin with the cells that matter and is filled up."""
    default = ("p", "a", "b", "1.00", "2025-03-01 10:00:00")
    lines = [",".join(PAYMENT_HEADER) + extra]
    for number, row in enumerate(rows, start=1):
        cells = [*row, *default[len(row) :]]
        if cells[0] == "p":
            cells[0] = f"p{number}"
        lines.append(",".join(cells))
    return "\n".join(lines) + "\n"


def amounts(*written: str) -> str:
    return payments(*(("p", "a", "b", f'"{amount}"') for amount in written))


def times(*written: str) -> str:
    return payments(*(("p", "a", "b", "1", at) for at in written))
