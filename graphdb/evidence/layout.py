"""A layout: the columns of a format, told by their headers and never by their position."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import polars as pl

from graphdb.evidence.cells import cleaned
from graphdb.evidence.columns import INVISIBLE

# What exports write for "nothing".
EMPTY: Final = (r"\N", "-", "--", "---", "-----", "_", "/", "null", "NULL", "None", "无")
_BRACKETS: Final = str.maketrans("（）：帐", "():账")


@lru_cache(maxsize=4096)
def plain_header(header: str) -> str:
    r"""Write a header in its plain form: one kind of brackets, no blanks, no stars, 账 for 帐.

    >>> plain_header("\ufeff*交易 金额（元）\t"), plain_header("对方帐户")
    ('交易金额(元)', '对方账户')
    """
    text = re.sub(INVISIBLE, "", header).translate(_BRACKETS).lower()
    return re.sub(r"[\s*]+", "", text)


@dataclass(frozen=True, slots=True)
class Header:
    """A header line that was found: its record (from 0), its cells, our columns by position."""

    at: int
    cells: tuple[str, ...]
    positions: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Layout:
    """Our column names, each with the headers that it may have, the best first.

    ``金额*`` is any header that begins so; ``网联/银联#2`` is the second of that name. A table has
    this layout when all ``required`` columns are there, and none of the ``never`` headers.

    >>> layout = Layout({"at": ("交易时间",), "amount": ("金额*",)}, required=("at", "amount"))
    >>> layout.find([["微信支付"], ["交易时间", "金额(元)", "备注"]])
    Header(at=1, cells=('交易时间', '金额(元)', '备注'), positions={'at': 0, 'amount': 1})
    """

    columns: Mapping[str, tuple[str, ...]]
    required: tuple[str, ...]
    never: tuple[str, ...] = ()

    def find(self, records: Iterable[Sequence[str]]) -> Header | None:
        """Find the header among the first records of a table."""
        for at, record in enumerate(records):
            positions = self.positions(record)
            if positions is not None:
                return Header(at, tuple(record), positions)
        return None

    def positions(self, headers: Sequence[str]) -> dict[str, int] | None:
        """Find our columns among headers; None where a required one is missing."""
        written = [plain_header(header) for header in headers]
        if any(plain_header(one) in written for one in self.never):
            return None
        found: dict[str, int] = {}
        for name, forms in self.columns.items():
            at = next((at for form in forms if (at := _position(form, written)) is not None), None)
            if at is not None:
                found[name] = at
            elif name in self.required:
                return None
        return found

    def named(self, frame: pl.DataFrame, positions: Mapping[str, int]) -> pl.DataFrame:
        """Give ``row`` and all our columns, cleaned; what is empty or not there is null."""
        there = {f"c{at}" for at in positions.values()} & set(frame.columns)
        tidy = {name: cleaned(frame[name]) for name in there}
        tidy = {name: cells.set(cells.is_in(EMPTY), None) for name, cells in tidy.items()}
        nothing = pl.Series([None], dtype=pl.String).new_from_index(0, frame.height)
        return pl.DataFrame(
            {
                "row": frame["row"],
                **{name: tidy.get(f"c{positions.get(name)}", nothing) for name in self.columns},
            }
        )


def tidied(rows: pl.DataFrame) -> pl.DataFrame:
    r"""Clean every column but ``row``; what is empty is null.

    >>> tidied(pl.DataFrame({"row": [1], "a": [" x\t"], "b": ["--"]})).row(0)
    (1, 'x', None)
    """
    tidy = {name: cleaned(rows[name]) for name in rows.columns if name != "row"}
    return rows.with_columns(
        cells.set(cells.is_in(EMPTY), None).alias(name) for name, cells in tidy.items()
    )


def _position(form: str, written: Sequence[str]) -> int | None:
    text, _, number = form.partition("#")
    nth = int(number or 1)
    begins = text.endswith("*")
    word = plain_header(text)
    same = [
        at
        for at, header in enumerate(written)
        if (header.startswith(word) if begins else header == word)
    ]
    return same[nth - 1] if len(same) >= nth else None
