"""Bytes to text, strictly: a file that does not decode is refused, never guessed at."""

import codecs
from typing import Final

from graphdb.errors import InputRefused

_MAGIC: Final = (
    (b"PK\x03\x04", "a ZIP or Office file"),
    (b"PK\x05\x06", "an empty ZIP file"),
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
_ENCODING_FIX: Final = "ask for the file again, or name its encoding in a map: encoding = '...'"
_HEAD: Final = 4096
_BLANK: Final = b" \t\r\n\0"
# A few letters (一, 退) have a zero byte of their own where UTF-16 writes none for Latin.
_DOMINANT: Final = 10


def decoded(raw: bytes, encoding: str | None = None) -> str:
    """Decode a text file: by its mark, as UTF-8, UTF-16 or GB18030, in this order.

    >>> decoded("账号,设备".encode("gb18030"))
    '账号,设备'

    Raises:
        InputRefused: the file is empty, binary, or in none of these encodings.
    """
    if not raw[:_HEAD].strip(_BLANK) and not raw.strip(_BLANK):
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
        pass
    try:
        return raw.decode("gb18030")
    except UnicodeDecodeError as error:
        raise InputRefused(
            f"the text is neither UTF-8 nor GB18030: byte {raw[error.start]:#04x} at offset "
            f"{error.start:,}",
            fix=_ENCODING_FIX,
        ) from error


def _utf16_without_mark(head: bytes) -> str | None:
    """Tell UTF-16 by its zero bytes: Latin letters and separators have one in two."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if max(even, odd) <= len(head) // 20:
        return None
    if odd > _DOMINANT * even:
        return "utf-16-le"
    return "utf-16-be" if even > _DOMINANT * odd else None


def _strictly(raw: bytes, encoding: str) -> str:
    try:
        return raw.decode(encoding)
    except LookupError as error:
        raise InputRefused(f"unknown encoding '{encoding}'", fix="e.g. utf-8, gb18030") from error
    except UnicodeDecodeError as error:
        raise InputRefused(
            f"the text is not {encoding}: byte {raw[error.start]:#04x} at offset {error.start:,}",
            fix=_ENCODING_FIX,
        ) from error
