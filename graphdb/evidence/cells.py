"""Cells: texts to money, times and ids, as whole columns.

Each function gives the typed column beside a column of complaints, which is null where a cell is
good. No value ever passes through a float.
"""

from datetime import tzinfo
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import polars as pl

from graphdb.errors import InputRefused, quoted
from graphdb.evidence.columns import INVISIBLE
from graphdb.model import minor_digits

_AMOUNT: Final = r"^[¥￥]?\s*([+-]?)(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d+))?$"
_MAX_DIGITS: Final = 17
_ZONED: Final = r"\d:\d.*(?:Z|[+-]\d{2}:?\d{2})(?: [A-Z]{2,5})?$"
_FORMATS: Final = (
    "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M:%S%.f", "%Y/%m/%d %H:%M",
    "%Y%m%d%H%M%S", "%Y年%m月%d日 %H:%M:%S", "%Y.%m.%d %H:%M:%S",
)  # fmt: skip
_DAYS: Final = ("%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%Y年%m月%d日")
_EXCEL_ID: Final = r"^\d(?:\.\d+)?[eE]\+?\d+$"
_ACCOUNT: Final = r"^[A-Za-z][A-Za-z0-9_\-]*:\S"


def cleaned(cell: pl.Expr) -> pl.Expr:
    """Strip blanks, tabs and invisible characters; an empty cell is null."""
    text = cell.str.replace_all(INVISIBLE, "").str.strip_chars()
    return pl.when(text != "").then(text)


