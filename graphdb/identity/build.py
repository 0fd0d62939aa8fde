"""Collect the nodes and links of one batch, as columns."""

from collections.abc import Mapping

import polars as pl

from graphdb.model import LINK_TYPES, NODE_TYPES, Basis, Batch, GraphRows, LinkRows, NodeRows

_ISO = "%Y-%m-%dT%H:%M:%S%.3fZ"


class Builder:
    """Gather nodes by label and links by type while a table is walked column by column."""

    def __init__(self, batch: Batch) -> None:
        self._frame = batch.frame
        self._place = pl.lit(f"{batch.exhibit}:") + pl.col("row").cast(pl.String)
        self._nodes: dict[str, list[pl.DataFrame]] = {}
        self._links: list[LinkRows] = []

    def has(self, column: str) -> bool:
        """Tell whether the table has that column."""
        return column in self._frame.columns

    def col(self, column: str) -> pl.Expr:
        """Give the column, or nulls where the table lacks it."""
        return pl.col(column) if self.has(column) else pl.lit(None, dtype=pl.String)

    def money(self, column: str) -> pl.Expr:
        """Give an amount in minor units, or nulls."""
        return pl.col(column) if self.has(column) else pl.lit(None, dtype=pl.Int64)

    def time(self, column: str) -> pl.Expr:
        """Give a time as ISO 8601 UTC text with milliseconds, which sorts as text."""
        if not self.has(column):
            return pl.lit(None, dtype=pl.String)
        return pl.col(column).dt.strftime(_ISO)

    def time_ms(self, column: str) -> pl.Expr:
        """Give a time as integer milliseconds since 1970."""
        if not self.has(column):
            return pl.lit(None, dtype=pl.Int64)
        return pl.col(column).dt.epoch("ms")

    def explode(self, column: str, separators: str) -> "Builder":
        """Give a builder over one row per part of a cell that holds several."""
        part = object.__new__(Builder)
        part._frame = self._frame.with_columns(
            pl.col(column).str.replace_all(f"[{separators}]", "\n").str.split("\n")
        ).explode(column, empty_as_null=True)
        part._place, part._nodes, part._links = self._place, self._nodes, self._links
        return part

    def node(
        self,
        label: str,
        id_: pl.Expr,
        properties: Mapping[str, pl.Expr] | None = None,
        *,
        basis: Basis | None = None,
    ) -> None:
        """Add the nodes that an id column names; with ``basis`` they carry their evidence."""
        columns = {"id": id_, **(properties or {})}
        if basis is not None:
            columns |= {"evidence": pl.concat_list(self._place), "basis": pl.lit(basis)}
        rows = self._frame.select(**columns).filter(pl.col("id").is_not_null())
        if rows.height:
            self._nodes.setdefault(label, []).append(rows)

    def link(
        self,
        type_: str,
        source: tuple[str, pl.Expr],
        target: tuple[str, pl.Expr],
        properties: Mapping[str, pl.Expr] | None = None,
        *,
        basis: Basis | pl.Expr = "recorded",
        where: pl.Expr | None = None,
    ) -> None:
        """Add one link a row between two ids, where both are known."""
        frame = self._frame if where is None else self._frame.filter(where)
        rows = frame.select(
            source=source[1],
            target=target[1],
            **(properties or {}),
            evidence=pl.concat_list(self._place),
            basis=pl.lit(basis) if isinstance(basis, str) else basis,
        ).filter(pl.col("source").is_not_null() & pl.col("target").is_not_null())
        if rows.height:
            self._links.append(LinkRows(type_, source[0], target[0], rows))

    def graph(self) -> GraphRows:
        """Give the nodes, one for each id, and the links."""
        nodes = tuple(
            NodeRows(label, one_per_id(pl.concat(self._nodes[label], how="diagonal")))
            for label in NODE_TYPES
            if label in self._nodes
        )
        order = {type_: place for place, type_ in enumerate(LINK_TYPES)}
        return GraphRows(nodes, tuple(sorted(self._links, key=lambda links: order[links.type])))


def one_per_id(rows: pl.DataFrame) -> pl.DataFrame:
    """Fold the rows of one id: the first value that is known stands, in the order of the file.

    Places are gathered, not chosen from.
    """
    if rows["id"].is_duplicated().any():
        first_known = [
            pl.col(name).explode().unique(maintain_order=True)
            if name == "evidence"
            else pl.col(name).drop_nulls().first()
            for name in rows.columns
            if name != "id"
        ]
        if not first_known:
            return rows.unique("id", maintain_order=True)
        rows = rows.group_by("id", maintain_order=True).agg(first_known)
    return rows
