"""Custody: a file becomes an exhibit, copied unchanged and hashed on the way."""

import os
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Final

from graphdb.errors import InputRefused

_CHUNK: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A file in custody: its number, its name as received, its hashes, where the copy stands."""

    number: str
    name: str
    sha256: str
    sm3: str
    size: int
    file: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """Where files came from: the source, the person who gave them, the number of the notice."""

    origin: str = ""
    received_from: str = ""
    notice: str = ""


def receive(path: Path, folder: Path) -> tuple[Path, str, str, int]:
    """Copy a file into a folder under a passing name; give the copy, SHA-256, SM3 and size.

    Raises:
        InputRefused: the file is missing or cannot be read.
    """
    # Imported here: a command that adds nothing need not wait for it.
    from cryptography.hazmat.primitives.hashes import SM3, Hash

    copy = folder / ".received"
    sha, sm3, size = sha256(), Hash(SM3()), 0
    try:
        source = path.open("rb")
    except FileNotFoundError as error:
        raise InputRefused("no such file", where=str(path), fix="check the path") from error
    except OSError as error:
        raise InputRefused(
            f"the file cannot be read: {error.strerror}",
            where=str(path),
            fix="check that it is a file and that you may read it",
        ) from error
    with source, copy.open("wb") as target, ThreadPoolExecutor(max_workers=1) as aside:
        while chunk := source.read(_CHUNK):
            # SM3 takes five times as long as SHA-256, so it has a thread of its own.
            hashed = aside.submit(sm3.update, chunk)
            sha.update(chunk)
            target.write(chunk)
            hashed.result()
            size += len(chunk)
        target.flush()
        os.fsync(target.fileno())
    return copy, sha.hexdigest(), sm3.finalize().hex(), size


def take_in(copy: Path, number: str, name: str) -> Path:
    """Give a received copy its lasting name, and protect it from slips of the hand."""
    lasting = copy.with_name(f"{number}_{_plain(name)}")
    copy.replace(lasting)
    lasting.chmod(0o444)
    return lasting


def sha256_of(path: Path) -> str:
    """Hash a file that lies on the disk, of any length, in hexadecimal digits."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def _plain(name: str) -> str:
    """Keep letters, digits, dots and dashes of any script; the log keeps the name as received.

    >>> _plain("../微信 账单 (1).csv")
    '微信_账单_1_.csv'
    """
    kept = re.sub(r"[^\w.\-]+", "_", Path(name).name)
    return kept.strip("_")[-80:] or "file"
