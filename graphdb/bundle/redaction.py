"""Redaction: whom it withholds, by which texts they are told, and what stands for them.

Pseudonyms come from a key that stays apart, in an order that tells nothing. A bare hash of a text
is found by trying all texts, so what is a digest of withheld rows is replaced by an HMAC.
"""

import hmac
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from graphdb.bundle.nouns import Master
from graphdb.bundle.withheld import Withheld
from graphdb.model import Entity

# Fewer withheld ones of a kind than this, and who is meant can be guessed.
FEW: Final = 5
NOT_TOLD: Final = "不予列明 not told in this copy"
_OWN: Final = frozenset({"HOLDS", "CONTROLS", "BOUND_TO"})
_NAMES: Final = ("nickname", "holder_name", "full_name", "shop_name")
# What a person is called officially; a nickname says nothing of who is not withheld.
_OFFICIAL: Final = ("holder_name", "full_name")
_KINDS: Final = ("Person", "Account", "Phone", "Seller")
# A shorter text stands in any file by chance: as an amount, a size, a word.
_LEAST_NAME: Final = 2
_LEAST_ID: Final = 5
_LEAST_NUMBER: Final = 9
_MOST: Final = 200
# Where a cell may be a name or a number as a whole.
_CELLS: Final = frozenset({*_NAMES, "number", "aliases", "values", "cells"})
# Digests of content at the end of ids that we make for rows without a number of their own.
_DIGESTS: Final = (
    (("message:", "notice:"), re.compile(r"(?<=/)[0-9a-f]{12}(?![0-9a-z])")),
    (("payment:",), re.compile(r"(?<=[:.])(?=[0-9]*[a-f])[0-9a-f]{16}(?![0-9a-z])")),
)
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Redaction:
    """What is withheld and what stands for it.

    ``common`` are texts that are too short or too usual to be sought everywhere: they are replaced
    where a cell holds nothing else. ``counts`` tells how many of each kind are withheld.
    """

    whom: str
    key: bytes
    withheld: Withheld
    common: Mapping[str, str]
    counts: Mapping[str, int]

    @property
    def warnings(self) -> tuple[str, ...]:
        """Say where a pseudonym may be guessed, and what the scan cannot look for."""
        few = [
            f"only {count} {label} stand behind a pseudonym: who is meant may be guessed from the "
            "rest of the chart"
            for label, count in sorted(self.counts.items())
            if count < FEW
        ]
        if self.common:
            shown = ", ".join(sorted(self.common)[:3])
            few.append(
                f"{len(self.common):,} withheld texts are too short or too usual to be searched "
                f"for; they are replaced only where a cell holds nothing else: {shown}"
            )
        return tuple(few)

    def text(self, text: str) -> str:
        """Put the pseudonyms into a text."""
        for starts, digest in _DIGESTS:
            if any(start in text for start in starts):
                text = digest.sub(lambda found: self.hashed(found[0])[: len(found[0])], text)
        return self.withheld.text(text)

    def document(self, document: Any, name: str = "", *, is_cell: bool = False) -> Any:
        """Put the pseudonyms into every text of a document; keys are words of ours."""
        if isinstance(document, str):
            if name == "text_sha256" or (is_cell and _DIGEST.fullmatch(document)):
                return self.hashed(document)
            if is_cell and name != "currency" and document in self.common:
                return self.common[document]
            return self.text(document)
        if isinstance(document, Mapping):
            return {
                key: self.document(one, key, is_cell=is_cell or key in _CELLS)
                for key, one in document.items()
            }
        if isinstance(document, list | tuple):
            return [self.document(one, name, is_cell=is_cell) for one in document]
        return document

    def hashed(self, text: str) -> str:
        """Put an HMAC for a digest that could be found by trying."""
        return hmac.digest(self.key, text.encode(), "sha256").hex()


