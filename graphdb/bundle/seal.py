"""The seal: what stands outside the bag and vouches for its root hash.

A bag that carries its own key proves nothing; the root hash on paper, the public key or the
authority's certificate must come from elsewhere.
"""

from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from graphdb.bundle.bag import TAGS
from graphdb.bundle.nouns import Check
from graphdb.errors import InputRefused

SIGNATURE: Final = "seal/tagmanifest.sig"
STAMP: Final = "seal/tagmanifest.tsr"
_RECORD: Final = """证据包移交记录  Record of delivery

证据编号 Exhibit no.    {number}
案件 Case               {case}
标题 Title              {title}
用途 Purpose            {purpose}

根校验值 Root hash (SHA-256 of tagmanifest-sha256.txt)

    {grouped}

    {root}

核对 To check:  sha256sum tagmanifest-sha256.txt
        Windows: certutil -hashfile tagmanifest-sha256.txt SHA256


侦查人员一 Officer 1              侦查人员二 Officer 2
姓名 Name  ______________________  姓名 Name  ______________________
签名 Sign  ______________________  签名 Sign  ______________________
日期 Date  ______________________  日期 Date  ______________________


持有人（提供人） Holder            见证人 Witness
姓名 Name  ______________________  姓名 Name  ______________________
签名 Sign  ______________________  签名 Sign  ______________________
日期 Date  ______________________  日期 Date  ______________________
"""


def record_of(number: str, case: str, title: str, purpose: str, root: str) -> bytes:
    """Write the paper record: the root hash, and blank blocks for those who sign it."""
    grouped = " ".join(root[at : at + 8] for at in range(0, len(root), 8))
    return _RECORD.format(
        number=number, case=case, title=title, purpose=purpose, root=root, grouped=grouped
    ).encode()


def sign(tags: bytes, key: Path) -> dict[str, bytes]:
    """Sign the tag manifest with an Ed25519 key (PEM); the public key comes along for reading only.

    Raises:
        InputRefused: the file holds no such key.
    """
    try:
        private = load_pem_private_key(key.read_bytes(), None)
    except (OSError, ValueError, TypeError) as error:
        raise InputRefused(
            f"the key cannot be read: {error}",
            where=str(key),
            fix="make one with: openssl genpkey -algorithm ed25519 -out officer.pem",
        ) from error
    if not isinstance(private, Ed25519PrivateKey):
        raise InputRefused("the key is not Ed25519", where=str(key), fix="make an Ed25519 key")
    public = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return {SIGNATURE: private.sign(tags), "seal/public.pem": public}


def check_signature(folder: Path, key: Path | None) -> Check:
    """Check the signature with a key from elsewhere; the one in the bag is never believed."""
    name, file = "signature", folder / SIGNATURE
    if not file.is_file():
        if key is not None:
            return Check(name, ok=False, what="a key was given, but the bundle is not signed")
        return Check(name, ok=None, what="not signed")
    if key is None:
        return Check(name, ok=None, what="signed; give --key with a key that you got elsewhere")
    try:
        public = load_pem_public_key(key.read_bytes())
    except (OSError, ValueError) as error:
        raise InputRefused(f"the key cannot be read: {error}", where=str(key)) from error
    if not isinstance(public, Ed25519PublicKey):
        raise InputRefused("the key is not Ed25519", where=str(key))
    try:
        public.verify(file.read_bytes(), (folder / TAGS).read_bytes())
    except (InvalidSignature, OSError):
        return Check(name, ok=False, what="the signature is not of this key over this bundle")
    return Check(name, ok=True, what="signed with the given key")


def stamp_request(tags: bytes) -> bytes:
    """Ask a time-stamp authority (RFC 3161) about the tag manifest."""
    from rfc3161_client import HashAlgorithm, TimestampRequestBuilder

    request = TimestampRequestBuilder().data(tags).hash_algorithm(HashAlgorithm.SHA256)
    return bytes(request.nonce(nonce=False).cert_request(cert_request=True).build().as_bytes())


def check_stamp(folder: Path, authority: Path | None) -> Check:
    """Check the time stamp with the certificate of an authority that was given."""
    name, file = "time stamp", folder / STAMP
    if not file.is_file():
        if authority is not None:
            return Check(name, ok=False, what="a certificate was given, but there is no time stamp")
        return Check(name, ok=None, what="no time stamp")
    if authority is None:
        return Check(
            name, ok=None, what="stamped; give --tsa-cert with the authority's certificate"
        )
    from cryptography.x509 import load_pem_x509_certificate
    from rfc3161_client import VerifierBuilder, decode_timestamp_response
    from rfc3161_client.errors import VerificationError

    try:
        root = load_pem_x509_certificate(authority.read_bytes())
    except (OSError, ValueError) as error:
        raise InputRefused(
            f"the certificate cannot be read: {error}", where=str(authority)
        ) from error
    try:
        response = decode_timestamp_response(file.read_bytes())
        verifier = VerifierBuilder().add_root_certificate(root).build()
        verifier.verify_message(response, (folder / TAGS).read_bytes())
    except (VerificationError, ValueError, OSError) as error:
        return Check(name, ok=False, what=f"the time stamp does not hold: {error}")
    at = response.tst_info.gen_time.isoformat()
    return Check(name, ok=True, what=f"stamped at {at} by the given authority")
