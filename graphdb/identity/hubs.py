"""Hubs: what strangers share, told by known names and by degree, the same in any order of rows.

The rules stand in ``hubs.toml``; each hub says by which of them it is one.
"""

import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Final

import polars as pl

from graphdb.errors import InputRefused, quoted
from graphdb.identity.joins import Joins
from graphdb.identity.normal import account_id, device_id, ip_id
from graphdb.model import HUBS, Batch

# The columns of each canonical table that tell of hubs.
HUB_COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "payments": ("payment", "from_account", "to_account", "kind", "from_name", "to_name"),
    "accounts": ("account", "holder_name"),
    "logins": ("account", "device", "ip"),
    "members": ("account", "group"),
    "reports": ("names",),
    "sales": ("account",),
}
_SCHEMA: Final = {"label": pl.String, "id": pl.String, "hub": pl.String, "hub_rule": pl.String}
# Every payment names two of far fewer accounts: each is written once and told by its number.
_NAMED: Final = pl.Categorical()
_CASH: Final = pl.col("kind") == "cash"
_PAYMENT: Final = {"number": pl.UInt64, "check": pl.UInt64} | dict.fromkeys(
    ("kind", "payer", "payee"), _NAMED
)
_SHOPPING: Final = pl.col("kind").is_in(["purchase", "refund"])


@dataclass(frozen=True, slots=True)
class Known:
    """Names and ids of hubs of one kind."""

    hub: str
    parts: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HubRules:
    """What counts as a hub: degrees, known names and ids, and what is never one."""

    degree: Mapping[str, float]
    known: tuple[Known, ...]
    never: frozenset[str] = field(default_factory=frozenset)

    @staticmethod
    @cache
    def standard() -> "HubRules":
        """Give the rules that come with Linkwright."""
        return _read(Path(__file__).with_name("hubs.toml"), HubRules({}, ()))

    def with_table(self, path: Path) -> "HubRules":
        """Add the rules of a case's own table, where there is one.

        Raises:
            InputRefused: the table cannot be read, or holds something unknown.
        """
        return _read(path, self) if path.exists() else self


def _read(path: Path, base: HubRules) -> HubRules:
    try:
        about = tomllib.loads(path.read_text(encoding="utf-8"))
        known = tuple(
            Known(one.pop("hub"), **{name: tuple(texts) for name, texts in one.items()})
            for one in about.get("known", [])
        )
    except (tomllib.TOMLDecodeError, TypeError, KeyError) as error:
        raise InputRefused(f"the table of hubs cannot be read: {error}", where=str(path)) from error
    unknown = [*(set(about) - {"never", "degree", "known"})]
    unknown += [name for name in about.get("degree", {}) if base.degree and name not in base.degree]
    unknown += [one.hub for one in known if one.hub not in HUBS]
    if unknown:
        raise InputRefused(
            f"the table of hubs does not know {quoted(unknown[0])}",
            where=str(path),
            fix=f"kinds of hubs: {', '.join(HUBS)}; degrees: {', '.join(base.degree)}",
        )
    return replace(
        base,
        degree={**base.degree, **about.get("degree", {})},
        known=(*base.known, *known),
        never=base.never | set(about.get("never", [])),
    )


def hub_rows(batches: list[Batch]) -> dict[str, list[pl.DataFrame]]:
    """Cut batches down to the columns that tell of hubs, by table."""
    tables: dict[str, list[pl.DataFrame]] = {}
    for batch in batches:
        if batch.table in HUB_COLUMNS:
            there = [name for name in HUB_COLUMNS[batch.table] if name in batch.frame.columns]
            tables.setdefault(batch.table, []).append(batch.frame.select(there))
    return tables


def hubs_of(
    tables: Mapping[str, Iterable[pl.DataFrame]], joins: Joins, rules: HubRules | None = None
) -> pl.DataFrame:
    """Classify every hub among the rows of a case: ``label``, ``id``, ``hub``, ``hub_rule``.

    The tables come in parts, each of which is read once, so a case may be larger than memory.
    Known names go before degrees; of several rules the first stands.
    """
    rules = rules or HubRules.standard()
    rows = _Rows(tables, joins, {id_ for one in rules.known for id_ in one.ids})
    followed = rows.followed()
    found = [*_known(rows, rules.known, followed), *_by_degree(rows, rules.degree, followed)]
    hubs = pl.concat([pl.DataFrame(schema=_SCHEMA), *(one.select([*_SCHEMA]) for one in found)])
    hubs = hubs.filter(~pl.col("id").is_in(sorted(rules.never)))
    return hubs.unique(["label", "id"], keep="first", maintain_order=True).sort("label", "id")


