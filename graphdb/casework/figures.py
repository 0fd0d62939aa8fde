"""Figures of a case: what its graph counts and adds up to, each thing once.

Joins store and bundle. Gross in, gross out and gain are three numbers and are never netted:
what flows through an account is not what its holder earns.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Final

import polars as pl

from graphdb.bundle.thresholds import Figure
from graphdb.store import Store

_LIMIT: Final = timedelta(minutes=30)
_YUAN: Final = "CNY"
# Words by which a row says that a payment is a fee.
_FEE: Final = r"(?i)手续费|佣金|好处费|返点|提成|\bfee\b|commission"
_PAYMENTS: Final = (
    "MATCH (a:Account)-[:SENT]->(p:Payment)-[:PAID_TO]->(b:Account) WHERE p.currency = 'CNY' "
    "RETURN p.id AS id, a.id AS payer, b.id AS payee, p.amount_minor AS minor, p.at AS at, "
    "p.memo AS memo, p.evidence AS evidence"
)
_HELD: Final = (
    "MATCH (p:Person)-[h:HOLDS]->(a:Account) "
    "RETURN p.id AS person, a.id AS account, h.evidence AS evidence"
)
_CONTROLLED: Final = (
    "MATCH (p:Person)-[:CONTROLS]->(a:Account) RETURN DISTINCT p.id AS other, a.id AS account"
)
_SALES: Final = (
    "MATCH (s:Seller)-[:SOLD]->(x:Sale)-[:OF]->(a:Account) RETURN s.id AS seller, x.id AS id, "
    "a.id AS account, x.price_minor AS minor, x.currency AS currency, x.at AS at, "
    "x.evidence AS evidence"
)
_REPORTS: Final = (
    "MATCH (r:Report) WHERE r.loss_minor IS NOT NULL AND r.currency = 'CNY' "
    "OPTIONAL MATCH (p:Person)-[:FILED]->(r) "
    "RETURN r.id AS id, p.id AS person, r.loss_minor AS minor, r.at AS at, r.evidence AS evidence"
)
_MESSAGES: Final = "MATCH (m:Message) RETURN m.id AS id, m.at AS at, m.evidence AS evidence"
_CALLS: Final = (
    "MATCH (a:Phone)-[c:CALLED]->(b:Phone) RETURN a.id AS caller, b.id AS callee, c.at AS at, "
    "c.evidence AS evidence"
)
_KINDS: Final[dict[str, pl.DataType | type[pl.DataType]]] = {
    "minor": pl.Int64,
    "evidence": pl.List(pl.String),
}


def figures_of(store: Store) -> tuple[Figure, ...]:
    """Count and add up what thresholds are compared with; amounts in yuan alone."""
    payments = _read(store, _PAYMENTS, "id payer payee minor at memo evidence")
    sales = _read(store, _SALES, "seller id account minor currency at evidence")
    held = _read(store, _HELD, "person account evidence")
    others = _read(store, _CONTROLLED, "other account")
    return (*_of_all(store), *_of_persons(held, others, sales, payments),
            *_of_sellers(sales, payments))  # fmt: skip


def _read(store: Store, text: str, names: str) -> pl.DataFrame:
    schema = {name: _KINDS.get(name, pl.String) for name in names.split()}
    rows = store.read(text, limit=_LIMIT).rows
    return pl.DataFrame(rows, schema=schema, orient="row").sort(pl.exclude("evidence"))


def _of_all(store: Store) -> Iterator[Figure]:
    reports = _read(store, _REPORTS, "id person minor at evidence")
    distinct = reports.unique("id", keep="first", maintain_order=True)
    if distinct.height:
        # Two reports of one person over one sum may be one loss told twice: listed, not dropped.
        twice = distinct.filter(
            pl.col("person").is_not_null() & pl.struct("person", "minor").is_duplicated()
        )
        yield _figure("", "loss", distinct, _sum(distinct), distinct.height, twice["id"])
    for measure, text, names in (
        ("messages", _MESSAGES, "id at evidence"),
        ("calls", _CALLS, "caller callee at evidence"),
    ):
        events = _read(store, text, names)
        if events.height:
            rows = int(events["evidence"].list.len().sum())
            yield _figure("", measure, events, events.height, rows)


def _of_persons(
    held: pl.DataFrame, others: pl.DataFrame, sales: pl.DataFrame, payments: pl.DataFrame
) -> Iterator[Figure]:
    for (person,), rows in held.group_by("person", maintain_order=True):
        accounts = rows["account"].unique().sort()
        told = rows.filter(pl.col("account").is_duplicated())["account"].unique().sort()
        paid_in = _into(payments, accounts)
        paid_out = payments.filter(
            pl.col("payer").is_in(accounts.implode()) & ~pl.col("payee").is_in(accounts.implode())
        )
        name = str(person)
        spans = pl.concat([paid_in, paid_out])
        yield _figure(name, "accounts_held", spans, len(accounts), rows.height, told,
                      rows["evidence"])  # fmt: skip
        yield _figure(name, "inflow", paid_in, _sum(paid_in), paid_in.height)
        yield _figure(name, "outflow", paid_out, _sum(paid_out), paid_out.height)
        fees = paid_in.filter(pl.col("memo").str.contains(_FEE))
        if fees.height:
            yield _figure(name, "gain", fees, _sum(fees), fees.height)
        used = others.filter(pl.col("other") != name)["account"]
        given = accounts.filter(
            accounts.is_in(sales["account"].implode()) | accounts.is_in(used.implode())
        )
        into = _into(payments, given)
        if len(given):
            for count, inflow in (
                ("own_accounts_given", "own_given_inflow"),
                ("accounts_given", "given_inflow"),
            ):
                yield _figure(name, count, into, len(given), len(given), (), rows["evidence"])
                yield _figure(name, inflow, into, _sum(into), into.height)


def _of_sellers(sales: pl.DataFrame, payments: pl.DataFrame) -> Iterator[Figure]:
    for (seller,), rows in sales.group_by("seller", maintain_order=True):
        first = rows.group_by("account").agg(sold_at=pl.col("at").min()).sort("account")
        again = rows.filter(pl.col("account").is_duplicated())["account"].unique().sort()
        # What an account was paid before it was sold is none of the buyer's business.
        into = _into(payments, first["account"]).join(
            first, left_on="payee", right_on="account", maintain_order="left"
        )
        into = into.filter(pl.col("at") >= pl.col("sold_at"))
        name = str(seller)
        for count, inflow in (
            ("accounts_sold", "sold_inflow"),
            ("accounts_given", "given_inflow"),
        ):
            yield _figure(name, count, rows, first.height, rows.height, again)
            yield _figure(name, inflow, into, _sum(into), into.height)
        prices = rows.filter((pl.col("currency") == _YUAN) & pl.col("minor").is_not_null())
        if prices.height:
            yield _figure(name, "gain", prices, _sum(prices), prices.height)


def _into(payments: pl.DataFrame, accounts: pl.Series) -> pl.DataFrame:
    """Give what others paid into accounts; money moved among them came in only once."""
    own = accounts.implode()
    return payments.filter(pl.col("payee").is_in(own) & ~pl.col("payer").is_in(own))


def _sum(rows: pl.DataFrame) -> int:
    return int(rows["minor"].sum())


def _figure(
    of: str,
    measure: str,
    acts: pl.DataFrame,
    value: int,
    rows: int,
    duplicates: Iterable[str] | pl.Series = (),
    evidence: pl.Series | None = None,
) -> Figure:
    behind = acts["evidence"] if evidence is None else evidence
    places = behind.explode(empty_as_null=False).drop_nulls().unique(maintain_order=True)
    days = sorted(_days(acts["at"].drop_nulls().to_list()))
    return Figure(
        of,
        measure,
        value,
        rows,
        tuple(duplicates),
        days[0] if days else None,
        days[-1] if days else None,
        tuple(places),
    )


def _days(times: Sequence[str]) -> Iterator[date]:
    """Give the first and last day in China, where the law and its days are."""
    for at in {min(times), max(times)} if times else ():
        yield (datetime.fromisoformat(at) + timedelta(hours=8)).date()
