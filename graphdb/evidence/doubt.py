"""Texts that two encodings can read: what a few letters do not decide, the officer must.

Chinese of GB18030 may be UTF-8 by chance (``业``), and names of Europe in Latin-1 may be GB18030
(``Müller``). Both end with the first word that is in one of the two only.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from graphdb.errors import quoted

_LETTERS: Final = re.compile(r"[^\W\d_a-zA-Z]+")
_CHINESE: Final = re.compile(r"[\u4e00-\u9fff]+")
_OF_THREE_BYTES: Final = "\u0800"
_WORD: Final = re.compile(rb"[A-Za-z]*[\x80-\xff][A-Za-z\x80-\xff]*")
# Letters of Latin-1: all but two of its upper half, the signs of multiplication and division.
_ACCENTED: Final = frozenset(range(0xC0, 0x100)) - {0xD7, 0xF7}
_PIECE: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Doubt:
    """A word of a text as it is read, and as another encoding would have it."""

    word: str
    read_as: str
    other: str
    encoding: str

    def __str__(self) -> str:
        """Tell both, and what to do."""
        return (
            f"{quoted(self.word)} is read as {self.read_as}; as {self.encoding} it would be "
            f"{quoted(self.other)}: if that is right, add the file with "
            f"--encoding {self.encoding}"
        )


def doubt_of(path: Path, head: str, encoding: str) -> Doubt | None:
    """Tell whether a text without a mark may be in another encoding than the one it is read in."""
    if encoding == "utf-8":
        return _of_utf8(head)
    return _of_gb18030(path) if encoding == "gb18030" else None


def _of_utf8(head: str) -> Doubt | None:
    # Chinese of UTF-8 has three bytes a letter; of two are letters of other scripts.
    words = set(_LETTERS.findall(head))
    if any(max(word) >= _OF_THREE_BYTES for word in words):
        return None
    try:
        pairs = {word: word.encode().decode("gb18030") for word in sorted(words)}
    except UnicodeDecodeError:
        return None
    if not all(_CHINESE.fullmatch(other) for other in pairs.values()):
        return None
    return next((Doubt(word, "UTF-8", other, "gb18030") for word, other in pairs.items()), None)


def _of_gb18030(path: Path) -> Doubt | None:
    found: Doubt | None = None
    for word in _words(path):
        if not _is_european(word):
            return None
        if found is None:
            read = word.decode("gb18030", "replace")
            found = Doubt(read, "GB18030", word.decode("latin-1"), "latin-1")
    return found


def _is_european(word: bytes) -> bool:
    """Tell whether a word may be one of Latin-1: plain letters, and fewer with accents.

    >>> _is_european("Müller".encode("latin-1")), _is_european("张A".encode("gb18030"))
    (True, False)
    """
    others = [letter for letter in word if not chr(letter).isascii()]
    return _ACCENTED.issuperset(others) and 2 * len(others) < len(word)


def _words(path: Path) -> Iterator[bytes]:
    """Give the words of a text that are not plain ASCII."""
    with path.open("rb") as file:
        while lines := file.readlines(_PIECE):
            for line in lines:
                yield from _WORD.findall(line)
