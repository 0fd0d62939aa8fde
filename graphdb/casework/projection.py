"""The projection: the payments of a case's graph as columns, kept beside it.

Read from the graph once, whatever the engine, with the balances that the statements wrote behind
their rows. The file bears the head of the case log that it was made from and the digest of its own
bytes: after any load or decision the head is another, and a file that was torn or altered is not
read but made anew.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import polars as pl

from graphdb.evidence.custody import sha256_of
from graphdb.evidence.docket import Docket
from graphdb.model import Cell
from graphdb.store import Store, shares_of
from graphdb.trace import COLUMNS, in_order

_FOLDER: Final = "projection"
# The embedded engine takes half a kilobyte or more for a row of an answer while it lasts. So who
# paid is asked as two lists, and the payments payer by payer, for some at once: each is found by
# its key, and nothing is passed over.
_AT_ONCE: Final = 50_000
_SENT: Final = (
    "MATCH (a:Account) WHERE COUNT { (a)-[:SENT]->() } > 0 "
    "WITH a.id AS payer, COUNT { (a)-[:SENT]->() } AS n "
    "RETURN collect(payer) AS payers, collect(n) AS counts"
)
_OWN: Final = tuple(
    name
    for name in COLUMNS
    if name not in {"payment", "payer", "payee", "payer_balance", "payee_balance"}
)
_PAYMENTS: Final = (
    "UNWIND $payers AS payer "
    "MATCH (a:Account {id: payer})-[:SENT]->(p:Payment)-[:PAID_TO]->(b:Account) "
    "RETURN p.id AS payment, a.id AS payer, b.id AS payee, "
) + ", ".join(f"p.{name} AS {name}" for name in _OWN)
_BALANCES: Final = ("payer_balance", "payee_balance")


def payments_of(
    store: Store, docket: Docket, folder: Path, head: str, *, keep: bool
) -> pl.DataFrame:
    """Give the payments with the columns of ``COLUMNS``, in their order.

    ``head`` is the head of the case log from before the graph was opened. ``keep`` says whether
    the projection may be kept: not while rows are received and not yet all loaded.
    """
    stem = folder / _FOLDER / f"in-order-{head[:32]}"
    if (kept := _kept(stem)) is not None:
        return kept
    payments = payments_in(store)
    if len(stated := _stated(docket)):
        told = payments.select("payment").join(
            _balances(payments, stated), on="payment", how="left", maintain_order="left"
        )
        payments = payments.with_columns(told.select(_BALANCES))
    if keep:
        _keep(payments, stem)
    return payments


def payments_in(store: Store) -> pl.DataFrame:
    """Read the payments of any graph with the columns of ``COLUMNS``, in order; balances lack."""
    own = {name: COLUMNS[name] for name in ("payment", "payer", "payee", *_OWN)}
    parts = (
        part
        for payers in _payers(store)
        for part in store.columns(_PAYMENTS, own, {"payers": payers})
    )
    lacking = (pl.lit(None, dtype=COLUMNS[name]).alias(name) for name in _BALANCES)
    return in_order(pl.concat([pl.DataFrame(schema=own), *parts]).with_columns(*lacking))


def _payers(store: Store) -> Iterator[list[Cell]]:
    """Part those who paid by the payments that are read at once."""
    told = {"payers": pl.List(pl.String), "counts": pl.List(pl.Int64)}
    for sent in store.columns(_SENT, told):
        yield from shares_of(sent.explode("payers", "counts").drop_nulls().iter_rows(), _AT_ONCE)


def _kept(stem: Path) -> pl.DataFrame | None:
    """Read the file of this head, if it is whole."""
    for path in sorted(stem.parent.glob(f"{stem.name}-*.parquet")):
        try:
            if sha256_of(path)[:32] == path.stem.rpartition("-")[2]:
                return pl.read_parquet(path)
        except (OSError, pl.exceptions.PolarsError):
            continue
    return None


def _keep(payments: pl.DataFrame, stem: Path) -> None:
    """Keep the payments; a case that cannot be written to is read again each time."""
    part = stem.with_suffix(".part")
    try:
        part.parent.mkdir(exist_ok=True)
        payments.write_parquet(part)
        path = stem.with_name(f"{stem.name}-{sha256_of(part)[:32]}.parquet")
        part.replace(path)
        for old in path.parent.iterdir():
            if old != path:
                old.unlink()
    except (OSError, pl.exceptions.PolarsError):
        return


def _balances(payments: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Give the balance of payer and payee after a payment, where a statement of theirs says it.

    A row belongs to the side that its way names; where it names none, to the one account that
    stands in every row of its exhibit.
    """
    owners = pl.DataFrame(
        [(exhibit, _owner(part)) for (exhibit,), part in rows.group_by("exhibit")],
        schema={"exhibit": pl.String, "owner": pl.String},
        orient="row",
    )
    owner = pl.col("owner")
    told = (
        rows.join(owners, on="exhibit")
        .with_columns(
            place=pl.col("exhibit") + ":" + pl.col("row").cast(pl.String),
            way=pl.coalesce(
                "way",
                pl.when(pl.col("from_account") == owner).then(pl.lit("out")),
                pl.when(pl.col("to_account") == owner).then(pl.lit("in")),
            ),
        )
        .filter(pl.col("balance_after_minor").is_not_null() & pl.col("way").is_not_null())
    )
    places = payments.select("payment", place="evidence").explode("place")
    told = places.join(told.select("place", "way", "balance_after_minor"), on="place")
    balance, way = pl.col("balance_after_minor"), pl.col("way")
    return told.group_by("payment").agg(
        payer_balance=balance.filter(way == "out").first(),
        payee_balance=balance.filter(way == "in").first(),
    )


def _stated(docket: Docket) -> pl.DataFrame:
    """Read the rows of those exhibits that say a balance; most say none, and are not held."""
    balance = "balance_after_minor"
    texts = dict.fromkeys(("way", "from_account", "to_account"), pl.String)
    kinds = {"exhibit": pl.String, "row": pl.Int64, **texts, balance: pl.Int64}
    told: set[str] = set()
    for part in docket.kept_parts("payments", ("exhibit", balance)):
        if balance in part.columns:
            told.update(part.filter(pl.col(balance).is_not_null())["exhibit"].unique())
    parts = docket.kept_parts("payments", tuple(kinds)) if told else ()
    rows = (part.filter(pl.col("exhibit").is_in(told)) for part in parts)
    return pl.concat([pl.DataFrame(schema=kinds), *rows], how="diagonal")


def _owner(rows: pl.DataFrame) -> str | None:
    """Tell whose statement an exhibit is: the one account that is a side of all its rows."""
    first = rows.row(0, named=True)
    sides = {first["from_account"], first["to_account"]}
    common = [
        side
        for side in sorted(sides)
        if rows.select(
            ((pl.col("from_account") == side) | (pl.col("to_account") == side)).all()
        ).item()
    ]
    return common[0] if len(common) == 1 else None
