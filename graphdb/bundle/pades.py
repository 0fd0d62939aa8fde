"""The signed copy of the exhibit: ``seal/chart.signed.pdf``, PAdES B-B, or B-T with a time stamp.

It is ``chart.pdf`` to its last byte, and one update that holds the signature; so whoever trusts the
officer's certificate knows that this exhibit is the one that was signed. pyHanko signs and checks.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from graphdb.bundle.nouns import Check
from graphdb.errors import InputRefused, WrongUsage

if TYPE_CHECKING:
    from pyhanko.sign.validation.status import PdfSignatureStatus

SIGNED: Final = "seal/chart.signed.pdf"
_CHECK: Final = "signed pdf"
_EXHIBIT: Final = "data/exhibit/chart.pdf"


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs: a PKCS#12 file, or a token (a library of PKCS#11, its label, the certificate's).

    ``password`` opens the file or the token; ``stamps`` is a time-stamp authority's address.
    """

    file: Path | None = None
    library: Path | None = None
    token: str = ""
    certificate: str = ""
    password: str = ""
    stamps: str = ""

    @property
    def named(self) -> str:
        """Name what signs, for a message."""
        return str(self.file or self.library)


def sign_pdf(pdf: bytes, signer: Signer, name: str) -> dict[str, bytes]:
    """Sign a copy of the exhibit; the certificate comes along, and is believed by nobody.

    Raises:
        WrongUsage: pyHanko is not installed.
        InputRefused: the file, the token or the authority does not let us sign.
    """
    _needs_pyhanko()
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
    from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner
    from pyhanko.sign.timestamps import HTTPTimeStamper

    about = PdfSignatureMetadata(
        field_name="Officer",
        md_algorithm="sha256",
        reason=name,
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
    )
    try:
        with _opened(signer) as key:
            stamper = HTTPTimeStamper(signer.stamps) if signer.stamps else None
            pen = PdfSigner(about, signer=key, timestamper=stamper)
            written = pen.sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)))
    except InputRefused:
        raise
    except Exception as error:  # each library of a token has errors of its own
        # ... and some say nothing but their name.
        told = str(error) or type(error).__name__
        raise InputRefused(f"the PDF cannot be signed: {told}", where=signer.named) from error
    return {SIGNED: written.getvalue()}


@contextmanager
def _opened(signer: Signer) -> Iterator[Any]:
    """Open the key: a file by its password, a token by its PIN."""
    if signer.file:
        from pyhanko.sign.signers import SimpleSigner

        try:
            content = signer.file.read_bytes()
        except OSError as error:
            raise InputRefused(f"the key cannot be read: {error}", where=signer.named) from error
        try:
            key = SimpleSigner.load_pkcs12_data(content, (), signer.password.encode())
        except ValueError as error:
            what = "the key cannot be opened: a wrong password, or not PKCS#12"
            raise InputRefused(what, where=signer.named) from error
        yield key
        return
    from pyhanko.config.pkcs11 import PKCS11SignatureConfig, TokenCriteria
    from pyhanko.sign.pkcs11 import PKCS11SigningContext

    config = PKCS11SignatureConfig(
        module_path=str(signer.library),
        token_criteria=TokenCriteria(label=signer.token) if signer.token else None,
        cert_label=signer.certificate or None,
        # Hashed here: many tokens sign a digest only (SoftHSM says so for ECDSA), all sign one.
        raw_mechanism=True,
    )
    with PKCS11SigningContext(config, signer.password or None) as key:
        yield key


def check_signed_pdf(
    folder: Path, roots: Path | None, stamping: Path | None = None, now: datetime | None = None
) -> Check:
    """Check the signed copy with a root certificate from elsewhere, without a network.

    It must be the exhibit and one signature, which covers all of the file and leads to that root.
    Whether the certificate was revoked is not asked of anybody.

    Raises:
        WrongUsage: pyHanko is not installed.
        InputRefused: a certificate cannot be read.
    """
    file = folder / SIGNED
    if not file.is_file():
        if roots is not None:
            return _no("a certificate was given, but there is no signed copy of the PDF")
        return Check(_CHECK, ok=None, what="no signed copy of the PDF")
    if roots is None:
        return Check(_CHECK, ok=None, what="signed; give --pdf-cert with the root certificate")
    _needs_pyhanko()
    signed = file.read_bytes()
    if not signed.startswith((folder / _EXHIBIT).read_bytes()):
        return _no("the signed copy is not this exhibit")
    trusted, stampers = _roots(roots), _roots(stamping or roots)
    try:
        status = _status(signed, trusted, stampers, now)
    except Exception as error:  # a broken PDF breaks its reader in any way it likes
        return _no(f"the signature cannot be read: {error}".splitlines()[0])
    return _judged(status)


def _judged(status: "PdfSignatureStatus | None") -> Check:
    from pyhanko.sign.validation.status import SignatureCoverageLevel

    if status is None:
        return _no("there is not one signature in it, but none or several")
    if not (status.intact and status.valid):
        return _no("changed after it was signed")
    if status.coverage != SignatureCoverageLevel.ENTIRE_FILE:
        return _no("something was added after it was signed")
    if not status.trusted:
        return _no("signed, but not under the given root certificate, or not at a time it allows")
    if not status.bottom_line:
        return _no("the signature or its time stamp does not hold")
    what = f"signed by {status.signing_cert.subject.human_friendly}; whole file, not changed"
    stamp = status.timestamp_validity
    if stamp is not None:
        what += f"; stamped at {stamp.timestamp.isoformat()}"
    return Check(_CHECK, ok=True, what=f"{what}; revocation not asked")


def _status(
    signed: bytes, trusted: list[Any], stampers: list[Any], now: datetime | None
) -> "PdfSignatureStatus | None":
    """Read the one signature; where a trusted stamp says when, the certificate is judged then."""
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext

    def read(moment: datetime | None) -> "PdfSignatureStatus | None":
        found = PdfFileReader(BytesIO(signed)).embedded_regular_signatures
        if len(found) != 1:
            return None
        known = ValidationContext(trust_roots=trusted, moment=moment, allow_fetching=False)
        stamping = ValidationContext(trust_roots=stampers, moment=now, allow_fetching=False)
        return validate_pdf_signature(found[0], known, stamping)

    status = read(now)
    stamp = status.timestamp_validity if status else None
    if status and not status.trusted and stamp and stamp.valid and stamp.intact and stamp.trusted:
        return read(stamp.timestamp)
    return status


def _roots(path: Path) -> list[Any]:
    from pyhanko.keys import load_certs_from_pemder

    try:
        return list(load_certs_from_pemder([os.fspath(path)]))
    except (OSError, ValueError) as error:
        raise InputRefused(f"the certificate cannot be read: {error}", where=str(path)) from error


def _needs_pyhanko() -> None:
    try:
        import pyhanko.sign  # noqa: F401
    except ImportError as error:
        raise WrongUsage(
            "a signature in the PDF needs pyHanko", fix="pip install 'linkwright[sign]'"
        ) from error


def _no(what: str) -> Check:
    return Check(_CHECK, ok=False, what=what)