def chosen_by(master: Master, whom: str, listed: Collection[str]) -> set[str]:
    """Give the ids of those who are withheld: victims or everybody, and those listed."""
    chosen = set(listed)
    if whom == "all":
        chosen |= {one.id for one in master.entities if one.label in _KINDS}
    if whom == "victims":
        chosen |= {chain.victim for chain in master.chains}
        chosen |= {one.id for one in master.entities if one.properties.get("role") == "victim"}
        chosen |= {link.source for link in master.links if link.type == "FILED"}
    for _ in range(2):
        chosen |= {
            link.target for link in master.links if link.type in _OWN and link.source in chosen
        }
    return chosen


def redaction_of(
    whom: str,
    key: bytes,
    master: Master,
    entities: Sequence[Entity],
    further: Mapping[str, Iterable[str]],
    listed: Iterable[str],
    words: str,
) -> Redaction:
    """Give pseudonyms to entities in an order that only the key tells.

    ``further`` are more names of an entity by its id, ``listed`` texts that are nobody's id;
    a text that is found among ``words``, those of the program itself, cannot be sought.
    """
    names: dict[str, str] = {}
    counts: dict[str, int] = {}
    for entity in sorted(entities, key=lambda one: hmac.digest(key, one.id.encode(), "sha256")):
        counts[entity.label] = counts.get(entity.label, 0) + 1
        pseudonym = f"{entity.label}-{counts[entity.label]:03d}"
        for id_ in (entity.id, *_aliases(entity)):
            names.setdefault(id_, f"{id_.partition(':')[0]}:{pseudonym}")
            for text in _bare_forms(id_):
                names.setdefault(text, pseudonym)
        own = [entity.properties.get(name) for name in _NAMES]
        for held in (*own, *further.get(entity.id, ())):
            if isinstance(held, str) and held.strip():
                names.setdefault(held.strip()[:_MOST], pseudonym)
    for number, text in enumerate(sorted(set(listed) - names.keys()), start=1):
        names[text[:_MOST]] = f"Text-{number:03d}"
    usual = set(Withheld(names).found(words))
    common = {
        text: stands
        for text, stands in names.items()
        if not _is_id(text) and (text in usual or _is_short(text))
    }
    sought = {text: stands for text, stands in names.items() if text not in common}
    kept = frozenset(names.values()) | _kept(master, names)
    return Redaction(whom, key, Withheld(sought, kept - sought.keys()), common, counts)


def _kept(master: Master, names: Mapping[str, str]) -> frozenset[str]:
    """Give the names of those who are not withheld that a withheld name is a part of."""
    others = {
        str(one.properties[name]).strip()
        for one in master.entities
        for name in _OFFICIAL
        if one.properties.get(name)
    }
    withheld = Withheld(names)
    return frozenset(
        name for name in others - names.keys() if len(name) <= _MOST and any(withheld.found(name))
    )


def _is_id(text: str) -> bool:
    """Tell whether a text is an id with its platform, which no other word is."""
    platform, colon, number = text.partition(":")
    return bool(platform and colon and number)


def _is_short(text: str) -> bool:
    if text.isascii() and text.isdecimal():
        return len(text) < _LEAST_NUMBER
    return len(text) < (_LEAST_ID if text.isascii() else _LEAST_NAME)


def _aliases(entity: Entity) -> Iterator[str]:
    aliases = entity.properties.get("aliases")
    if isinstance(aliases, list):
        yield from (str(one) for one in aliases)


def _bare_forms(id_: str) -> Iterator[str]:
    """Give the forms of a number without its platform.

    >>> [*_bare_forms("phone:+8613800000000")]
    ['+8613800000000', '8613800000000', '008613800000000', '13800000000']
    """
    bare = id_.partition(":")[2]
    yield bare
    if bare.startswith("+"):
        yield bare[1:]
        yield f"00{bare[1:]}"
        if bare.startswith("+86"):
            yield bare[3:]
    elif "/" in bare:
        # A counterparty that is known only by the name that a bill gives it.
        yield bare.rpartition("/")[2]
