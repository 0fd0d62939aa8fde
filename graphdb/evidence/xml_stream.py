"""Long XML documents, read element by element: the memory is that of one and not of the file."""

from collections.abc import Collection, Iterator
from typing import IO, Any

from graphdb.errors import InputRefused


def local(element: Any) -> str:
    """Give the name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def elements(file: IO[bytes], names: Collection[str], what: str) -> Iterator[Any]:
    """Give the outermost elements of some names one by one; each is gone when the next comes.

    Raises:
        InputRefused: ``what`` ("this chart") is no whole XML, or brings entities of its own.
    """
    from xml.etree.ElementTree import ParseError  # only its error

    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import iterparse

    opened: list[Any] = []
    wanted = 0
    try:
        for event, element in iterparse(file, events=("start", "end"), forbid_dtd=True):
            if event == "start":
                opened.append(element)
                wanted += local(element) in names
                continue
            opened.pop()
            is_wanted = local(element) in names
            wanted -= is_wanted
            if wanted:
                continue
            if is_wanted:
                yield element
            # What is read is let go, or the memory is that of the whole document.
            element.clear()
            if opened:
                opened[-1].remove(element)
    except (ParseError, DefusedXmlException, UnicodeError, ValueError, LookupError) as error:
        raise InputRefused(f"{what} is broken: {error}", fix="export it again") from error
