"""Cells: texts to money, times and ids, as whole columns.

Each function takes cleaned texts and gives the typed values beside the reasons why a cell is
wrong, which are null where it is good. No value ever passes through a float.
"""

from dataclasses import dataclass
from typing import Final

import polars as pl

from graphdb.evidence.columns import INVISIBLE
from graphdb.evidence.tables import PLATFORMS
from graphdb.model import minor_digits

# Lengths are bounded so that one hostile cell cannot make every row of a sum as wide as itself.
_AMOUNT: Final = r"^([+-]?)[¥￥]?\s*([0-9]{1,3}(?:,[0-9]{3}){1,9}|[0-9]{1,30})(?:\.([0-9]{1,30}))?$"
_MAX_DIGITS: Final = 17
_CENTS: Final = 2
_DECIMAL: Final = pl.Decimal(18, _CENTS)
_PLAIN_AMOUNT: Final = r"^[0-9]{1,13}(?:\.[0-9]{1,2})?$"
_PLAIN_ACCOUNT: Final = r"^[a-z][a-z0-9_\-]*:[A-Za-z0-9_\-]+$"
_SLICE: Final = 9
_PLATFORM: Final = r"^[A-Za-z][A-Za-z0-9_\-]*$"
# What a spreadsheet leaves of a long number: 6.22202E+18, 6.22202e18, 6222020000000000000.0
_ROUNDED: Final = r"^[0-9](?:\.[0-9]+)?[eE]\+[0-9]+$|^[0-9]\.[0-9]+[eE][0-9]+$|^[0-9]{16,}\.0+$"
# An apostrophe by which spreadsheets are kept from acting on a cell; it is not part of the text.
_GUARDED: Final = r"^'([=+\-@']|[0-9]{12}|0[0-9])"
_CURRENCY: Final = "^[A-Z]{3,5}$"
_CURRENCY_SAYS: Final = "the currency is no code"
ROUNDED_SAYS: Final = "precision lost, a spreadsheet rounded the number"
# Neo4j indexes a text of up to 8 kB, and some ids are made of two or three.
_LONGEST_ID: Final = 2_000
LONG_SAYS: Final = f"the cell is longer than {_LONGEST_ID:,} bytes and no id"
_BETWEEN_IDS: Final = "[；,，]"
# Digits and letters as a Chinese input method writes them, and nothing of another script.
_WIDE: Final = r"^[\x20-\x7e\uff01-\uff5e]*[\uff01-\uff5e][\x20-\x7e\uff01-\uff5e]*$"
# A short number that passed through a float is still exact: 13800138000.0
_FLOATED: Final = r"^([0-9]{6,15})\.0$"


@dataclass(frozen=True, slots=True)
class Typed:
    """A typed column; ``wrong`` says why a cell is none, ``noted`` marks cells that were bent."""

    value: pl.Series
    wrong: pl.Series
    noted: pl.Series | None = None


def cleaned(texts: pl.Series) -> pl.Series:
    r"""Strip blanks, tabs and invisible characters; an empty cell is null.

    >>> cleaned(pl.Series(["\u200b622\t", " "])).to_list()
    ['622', None]
    """
    if texts.null_count() == len(texts):
        return texts
    # Most columns are plain ASCII, which is told much faster than a search for characters.
    is_ascii = (texts.str.len_bytes() == texts.str.len_chars()).all()
    if not is_ascii and texts.str.contains(INVISIBLE).any():
        texts = texts.str.replace_all(INVISIBLE, "")
    texts = texts.str.strip_chars()
    texts = unguarded(texts)
    return texts.set(texts == "", None) if (texts == "").any() else texts


def unguarded(texts: pl.Series) -> pl.Series:
    """Take off the apostrophe that keeps a spreadsheet from acting on a cell.

    >>> unguarded(pl.Series(["'=1+1", "'0017", "'tis"])).to_list()
    ['=1+1', '0017', "'tis"]
    """
    is_so = texts.str.starts_with("'").any()
    return texts.str.replace(_GUARDED, "${1}") if is_so else texts


