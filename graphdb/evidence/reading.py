"""What a reading of a file is: its options, its sheets as text, its batches and totals."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import polars as pl

from graphdb.evidence.mapping import TableMap
from graphdb.model import Batch, Reject


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What the officer says about files: format or table, map, zone, platform."""

    format: str | None = None
    map: TableMap | None = None
    zone: str | None = None
    platform: str | None = None

    def as_record(self) -> dict[str, Any]:
        """Give the plain form that the case log keeps.

        >>> ReadOptions.from_record(ReadOptions(zone="UTC").as_record()).zone
        'UTC'
        """
        return {name: value for name, value in asdict(self).items() if value is not None}

    @staticmethod
    def from_record(record: Mapping[str, Any]) -> "ReadOptions":
        """Read the plain form back."""
        given = dict(record)
        if "map" in given:
            given["map"] = TableMap(**given["map"])
        return ReadOptions(**given)


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows of a file as text: headers as written, one String column each (``c0``, ``c1``, ...).

    ``frame`` also has ``row``, the row of the exhibit. ``rejects`` are rows that could not be
    cut into cells. ``exhibit`` names the sheet of a workbook (``E03/2``).
    """

    exhibit: str
    headers: tuple[str, ...]
    frame: pl.DataFrame
    rejects: tuple[Reject, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Control:
    """A total over the rows as written: what is counted, how many, how much, exactly."""

    what: str
    currency: str
    count: int
    amount: str

    def as_record(self) -> dict[str, Any]:
        """Give the plain form that the case log keeps."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Reading:
    """A file that was understood."""

    format: str
    batches: tuple[Batch, ...]
    controls: tuple[Control, ...] = ()
