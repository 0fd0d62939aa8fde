"""The projection: the payments of a case's graph as columns, kept beside it.

Read from the graph once, whatever the engine, with the balances that the statements wrote behind
their rows. The file bears the head of the case log that it was made from and the digest of its own
bytes: after any load or decision the head is another, and a file that was torn or altered is not
read but made anew.
"""

from collections.abc import Iterator
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Final

import polars as pl

from graphdb.evidence.docket import Docket
from graphdb.model import Cell
from graphdb.store import Store, shares_of
from graphdb.trace import COLUMNS

_FOLDER: Final = "projection"
_SENT: Final = "MATCH (a:Account)-[:SENT]->(p:Payment) RETURN a.id AS payer, count(p) AS n"
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
# The embedded engine takes 1.5 kilobytes for a row of an answer while it lasts, so it is asked
# payer by payer, for a page of payments: each is found by its key, and nothing is passed over.
_BALANCES: Final = ("payer_balance", "payee_balance")


def payments_of(
    store: Store, docket: Docket, folder: Path, head: str, *, keep: bool
) -> pl.DataFrame:
    """Give the payments with the columns of ``COLUMNS``.

    ``head`` is the head of the case log from before the graph was opened. ``keep`` says whether
    the projection may be kept: not while rows are received and not yet all loaded.
    """
    stem = folder / _FOLDER / f"payments-{head[:32]}"
    if (kept := _kept(stem)) is not None:
        return kept
    bare = payments_in(store)
    payments = bare.drop(_BALANCES).join(
        _balances(bare, docket), on="payment", how="left", maintain_order="left"
    )
    if keep:
        _keep(payments, stem)
    return payments


def payments_in(store: Store) -> pl.DataFrame:
    """Read the payments of any graph with the columns of ``COLUMNS``; no balance is known."""
    own = {name: COLUMNS[name] for name in ("payment", "payer", "payee", *_OWN)}
    parts = (
        part
        for payers in _payers(store)
        for part in store.columns(_PAYMENTS, own, {"payers": payers})
    )
    payments = pl.concat([pl.DataFrame(schema=own), *parts])
    lacking = (pl.lit(None, dtype=COLUMNS[name]).alias(name) for name in _BALANCES)
    return payments.with_columns(*lacking).select([*COLUMNS]).sort("payment")


def _payers(store: Store) -> Iterator[list[Cell]]:
    """Part those who paid by the payments that are read at once."""
    told = {"payer": pl.String, "n": pl.Int64}
    sent = pl.concat([pl.DataFrame(schema=told), *store.columns(_SENT, told)]).sort("payer")
    return shares_of(sent.iter_rows())


def _kept(stem: Path) -> pl.DataFrame | None:
    """Read the file of this head, if it is whole."""
    for path in sorted(stem.parent.glob(f"{stem.name}-*.parquet")):
        try:
            written = path.read_bytes()
            if sha256(written).hexdigest()[:32] == path.stem.rpartition("-")[2]:
                return pl.read_parquet(BytesIO(written))
        except (OSError, pl.exceptions.PolarsError):
            continue
    return None


def _keep(payments: pl.DataFrame, stem: Path) -> None:
    """Keep the payments; a case that cannot be written to is read again each time."""
    buffer = BytesIO()
    payments.write_parquet(buffer)
    written = buffer.getvalue()
    path = stem.with_name(f"{stem.name}-{sha256(written).hexdigest()[:32]}.parquet")
    try:
        path.parent.mkdir(exist_ok=True)
        part = path.with_suffix(".part")
        part.write_bytes(written)
        part.replace(path)
        for old in path.parent.iterdir():
            if old != path:
                old.unlink()
    except OSError:
        return


def _balances(payments: pl.DataFrame, docket: Docket) -> pl.DataFrame:
    """Give the balance of payer and payee after a payment, where a statement of theirs says it.

    A row belongs to the side that its way names; where it names none, to the one account that
    stands in every row of its exhibit.
    """
    columns = ("exhibit", "row", "way", "from_account", "to_account", "balance_after_minor")
    rows = docket.kept("payments", columns).with_columns(
        pl.col("balance_after_minor").cast(pl.Int64)
    )
    rows = rows.filter(pl.col("balance_after_minor").is_not_null().any().over("exhibit"))
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
