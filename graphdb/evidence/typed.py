"""From a sheet of texts to a batch of typed rows, and the rows that do not fit."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import polars as pl

from graphdb.errors import InputRefused
from graphdb.evidence.ahead import ahead
from graphdb.evidence.cells import (
    ROUNDED_SAYS,
    Typed,
    account,
    bounded,
    cleaned,
    currency,
    money,
    number,
    platform_name,
    unguarded,
)
from graphdb.evidence.format import Part
from graphdb.evidence.numbering import Numbers
from graphdb.evidence.parts import Piece
from graphdb.evidence.reading import Control, ReadOptions, Typing
from graphdb.evidence.remarks import bent, controls, rejects_of
from graphdb.evidence.sides import MASK, is_masked
from graphdb.evidence.tables import CURRENCIES, TABLES, Column
from graphdb.evidence.times import time, zone_of
from graphdb.model import Batch

_PAYMENT_SIDES: Final = frozenset({"from_account", "to_account"})
_ACCOUNTS: Final = frozenset({"account", "bound_account", "friend", *_PAYMENT_SIDES})
_ON_ANOTHER_PLATFORM: Final = "bound_account"
_IDS: Final = frozenset({"account", "group", "id"})
_WITHIN_IDS: Final = frozenset({("reports", "names"), ("notices", "kind")})
_SIGNED: Final = "balance_after"
_TELLING: Final = ("from_account", "to_account", "amount_minor", "currency")
# A payment without a number gets one from its content.
_DERIVED: Final = "payment"


def batches_of(pieces: Iterator[Piece], options: ReadOptions, path: Path) -> Iterator[Typing]:
    """Type the parts of a file one after the other."""
    zone_name = options.zone or (options.map.zone if options.map else None)
    zone = zone_of(zone_name) if zone_name is not None else None
    platform = options.platform or (options.map.platform if options.map else None)
    # Two sheets may hold the same bill: what is equal on both has one number.
    of_sheets: dict[str, Numbers] = {}
    try:
        for name, part, sheet in ahead(pieces):
            numbers = of_sheets.setdefault(sheet.exhibit, Numbers())
            batch, totals = typed(part, sheet.exhibit, platform, zone, numbers)
            yield name, batch, totals, part.stated
    except InputRefused as error:
        error.where = error.where or str(path)
        raise


def typed(
    given: Part, exhibit: str, platform: str | None, zone: str | None, numbers: Numbers
) -> tuple[Batch, tuple[Control, ...]]:
    """Type the rows of a table; a row is rejected once, for its first problem."""
    table = TABLES[given.table]
    texts = _texts(given, platform)
    columns = [column for column in table.columns if column.name in texts.columns]
    made = {column.name: _typed(column, texts, zone or given.zone) for column in columns}
    made = _kept_apart(made, texts, exhibit)
    for column in columns:
        if column.kind in _IDS or (table.name, column.name) in _WITHIN_IDS:
            made[column.name] = bounded(made[column.name], several=column.name == "names")
    names = {c.name: f"{c.name}_minor" if c.kind == "money" else c.name for c in columns}
    rows = pl.DataFrame(
        {"row": texts["row"], **{names[name]: one.value for name, one in made.items()}}
    )
    if "group" in made and "account" in made:
        rows = rows.with_columns(group=_group(pl.col("group"), pl.col("account")))
    wrongs = pl.DataFrame({name: one.wrong for name, one in made.items()})
    is_bad = wrongs.select(pl.any_horizontal(pl.all().is_not_null())).to_series()
    rejects = rejects_of(given, exhibit, columns, wrongs) if is_bad.any() else []
    good = rows.filter(~is_bad) if is_bad.any() else rows
    if table.name == "payments":
        good = _numbered(good, texts.filter(~is_bad) if is_bad.any() else texts, numbers)
    warnings = given.warnings + bent(made, columns, texts, good, is_bad)
    if given.zone is not None and zone is None and not given.zone_is_stated:
        warnings += (f"times that name no zone are taken as those of {given.zone}",)
    batch = Batch(
        table.name,
        exhibit,
        good,
        read=texts.height + len(given.rejects),
        rejects=tuple(sorted((*given.rejects, *rejects), key=lambda reject: reject.where)),
        warnings=warnings,
        derived=given.derived,
    )
    return batch, () if given.derived else controls(table, texts)


def _texts(given: Part, platform: str | None) -> pl.DataFrame:
    """Clean what is no free text, and fill in platform and currency where a row has none."""
    table = TABLES[given.table]
    free = {c.name for c in table.columns if c.kind == "text" and not c.words} | {"content", "way"}
    tidy = given.frame.with_columns(
        unguarded(series) if series.name in free else cleaned(series)
        for series in given.frame
        if series.name not in {"row", "text", "content"}
    )
    own = pl.col("platform") if "platform" in tidy.columns else pl.lit(None, dtype=pl.String)
    tidy = tidy.with_columns(
        platform=platform_name(pl.coalesce(own, pl.lit(platform or None, dtype=pl.String)))
    )
    if all(column.kind != "currency" for column in table.columns):
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
    if not column.required or column.name == _DERIVED:
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


def _numbered(good: pl.DataFrame, texts: pl.DataFrame, numbers: Numbers) -> pl.DataFrame:
    """Number the payments that have no number of their own, and those that say their content."""
    own = pl.col("payment") if "payment" in good.columns else pl.lit(None, dtype=pl.String)
    if "content" in texts.columns:
        contents = texts["content"]
    elif "payment" in good.columns and not good["payment"].null_count():
        return good
    else:
        told = (
            "from_account",
            "to_account",
            "amount_minor",
            "currency",
            pl.col("at").dt.epoch("ms"),
        )
        cells = [
            (pl.col(c) if isinstance(c, str) else c).cast(pl.String).fill_null("") for c in told
        ]
        contents = good.select(pl.concat_str(cells, separator="\x1f")).to_series()
    digests = numbers.of(contents)
    if "content" in texts.columns:
        named = pl.coalesce(own + "." + pl.lit(digests), pl.lit(digests))
    else:
        named = pl.coalesce(own, pl.lit(digests))
    return good.with_columns(payment=named)


def _kept_apart(made: Mapping[str, Typed], texts: pl.DataFrame, exhibit: str) -> dict[str, Typed]:
    """Keep apart the accounts whose number is no key: masked ones, and payees that Excel rounded.

    A masked number is a pattern, known only within its exhibit. A payment to or from a number
    whose digits are lost stays, with an account of its own that nothing else can meet; one whose
    own number is lost is numbered by its content.
    """
    done = dict(made)
    for name in _ACCOUNTS & set(made):
        one = made[name]
        if not one.wrong.null_count() < len(one.wrong) and not one.value.str.contains(MASK).any():
            continue
        number = pl.col("value").str.extract("^[^:]*:(.*)$")
        masked = is_masked(number) & ~number.str.contains("/", literal=True)
        frame = pl.DataFrame(
            {"value": one.value, "wrong": one.wrong, "text": texts[name], "row": texts["row"]}
        ).with_columns(platform=texts["platform"].fill_null("unknown"))
        apart = pl.col("value").str.replace(":", f":{exhibit}/", literal=True)
        value, wrong = pl.when(masked).then(apart).otherwise("value"), pl.col("wrong")
        noted = pl.lit(value=False)
        if name in _PAYMENT_SIDES:
            lost = (pl.col("wrong") == ROUNDED_SAYS).fill_null(value=False)
            head = pl.col("text").str.extract(r"^([A-Za-z][A-Za-z0-9_\-]*)[:：]")
            own = pl.concat_str(
                pl.coalesce(head.str.to_lowercase(), "platform"),
                pl.lit(f":{exhibit}/"),
                pl.col("text").str.replace(r"^[^:：]*[:：]", ""),
                pl.lit("@"),
                pl.col("row"),
            )
            value, wrong = pl.when(lost).then(own).otherwise(value), pl.when(~lost).then("wrong")
            noted = lost
        frame = frame.select(value=value, wrong=wrong, noted=noted)
        done[name] = Typed(frame["value"], frame["wrong"], frame["noted"])
    if _DERIVED in made:
        one = made[_DERIVED]
        rounded = (one.wrong == ROUNDED_SAYS).fill_null(value=False)
        done[_DERIVED] = Typed(one.value.set(rounded, None), one.wrong.set(rounded, None), rounded)
    return done
