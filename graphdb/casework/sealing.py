"""Sealing: an exhibit of a case becomes a bundle.

Joins case, packs, proving, redacting and bundle; ``write_bundle`` is the door.
"""

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
from graphdb.bundle.leaks import leaks
from graphdb.bundle.master import canonical
from graphdb.bundle.pades import Signer, sign_pdf
from graphdb.bundle.provenance import KNOWN_ISSUES, environment, prov, sampling, tool, validation
from graphdb.bundle.purpose import check_purpose, purpose_named
from graphdb.bundle.redaction import Redaction
from graphdb.bundle.seal import record_of, sign, stamp_request
from graphdb.bundle.sealed import COMMITMENTS, commitments, sealed_list
from graphdb.bundle.sheet import how_to_open
from graphdb.case import Case
from graphdb.casework.gathering import drawn, gather
from graphdb.casework.intake import OWN_HUBS
from graphdb.casework.proving import prove_packs
from graphdb.casework.redacting import redacted, redaction_for
from graphdb.errors import CheckFailed, WrongUsage, disk
from graphdb.packs import Pack, load_packs


@dataclass(frozen=True, slots=True)
class Sealed:
    """A bundle that was written: its root hash, where it stands, and what to heed."""

    folder: Path
    root: str
    files: int
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Custody:
    """What is kept apart from the bundle: the key of a redaction, who is who, keys to sign.

    ``listed`` are ids and texts to withhold; who is who is written into ``sealed_list``.
    """

    redaction_key: bytes = b""
    listed: tuple[str, ...] = ()
    sealed_list: Path | None = None
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
    redaction = None
    if spec.redact:
        key = custody.redaction_key
        redaction = redaction_for(case, master, spec.redact, custody.listed, key)
        evidence = {COMMITMENTS: commitments(master.sources, key)}
        master, log = redacted(master, redaction, log)
    payload: dict[str, Content] = {**evidence, **drawn(master)}
    packs = load_packs([one.pack for one in master.asked]) if master.asked else ()
    for pack in packs:
        payload[f"spec/packs/{pack.id}.cypher"] = pack.path.read_bytes()
    own = case.folder / OWN_HUBS
    if own.exists():
        hubs = own.read_text(encoding="utf-8")
        payload["spec/hubs.toml"] = (redaction.text(hubs) if redaction else hubs).encode()
    payload |= _provenance(master, payload, log, redaction, entries, packs)
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
    if redaction:
        _refuse_leaks(whole, redaction)
    write_bag(whole, folder)
    if custody.zipped:
        zip_bag(whole, custody.zipped)
    if redaction and custody.sealed_list:
        with disk(custody.sealed_list):
            custody.sealed_list.write_bytes(sealed_list(redaction, spec.number))
    return Sealed(folder, root, len(whole), redaction.warnings if redaction else ())


def _provenance(
    master: Master,
    payload: Mapping[str, Content],
    log: bytes,
    redaction: Redaction | None,
    entries: list[Mapping[str, Any]],
    packs: tuple[Pack, ...],
) -> dict[str, Content]:
    officers = {
        entry["exhibit"]["number"]: _by(entry, redaction)
        for entry in entries
        if entry["event"] == "received"
    }
    made = {
        name: sha256(content).hexdigest()
        for name, content in payload.items()
        if isinstance(content, bytes)
    }
    proofs: dict[str, tuple[int, int]] = {}
    for proof in prove_packs(packs):
        passed, whole = proofs.get(proof.pack, (0, 0))
        proofs[proof.pack] = (passed + proof.ok, whole + 1)
    counts = redaction.counts.items() if redaction else ()
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


def _by(entry: Mapping[str, Any], redaction: Redaction | None) -> str:
    by = str(entry["by"])
    return redaction.text(by) if redaction else by


def _refuse_leaks(files: Mapping[str, Content], redaction: Redaction) -> None:
    """Search every byte that is served for what is withheld, names of files included."""
    for name, content in files.items():
        if isinstance(content, bytes):
            for found in (
                *leaks(content, name, redaction.withheld),
                *leaks(name.encode(), f"the name of {name}", redaction.withheld),
            ):
                raise CheckFailed(
                    f"withheld text stands in the served copy: {found}",
                    fix="write the text as it stands there into a list: --redact FILE",
                )


def _line(text: str) -> str:
    return " ".join(text.split())
