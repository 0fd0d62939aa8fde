"""The evidence of the benchmark: a clean payments table with a heavy tail, the same every time."""

from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

ROWS: Final = 1_000_000
_RETURN: Final = (
    "用户ID", "交易单号", "大单号", "用户侧账号名称", "借贷类型", "交易业务类型", "交易用途类型",
    "交易时间", "交易金额(分)", "账户余额(分)", "用户银行卡号", "用户侧网银联单号", "网联/银联",
    "第三方账户名称", "对手方ID", "对手侧账户名称", "对手方银行卡号", "对手侧银行名称",
    "对手侧网银联单号", "网联/银联", "基金公司信息", "间联/非间联交易", "第三方账户名称",
    "对手方接收时间", "对手方接收金额(分)", "备注1", "备注2",
)  # fmt: skip
_SEED: Final = 20250301
# As in a bank's return of one gang: 2.3 payments an account, and one platform that all use.
_PER_ACCOUNT: Final = 2.3
_TO_THE_HUB: Final = 0.02
_DAYS: Final = 240


def write_payments(path: Path, rows: int = ROWS, accounts: int | None = None) -> None:
    """Write the payments in the order of time, between so many accounts."""
    chance = np.random.default_rng(_SEED)
    accounts = accounts or round(rows / _PER_ACCOUNT)
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


def write_return(path: Path, rows: int) -> None:
    """Write a clean payment return of Tencent, 27 columns parted by tabs."""
    chance = np.random.default_rng(_SEED)
    begin = pl.lit("2024-07-01T00:00:00").str.to_datetime()
    frame = pl.DataFrame(
        {
            "user": chance.integers(0, 2_000, rows),
            "other": chance.integers(0, rows // 5 + 1, rows),
            "fen": np.round(np.exp(chance.normal(10.5, 1.4, rows))).astype(np.int64) + 1,
            "into": chance.random(rows) < 1 / 2,
            "seconds": np.sort(chance.integers(0, _DAYS * 86_400, rows)),
            "n": np.arange(rows),
        }
    )

    def numbered(name: str, head: str, digits: int) -> pl.Expr:
        return pl.lit(head) + pl.col(name).cast(pl.String).str.zfill(digits)

    cells = {
        "用户ID": numbered("user", "wxid_", 8),
        "交易单号": numbered("n", "1000", 24),
        "大单号": numbered("n", "2000", 24),
        "用户侧账号名称": pl.lit("张某"),
        "借贷类型": pl.when("into").then(pl.lit("入")).otherwise(pl.lit("出")),
        "交易业务类型": pl.lit("余额支付"),
        "交易用途类型": pl.lit("转账"),
        "交易时间": (begin + pl.duration(seconds="seconds")).dt.strftime("%Y-%m-%d %H:%M:%S"),
        "交易金额(分)": pl.col("fen").cast(pl.String),
        "账户余额(分)": (pl.col("fen") * 3).cast(pl.String),
        "用户银行卡号": numbered("user", "622202", 13),
        "对手方ID": numbered("other", "wxid_", 8),
        "对手侧账户名称": pl.lit("李某"),
        "备注1": pl.lit("微信转账"),
    }
    text = frame.select(
        cells.get(header, pl.lit("")).alias(f"c{at}") for at, header in enumerate(_RETURN)
    )
    with path.open("wb") as file:
        file.write(("\t".join(_RETURN) + "\n").encode())
        text.write_csv(file, separator="\t", include_header=False, quote_style="never")
