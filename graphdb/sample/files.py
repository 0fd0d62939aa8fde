"""The evidence files of the sample case, as an officer would receive them: in all their dress."""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from graphdb.sample.rows import Rows

Row = Mapping[str, str]
_CHINESE = {
    "payment": "交易单号", "from_account": "付款账号", "to_account": "收款账号", "amount": "金额",
    "at": "交易时间", "currency": "币种", "channel": "渠道", "kind": "交易类型", "status": "状态",
    "memo": "备注",
}  # fmt: skip
OVERLAP, LATE = 300, 250
# A few bad rows, as they come: what is wrong with each is plain to a person.
BAD_PAYMENTS = (
    {"payment": "P900001", "amount": "八千四百元", "at": "2025-02-20T10:00:00+08:00"},
    {"payment": "P900002", "amount": "120.00", "at": "2025-02-30T10:00:00+08:00"},
    {"payment": "P900003", "amount": "-55.00", "at": "2025-02-21T10:00:00+08:00"},
)
BAD_LOGINS = (
    {"account": "", "device": "d-op-1", "at": "2025-02-01T10:00:00+08:00"},
    {"account": "wechat:wxid_a001", "device": "d-op-1", "at": "yesterday evening"},
)
BAD_PENALTIES = (
    {"account": "wechat:wxid_a001", "kind": "blocked?", "at": "2025-03-03T08:00:00+08:00"},
)
REPEATED = OVERLAP
REJECTED = len(BAD_PAYMENTS) + len(BAD_LOGINS) + len(BAD_PENALTIES)


def write_files(rows: Rows, folder: Path) -> None:
    """Write one file a table, payments in two overlapping deliveries."""
    tables = rows.tables
    payments = sorted(tables["payments"], key=lambda row: row["at"])
    ends = {"from_account": "wechat:wxid_o0001", "to_account": "wechat:wxid_o0002"}
    bad = [{**ends, **row} for row in BAD_PAYMENTS]
    first, late = payments[:-LATE], payments[-LATE:]
    _csv(folder / "交易流水.csv", [*first, *bad], "gb18030", _CHINESE)
    _csv(folder / "交易流水_补充.csv", [*first[-OVERLAP:], *late], "gb18030", _CHINESE)
    logins = sorted(tables["logins"], key=lambda row: row["at"])
    _csv(folder / "logins.csv", [*logins, *BAD_LOGINS])
    _xlsx(folder / "members.xlsx", tables["members"])
    _json_lines(folder / "messages.jsonl", tables["messages"])
    _csv(folder / "penalties.csv", [*tables["penalties"], *BAD_PENALTIES])
    _csv(folder / "reports.csv", tables["reports"], "utf-16")
    for name in ("accounts", "sellers", "listings", "sales", "persons", "holdings", "rebinds"):
        _csv(folder / f"{name}.csv", tables[name], "utf-8-sig" if name == "sellers" else "utf-8")


def _columns(rows: Iterable[Row]) -> list[str]:
    return [*dict.fromkeys(name for row in rows for name in row)]


def _csv(
    path: Path, rows: Sequence[Row], encoding: str = "utf-8", headers: Row | None = None
) -> None:
    columns = _columns(rows)
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([(headers or {}).get(name, name) for name in columns])
    writer.writerows([row.get(name, "") for name in columns] for row in rows)
    path.write_bytes(text.getvalue().encode(encoding))


def _json_lines(path: Path, rows: Sequence[Row]) -> None:
    lines = (json.dumps(dict(row), ensure_ascii=False) + "\n" for row in rows)
    path.write_bytes("".join(lines).encode())


def _xlsx(path: Path, rows: Sequence[Row]) -> None:
    # Imported here: only the sample needs it, and every command would wait for it.
    import xlsxwriter

    columns = _columns(rows)
    with xlsxwriter.Workbook(
        path, {"strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        # A fixed creation date keeps the file the same to the byte.
        book.set_properties({"created": datetime(2025, 6, 1)})  # noqa: DTZ001
        sheet = book.add_worksheet("members")
        sheet.write_row(0, 0, columns)
        for number, row in enumerate(rows, start=1):
            for at, name in enumerate(columns):
                sheet.write_string(number, at, row.get(name, ""))
