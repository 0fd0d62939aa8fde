"""Work ahead: the next items are made while the one before them is being used."""

from collections import deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

T = TypeVar("T")
_END: Final = object()
# A block of a return becomes up to three parts, two of which are small: the next block is begun
# while the first of them is in use.
_AHEAD: Final = 3


def ahead(items: Iterator[T]) -> Iterator[T]:
    """Give items in their order, a few of them made in a second thread while one is in use.

    It pays where making them leaves Python's lock, as polars and hashing do. What making one
    raises is raised here, in its place.

    >>> list(ahead(iter("abcde")))
    ['a', 'b', 'c', 'd', 'e']
    """
    with ThreadPoolExecutor(max_workers=1) as aside:
        coming = deque(aside.submit(next, items, _END) for _ in range(_AHEAD))
        while (item := coming.popleft().result()) is not _END:
            coming.append(aside.submit(next, items, _END))
            yield item  # type: ignore[misc]
