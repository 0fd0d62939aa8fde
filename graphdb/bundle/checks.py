"""Checks of a bundle that need nothing but the bundle: its log, its index, its sums, its packs."""

import csv
import json
from collections.abc import Iterator, Mapping
from hashlib import sha256
from io import StringIO
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives.hashes import SM3, Hash

from graphdb.bundle.nouns import Check, Master

GENESIS: Final = "0" * 64


def check_log(lines: list[bytes], head: str) -> Check:
    """Follow the hash chain of the case log to the head that the specification names."""
    previous = GENESIS
    for number, line in enumerate(lines, start=1):
        if _entry(line, "previous", previous).get("n") != number:
            return _broken(number)
        previous = sha256(line).hexdigest()
    if previous != head:
        return _other_end()
    return Check("log", ok=True, what=f"{len(lines):,} entries in one chain")


def check_served_log(lines: list[bytes], head: str, hashed: list[str] | None) -> Check:
    """Follow the chain of a redacted log, which is one of HMACs that only the key holder can make.

    ``hashed`` are the HMACs of the entries as they were, where key and log are at hand.
    """
    previous, told = "", []
    for number, line in enumerate(lines, start=1):
        entry = _entry(line, "previous_hmac", previous)
        if entry.get("n") != number:
            return _broken(number)
        previous = str(entry.get("line_hmac"))
        told.append(previous)
    if previous != head:
        return _other_end()
    what = f"{len(lines):,} entries in one chain"
    if hashed is None:
        return Check("log", ok=None, what=f"{what}, by the HMACs that the served copy states")
    if hashed != told:
        return Check("log", ok=False, what="not the log that the served copy was made from")
    return Check("log", ok=True, what=f"{what}: those of the log of the case, by the key")


def _entry(line: bytes, link: str, previous: str) -> Mapping[str, Any]:
    """Read an entry; nothing where it does not follow the one before."""
    try:
        entry: Mapping[str, Any] = json.loads(line)
    except ValueError:
        return {}
    return entry if entry.get(link) == previous else {}


def _broken(number: int) -> Check:
    return Check("log", ok=False, what=f"the chain breaks at entry {number}")


def _other_end() -> Check:
    return Check("log", ok=False, what="the log does not end where the specification says")


def check_evidence(folder: Path, master: Master, lines: list[bytes]) -> Check:
    """Compare every exhibit with its hashes in the index and at receipt, in the log."""
    name = "evidence"
    received = {}
    for line in lines:
        entry = json.loads(line)
        if entry.get("event") == "received":
            received[entry["exhibit"]["number"]] = entry["exhibit"]
    if {one["exhibit"] for one in master.exhibits} != received.keys():
        return Check(name, ok=False, what="index and log do not name the same exhibits")
    for one in master.exhibits:
        exhibit = received[one["exhibit"]]
        file = folder / "data" / "evidence" / Path(exhibit["file"]).name
        if not file.is_file():
            return Check(name, ok=False, what=f"{one['exhibit']} is missing")
        content = file.read_bytes()
        sm3 = Hash(SM3())
        sm3.update(content)
        found = (sha256(content).hexdigest(), sm3.finalize().hex())
        for told in (one, exhibit):
            if found != (told["sha256"], told["sm3"]):
                return Check(name, ok=False, what=f"{one['exhibit']} is not the file as received")
    return Check(name, ok=True, what=f"{len(master.exhibits):,} exhibits as received")


def check_controls(master: Master) -> Check:
    """Add up again: rows read = charted + excluded, and counts as stated."""
    charted = {place for one in master.entities for place in one.evidence}
    charted |= {place for one in master.links for place in one.evidence}
    told = {
        "charted_rows": len(charted),
        "excluded_rows": len(master.excluded),
        "source_rows": len(charted) + len(master.excluded),
        "entities": len(master.entities),
        "links": len(master.links),
    }
    wrong = [key for key, found in told.items() if master.controls.get(key) != found]
    if wrong or charted & {place for place, _ in master.excluded}:
        return Check("control totals", ok=False, what=f"does not add up: {', '.join(wrong)}")
    what = "source rows {source_rows:,} = charted {charted_rows:,} + excluded {excluded_rows:,}"
    return Check("control totals", ok=True, what=what.format(**told))


def check_sources(master: Master) -> Check:
    """Look behind every link: a source row that is quoted, and a rule where it is inferred."""
    quoted = {row.place for row in master.sources}
    for link in master.links:
        where = f"{link.source} {link.type} {link.target}"
        if not link.evidence or not quoted.issuperset(link.evidence):
            return Check("sources", ok=False, what=f"no source row stands behind {where}")
        if link.basis not in {"recorded", "stated", "inferred"}:
            return Check("sources", ok=False, what=f"{where} has no basis")
        if link.basis == "inferred" and not link.properties.get("rule"):
            return Check("sources", ok=False, what=f"{where} is inferred by no rule")
    return Check("sources", ok=True, what=f"every one of {len(master.links):,} links has its rows")


def check_packs(folder: Path, master: Master, ours: Mapping[str, str]) -> Check:
    """Compare the text of each pack with its hash; say where this program has another."""
    other = []
    for asked in master.asked:
        file = folder / "data" / "spec" / "packs" / f"{asked.pack}.cypher"
        if not file.is_file() or sha256(file.read_bytes()).hexdigest() != asked.sha256:
            return Check("packs", ok=False, what=f"{asked.pack} is not the text that was asked")
        if ours.get(asked.pack) != asked.sha256:
            other.append(asked.pack)
    note = f"; this program has another text of {', '.join(other)}" if other else ""
    return Check("packs", ok=True, what=f"{len(master.asked):,} texts as asked{note}")


def verdict_of(checks: list[Check]) -> str:
    """Say "verified" only if nothing failed and something outside the bundle vouches for it."""
    if any(check.ok is False for check in checks):
        return "not verified"
    outside = {"root hash", "signature", "time stamp"}
    if any(check.ok and check.name in outside for check in checks):
        return "verified"
    return "self-consistent only"


def csv_bytes(head: tuple[str, ...], rows: Iterator[tuple[object, ...]]) -> bytes:
    """Write a table as CSV that a spreadsheet reads, and of which no cell is a formula."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(head)
    for row in rows:
        cells = ["" if cell is None else str(cell) for cell in row]
        writer.writerow([f"'{c}" if c.startswith(("=", "+", "-", "@", "\t")) else c for c in cells])
    return b"\xef\xbb\xbf" + text.getvalue().encode("utf-8", "replace")
