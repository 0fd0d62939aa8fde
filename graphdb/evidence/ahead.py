"""Work ahead: the next item is made while the one before it is being used."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

T = TypeVar("T")
_END: Final = object()


def ahead(items: Iterator[T]) -> Iterator[T]:
    """Give items in their order, each made in a second thread while the one before is in use.

    It pays where making them leaves Python's lock, as polars and hashing do. What making one
    raises is raised here, in its place.

    >>> list(ahead(iter("abc")))
    ['a', 'b', 'c']
    """
    with ThreadPoolExecutor(max_workers=1) as aside:
        coming = aside.submit(next, items, _END)
        while (item := coming.result()) is not _END:
            coming = aside.submit(next, items, _END)
            yield item  # type: ignore[misc]
