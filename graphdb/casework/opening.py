"""Opening: whoever keeps the evidence of a served copy reads its rows again, to compare them.

Joins evidence and bundle. The files are found by their hash, wherever they lie in a folder; one
that was changed is read in place of the one that was received, so that its rows can be named.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from graphdb.bundle import Master
from graphdb.casework.redacting import hashed_entry
from graphdb.errors import InputRefused
from graphdb.evidence import ReadOptions, quote_rows
from graphdb.evidence.custody import sha256_of
from graphdb.model import Place, SourceRow


def rows_behind(lines: Sequence[bytes], master: Master, folder: Path) -> dict[str, SourceRow]:
    """Quote from the evidence the rows that a served copy shows, by place.

    ``lines`` is the log, which says how each exhibit is read.

    Raises:
        InputRefused: an exhibit is not in the folder.
    """
    wanted: dict[str, list[Place]] = {}
    for row in master.sources:
        place = Place.parse(row.place)
        wanted.setdefault(place.exhibit.partition("/")[0], []).append(place)
    received = _received(lines)
    by_hash = {sha256_of(path): path for path in sorted(folder.rglob("*")) if path.is_file()}
    rows: dict[str, SourceRow] = {}
    for number, places in sorted(wanted.items()):
        entry = received.get(number)
        if entry is None:
            raise InputRefused(f"the log does not tell of {number}")
        exhibit = entry["exhibit"]
        file = by_hash.get(exhibit["sha256"]) or _like(folder, number)
        options = ReadOptions.from_record(entry["options"])
        for place, cells in quote_rows(file, number, options, places, exhibit["name"]).items():
            rows[str(place)] = SourceRow(str(place), exhibit["name"], exhibit["sha256"], cells)
    return rows


def hashed_log(folder: Path, key: bytes) -> list[str] | None:
    """Give the HMACs of the entries of the log that lies with the evidence, if it does."""
    for name in ("case.log", "audit.jsonl"):
        for path in sorted(folder.rglob(name)):
            return [hashed_entry(line, key) for line in path.read_bytes().split(b"\n")[:-1]]
    return None


def _received(lines: Sequence[bytes]) -> dict[str, Mapping[str, Any]]:
    """Give how each exhibit was read last, as a case quotes it."""
    entries = (json.loads(line) for line in lines)
    return {one["exhibit"]["number"]: one for one in entries if one["event"] == "received"}


def _like(folder: Path, number: str) -> Path:
    """Find the file that bears the number of an exhibit, though it is not the one received."""
    for path in sorted(folder.rglob(f"{number}_*")):
        if path.is_file():
            return path
    raise InputRefused(
        f"no file here is {number}",
        where=str(folder),
        fix="--evidence with the case, or with the bundle that was not redacted",
    )
