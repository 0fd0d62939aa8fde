"""The signed copy of the exhibit: a court's reader believes it, and notices every change."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import BytesIO
from pathlib import Path
from threading import Thread

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from typer.testing import CliRunner

from cli import app
from graphdb.bundle import Check
from graphdb.bundle.pades import SIGNED, Signer, check_signed_pdf, sign_pdf
from graphdb.case import Case
from graphdb.casework.verifying import Outside, verify_bundle
from graphdb.errors import InputRefused
from tests.unit.bundles import PACK, SPEC, small_case
from tests.verapdf.check import is_possible, judge

PASSWORD = "open sesame"
SOFTHSM = (
    os.environ.get("SOFTHSM2_LIBRARY", ""),
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so",
)


@dataclass(frozen=True)
class Authority:
    """A root on this machine, and those to whom it gave certificates."""

    folder: Path
    name: str
    root: x509.Certificate
    key: EllipticCurvePrivateKey

    @property
    def pem(self) -> Path:
        return self.folder / f"{self.name}.pem"


def named(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=signs, content_commitment=signs, key_encipherment=False,
        data_encipherment=False, key_agreement=False, key_cert_sign=not signs, crl_sign=not signs,
        encipher_only=False, decipher_only=False,
    )  # fmt: skip


def issue(
    subject: str,
    key: EllipticCurvePrivateKey,
    by: Authority | None,
    since: datetime,
    days: int = 30,
) -> x509.CertificateBuilder:
    signer = by.key if by else key
    return (
        x509.CertificateBuilder()
        .subject_name(named(subject))
        .issuer_name(by.root.subject if by else named(subject))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(since + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=by is None, path_length=None), critical=True)
        .add_extension(usage(signs=by is not None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False
        )
    )


def authority(folder: Path, name: str) -> Authority:
    key = generate_private_key(SECP256R1())
    since = datetime.now(UTC) - timedelta(days=1)
    root = issue(f"{name} root", key, None, since).sign(key, SHA256())
    made = Authority(folder, name, root, key)
    made.pem.write_bytes(root.public_bytes(Encoding.PEM))
    officer = generate_private_key(SECP256R1())
    told = issue(f"Officer of {name}", officer, made, since, days=2).sign(key, SHA256())
    (folder / f"{name}.p12").write_bytes(
        pkcs12.serialize_key_and_certificates(
            b"officer", officer, told, [root], BestAvailableEncryption(PASSWORD.encode())
        )
    )
    stamper = generate_private_key(SECP256R1())
    stamps = (
        issue(f"{name} tsa", stamper, made, since)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .sign(key, SHA256())
    )
    (folder / f"{name}-tsa.pem").write_bytes(stamps.public_bytes(Encoding.PEM))
    (folder / f"{name}-tsa.key").write_bytes(
        stamper.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    return made


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return authority(tmp_path_factory.mktemp("good"), "good")


@pytest.fixture(scope="module")
def bad(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return authority(tmp_path_factory.mktemp("bad"), "bad")


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    return small_case(tmp_path_factory.mktemp("case"))


@pytest.fixture(scope="module")
def sealed(case: Case, good: Authority, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sealed") / "LC-1"
    made = CliRunner().invoke(
        app,
        ["bundle", "--case", str(case.folder), "-o", str(folder), "--purpose", "display",
         "--pack", PACK, "--title", SPEC.title, "--sign-pdf", str(good.folder / "good.p12")],
        env={"LINKWRIGHT_SIGN_PASSWORD": PASSWORD},
    )  # fmt: skip
    assert made.exit_code == 0, made.output
    return folder


@pytest.fixture
def copy(sealed: Path, tmp_path: Path) -> Path:
    """Give a place with the exhibit and its signed copy: all that this check looks at."""
    for name in ("data/exhibit/chart.pdf", SIGNED):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(sealed / name, tmp_path / name)
    return tmp_path


def test_the_signed_copy_is_checked_with_the_root_that_was_given(
    sealed: Path, good: Authority, bad: Authority
) -> None:
    checks, verdict = verify_bundle(sealed, Outside(pdf_root=good.pem))
    (line,) = (one for one in checks if one.name == "signed pdf")
    assert line.ok, line
    assert "Officer of good" in line.what
    # It vouches for the exhibit; the bundle holds more than that.
    assert verdict == "self-consistent only"
    other = check_signed_pdf(sealed, bad.pem)
    assert other.ok is False
    assert "not under the given root" in other.what
    assert check_signed_pdf(sealed, None).ok is None


def test_the_command_says_it(sealed: Path, bad: Authority) -> None:
    done = CliRunner().invoke(app, ["verify", str(sealed), "--pdf-cert", str(bad.pem)])
    assert done.exit_code == 1
    assert "signed pdf" in done.output


def test_the_signed_copy_is_the_exhibit_and_a_signature_outside_the_root_hash(
    sealed: Path,
) -> None:
    exhibit, signed = (
        (sealed / "data/exhibit/chart.pdf").read_bytes(),
        (sealed / SIGNED).read_bytes(),
    )
    assert signed.startswith(exhibit)
    assert b"/ETSI.CAdES.detached" in signed[len(exhibit) :]
    listed = "".join(path.read_text(encoding="utf-8") for path in sealed.glob("*manifest-*.txt"))
    assert "chart.pdf" in listed
    assert "chart.signed.pdf" not in listed


def test_a_changed_byte_is_noticed(copy: Path, good: Authority) -> None:
    # In the update that holds the signature; before it, the copy would not be the exhibit.
    whole, exhibit = (copy / SIGNED).read_bytes(), (copy / "data/exhibit/chart.pdf").read_bytes()
    at = whole.index(b"/Reason", len(exhibit)) + len(b"/Reason (") + 4
    changed = whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]
    (copy / SIGNED).write_bytes(changed)
    assert check_signed_pdf(copy, good.pem).ok is False


def test_what_is_added_after_the_signature_is_noticed(copy: Path, good: Authority) -> None:
    writer = IncrementalPdfFileWriter(BytesIO((copy / SIGNED).read_bytes()))
    writer.root["/Note"] = writer.add_object(writer.root["/Pages"])
    writer.update_root()
    added = BytesIO()
    writer.write(added)
    (copy / SIGNED).write_bytes(added.getvalue())
    found = check_signed_pdf(copy, good.pem)
    assert found == Check("signed pdf", ok=False, what="something was added after it was signed")


def test_the_signed_copy_of_another_exhibit_is_noticed(copy: Path, good: Authority) -> None:
    exhibit = copy / "data/exhibit/chart.pdf"
    exhibit.chmod(0o644)
    exhibit.write_bytes(exhibit.read_bytes() + b"\n")
    assert check_signed_pdf(copy, good.pem).what == "the signed copy is not this exhibit"


def test_a_signed_copy_that_was_removed_or_is_not_signed_is_noticed(
    copy: Path, good: Authority
) -> None:
    (copy / SIGNED).write_bytes((copy / "data/exhibit/chart.pdf").read_bytes())
    assert check_signed_pdf(copy, good.pem).ok is False
    (copy / SIGNED).unlink()
    assert check_signed_pdf(copy, good.pem).ok is False


@pytest.mark.parametrize(
    ("signer", "says"),
    [
        (Signer(file=Path("good.p12"), password="wrong"), "wrong password"),
        (Signer(file=Path("none.p12"), password=PASSWORD), "the key cannot be read"),
        (Signer(library=Path("none.so"), token="card", password="1234"), "cannot be signed"),
    ],
)
def test_a_key_that_does_not_open_is_told(
    sealed: Path, good: Authority, signer: Signer, says: str
) -> None:
    if signer.file:
        signer = Signer(file=good.folder / signer.file, password=signer.password)
    with pytest.raises(InputRefused, match=says):
        sign_pdf((sealed / "data/exhibit/chart.pdf").read_bytes(), signer, "LC-1")


@pytest.fixture
def stamping(good: Authority) -> Iterator[str]:
    """Serve time stamps of an authority on this machine, by openssl."""
    (good.folder / "tsa.cnf").write_text(
        "[ tsa ]\ndefault_tsa = one\n[ one ]\nserial = serial\ndefault_policy = 1.2.3.4.1\n"
        "digests = sha256\nsigner_digest = sha256\naccuracy = secs:1\ness_cert_id_alg = sha256\n",
        encoding="ascii",
    )
    (good.folder / "serial").write_text("01\n", encoding="ascii")

    class Stamper(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            query = good.folder / "query.tsq"
            query.write_bytes(self.rfile.read(int(self.headers["Content-Length"])))
            reply = good.folder / "reply.tsr"
            subprocess.run(
                ["openssl", "ts", "-reply", "-config", "tsa.cnf", "-queryfile", query,
                 "-signer", "good-tsa.pem", "-inkey", "good-tsa.key", "-out", reply],
                cwd=good.folder, check=True, capture_output=True,
            )  # fmt: skip
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.end_headers()
            self.wfile.write(reply.read_bytes())

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Stamper) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()


def test_a_stamped_signature_says_when(
    copy: Path, good: Authority, bad: Authority, stamping: str
) -> None:
    signer = Signer(file=good.folder / "good.p12", password=PASSWORD, stamps=stamping)
    signed = sign_pdf((copy / "data/exhibit/chart.pdf").read_bytes(), signer, "LC-1")
    (copy / SIGNED).write_bytes(signed[SIGNED])
    found = check_signed_pdf(copy, good.pem)
    assert found.ok, found
    assert "stamped at 20" in found.what
    # The time stamp, too, counts only under an authority that was given.
    assert check_signed_pdf(copy, good.pem, bad.pem).ok is False


def test_a_certificate_that_ran_out_since_counts_only_with_a_stamp(
    copy: Path, good: Authority, stamping: str
) -> None:
    later = datetime.now(UTC) + timedelta(days=5)
    assert check_signed_pdf(copy, good.pem, now=later).ok is False
    signer = Signer(file=good.folder / "good.p12", password=PASSWORD, stamps=stamping)
    signed = sign_pdf((copy / "data/exhibit/chart.pdf").read_bytes(), signer, "LC-1")
    (copy / SIGNED).write_bytes(signed[SIGNED])
    assert check_signed_pdf(copy, good.pem, now=later).ok


@pytest.fixture
def token(good: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put the officer's key and certificate on a token, which is a program; give its library."""
    library = next((path for path in map(Path, SOFTHSM) if path.is_file()), None)
    tool = shutil.which("softhsm2-util")
    if library is None or tool is None:
        pytest.skip("no SoftHSM on this machine: signing by a PKCS#11 token is NOT TESTED")
    (tmp_path / "tokens").mkdir()
    (tmp_path / "softhsm2.conf").write_text(
        f"directories.tokendir = {tmp_path / 'tokens'}\nlog.level = ERROR\n", encoding="ascii"
    )
    monkeypatch.setenv("SOFTHSM2_CONF", str(tmp_path / "softhsm2.conf"))
    content = (good.folder / "good.p12").read_bytes()
    key, told, _ = pkcs12.load_key_and_certificates(content, PASSWORD.encode())
    assert key is not None
    assert told is not None
    (tmp_path / "key.pem").write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    of = ["--module", str(library), "--token", "card", "--label", "officer", "--pin", "1234"]
    for words in (
        ["--init-token", "--free", "--module", str(library), "--label", "card", "--so-pin", "5678",
         "--pin", "1234"],
        ["--import", str(tmp_path / "key.pem"), *of, "--id", "01"],
    ):  # fmt: skip
        subprocess.run([tool, *words], check=True, capture_output=True)
    script = (
        "import sys, pkcs11\n"
        "from pkcs11.util.x509 import decode_x509_certificate\n"
        "card = pkcs11.lib(sys.argv[1]).get_token(token_label='card')\n"
        "found = decode_x509_certificate(sys.stdin.buffer.read())\n"
        "with card.open(rw=True, user_pin='1234') as session:\n"
        "    told = {pkcs11.Attribute.TOKEN: True, pkcs11.Attribute.LABEL: 'officer',\n"
        "            pkcs11.Attribute.ID: b'\\x01'}\n"
        "    session.create_object({**found, **told})\n"
    )
    subprocess.run(
        [sys.executable, "-c", script, str(library)],
        check=True,
        input=told.public_bytes(Encoding.DER),
    )
    return library


