"""Remarks: what an officer must be told about the rows of a file.

Rejects for rows that do not fit, warnings for cells that were bent, and control totals.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import polars as pl

from graphdb.errors import quoted
from graphdb.evidence.cells import LONG_SAYS, Typed, exact_sum
from graphdb.evidence.format import Part
from graphdb.evidence.reading import Control
from graphdb.evidence.tables import Column, Table
from graphdb.model import Place, Reject, money_text

_FIXES: Final[Mapping[str, str]] = {
    "money": "write plain digits, e.g. 84000.00",
    "time": "write it as 2025-03-01 10:00:00, with a zone (+08:00) or --tz Asia/Shanghai",
    "account": "write platform:number, add a column 'platform', or give --platform wechat",
    "id": "export the column as text and add the file again",
    "group": "export the column as text and add the file again",
    "currency": "write the code of ISO 4217, e.g. CNY",
}
_LONG_FIX: Final = "write the id alone into this column, or name another column in a map: --map"


def rejects_of(
    given: Part, exhibit: str, columns: Sequence[Column], wrongs: pl.DataFrame
) -> list[Reject]:
    """Say for each bad row its first problem, with the cell as it was written."""
    rejects = []
    is_bad = wrongs.select(pl.any_horizontal(pl.all().is_not_null())).to_series()
    written = given.frame.filter(is_bad)
    bad = wrongs.filter(is_bad)
    for reasons, row in zip(bad.iter_rows(), written.iter_rows(named=True), strict=True):
        column, what = next((c, w) for c, w in zip(columns, reasons, strict=True) if w is not None)
        cell = row.get(column.name)
        if cell is not None and cell.strip():
            what = f"{what}: {quoted(cell)}"
            words = ", ".join(dict.fromkeys(column.words.values()))
            fix = _FIXES.get(column.kind, f"write one of: {words}")
            fix = _LONG_FIX if what.startswith(LONG_SAYS) else fix
        else:
            fix = f"fill in '{column.name}'"
        rejects.append(Reject(Place(exhibit, row["row"]), column.name, what, fix))
    return rejects


def bent(
    made: Mapping[str, Typed],
    columns: Sequence[Column],
    texts: pl.DataFrame,
    good: pl.DataFrame,
    is_bad: pl.Series,
) -> tuple[str, ...]:
    """Warn of loaded cells that are not as they were written: rounded amounts, doubtful times."""
    warnings = []
    for column in columns:
        noted = made[column.name].noted
        if noted is None or not (noted & ~is_bad).any():
            continue
        count = int((noted & ~is_bad).sum())
        if column.kind == "time":
            warnings.append(
                f"rows whose '{column.name}' the clock showed twice (summer time ended): "
                f"{count:,}; the earlier time is taken"
            )
            continue
        if column.kind in {"account", "id"}:
            warnings.append(
                f"precision lost in '{column.name}', a spreadsheet rounded the numbers: "
                f"{count:,} rows are kept, and linked to nothing by it"
            )
            continue
        loaded = texts.filter(~is_bad).with_columns(
            minor=good[f"{column.name}_minor"], noted=noted.filter(~is_bad)
        )
        for (code,), part in loaded.group_by("currency", maintain_order=True):
            if part["noted"].any():
                _, before = exact_sum(part[column.name])
                _, after = exact_sum(part["minor"].cast(pl.String))
                warnings.append(
                    f"rows with more decimals in '{column.name}' than {code} has: "
                    f"{part['noted'].sum():,}; rounded half to even, all rows add up to "
                    f"{before} as written and {money_text(int(after), str(code))} as loaded"
                )
    return tuple(warnings)


def controls(table: Table, texts: pl.DataFrame) -> tuple[Control, ...]:
    """Add up what the rows say, good and bad alike, exactly as written."""
    amounts = next((column.name for column in table.columns if column.kind == "money"), "")
    if table.name not in {"payments", "sales", "reports"} or amounts not in texts.columns:
        return ()
    what = pl.col("way") if "way" in texts.columns else pl.lit(table.name)
    rows = texts.select(what=what.fill_null("neutral"), code="currency", amount=amounts)
    return tuple(
        Control(str(way), str(code), *exact_sum(part["amount"]))
        for (way, code), part in sorted(rows.group_by("what", "code"), key=lambda one: str(one[0]))
    )
