"""Commands that ask: run, chain, show."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from graphdb.case import Case
from graphdb.errors import WrongUsage
from graphdb.model import Chain, money_text
from graphdb.packs import Answer, Ranked, Reason, rank, reasons_of
from graphdb.store import READ_LIMIT

from .found import (
    LanguageOption,
    Languages,
    cell_text,
    finding_json,
    list_text,
    print_found,
)
from .options import AccountOption, SellerOption, SettingsOption, VictimOption
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
    warn,
)


def run(
    ids: Annotated[
        list[str] | None, typer.Argument(metavar="ID...", help="All by default.")
    ] = None,
    case: CaseOption = HERE,
    settings: SettingsOption = None,
    folder: FolderOption = None,
    limit: Annotated[
        float, typer.Option(help="Seconds for each query; a pack that takes longer says so.")
    ] = READ_LIMIT.total_seconds(),
    language: LanguageOption = Languages.en,
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
    print_found(answers, rank(answers), language.value, in_full=bool(ids))


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
        ("sold accounts", list_text(one.accounts), behind.get("accounts sold", "")),
        (
            "devices",
            list_text(one.operator_devices),
            behind.get("accounts run on operator devices", ""),
        ),
        ("group", one.group, behind.get("accounts and victim in the group", "")),
        ("victim", one.victim, ""),
        ("payments", f"{amount} in {len(one.payments)}", behind.get("victim paid", "")),
    ]
    for layer in sorted({payee.layer for payee in one.receivers}):
        payees = [payee for payee in one.receivers if payee.layer == layer]
        received = money_text(sum(payee.amount_minor for payee in payees), one.currency)
        what = f"{received} at {list_text([payee.account for payee in payees])}"
        rows.append(
            (f"layer {layer}", what, "" if layer == 1 else behind.get("money passed on", ""))
        )
    print_table(f"Suspected chain to {one.victim}", ("step", "what", "evidence"), rows)


def show(
    entity: Annotated[str, typer.Argument(metavar="ENTITY", help="An id, e.g. wechat:wxid_1.")],
    case: CaseOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Show one entity: properties, spellings and why, links, findings, source rows."""
    shown = open_case(case).show(entity)
    if as_json:
        print_json(
            {
                "entity": {"label": shown.entity.label, "id": shown.entity.id}
                | dict(shown.entity.properties),
                "joined": [asdict(one) for one in shown.joined],
                "written": [asdict(one) for one in shown.written],
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
    if shown.entity.id != entity:
        out().print(f"{entity} is {shown.entity.id} here.", markup=False)
    properties = [(name, cell_text(cell)) for name, cell in shown.entity.properties.items()]
    print_table(f"{shown.entity.label} {shown.entity.id}", ("property", "value"), properties)
    if shown.joined:
        joined = [(one.id, one.why) for one in shown.joined]
        print_table("One with it", ("id", "why"), joined)
    written = [(one.text, one.rule, list_text(one.places)) for one in shown.written]
    print_table("As papers write it", ("form", "rule", "places"), written)
    links = [
        (
            link.type,
            link.source,
            link.target,
            link.properties.get("at"),
            link.basis,
            list_text(link.evidence),
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
