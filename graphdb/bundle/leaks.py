"""The leak scan: withheld texts in the bytes of a file, by the rule that put the pseudonyms.

It looks into what a file packs away (ZIP members, PDF streams, pages and metadata) and at what it
writes otherwise (UTF-16, entities of XML, escapes of JSON and of addresses).
"""

import html
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from hashlib import sha256
from typing import Final
from urllib.parse import unquote

from graphdb.bundle.withheld import Withheld

_STREAM: Final = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.S)
_ESCAPE: Final = re.compile(r"\\u([0-9a-fA-F]{4})")
_PERCENT: Final = re.compile(r"%[0-9a-fA-F]{2}")


def leaks(content: bytes, name: str, withheld: Withheld) -> Iterator[str]:
    """Say for each withheld text that stands in a file whom it tells of."""
    found: dict[str, None] = {}
    for text in views(content):
        found |= dict.fromkeys(withheld.found(text))
    for text in found:
        stands = (
            withheld.names[text] or f"a withheld text ({sha256(text.encode()).hexdigest()[:8]})"
        )
        yield f"{name} tells who is {stands}"


def views(content: bytes) -> Iterator[str]:
    """Give every text that a reader can get out of the bytes of a file."""
    if content.startswith(b"%PDF-"):
        yield from _of_pdf(content)
        return
    yield from _texts(content)
    if content.startswith(b"PK\x03\x04"):
        yield from _of_zip(content)


def _texts(content: bytes) -> Iterator[str]:
    """Decode bytes in every way that fits them, and undo what is written by escapes."""
    for text in _decoded(content):
        yield text
        if "&" in text:
            yield html.unescape(text)
        if "\\u" in text:
            yield _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)
        if _PERCENT.search(text):
            yield unquote(text, errors="replace")


def _decoded(content: bytes) -> Iterator[str]:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        yield content.decode("utf-16", "replace")
        return
    yield content.decode("utf-8", "replace")
    if b"\x00" in content:
        for code in ("utf-16-le", "utf-16-be"):
            yield content.decode(code, "replace")
            yield content[1:].decode(code, "replace")


def _of_zip(content: bytes) -> Iterator[str]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                yield name
                yield from views(archive.read(name))
    except (zipfile.BadZipFile, RuntimeError):
        return  # damaged or locked: nobody reads it, and the manifests tell that it was changed


def _of_pdf(content: bytes) -> Iterator[str]:
    """Give what a PDF says on its pages, in its metadata, attachments and objects."""
    # Packed streams are looked at unpacked: chance puts any short text into packed bytes.
    yield from _texts(_STREAM.sub(b"stream\nendstream", content))
    for found in _STREAM.finditer(content):
        try:
            stream = zlib.decompress(found[1])
        except zlib.error:
            stream = found[1]
        yield from views(stream) if stream.startswith(b"PK") else _texts_of_stream(stream)
    import pypdfium2  # its library is large, and only a PDF needs it

    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError:
        return
    try:
        yield "\n".join(document.get_metadata_dict().values())
        for page in document:
            # Letters are drawn by their numbers in a font; only a reader gets the text back.
            part = page.get_textpage()
            yield part.get_text_range()
            part.close()
            page.close()
    finally:
        document.close()


def _texts_of_stream(stream: bytes) -> Iterator[str]:
    # A font is no text: read as UTF-16 it would be random Chinese.
    text = stream.decode("utf-8", "replace")
    yield text
    if "&" in text:
        yield html.unescape(text)
