"""Joins: what is one by rule or by decision, put into rows on their way to the graph."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256

import polars as pl

from graphdb.identity.build import one_per_id
from graphdb.identity.normal import account_id
from graphdb.identity.sameness import Decisions, groups_of, label_of
from graphdb.identity.two_sides import Matching, match_payments, named_payments, nothing_matched
from graphdb.model import Batch, GraphRows, LinkRows, NodeRows


@dataclass(frozen=True, slots=True)
class Joins:
    """Ids that are joined under another one, and payments that several papers tell.

    ``named`` gives for payments that reports and sales name the id that each has in the graph.
    """

    same: Mapping[str, str] = field(default_factory=dict)
    payments: Matching = field(default_factory=nothing_matched)
    named: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(
        cls, decisions: Decisions, payments: pl.DataFrame, named: Collection[str] = ()
    ) -> "Joins":
        """Join what was confirmed, the payments that the rule matches, and those ``named``."""
        of_payments = [p for p in decisions.confirmed if label_of(p[0]) == "Payment"]
        others = [p for p in decisions.confirmed if label_of(p[0]) != "Payment"]
        apart = [p for p in decisions.rejected if label_of(p[0]) == "Payment"]
        matching = match_payments(payments, of_payments, apart)
        told = named_payments(payments, matching, named)
        same = {**groups_of(others), **told}
        return cls({id_: into for id_, into in same.items() if id_ != into}, matching, told)

    @property
    def digest(self) -> str:
        """A text that changes when the joins do; that of no joins is empty."""
        if not self.same and self.payments.joined.is_empty():
            return ""
        told = [f"{id_}={into}" for id_, into in sorted(self.same.items())]
        joined = self.payments.joined.select("payment", "into", "from_account", "to_account")
        told += ["\x1f".join(row) for row in sorted(joined.iter_rows())]
        return sha256("\n".join(told).encode()).hexdigest()

    def batch(self, batch: Batch) -> Batch:
        """Put the joined numbers and accounts into rows of payments (and what settles a sale)."""
        if self.payments.joined.is_empty() or "payment" not in batch.frame.columns:
            return batch
        joined = self.payments.joined.drop("why")
        frame = batch.frame.join(
            joined, on="payment", how="left", suffix="_joined", maintain_order="left"
        )
        sides = {}
        if batch.table == "payments":
            sides = {
                side: pl.coalesce(f"{side}_joined", account_id(pl.col(side)))
                for side in ("from_account", "to_account")
            }
        frame = frame.with_columns(payment=pl.coalesce("into", "payment"), **sides)
        return replace(batch, frame=frame.select(batch.frame.columns))

    def rows(self, rows: GraphRows) -> GraphRows:
        """Put the ids of confirmed pairs into nodes and links."""
        if not self.same:
            return rows
        labels = {label_of(id_) for id_ in self.same}
        nodes = tuple(self._nodes(one) if one.label in labels else one for one in rows.nodes)
        links = tuple(
            self._links(one) if labels & {one.source_label, one.target_label} else one
            for one in rows.links
        )
        return GraphRows(nodes, links)

    def _nodes(self, nodes: NodeRows) -> NodeRows:
        frame = nodes.frame
        is_alias = pl.col("id").is_in(list(self.same))
        own = [name for name in ("platform", "number") if name in frame.columns]
        # An alias has its own number; that of the id it is joined under stands.
        frame = frame.with_columns(
            *(pl.when(~is_alias).then(name).alias(name) for name in own),
            id=pl.col("id").replace(dict(self.same)),
        )
        parts = pl.col("id").str.splitn(":", 2).struct
        if own:
            frame = frame.with_columns(
                platform=parts.field("field_0"), number=parts.field("field_1")
            )
        frame = one_per_id(frame)
        if nodes.label == "Payment":  # its papers have their own numbers, and the rows keep them
            return NodeRows(nodes.label, frame)
        aliases: dict[str, list[str]] = {}
        for id_, into in sorted(self.same.items()):
            aliases.setdefault(into, []).append(id_)
        known = pl.DataFrame(
            {"id": list(aliases), "aliases": list(aliases.values())},
            schema={"id": pl.String, "aliases": pl.List(pl.String)},
        )
        frame = frame.join(known, on="id", how="left", maintain_order="left")
        return NodeRows(nodes.label, frame)

    def _links(self, links: LinkRows) -> LinkRows:
        ends = [pl.col(end).replace(dict(self.same)) for end in ("source", "target")]
        return replace(links, frame=links.frame.with_columns(ends))
