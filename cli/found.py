"""Print what packs found, in English or Chinese."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from enum import StrEnum
from typing import Annotated, Any, Final

import typer

from graphdb.model import NODE_TYPES, Cell, Finding, Innocent, Language
from graphdb.packs import Answer, Ranked

from .output import out, print_table, visible, warn

SHOWN: Final = 8
RANKED: Final = 20


class Languages(StrEnum):
    """The languages of what is printed."""

    en = "en"
    zh = "zh"


LanguageOption = Annotated[Languages, typer.Option("--lang", help="The language: en or zh.")]

_WORDS: Final[Mapping[Language, Mapping[str, str]]] = {
    "en": {
        "entity": "{at}. {entity} ({label}{victim}): {score} points",
        "victim": "; a suspected victim: to be heard and warned",
        "found": "   found: {pack} ({level}, {rows}): {key}{cuts}",
        "findings": "   ... {count:,} findings in all",
        "innocent": "{indent}may be innocent: {says}. Check: {check}",
        "innocents": "   ... {count:,} innocent explanations in all",
        "entities": "... {count:,} entities in all; --json lists every one",
        "rows": "{count:,} rows",
        "until": "{table} until {day}",
        "nothing": "{pack}: nothing found ({until})",
        "undated": "records without times",
        "records": "  records: {until}",
        "answer": "{pack} ({level}): {question}",
        "evidence": "evidence",
        "packs": "Packs; 'linkwright run ID' gives the table",
        "columns": "pack,level,,records",
        "count": "{count:,} found",
        "sum": "{found:,} findings of {packs} packs: leads to check, not findings of guilt",
        "cut": "not followed beyond hub {hub}, {links:,} links",
        "fact": "fact",
        "indicator": "indicator",
        "lead": "lead",
    },
    "zh": {
        "entity": "{at}. {entity}（{label}{victim}）：{score} 分",
        "victim": "；疑似受害人，应询问并提醒",
        "found": "   发现：{pack}（{level}，证据 {rows}）：{key}{cuts}",
        "findings": "   …… 共 {count:,} 项发现",
        "innocent": "{indent}可能无害：{says}。核查：{check}",
        "innocents": "   …… 共 {count:,} 种无害解释",
        "entities": "…… 共 {count:,} 个对象；--json 给出全部",
        "rows": "{count:,} 行",
        "until": "{table} 截至 {day}",
        "nothing": "{pack}：没有发现（{until}）",
        "undated": "记录没有时间",
        "records": "  记录：{until}",
        "answer": "{pack}（{level}）：{question}",
        "evidence": "证据",
        "packs": "各项查询；“linkwright run 编号”给出明细表",
        "columns": "查询,级别,结果,记录",
        "count": "{count:,} 项",
        "sum": "{packs} 项查询共 {found:,} 项发现：是供核查的线索，不是有罪认定",
        "cut": "未追过枢纽 {hub}，{links:,} 条连线",
        "fact": "事实",
        "indicator": "疑似",
        "lead": "线索",
    },
}


def print_found(
    answers: Sequence[Answer], ranked: Sequence[Ranked], language: Language, *, in_full: bool
) -> None:
    """Print the entities to look at first, and every pack's answer: in full, or its count."""
    for answer in answers if in_full else ():
        _print_answer(answer, language)
    _print_ranked(ranked, language)
    if not in_full:
        _print_packs(answers, language)
    found = sum(len(answer.findings) for answer in answers)
    out().print(_WORDS[language]["sum"].format(found=found, packs=len(answers)))