class _Rows:
    """The rows of the tables with their ids in normal form and joined."""

    def __init__(
        self, tables: Mapping[str, Iterable[pl.DataFrame]], joins: Joins, known: Collection[str]
    ) -> None:
        self._tables, self._joins, self._known = tables, joins, sorted(known)

    def parts(self, table: str) -> Iterator[pl.DataFrame]:
        """Give the parts of a table with all its columns; each is read once."""
        names = HUB_COLUMNS[table]
        for part in self._tables.get(table, ()):
            lacking = [pl.lit(None, dtype=pl.String).alias(n) for n in names if n not in part]
            frame = part.with_columns(lacking).select(names)
            yield self._joins.batch(Batch(table, "", frame, frame.height)).frame

    def of(self, table: str) -> pl.DataFrame:
        """Give a table whole."""
        empty = pl.DataFrame(schema=dict.fromkeys(HUB_COLUMNS[table], pl.String))
        return pl.concat([empty, *self.parts(table)])

    def id(self, column: str, kind: Any = account_id) -> pl.Expr:
        same = dict(self._joins.same)
        made: pl.Expr = kind(pl.col(column))
        return made.replace(same) if same else made

    @cached_property
    def _told(self) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Payments with their accounts in normal form, and the accounts that are told by name.

        Most accounts of payments bear no name and no known id: what is not asked for is not kept.
        """
        payments = [pl.DataFrame(schema=_PAYMENT)]
        names = [pl.DataFrame(schema={"id": pl.String, "name": pl.String})]
        for part in self.parts("payments"):
            told = part.with_columns(payer=self.id("from_account"), payee=self.id("to_account"))
            sides = (("payer", "from_name"), ("payee", "to_name"))
            beside = [told.select(id=end, name=name) for end, name in sides]
            told_of = pl.col("name").is_not_null() | pl.col("id").is_in(self._known)
            names.append(pl.concat(beside).filter(told_of).unique())
            payments.append(
                told.select(
                    pl.col("payment").hash(0).alias("number"),
                    pl.col("payment").hash(1).alias("check"),
                    *(pl.col(name).cast(_NAMED) for name in ("kind", "payer", "payee")),
                )
            )
        return pl.concat(payments), pl.concat(names).unique()

    @property
    def names(self) -> pl.DataFrame:
        """The accounts of payments that have a known id or a name written beside them."""
        return self._told[1]

    def payments(self) -> pl.DataFrame:
        """Each payment once: two papers may tell it, one with less."""
        told = self._told[0]
        if not told.select(pl.struct("number", "check").is_duplicated().any()).item():
            return told
        return told.group_by("number", "check", "payer", "payee").agg(
            pl.col("kind").drop_nulls().cast(pl.String).min().cast(_NAMED)
        )

    def followed(self) -> pl.Series:
        """The accounts that a report names or that were sold."""
        named = self.of("reports").select(
            pl.col("names").str.replace_all("[；,，]", ";").str.split(";")
        )
        told = named.explode("names").select(id=account_id(pl.col("names").str.strip_chars()))
        sold = self.of("sales").select(id=self.id("account"))
        return pl.concat([told, sold])["id"].drop_nulls().unique()


def _known(rows: _Rows, known: tuple[Known, ...], followed: pl.Series) -> list[pl.DataFrame]:
    # A nickname proves nothing: whoever wants to look like a platform calls himself one.
    accounts = rows.of("accounts").select(id=rows.id("account"), name="holder_name")
    told = [accounts, rows.names]
    names = pl.concat([one.drop_nulls() for one in told]).unique()
    names = names.filter(~pl.col("id").is_in(followed.implode()))
    wanted = sorted({id_ for one in known for id_ in one.ids})
    ids = pl.concat([one.select("id").filter(pl.col("id").is_in(wanted)) for one in told]).unique()
    found = []
    for one in known:
        part = pl.col("name").str.contains_any([*one.parts]) if one.parts else pl.lit(value=False)
        named = names.filter(part | pl.col("name").is_in([*one.names])).sort("id", "name")
        rule = pl.format("known name '{}'", pl.col("name").str.slice(0, 40))
        found.append(_hubs(named, "Account", one.hub, rule))
        listed = ids.filter(pl.col("id").is_in([*one.ids]))
        found.append(_hubs(listed, "Account", one.hub, pl.lit("known id")))
    return found


def _by_degree(rows: _Rows, degree: Mapping[str, float], followed: pl.Series) -> list[pl.DataFrame]:
    logins = rows.of("logins").select(
        account=rows.id("account"), device=rows.id("device", device_id), ip=rows.id("ip", ip_id)
    )
    members = rows.of("members").select(account=rows.id("account"), group=pl.col("group"))
    shared = (
        # Strangers bring a device each; a farm of many accounts has few behind its address.
        ("IP", logins, "ip", "device", "public", "public_devices", "devices behind the address"),
        ("Device", logins, "device", "account", "shared_id", "shared_id_accounts", "accounts"),
        ("Group", members, "group", "account", "huge", "huge_members", "members"),
    )
    found = [*_accounts_by_degree(rows.payments(), degree, followed)]
    for label, frame, column, sharing, hub, limit, what in shared:
        counted = (
            frame.filter(pl.col(column).is_not_null())
            .group_by(id=pl.col(column))
            .agg(n=pl.col(sharing).drop_nulls().n_unique())
            .filter(pl.col("n") >= degree[limit])
        )
        found.append(_hubs(counted, label, hub, _counted(what, degree[limit])))
    return found


def _accounts_by_degree(
    payments: pl.DataFrame, degree: Mapping[str, float], followed: pl.Series
) -> list[pl.DataFrame]:
    payments = payments.filter(pl.col("payer") != pl.col("payee"))
    shopping = _SHOPPING.fill_null(value=False)
    # An account in fewer payments has fewer partners: most accounts are not looked at.
    fewest = min(degree["merchant_payers"], degree["platform_partners"])
    times = pl.concat([payments["payer"].rename("id"), payments["payee"].rename("id")])
    often = times.value_counts().filter(pl.col("count") >= fewest)["id"]
    accounts = (
        _ends(payments, often)
        .filter(~pl.col("id").is_in(followed.implode()))
        # Told row by row: in a group it would be looked up for all rows of the case each time.
        .with_columns(buyer=pl.when(pl.col("paid") & shopping).then("other"), shopping=shopping)
        .group_by("id")
        .agg(
            partners=pl.col("other").n_unique(),
            buyers=pl.col("buyer").drop_nulls().n_unique(),
            shopping=pl.col("shopping").mean(),
        )
    )
    drawn = _drawn(payments).filter(~pl.col("id").is_in(followed.implode()))
    merchant = (pl.col("buyers") >= degree["merchant_payers"]) & (
        pl.col("shopping") >= degree["merchant_share"]
    )
    cash = pl.col("drawers") >= degree["cash_payers"]
    platform = pl.col("partners") >= degree["platform_partners"]
    return [
        _hubs(
            found.filter(rule).with_columns(n=count), "Account", hub, _counted(what, degree[limit])
        )
        for hub, found, rule, count, limit, what in (
            ("cash", drawn, cash, "drawers", "cash_payers", "payers, all in cash"),
            ("merchant", accounts, merchant, "buyers", "merchant_payers", "payers of purchases"),
            ("platform", accounts, platform, "partners", "platform_partners", "partners"),
        )
    ]


def _ends(payments: pl.DataFrame, ids: pl.Series) -> pl.DataFrame:
    """Give the payments of some accounts, once for each end: ``id``, ``other``, ``paid``."""
    payee, payer = (pl.col(end).is_in(ids.implode()) for end in ("payee", "payer"))
    return pl.concat(
        [
            payments.filter(payee).select(
                "kind", id="payee", other="payer", paid=pl.lit(value=True)
            ),
            payments.filter(payer).select(
                "kind", id="payer", other="payee", paid=pl.lit(value=False)
            ),
        ]
    )


def _drawn(payments: pl.DataFrame) -> pl.DataFrame:
    """Count for accounts that take part in cash payments only the persons who paid them."""
    is_cash = _CASH.fill_null(value=False)
    cash = payments.filter(is_cash)
    if cash.is_empty():
        return pl.DataFrame(schema={"id": pl.String, "drawers": pl.UInt32})
    # Who takes part in more than cash payments is a person, not a cash machine.
    others = payments.filter(~is_cash)
    persons = pl.concat([others["payer"], others["payee"]]).unique().implode()
    return (
        cash.filter(pl.col("payer").is_in(persons), ~pl.col("payee").is_in(persons))
        .group_by(id="payee")
        .agg(drawers=pl.col("payer").n_unique())
    )


def _counted(what: str, limit: float) -> pl.Expr:
    return pl.format("{} " + what + f" (from {limit:g})", pl.col("n"))


def _hubs(frame: pl.DataFrame, label: str, hub: str, rule: pl.Expr) -> pl.DataFrame:
    words = {"label": pl.lit(label), "hub": pl.lit(hub), "hub_rule": rule}
    return frame.select(pl.col("id").cast(pl.String), **words)
