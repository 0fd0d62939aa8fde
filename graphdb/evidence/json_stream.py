"""Long JSON documents, read item by item: the memory is that of one item and not of the file."""

from collections.abc import Iterator
from typing import Any, Final

from graphdb.errors import InputRefused
from graphdb.evidence.source import Source

_BLOCK: Final = 1 << 20


class _Utf8:
    """The text of a source as UTF-8, whatever it is written in."""

    def __init__(self, source: Source) -> None:
        self._blocks = source.blocks(_BLOCK)
        self._held = b""

    def read(self, size: int = -1) -> bytes:
        while size < 0 or len(self._held) < size:
            block = next(self._blocks, None)
            if block is None:
                break
            self._held += block.encode("utf-8", "replace")
        size = len(self._held) if size < 0 else size
        given, self._held = self._held[:size], self._held[size:]
        return given


def items(source: Source, prefix: str) -> Iterator[Any]:
    """Give the values at ``prefix`` (``messages.item``) one by one; numbers as int or Decimal.

    Raises:
        InputRefused: the document is broken; what stood before the break has been given.
    """
    import ijson  # only for those who have such a file

    try:
        yield from ijson.items(_Utf8(source), prefix)
    except (ijson.JSONError, ValueError, OverflowError, ArithmeticError) as error:
        raise InputRefused(f"this is no whole JSON: {error}", fix="export it again") from error


def first(source: Source, prefix: str) -> Any:
    """Give the first value at ``prefix``; None where there is none."""
    return next(items(source, prefix), None)
