"""Call records (话单) of the three carriers: China Mobile, Unicom and Telecom.

Each writes its own number somewhere above the table, or in a column, and the columns are named
differently from year to year, so a column is told by its header and, where that says nothing, by
what its cells hold. Numbers may be floats (``13....0``) and have 0086 or +86 before them.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

import polars as pl

from graphdb.errors import InputRefused
from graphdb.evidence.cutting import sheets_below
from graphdb.evidence.format import DocumentFormat, Part, Sheet
from graphdb.evidence.grid import Grid
from graphdb.evidence.layout import plain_header, tidied
from graphdb.evidence.source import Source

_OWN: Final = re.compile(
    r"(?:手机号码|本机号码?|客户号码|用户号码|查询号码|客户名称|产品号码)\D{0,40}?((?:\+?86)?1\d{10})"
)
_COLUMNS: Final = {
    "own": ("本机号*", "计费号码", "主叫号码本机"),
    "other": ("对方号码", "对端号码", "通话号码", "对方电话*", "通信对端号码", "主/被叫号码"),
    "way": ("主叫/被叫", "主被叫", "呼叫类型", "通话方式", "呼叫方式", "通信方式", "通话状态"),
    "at": ("开始时间", "通话开始时间", "起始时间", "通话起始时间", "通话时间", "通信时间"),
    "end": ("结束时间", "通话结束时间"),
    "length": ("通话时长", "时长", "通信时长", "通话时长(秒)"),
    "kind": ("通话类型", "业务类型", "通信类型", "类型", "呼叫类别"),
}  # fmt: skip
_WAYS: Final = r"主叫|被叫|呼入|呼出|发送|接收|主|被"
_NEEDED: Final = ("other", "way", "at")


def _positions(headers: Sequence[str]) -> dict[str, int] | None:
    """Find the columns in a header line; None where it is none."""
    written = [plain_header(header) for header in headers]
    found: dict[str, int] = {}
    for name, forms in _COLUMNS.items():
        for form in forms:
            word = plain_header(form.rstrip("*"))
            hits = [
                at for at, header in enumerate(written)
                if header == word or (form.endswith("*") and header.startswith(word))
            ]  # fmt: skip
            if hits and hits[0] not in found.values():
                found[name] = hits[0]
                break
    return found if all(name in found for name in _NEEDED) else None


def _header(grid: Grid) -> tuple[int, dict[str, int]] | None:
    for at, record in enumerate(grid.head):
        positions = _positions(record)
        if positions is not None:
            return at, positions
    return None


def _recognises(source: Source) -> bool:
    if source.members or (source.is_text and not re.search("主叫|被叫|主被叫", source.head)):
        return False
    return any(_header(grid) is not None for grid in source.grids("E"))


def _sheets(source: Source, exhibit: str) -> Iterator[Sheet]:
    for grid in source.grids(exhibit):
        found = _header(grid)
        if found is None:
            continue
        at, positions = found
        above = "\n".join(" ".join(record) for record in grid.head[:at])
        own = _OWN.search(above) or _OWN.search(source.name)
        if own is None and "own" not in positions:
            own = re.search(r"(1\d{10})", source.name)
            if own is None:
                raise InputRefused(
                    "these call records do not name their own number",
                    fix="name the file after the number (17000000001.xlsx)",
                )
        about = {
            "own": own[1] if own else "",
            **{f"at {name}": str(position) for name, position in positions.items()},
        }
        for sheet in sheets_below(grid, at, about=about):
            headers = tuple(f"{at + 1}. {header}" for at, header in enumerate(sheet.headers))
            yield Sheet(sheet.exhibit, headers, sheet.frame, about, sheet.rejects, sheet.warnings)


def _arrange(rows: pl.DataFrame, sheet: Sheet) -> Iterator[Part]:
    rows = tidied(rows)
    there = {
        name: sheet.headers[int(sheet.about[f"at {name}"])]
        for name in _COLUMNS
        if f"at {name}" in sheet.about
    }
    nothing = pl.lit(None, dtype=pl.String)
    cells = rows.select(
        "row", **{name: pl.col(there[name]) if name in there else nothing for name in _COLUMNS}
    )
    # Titles of other sections and sums stand between the rows: they name no number and no way.
    is_call = pl.col("way").str.contains(_WAYS) & pl.col("other").is_not_null()
    other_lines = cells.filter(~is_call.fill_null(value=False)).height
    cells = cells.filter(is_call)
    own = pl.coalesce(_number("own"), pl.lit(sheet.about["own"] or None, dtype=pl.String))
    other = _number("other")
    inward = pl.col("way").str.contains("被|呼入|接收")
    words = pl.concat_str("kind", "way", separator=" ", ignore_nulls=True)
    yield Part(
        "calls",
        cells.select(
            "row", "at",
            caller=pl.when(inward).then(other).otherwise(own),
            callee=pl.when(inward).then(own).otherwise(other),
            seconds=_seconds(pl.col("length")),
            kind=pl.when(words.str.contains("短信|彩信|短彩|发送|接收")).then(pl.lit("sms"))
            .otherwise(pl.lit("call")),
        ),
        zone="Asia/Shanghai",
        warnings=(f"{other_lines:,} lines that are no call are left out",) * bool(other_lines),
        headers={"at": there["at"].partition(" ")[2]},
    )  # fmt: skip


def _number(name: str) -> pl.Expr:
    """Write a number without the float, the country and the carrier's marks."""
    number = pl.col(name).str.replace(r"\.0+$", "").str.replace_all(r"[\s-]", "")
    return number.str.replace(r"^(?:\+|00)86", "")


def _seconds(length: pl.Expr) -> pl.Expr:
    """Write a length (``1时2分3秒``, ``00:01:02``, ``62``) in seconds."""
    words = [
        length.str.extract(form).cast(pl.Int64, strict=False).fill_null(0) * unit
        for form, unit in ((r"(\d+)小?时", 3600), (r"(\d+)分", 60), (r"(\d+)秒", 1))
    ]
    clock = [
        length.str.extract(r"^(\d+):(\d{2}):(\d{2})$", at).cast(pl.Int64, strict=False) * unit
        for at, unit in ((1, 3600), (2, 60), (3, 1))
    ]
    bare = length.str.extract(r"^(\d+)(?:\.0)?$").cast(pl.Int64, strict=False)
    named = pl.when(length.str.contains("[时分秒]")).then(sum(words[1:], words[0]))
    return pl.coalesce(named, sum(clock[1:], clock[0]), bare).cast(pl.String)


FORMAT: Final = DocumentFormat(
    name="call_record",
    says="call records of China Mobile, Unicom and Telecom (calls and short messages)",
    leaves="places, cells and charges; traffic of data",
    recognises=_recognises,
    sheets=_sheets,
    arrange=_arrange,
)
