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
        # Eight bytes a content and no dictionary of texts: a file may be long. Few repeat.
        self._seen = pl.Series("key", [], dtype=pl.UInt64)
        self._repeated = pl.DataFrame(schema={"key": pl.UInt64, "count": pl.Int64})

    def of(self, contents: pl.Series) -> pl.Series:
        """Give the numbers of rows by their contents."""
        # Not polars' own hash: that one differs between its versions.
        digests = [sha256((text or "").encode()).hexdigest()[:_DIGITS] for text in contents]
        keys = pl.Series("key", [int(digest, 16) for digest in digests], dtype=pl.UInt64)
        known = self._known(keys)
        frame = pl.DataFrame(
            {"digest": pl.Series(digests, dtype=pl.String), "key": keys, "known": known}
        ).join(self._repeated, on="key", how="left", maintain_order="left")
        before = pl.coalesce("count", pl.col("known").cast(pl.Int64))
        frame = frame.with_columns(nth=pl.int_range(1, pl.len() + 1).over("key") + before)
        self._remember(keys.filter(~known), frame.filter(pl.col("nth") > 1))
        counter = pl.when(pl.col("nth") > 1).then("." + pl.col("nth").cast(pl.String))
        return frame.select(pl.col("digest") + counter.otherwise(pl.lit(""))).to_series()

    def _known(self, keys: pl.Series) -> pl.Series:
        """Tell which keys earlier rows had; a sorted list needs no table of hashes beside it."""
        if self._seen.is_empty():
            return pl.Series([False], dtype=pl.Boolean).new_from_index(0, len(keys))
        at = self._seen.search_sorted(keys).clip(0, len(self._seen) - 1)
        return self._seen.gather(at) == keys

    def _remember(self, fresh: pl.Series, repeated: pl.DataFrame) -> None:
        self._seen = pl.concat([self._seen, fresh.unique()]).sort()
        counts = repeated.group_by("key").agg(count=pl.col("nth").max())
        rest = self._repeated.join(counts, on="key", how="anti")
        self._repeated = pl.concat([rest, counts])
