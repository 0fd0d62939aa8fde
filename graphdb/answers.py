"""The answers of a case in a notebook: they can be looped over, are tables, and show themselves."""

import html
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

from graphdb.casework.handing import Scope
from graphdb.model import Cell, Chain, Finding
from graphdb.packs import Answer
from graphdb.trace import Trail

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa

One_co = TypeVar("One_co", covariant=True)
Row = dict[str, Cell]


class Table(ABC, Generic[One_co]):
    """Several answers of one kind, which are a table too."""

    __slots__ = ()

    @abstractmethod
    def _ones(self) -> tuple[One_co, ...]: ...

    @abstractmethod
    def rows(self) -> list[Row]:
        """Give one dict an answer."""

    def __iter__(self) -> Iterator[One_co]:
        return iter(self._ones())

    def __len__(self) -> int:
        return len(self._ones())

    def __getitem__(self, at: int) -> One_co:
        return self._ones()[at]

    def polars(self) -> "pl.DataFrame":
        """Give the rows as a polars frame."""
        import polars as pl

        return pl.DataFrame(self.rows(), infer_schema_length=None)

    def pandas(self) -> "pd.DataFrame":
        """Give the rows as a pandas frame."""
        import pandas as pd

        return pd.DataFrame(self.rows())

    def arrow(self) -> "pa.Table":
        """Give the rows as an Arrow table."""
        return self.polars().to_arrow()

    def _repr_html_(self) -> str:
        return self.polars()._repr_html_()


@dataclass(frozen=True, slots=True)
class Findings(Table[Finding]):
    """What packs found."""

    answers: tuple[Answer, ...]

    def _ones(self) -> tuple[Finding, ...]:
        return tuple(finding for answer in self.answers for finding in answer.findings)

    def not_run(self) -> dict[str, str]:
        """Tell which packs could not be asked, and what they lack; that is not "nothing found"."""
        return {one.pack.id: one.not_run for one in self.answers if one.not_run is not None}

    def rows(self) -> list[Row]:
        """Give one dict a finding: pack, level, the pack's own columns, evidence."""
        return [
            {"pack": one.pack, "level": one.level, **one.values, "evidence": [*one.evidence]}
            for one in self
        ]

    def _repr_html_(self) -> str:
        told = "".join(
            f"<p>{html.escape(pack)}: not run, {html.escape(why)}</p>"
            for pack, why in self.not_run().items()
        )
        return told + self.polars()._repr_html_()


@dataclass(frozen=True, slots=True)
class Chains(Table[Chain]):
    """Suspected chains, from a seller of accounts to a victim and on to the cash."""

    chains: tuple[Chain, ...]
    findings: tuple[Finding, ...] = field(repr=False)

    def _ones(self) -> tuple[Chain, ...]:
        return self.chains

    def rows(self) -> list[Row]:
        """Give one dict a chain; the receivers of the money are named by their accounts."""
        return [
            {
                "seller": one.seller,
                "accounts": [*one.accounts],
                "operator_devices": [*one.operator_devices],
                "group": one.group,
                "victim": one.victim,
                "payments": [*one.payments],
                "amount_minor": one.amount_minor,
                "currency": one.currency,
                "receivers": [payee.account for payee in one.receivers],
                "evidence": [*one.evidence],
            }
            for one in self.chains
        ]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart that shows itself in a notebook: one HTML document that needs no network.

    ``drawn`` names what stands on it.
    """

    document: str = field(repr=False)
    nodes: int
    links: int
    drawn: Scope = field(repr=False)

    def save(self, path: str | Path) -> Path:
        """Write the document to a file."""
        file = Path(path)
        file.write_text(self.document, encoding="utf-8")
        return file

    def _repr_html_(self) -> str:
        # The document comes from evidence: its frame may run its scripts and nothing else.
        return (
            f'<iframe srcdoc="{html.escape(self.document)}" sandbox="allow-scripts" '
            'style="width:100%;height:640px;border:1px solid #ccc"></iframe>'
        )


@dataclass(frozen=True, slots=True)
class Trails(Table[Trail]):
    """Where the money went, or came from: a trail for each rule and currency."""

    trails: tuple[Trail, ...]
    draw: Callable[[Trail, str | None], Drawing] = field(repr=False)

    def _ones(self) -> tuple[Trail, ...]:
        return self.trails

    def rows(self) -> list[Row]:
        """Give one dict a hop: how much of the followed money a payment carried, by which rule."""
        return [
            {
                "rule": trail.rule,
                "currency": trail.currency,
                "layer": hop.layer,
                "payment": hop.payment,
                "from": hop.source,
                "to": hop.target,
                "at": hop.at,
                "amount_minor": hop.amount_minor,
                "traced_minor": hop.traced_minor,
                "evidence": [*hop.evidence],
            }
            for trail in self.trails
            for hop in trail.hops
        ]

    def chart(self, at: int = 0, *, title: str | None = None) -> Drawing:
        """Draw one of the trails: layers from left to right, a time line, every payment."""
        return self.draw(self.trails[at], title)
