"""Identity: rows in, the same entities out.

``resolve`` turns the typed rows of a canonical table into nodes and links of the declared schema;
equal ids are one node, whatever file they come from. ``Joins`` puts into them what is one by rule
or decision, ``suggest`` says what may be. All of it is pure.
"""

from collections.abc import Callable, Mapping
from typing import Final

import polars as pl

from graphdb.identity import tables
from graphdb.identity.build import Builder
from graphdb.identity.hubs import HUB_COLUMNS, HubRules, hub_rows, hubs_of
from graphdb.identity.joins import Joins
from graphdb.identity.likely import MASK_MARKS, Known, Suggestion, suggest
from graphdb.identity.normal import account_id, device_id, ip_id, person_id, phone_id, prefixed
from graphdb.identity.sameness import (
    Decision,
    Decisions,
    Pair,
    Verdict,
    groups_of,
    key_of,
    label_of,
    pair_of,
)
from graphdb.identity.two_sides import COLUMNS as PAYMENT_COLUMNS
from graphdb.identity.two_sides import NAMED_PAYMENT, paper_number
from graphdb.model import Batch, GraphRows

_TABLES: Final[Mapping[str, Callable[[Builder], None]]] = {
    "accounts": tables.accounts,
    "devices": tables.devices,
    "logins": tables.logins,
    "members": tables.members,
    "messages": tables.messages,
    "payments": tables.payments,
    "sellers": tables.sellers,
    "listings": tables.listings,
    "sales": tables.sales,
    "persons": tables.persons,
    "holdings": tables.holdings,
    "rebinds": tables.rebinds,
    "reports": tables.reports,
    "penalties": tables.penalties,
    "contacts": tables.contacts,
    "calls": tables.calls,
    "notices": tables.notices,
}

_SPELLED: Final[Mapping[str, Callable[[pl.Expr], pl.Expr]]] = {
    "Account": account_id,
    "Device": device_id,
    "IP": ip_id,
    "Person": person_id,
    "Phone": phone_id,
    "Group": lambda cell: cell,
}

__all__ = [
    "HUB_COLUMNS",
    "MASK_MARKS",
    "NAMED_PAYMENT",
    "PAYMENT_COLUMNS",
    "Decision",
    "Decisions",
    "HubRules",
    "Joins",
    "Known",
    "Pair",
    "Suggestion",
    "Verdict",
    "groups_of",
    "hub_rows",
    "hubs_of",
    "key_of",
    "label_of",
    "pair_of",
    "paper_number",
    "resolve",
    "spelled",
    "suggest",
]


def spelled(label: str, cell: pl.Expr) -> pl.Expr:
    """Write the ids of a label in their one spelling, as they stand in the graph.

    >>> pl.select(spelled("Report", pl.lit("77"))).item()
    'report:77'
    """
    known = _SPELLED.get(label)
    return prefixed(cell, f"{label.lower()}:") if known is None else known(cell)


def resolve(batch: Batch) -> GraphRows:
    """Turn the rows of a canonical table into nodes and links, each with its evidence.

    >>> frame = pl.DataFrame({"row": [2], "account": ["WeChat:a1"], "device": ["d1"],
    ...                       "at": [1_740_000_000_000]}).with_columns(
    ...     pl.col("at").cast(pl.Datetime("ms", "UTC")))
    >>> graph = resolve(Batch("logins", "E01", frame, read=1))
    >>> [(n.label, n.frame["id"].to_list()) for n in graph.nodes]
    [('Account', ['wechat:a1']), ('Device', ['device:d1'])]
    >>> graph.links[0].frame.select("source", "target", "evidence").row(0)
    ('wechat:a1', 'device:d1', ['E01:2'])
    """
    builder = Builder(batch)
    _TABLES[batch.table](builder)
    return builder.graph()