def test_a_token_signs_without_giving_its_key_away(
    case: Case, good: Authority, token: Path, tmp_path: Path
) -> None:
    case.close()
    words = [sys.executable, "-m", "cli", "bundle", "--case", str(case.folder), "-o",
             str(tmp_path / "b"), "--purpose", "display", "--pack", PACK, "--sign-pdf-pkcs11",
             str(token), "--token-label", "card", "--cert-label", "officer"]  # fmt: skip
    given = {**os.environ, "LINKWRIGHT_SIGN_PASSWORD": "1234"}
    home = Path(__file__).parents[2]
    done = subprocess.run(words, cwd=home, env=given, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    found = check_signed_pdf(tmp_path / "b", good.pem)
    assert found.ok, found
    assert "Officer of good" in found.what
    given["LINKWRIGHT_SIGN_PASSWORD"] = "4321"
    words[words.index(str(tmp_path / "b"))] = str(tmp_path / "c")
    refused = subprocess.run(
        words, cwd=home, env=given, check=False, capture_output=True, text=True
    )
    assert refused.returncode == 1
    assert "cannot be signed" in refused.stderr
    assert not (tmp_path / "c").exists()


def test_the_signed_copy_keeps_pdf_a(sealed: Path) -> None:
    if not is_possible():
        if os.environ.get("GRAPHDB_TEST_BROWSER"):
            pytest.fail("veraPDF needs Java 17 and Maven")
        pytest.skip("no Java and Maven on this machine: PDF/A is NOT TESTED")
    kept, said = judge([sealed / SIGNED])
    assert kept, said


def test_nobody_waits_for_pyhanko_who_does_not_sign() -> None:
    told = "import sys, cli, cli.seal, graphdb.casework.verifying; print('pyhanko' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", told], capture_output=True, text=True, check=True,
        cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert done.stdout.strip() == "False"
