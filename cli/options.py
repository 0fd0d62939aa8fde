"""Options that several commands have, said once: packs and their parameters, chain, trail."""

from typing import Annotated

import typer

PacksOption = Annotated[
    list[str] | None, typer.Option("--pack", help="What this pack finds; repeatable.")
]
SettingsOption = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="NAME=VALUE", help="Set a parameter of the packs; repeatable."),
]
SellerOption = Annotated[str | None, typer.Option(help="Only through this seller (its id).")]
AccountOption = Annotated[str | None, typer.Option(help="Only through this account (its id).")]
VictimOption = Annotated[str | None, typer.Option(help="Only for this victim (person or account).")]
TraceOption = Annotated[
    list[str] | None,
    typer.Option("--trace", metavar="ID", help="Where money from here went; repeatable."),
]
TrailRuleOption = Annotated[str, typer.Option("--rule", help="The rule of --trace.")]
TrailBackwardOption = Annotated[
    bool, typer.Option("--backward", help="With --trace: where the money came from.")
]
