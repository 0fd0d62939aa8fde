"""What a format is: how a file is known by its content, and how its rows become canonical rows."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

import polars as pl

from graphdb.evidence.layout import Layout
from graphdb.evidence.reading import Control
from graphdb.evidence.source import Source
from graphdb.model import Reject


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows of a file as text: headers as written, one String column each (``c0``, ``c1``, ...).

    ``frame`` also has ``row`` (Int64), the row of the exhibit. A long table comes as several
    sheets of the same headers, in order. ``exhibit`` names the sheet of a workbook (``E03/2``).
    ``about`` is what the format needs to know beside the rows: ``file`` (the name as received),
    ``sheet`` (the name of the worksheet), ``preamble`` (the text above the header), and whatever a
    document's own cutting adds. ``rejects`` are rows that could not be cut into cells.
    """

    exhibit: str
    headers: tuple[str, ...]
    frame: pl.DataFrame
    about: Mapping[str, str] = field(default_factory=dict)
    rejects: tuple[Reject, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """Rows under the names of a canonical table, still text; typing is the door's work.

    ``frame`` has ``row`` and any columns of the table (its optional ones may lack); amounts are
    in major units, accounts ``platform:number``, times as written. For payments ``content`` may
    hold a text that tells the payment: where ``payment`` is null the number is a digest of it, and
    where it is not, of number and digest together (for numbers that repeat in practice). Equal
    contents of one file are numbered, so that two equal payments stay two.

    A column ``way`` (in, out, neutral) parts the control totals of payments; ``stated`` are the
    totals that the file itself states for them (each sheet may repeat them), which are compared
    with the rows at the end of the file.

    ``zone`` is that of times which name none, unless the officer gives another; it is an
    assumption that the officer is told of, unless ``zone_is_stated``. A part is
    ``derived`` when its rows only restate rows that another part counts (the accounts named in a
    statement of payments): it is loaded, and not counted again. ``headers`` gives the headers of
    the file for the canonical columns, for messages.
    """

    table: str
    frame: pl.DataFrame
    zone: str | None = None
    zone_is_stated: bool = False
    derived: bool = False
    stated: tuple[Control, ...] = ()
    rejects: tuple[Reject, ...] = ()
    warnings: tuple[str, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)


Arrange: TypeAlias = Callable[[pl.DataFrame, Sheet], Iterable[Part]]


@dataclass(frozen=True, slots=True)
class TableFormat:
    """A table with a header line: in a delimited text of any encoding, or a workbook's sheet.

    ``arrange`` gets the rows below the header as ``row`` and every column of the layout (String,
    cleaned, empty markers null), and the sheet that they came from. Blank rows and repeated
    headers are gone. It is called for each sheet of a long table, so it must not need rows of
    another sheet. ``quoting`` is False where a quote in the file is an ordinary character. Cells
    beyond the header are joined to the column ``tail``; without one such a row is rejected.
    """

    name: str
    says: str
    leaves: str
    layout: Layout
    arrange: Arrange
    quoting: bool = True
    tail: str | None = None


@dataclass(frozen=True, slots=True)
class DocumentFormat:
    """Any other document: it is cut into sheets by its own code.

    ``recognises`` looks at ``source.head``, ``source.members`` or ``source.grids`` and must be
    cheap. ``sheets`` cuts the document, streaming where it can be long; ``arrange`` gets the rows
    with the headers of the sheet as column names (not cleaned), and the sheet. The same ``sheets``
    serves to quote rows as they were written.
    """

    name: str
    says: str
    leaves: str
    recognises: Callable[[Source], bool]
    sheets: Callable[[Source, str], Iterator[Sheet]]
    arrange: Arrange


Format: TypeAlias = TableFormat | DocumentFormat
