"""What is kept apart from a served copy: the key, the list of who is who, and what they prove.

Rows are committed to by HMAC: a commitment binds the row, tells nothing of it, and is checked by
whoever holds the key and the evidence.
"""

import csv
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives.hashes import SM3
from cryptography.hazmat.primitives.hmac import HMAC

from graphdb.bundle.master import canonical
from graphdb.bundle.nouns import Check, Master
from graphdb.bundle.redaction import Redaction
from graphdb.bundle.withheld import Withheld
from graphdb.errors import InputRefused
from graphdb.model import SourceRow

KEY_BYTES: Final = 32
COMMITMENTS: Final = "evidence/commitments.csv"
_SHOWN: Final = 3


@dataclass(frozen=True, slots=True)
class Who:
    """The sealed list: what is withheld, what stands for it, and which names stay."""

    withheld: Withheld
    common: Mapping[str, str]

    def redaction(self, whom: str, key: bytes) -> Redaction:
        """Give the redaction that this list records."""
        return Redaction(whom, key, self.withheld, self.common, {})


def sealed_list(redaction: Redaction, number: str) -> bytes:
    """Write who is who, for ``verify --withheld`` and for those who may know."""
    return canonical(
        {
            "bundle": number,
            "keep": "sealed, apart from the served copy 密封，与送达版分开保管",
            "withheld": dict(redaction.withheld.names),
            "common": dict(redaction.common),
            "kept": sorted(redaction.withheld.kept),
        }
    )


def read_list(path: Path) -> Who:
    """Read a sealed list, or plain texts to search for, one a line.

    Raises:
        InputRefused: it is neither.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        if not text.lstrip().startswith("{"):
            lines = [line.strip() for line in text.splitlines() if line.strip()]
            return Who(Withheld(dict.fromkeys(lines, "")), {})
        told = json.loads(text)
        return Who(Withheld(dict(told["withheld"]), frozenset(told["kept"])), dict(told["common"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputRefused(
            f"the list cannot be read: {error}",
            where=str(path),
            fix="give the sealed list of the bundle (DIR_SEALED.json), or texts one a line",
        ) from error


def read_key(path: Path) -> bytes:
    """Read the key of a redaction.

    Raises:
        InputRefused: the file holds no such key.
    """
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii"))
    except (OSError, ValueError) as error:
        raise InputRefused(f"the key cannot be read: {error}", where=str(path)) from error
    if len(key) < KEY_BYTES:
        raise InputRefused("the key is too short", where=str(path), fix="let Linkwright make one")
    return key


def commitments(sources: Sequence[SourceRow], key: bytes) -> bytes:
    """Commit to rows as written by HMAC-SHA256 and HMAC-SM3: they bind, and tell nothing."""
    lines = ["place,hmac_sha256,hmac_sm3"]
    lines += [f"{row.place},{','.join(_commitment(row, key))}" for row in sources]
    return ("\n".join(lines) + "\n").encode()


def _commitment(row: SourceRow, key: bytes) -> tuple[str, str]:
    # The place is part of the text, so that equal rows do not show that they are equal.
    text = canonical({"place": row.place, "sha256": row.sha256, "cells": row.cells})
    sm3 = HMAC(key, SM3())
    sm3.update(text)
    return hmac.digest(key, text, "sha256").hex(), sm3.finalize().hex()


def committed(data: Path) -> dict[str, tuple[str, str]]:
    """Read the commitments of a served copy by place."""
    text = (data / COMMITMENTS).read_text(encoding="ascii")
    rows = csv.DictReader(StringIO(text))
    return {row["place"]: (row["hmac_sha256"], row["hmac_sm3"]) for row in rows}


def check_commitments(
    master: Master,
    there: Mapping[str, tuple[str, str]],
    key: bytes | None,
    rows: Mapping[str, SourceRow] | None,
) -> Check:
    """Compare the commitments with the places on the chart, and with the rows of the evidence."""
    name, served = "commitments", {row.place for row in master.sources}
    if lone := sorted(served ^ there.keys()):
        what = f"{_some(lone)}: on the chart or committed to, not both"
        return Check(name, ok=False, what=what)
    if key is None or rows is None:
        what = f"{len(there):,} rows are committed to; --sealed-key and --evidence check them"
        return Check(name, ok=None, what=what)
    if missing := sorted(there.keys() - rows.keys()):
        return Check(name, ok=False, what=f"not in the evidence: {_some(missing)}")
    wrong = [place for place in there if _commitment(rows[place], key) != there[place]]
    if wrong and len(wrong) == len(there):
        what = "no row agrees: this is not the key, or not the evidence, of this copy"
        return Check(name, ok=False, what=what)
    if wrong:
        return Check(name, ok=False, what=f"not the row that was committed to: {_some(wrong)}")
    return Check(name, ok=True, what=f"{len(there):,} rows of the evidence are those committed to")


def check_rows(
    master: Master, who: Who | None, key: bytes | None, rows: Mapping[str, SourceRow] | None
) -> Check:
    """Put the pseudonyms into the rows of the evidence anew, and compare with the served rows."""
    name = "served rows"
    if who is None or key is None or rows is None:
        what = "--sealed-key, --evidence and --withheld check that they are the evidence redacted"
        return Check(name, ok=None, what=what)
    redaction = who.redaction(master.spec.redact, key)
    other = [
        row.place
        for row in master.sources
        if row.place in rows
        and redaction.document(rows[row.place].cells, "cells", is_cell=True) != _lists(row.cells)
    ]
    if other:
        return Check(name, ok=False, what=f"not the evidence with pseudonyms: {_some(other)}")
    what = f"{len(master.sources):,} served rows are those of the evidence, with pseudonyms"
    return Check(name, ok=True, what=what)


def _lists(cells: Any) -> list[list[str]]:
    return [list(pair) for pair in cells]


def _some(places: Sequence[str]) -> str:
    more = f" and {len(places) - _SHOWN:,} more" if len(places) > _SHOWN else ""
    return ", ".join(places[:_SHOWN]) + more
