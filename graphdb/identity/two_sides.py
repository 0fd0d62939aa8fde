"""One payment seen from two sides becomes one: the payer's paper, the payee's, the platform's.

The rule. Two rows of different exhibits (or sheets) tell one payment when the amount and currency
are equal, and on each side the accounts can be one: equal numbers, a mask that fits, or one of them
only a name. Points tell how much speaks for it: an equal number or a fitting mask 2, an equal name
1. With 3 points the times may lie 10 minutes apart, with 2 points 2 minutes. An equal number
of the payment itself needs no points, and the times may lie a day apart. Each row must fit
exactly one row of the other exhibit; what fits several stays apart and is listed.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

import polars as pl

from graphdb.identity.normal import account_id
from graphdb.identity.sameness import Pair, groups_of

MINUTES: Final = 60_000
NEAR: Final = 2 * MINUTES
WIDE: Final = 10 * MINUTES
DAY: Final = 24 * 60 * MINUTES
_DIGEST: Final = r"^(.+)\.[0-9a-f]{16}(?:\..*)?$"
# As a report names a payment among other things.
NAMED_PAYMENT: Final = r"payment:[^;；,，\s]+"
_MASK: Final = r"[*•＊]+"
_FEWEST: Final = 4  # digits that a mask must show before it speaks for anything
COLUMNS: Final = (
    "exhibit", "row", "payment", "from_account", "to_account", "amount_minor", "currency", "at",
    "from_name", "to_name", "reference",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Matching:
    """What was matched, and what fits several.

    ``joined`` has a row for each payment number that was joined: ``payment``, ``into``,
    ``from_account``, ``to_account``, ``why``. ``doubtful`` are pairs of numbers of which
    one fits several: ``one``, ``two``, ``why``.
    """

    joined: pl.DataFrame
    doubtful: pl.DataFrame


_JOINED: Final = ("payment", "into", "from_account", "to_account", "why")
_DOUBTFUL: Final = ("one", "two", "why")
_PAIR: Final = ("one", "two")
_BY_HAND: Final = "confirmed by hand"


def nothing_matched() -> Matching:
    """Give the matching of papers that tell no payment twice."""
    return Matching(
        pl.DataFrame(schema=dict.fromkeys(_JOINED, pl.String)),
        pl.DataFrame(schema=dict.fromkeys(_DOUBTFUL, pl.String)),
    )


def match_payments(
    rows: pl.DataFrame, confirmed: Collection[Pair] = (), rejected: Collection[Pair] = ()
) -> Matching:
    """Match payments that papers of several sides tell; ``rows`` has ``COLUMNS``.

    ``confirmed`` and ``rejected`` are decisions about pairs of payments (``payment:<number>``).
    """
    if rows["exhibit"].n_unique() < 2 and not confirmed:
        return nothing_matched()
    rows = _sided(rows).with_row_index("i")
    by_hand = _both_ways(confirmed)
    pairs = _candidates(rows).join(_both_ways(rejected), on=_PAIR, how="anti")
    # Who says that two rows are one, says that no other row of that paper is.
    pairs = pairs.join(by_hand.with_columns(by_hand=True), on=_PAIR, how="left")
    pairs = pairs.with_columns(strong=pl.col("strong") | pl.col("by_hand").fill_null(value=False))
    sure, doubtful = _unique(pairs.sort("i", "i_two"))
    told = dict.fromkeys(_numbers(confirmed), _BY_HAND)
    known = set(by_hand.rows())
    for one, two, why in sure.select(*_PAIR, "why").iter_rows():
        if (one, two) not in known:
            told[one, two] = why
    told, parted = _parted(told, rejected)
    doubtful = pl.concat([doubtful.select(_DOUBTFUL), parted])
    return Matching(_joined(rows, told), _listed(doubtful, known))


def named_payments(
    rows: pl.DataFrame, matching: Matching, named: Collection[str]
) -> dict[str, str]:
    """Find the payments that others name (``payment:<number>``), by the ids of the graph.

    A report names the number that the bank wrote, which is often only a part of ours. A number
    that several payments have names none of them.
    """
    numbers = [id_.partition(":")[2] for id_ in named]
    said = rows.select("payment", base=paper_number(pl.col("payment"))).filter(
        pl.col("payment").is_in(numbers) | pl.col("base").is_in(numbers)
    )
    said = said.join(matching.joined.select("payment", "into"), on="payment", how="left")
    whole = said.select("payment", "base", ours=pl.coalesce("into", "payment")).unique()
    found: dict[str, str] = {}
    for column in ("base", "payment"):  # a whole number tells more than a part
        one = whole.group_by(column).agg(pl.col("ours").unique())
        for number, ours in one.iter_rows():
            if number in numbers and len(ours) == 1:
                found[f"payment:{number}"] = f"payment:{ours[0]}"
    return dict(sorted(found.items()))


def paper_number(payment: pl.Expr) -> pl.Expr:
    """Give a payment's number as its paper wrote it, without the digest that parts equal ones.

    >>> pl.select(paper_number(pl.lit("L77.0123456789abcdef.2"))).item()
    'L77'
    """
    return pl.coalesce(payment.str.extract(_DIGEST, 1), payment)


def _sided(rows: pl.DataFrame) -> pl.DataFrame:
    """Part each account into a key or what a paper writes: a mask or a name."""
    made = []
    for side in ("from", "to"):
        account = account_id(pl.col(f"{side}_account"))
        written = account.str.extract(r"^[^/]*/(?s:(.*))$")
        is_mask = written.str.contains(_MASK)
        made += [
            account.alias(f"{side}_account"),
            pl.when(written.is_null()).then(account).alias(f"{side}_key"),
            pl.when(is_mask).then(written.str.extract(r"^([^*•＊]*)", 1)).alias(f"{side}_head"),
            pl.when(is_mask).then(written.str.extract(r"([^*•＊]*)$", 1)).alias(f"{side}_tail"),
            pl.coalesce(f"{side}_name", pl.when(~is_mask & (written != "?")).then(written)).alias(
                f"{side}_name"
            ),
        ]
    return rows.with_columns(
        *made, base=paper_number(pl.col("payment")), at=pl.col("at").dt.epoch("ms")
    )


def _candidates(rows: pl.DataFrame) -> pl.DataFrame:
    """Give the pairs that the rule allows, with their points; the cost is that of near equals."""
    keys = ["currency", "amount_minor"]
    shared = rows.group_by(keys).agg(pl.col("exhibit").n_unique()).filter(pl.col("exhibit") > 1)
    rows = rows.join(shared.select(keys), on=keys)
    bucket = pl.col("at") // WIDE
    here = rows.with_columns(bucket=bucket)
    there = rows.with_columns(
        bucket=pl.concat_list(bucket - 1, bucket, bucket + 1)
    ).explode("bucket")  # fmt: skip
    near = here.join(there, on=[*keys, "bucket"], suffix="_two")
    near = _other_paper(near).filter((pl.col("at") - pl.col("at_two")).abs() <= WIDE)
    numbered = _other_paper(
        rows.filter(pl.col("base").is_not_null()).join(rows, on=[*keys, "base"], suffix="_two")
    ).filter((pl.col("at") - pl.col("at_two")).abs() <= DAY)
    numbered = numbered.with_columns(bucket=pl.lit(None, dtype=pl.Int64), base_two="base")
    near = near.select(numbered.columns)
    found = pl.concat([near, numbered]).unique(["i", "i_two"], keep="first", maintain_order=True)
    sides = [_points(side) for side in ("from", "to")]
    found = found.with_columns(from_points=sides[0], to_points=sides[1])
    gap = (pl.col("at") - pl.col("at_two")).abs()
    points = pl.col("from_points") + pl.col("to_points")
    same_number = pl.col("base") == pl.col("base_two")
    fits = same_number | ((points >= 3) & (gap <= WIDE)) | ((points >= 2) & (gap <= NEAR))
    why = (
        pl.when(same_number)
        .then(pl.lit("equal number, amount and currency"))
        .otherwise(
            pl.format("equal amount, {} s apart, {} points for the accounts", gap // 1000, points)
        )
    )
    places = [pl.format("{}:{}", f"exhibit{n}", f"row{n}") for n in ("", "_two")]
    why = pl.format("{} and {}: {}", *places, why)
    possible = pl.col("from_points").is_not_null() & pl.col("to_points").is_not_null()
    return found.filter(fits & possible).select(
        "i", "i_two", "exhibit", "exhibit_two", one="payment", two="payment_two",
        strong=same_number.fill_null(value=False), why=why,
    )  # fmt: skip


def _other_paper(pairs: pl.DataFrame) -> pl.DataFrame:
    apart = (pl.col("exhibit") != pl.col("exhibit_two")) & (pl.col("i") < pl.col("i_two"))
    return pairs.filter(apart)


def _points(side: str) -> pl.Expr:
    """Tell how much speaks for one account on a side; null where it cannot be one."""
    key, other = pl.col(f"{side}_key"), pl.col(f"{side}_key_two")
    name, named = pl.col(f"{side}_name"), pl.col(f"{side}_name_two")
    by_name = (name == named).fill_null(value=False).cast(pl.Int32)
    masked = pl.coalesce(_mask(side, "", "_two"), _mask(side, "_two", ""))
    # Banks write real names, so two different ones are two people; a chat's names are anything.
    banks = [pl.col(f"{side}_account{n}").str.starts_with("bank:") for n in ("", "_two")]
    differ = pl.all_horizontal(*banks, name != named, ~_hides(name), ~_hides(named))
    return (
        pl.when(key.is_not_null() & other.is_not_null())
        .then(pl.when(key == other).then(2))
        .when(masked.is_not_null())
        .then(pl.when(masked > 0).then(2 + by_name))
        .when(differ.fill_null(value=False))
        .then(None)
        .otherwise(by_name)
    )


def _hides(name: pl.Expr) -> pl.Expr:
    return name.str.contains(_MASK)


def _mask(side: str, one: str, two: str) -> pl.Expr:
    """Tell whether the mask of one row fits the number of the other: 1, 0, or null for no mask."""
    head, tail = pl.col(f"{side}_head{one}"), pl.col(f"{side}_tail{one}")
    number = pl.col(f"{side}_key{two}").str.splitn(":", 2).struct.field("field_1")
    shows = head.str.len_chars() + tail.str.len_chars() >= _FEWEST
    fits = number.str.starts_with(head) & number.str.ends_with(tail)
    return pl.when(head.is_not_null() & number.is_not_null() & shows).then(fits.cast(pl.Int32))


def _numbers(pairs: Collection[Pair]) -> list[Pair]:
    """Give the numbers of payments for their ids."""
    return [(one.partition(":")[2], two.partition(":")[2]) for one, two in pairs]


def _both_ways(pairs: Collection[Pair]) -> pl.DataFrame:
    said = _numbers(pairs)
    both = said + [(two, one) for one, two in said]
    return pl.DataFrame(both, schema=dict.fromkeys(_PAIR, pl.String), orient="row")


def _parted(
    told: dict[Pair, str], rejected: Collection[Pair]
) -> tuple[dict[Pair, str], pl.DataFrame]:
    """Keep two that an officer said are two out of one group, also where a third fits both.

    What fits one of them then fits several: it stays apart and is listed, until he confirms one.
    """
    group = groups_of(told)
    apart = [pair for pair in _numbers(rejected) if group.get(pair[0], "") == group.get(pair[1])]
    ends = {number for pair in apart for number in pair}
    gone = {pair for pair, why in told.items() if why != _BY_HAND and ends & set(pair)}
    kept = {pair: why for pair, why in told.items() if pair not in gone}
    rows = [(*pair, told[pair]) for pair in gone]
    return kept, pl.DataFrame(rows, schema=dict.fromkeys(_DOUBTFUL, pl.String), orient="row")


def _unique(pairs: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Part the pairs into those that fit nothing else in the other paper, and the rest."""
    # Where numbers are equal, likeness of amounts and times says nothing more.
    for i, exhibit in (("i", "exhibit_two"), ("i_two", "exhibit")):
        strong = pl.col("strong").any().over(i, exhibit)
        pairs = pairs.filter(pl.col("strong") | ~strong)
    alone = (pl.len().over("i", "exhibit_two") == 1) & (pl.len().over("i_two", "exhibit") == 1)
    marked = pairs.with_columns(alone=alone)
    return marked.filter("alone"), marked.filter(~pl.col("alone"))


