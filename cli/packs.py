"""Commands about query packs: list, show, test."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from graphdb.casework.proving import prove_packs
from graphdb.errors import CheckFailed, InputRefused
from graphdb.packs import (
    Pack,
    Proof,
    example_of,
    load_packs,
    new_pack,
    pack_ids,
    pattern_of,
)
from graphdb.store import EMBEDDED

from .output import (
    FolderOption,
    JsonOption,
    credentials,
    link,
    out,
    print_json,
    print_table,
    progress,
    visible,
)

app = typer.Typer(no_args_is_help=True, help="The catalogue of questions, and their self-tests.")


@app.command("list")
def list_packs(folder: FolderOption = None, as_json: JsonOption = False) -> None:
    """List every pack with its question."""
    packs = load_packs(folder=folder)
    if as_json:
        print_json({"packs": [_summary(pack) for pack in packs]})
    else:
        rows = [(pack.id, pack.level, pack.question, pack.question_zh) for pack in packs]
        print_table("Packs", ("id", "level", "question", "问题"), rows)


@app.command()
def show(
    pack_id: Annotated[str, typer.Argument(metavar="ID")],
    folder: FolderOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show one pack: question, pattern, parameters, columns, innocents, an example, query."""
    (pack,) = load_packs([pack_id], folder)
    if as_json:
        innocents = [asdict(innocent) for innocent in pack.innocents]
        columns = {name: column.says for name, column in pack.columns.items()}
        print_json(
            _summary(pack)
            | {"columns": columns, "innocents": innocents}
            | {"not_covered": pack.not_covered, "not_covered_zh": pack.not_covered_zh}
            | {"pattern": list(pattern_of(pack)), "example": asdict(example_of(pack))}
            | {"references": list(pack.references), "legal": list(pack.legal)}
            | {"revision": pack.revision, "sha256": pack.sha256, "query": pack.text}
        )
        return
    console = out()
    for line in (f"{pack.title} ({pack.id}, {pack.level})", pack.question, pack.question_zh, ""):
        console.print(line, markup=False)
    for line in pattern_of(pack):
        console.print(f"  {line}", markup=False, soft_wrap=True)
    parameters = [(n, p.type, p.default, p.says) for n, p in pack.parameters.items()]
    print_table("Parameters", ("name", "type", "default", "says"), parameters)
    print_table(
        "Columns", ("name", "type", "says"), [(n, c.type, c.says) for n, c in pack.columns.items()]
    )
    innocents_ = [
        (i.id, _both(i.says, i.says_zh), _both(i.check, i.check_zh)) for i in pack.innocents
    ]
    print_table("Innocent explanations", ("id", "says", "the check that would tell"), innocents_)
    _print_example(pack)
    for word, texts in (("source", pack.references), ("serves", pack.legal)):
        for text in texts:
            console.print(f"{word}: {text}", markup=False)
    limits = _both(pack.not_covered, pack.not_covered_zh)
    console.print(f"not covered: {limits}\n\n{pack.text}", markup=False)


def _both(english: str, chinese: str) -> str:
    return f"{english}\n{chinese}" if chinese else english


def _print_example(pack: Pack) -> None:
    """Print a case of the pack's own tests as a run: the rows, the command, what is found."""
    example = example_of(pack)
    console = out()
    console.print(f"Example: {example.name}", markup=False)
    for table, rows in example.given.items():
        columns = [*dict.fromkeys(column for row in rows for column in row)]
        print_table(table, columns, [tuple(row.get(c, "") for c in columns) for row in rows])
    settings = "".join(f" --set {name}={value}" for name, value in example.values.items())
    console.print(f"$ linkwright run {pack.id}{settings}", markup=False)
    for row in example.found:
        cells = ", ".join(f"{name} = {_cell(cell)}" for name, cell in row.items())
        console.print(f"  found: {cells}", markup=False)


def _cell(cell: object) -> str:
    return ", ".join(map(str, cell)) if isinstance(cell, list) else str(cell)


@app.command("test")
def prove(
    ids: Annotated[list[str] | None, typer.Argument(metavar="ID...")] = None,
    folder: FolderOption = None,
    engine: Annotated[
        str, typer.Option(help="embedded, or the URL of an EMPTY server database.")
    ] = EMBEDDED,
    as_json: JsonOption = False,
) -> None:
    """Prove what packs claim, on an engine; ID may be a folder of packs of your own."""
    if ids and (own := Path(ids[0])).is_dir():
        ids, folder = ids[1:], own
    packs, proofs = _readable(ids or [], folder)
    with progress("proving") as update:
        for proof in prove_packs(packs, engine, credentials(engine)):
            proofs.append(proof)
            update(proof.pack, len(proofs), len(proofs))
    wrong = [proof for proof in proofs if not proof.ok]
    if as_json:
        checks = [
            {"pack": p.pack, "name": p.check, "ok": p.ok, "what": p.wrong, "where": p.where}
            for p in proofs
        ]
        print_json({"checks": checks})
    else:
        for proof in wrong:
            said = f"WRONG {proof.pack}: {proof.check}: {proof.wrong}"
            out().print(visible(said), markup=False)
            if proof.where:
                out().print(visible(f"  at  {proof.where}"), markup=False)
        out().print(f"{len(packs)} packs, {len(proofs)} proofs, {len(wrong)} wrong")
    if wrong:
        raise CheckFailed(
            f"{len(wrong)} of {len(proofs)} proofs failed",
            fix="the lines above say which claim of which pack does not hold",
        )


def _readable(ids: list[str], folder: Path | None) -> tuple[list[Pack], list[Proof]]:
    """Read the packs one by one: one that cannot be read must not hide the others."""
    packs: list[Pack] = []
    proofs: list[Proof] = []
    for id_ in ids or pack_ids(folder) or [""]:
        try:
            packs += load_packs([id_] if id_ else [], folder)
        except InputRefused as error:
            proofs.append(Proof(id_, "the file can be read", error.what, str(error.where)))
    return packs, proofs


@app.command()
def new(
    pack_id: Annotated[str, typer.Argument(metavar="ID", help="area/name")],
    folder: Annotated[Path, typer.Option("--packs", help="The folder of your own packs.")] = Path(
        "packs"
    ),
    as_json: JsonOption = False,
) -> None:
    """Write the skeleton of a pack of your own, with cases; it works, and is to be rewritten."""
    pack, cases = new_pack(pack_id, folder)
    if as_json:
        print_json({"pack": str(pack), "cases": str(cases)})
        return
    out().print(f"wrote {link(pack)}\n      {link(cases)}")
    out().print(f"now: linkwright packs test {folder}", markup=False)


def _summary(pack: Pack) -> dict[str, Any]:
    return {
        "id": pack.id,
        "question": pack.question,
        "question_zh": pack.question_zh,
        "level": pack.level,
        "parameters": {
            name: {"type": p.type, "default": p.default, "says": p.says}
            for name, p in pack.parameters.items()
        },
    }
