"""Commands that follow money: trace, paths."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any

import typer

from graphdb.casework.tracing import Window
from graphdb.errors import WrongUsage
from graphdb.model import minor_digits, money_text
from graphdb.packs import duration_ms
from graphdb.trace import RULES, Hop, Limits, Trail, rule_named, rules_named

from .output import HERE, CaseOption, JsonOption, open_case, out, print_json, print_table, warn

_RULES = ", ".join(rule.name for rule in RULES)
FromOption = Annotated[
    list[str],
    typer.Option("--from", metavar="ID", help="An account, payment, person or report; repeatable."),
]


def trace(
    starts: FromOption,
    case: CaseOption = HERE,
    rules: Annotated[
        str, typer.Option("--rule", help=f"One or more of {_RULES}, side by side; or all.")
    ] = "fifo",
    backward: Annotated[
        bool, typer.Option("--backward", help="Ask where the money came from.")
    ] = False,
    since: Annotated[str | None, typer.Option(help="First payments not before (ISO 8601).")] = None,
    until: Annotated[str | None, typer.Option(help="No payment after (ISO 8601).")] = None,
    layers: Annotated[int | None, typer.Option(min=1, help="Follow no further than this.")] = None,
    min_share: Annotated[
        float, typer.Option(min=0, max=1, help="Smaller shares open no further account.")
    ] = 0.0,
    stop_at_hub: Annotated[
        bool, typer.Option("--stop-at-hub/--through-hubs", help="Whether hubs end the trail.")
    ] = True,
    openings: Annotated[
        list[str] | None,
        typer.Option("--opening", metavar="ACCOUNT=AMOUNT", help="A balance before the records."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Follow money from account to account by stated rules, to the last fen."""
    names = rules_named(rules, backward=backward)
    first, last = _moment(since), _moment(until)
    end = first if backward else last
    trails = open_case(case).trace(
        starts,
        names,
        backward=backward,
        window=Window(first, last),
        limits=Limits(end, layers, min_share, stop_at_hub),
        opening=dict(_opening(text) for text in openings or ()),
    )
    if as_json:
        print_json({"rules": [trail_json(trail) for trail in trails]})
        return
    for trail in trails:
        _print_trail(trail)


def trail_json(trail: Trail) -> dict[str, Any]:
    """Shape a trail as every command prints it."""
    return {
        "rule": trail.rule,
        "says": rule_named(trail.rule).says,
        "source": rule_named(trail.rule).source,
        "direction": "backward" if trail.is_backward else "forward",
        "currency": trail.currency,
        "origins": dict(trail.origins),
        "hops": [_hop(hop) for hop in trail.hops],
        "layers": dict(trail.layers),
        "at_rest": trail.ended("at_rest"),
        "left_case": trail.ended("left_case"),
        "not_on_record": trail.ended("not_on_record"),
        "contaminated_minor": trail.contaminated_minor,
        "ends": [
            {
                "account": end.account,
                "ending": end.ending,
                "why": end.why,
                "traced_minor": end.traced_minor,
                "shares": dict(end.shares),
            }
            for end in trail.ends
        ],
        "unexplained": dict(trail.unexplained),
        "returns": [_hop(hop) for hop in trail.returns],
        "mixed": trail.mixed,
        "openings": {
            one.account: {"minor": one.minor, "basis": one.basis} for one in trail.openings
        },
        "notes": list(trail.notes),
    }


def _hop(hop: Hop) -> dict[str, Any]:
    return {
        "payment": hop.payment,
        "from": hop.source,
        "to": hop.target,
        "at": hop.at,
        "layer": hop.layer,
        "amount_minor": hop.amount_minor,
        "traced_minor": hop.traced_minor,
        "shares": dict(hop.shares),
        "evidence": list(hop.evidence),
    }


