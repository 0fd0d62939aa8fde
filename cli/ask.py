"""Commands that ask: run, chain, show."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from graphdb.case import Case
from graphdb.errors import WrongUsage
from graphdb.model import Cell, Chain, Finding, money_text
from graphdb.packs import Answer, Ranked, Reason, rank, reasons_of
from graphdb.store import READ_LIMIT

from .output import (
    HERE,
    CaseOption,
    FolderOption,
    JsonOption,
    open_case,
    out,
    print_json,
    print_table,
    progress,
    visible,
    warn,
)

SellerOption = Annotated[str | None, typer.Option(help="Only through this seller (its id).")]
AccountOption = Annotated[str | None, typer.Option(help="Only through this account (its id).")]
VictimOption = Annotated[str | None, typer.Option(help="Only for this victim (person or account).")]
SHOWN = 8
RANKED = 20


def run(
    ids: Annotated[
        list[str] | None, typer.Argument(metavar="ID...", help="All by default.")
    ] = None,
    case: CaseOption = HERE,
    settings: Annotated[
        list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="Set a parameter.")
    ] = None,
    folder: FolderOption = None,
    limit: Annotated[
        float, typer.Option(help="Seconds for each query; a pack that takes longer says so.")
    ] = READ_LIMIT.total_seconds(),
    as_json: JsonOption = False,
) -> None:
    """Run packs and list what they find, with evidence and innocent explanations."""
    opened = open_case(case)
    answers = asked(opened, ids or (), settings or (), folder, timedelta(seconds=limit))
    if as_json:
        print_json(
            {
                "findings": _by_score(answers),
                "entities": [_entity_json(one) for one in rank(answers)],
                "not_run": [{"pack": a.pack.id, "why": a.not_run} for a in answers if a.not_run],
                "records_until": {a.pack.id: dict(a.reach) for a in answers if not a.not_run},
            }
        )
        return
    for answer in answers if ids else ():
        _print_answer(answer)
    print_ranked(rank(answers))
    if not ids:
        _print_packs(answers)
    found = sum(len(answer.findings) for answer in answers)
    out().print(
        f"{found:,} findings of {len(answers)} packs: leads to check, not findings of guilt"
    )


def _by_score(answers: Iterable[Answer]) -> list[dict[str, Any]]:
    found = [
        finding_json(finding) | _score_json(reasons_of([(answer.pack, finding)]))
        for answer in answers
        for finding in answer.findings
    ]
    return sorted(found, key=lambda one: (-one["score"], one["pack"], one["key"]))


def _score_json(reasons: Sequence[Reason]) -> dict[str, Any]:
    score = sum(reason.points for reason in reasons)
    return {"score": score, "reasons": [asdict(reason) for reason in reasons]}


def _entity_json(one: Ranked) -> dict[str, Any]:
    return {
        "entity": one.entity,
        "label": one.label,
        "is_victim": one.is_victim,
        **_score_json(one.reasons),
        "findings": [{"pack": finding.pack, "key": finding.key} for finding in one.findings],
        "innocents": [asdict(innocent) for innocent in one.innocents],
    }


def print_ranked(ranked: Sequence[Ranked]) -> None:
    """Print the entities to look at first: reasons, findings, innocent explanations."""
    console = out()
    for at, one in enumerate(ranked[:RANKED], start=1):
        victim = "; a suspected victim: to be heard and warned" if one.is_victim else ""
        lines = [f"{at}. {one.entity} ({one.label}{victim}): {one.score} points"]
        lines += [f"   {reason.points:+d} {reason.says}" for reason in one.reasons]
        for finding in one.findings[:SHOWN]:
            cuts = "".join(f"; {cut}" for cut in finding.cuts)
            rows = f"{len(finding.evidence):,} rows"
            lines.append(f"   found: {finding.pack} ({finding.level}, {rows}): {finding.key}{cuts}")
        if len(one.findings) > SHOWN:
            lines.append(f"   ... {len(one.findings):,} findings in all")
        for innocent in one.innocents[:SHOWN]:
            lines.append(f"   may be innocent: {innocent.says}. Check: {innocent.check}")
        if len(one.innocents) > SHOWN:
            lines.append(f"   ... {len(one.innocents):,} innocent explanations in all")
        console.print(visible("\n".join(lines)), markup=False)
    if len(ranked) > RANKED:
        console.print(f"... {len(ranked):,} entities in all; --json lists every one")


def _print_packs(answers: Iterable[Answer]) -> None:
    """Say of every pack what came of it, also of those that found nothing or could not run."""
    rows = []
    for answer in answers:
        until = ", ".join(f"{table} until {day}" for table, day in answer.reach.items())
        found = answer.not_run or f"{len(answer.findings):,} found"
        rows.append((answer.pack.id, answer.pack.level, found, until))
    title = "Packs; 'linkwright run ID' gives the table"
    print_table(title, ("pack", "level", "", "records"), rows)


def asked(
    case: Case,
    ids: Sequence[str],
    settings: Iterable[str],
    folder: Path | None = None,
    limit: timedelta = READ_LIMIT,
) -> tuple[Answer, ...]:
    """Run packs with ``name=value`` settings and a progress bar."""
    values = dict(_setting(text) for text in settings)
    with progress("asking") as update:
        return case.run(ids, values, update, folder, limit)


def _setting(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise WrongUsage(f"'{text}' is no setting", fix="write it as --set name=value")
    return name.strip(), value


def chain(
    case: CaseOption = HERE,
    seller: SellerOption = None,
    account: AccountOption = None,
    victim: VictimOption = None,
    as_json: JsonOption = False,
) -> None:
    """Trace the whole chain: seller, accounts, devices, group, victim, money."""
    chains, answer = open_case(case).chain(seller=seller, account=account, victim=victim)
    if as_json:
        not_run = {"not_run": answer.not_run} if answer.not_run else {}
        print_json({"chains": [asdict(one) for one in chains], **not_run})
        return
    if answer.not_run:
        warn(f"{answer.pack.id}: {answer.not_run}")
    for one in chains:
        print_chain(one)
    out().print(f"{len(chains)} suspected chains")


def print_chain(one: Chain) -> None:
    """Print a chain step by step, each with how many rows stand behind it."""
    behind = {step: f"{len(rows):,} rows" for step, rows in one.steps}
    amount = money_text(one.amount_minor, one.currency)
    rows: list[tuple[str, str, str]] = [
        ("seller", one.seller, ""),
        ("sold accounts", _list(one.accounts), behind.get("accounts sold", "")),
        (
            "devices",
            _list(one.operator_devices),
            behind.get("accounts run on operator devices", ""),
        ),
        ("group", one.group, behind.get("accounts and victim in the group", "")),
        ("victim", one.victim, ""),
        ("payments", f"{amount} in {len(one.payments)}", behind.get("victim paid", "")),
    ]
    for layer in sorted({payee.layer for payee in one.receivers}):
        payees = [payee for payee in one.receivers if payee.layer == layer]
        received = money_text(sum(payee.amount_minor for payee in payees), one.currency)
        what = f"{received} at {_list([payee.account for payee in payees])}"
        rows.append(
            (f"layer {layer}", what, "" if layer == 1 else behind.get("money passed on", ""))
        )
    print_table(f"Suspected chain to {one.victim}", ("step", "what", "evidence"), rows)


def show(
    entity: Annotated[str, typer.Argument(metavar="ENTITY", help="An id, e.g. wechat:wxid_1.")],
    case: CaseOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Show one entity: properties, links, findings and the source rows behind them."""
    shown = open_case(case).show(entity)
    if as_json:
        print_json(
            {
                "entity": {"label": shown.entity.label, "id": shown.entity.id}
                | dict(shown.entity.properties),
                "links": [
                    {"type": link.type, "source": link.source, "target": link.target}
                    | dict(link.properties)
                    for link in shown.links
                ],
                "findings": [finding_json(finding) for finding in shown.findings],
                "sources": [
                    {"place": s.place, "file": s.file, "sha256": s.sha256, "cells": dict(s.cells)}
                    for s in shown.sources
                ],
            }
        )
        return
    properties = [(name, _cell(cell)) for name, cell in shown.entity.properties.items()]
    print_table(f"{shown.entity.label} {shown.entity.id}", ("property", "value"), properties)
    links = [
        (
            link.type,
            link.source,
            link.target,
            link.properties.get("at"),
            link.basis,
            _list(link.evidence),
        )
        for link in shown.links
    ]
    print_table("Links", ("type", "from", "to", "at", "basis", "evidence"), links)
    findings = [(f.pack, f.level, f.key) for f in shown.findings]
    print_table("Findings that name it", ("pack", "level", "finding"), findings)
    sources = [
        (s.place, s.file, " | ".join(f"{name}={cell}" for name, cell in s.cells))
        for s in shown.sources
    ]
    print_table("Source rows", ("place", "file", "as written"), sources)


