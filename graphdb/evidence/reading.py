"""What the reading of a file is: its options, its batches one after the other, its totals."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from decimal import Context, Decimal
from functools import cached_property
from typing import Any, Final, TypeAlias

from graphdb.evidence.mapping import TableMap, map_from_record
from graphdb.model import Batch

_EXACT: Final = Context(prec=200)


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What the officer says about files: format or table, map, zone, encoding, platform."""

    format: str | None = None
    map: TableMap | None = None
    zone: str | None = None
    encoding: str | None = None
    platform: str | None = None

    @property
    def encoding_said(self) -> str | None:
        """The encoding that the officer names, himself or in his map."""
        return self.encoding or (self.map.encoding if self.map else None)

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
            given["map"] = map_from_record(given["map"])
        return ReadOptions(**given)


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


# The format, a batch, the totals of its rows, and the totals that the file states.
Typing: TypeAlias = tuple[str, Batch, tuple[Control, ...], tuple[Control, ...]]


class Reading:
    """A file that was understood: its batches come one after the other, once.

    ``format``, ``controls`` and ``warnings`` tell of the batches given so far, so they are whole
    when ``each`` has ended. ``batches`` reads everything into memory.
    """

    def __init__(self, pieces: Iterator[Typing]) -> None:
        self._pieces = pieces
        self._stated: dict[Control, None] = {}
        self._names: dict[str, None] = {}
        self._totals: dict[tuple[str, str], tuple[int, Decimal]] = {}
        self._warnings: dict[str, None] = {}
        self._rows = 0

    def each(self) -> Iterator[Batch]:
        """Give the batches in the order of the file; its memory is that of one batch.

        Raises:
            InputRefused: the file cannot be read on; what came before must not be loaded.
        """
        for name, batch, controls, stated in self._pieces:
            self._names[name] = None
            self._stated |= dict.fromkeys(stated)
            for one in controls:
                count, amount = self._totals.get((one.what, one.currency), (0, Decimal()))
                both = (count + one.count, _EXACT.add(amount, Decimal(one.amount)))
                self._totals[one.what, one.currency] = both
            self._warnings |= dict.fromkeys(batch.warnings)
            self._rows += batch.read
            yield batch
        if not self._rows:
            self._warnings["the file holds no rows"] = None
        self._warnings |= dict.fromkeys(self._contradictions())

    def _contradictions(self) -> Iterator[str]:
        for one in self._stated:
            count, amount = self._totals.get((one.what, one.currency), (0, Decimal()))
            if (one.count, Decimal(one.amount)) != (count, amount):
                yield (
                    f"the file states {one.what} {one.count:,} for {one.amount}, "
                    f"its rows are {count:,} for {amount:f}"
                )

    @cached_property
    def batches(self) -> tuple[Batch, ...]:
        """Read all batches; for small files."""
        return tuple(self.each())

    @property
    def format(self) -> str:
        """Name the format or the tables, joined by ``+``."""
        return "+".join(self._names)

    @property
    def controls(self) -> tuple[Control, ...]:
        """Give the totals over the rows as written."""
        return tuple(
            Control(what, currency, count, f"{amount:f}")
            for (what, currency), (count, amount) in self._totals.items()
        )

    @property
    def warnings(self) -> tuple[str, ...]:
        """Give what the officer must be told, each once."""
        return tuple(self._warnings)