def _print_ranked(ranked: Sequence[Ranked], language: Language) -> None:
    """Print the entities to look at first: reasons, findings, innocent explanations."""
    said = _WORDS[language]
    console = out()
    for at, one in enumerate(ranked[:RANKED], start=1):
        label = one.label if language == "en" else NODE_TYPES[one.label].zh
        victim = said["victim"] if one.is_victim else ""
        head = said["entity"].format(
            at=at, entity=one.entity, label=label, victim=victim, score=one.score
        )
        lines = [head, *(f"   {r.points:+d} {r.said(language)}" for r in one.reasons)]
        lines += [_found(finding, language) for finding in one.findings[:SHOWN]]
        if len(one.findings) > SHOWN:
            lines.append(said["findings"].format(count=len(one.findings)))
        lines += [_innocent(innocent, language, "   ") for innocent in one.innocents[:SHOWN]]
        if len(one.innocents) > SHOWN:
            lines.append(said["innocents"].format(count=len(one.innocents)))
        console.print(visible("\n".join(lines)), markup=False)
    if len(ranked) > RANKED:
        console.print(said["entities"].format(count=len(ranked)), markup=False)


def _print_answer(answer: Answer, language: Language) -> None:
    """Print what one pack found as a table, with the explanations to check."""
    said, pack = _WORDS[language], answer.pack
    if why := answer.why_not(language):
        warn(f"{pack.id}: {why}")
        return
    until = _until(answer, language)
    if not answer.findings:
        nothing = said["nothing"].format(pack=pack.id, until=until or said["undated"])
        out().print(nothing, markup=False)
        return
    shown = [name for name in pack.columns if not name.startswith(("from_", "evidence", "cut"))]
    money = {name for name in shown if pack.columns[name].type == "money"}
    rows = [
        (
            *(cell_text(f.values[name], money=name in money) for name in shown),
            said["rows"].format(count=len(f.evidence)),
        )
        for f in answer.findings
    ]
    question = pack.question if language == "en" else pack.question_zh
    title = said["answer"].format(pack=pack.id, level=said[pack.level], question=question)
    print_table(title, (*shown, said["evidence"]), rows)
    if until:
        out().print(said["records"].format(until=until), markup=False)
    for cut in dict.fromkeys(cut for finding in answer.findings for cut in finding.cuts):
        out().print(visible("  " + said["cut"].format(hub=cut.hub, links=cut.links)), markup=False)
    for innocent in pack.innocents:
        out().print(visible(_innocent(innocent, language, "  ")), markup=False)


def _print_packs(answers: Iterable[Answer], language: Language) -> None:
    """Say of every pack what came of it, also of those that found nothing or could not run."""
    said = _WORDS[language]
    rows = [
        (
            answer.pack.id,
            said[answer.pack.level],
            answer.why_not(language) or said["count"].format(count=len(answer.findings)),
            _until(answer, language),
        )
        for answer in answers
    ]
    print_table(said["packs"], said["columns"].split(","), rows)


def _until(answer: Answer, language: Language) -> str:
    form = _WORDS[language]["until"]
    return ", ".join(form.format(table=table, day=day) for table, day in answer.reach.items())


def _found(finding: Finding, language: Language) -> str:
    said = _WORDS[language]
    cuts = (said["cut"].format(hub=cut.hub, links=cut.links) for cut in finding.cuts)
    return said["found"].format(
        pack=finding.pack,
        level=said[finding.level],
        rows=said["rows"].format(count=len(finding.evidence)),
        key=finding.key,
        cuts="".join(f"; {cut}" for cut in cuts),
    )


def _innocent(innocent: Innocent, language: Language, indent: str) -> str:
    says, check = innocent.said(language)
    return _WORDS[language]["innocent"].format(indent=indent, says=says, check=check)


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


def cell_text(cell: Cell, *, money: bool = False) -> str:
    """Write a cell of an answer; long lists by their first and their count."""
    if money and isinstance(cell, int):
        return f"{cell / 100:,.2f}" if cell % 100 else f"{cell // 100:,}.00"
    return list_text([str(item) for item in cell]) if isinstance(cell, list) else str(cell)


def list_text(items: Sequence[str]) -> str:
    """Name a few and count the rest."""
    more = f" ... {len(items):,} in all" if len(items) > SHOWN else ""
    return ", ".join(items[:SHOWN]) + more
