"""Times: texts of many forms to moments in UTC, as whole columns."""

from datetime import datetime
from typing import Final, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import polars as pl

from graphdb.errors import InputRefused, quoted
from graphdb.evidence.cells import Typed

_ISO: Final = "%Y-%m-%dT%H:%M:%S%.f%#z"
_SECONDS_END: Final = len("2025-03-01T10:00:00")
_OFFSET: Final = r"^(?:Z|[+-](?:0\d|1[0-4]):?[0-5]\d)$"
_FEW: Final = 64
_ZONED: Final = r"\d:\d.*(?:Z|[+-]\d{2}:?\d{2})(?: [A-Z]{2,5})?$"
_FORMS: Final = (
    "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M:%S%.f", "%Y/%m/%d %H:%M",
    "%Y%m%d%H%M%S", "%Y年%m月%d日 %H:%M:%S", "%Y.%m.%d %H:%M:%S",
)  # fmt: skip
# Without fractions: reading them takes seven times as long.
_USUAL: Final = "%Y-%m-%d %H:%M:%S"
_DAYS: Final = ("%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%Y年%m月%d日")
# Outside these years stand the zeros of empty database fields and slips of the pen.
_YEARS: Final = (1900, 2199)


def zone_of(name: str) -> str:
    """Check the name of a time zone.

    >>> zone_of("Asia/Shanghai")
    'Asia/Shanghai'

    Raises:
        InputRefused: there is no such zone.
    """
    try:
        ZoneInfo(name)
        # polars knows fewer names than the system ("localtime", "posixrules").
        pl.Series([datetime(2025, 1, 1)]).dt.replace_time_zone(name)  # noqa: DTZ001
    except (ZoneInfoNotFoundError, ValueError, OSError, pl.exceptions.PolarsError) as error:
        raise InputRefused(
            f"unknown zone {quoted(name)}", fix="write it as Asia/Shanghai, Europe/Berlin or UTC"
        ) from error
    return name


def time(texts: pl.Series, zone: str | None) -> Typed:
    """Give times in UTC; those that a clock showed twice (summer time ended) are noted.

    ``zone`` is that of times which name none. Of two possible moments the earlier is taken.

    >>> got = time(pl.Series(["2025-03-01 10:00:00 +0800 CST", "2025-02-30"]), None)
    >>> got.value.to_list()[0].isoformat(), got.wrong.to_list()[1]
    ('2025-03-01T02:00:00+00:00', 'the time cannot be read')
    """
    plain = _fixed(texts)
    if plain is not None and not plain.null_count():
        nothing = pl.Series([None], dtype=pl.String).new_from_index(0, len(texts))
        is_doubtful = pl.Series([False]).new_from_index(0, len(texts))
        if plain.dt.year().is_between(*_YEARS).all():
            return Typed(plain, nothing, is_doubtful)
    local = texts.str.to_datetime(_USUAL, strict=False, time_unit="ms", cache=False)
    if local.null_count() == texts.null_count():  # all are local, in the usual form
        plain = zoned = _placed(local, None, "earliest")
    else:
        if plain is None:
            plain = texts.str.to_datetime(_ISO, strict=False, time_unit="ms")
        left = texts.set(plain.is_not_null(), None)
        is_zoned = left.str.contains(_ZONED).fill_null(value=False)
        zoned, local = _zoned(left.set(~is_zoned, None)), _local(left.set(is_zoned, None))
    early, late = _both(local, zone)
    done = pl.DataFrame(
        {
            "text": texts,
            "plain": plain,
            "zoned": zoned,
            "local": local,
            "early": early,
            "late": late,
        }
    ).with_columns(value=pl.coalesce("plain", "zoned", "early"))
    gap = "no clock showed this time (summer time began)" if zone else "the time has no zone"
    done = done.select(
        "value",
        wrong=pl.when(pl.col("text").is_null())
        .then(None)
        .when(pl.col("value").is_null() & pl.col("local").is_null())
        .then(pl.lit("the time cannot be read"))
        .when(pl.col("value").is_null())
        .then(pl.lit(gap))
        .when(~pl.col("value").dt.year().is_between(*_YEARS))
        .then(pl.lit("the year is not between {} and {}".format(*_YEARS))),
        twice=(pl.col("early") != pl.col("late")).fill_null(value=False),
    )
    return Typed(done["value"], done["wrong"], done["twice"])


