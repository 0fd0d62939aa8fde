"""Who paid whom: a statement is written from one side, a payment has two.

Expressions that every statement's format needs, so that an account known only by a name or a mask
is written in one way, and money flows in one direction.
"""

from typing import Final

import polars as pl

from graphdb.errors import quoted
from graphdb.model import Place, Reject

# Such rows are rejected so that every row of a file is accounted for; there is nothing to mend.
NOTHING_TO_DO: Final = "nothing to do: the row is kept here so that every row is accounted for"
MASK: Final = r"\*|•|＊|x{4,}|X{4,}"


def here_only(owner: pl.Expr, written: pl.Expr) -> pl.Expr:
    """Name an account that is known only by what the papers of ``owner`` call it.

    A name or a masked number is no key: two papers that write it the same may mean two accounts,
    so the account is ``<owner>/<written>`` and never meets that of another owner.

    >>> pl.select(here_only(pl.lit("wechat:wxid_a"), pl.lit("小王"))).item()
    'wechat:wxid_a/小王'
    """
    # "?" is what the papers leave open.
    return owner + "/" + written.fill_null("?")


def idle(rows: pl.DataFrame, exhibit: str, status: str, what: str) -> tuple[Reject, ...]:
    """Say of rows that moved no money why they are no payments; ``status`` tells their state."""
    return tuple(
        Reject(Place(exhibit, row), status, f"{what}: {quoted(said)}" if said else what,
               NOTHING_TO_DO)
        for row, said in rows.select("row", status).iter_rows()
    )  # fmt: skip


def is_masked(number: pl.Expr) -> pl.Expr:
    """Tell a masked number: it is a pattern and not a key.

    >>> pl.select(is_masked(pl.lit("6226******5669"))).item()
    True
    """
    return number.str.contains(MASK).fill_null(value=False)


def keyed(platform: str, number: pl.Expr, owner: pl.Expr, name: pl.Expr | None = None) -> pl.Expr:
    """Name the other side: by its number where that is a key, else as ``owner``'s papers do.

    >>> pl.select(keyed("bank", pl.lit("6226******5669"), pl.lit("bank:1"))).item()
    'bank:1/6226******5669'
    """
    written = number if name is None else pl.coalesce(number, name)
    known = number.is_not_null() & ~is_masked(number)
    return pl.when(known).then(pl.lit(f"{platform}:") + number).otherwise(here_only(owner, written))


def directed(own: pl.Expr, other: pl.Expr, inward: pl.Expr) -> dict[str, pl.Expr]:
    """Give ``from_account`` and ``to_account`` from the two sides and the way of the money."""
    return {
        "from_account": pl.when(inward).then(other).otherwise(own),
        "to_account": pl.when(inward).then(own).otherwise(other),
    }


def directed_names(own: pl.Expr, other: pl.Expr, inward: pl.Expr) -> dict[str, pl.Expr]:
    """Give ``from_name`` and ``to_name`` from the names of the two sides."""
    both = directed(own, other, inward)
    return {"from_name": both["from_account"], "to_name": both["to_account"]}


def from_fen(amount: pl.Expr) -> pl.Expr:
    """Write an amount in fen as one in yuan, digit by digit.

    >>> pl.select(from_fen(pl.lit("8400007"))).item(), pl.select(from_fen(pl.lit("-7"))).item()
    ('84000.07', '-0.07')
    """
    sign = amount.str.extract(r"^(-?)").fill_null("")
    digits = amount.str.extract(r"^[+-]?(\d+)(?:\.0*)?$").str.zfill(3)
    shifted = sign + digits.str.head(-2) + "." + digits.str.tail(2)
    # What is no whole number of fen stays as it is, and is rejected with its own words.
    return pl.coalesce(shifted, pl.when(amount.is_not_null()).then(amount + " (分)"))


def told_by(*cells: str | pl.Expr) -> pl.Expr:
    """Join the cells that tell a payment, as the ``content`` of a part."""
    texts = ((pl.col(c) if isinstance(c, str) else c).fill_null("") for c in cells)
    return pl.concat_str(texts, separator="\x1f")
