"""Bytes to text, strictly: a file that does not decode is refused, never guessed at."""

import codecs
from typing import Final

from graphdb.errors import InputRefused

_MAGIC: Final = (
    (b"PK\x03\x04", "a ZIP or Office file"),
    (b"%PDF", "a PDF"),
    (b"\xd0\xcf\x11\xe0", "an old Office file (.xls, .doc)"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"SQLite format 3", "a database"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
)
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_HEAD: Final = 4096


def decoded(raw: bytes, encoding: str | None = None) -> str:
    """Decode a text file: by its mark, as UTF-8, UTF-16 or GB18030, in this order.

    >>> decoded("账号,设备".encode("gb18030"))
    '账号,设备'

    Raises:
        InputRefused: the file is empty, binary, or in none of these encodings.
    """
    if not raw.strip(b" \t\r\n\0"):
        raise InputRefused("the file is empty", fix="ask for the file again")
    for magic, what in _MAGIC:
        if raw.startswith(magic):
            raise InputRefused(
                f"this is no text but {what}", fix="export it as CSV, XLSX or JSON Lines"
            )
    if encoding is not None:
        return _strictly(raw, encoding)
    for mark, name in _BOMS:
        if raw.startswith(mark):
            return _strictly(raw[len(mark) :], name)
    guess = _utf16_without_mark(raw[:_HEAD])
    if guess is not None:
        return _strictly(raw, guess)
    if b"\0" in raw:
        raise InputRefused(
            f"this is no text: byte 0 at offset {raw.index(0):,}",
            fix="export it as CSV, XLSX or JSON Lines",
        )
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return _strictly(raw, "gb18030")


def _utf16_without_mark(head: bytes) -> str | None:
    """Tell UTF-16 by its zero bytes: Latin letters and separators have one in two."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd > len(head) // 20 and even == 0:
        return "utf-16-le"
    return "utf-16-be" if even > len(head) // 20 and odd == 0 else None


def _strictly(raw: bytes, encoding: str) -> str:
    try:
        return raw.decode(encoding)
    except LookupError as error:
        raise InputRefused(f"unknown encoding '{encoding}'", fix="e.g. utf-8, gb18030") from error
    except UnicodeDecodeError as error:
        raise InputRefused(
            f"the text is neither UTF-8 nor {encoding}: byte {raw[error.start]:#04x} at offset "
            f"{error.start:,}",
            fix="ask for the file again, or name its encoding in a map: encoding = '...'",
        ) from error
