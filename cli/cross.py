"""The command cross: is anything of this case already in another?"""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from graphdb.casework.crossing import INNOCENTS, crossings

from .found import LanguageOption, Languages, list_text
from .output import (
    HERE,
    CaseOption,
    JsonOption,
    open_case,
    out,
    print_json,
    print_table,
    progress,
    visible,
)


def cross(
    others: Annotated[list[Path], typer.Argument(metavar="DIR...", help="Folders of other cases.")],
    case: CaseOption = HERE,
    language: LanguageOption = Languages.en,
    as_json: JsonOption = False,
) -> None:
    """Is anything of this case already in another? What both hold, with its rows."""
    here = open_case(case)
    found = {}
    for folder in others:
        there = open_case(folder)
        with progress("comparing") as update:
            found[f"{there.name} ({folder})"] = crossings(here, there, update)
    if as_json:
        cases = [
            {"case": name, "common": [asdict(one) for one in common]}
            for name, common in found.items()
        ]
        print_json({"cases": cases, "innocents": [asdict(one) for one in INNOCENTS]})
        return
    for name, common in found.items():
        rows = [
            (one.label, one.entity, list_text(one.here), list_text(one.there))
            for one in common
            if one.hub is None
        ]
        columns = ("kind", "entity", "rows here", "rows there")
        print_table(f"In this case and in {name}", columns, rows)
        hubs = [f"{one.entity} ({one.hub})" for one in common if one.hub is not None]
        if hubs:
            text = f"  {len(hubs):,} hubs of both join nobody: {list_text(hubs)}"
            out().print(visible(text), markup=False)
    for innocent in INNOCENTS:
        says, check = innocent.said(language.value)
        out().print(f"  {says}: {check}", markup=False)
