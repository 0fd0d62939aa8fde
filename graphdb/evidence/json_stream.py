"""Long JSON documents, read item by item: the memory is that of one item and not of the file."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from graphdb.errors import InputRefused
from graphdb.evidence.source import Source

_PIECE: Final = 1 << 20
_PLAIN: Final = ("string", "number", "boolean", "null")


class _Utf8:
    """The text of a source as UTF-8, whatever it is written in."""

    def __init__(self, source: Source) -> None:
        self._pieces = source.pieces(_PIECE)
        self._held = b""

    def read(self, size: int = -1) -> bytes:
        while size < 0 or len(self._held) < size:
            piece = next(self._pieces, None)
            if piece is None:
                break
            self._held += piece.encode("utf-8", "replace")
        size = len(self._held) if size < 0 else size
        given, self._held = self._held[:size], self._held[size:]
        return given


def items(source: Source, prefix: str) -> Iterator[Any]:
    """Give the values at ``prefix`` (``messages.item``) one by one; numbers as int or Decimal.

    Raises:
        InputRefused: the document is broken; what stood before the break has been given.
    """
    import ijson  # only for those who have such a file

    with _whole():
        yield from ijson.items(_Utf8(source), prefix)


def items_within(source: Source, outer: str, inner: str) -> Iterator[tuple[dict[str, Any], Any]]:
    """Give the values at ``inner``, each with the plain values of the ``outer`` around it.

    What the outer says below its inner values is not known yet when they are given.

    Raises:
        InputRefused: as ``items``.
    """
    import ijson

    around: dict[str, Any] = {}
    with _whole():
        events = iter(ijson.parse(_Utf8(source)))
        for prefix, event, value in events:
            if prefix == outer and event == "start_map":
                around = {}
            elif prefix == inner:
                yield around, _built(prefix, event, value, events)
            elif prefix.rpartition(".")[0] == outer and event in _PLAIN:
                around[prefix.rpartition(".")[2]] = value


def _built(prefix: str, event: str, value: Any, events: Iterator[tuple[str, str, Any]]) -> Any:
    """Build the value that begins with an event."""
    import ijson

    builder = ijson.ObjectBuilder()
    builder.event(event, value)
    if event in ("start_map", "start_array"):
        for at, event, value in events:
            builder.event(event, value)
            if at == prefix and event in ("end_map", "end_array"):
                break
    return builder.value


@contextmanager
def _whole() -> Iterator[None]:
    import ijson

    try:
        yield
    except (ijson.JSONError, ValueError, OverflowError, ArithmeticError) as error:
        raise InputRefused(f"this is no whole JSON: {error}", fix="export it again") from error


def first(source: Source, prefix: str) -> Any:
    """Give the first value at ``prefix``; None where there is none."""
    return next(items(source, prefix), None)