def _joined(rows: pl.DataFrame, told: dict[Pair, str]) -> pl.DataFrame:
    """Put each group under its first payment, with the accounts that are keys."""
    into = groups_of(told)
    again = rows.filter(pl.col("payment").is_duplicated())["payment"].unique()
    for number in again:
        into.setdefault(number, number)
    if not into:
        return nothing_matched().joined
    why: dict[str, str] = {}
    for (one, _), reason in told.items():
        why[into[one]] = reason
    members = pl.DataFrame(
        {"payment": list(into), "group": list(into.values())}, schema_overrides={"group": pl.String}
    )
    whole = rows.join(members, on="payment", maintain_order="left")
    order = pl.col("i")
    # Two rows of one paper in a group: something else than two sides, so they stay apart.
    twice = whole.group_by("group").agg(
        n=pl.struct("exhibit", "payment").n_unique(), m=pl.col("exhibit").n_unique()
    )
    by_hand = [into[one] for (one, _), reason in told.items() if reason == _BY_HAND]
    bad = twice.filter((pl.col("n") > pl.col("m")) & ~pl.col("group").is_in(by_hand))
    whole = whole.join(bad.select("group"), on="group", how="anti", maintain_order="left")

    def best(side: str) -> pl.Expr:
        return pl.coalesce(
            pl.col(f"{side}_key").sort_by(order).drop_nulls().first(),
            pl.col(f"{side}_account").sort_by(order).first(),
        )

    groups = whole.group_by("group").agg(
        into=pl.col("payment").sort_by(order).first(), from_account=best("from"),
        to_account=best("to"),
    )  # fmt: skip
    reasons = pl.DataFrame(
        {"group": list(why), "why": list(why.values())},
        schema={"group": pl.String, "why": pl.String},
    )
    return (
        whole.select("payment", "group", "i").sort("i").unique("payment", maintain_order=True)
        .join(groups, on="group", maintain_order="left")
        .join(reasons, on="group", how="left", maintain_order="left")
        .with_columns(pl.col("why").fill_null("equal number, amount and currency"))
        .select(_JOINED)
    )  # fmt: skip


def _listed(doubtful: pl.DataFrame, confirmed: Collection[Pair]) -> pl.DataFrame:
    left = doubtful.select(_DOUBTFUL).unique(_PAIR, keep="first", maintain_order=True)
    done = pl.DataFrame([*confirmed], schema=dict.fromkeys(_PAIR, pl.String), orient="row")
    return left.join(done, on=_PAIR, how="anti").sort(_DOUBTFUL)