def finding_json(finding: Finding) -> dict[str, Any]:
    """Shape a finding as every command prints it."""
    return {
        "pack": finding.pack,
        "level": finding.level,
        "key": finding.key,
        "values": dict(finding.values),
        "evidence": list(finding.evidence),
        "cut": [asdict(cut) for cut in finding.cuts],
        "innocents": [asdict(innocent) for innocent in finding.innocents],
    }


def _print_answer(answer: Answer) -> None:
    pack = answer.pack
    if answer.not_run:
        warn(f"{pack.id}: {answer.not_run}")
        return
    until = ", ".join(f"{table} until {day}" for table, day in answer.reach.items())
    if not answer.findings:
        out().print(f"{pack.id}: nothing found ({until or 'records without times'})", markup=False)
        return
    shown = [name for name in pack.columns if not name.startswith(("from_", "evidence", "cut"))]
    money = {name for name in shown if pack.columns[name].type == "money"}
    rows = [
        (
            *(_cell(f.values[name], money=name in money) for name in shown),
            f"{len(f.evidence):,} rows",
        )
        for f in answer.findings
    ]
    print_table(f"{pack.id} ({pack.level}): {pack.question}", (*shown, "evidence"), rows)
    if until:
        out().print(f"  records: {until}", markup=False)
    for cut in dict.fromkeys(cut for finding in answer.findings for cut in finding.cuts):
        out().print(visible(f"  {cut}"), markup=False)
    for innocent in pack.innocents:
        text = f"  may be innocent: {innocent.says}. Check: {innocent.check}"
        out().print(visible(text), markup=False)


def _cell(cell: Cell, *, money: bool = False) -> str:
    if money and isinstance(cell, int):
        return f"{cell / 100:,.2f}" if cell % 100 else f"{cell // 100:,}.00"
    return _list([str(item) for item in cell]) if isinstance(cell, list) else str(cell)


def _list(items: Sequence[str]) -> str:
    """Name a few and count the rest."""
    more = f" ... {len(items):,} in all" if len(items) > SHOWN else ""
    return ", ".join(items[:SHOWN]) + more
