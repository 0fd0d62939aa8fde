"""From a sheet of texts to a batch of typed rows, and the rows that do not fit."""

from hashlib import sha256
from typing import Final

import polars as pl

from graphdb.evidence.cells import Typed, account, cleaned, currency, money, number, platform_name
from graphdb.evidence.naming import Canonical
from graphdb.evidence.reading import Control
from graphdb.evidence.remarks import bent, controls, rejects_of
from graphdb.evidence.tables import CURRENCIES, Column
from graphdb.evidence.times import time
from graphdb.model import Batch

_CONTENT_DIGITS: Final = 16
_ON_ANOTHER_PLATFORM: Final = "bound_account"
_SIGNED: Final = "balance_after"


def typed(
    given: Canonical, platform: str | None, zone: str | None
) -> tuple[Batch, tuple[Control, ...]]:
    """Type the rows of a table; a row is rejected once, for its first problem."""
    texts = _texts(given, platform)
    columns = [column for column in given.table.columns if column.name in texts.columns]
    made = {column.name: _typed(column, texts, zone) for column in columns}
    names = {c.name: f"{c.name}_minor" if c.kind == "money" else c.name for c in columns}
    rows = pl.DataFrame(
        {"row": texts["row"], **{names[name]: one.value for name, one in made.items()}}
    )
    if "group" in made and "account" in made:
        rows = rows.with_columns(group=_group(pl.col("group"), pl.col("account")))
    wrongs = pl.DataFrame({name: one.wrong for name, one in made.items()})
    is_bad = wrongs.select(pl.any_horizontal(pl.all().is_not_null())).to_series()
    rejects = rejects_of(given, columns, wrongs.filter(is_bad), given.frame.filter(is_bad))
    good = rows.filter(~is_bad)
    if given.table.name == "payments" and "payment" not in made:
        good = _numbered(good)
    batch = Batch(
        given.table.name,
        given.exhibit,
        good,
        read=texts.height + len(given.rejects),
        rejects=tuple(sorted((*given.rejects, *rejects), key=lambda reject: reject.where)),
        warnings=given.warnings + bent(made, columns, texts, good, is_bad),
    )
    return batch, controls(given.table, texts)


def content_numbers(rows: pl.DataFrame, columns: list[str]) -> pl.Series:
    """Number rows by their own content: a digest, and a counter for rows that are all equal.

    The n-th of several equal rows has the same number in every export, so overlapping exports
    meet, while two equal payments of one file stay two.
    """
    texts = (pl.col(name).cast(pl.String).fill_null("") for name in columns)
    content = rows.select(pl.concat_str(texts, separator="\x1f")).to_series()
    # Not polars' own hash: that one differs between its versions.
    digests = [sha256(line.encode()).hexdigest()[:_CONTENT_DIGITS] for line in content]
    nth = pl.int_range(1, pl.len() + 1).over("digest")
    counter = pl.when(nth > 1).then(pl.lit(".") + nth.cast(pl.String)).otherwise(pl.lit(""))
    frame = pl.DataFrame({"digest": pl.Series(digests, dtype=pl.String)})
    return frame.select(pl.col("digest") + counter).to_series()


def _texts(given: Canonical, platform: str | None) -> pl.DataFrame:
    """Clean what is no free text, and fill in platform and currency where a row has none."""
    free = {c.name for c in given.table.columns if c.kind == "text" and not c.words}
    tidy = given.frame.with_columns(
        cleaned(series) for series in given.frame if series.name not in {"row", *free}
    )
    own = pl.col("platform") if "platform" in tidy.columns else pl.lit(None, dtype=pl.String)
    tidy = tidy.with_columns(
        platform=platform_name(pl.coalesce(own, pl.lit(platform or None, dtype=pl.String)))
    )
    if all(column.kind != "currency" for column in given.table.columns):
        return tidy
    code = pl.col("currency") if "currency" in tidy.columns else pl.lit(None, dtype=pl.String)
    return tidy.with_columns(
        currency=code.str.to_uppercase().replace({**CURRENCIES}).fill_null("CNY")
    )


def _typed(column: Column, texts: pl.DataFrame, zone: str | None) -> Typed:
    cells = texts[column.name]
    match column.kind:
        case "money":
            made = money(cells, texts["currency"], signed=column.name == _SIGNED)
        case "time":
            made = time(cells, zone)
        case "account":
            # The platform of the row is that of its account; a bank card bound to a chat account
            # is on another, and a guess would link strangers.
            own = texts["platform"]
            given = own.clear(len(own)) if column.name == _ON_ANOTHER_PLATFORM else own
            made = account(cells, given)
        case "id" | "group":
            made = number(cells)
        case "currency":
            made = currency(cells)
        case "text":
            made = _words(column, cells)
    if not column.required:
        return made
    # A cell that is neither a value nor wrong is empty.
    empty = pl.when(pl.col("value").is_null()).then(pl.lit(f"'{column.name}' is empty"))
    wrong = pl.DataFrame({"value": made.value, "wrong": made.wrong}).select(
        pl.coalesce("wrong", empty)
    )
    return Typed(made.value, wrong.to_series(), made.noted)


def _words(column: Column, cells: pl.Series) -> Typed:
    """Give text as written, and the words of a vocabulary in their canonical form."""
    known = [*column.words.values()]
    text = pl.col("text").str.strip_chars().replace("", None)
    lower = text.str.to_lowercase()
    word = pl.when(lower.is_in(known)).then(lower).otherwise(text.replace({**column.words}))
    stranger = pl.lit(column.closed) & ~pl.col("value").is_in(known)
    done = (
        cells.to_frame("text")
        .with_columns(value=word if known else text)
        .with_columns(wrong=pl.when(stranger).then(pl.lit(f"unknown {column.name}")))
    )
    return Typed(done["value"], done["wrong"])


def _group(group: pl.Expr, account_: pl.Expr) -> pl.Expr:
    own = account_.str.splitn(":", 2).struct.field("field_0") + "-group:" + group
    return pl.when(group.str.contains("^[A-Za-z]+-group:")).then(group).otherwise(own)


def _numbered(good: pl.DataFrame) -> pl.DataFrame:
    columns = ["from_account", "to_account", "amount_minor", "currency", "at"]
    rows = good.with_columns(pl.col("at").dt.epoch("ms"))
    return good.with_columns(payment=content_numbers(rows, columns))
