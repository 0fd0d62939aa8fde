"""The rows that a case holds, as columns on disk, and the sieve for rows it holds already.

A row is *repeated* when an earlier row of the same table says the same in every column that the
new file has. So a second delivery adds nothing, while a row that adds a fact is kept. A payment
is told by its number; the same number with another amount, time or account is a contradiction,
which is rejected and shown, never silently merged -- unless another paper tells the same payment
from the other side: with the same amount, within a day,
and names or masks where this one has numbers.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import polars as pl

from graphdb.model import Batch, Place, Reject, money_text

_PAYMENT: Final = ["payment", "from_account", "to_account", "amount_minor", "currency", "at"]
_PLACE: Final = {"exhibit", "row"}


@dataclass(frozen=True, slots=True)
class Sifted:
    """A batch cut down to the rows that are new, and how many were repeated."""

    fresh: Batch
    repeated: int


def sift(batch: Batch, kept: Sequence[Path]) -> Sifted:
    """Part the rows of a batch into new, repeated and contradicting ones.

    ``kept`` are files written by ``keep`` for the same table.
    """
    frame = batch.frame
    if frame.is_empty():
        return Sifted(batch, 0)
    told_by = _told_by(batch)
    key = ["payment"] if batch.table == "payments" else told_by
    earlier = _earlier(kept, [*told_by, "exhibit", "row"], frame, key)
    fresh = frame.unique(told_by, keep="first", maintain_order=True)
    fresh = fresh.join(
        earlier.select(told_by), on=told_by, how="anti", nulls_equal=True, maintain_order="left"
    )
    repeated = frame.height - fresh.height
    rejects = batch.rejects
    if batch.table == "payments":
        fresh, contradictions = _without_contradictions(fresh, earlier, batch.exhibit)
        rejects += contradictions
    return Sifted(replace(batch, frame=fresh, rejects=rejects), repeated)


def keep(batch: Batch, path: Path) -> None:
    """Write the rows of a batch beside those of other exhibits, durably and all at once."""
    part = path.with_suffix(".part")
    with part.open("wb") as file:
        batch.frame.with_columns(exhibit=pl.lit(batch.exhibit)).write_parquet(file)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def _told_by(batch: Batch) -> list[str]:
    if batch.table == "payments":
        return _PAYMENT
    return [
        column.name
        for column in batch.frame
        if column.name not in _PLACE and column.null_count() < batch.frame.height
    ]


def _earlier(
    kept: Sequence[Path], columns: list[str], like: pl.DataFrame, key: list[str]
) -> pl.DataFrame:
    """Read the kept rows that have the ``key`` of a row of ``like``, and of them the ``columns``.

    A column that an exhibit lacks is null there. Only what may be repeated is held in memory.
    """
    types: Mapping[str, pl.DataType | type[pl.DataType]] = {
        **{name: like.schema[name] for name in columns if name in like.schema},
        "exhibit": pl.String,
        "row": pl.Int64,
    }
    parts = []
    for path in kept:
        there = pl.scan_parquet(path)
        names = there.collect_schema().names()
        parts.append(
            there.select(
                (pl.col(name) if name in names else pl.lit(None)).cast(types[name]).alias(name)
                for name in columns
            )
        )
    if not parts:
        return pl.DataFrame(schema={name: types[name] for name in columns})
    wanted = like.select(key).unique().lazy()
    alike = pl.concat(parts).join(wanted, on=key, how="semi", nulls_equal=True)
    return alike.sort("exhibit", "row").collect(engine="streaming")


def _without_contradictions(
    fresh: pl.DataFrame, earlier: pl.DataFrame, exhibit: str
) -> tuple[pl.DataFrame, tuple[Reject, ...]]:
    first = pl.concat(
        [
            earlier.select(*_PAYMENT, "exhibit", "row"),
            fresh.select(*_PAYMENT, pl.lit(exhibit).alias("exhibit"), "row"),
        ]
    ).unique("payment", keep="first", maintain_order=True)
    marked = fresh.join(first, on="payment", how="left", suffix="_first", maintain_order="left")
    same_row = (pl.col("exhibit") == exhibit) & (pl.col("row") == pl.col("row_first"))
    clashing = marked.filter(~(same_row | _other_side(exhibit)))
    rejects = tuple(
        Reject(
            Place(exhibit, row["row"]),
            "payment",
            f"payment '{row['payment']}' stands at {row['exhibit']}:{row['row_first']} as "
            f"{_said(row, '_first')}; here it is {_said(row, '')}",
            "find out which row is right; two payments need two numbers",
        )
        for row in clashing.iter_rows(named=True)
    )
    return fresh.filter(~pl.col("row").is_in(clashing["row"].implode())), rejects


def _other_side(exhibit: str) -> pl.Expr:
    """Tell rows that another paper gave with the same number, and that may be the same payment."""
    near = (pl.col("at") - pl.col("at_first")).abs() <= pl.duration(days=1)
    equal = [pl.col(name) == pl.col(f"{name}_first") for name in ("amount_minor", "currency")]
    sides = [
        (pl.col(side) == pl.col(f"{side}_first"))
        | pl.col(side).str.contains("/", literal=True)
        | pl.col(f"{side}_first").str.contains("/", literal=True)
        for side in ("from_account", "to_account")
    ]
    other = pl.col("exhibit") != exhibit
    return pl.all_horizontal(other, near, *equal, *sides).fill_null(value=False)


def _said(row: Mapping[str, object], suffix: str) -> str:
    amount = money_text(int(str(row[f"amount_minor{suffix}"])), str(row[f"currency{suffix}"]))
    ends = f"{row[f'from_account{suffix}']} to {row[f'to_account{suffix}']}"
    return f"{amount}, {ends}, {row[f'at{suffix}']}"
