"""How papers write an entity, and by which rule each form is that entity.

The forms are cells of the source rows, never ours. Which of them mean an id is told by the very
steps by which rows are read, and the rules are what changed between the steps.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from graphdb.evidence.cells import account, cleaned, number
from graphdb.identity import paper_number, spelled
from graphdb.model import Entity, SourceRow

_AS_WRITTEN: Final = "equal to the id as it is written"
_TIDIED: Final = (
    "blanks, tabs, invisible characters and a guarding apostrophe around it are left out"
)
_HALF_WIDTH: Final = "full-width characters are written in half width"
_UNFLOATED: Final = "the .0 that a spreadsheet puts behind a number is left out"
_SPELLED: Final = {
    "Account": "blanks and hyphens between the digits of a card are left out",
    "Phone": "blanks, hyphens and brackets are left out, a mainland mobile number has +86",
    "IP": "an address is written in small letters",
    "Person": "the check digit of an identity number is a capital X",
}
_WITHIN: Final = "the format takes the number out of a cell that says more"
_KEPT_APART: Final = "a name, or a number partly hidden or rounded, is known in its own paper only"
_DIGEST: Final = "a digest of the row parts it from other payments of that number"
# A cell of fewer digits may be an amount or a count.
_TELLING: Final = 5


@dataclass(frozen=True, slots=True)
class Spelling:
    """A form in which papers write an id, the rule that makes it that id, and its places."""

    id: str
    text: str
    rule: str
    places: tuple[str, ...]


def spellings(
    entity: Entity, ids: Collection[str], sources: Sequence[SourceRow]
) -> tuple[Spelling, ...]:
    """Find the forms in which source rows write the ids of an entity, with the rule of each."""
    cells = [(row.place, text) for row in sources for _, text in row.cells if text.strip()]
    texts = [*dict.fromkeys(text for _, text in cells if not _is_short_number(text))]
    found: dict[tuple[str, str, str], dict[str, None]] = {}
    for id_ in sorted(ids):
        bare, added = _bare(entity.label, id_)
        number_ = bare.partition(":")[2]
        forms = _forms(entity.label, bare, texts)
        told = {place for place, text in cells if text in forms}
        for place, text in cells:
            if text in forms:
                rules = forms[text]
            elif place not in told and len(number_) >= _TELLING and number_ in text:
                rules = (_WITHIN,)
            else:
                continue
            rule = "; ".join((*rules, *added)) or _AS_WRITTEN
            found.setdefault((id_, text, rule), {})[place] = None
    return tuple(Spelling(*key, tuple(places)) for key, places in sorted(found.items()))


def _is_short_number(text: str) -> bool:
    return len(text) < _TELLING and text.isdigit()


def _bare(label: str, id_: str) -> tuple[str, tuple[str, ...]]:
    """Give an id as a paper may write it, and the rule by which more was added to it.

    >>> _bare("Account", "bank:E01/6222****0001")[0]
    'bank:6222****0001'
    """
    prefix, _, number_ = id_.partition(":")
    if label == "Payment":
        own = pl.select(paper_number(pl.lit(number_))).item()
        return f"{prefix}:{own}", (_DIGEST,) if own != number_ else ()
    _, is_apart, own = number_.partition("/")
    if label != "Account" or not is_apart:
        return id_, ()
    return f"{prefix}:{own.partition('@')[0]}", (_KEPT_APART,)


def _forms(label: str, id_: str, texts: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Give those of some texts that are read as an id, each with the rules that make it so."""
    written = pl.Series(texts, dtype=pl.String)
    tidy = cleaned(written)
    prefix = id_.partition(":")[0]
    if label == "Account":
        platforms = pl.Series([prefix], dtype=pl.String).new_from_index(0, len(tidy))
        read = account(tidy, platforms).value
    else:
        read = number(tidy).value
    if label == "Group":
        bare = pl.col("read").str.strip_prefix(f"{prefix}:")
        id_of = pl.lit(f"{prefix}:") + bare
    else:
        id_of = spelled(label, pl.col("read"))
    steps = pl.DataFrame({"text": written, "tidy": tidy, "read": read})
    return {
        text: tuple(_rules(label, id_, text, tidy_, read_))
        for text, tidy_, read_ in steps.filter(id_of == id_).iter_rows()
    }


def _rules(label: str, id_: str, text: str, tidy: str, read: str) -> Iterator[str]:
    """Say what was done to a text on its way to an id: ``tidy``, then ``read``, then the id."""
    if tidy != text:
        yield _TIDIED
    if label == "Account":
        platform, _, read = read.partition(":")
        head, is_named, tail = tidy.replace("：", ":", 1).partition(":")
        if not is_named:
            yield f"the row, its file or the officer says that the platform is {platform}"
        elif head.strip() != platform:
            yield f"the platform '{head.strip()}' is called {platform}"
        tidy = tail.strip() if is_named else tidy
    if not tidy.isascii() and read.isascii():
        yield _HALF_WIDTH
    if tidy.endswith(".0") and not read.endswith(".0"):
        yield _UNFLOATED
    if read not in (id_, id_.partition(":")[2]):
        yield _SPELLED[label]
