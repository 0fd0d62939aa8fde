"""Verifying: a bundle is checked, made again from its evidence, and compared byte by byte.

Joins case and bundle; ``verify_bundle`` is the door. It needs nothing but the bundle, and what the
verifier brings along: the root hash on paper, a key, a certificate.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from graphdb import __version__
from graphdb.bundle import Check, Master, Spec
from graphdb.bundle.bag import (
    Content,
    check_bag,
    is_inside,
    root_hash,
)
from graphdb.bundle.checks import (
    check_controls,
    check_evidence,
    check_log,
    check_packs,
    check_served_log,
    check_sources,
    verdict_of,
)
from graphdb.bundle.leaks import leaks
from graphdb.bundle.master import canonical, master_json, master_of
from graphdb.bundle.pades import check_signed_pdf
from graphdb.bundle.provenance import environment, tool_here, tool_of
from graphdb.bundle.seal import check_signature, check_stamp
from graphdb.bundle.sealed import Who, check_commitments, check_rows, committed
from graphdb.case import Case
from graphdb.casework.gathering import drawn, exhibits_of, gather
from graphdb.casework.intake import OWN_HUBS
from graphdb.casework.opening import hashed_log, rows_behind
from graphdb.errors import GraphdbError, InputRefused, WrongUsage, disk
from graphdb.evidence import ReadOptions
from graphdb.evidence.custody import sha256_of
from graphdb.packs import load_packs

_AGAIN: Final = {"svg": ".svg", "csv": ".csv", "html": ".html", "pdf": ".pdf"}


@dataclass(frozen=True, slots=True)
class Outside:
    """What the verifier brings along: root hash, keys, and what is kept apart from a served copy.

    ``who`` is the sealed list, ``sealed_key`` the key of the pseudonyms, ``evidence`` a folder that
    holds the files as received, and perhaps the log of the case.
    """

    root: str = ""
    key: Path | None = None
    authority: Path | None = None
    who: Who | None = None
    pdf_root: Path | None = None
    sealed_key: bytes | None = None
    evidence: Path | None = None


def verify_bundle(folder: Path, outside: Outside | None = None) -> tuple[list[Check], str]:
    """Check a bundle on a machine that never saw the case; give the checks and the verdict.

    Raises:
        WrongUsage: the folder is no bundle.
    """
    outside = outside or Outside()
    if not (folder / "bagit.txt").is_file():
        raise WrongUsage("there is no bundle here", where=str(folder), fix="name its folder")
    checks = [_root(folder, outside.root), *check_bag(folder)]
    checks += [check_signature(folder, outside.key), check_stamp(folder, outside.authority)]
    checks.append(check_signed_pdf(folder, outside.pdf_root, outside.authority))
    try:
        checks += _contents(folder, outside)
    except (GraphdbError, OSError, ValueError, KeyError, TypeError, IndexError) as error:
        checks.append(Check("contents", ok=False, what=f"cannot be read: {error}".splitlines()[0]))
    checks.append(_leak_check(folder, outside.who))
    return checks, verdict_of(checks)


def tools_of(folder: Path) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Tell by what a bundle was made, and by what it is checked here."""
    try:
        made = tool_of(folder / "data")
    except (OSError, ValueError, AttributeError):
        made = {}  # the checks tell what is wrong with it
    return made, tool_here(__version__)


def _root(folder: Path, told: str) -> Check:
    found = root_hash(folder)
    if not told:
        return Check("root hash", ok=None, what=f"{found}: compare it with the signed paper record")
    good = "".join(told.split()).lower() == found
    what = "as on the paper record" if good else f"this bundle has {found}, not the one given"
    return Check("root hash", ok=good, what=what)


def _contents(folder: Path, outside: Outside) -> Iterator[Check]:
    data = folder / "data"
    master = master_of(json.loads((data / "graph" / "graph.json").read_bytes()))
    spec, is_served = master.spec, bool(master.spec.redact)
    lines = (data / "provenance" / "audit.jsonl").read_bytes().split(b"\n")[:-1]
    if is_served:
        yield from _served(data, master, lines, outside)
        log = evidence = None
    else:
        log = check_log(lines, spec.log_head)
        evidence = check_evidence(folder, master, lines)
        yield from (log, evidence)
    yield check_packs(folder, master, {p.id: sha256_of(p.path) for p in load_packs()})
    yield check_controls(master)
    yield check_sources(master)
    again = master
    if is_served:
        what = "not derived again: the evidence is kept apart; it is drawn again from its rows"
        yield Check("master", ok=None, what=what)
    elif log and log.ok and evidence and evidence.ok:
        try:
            again = _derived_again(data, spec, lines)
        except GraphdbError as error:
            yield Check("master", ok=False, what=f"cannot be derived again: {error.what}")
            return
        same = canonical(master_json(again)) == (data / "graph" / "graph.json").read_bytes()
        what = "derived again from the evidence: the same bytes"
        if not same:
            what = "the evidence does not give this graph"
        yield Check("master", ok=same, what=what)
    else:
        yield Check("master", ok=False, what="not derived again: log or evidence do not hold")
    yield from _compared(data, drawn(again))


