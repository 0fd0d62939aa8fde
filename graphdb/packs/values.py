"""Turn what a caller writes for a parameter into what a query takes."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from graphdb.errors import WrongUsage, quoted
from graphdb.model import Cell, minor_digits
from graphdb.packs.front import Pack, Parameter

_UNIT_MS: Final = {"s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}


def parameters_of(pack: Pack, given: Mapping[str, str]) -> dict[str, Cell]:
    """Give every parameter of a pack a value: the caller's, else the default, else null.

    Raises:
        WrongUsage: a value is not of its parameter's type or outside its bounds.
    """
    return {
        name: _typed(pack, name, parameter, given.get(name, parameter.default))
        for name, parameter in pack.parameters.items()
    }


def _typed(pack: Pack, name: str, parameter: Parameter, written: Any) -> Cell:
    if written is None:
        return None
    try:
        value: Any = _READERS[parameter.type](written)
    except (ValueError, KeyError, InvalidOperation) as error:
        raise WrongUsage(
            f"{quoted(written)} is no {parameter.type} for '{name}'",
            where=pack.id,
            fix=f"{parameter.says}; for example --set {name}={_example(parameter)}",
        ) from error
    too_small = parameter.min is not None and value < parameter.min
    too_large = parameter.max is not None and value > parameter.max
    if too_small or too_large:
        raise WrongUsage(
            f"{quoted(written)} is outside the bounds of '{name}'",
            where=pack.id,
            fix=f"at least {parameter.min}, at most {parameter.max}",
        )
    typed: Cell = value
    return typed


def time_text(written: Any) -> str:
    """Write a time with a zone as the graph keeps times.

    >>> time_text("2025-03-01T10:00:00+08:00")
    '2025-03-01T02:00:00.000Z'
    """
    time = written if isinstance(written, datetime) else datetime.fromisoformat(written)
    if time.tzinfo is None:
        raise ValueError("no zone")
    utc = time.astimezone(UTC)
    return f"{utc:%Y-%m-%dT%H:%M:%S}.{utc.microsecond // 1000:03d}Z"


def duration_ms(written: Any) -> int:
    """Read a duration such as ``90s``, ``15m``, ``2h`` or ``3d`` as milliseconds.

    >>> duration_ms("2h")
    7200000
    """
    match = re.fullmatch(r"(\d+)\s*([smhd])", str(written).strip())
    if match is None:
        raise ValueError("no duration")
    return int(match[1]) * _UNIT_MS[match[2]]


def _money(written: Any) -> int:
    minor = Decimal(str(written)).scaleb(minor_digits("CNY"))
    if minor != minor.to_integral_value():
        raise ValueError("a part of a fen")
    return int(minor)


def _bool(written: Any) -> bool:
    return {"true": True, "false": False}[str(written).lower()]


def _ids(written: Any) -> Cell:
    return [*(written if isinstance(written, list) else str(written).split(","))]


_READERS: Final[Mapping[str, Any]] = {
    "id": str,
    "text": str,
    "int": lambda written: int(str(written)),
    "float": lambda written: float(str(written)),
    "bool": _bool,
    "time": time_text,
    "duration": duration_ms,
    "money": _money,
    "ids": _ids,
}


def _example(parameter: Parameter) -> str:
    if parameter.default is not None:
        return str(parameter.default)
    return {"time": "2025-03-01T00:00:00+08:00", "id": "wechat:NUMBER"}.get(parameter.type, "...")
