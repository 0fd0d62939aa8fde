"""Sealing: an exhibit of a case becomes a bundle.

Joins case, packs, proving and bundle; ``write_bundle`` is the door.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from graphdb import __version__
from graphdb.bundle import Master, Spec
from graphdb.bundle.bag import (
    TAGS,
    Content,
    bag_of,
    write_bag,
    zip_bag,
)
from graphdb.bundle.checks import (
    csv_bytes,
)
from graphdb.bundle.master import canonical, master_json, master_of
from graphdb.bundle.pades import Signer, sign_pdf
from graphdb.bundle.provenance import KNOWN_ISSUES, environment, prov, sampling, tool, validation
from graphdb.bundle.purpose import check_purpose, purpose_named
from graphdb.bundle.redaction import Redaction, commitments, leaks, redaction_of
from graphdb.bundle.seal import record_of, sign, stamp_request
from graphdb.bundle.sheet import how_to_open
from graphdb.case import Case
from graphdb.errors import CheckFailed, WrongUsage
from graphdb.gathering import drawn, gather, link_order, result_of
from graphdb.intake import OWN_HUBS
from graphdb.packs import load_packs
from graphdb.proving import prove_packs


@dataclass(frozen=True, slots=True)
class Sealed:
    """A bundle that was written: its root hash, where it stands, and what to heed."""

    folder: Path
    root: str
    files: int
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Custody:
    """What is kept apart from the bundle: the key of a redaction, keys to sign, lists of ids."""

    redaction_key: bytes = b""
    listed: tuple[str, ...] = ()
    signing_key: Path | None = None
    zipped: Path | None = None
    pdf_signer: Signer | None = None


def write_bundle(case: Case, spec: Spec, folder: Path, custody: Custody | None = None) -> Sealed:
    """Write the bundle of an exhibit.

    Raises:
        WrongUsage: the purpose does not allow what would be shown, or the folder is not empty.
        CheckFailed: what was withheld stands somewhere in the served copy.
    """
    custody = custody or Custody()
    if case.docket.unfinished or case.is_behind:
        raise WrongUsage(
            "the case is not finished", where=str(case.folder), fix="linkwright add --case DIR"
        )
    entries = list(case.log.entries())
    spec = replace(spec, case=case.name, as_of=str(entries[-1]["at"]), log_head=case.log.head())
    master = gather(case, spec)
    officers = {str(entry["by"]) for entry in entries}
    purpose = purpose_named(spec.purpose)
    check_purpose(purpose, spec.title, master.links, spec.examiner, officers)
    log = (case.folder / "case.log").read_bytes()
    evidence: dict[str, Content] = {
        f"evidence/{entry.exhibit.file}": case.docket.exhibits / entry.exhibit.file
        for entry in case.docket.finished
    }
    redaction = Redaction({}, {})
    if spec.redact:
        redaction = redaction_of(master, spec.redact, custody.listed, custody.redaction_key)
        evidence = {"evidence/commitments.csv": commitments(master.sources, custody.redaction_key)}
        master = redacted(master, redaction)
        log = _redacted_log(log, redaction)
    payload: dict[str, Content] = {**evidence, **drawn(master)}
    for pack in load_packs([one.pack for one in master.asked]):
        payload[f"spec/packs/{pack.id}.cypher"] = pack.path.read_bytes()
    own = case.folder / OWN_HUBS
    if own.exists():
        payload["spec/hubs.toml"] = redaction.text(own.read_text(encoding="utf-8")).encode()
    payload |= _provenance(master, payload, log, redaction, entries)
    shown = master.spec
    tags = {
        "HOW_TO_OPEN.txt": how_to_open(
            shown.number, shown.title, purpose.en, purpose.zh, spec.redact
        )
    }
    about = (
        f"External-Identifier: {_line(shown.number)}\n"
        f"Source-Organization: {_line(shown.case)}\n"
        f"External-Description: {_line(shown.title)}\n"
        f"Bagging-Date: {spec.as_of[:10]}\n"
        f"Bag-Software-Agent: linkwright {__version__}\n"
    )
    files = bag_of(payload, tags, about)
    if redaction.names and (found := _leaks(files, redaction.names)):
        raise CheckFailed(
            f"withheld text stands in the served copy: {found[0]}",
            fix="name the further forms in a file: --redact FILE, one a line",
        )
    root_file = files[TAGS]
    assert isinstance(root_file, bytes)  # noqa: S101 - made two lines above
    root = sha256(root_file).hexdigest()
    seal = {
        "seal/record.txt": record_of(
            shown.number, shown.case, shown.title, f"{purpose.zh} / {purpose.en}", root
        ),
        "seal/tagmanifest.tsq": stamp_request(root_file),
    }
    if custody.signing_key:
        seal |= sign(root_file, custody.signing_key)
    if custody.pdf_signer:
        exhibit = files["data/exhibit/chart.pdf"]
        assert isinstance(exhibit, bytes)  # noqa: S101 - drawn above
        seal |= sign_pdf(exhibit, custody.pdf_signer, _line(f"{shown.number} {shown.title}"))
    whole = {**files, **seal}
    write_bag(whole, folder)
    if custody.zipped:
        zip_bag(whole, custody.zipped)
    return Sealed(folder, root, len(whole), redaction.warnings)


def redacted(master: Master, redaction: Redaction) -> Master:
    """Put pseudonyms for what is withheld, in an order that it does not decide."""
    plain = redaction.document(master_json(master))
    plain["entities"].sort(key=lambda one: (one["label"], one["id"]))
    served = master_of(plain)
    asked = tuple(
        replace(one, result_sha256=result_of(one.pack, served.findings)) for one in served.asked
    )
    return replace(served, links=tuple(sorted(served.links, key=link_order)), asked=asked)


def _redacted_log(log: bytes, redaction: Redaction) -> bytes:
    """Write the log with pseudonyms; each line states the hash of the line that it stands for."""
    lines = []
    for line in log.split(b"\n")[:-1]:
        entry = redaction.document(json.loads(line)) | {"line_sha256": sha256(line).hexdigest()}
        lines.append(json.dumps(entry, ensure_ascii=False, sort_keys=True).encode())
    return b"".join(line + b"\n" for line in lines)


def _provenance(
    master: Master,
    payload: Mapping[str, Content],
    log: bytes,
    redaction: Redaction,
    entries: list[Mapping[str, Any]],
) -> dict[str, Content]:
    officers = {
        entry["exhibit"]["number"]: redaction.text(str(entry["by"]))
        for entry in entries
        if entry["event"] == "received"
    }
    made = {
        name: sha256(content).hexdigest()
        for name, content in payload.items()
        if isinstance(content, bytes)
    }
    proofs: dict[str, tuple[int, int]] = {}
    for proof in prove_packs(load_packs([one.pack for one in master.asked])):
        passed, whole = proofs.get(proof.pack, (0, 0))
        proofs[proof.pack] = (passed + proof.ok, whole + 1)
    counts = redaction.counts.items()
    return {
        "provenance/audit.jsonl": log,
        "provenance/tool.json": canonical(tool(__version__)),
        "provenance/environment.lock": environment().encode(),
        "provenance/prov.json": prov(master, made, officers),
        "provenance/validation_report.md": validation(master, proofs).encode(),
        "provenance/known_issues.md": KNOWN_ISSUES.encode(),
        "provenance/sampling.json": sampling(master),
        "provenance/redaction_log.csv": csv_bytes(
            ("withheld", "how_many", "by", "row_commitments"),
            ((label, count, master.spec.redact, "HMAC-SHA256; HMAC-SM3")
             for label, count in sorted(counts)),
        ),
    }  # fmt: skip


def _leaks(files: Mapping[str, Content], withheld: Mapping[str, str]) -> list[str]:
    found: list[str] = []
    for name, content in files.items():
        if isinstance(content, bytes):
            found += leaks(content, name, withheld)
            found += leaks(name.encode(), f"the name of {name}", withheld)
    return found


def _line(text: str) -> str:
    return " ".join(text.split())


def pseudonyms(master: Master, spec: Spec, custody: Custody) -> Mapping[str, str]:
    """Tell what each pseudonym stands for; this belongs to the sealed part."""
    return redaction_of(master, spec.redact, custody.listed, custody.redaction_key).names
