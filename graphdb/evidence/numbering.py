"""Numbers for rows that have none of their own."""

from hashlib import sha256
from typing import Final

import polars as pl

_DIGITS: Final = 16


class Numbers:
    """Number rows by their own content: a digest, and a counter for rows that are all equal.

    The n-th of several equal rows has the same number in every export, so overlapping exports
    meet, while two equal payments of one file stay two.

    >>> numbers = Numbers()
    >>> first = numbers.of(pl.Series(["a", "a"])).to_list()
    >>> first[1] == first[0] + ".2", numbers.of(pl.Series(["a"])).item() == first[0] + ".3"
    (True, True)
    """

    def __init__(self) -> None:
        # Eight bytes a row and a counter, not a dictionary of texts: a file may be long.
        self._seen = pl.DataFrame(schema={"key": pl.UInt64, "count": pl.UInt32})

    def of(self, contents: pl.Series) -> pl.Series:
        """Give the numbers of rows by their contents."""
        # Not polars' own hash: that one differs between its versions.
        digests = [sha256((text or "").encode()).hexdigest()[:_DIGITS] for text in contents]
        frame = pl.DataFrame({"digest": pl.Series(digests, dtype=pl.String)}).with_columns(
            key=pl.Series([int(digest, 16) for digest in digests], dtype=pl.UInt64)
        )
        frame = frame.join(self._seen, on="key", how="left", maintain_order="left")
        nth = pl.int_range(1, pl.len() + 1).over("key") + pl.col("count").fill_null(0)
        frame = frame.with_columns(nth=nth.cast(pl.UInt32))
        counts = frame.group_by("key").agg(count=pl.col("nth").max())
        rest = self._seen.join(counts, on="key", how="anti")
        self._seen = pl.concat([rest, counts])
        counter = pl.when(pl.col("nth") > 1).then("." + pl.col("nth").cast(pl.String))
        return frame.select(pl.col("digest") + counter.otherwise(pl.lit(""))).to_series()