def _print_trail(trail: Trail) -> None:
    rule = rule_named(trail.rule)
    way = "back" if trail.is_backward else "on"
    whole = money_text(trail.started_minor, trail.currency)
    rows = [
        (
            hop.layer,
            _clock(hop.at),
            hop.source,
            hop.target,
            money_text(hop.amount_minor, trail.currency),
            money_text(hop.traced_minor, trail.currency),
            hop.payment.removeprefix("payment:"),
        )
        for hop in trail.hops
    ]
    head = ("layer", "at (UTC)", "from", "to", "paid", "of it traced", "payment")
    print_table(f"{whole} followed {way} by {rule.name}: {rule.says}", head, rows)
    ends = [
        (end.account, end.ending, money_text(minor, trail.currency), end.why, origin)
        for end in trail.ends
        for origin, minor in end.shares
    ]
    told = ("account", "how", "traced", "why", "whose")[: 5 if len(trail.origins) > 1 else 4]
    print_table("Where it ended", told, [row[: len(told)] for row in ends])
    if trail.contaminated_minor:
        mixed = money_text(trail.contaminated_minor, trail.currency)
        out().print(f"  {mixed} of other money is counted as touched", markup=False)
    if trail.returns:
        back = [
            (
                _clock(hop.at),
                hop.source,
                hop.target,
                money_text(hop.traced_minor, trail.currency),
                hop.payment.removeprefix("payment:"),
            )
            for hop in trail.returns
        ]
        print_table("Refunds (no hops)", ("at (UTC)", "from", "back to", "traced", "payment"), back)
    if trail.mixed:
        met = [
            (account, origin, money_text(minor, trail.currency))
            for account, shares in trail.mixed.items()
            for origin, minor in shares.items()
        ]
        print_table("Money of several met here", ("account", "whose", "arrived"), met)
    known = [
        (one.account, money_text(one.minor, trail.currency), one.basis)
        for one in trail.openings
        if one.basis != "unknown"
    ]
    if known:
        print_table("Balances before the records", ("account", "balance", "known how"), known)
    if unknown := [one.account for one in trail.openings if one.basis == "unknown"]:
        more = f" and {len(unknown) - 4:,} more" if len(unknown) > 4 else ""
        warn(
            f"the opening balance of {', '.join(unknown[:4])}{more} is unknown and taken as "
            "nothing: state it by --opening ACCOUNT=AMOUNT"
        )
    for account, minor in trail.unexplained:
        lacking = money_text(minor, trail.currency)
        warn(f"{account} paid {lacking} more than its records explain: ask for what came before")
    for note in trail.notes:
        warn(note)
    layers = "; ".join(f"{n}: {money_text(m, trail.currency)}" for n, m in trail.layers)
    out().print(f"  by layer (the same money, never to be added): {layers}", markup=False)
    out().print(f"  source of the rule: {rule.source}", markup=False)


def paths(
    starts: FromOption,
    case: CaseOption = HERE,
    within: Annotated[str, typer.Option(help="How soon each payment follows: 90s, 2h, 1d.")] = "2h",
    keep: Annotated[
        float, typer.Option(min=0, help="The least share of a payment that goes on.")
    ] = 0.3,
    hops: Annotated[int, typer.Option(min=1, max=12, help="At most that many payments.")] = 4,
    earliest: Annotated[
        bool, typer.Option("--earliest", help="Only the earliest time of arrival at each account.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """List the paths on which money may have gone on, step by step in time."""
    if earliest:
        arrived = open_case(case).arrivals(starts)
        if as_json:
            print_json({"arrivals": [{"account": id_, "at": at} for id_, at in arrived]})
        else:
            print_table("Where money may have arrived", ("account", "earliest (UTC)"), arrived)
        return
    try:
        window = timedelta(milliseconds=duration_ms(within))
    except ValueError as error:
        raise WrongUsage(f"'{within}' is no duration", fix="write 90s, 15m, 2h or 1d") from error
    found = open_case(case).paths(starts, within=window, keep=keep, hops=hops)
    if as_json:
        print_json(
            {
                "paths": [
                    {
                        "payments": list(one.payments),
                        "accounts": list(one.accounts),
                        "seconds": one.seconds,
                        "kept": [round(share, 4) for share in one.kept],
                        "competing": one.competing,
                    }
                    for one in found
                ]
            }
        )
        return
    rows = [
        (
            " > ".join(one.accounts),
            f"{one.seconds:,.0f} s",
            ", ".join(f"{share:.0%}" for share in one.kept),
            one.competing,
        )
        for one in found
    ]
    print_table("Possible paths", ("accounts", "took", "kept at each step", "competing"), rows)
    out().print(f"{len(found):,} possible paths: 'competing' payments may explain a step as well")


def _clock(at: str) -> str:
    """Write a time as a table shows it; the milliseconds only where there are some."""
    return at.removesuffix("Z").removesuffix(".000").replace("T", " ")


def _moment(written: str | None) -> int | None:
    if written is None:
        return None
    try:
        at = datetime.fromisoformat(written)
    except ValueError as error:
        raise WrongUsage(
            f"'{written}' is no time", fix="write it as 2025-03-01T10:00:00+08:00"
        ) from error
    if at.tzinfo is None:
        raise WrongUsage(
            f"'{written}' has no zone", fix=f"write {at.isoformat()}+08:00 for Beijing time"
        )
    return round(at.astimezone(UTC).timestamp() * 1000)


def _opening(text: str) -> tuple[tuple[str, str], int]:
    account, equals, written = text.rpartition("=")
    currency, _, amount = written.rpartition(" ")
    currency = currency.strip() or "CNY"
    try:
        minor = Decimal(amount).scaleb(minor_digits(currency))
    except InvalidOperation:
        equals = ""
        minor = Decimal(0)
    if not equals or minor != minor.to_integral_value() or minor < 0:
        raise WrongUsage(
            f"'{text}' is no opening balance", fix="write it as bank:123=1500.00 or 'bank:1=USD 9'"
        )
    return (account, currency), int(minor)
