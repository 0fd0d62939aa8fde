"""A bag: files with their hashes, as BagIt 1.0 lays them out (RFC 8493), folder or ZIP.

The root hash is the SHA-256 of ``tagmanifest-sha256.txt``: it vouches for every byte but those in
``seal/``, which are made after it.
"""

import zipfile
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Final, TypeAlias

from cryptography.hazmat.primitives.hashes import SM3, Hash

from graphdb.bundle.nouns import Check
from graphdb.errors import WrongUsage, disk

# Small files are bytes; evidence may be larger than the memory and stays where it is.
Content: TypeAlias = bytes | Path
SEAL: Final = "seal/"
TAGS: Final = "tagmanifest-sha256.txt"
_CHUNK: Final = 1 << 20
_EARLIEST: Final = (1980, 1, 1, 0, 0, 0)


def bag_of(
    payload: Mapping[str, Content], tags: Mapping[str, bytes], about: str
) -> dict[str, Content]:
    """Give every file of a bag by its path; ``about`` are further lines of ``bag-info.txt``."""
    files: dict[str, Content] = {f"data/{name}": payload[name] for name in sorted(payload)}
    hashes = {name: _hashes(content) for name, content in files.items()}
    size = sum(_size(content) for content in files.values())
    files["bagit.txt"] = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
    files["bag-info.txt"] = f"{about}Payload-Oxum: {size}.{len(hashes)}\n".encode()
    for at, kind in enumerate(("sha256", "sm3")):
        lines = (f"{found[at]}  {name}\n" for name, found in hashes.items())
        files[f"manifest-{kind}.txt"] = "".join(lines).encode()
    files |= tags
    written = sorted(name for name in files if not name.startswith("data/"))
    lines = (f"{_hashes(files[name])[0]}  {name}\n" for name in written)
    files[TAGS] = "".join(lines).encode()
    return files


def write_bag(files: Mapping[str, Content], folder: Path) -> None:
    """Write a bag into a folder that holds nothing.

    Raises:
        WrongUsage: there is something already.
        StoreUnreachable: the folder cannot be written.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise WrongUsage("there is something already", where=str(folder), fix="choose a new folder")
    with disk(folder):
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("wb") as file:
                for chunk in _chunks(content):
                    file.write(chunk)


def zip_bag(files: Mapping[str, Content], path: Path) -> None:
    """Write the same bag as one ZIP, stored, with sorted names and no time of day."""
    with disk(path), zipfile.ZipFile(path, "w") as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(f"{path.stem}/{name}", _EARLIEST)
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            with archive.open(entry, "w", force_zip64=True) as file:
                for chunk in _chunks(files[name]):
                    file.write(chunk)


def root_hash(folder: Path) -> str:
    """Give the hash that vouches for the whole bag; empty where there is none."""
    tags = folder / TAGS
    return sha256(tags.read_bytes()).hexdigest() if tags.is_file() else ""


def check_bag(folder: Path) -> Iterator[Check]:
    """Compare the manifests with the files, both ways."""
    there = set(_files(folder))
    payload = {name for name in there if name.startswith("data/")}
    for kind, at in (("sha256", 0), ("sm3", 1)):
        yield _against(folder, f"manifest-{kind}", f"manifest-{kind}.txt", payload, at)
    tags = {name for name in there - payload if not name.startswith(SEAL) and name != TAGS}
    yield _against(folder, "tag manifest", TAGS, tags, 0)


def _against(folder: Path, check: str, manifest: str, there: set[str], at: int) -> Check:
    listed: dict[str, str] = {}
    try:
        for line in (folder / manifest).read_text(encoding="utf-8").splitlines():
            digest, _, name = line.partition("  ")
            listed[name] = digest
    except (OSError, UnicodeDecodeError) as error:
        return Check(check, ok=False, what=f"{manifest} cannot be read: {error}")
    wrong = [f"{name} is missing" for name in sorted(listed.keys() - there)]
    wrong += [f"{name} is not listed" for name in sorted(there - listed.keys())]
    wrong += [
        f"{name} was changed"
        for name in sorted(listed.keys() & there)
        if _hashes(folder / name)[at] != listed[name]
    ]
    if wrong:
        more = f" and {len(wrong) - 3} more" if len(wrong) > 3 else ""
        return Check(check, ok=False, what="; ".join(wrong[:3]) + more)
    return Check(check, ok=True, what=f"{len(listed):,} files, none changed, missing or added")


def _files(folder: Path) -> Iterator[str]:
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() or not path.is_dir():
            yield path.relative_to(folder).as_posix()


def is_inside(name: str) -> bool:
    """Tell whether a name read from a bundle stays within it.

    >>> is_inside("E01_a.csv"), is_inside("../a.csv")
    (True, False)
    """
    path = PurePosixPath(name)
    return (
        bool(path.parts) and not path.is_absolute() and ".." not in path.parts and "\\" not in name
    )


def _hashes(content: Content) -> tuple[str, str]:
    sha, sm3 = sha256(), Hash(SM3())
    for chunk in _chunks(content):
        sha.update(chunk)
        sm3.update(chunk)
    return sha.hexdigest(), sm3.finalize().hex()


def _size(content: Content) -> int:
    return len(content) if isinstance(content, bytes) else content.stat().st_size


def _chunks(content: Content) -> Iterator[bytes]:
    if isinstance(content, bytes):
        yield content
        return
    if content.is_symlink():
        return
    with content.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk
