"""What a payment is for, told by the words that statements use."""

from typing import Final

import polars as pl

# The first word that is found decides: a refunded red packet is a refund.
_KINDS: Final = (
    ("退款", "refund"), ("红包", "red_packet"), ("转账", "transfer"), ("提现", "withdrawal"),
    ("充值", "top_up"), ("还款", "repayment"), ("消费", "purchase"), ("付款", "purchase"),
    ("收款", "transfer"),
)  # fmt: skip


def kind_of(*cells: str | pl.Expr) -> pl.Expr:
    """Give the canonical kind; what is not known stays as the first text that is there.

    >>> pl.select(a=kind_of(pl.lit("微信红包-退款")), b=kind_of(pl.lit("其他"))).row(0)
    ('refund', '其他')
    """
    written = [pl.col(cell) if isinstance(cell, str) else cell for cell in cells]
    known = [
        pl.when(text.str.contains(word, literal=True)).then(pl.lit(kind))
        for text in written
        for word, kind in _KINDS
    ]
    return pl.coalesce(*known, *written)