def zone_of(name: str) -> tzinfo:
    """Find a time zone by name.

    >>> str(zone_of("Asia/Shanghai"))
    'Asia/Shanghai'

    Raises:
        InputRefused: there is no such zone.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise InputRefused(
            f"unknown zone {quoted(name)}", fix="write it as Asia/Shanghai, Europe/Berlin or UTC"
        ) from error


def money(texts: pl.Series, currencies: pl.Series) -> tuple[pl.Series, pl.Series, int]:
    """Give amounts in minor units, what is wrong with them, and how many were rounded.

    Digits beyond the minor unit are rounded half to even; the written text stays in the exhibit.

    >>> minor, wrong, rounded = money(pl.Series(["84,000.00", "0.125", "-1", "abc"]),
    ...                               pl.Series(["CNY"] * 4))
    >>> minor.to_list()[:2], wrong.to_list()[2:], rounded
    ([8400000, 12], ["the amount is negative: '-1'", "the amount is not a number: 'abc'"], 1)
    """
    frame = pl.DataFrame({"text": texts, "code": currencies}).select(
        text=cleaned(pl.col("text")), code="code"
    )
    frame = frame.with_columns(
        good=pl.col("text").str.contains(_AMOUNT),
        parts=pl.col("text").str.replace_all("[¥￥,+\\s]", "").str.splitn(".", 2),
    ).with_columns(
        whole=pl.col("parts").struct.field("field_0").str.strip_chars_start("-0"),
        part=pl.col("parts").struct.field("field_1").fill_null(""),
        negative=pl.col("text").str.starts_with("-"),
    )
    value, rounded = pl.lit(None, dtype=pl.Int64), pl.lit(value=False)
    for code in frame["code"].unique().drop_nulls().sort():
        digits = minor_digits(code)
        text = pl.col("whole") + pl.col("part").str.head(digits).str.pad_end(digits, "0")
        kept = pl.when(pl.col("good") & (text.str.len_chars() <= _MAX_DIGITS)).then(text)
        minor = kept.replace("", "0").cast(pl.Int64, strict=False)
        rest = pl.col("part").str.slice(digits).str.strip_chars_end("0")
        above_half = rest > "5"  # the digits after the point sort as text
        half_of_odd = (rest == "5") & (minor % 2 == 1)
        is_code = pl.col("code") == code
        value = pl.when(is_code).then(minor + (above_half | half_of_odd)).otherwise(value)
        rounded = pl.when(is_code).then(pl.col("good") & (rest != "")).otherwise(rounded)
    done = frame.select("text", "good", "negative", value=value, rounded=rounded).select(
        "value",
        "rounded",
        wrong=pl.when(pl.col("text").is_null())
        .then(None)
        .when(~pl.col("good"))
        .then(pl.lit("the amount is not a number: ") + shown(pl.col("text")))
        .when(pl.col("value").is_null())
        .then(pl.lit("the amount is too large: ") + shown(pl.col("text")))
        .when(pl.col("negative") & (pl.col("value") > 0))
        .then(pl.lit("the amount is negative: ") + shown(pl.col("text"))),
    )
    return done["value"], done["wrong"], int(done["rounded"].sum() or 0)


def exact_sum(texts: pl.Series) -> str:
    """Add amounts as they are written, exactly.

    >>> exact_sum(pl.Series(["0.1", "1,000.25", "x", None]))
    '1000.35'
    """
    groups = texts.str.strip_chars().str.extract_groups(_AMOUNT)
    frame = groups.struct.unnest()
    frame.columns = ["sign", "whole", "part"]
    frame = frame.filter(pl.col("whole").is_not_null())
    if frame.is_empty():
        return "0"
    width = int(str(frame["part"].str.len_chars().max() or 0))
    negative = pl.when(pl.col("sign") == "-").then(-1).otherwise(1)
    total = 0
    # 15 digits a slice: int64 then holds the sum of nine thousand rows times a thousand.
    digits = pl.col("whole").str.replace_all(",", "") + pl.col("part").fill_null("").str.pad_end(
        width, "0"
    )
    length = int(str(frame.select(digits.str.len_chars().max()).item()))
    padded = frame.select(negative=negative, digits=digits.str.pad_start(length, "0"))
    for end in range(length, 0, -9):
        start = max(0, end - 9)
        part = padded.select(
            (
                pl.col("digits").str.slice(start, end - start).cast(pl.Int64) * pl.col("negative")
            ).sum()
        ).item()
        total += int(part) * 10 ** (length - end)
    return f"{Decimal(total).scaleb(-width):f}" if width < 28 else str(Decimal(total) / 10**width)


def time(texts: pl.Series, zone: tzinfo | None) -> tuple[pl.Series, pl.Series]:
    """Give times in UTC, and what is wrong with them.

    >>> value, wrong = time(pl.Series(["2025-03-01 10:00:00 +0800 CST", "2025-02-30"]), None)
    >>> value.to_list()[0].isoformat(), wrong.to_list()[1]
    ('2025-03-01T02:00:00+00:00', "the time cannot be read: '2025-02-30'")
    """
    text = pl.DataFrame({"t": texts}).select(cleaned(pl.col("t")))["t"]
    is_zoned = text.str.contains(_ZONED).fill_null(value=False)
    zoned = _zoned(text.to_frame().select(pl.when(is_zoned).then(pl.col("t")))["t"])
    local = _local(text.to_frame().select(pl.when(~is_zoned).then(pl.col("t")))["t"])
    placed = pl.Series("p", [None], dtype=pl.Datetime("ms", "UTC")).new_from_index(0, len(text))
    if zone is not None:
        placed = local.dt.replace_time_zone(
            str(zone), ambiguous="earliest", non_existent="null"
        ).dt.convert_time_zone("UTC")
    frame = pl.DataFrame({"t": text, "is_zoned": is_zoned, "z": zoned, "l": local, "p": placed})
    done = frame.select(
        value=pl.coalesce("z", "p"),
        wrong=pl.when(pl.col("t").is_null())
        .then(None)
        .when(pl.col("z").is_null() & pl.col("l").is_null())
        .then(pl.lit("the time cannot be read: ") + shown(pl.col("t")))
        .when(~pl.col("is_zoned") & pl.lit(zone is None))
        .then(pl.lit("the time has no zone: ") + shown(pl.col("t")))
        .when(pl.col("z").is_null() & pl.col("p").is_null())
        .then(pl.lit("no clock showed this time (summer time began): ") + shown(pl.col("t"))),
    )
    return done["value"], done["wrong"]


def _zoned(text: pl.Series) -> pl.Series:
    """Read times that carry an offset; first as most files write them, then in other dress."""
    plain = text.str.to_datetime("%Y-%m-%dT%H:%M:%S%.f%#z", strict=False, time_unit="ms")
    if plain.null_count() == text.null_count():
        return plain
    iso = (
        text.str.replace_all(r"\s+", " ")
        .str.replace(r" (?:[A-Z]{2,5})$", "")
        .str.replace(r"Z$", "+00:00")
        .str.replace(r"^(\d{4}-\d{2}-\d{2}) ", "${1}T")
        .str.replace(r" ([+-]\d{2}:?\d{2})$", "$1")
        .str.replace(r"^(\S+T\d{1,2}:\d{2})([+-])", "${1}:00$2")
    )
    return iso.str.to_datetime("%Y-%m-%dT%H:%M:%S%.f%#z", strict=False, time_unit="ms")


def _local(text: pl.Series) -> pl.Series:
    """Read times without a zone, trying one form after the other while some are unread."""
    bare = text.str.replace_all(r"\s+", " ").str.replace(r"^(\d{4}-\d{2}-\d{2})T", "${1} ")
    value = pl.Series("t", [None], dtype=pl.Datetime("ms")).new_from_index(0, len(text))
    for form in (*_FORMATS, *_DAYS):
        if value.null_count() == text.null_count():
            break
        if form in _DAYS:
            read = bare.str.to_date(form, strict=False).cast(pl.Datetime("ms"))
        else:
            read = bare.str.to_datetime(form, strict=False, time_unit="ms")
        value = value.to_frame("v").select(pl.coalesce(pl.col("v"), pl.lit(read))).to_series()
    return value


def account(name: str, platform: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """Give an account as ``platform:number``, and what is wrong with it."""
    text = cleaned(pl.col(name))
    whole = text.str.contains(_ACCOUNT)
    value = pl.when(whole).then(text).otherwise(platform + ":" + text)
    wrong = (
        pl.when(text.str.replace(r"^[^:]*:", "").str.contains(_EXCEL_ID))
        .then(pl.lit("precision lost, a spreadsheet rounded the number: ") + shown(text))
        .when(text.is_not_null() & value.is_null())
        .then(pl.lit("the account has no platform: ") + shown(text))
    )
    return value, wrong


def number(name: str) -> tuple[pl.Expr, pl.Expr]:
    """Give an id, and what is wrong with it."""
    text = cleaned(pl.col(name))
    lost = pl.lit("precision lost, a spreadsheet rounded the number: ") + shown(text)
    return text, pl.when(text.str.contains(_EXCEL_ID)).then(lost)


def shown(text: pl.Expr) -> pl.Expr:
    """Quote a cell in a complaint, cut at 60 characters."""
    cut = pl.when(text.str.len_chars() > 60).then(text.str.head(60) + "…").otherwise(text)
    return pl.lit("'") + cut + "'"
