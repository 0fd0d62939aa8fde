"""What is repeated, what is new and what contradicts."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from graphdb.evidence.kept import keep, sift
from graphdb.model import Batch

AT = datetime(2025, 3, 1, tzinfo=UTC)


def batch(table: str, exhibit: str, columns: Mapping[str, Sequence[object]]) -> Batch:
    frame = pl.DataFrame(columns)
    if "at" not in frame.columns:
        frame = frame.with_columns(at=pl.lit(AT))
    frame = frame.with_columns(pl.col("at").cast(pl.Datetime("ms", "UTC"))).with_row_index(
        "row", offset=2
    )
    frame = frame.with_columns(pl.col("row").cast(pl.Int64))
    return Batch(table, exhibit, frame, read=frame.height)


def logins(exhibit: str, accounts: Sequence[str], **more: Sequence[object]) -> Batch:
    columns = {"account": accounts, "device": ["d1"] * len(accounts), **more}
    return batch("logins", exhibit, columns)


def payments(exhibit: str, *rows: tuple[str, int]) -> Batch:
    columns: dict[str, Sequence[object]] = {
        "payment": [number for number, _ in rows],
        "from_account": ["bank:1"] * len(rows),
        "to_account": ["bank:2"] * len(rows),
        "amount_minor": [amount for _, amount in rows],
        "currency": ["CNY"] * len(rows),
    }
    return batch("payments", exhibit, columns)


def kept(folder: Path, *batches: Batch) -> list[Path]:
    paths = []
    for number, one in enumerate(batches):
        paths.append(folder / f"{number}.{one.table}.parquet")
        keep(one, paths[-1])
    return paths


def test_a_second_delivery_is_all_repeated(tmp_path: Path) -> None:
    first = logins("E01", ["wechat:a", "wechat:b"])
    sifted = sift(logins("E02", ["wechat:b", "wechat:a"]), kept(tmp_path, first))
    assert (sifted.fresh.frame.height, sifted.repeated) == (0, 2)


def test_the_same_row_twice_in_one_file_counts_once() -> None:
    sifted = sift(logins("E01", ["wechat:a", "wechat:a"]), [])
    assert sifted.fresh.frame["row"].to_list() == [2]
    assert sifted.repeated == 1


def test_a_row_that_adds_a_fact_is_kept(tmp_path: Path) -> None:
    first = logins("E01", ["wechat:a"])
    with_ip = logins("E02", ["wechat:a"], ip=["203.0.113.9"])
    assert sift(with_ip, kept(tmp_path, first)).repeated == 0


def test_a_row_that_says_less_is_repeated(tmp_path: Path) -> None:
    with_ip = logins("E01", ["wechat:a"], ip=["203.0.113.9"])
    assert sift(logins("E02", ["wechat:a"]), kept(tmp_path, with_ip)).repeated == 1


def test_a_payment_of_another_number_is_new_even_if_all_else_is_equal(tmp_path: Path) -> None:
    sifted = sift(payments("E02", ("p2", 100)), kept(tmp_path, payments("E01", ("p1", 100))))
    assert (sifted.fresh.frame.height, sifted.repeated) == (1, 0)


def test_a_payment_that_contradicts_an_earlier_one_is_rejected_and_says_which(
    tmp_path: Path,
) -> None:
    sifted = sift(payments("E02", ("p1", 200)), kept(tmp_path, payments("E01", ("p1", 100))))
    (reject,) = sifted.fresh.rejects
    assert sifted.fresh.frame.is_empty()
    assert "stands at E01:2 as CNY 1.00" in reject.what
    assert "here it is CNY 2.00" in reject.what
    assert str(reject.where) == "E02:2"


def test_a_contradiction_within_one_file_keeps_the_first_row() -> None:
    sifted = sift(payments("E01", ("p1", 100), ("p1", 200), ("p1", 100)), [])
    assert sifted.fresh.frame["amount_minor"].to_list() == [100]
    assert (sifted.repeated, len(sifted.fresh.rejects)) == (1, 1)


def test_read_is_loaded_and_repeated_and_rejected(tmp_path: Path) -> None:
    earlier = kept(tmp_path, payments("E01", ("p1", 100), ("p2", 200)))
    new = payments("E02", ("p1", 100), ("p2", 999), ("p3", 300), ("p3", 300))
    sifted = sift(new, earlier)
    loaded = sifted.fresh.frame.height
    assert new.read == loaded + sifted.repeated + len(sifted.fresh.rejects)
    assert loaded == 1
