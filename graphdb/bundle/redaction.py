"""Redaction: pseudonyms for what is withheld, commitments to the rows, and a scan for leaks.

A bare hash of a card number is found by trying all card numbers; so rows are committed to by HMAC
under a key that stays apart. Pseudonyms come from the same key, in an order that tells nothing.
"""

import hmac
import json
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from typing import Any, Final

from cryptography.hazmat.primitives.hashes import SM3
from cryptography.hazmat.primitives.hmac import HMAC

from graphdb.bundle.master import canonical
from graphdb.bundle.nouns import Master
from graphdb.errors import WrongUsage
from graphdb.model import Entity, SourceRow

# Fewer withheld ones of a kind than this, and who is meant can be guessed.
FEW: Final = 5
_OWN: Final = frozenset({"HOLDS", "CONTROLS", "BOUND_TO"})
_NAMES: Final = ("nickname", "holder_name", "full_name", "shop_name")
_KINDS: Final = ("Person", "Account", "Phone")
_LEAST: Final = 2
_STREAM: Final = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.S)


@dataclass(frozen=True, slots=True)
class Redaction:
    """What is withheld, by the pseudonym that stands for it, and how many of each kind."""

    names: Mapping[str, str]
    counts: Mapping[str, int]

    @property
    def warnings(self) -> tuple[str, ...]:
        """Say where a pseudonym may be guessed because few are meant."""
        return tuple(
            f"only {count} {label} stand behind a pseudonym: who is meant may be guessed from the "
            "rest of the chart"
            for label, count in sorted(self.counts.items())
            if count < FEW
        )

    def text(self, text: str) -> str:
        """Put the pseudonyms into a text."""
        if not self.names:
            return text
        pattern = "|".join(re.escape(one) for one in sorted(self.names, key=lambda n: (-len(n), n)))
        return re.sub(pattern, lambda found: self.names[found[0]], text)

    def document(self, document: Any) -> Any:
        """Put the pseudonyms into every text of a document, keys included."""
        if isinstance(document, str):
            return self.text(document)
        if isinstance(document, Mapping):
            return {self.text(str(key)): self.document(cell) for key, cell in document.items()}
        if isinstance(document, list | tuple):
            return [self.document(cell) for cell in document]
        return document


def redaction_of(master: Master, whom: str, listed: Iterable[str], key: bytes) -> Redaction:
    """Choose what is withheld: the victims and what is theirs, everybody, or those listed.

    Raises:
        WrongUsage: nothing on the chart is withheld.
    """
    chosen = _chosen(master, whom, set(listed))
    if not chosen:
        raise WrongUsage(f"--redact {whom} withholds nothing that is on this chart")
    names: dict[str, str] = {}
    counts: dict[str, int] = {}
    for entity in sorted(chosen, key=lambda one: hmac.digest(key, one.id.encode(), "sha256")):
        counts[entity.label] = counts.get(entity.label, 0) + 1
        pseudonym = f"{entity.label}-{counts[entity.label]:03d}"
        platform = entity.id.partition(":")[0]
        for text in _texts_of(entity):
            stands = f"{platform}:{pseudonym}" if text == entity.id else pseudonym
            names.setdefault(text, stands)
    return Redaction(names, counts)


def _chosen(master: Master, whom: str, listed: set[str]) -> list[Entity]:
    by_id = {one.id: one for one in master.entities}
    if whom == "all":
        return [one for one in master.entities if one.label in _KINDS]
    if whom == "victims":
        ids = {chain.victim for chain in master.chains}
        ids |= {one.id for one in master.entities if one.properties.get("role") == "victim"}
        filed = {link.source for link in master.links if link.type == "FILED"}
        ids |= filed
    else:
        ids = listed
    reached = set(ids)
    for _ in range(2):
        reached |= {
            link.target for link in master.links if link.type in _OWN and link.source in reached
        }
    return [by_id[id_] for id_ in sorted(reached) if id_ in by_id]


def _texts_of(entity: Entity) -> Iterator[str]:
    yield entity.id
    bare = entity.id.partition(":")[2]
    if len(bare) >= _LEAST:
        yield bare
    if bare.startswith("+86"):
        yield bare[3:]
    for name in _NAMES:
        held = entity.properties.get(name)
        if isinstance(held, str) and len(held.strip()) >= _LEAST:
            yield held.strip()


def commitments(sources: Sequence[SourceRow], key: bytes) -> bytes:
    """Commit to rows as written by HMAC-SHA256 and HMAC-SM3: they bind, and tell nothing."""
    lines = ["place,hmac_sha256,hmac_sm3"]
    for row in sources:
        # The place is part of the text, so that equal rows do not show that they are equal.
        text = canonical({"place": row.place, "sha256": row.sha256, "cells": row.cells})
        sm3 = HMAC(key, SM3())
        sm3.update(text)
        first = hmac.digest(key, text, "sha256").hex()
        lines.append(f"{row.place},{first},{sm3.finalize().hex()}")
    return ("\n".join(lines) + "\n").encode()


def leaks(content: bytes, name: str, withheld: Iterable[str]) -> Iterator[str]:
    """Find withheld texts in the bytes of a file, also within archives and packed streams."""
    views = [content, *_unpacked(content)]
    joined = b"\n".join(views)
    for text in withheld:
        forms = {text.encode(), text.encode("utf-16-le"), text.encode("utf-16-be")}
        forms.add(json.dumps(text)[1:-1].encode())
        if any(form in joined for form in forms):
            yield f"{name} tells what '{sha256(text.encode()).hexdigest()[:8]}' stands for"


def _unpacked(content: bytes) -> Iterator[bytes]:
    if content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(BytesIO(content)) as archive:
            for name in archive.namelist():
                yield name.encode()
                yield archive.read(name)
    if content.startswith(b"%PDF-"):
        for found in _STREAM.finditer(content):
            try:
                yield zlib.decompress(found[1])
            except zlib.error:
                continue
