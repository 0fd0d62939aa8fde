"""The command about maps: propose one for a file that is not known."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from graphdb.errors import WrongUsage
from graphdb.evidence import map_text, propose_map

from .output import JsonOption, link, out, print_json, print_table, warn


def map_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A table: CSV, XLSX, XLS, ODS.")],
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="MAP", help="The map to write.")
    ] = None,
    table: Annotated[
        str | None, typer.Option("--as", help="The table that the file is, if you know it.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Propose a map for a table that is not known, to be corrected and used."""
    target = output or Path(f"{file.stem}.map.toml")
    if target.exists():
        raise WrongUsage(f"'{target}' is there already", fix="name another one: -o MAP.toml")
    proposal = propose_map(file, table)
    target.write_text(map_text(proposal, file.name), encoding="utf-8", newline="\n")
    if as_json:
        print_json(
            {
                "map": str(target),
                "table": proposal.map.table,
                "columns": [asdict(one) for one in proposal.columns],
                "missing": list(proposal.missing),
                "open": list(proposal.open),
            }
        )
        return
    rows = [(one.header, ", ".join(one.samples), one.column, one.why) for one in proposal.columns]
    title = f"{file.name} is taken for the table '{proposal.map.table}'"
    print_table(title, ("header", "holds", "taken for", "because"), rows)
    for column in proposal.missing:
        warn(f"no column was found for '{column}', which the table requires: add it to the map")
    for what in proposal.open:
        warn(_OPEN[what])
    out().print(f"written to {link(target)}: check each line, then")
    more = "".join(_SAID[what] for what in proposal.open)
    out().print(f"linkwright add {file} --map {target}{more}", markup=False)


_SAID = {"platform": " --platform bank", "zone": " --tz Asia/Shanghai"}
_OPEN = {
    "platform": "its account numbers name no platform: say it (bank, wechat, alipay, ...)",
    "zone": "its times name no zone: say that of the clock that wrote them",
}
