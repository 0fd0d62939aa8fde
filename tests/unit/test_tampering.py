"""Ten and more kinds of tampering, each caught with the right line."""

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from graphdb.case import Case
from graphdb.casework.sealing import Custody, write_bundle
from graphdb.casework.verifying import Outside, verify_bundle

from .bundles import PACK, SPEC, edit, edit_graph, reseal, root_of, small_case


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("keys")
    for name in ("officer", "forger"):
        key, public = folder / f"{name}.pem", folder / f"{name}.pub"
        subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", key], check=True)
        subprocess.run(["openssl", "pkey", "-in", key, "-pubout", "-out", public], check=True)
    return folder


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    return small_case(tmp_path_factory.mktemp("case"))


@pytest.fixture(scope="module")
def sealed(case: Case, keys: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sealed") / "LC-1"
    write_bundle(case, SPEC, folder, Custody(signing_key=keys / "officer.pem"))
    return folder


@pytest.fixture
def copy(sealed: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(sealed, tmp_path / "copy"))


def wrong(folder: Path, outside: Outside | None = None) -> set[str]:
    """Name the lines that say no."""
    checks, verdict = verify_bundle(folder, outside)
    found = {one.name for one in checks if one.ok is False}
    assert (verdict == "not verified") == bool(found)
    return found


def payments(folder: Path) -> Path:
    return folder / "data" / "evidence" / "E03_payments.csv"


def drop_link(document: dict[str, Any]) -> None:
    document["links"].pop()
    document["controls"]["links"] -= 1


def hide_excluded(document: dict[str, Any]) -> None:
    document["excluded"].pop()
    for name in ("excluded_rows", "source_rows"):
        document["controls"][name] -= 1


def call_it_recorded(document: dict[str, Any]) -> None:
    for link in document["links"]:
        link["properties"]["evidence"] = ["E03:99"]


def test_an_edited_row_of_evidence(copy: Path) -> None:
    edit(payments(copy), "30000.00", "80000.00")
    assert {"manifest-sha256", "manifest-sm3", "evidence", "master"} <= wrong(copy)


def test_an_edited_row_with_one_manifest_rewritten(copy: Path) -> None:
    sm3 = (copy / "manifest-sm3.txt").read_bytes()
    edit(payments(copy), "30000.00", "80000.00")
    reseal(copy)
    (copy / "manifest-sm3.txt").write_bytes(sm3)
    found = wrong(copy)
    assert {"manifest-sm3", "tag manifest", "evidence"} <= found
    assert "manifest-sha256" not in found


def test_an_edited_row_with_all_manifests_rewritten(copy: Path) -> None:
    edit(payments(copy), "30000.00", "80000.00")
    reseal(copy)
    found = wrong(copy)
    assert "evidence" in found
    assert not found & {"manifest-sha256", "manifest-sm3", "tag manifest"}


@pytest.mark.parametrize(
    ("file", "old", "new", "line"),
    [
        ("exhibit/chart-01.svg", "30,000.00", "80,000.00", "svg"),
        ("exhibit/timeline-01.svg", "2025-03-01", "2025-03-09", "svg"),
        ("exhibit/links.csv", "30000.00", "80000.00", "csv"),
        ("exhibit/chart.html", "</body>", "<script>1</script></body>", "html"),
        ("exhibit/graph.anx", "6200000201", "6200000999", "exports"),
        ("evidence_index.csv", "Bank of Example", "Somebody else", "csv"),
        ("graph/excluded.csv", "seventy", "70", "csv"),
        ("spec/answers.json", PACK, "money/other", "json"),
    ],
)
def test_an_edited_drawing_or_list_with_all_manifests_rewritten(
    copy: Path, file: str, old: str, new: str, line: str
) -> None:
    edit(copy / "data" / file, old, new)
    reseal(copy)
    assert wrong(copy) == {line}


def test_an_edited_pdf_with_all_manifests_rewritten(copy: Path) -> None:
    pdf = copy / "data" / "exhibit" / "chart.pdf"
    pdf.write_bytes(pdf.read_bytes() + b"\n% more\n")
    reseal(copy)
    assert wrong(copy) == {"pdf"}


def test_an_edited_entry_of_the_log(copy: Path) -> None:
    edit(copy / "data/provenance/audit.jsonl", "Bank of Example", "Somebody else")
    reseal(copy)
    assert "log" in wrong(copy)


def test_a_log_without_its_end(copy: Path) -> None:
    log = copy / "data/provenance/audit.jsonl"
    log.write_bytes(b"".join(line + b"\n" for line in log.read_bytes().split(b"\n")[:-2]))
    reseal(copy)
    assert "log" in wrong(copy)


@pytest.mark.parametrize(
    ("change", "line"),
    [(drop_link, "master"), (hide_excluded, "master"), (call_it_recorded, "sources")],
)
def test_an_edited_master_with_all_manifests_rewritten(
    copy: Path, change: Callable[[dict[str, Any]], None], line: str
) -> None:
    edit_graph(copy, change)
    reseal(copy)
    assert line in wrong(copy)


def test_an_excluded_row_that_is_taken_out_of_the_list_alone(copy: Path) -> None:
    edit_graph(copy, lambda document: document.update(excluded=[]))
    reseal(copy)
    assert "control totals" in wrong(copy)


def test_a_pack_that_asks_something_else(copy: Path) -> None:
    edit(copy / "data/spec/packs" / f"{PACK}.cypher", "RETURN", "RETURN ")
    reseal(copy)
    assert "packs" in wrong(copy)


def test_a_file_that_was_put_in(copy: Path) -> None:
    (copy / "data" / "exhibit" / "chart-99.svg").write_text("<svg/>", encoding="utf-8")
    assert {"manifest-sha256", "manifest-sm3", "svg"} <= wrong(copy)


def test_a_file_that_was_taken_out(copy: Path) -> None:
    (copy / "data" / "graph" / "contradicting.csv").unlink()
    reseal(copy)
    assert wrong(copy) == {"csv"}


def test_a_tag_file_that_was_changed(copy: Path) -> None:
    edit(copy / "HOW_TO_OPEN.txt", "LC-1", "LC-2")
    assert wrong(copy) == {"tag manifest"}


def test_a_full_forgery_is_caught_by_the_hash_on_paper_and_by_nothing_else(
    sealed: Path, keys: Path, tmp_path: Path
) -> None:
    other = small_case(tmp_path / "forged", lambda text: text.replace("30000.00", "80000.00"))
    forged = tmp_path / "LC-1"
    write_bundle(other, SPEC, forged, Custody(signing_key=keys / "forger.pem"))
    checks, verdict = verify_bundle(forged)
    assert verdict == "self-consistent only", checks
    assert wrong(forged, Outside(root=root_of(sealed))) == {"root hash"}
    assert wrong(forged, Outside(key=keys / "officer.pub")) == {"signature"}


def test_a_signature_counts_only_with_a_key_from_elsewhere(sealed: Path, keys: Path) -> None:
    assert verify_bundle(sealed, Outside(key=keys / "officer.pub"))[1] == "verified"
    assert wrong(sealed, Outside(key=keys / "forger.pub")) == {"signature"}


def test_a_signature_that_was_removed(copy: Path, keys: Path) -> None:
    (copy / "seal" / "tagmanifest.sig").unlink()
    assert wrong(copy, Outside(key=keys / "officer.pub")) == {"signature"}


def test_a_log_that_names_a_file_outside_the_bundle_is_not_followed(copy: Path) -> None:
    log = copy / "data/provenance/audit.jsonl"
    lines = [json.loads(line) for line in log.read_bytes().split(b"\n")[:-1]]
    for entry in lines:
        if entry["event"] == "received":
            entry["exhibit"]["name"] = "../../outside.csv"
    log.write_text("".join(json.dumps(one) + "\n" for one in lines), encoding="utf-8")
    reseal(copy)
    assert "log" in wrong(copy)
    assert not (copy.parent / "outside.csv").exists()


# -- the time stamp


@pytest.fixture(scope="module")
def authorities(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two time-stamp authorities on this machine; nobody is asked over a network."""
    folder = tmp_path_factory.mktemp("tsa")
    (folder / "tsa.cnf").write_text(
        "[ tsa ]\ndefault_tsa = one\n[ one ]\nserial = serial\ndefault_policy = 1.2.3.4.1\n"
        "digests = sha256\nsigner_digest = sha256\naccuracy = secs:1\ness_cert_id_alg = sha256\n",
        encoding="ascii",
    )
    (folder / "serial").write_text("01\n", encoding="ascii")
    (folder / "ext.cnf").write_text("extendedKeyUsage=critical,timeStamping\n", encoding="ascii")
    for name in ("good", "bad"):
        run = ["openssl", "req", "-newkey", "rsa:2048", "-nodes"]
        subprocess.run([*run, "-x509", "-days", "30", "-subj", f"/CN={name} root", "-keyout",
                        f"{name}-ca.key", "-out", f"{name}-ca.pem"], cwd=folder, check=True,
                       capture_output=True)  # fmt: skip
        subprocess.run([*run, "-subj", f"/CN={name} tsa", "-keyout", f"{name}.key", "-out",
                        f"{name}.csr"], cwd=folder, check=True, capture_output=True)  # fmt: skip
        subprocess.run(["openssl", "x509", "-req", "-days", "30", "-in", f"{name}.csr", "-CA",
                        f"{name}-ca.pem", "-CAkey", f"{name}-ca.key", "-CAcreateserial",
                        "-extfile", "ext.cnf", "-out", f"{name}.pem"], cwd=folder, check=True,
                       capture_output=True)  # fmt: skip
    return folder


def stamp(folder: Path, authorities: Path, name: str) -> None:
    subprocess.run(
        ["openssl", "ts", "-reply", "-config", "tsa.cnf", "-queryfile",
         folder / "seal/tagmanifest.tsq", "-signer", f"{name}.pem", "-inkey", f"{name}.key",
         "-out", folder / "seal/tagmanifest.tsr"],
        cwd=authorities, check=True, capture_output=True,
    )  # fmt: skip


def test_a_time_stamp_counts_with_the_authority_that_was_given(
    copy: Path, authorities: Path
) -> None:
    stamp(copy, authorities, "good")
    checks, verdict = verify_bundle(copy, Outside(authority=authorities / "good-ca.pem"))
    assert verdict == "verified", checks
    assert wrong(copy, Outside(authority=authorities / "bad-ca.pem")) == {"time stamp"}


def test_a_time_stamp_of_another_bundle(copy: Path, authorities: Path) -> None:
    stamp(copy, authorities, "good")
    edit(copy / "HOW_TO_OPEN.txt", "LC-1", "LC-2")
    reseal(copy)
    assert wrong(copy, Outside(authority=authorities / "good-ca.pem")) == {"time stamp"}
