"""Conflicts: rows that give one thing two values of a property that has one.

The graph shows the value of the row that was received first; so that this is never silent, every
other value is listed with the place of the row that tells it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from graphdb.evidence.docket import Docket, Entry
from graphdb.identity import MASK_MARKS, Joins, spelled

# (label, property, table, column of the id, column of the value)
_TOLD: Final = (
    ("Account", "holder_name", "accounts", "account", "holder_name"),
    ("Account", "holder_name", "payments", "from_account", "from_name"),
    ("Account", "holder_name", "payments", "to_account", "to_name"),
    ("Account", "holder", "accounts", "account", "holder"),
    ("Account", "nickname", "accounts", "account", "name"),
    ("Account", "kind", "accounts", "account", "kind"),
    ("Account", "status", "accounts", "account", "status"),
    ("Account", "registered_at", "accounts", "account", "registered_at"),
    ("Device", "kind", "devices", "device", "kind"),
    ("Device", "kind", "logins", "device", "device_kind"),
    ("Device", "model", "devices", "device", "model"),
    ("Group", "group_name", "members", "group", "group_name"),
    ("Group", "created_at", "members", "group", "group_created_at"),
    ("Group", "dissolved_at", "members", "group", "group_dissolved_at"),
    ("Person", "full_name", "persons", "person", "name"),
    ("Person", "full_name", "accounts", "holder", "holder_name"),
    ("Person", "role", "persons", "person", "role"),
    ("Seller", "shop_name", "sellers", "seller", "name"),
    ("Sale", "price_minor", "sales", "sale", "price_minor"),
    ("Sale", "at", "sales", "sale", "at"),
    ("Report", "loss_minor", "reports", "report", "loss_minor"),
    ("Report", "at", "reports", "report", "at"),
    ("Report", "station", "reports", "report", "station"),
)


@dataclass(frozen=True, slots=True)
class Conflict:
    """A thing, a property of it that should have one value, and the values with their places."""

    id: str
    property: str
    values: tuple[tuple[str, str], ...]


def conflicts_in(docket: Docket, joins: Joins, also: Sequence[Entry] = ()) -> tuple[Conflict, ...]:
    """List the conflicts of a case; things that were joined are one thing."""
    found: list[Conflict] = []
    for label, property_ in dict.fromkeys((label, name) for label, name, *_ in _TOLD):
        told = [
            _values(part, joins, label)
            for of, name, table, key, column in _TOLD
            if (of, name) == (label, property_)
            for part in docket.kept_parts(table, (key, column, "exhibit", "row"), also)
            if key in part.columns and column in part.columns
        ]
        if told:
            found += _several(property_, pl.concat(told))
    return tuple(sorted(found, key=lambda one: (one.id, one.property)))


def _values(rows: pl.DataFrame, joins: Joins, label: str) -> pl.DataFrame:
    """Give ``id``, ``value`` and ``place`` of rows of id, value, exhibit and row."""
    key, column = rows.columns[:2]
    rows = rows.drop_nulls([key, column])
    value = pl.col(column)
    text = value.dt.strftime("%Y-%m-%d %H:%M:%SZ") if rows[column].dtype.is_temporal() else value
    told = rows.select(
        id=spelled(label, pl.col(key)).replace(dict(joins.same)),
        value=text.cast(pl.String),
        place=pl.col("exhibit") + ":" + pl.col("row").cast(pl.String),
    ).unique(["id", "value"], keep="first", maintain_order=True)
    # A name that is hidden in part says nothing against the whole one.
    return told.filter(~pl.col("value").str.contains(f"[{MASK_MARKS}]"))


def _several(property_: str, told: pl.DataFrame) -> Iterator[Conflict]:
    told = told.unique(["id", "value"], keep="first", maintain_order=True)
    several = told.filter(pl.col("id").is_duplicated())
    for (id_,), group in several.group_by("id", maintain_order=True):
        yield Conflict(str(id_), property_, tuple(group.select("value", "place").iter_rows()))
