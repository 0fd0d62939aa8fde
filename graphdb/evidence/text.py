"""Bytes to text, strictly: a file that does not decode is refused, never guessed at."""

import codecs
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import BinaryIO, Final

import polars as pl

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
_ENCODING_FIX: Final = "ask for the file again, or name its encoding, e.g. --encoding latin-1"
_HEAD: Final = 4096
_PART: Final = 1 << 24
# The first byte of a character of several bytes, and those that follow it.
_LEADS: Final = 0xC0
_FOLLOWS: Final = 0x80
_BLANK: Final = b" \t\r\n\0"
# A few letters (一, 退) have a zero byte of their own where UTF-16 writes none for Latin.
_DOMINANT: Final = 10


def encoding_of(path: Path, named: str | None = None) -> tuple[str, int]:
    """Tell the encoding of a text file, by decoding all of it, and how many bytes its mark has.

    In this order: by its mark, UTF-16 by its zero bytes, UTF-8, GB18030; ``named`` is what the
    officer says it is.

    Raises:
        InputRefused: the file is empty, binary, or in none of these encodings.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD)
        for magic, what in _MAGIC:
            if head.startswith(magic):
                raise InputRefused(
                    f"this is no text but {what}", fix="export it as CSV, XLSX or JSON Lines"
                )
        if not head.strip(_BLANK) and all(not part.strip(_BLANK) for part in _parts(file)):
            raise InputRefused("the file is empty", fix="ask for the file again")
        if named is not None:
            return _checked(file, _known(named), 0)
        for mark, name in _BOMS:
            if head.startswith(mark):
                return _checked(file, name, len(mark))
        guess = _utf16_without_mark(head)
        if guess is not None:
            return _checked(file, guess, 0)
        if _is_utf8(file):
            return "utf-8", 0
        wrong = _undecodable(file, "gb18030", 0)
        if wrong is None:
            return "gb18030", 0
        offset, byte = wrong
        raise InputRefused(
            f"the text is neither UTF-8 nor GB18030: byte {byte:#04x} at offset {offset:,}",
            fix=_ENCODING_FIX,
        )


def _parts(file: BinaryIO, start: int = 0) -> Iterator[bytes]:
    file.seek(start)
    while part := file.read(_PART):
        yield part


def _is_utf8(file: BinaryIO) -> bool:
    """Tell whether all of a file is UTF-8; a zero byte is in no text."""
    before, rest, is_utf8 = 0, b"", True
    for part in _parts(file):
        if b"\0" in part:
            raise InputRefused(
                f"this is no text: byte 0 at offset {before + part.index(0):,}",
                fix="export it as CSV, XLSX or JSON Lines",
            )
        before += len(part)
        if is_utf8:
            whole = rest + part
            end = _whole(whole)
            is_utf8, rest = _fits_utf8(whole[:end]), whole[end:]
    return is_utf8 and _fits_utf8(rest)


def _whole(part: bytes) -> int:
    """Say where the last character of UTF-8 begins, if it may go on behind the end of a part."""
    for back in range(1, min(4, len(part)) + 1):
        if part[-back] >= _LEADS:
            return len(part) - back
        if part[-back] < _FOLLOWS:
            break
    return len(part)


def _fits_utf8(part: bytes) -> bool:
    # polars checks UTF-8 many times faster than Python decodes it, and as strictly.
    try:
        pl.Series([part], dtype=pl.Binary).cast(pl.String)
    except pl.exceptions.ComputeError:
        return False
    return True


def _undecodable(file: BinaryIO, encoding: str, start: int) -> tuple[int, int] | None:
    """Decode a file part by part; give offset and value of the first byte that does not fit."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    before = start
    held = 0
    for part in chain(_parts(file, start), [b""]):
        try:
            decoder.decode(part, final=not part)
        except UnicodeDecodeError as error:
            return before - held + error.start, error.object[error.start]
        before += len(part)
        held = len(decoder.getstate()[0])
    return None


def _checked(file: BinaryIO, encoding: str, start: int) -> tuple[str, int]:
    wrong = _undecodable(file, encoding, start)
    if wrong is not None:
        offset, byte = wrong
        raise InputRefused(
            f"the text is not {encoding}: byte {byte:#04x} at offset {offset:,}", fix=_ENCODING_FIX
        )
    return encoding, start


def _known(encoding: str) -> str:
    try:
        return codecs.lookup(encoding).name
    except LookupError as error:
        raise InputRefused(f"unknown encoding '{encoding}'", fix="e.g. utf-8, gb18030") from error


def _utf16_without_mark(head: bytes) -> str | None:
    """Tell UTF-16 by its zero bytes: Latin letters and separators have one in two."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if max(even, odd) <= len(head) // 20:
        return None
    if odd > _DOMINANT * even:
        return "utf-16-le"
    return "utf-16-be" if even > _DOMINANT * odd else None