def money(texts: pl.Series, currencies: pl.Series, *, signed: bool = False) -> Typed:
    """Give amounts in minor units; those that were rounded are noted.

    Digits beyond the minor unit are rounded half to even. Only a balance may be ``signed``.

    >>> got = money(pl.Series(["84,000.00", "0.125", "-1", "abc"]), pl.Series(["CNY"] * 4))
    >>> got.value.to_list()[:2], got.wrong.to_list()[2:], got.noted.to_list()[:2]
    ([8400000, 12], ['the amount is negative', 'the amount is not a number'], [False, True])
    """
    digits_of = {code: minor_digits(code) for code in currencies.unique().drop_nulls()}
    if set(digits_of.values()) == {_CENTS} and not currencies.null_count() and _is_plain(texts):
        plain = (texts.cast(_DECIMAL) * 10**_CENTS).cast(pl.Int64)
        return Typed(plain, _no_reasons(len(texts)), _no_marks(len(texts)))
    frame = _parts(texts).with_columns(text=texts, code=currencies)
    frame = frame.with_columns(
        whole=pl.col("whole").str.strip_chars_start("0"),
        digits=pl.col("code").replace_strict(digits_of, default=None, return_dtype=pl.Int64),
    )
    value, rounded = pl.lit(None, dtype=pl.Int64), pl.lit(value=False)
    longest = _longest(frame["part"])
    for digits in sorted(set(digits_of.values())):
        here = pl.col("digits") == digits
        text = pl.col("whole") + pl.col("part").str.head(digits).str.pad_end(digits, "0")
        kept = pl.when(text.str.len_bytes() <= _MAX_DIGITS).then("0" + text)
        minor = kept.cast(pl.Int64, strict=False)
        if longest <= digits:  # as in most files: nothing to round
            value = pl.when(here).then(minor).otherwise(value)
            continue
        rest = pl.col("part").str.slice(digits).str.strip_chars_end("0")
        above_half = rest > "5"  # the digits after the point sort as text
        half_of_odd = (rest == "5") & (minor % 2 == 1)
        value = pl.when(here).then(minor + (above_half | half_of_odd)).otherwise(value)
        rounded = pl.when(here).then(rest != "").otherwise(rounded)
    minus = (pl.col("sign") == "-") & (pl.col("value") > 0)
    done = frame.with_columns(value=value, rounded=rounded).select(
        value=pl.when(minus).then(-pl.col("value")).otherwise("value"),
        rounded=pl.col("rounded").fill_null(value=False),
        wrong=pl.when(pl.col("text").is_null())
        .then(None)
        .when(pl.col("text").str.contains(_ROUNDED))
        .then(pl.lit(ROUNDED_SAYS))
        .when(pl.col("whole").is_null())
        .then(pl.lit("the amount is not a number"))
        .when(pl.col("value").is_null())
        .then(pl.lit("the amount is too large"))
        .when(minus & pl.lit(not signed))
        .then(pl.lit("the amount is negative")),
    )
    return Typed(done["value"], done["wrong"], done["rounded"])


def exact_sum(texts: pl.Series) -> tuple[int, str]:
    """Count and add the amounts among cleaned texts, exactly as they are written.

    >>> exact_sum(pl.Series(["0.1", "1,000.25", "x", None]))
    (2, '1000.35')
    """
    if _is_plain(texts):
        total_ = texts.cast(_DECIMAL).cast(pl.Decimal(38, _CENTS)).sum()
        whole = not texts.str.contains(".", literal=True).any()
        return len(texts) - texts.null_count(), f"{int(total_) if whole else total_}"
    parts = _parts(texts).drop_nulls("whole")
    if parts.is_empty():
        return 0, "0"
    width = _longest(parts["part"])
    digits = parts["whole"] + parts["part"].str.pad_end(width, "0")
    length = _longest(digits)
    padded = digits.str.pad_start(length, "0")
    sign = parts.select(pl.when(pl.col("sign") == "-").then(-1).otherwise(1)).to_series()
    # Slice by slice: int64 holds the sum of nine digits over nine thousand million rows.
    total = 0
    for end in range(length, 0, -_SLICE):
        start = max(0, end - _SLICE)
        part = padded.str.slice(start, end - start).cast(pl.Int64) * sign
        total += int(part.sum()) * 10 ** (length - end)
    written = str(abs(total)).zfill(width + 1)
    point = len(written) - width
    decimals = f".{written[point:]}" if width else ""
    return parts.height, f"{'-' if total < 0 else ''}{written[:point]}{decimals}"


