"""The evidence of the benchmark: a clean payments table with a heavy tail, the same every time."""

from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

ROWS: Final = 1_000_000
_SEED: Final = 20250301
# As in a bank's return of one gang: 2.3 payments an account, and one platform that all use.
_PER_ACCOUNT: Final = 2.3
_TO_THE_HUB: Final = 0.02
_DAYS: Final = 240


def write_payments(path: Path, rows: int = ROWS) -> None:
    """Write the payments in the order of time."""
    chance = np.random.default_rng(_SEED)
    accounts = round(rows / _PER_ACCOUNT)
    # A quarter of the accounts makes most of the payments.
    payer = (accounts * chance.random(rows) ** 2).astype(np.int64)
    payee = (accounts * chance.random(rows) ** 2).astype(np.int64)
    payee[chance.random(rows) < _TO_THE_HUB] = 0
    payee = np.where(payee == payer, (payee + 1) % accounts, payee)
    cents = np.round(np.exp(chance.normal(10.5, 1.4, rows))).astype(np.int64) + 1
    seconds = np.sort(chance.integers(0, _DAYS * 86_400, rows))
    number = pl.int_range(rows, eager=True).cast(pl.String).str.zfill(9)
    begin = pl.lit("2024-07-01T00:00:00").str.to_datetime()
    pl.DataFrame({"payer": payer, "payee": payee, "cents": cents, "seconds": seconds}).select(
        payment="T" + number,
        from_account="bank:62" + pl.col("payer").cast(pl.String).str.zfill(14),
        to_account="bank:62" + pl.col("payee").cast(pl.String).str.zfill(14),
        amount=(pl.col("cents") // 100).cast(pl.String)
        + "."
        + (pl.col("cents") % 100).cast(pl.String).str.zfill(2),
        at=(begin + pl.duration(seconds="seconds")).dt.strftime("%Y-%m-%dT%H:%M:%S+08:00"),
        currency=pl.lit("CNY"),
        channel=pl.lit("transfer"),
        kind=pl.lit("transfer"),
    ).write_csv(path)
