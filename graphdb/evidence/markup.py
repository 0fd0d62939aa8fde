"""Tables in HTML, and in the XML of old Excel: what many a bank's ``.xls`` really is."""

from html.parser import HTMLParser
from typing import Final

import polars as pl

from graphdb.evidence.grid import Grid, sheet_grid

_ROWS: Final = frozenset({"tr", "row"})
_CELLS: Final = frozenset({"td", "th", "cell"})
# A cell that claims to be wider than any real table is a slip or an attack.
_WIDEST: Final = 1000


def is_markup(head: str) -> bool:
    """Tell by its beginning whether a text is a document with tables.

    >>> is_markup("<html><body><TABLE>"), is_markup("a,b")
    (True, False)
    """
    text = head.lstrip("\ufeff \t\r\n")
    return text.startswith("<") and "<table" in text.lower()


def markup_grids(text: str, exhibit: str) -> tuple[Grid, ...]:
    """Give every table that holds text; the second is ``E03/2`` and so on."""
    reader = _Tables()
    reader.feed(text)
    reader.close()
    grids: list[Grid] = []
    for rows in reader.tables:
        if any(cell for row in rows for cell in row):
            number = len(grids) + 1
            place = exhibit if number == 1 else f"{exhibit}/{number}"
            grids.append(sheet_grid(place, f"table {number}", _frame(rows)))
    return tuple(grids)


def _frame(rows: list[list[str]]) -> pl.DataFrame:
    width = max(map(len, rows))
    columns = {
        f"c{at}": pl.Series([row[at] if at < len(row) else None for row in rows], dtype=pl.String)
        for at in range(width)
    }
    return pl.DataFrame({"row": pl.Series(range(1, len(rows) + 1), dtype=pl.Int64), **columns})


class _Tables(HTMLParser):
    """Gather the cells of every table; one inside a cell of another is a table of its own."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[list[str]]] = []
        self._open: list[list[list[str]]] = []
        self._texts: list[list[str] | None] = []
        self._is_code = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a table, a row or a cell."""
        given = dict(attrs)
        self._is_code = tag in {"script", "style"}
        if tag == "table":
            self._open.append([])
            self.tables.append(self._open[-1])
            self._texts.append(None)
        elif not self._open:
            return
        elif tag in _ROWS:
            self._end_cell()
            self._open[-1].append([])
        elif tag in _CELLS:
            self._end_cell()
            rows = self._open[-1]
            if not rows:
                rows.append([])
            # The XML of Excel leaves out empty cells and says where the next one stands.
            gap = _number(given.get("ss:index")) - 1 - len(rows[-1])
            rows[-1] += [""] * max(0, gap)
            self._texts[-1] = []
            self._width = max(1, _number(given.get("colspan")))

    def handle_endtag(self, tag: str) -> None:
        """End a cell or a table."""
        self._is_code = False
        if self._open and tag in _CELLS | _ROWS | {"table"}:
            self._end_cell()
            if tag == "table":
                self._open.pop()
                self._texts.pop()

    def handle_data(self, data: str) -> None:
        """Take the text of a cell."""
        if self._texts and self._texts[-1] is not None and not self._is_code:
            self._texts[-1].append(data)

    def _end_cell(self) -> None:
        texts = self._texts[-1]
        if texts is not None:
            self._open[-1][-1] += ["".join(texts).strip(), *[""] * (self._width - 1)]
            self._texts[-1] = None


def _number(text: str | None) -> int:
    return min(int(text), _WIDEST) if text is not None and text.isdecimal() else 0