def _served(data: Path, master: Master, lines: list[bytes], outside: Outside) -> Iterator[Check]:
    """Check a served copy: by itself as far as that goes, and by what is kept apart."""
    key, folder = outside.sealed_key, outside.evidence
    hashed = hashed_log(folder, key) if key and folder else None
    log = check_served_log(lines, master.spec.log_head, hashed)
    yield log
    yield Check("evidence", ok=None, what="kept apart; rows are committed to by HMAC")
    rows = None
    try:
        rows = rows_behind(lines, master, folder) if folder else None
        yield check_commitments(master, committed(data), key, rows)
    except GraphdbError as error:
        yield Check("commitments", ok=False, what=f"cannot be compared: {error.what}")
    yield check_rows(master, outside.who, key, rows)


def _compared(data: Path, files: Mapping[str, Content]) -> Iterator[Check]:
    """Compare what was drawn again with what is there, by kind."""
    there = {
        path.relative_to(data).as_posix()
        for place in ("exhibit", "graph", "spec")
        for path in (data / place).rglob("*")
        if path.is_file() and not path.relative_to(data).as_posix().startswith("spec/packs/")
    } | {"evidence_index.csv"}
    there.discard("spec/hubs.toml")
    kinds: dict[str, list[str]] = {"json": [], **{kind: [] for kind in _AGAIN}, "exports": []}
    for name in sorted(there | files.keys()):
        suffix = Path(name).suffix
        kind = next((kind for kind, ending in _AGAIN.items() if ending == suffix), "exports")
        if suffix == ".json" and not name.startswith("exhibit/"):
            kind = "json"
        kinds[kind].append(name)
    for kind, names in kinds.items():
        wrong = [name for name in names if not _is_same(data / name, files.get(name))]
        same = f"{len(names)} files drawn again: the same bytes"
        if kind == "pdf" and wrong:
            told = (data / "provenance" / "environment.lock").read_text(encoding="utf-8")
            if told != environment():
                what = "other bytes here, with other versions of packages: compare the SVG"
                yield Check(kind, ok=None, what=what)
                continue
        what = f"{wrong[0]} is not what the evidence gives" if wrong else same
        yield Check(kind, ok=not wrong, what=what)


def _is_same(path: Path, content: Content | None) -> bool:
    return isinstance(content, bytes) and path.is_file() and path.read_bytes() == content


def _derived_again(data: Path, spec: Spec, lines: list[bytes]) -> Master:
    """Load the evidence into a new case, as the log says, and gather the master again."""
    entries = [json.loads(line) for line in lines]
    with TemporaryDirectory(prefix="linkwright-", ignore_cleanup_errors=True) as temporary:
        home = Path(temporary)
        case = Case.create(home / "case", name=spec.case)
        try:
            own = data / "spec" / "hubs.toml"
            if own.is_file():
                (case.folder / OWN_HUBS).write_bytes(own.read_bytes())
            received = [entry for entry in entries if entry["event"] == "received"]
            for at, entry in enumerate(received):
                _add_again(case, data, entry, home / f"in-{at:04d}")
            for entry in entries:
                if entry["event"] == "decided":
                    case.decide(
                        entry["verdict"], entry["one"], entry["two"],
                        reason=str(entry["reason"]), by=str(entry["by"]),
                    )  # fmt: skip
            case.add([])
            return replace(gather(case, spec, data / "spec" / "packs"),
                           exhibits=_as_received(case, received))  # fmt: skip
        finally:
            case.close()


def _add_again(case: Case, data: Path, entry: Mapping[str, Any], folder: Path) -> None:
    exhibit = entry["exhibit"]
    name, file = str(exhibit["name"]), str(exhibit["file"])
    if not is_inside(name) or not is_inside(file) or "/" in file:
        raise InputRefused(f"the log names a file outside the bundle: {name}")
    copy = folder / name
    with disk(folder):
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes((data / "evidence" / file).read_bytes())
    # A name with folders is kept by adding the folder that holds it.
    path = folder if "/" in name else copy
    report = case.add([path], ReadOptions.from_record(entry["options"]))
    if [one.exhibit.number for one in report.files] != [exhibit["number"]]:
        raise InputRefused(f"{exhibit['number']} cannot be read again as the log says")


def _as_received(case: Case, received: list[dict[str, Any]]) -> tuple[Mapping[str, Any], ...]:
    """Take from the log what no evidence can tell: who received what, when, and from whom."""
    first: dict[str, dict[str, Any]] = {}
    for entry in received:
        first.setdefault(entry["exhibit"]["number"], entry)
    found = []
    for one in exhibits_of(case):
        entry = first[one["exhibit"]]
        told = {key: entry.get(key, "") for key in ("origin", "received_from", "notice")}
        found.append({**one, **told, "received_at": entry["at"], "received_by": entry["by"]})
    return tuple(found)


def _leak_check(folder: Path, who: Who | None) -> Check:
    if who is None:
        return Check("leaks", ok=None, what="give --withheld with the sealed list to search for it")
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            name = path.relative_to(folder).as_posix()
            for found in leaks(path.read_bytes(), name, who.withheld):
                return Check("leaks", ok=False, what=found)
    return Check(
        "leaks", ok=True, what=f"none of {len(who.withheld.names):,} withheld texts is in any file"
    )
