"""Commands of the court bundle: bundle, verify."""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from graphdb.bundle import Check, Spec
from graphdb.bundle.pades import Signer
from graphdb.bundle.purpose import PURPOSES
from graphdb.bundle.sealed import KEY_BYTES, read_key, read_list
from graphdb.casework.sealing import Custody, write_bundle
from graphdb.casework.verifying import Outside, tools_of, verify_bundle
from graphdb.errors import InputRefused, WrongUsage, disk

from .options import (
    AccountOption,
    PacksOption,
    SellerOption,
    SettingsOption,
    TraceOption,
    TrailBackwardOption,
    TrailRuleOption,
    VictimOption,
)
from .output import (
    HERE,
    CaseOption,
    JsonOption,
    link,
    open_case,
    out,
    print_json,
    print_table,
    visible,
    warn,
)


def bundle(
    output: Annotated[Path, typer.Option("--output", "-o", help="The folder to make.")],
    purpose: Annotated[str, typer.Option(help=f"What it is for: {', '.join(PURPOSES)}.")],
    case: CaseOption = HERE,
    number: Annotated[str, typer.Option(help="The number of the exhibit.")] = "LC-1",
    title: Annotated[str, typer.Option(help="A neutral title.")] = "关系图 Link chart",
    packs: PacksOption = None,
    settings: SettingsOption = None,
    trace: TraceOption = None,
    rule: TrailRuleOption = "fifo",
    backward: TrailBackwardOption = False,
    seller: SellerOption = None,
    account: AccountOption = None,
    victim: VictimOption = None,
    recorded_only: Annotated[
        bool, typer.Option("--recorded-only", help="Leave out what is stated or inferred.")
    ] = False,
    examiner: Annotated[
        str, typer.Option(help="Name and registration of the examiner (appraisal_annex).")
    ] = "",
    redact: Annotated[
        str,
        typer.Option(
            metavar="victims|all|FILE", help="Whom to give pseudonyms; a FILE has ids and texts."
        ),
    ] = "",
    redaction_key: Annotated[
        Path | None, typer.Option(help="The sealed key of the redaction; made if it is not there.")
    ] = None,
    signing_key: Annotated[
        Path | None, typer.Option("--sign", help="An Ed25519 key (PEM) to sign the root hash.")
    ] = None,
    pdf_file: Annotated[
        Path | None,
        typer.Option("--sign-pdf", metavar="CERT.p12", help="Sign a copy of the PDF (PKCS#12)."),
    ] = None,
    pdf_library: Annotated[
        Path | None,
        typer.Option("--sign-pdf-pkcs11", metavar="LIBRARY", help="... by a token, instead."),
    ] = None,
    token: Annotated[str, typer.Option("--token-label", help="The label of the token.")] = "",
    token_certificate: Annotated[
        str, typer.Option("--cert-label", help="The label of the certificate on it.")
    ] = "",
    pdf_stamps: Annotated[
        str,
        typer.Option("--pdf-tsa", metavar="URL", help="Stamp that signature by this authority."),
    ] = "",
    zipped: Annotated[
        Path | None, typer.Option("--zip", help="Write the same bundle as a ZIP file, too.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Write a court bundle: evidence, exhibit, provenance and hashes to check."""
    if trace and (packs or settings or seller or account or victim):
        raise WrongUsage(
            "a bundle shows a trail, or packs, or the chain",
            fix="make one bundle for each, with a --number of its own",
        )
    whom, listed = _whom(redact)
    sealed_key, sealed_list = b"", None
    if whom:
        key = redaction_key or output.with_name(f"{output.name}_SEALED.key")
        sealed_list = key.with_name(f"{output.name}_SEALED.json")
        sealed_key = _key(key, output)
        warn(f"the key is {key}, who is who {sealed_list}: keep them apart from the bundle")
    spec = Spec(
        number=number,
        title=title,
        case="",
        purpose=purpose,
        packs=tuple(packs or ()),
        settings=tuple(_setting(text) for text in settings or ()),
        through=tuple(
            (name, id_)
            for name, id_ in (("seller", seller), ("account", account), ("victim", victim))
            if id_
        ),
        recorded_only=recorded_only,
        examiner=examiner,
        redact=whom,
        trace=tuple(trace or ()),
        rule=rule if trace else "",
        backward=backward and bool(trace),
    )
    signer = _signer(pdf_file, pdf_library, token, token_certificate, pdf_stamps)
    custody = Custody(sealed_key, listed, sealed_list, signing_key, zipped, signer)
    made = write_bundle(open_case(case), spec, output, custody)
    for text in made.warnings:
        warn(text)
    if as_json:
        print_json(
            {
                "folder": str(made.folder),
                "root_hash": made.root,
                "files": made.files,
                "warnings": list(made.warnings),
                **({"sealed_list": str(sealed_list)} if sealed_list else {}),
            }
        )
        return
    out().print(f"{made.files:,} files in {link(made.folder)}")
    out().print(f"root hash  {made.root}")
    out().print("print seal/record.txt, sign it, and keep it apart: it vouches for the bundle")


def verify(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder of the bundle.")],
    root: Annotated[
        str, typer.Option("--root-hash", help="The hash on the signed paper record.")
    ] = "",
    key: Annotated[
        Path | None, typer.Option(help="The officer's public key (PEM), from elsewhere.")
    ] = None,
    authority: Annotated[
        Path | None, typer.Option("--tsa-cert", help="The time-stamp authority's certificate.")
    ] = None,
    pdf_root: Annotated[
        Path | None,
        typer.Option("--pdf-cert", help="The root certificate behind the signature in the PDF."),
    ] = None,
    withheld: Annotated[
        Path | None,
        typer.Option(help="The sealed list (DIR_SEALED.json), or texts to search for, one a line."),
    ] = None,
    sealed_key: Annotated[
        Path | None, typer.Option(help="The sealed key of a served copy (DIR_SEALED.key).")
    ] = None,
    evidence: Annotated[
        Path | None,
        typer.Option(
            help="With it: a folder with the evidence of a served copy, such as the case."
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Check a bundle and make it again: 0 verified, 1 not, 2 self-consistent only."""
    outside = Outside(
        root,
        key,
        authority,
        who=read_list(withheld) if withheld else None,
        pdf_root=pdf_root,
        sealed_key=read_key(sealed_key) if sealed_key else None,
        evidence=evidence,
    )
    checks, verdict = verify_bundle(folder, outside)
    made, here = tools_of(folder)
    if as_json:
        told = [{"name": one.name, "ok": one.ok, "what": one.what} for one in checks]
        print_json(
            {"checks": told, "verdict": verdict, "made_by": dict(made), "checked_by": dict(here)}
        )
    else:
        rows = [(_word(one), one.name, one.what) for one in checks]
        print_table(f"Checks of {folder.name}", ("", "check", "what"), rows)
        out().print(f"made by     {_versions(made)}", markup=False)
        out().print(f"checked by  {_versions(here)}", markup=False)
        out().print(verdict.upper())
    code = {"verified": 0, "not verified": 1}.get(verdict, 2)
    if code:
        raise typer.Exit(code)


def _versions(tool: Mapping[str, str]) -> str:
    if not tool:
        return "not told"
    told = "{tool} {version}, Python {python}, {system}, {engine}".format(**tool)
    return visible(told)


def _word(check: Check) -> str:
    return "not checked" if check.ok is None else "good" if check.ok else "WRONG"


def _whom(redact: str) -> tuple[str, tuple[str, ...]]:
    if redact in {"", "victims", "all"}:
        return redact, ()
    listed = _lines(Path(redact))
    whom = next((one for one in ("all", "victims") if one in listed), "listed")
    return whom, tuple(one for one in listed if one != whom)


def _signer(
    file: Path | None, library: Path | None, token: str, certificate: str, stamps: str
) -> Signer | None:
    if file is None and library is None:
        if token or certificate or stamps:
            raise WrongUsage(
                "nothing signs the PDF", fix="give --sign-pdf CERT.p12 or --sign-pdf-pkcs11 LIBRARY"
            )
        return None
    if file and library:
        raise WrongUsage("a file and a token cannot both sign the PDF", fix="give one of them")
    # A password on the command line would stand in the history and in the list of processes.
    password = os.environ.get("LINKWRIGHT_SIGN_PASSWORD")
    if password is None:
        password = typer.prompt(f"Password or PIN of {file or token or library}", hide_input=True)
    return Signer(file, library, token, certificate, password, stamps)


def _lines(path: Path) -> list[str]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputRefused(f"the list cannot be read: {error}", where=str(path)) from error
    return [line.strip() for line in text.splitlines() if line.strip()]


def _key(path: Path, output: Path) -> bytes:
    """Read the key of a redaction, or make one; never within the copy that is served."""
    if path.resolve().is_relative_to(output.resolve()):
        raise WrongUsage(
            "the key would be served with the bundle", where=str(path), fix="keep it elsewhere"
        )
    if not path.exists():
        with disk(path):
            path.touch(mode=0o600)
            path.write_text(secrets.token_hex(KEY_BYTES) + "\n", encoding="ascii")
    return read_key(path)


def _setting(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise WrongUsage(f"'{text}' is no setting", fix="write it as --set name=value")
    return name.strip(), value