def _fixed(texts: pl.Series) -> pl.Series | None:
    """Read times of one width and few offsets (2025-03-01T10:00:00+08:00), the usual case fast."""
    offsets = texts.str.slice(_SECONDS_END).unique().drop_nulls()
    if len(offsets) > _FEW or not len(offsets) or not offsets.str.contains(_OFFSET).all():
        return None
    shift = {text: _milliseconds(text) for text in offsets}
    return (
        pl.DataFrame({"text": texts})
        .select(
            pl.col("text")
            .str.head(_SECONDS_END)
            .str.replace(" ", "T", literal=True)
            .str.to_datetime("%Y-%m-%dT%H:%M:%S", strict=False, time_unit="ms")
            - pl.col("text")
            .str.slice(_SECONDS_END)
            .replace_strict(shift, default=None, return_dtype=pl.Int64)
            .cast(pl.Duration("ms"))
        )
        .to_series()
        .dt.replace_time_zone("UTC")
    )


def _milliseconds(offset: str) -> int:
    if offset == "Z":
        return 0
    hours, minutes = int(offset[1:3]), int(offset[-2:])
    return (-1 if offset[0] == "-" else 1) * (hours * 60 + minutes) * 60_000


def _zoned(text: pl.Series) -> pl.Series:
    """Read times with an offset that are not in plain ISO 8601 (blanks, names of zones)."""
    iso = text
    if text.null_count() < len(text):
        iso = (
            text.str.replace_all(r"\s+", " ")
            .str.replace(r" (?:[A-Z]{2,5})$", "")
            .str.replace(r"Z$", "+00:00")
            .str.replace(r"^(\d{4}-\d{1,2}-\d{1,2}) ", "${1}T")
            .str.replace(r" ([+-]\d{2}:?\d{2})$", "$1")
            .str.replace(r"^(\S+T\d{1,2}:\d{2})([+-])", "${1}:00$2")
        )
    return iso.str.to_datetime(_ISO, strict=False, time_unit="ms")


def _local(text: pl.Series) -> pl.Series:
    """Read times without a zone, trying one form after the other while some are unread."""
    value = pl.Series("local", [None], dtype=pl.Datetime("ms")).new_from_index(0, len(text))
    if text.null_count() == len(text):
        return value
    bare = text.str.replace_all(r"\s+", " ").str.replace(r"^(\d{4}-\d{2}-\d{2})T", "${1} ")
    for form in (*_FORMS, *_DAYS):
        if value.null_count() == text.null_count():
            break
        if form in _DAYS:
            read = bare.str.to_date(form, strict=False).cast(pl.Datetime("ms"))
        else:
            read = bare.str.to_datetime(form, strict=False, time_unit="ms")
        value = value.to_frame("v").select(pl.coalesce(pl.col("v"), pl.lit(read))).to_series()
    return value


def _both(local: pl.Series, zone: str | None) -> tuple[pl.Series, pl.Series]:
    """Give the earlier and the later moment that a clock showed so."""
    try:  # hardly any file holds the hour that comes twice
        once = _placed(local, zone, "raise")
    except pl.exceptions.ComputeError:
        return _placed(local, zone, "earliest"), _placed(local, zone, "latest")
    return once, once


def _placed(
    local: pl.Series, zone: str | None, ambiguous: Literal["earliest", "latest", "raise"]
) -> pl.Series:
    if zone is None:
        return pl.Series([None], dtype=pl.Datetime("ms", "UTC")).new_from_index(0, len(local))
    return local.dt.replace_time_zone(
        zone, ambiguous=ambiguous, non_existent="null"
    ).dt.convert_time_zone("UTC")
