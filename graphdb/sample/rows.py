"""Rows of canonical tables, gathered while the story of the sample case is told."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from itertools import count
from random import Random

BEIJING = timezone(timedelta(hours=8))


def day(month: int, day_: int, hour: int = 12, minute: int = 0, *, year: int = 2025) -> datetime:
    """Give a time in Beijing."""
    return datetime(year, month, day_, hour, minute, tzinfo=BEIJING)


@dataclass(slots=True)
class Rows:
    """Tables under construction. The seed is fixed: the same case, byte for byte, every time."""

    tables: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    chance: Random = field(default_factory=lambda: Random(20250117))  # noqa: S311
    _payments: Iterator[int] = field(default_factory=lambda: count(100_001))

    def add(self, table: str, **cells: str | datetime | None) -> None:
        """Add a row; a time is written with its offset, nothing is an empty cell."""
        self.tables.setdefault(table, []).append(
            {
                name: cell.isoformat() if isinstance(cell, datetime) else cell or ""
                for name, cell in cells.items()
            }
        )

    def pay(
        self,
        payer: str,
        payee: str,
        yuan: float | str,
        at: datetime,
        kind: str = "transfer",
        memo: str = "",
    ) -> str:
        """Add a payment and give its number."""
        number = f"P{next(self._payments)}"
        channel = "bank" if payer.startswith("bank:") else "wechat_pay"
        self.add(
            "payments",
            payment=number,
            from_account=payer,
            to_account=payee,
            amount=yuan if isinstance(yuan, str) else f"{yuan:.2f}",
            at=at,
            currency="CNY",
            channel=channel,
            kind=kind,
            status="success",
            memo=memo,
        )
        return number

    def log_in(self, account: str, device: str, at: datetime, ip: str, kind: str = "phone") -> None:
        """Add a login."""
        self.add("logins", account=account, device=device, at=at, ip=ip, device_kind=kind)

    def minutes(self, low: int, high: int) -> timedelta:
        """Give a span of minutes by chance."""
        return timedelta(minutes=self.chance.randint(low, high))