def account(texts: pl.Series, platforms: pl.Series) -> Typed:
    """Give accounts as ``platform:number``; ``platforms`` are for cells that name none.

    >>> account(pl.Series(["QQ: 5", "6"]), pl.Series(["bank", "bank"])).value.to_list()
    ['qq:5', 'bank:6']
    """
    if texts.str.contains(_PLAIN_ACCOUNT).all():
        return Typed(texts, _no_reasons(len(texts)))
    parts = pl.col("text").str.replace("：", ":", literal=True).str.splitn(":", 2)
    frame = pl.DataFrame({"text": texts, "given": platforms}).select(
        "text",
        "given",
        head=parts.struct.field("field_0").str.strip_chars(),
        tail=parts.struct.field("field_1").str.strip_chars(),
    )
    is_named = pl.col("tail").is_not_null() & (
        pl.col("head").str.contains(_PLATFORM) | pl.col("head").is_in([*PLATFORMS])
    )
    frame = frame.select(
        "text",
        platform=pl.when(is_named).then(platform_name(pl.col("head"))).otherwise("given"),
        number=pl.when(is_named).then("tail").otherwise("text"),
    )
    numbers = number(frame["number"])
    done = frame.with_columns(number=numbers.value, wrong=numbers.wrong).select(
        value=pl.col("platform") + ":" + pl.col("number"),
        wrong=pl.when(pl.col("text").is_not_null() & pl.col("platform").is_null())
        .then(pl.lit("the account has no platform"))
        .when(pl.col("number") == "")
        .then(pl.lit("the account has no number"))
        .otherwise("wrong"),
    )
    return Typed(done["value"], done["wrong"])


def currency(codes: pl.Series) -> Typed:
    """Check that currencies are codes."""
    unknown = pl.when(~pl.col("code").str.contains(_CURRENCY)).then(pl.lit(_CURRENCY_SAYS))
    return Typed(codes, codes.to_frame("code").select(unknown).to_series())


def platform_name(cell: pl.Expr) -> pl.Expr:
    """Write the name of a platform in lower case and in English where it is one we know."""
    return cell.str.to_lowercase().replace({**PLATFORMS})


def number(texts: pl.Series) -> Typed:
    """Give ids in half width; one that a spreadsheet has rounded is none.

    >>> number(pl.Series(["13800138000.0", "１３８", "6.22202E+18"])).value.to_list()[:2]
    ['13800138000', '138']
    """
    if not texts.str.contains("[.+\uff01-\uff5e]").any():  # nothing that a float or an input left
        return Typed(texts, _no_reasons(len(texts)))
    if texts.str.contains(_WIDE).any():
        half = pl.when(pl.col("text").str.contains(_WIDE)).then(
            pl.col("text").str.normalize("NFKC")
        )
        texts = texts.to_frame("text").select(half.otherwise("text")).to_series()
    done = texts.to_frame("text").select(
        value=pl.col("text").str.replace(_FLOATED, "$1"),
        wrong=pl.when(pl.col("text").str.contains(_ROUNDED)).then(pl.lit(ROUNDED_SAYS)),
    )
    return Typed(done["value"], done["wrong"])


def bounded(ids: Typed, *, several: bool = False) -> Typed:
    """Refuse ids that are too long to be any; ``several`` stand in a cell between semicolons.

    >>> bounded(Typed(pl.Series(["a", "b" * 3_000]), pl.Series([None, None]))).wrong.to_list()[1]
    'the cell is longer than 2,000 bytes and no id'
    """
    lengths = ids.value.str.len_bytes()
    if not (lengths > _LONGEST_ID).any():
        return ids
    if several:
        each = ids.value.str.replace_all(_BETWEEN_IDS, ";").str.split(";")
        lengths = each.list.eval(pl.element().str.len_bytes()).list.max()
    frame = pl.DataFrame({"wrong": ids.wrong.cast(pl.String), "length": lengths})
    too_long = pl.when(pl.col("length") > _LONGEST_ID).then(pl.lit(LONG_SAYS))
    wrong = frame.select(pl.coalesce("wrong", too_long)).to_series()
    return Typed(ids.value, wrong, ids.noted)


def _is_plain(texts: pl.Series) -> bool:
    """Tell whether all amounts are plain digits with at most two decimals, as in most files."""
    return bool(texts.str.contains(_PLAIN_AMOUNT).all())


def _no_reasons(length: int) -> pl.Series:
    return pl.Series([None], dtype=pl.String).new_from_index(0, length)


def _no_marks(length: int) -> pl.Series:
    return pl.Series([False], dtype=pl.Boolean).new_from_index(0, length)


def _parts(texts: pl.Series) -> pl.DataFrame:
    """Cut amounts into sign, whole and decimal digits; all null where a text is no amount."""
    parts = texts.str.extract_groups(_AMOUNT).struct.unnest()
    parts.columns = ["sign", "whole", "part"]
    return parts.with_columns(
        pl.col("whole").str.replace_all(",", "", literal=True), pl.col("part").fill_null("")
    )


def _longest(texts: pl.Series) -> int:
    """Give the length of the longest of some ASCII texts."""
    return max((int(length) for length in texts.str.len_bytes().unique()), default=0)
