"""The report of a case: exhibits, findings by entity, charts, money, thresholds, method.

Stands above ``case``: it asks a case what an officer would ask, and sets the answers down. Nothing
in a report comes from the clock, so a case that did not change gives the same report.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from importlib.metadata import version
from importlib.resources import as_file, files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from graphdb.bundle.report import (
    Block,
    Cell,
    Heading,
    Language,
    Paragraph,
    Picture,
    Report,
    Table,
    Words,
    check_suffix,
    write_report,
)
from graphdb.bundle.report.phrases import LEVELS, LIMITS, METHOD, NOBODY, WHAT_IT_IS
from graphdb.bundle.report.raster import pages_as_png
from graphdb.bundle.thresholds import (
    CAUTION_EN,
    CAUTION_ZH,
    MEASURES,
    Compared,
    Figure,
    compare,
    read_thresholds,
)
from graphdb.case import Case
from graphdb.casework.intake import FileReport
from graphdb.errors import WrongUsage
from graphdb.evidence.log import CaseLog
from graphdb.model import Chain, Finding, money_text
from graphdb.packs import Answer
from graphdb.trace import Trail, rule_named

_ZONE: Final = timezone(timedelta(hours=8))
_PLACE: Final = re.compile(r"^E[0-9]+(/[0-9]+)?:[0-9]+$")
_FEW: Final = 6
_PLACES: Final = 12
_SHEETS: Final = 4
_DRAWN: Final = 40
_TRAILS: Final = 5
_HOPS: Final = 60
_FINDINGS_EACH: Final = 8
_MORE_ROWS: Final = 300


@dataclass(frozen=True, slots=True)
class Told:
    """What a report holds, in numbers."""

    findings: int
    entities: int
    pictures: int


def report(case: Case, path: Path, language: Language = "both", most: int = 30) -> Told:
    """Write the report of a case as .docx or .pdf; ``most`` entities are told in full.

    Raises:
        WrongUsage: no report has this suffix.
        StoreUnreachable: the file cannot be written.
    """
    check_suffix(path)
    answers = case.run()
    chains, _ = case.chain()
    pictures = _pictures(case, answers, chains)
    entries = list(CaseLog(case.folder / "case.log").entries())
    findings = [finding for answer in answers for finding in answer.findings]
    by_entity = _by_entity(findings)
    blocks = [
        *_opening(case, entries),
        *_exhibits(case, entries),
        *_findings(by_entity, answers, most),
        *_charts(pictures),
        *_money(case, chains),
        *_law(case),
        *_method(case, answers),
        *_signatures(),
    ]
    title = Words(f"案件研判报告：{case.name}", f"Report of the case: {case.name}")
    made = Report(title, case.name, str(entries[-1]["at"]), tuple(blocks))
    font = files("graphdb.chart.render").joinpath("font", "court-sans.ttf")
    with as_file(font) as file:
        write_report(made, path, language, file)
    return Told(len(findings), len(by_entity), len(pictures.pages))


def _opening(case: Case, entries: Sequence[Mapping[str, Any]]) -> Iterator[Block]:
    head = CaseLog(case.folder / "case.log").head()
    who = sorted({str(entry["by"]) for entry in entries})
    yield Paragraph(WHAT_IT_IS)
    rows: list[tuple[Cell, ...]] = [
        (Words("案件", "case"), case.name),
        (Words("数据截至（案件日志末条）", "as of (last entry of the log)"),
         _time(entries[-1]["at"])),
        (Words("案件日志条数与末条哈希", "entries of the log, and its head"),
         f"{len(entries):,}\n{head}"),
        (Words("日志记载的操作人", "who added, by the log"), ", ".join(who)),
        (Words("程序", "program"), f"Linkwright {version('linkwright')}"),
    ]  # fmt: skip
    yield Table((Words("项目", "item"), Words("内容", "content")), tuple(rows), (3, 7))


def _exhibits(case: Case, entries: Sequence[Mapping[str, Any]]) -> Iterator[Block]:
    received = {
        str(entry["exhibit"]["number"]): (_time(entry["at"]), str(entry["by"]))
        for entry in reversed(entries)
        if entry["event"] == "received"
    }
    yield Heading(1, Words("一、证物", "1. Exhibits"))
    yield Paragraph(
        Words("读取行数 = 入库 + 重复 + 拒收。", "Rows read = loaded + repeated + rejected."), True
    )
    reports = case.status().exhibits
    rows = [_exhibit(one, received.get(one.exhibit.number, ("", ""))) for one in reports]
    head = (
        Words("证物", "no."), Words("文件（格式）", "file (format)"), Words("读取", "read"),
        Words("入库", "loaded"), Words("重复", "rep."), Words("拒收", "rej."),
        Words("接收", "received"),
    )  # fmt: skip
    yield Table(head, tuple(rows), (5, 17, 7, 7, 6, 6, 12), frozenset({2, 3, 4, 5}))
    hashes = [
        (one.exhibit.number, f"SHA-256 {one.exhibit.sha256}\nSM3 {one.exhibit.sm3}")
        for one in {report.exhibit.number: report for report in reports}.values()
    ]
    yield Table((Words("证物", "no."), Words("完整性校验值", "hashes")), tuple(hashes), (1, 10))


def _exhibit(one: FileReport, received: tuple[str, str]) -> tuple[Cell, ...]:
    tally = one.tally
    counts = (tally.read, tally.loaded, tally.repeated, tally.rejected)
    return (
        one.exhibit.number,
        f"{one.exhibit.name}\n({tally.format})",
        *(f"{count:,}" for count in counts),
        "\n".join(received),
    )


def _by_entity(findings: Sequence[Finding]) -> dict[str, list[Finding]]:
    """Gather findings under the entity that each is about, those with most to tell first."""
    order = {level: at for at, level in enumerate(("indicator", "fact", "lead"))}
    found: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        found[finding.nodes[0][1] if finding.nodes else finding.key].append(finding)
    for own in found.values():
        own.sort(key=lambda one: (order[one.level], one.pack, one.key))

    def weight(item: tuple[str, list[Finding]]) -> tuple[int, int, str]:
        packs = {one.pack for one in item[1]}
        suspected = any(one.level == "indicator" for one in item[1])
        return (-len(packs), 0 if suspected else 1, item[0])

    return dict(sorted(found.items(), key=weight))


def _findings(
    by_entity: Mapping[str, Sequence[Finding]], answers: Sequence[Answer], most: int
) -> Iterator[Block]:
    packs = {answer.pack.id: answer.pack for answer in answers}
    yield Heading(1, Words("二、按对象列示的发现", "2. Findings by entity"))
    yield Paragraph(
        Words(
            f"共 {len(by_entity):,} 个对象。以下逐一列出命中最多的 {min(most, len(by_entity)):,} "
            f"个，"
            "其余列于后表。",
            f"{len(by_entity):,} entities. Those that most packs name, "
            f"{min(most, len(by_entity)):,} of them, are told in full; the others follow in a "
            f"table.",
        )
    )
    for number, (entity, findings) in enumerate([*by_entity.items()][:most], start=1):
        yield Heading(2, Words(f"2.{number} {entity}", f"2.{number} {entity}"))
        rows = []
        for finding in findings[:_FINDINGS_EACH]:
            pack = packs[finding.pack]
            question = Words(
                f"{LEVELS[finding.level].zh}\n{pack.question_zh}",
                f"{LEVELS[finding.level].en}\n{pack.question}",
            )
            rows.append((question, _values(finding), _places(finding.evidence)))
        head = (Words("问题", "question"), Words("结果", "answer"), Words("证物行", "rows"))
        yield Table(head, tuple(rows), (5, 8, 4))
        if (more := len(findings) - _FINDINGS_EACH) > 0:
            yield Paragraph(
                    Words(f"另有 {more:,} 项同类发现未逐一列出。",
                          f"{more:,} more findings on it are not listed here."), True
                )  # fmt: skip
        yield from _innocents(findings)
    rest = [*by_entity.items()][most:]
    if rest:
        yield Heading(2, Words("其余对象", "The other entities"))
        lines = [
            (entity, "\n".join(sorted({one.pack for one in own})), _places(_evidence(own), _FEW))
            for entity, own in rest[:_MORE_ROWS]
        ]
        head = (Words("对象", "entity"), Words("查询", "packs"), Words("证物行", "rows"))
        yield Table(head, tuple(lines), (4, 5, 8))
        yield from _innocents([finding for _, own in rest for finding in own])
        if len(rest) > _MORE_ROWS:
            count = len(rest) - _MORE_ROWS
            yield Paragraph(
                Words(f"另有 {count:,} 个对象；“linkwright run --json”给出全部。",
                      f"{count:,} more entities; 'linkwright run --json' gives them all."), True
            )  # fmt: skip


def _evidence(findings: Sequence[Finding]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(place for one in findings for place in one.evidence))


def _values(finding: Finding) -> str:
    """Write the answer of a pack column by column, long lists by their first and their count."""
    currency = str(finding.values.get("currency") or "CNY")
    lines = []
    for name, cell in finding.values.items():
        if cell is None or cell == [] or name == "currency" or _are_places(cell):
            continue
        if isinstance(cell, list):
            more = f" … ({len(cell):,})" if len(cell) > _FEW else ""
            text = ", ".join(str(one) for one in cell[:_FEW]) + more
        elif name.endswith("_minor") and isinstance(cell, int):
            text = money_text(cell, currency)
        else:
            text = str(cell)
        lines.append(f"{name.removesuffix('_minor')}: {text}")
    return "\n".join(lines)


def _are_places(cell: object) -> bool:
    """Tell whether a column only quotes rows of one step, which the evidence has anyway."""
    return isinstance(cell, list) and all(_PLACE.match(str(one)) for one in cell)


def _places(places: Sequence[str], most: int = _PLACES) -> str:
    more = f" … ({len(places):,})" if len(places) > most else ""
    return ", ".join(places[:most]) + more


def _innocents(findings: Sequence[Finding]) -> Iterator[Block]:
    """List the harmless explanations of the findings on one entity, each with its check."""
    told = {
        (one.says, one.check): tuple(map(Words, one.said("zh"), one.said("en")))
        for finding in findings
        for one in finding.innocents
    }
    if told:
        head = (
            Words("可能的无害解释", "what would explain it harmlessly"),
            Words("如何核查", "the check that would tell"),
        )
        yield Table(head, tuple(told.values()), (1, 1))


@dataclass(frozen=True, slots=True)
class _Pictures:
    """The first pages of a drawing, how many it has, and which findings it shows of how many."""

    pages: tuple[bytes, ...] = ()
    of_pages: int = 0
    findings: int = 0
    of_findings: int = 0


def _pictures(case: Case, answers: Sequence[Answer], chains: Sequence[Chain]) -> _Pictures:
    """Draw the chain, or where there is none the suspected findings, as exhibit pages."""
    chain = [one for answer in answers if answer.pack.id.endswith("full_chain")
             for one in answer.findings]  # fmt: skip
    suspected = [one for answer in answers for one in answer.findings if one.level == "indicator"]
    drawn = chain or suspected[:_DRAWN]
    if not drawn:
        return _Pictures()
    title = f"关系图 Link chart: {case.name}"
    with TemporaryDirectory() as folder:
        path = Path(folder) / "chart.pdf"
        case.chart(title, drawn, chains if chain else (), path)
        pages, count = pages_as_png(path.read_bytes(), _SHEETS)
    return _Pictures(pages, count, len(drawn), len(chain or suspected))


def _charts(pictures: _Pictures) -> Iterator[Block]:
    yield Heading(1, Words("三、关系图", "3. Charts"))
    if not pictures.pages:
        yield Paragraph(Words("没有可绘制的发现。", "There is no finding to draw."))
        return
    yield Paragraph(
        Words(
            "以下为关系图各页的图像，以便随文阅读；可核对的图件以 “linkwright chart -o 图.pdf” "
            "输出的文件为准。",
            "Pictures of the pages of the link chart, to be read with the text; the exhibit to "
            "check is the file that 'linkwright chart -o chart.pdf' writes.",
        )
    )
    shown, whole = len(pictures.pages), pictures.of_pages
    if shown < whole:
        yield Paragraph(
            Words(
                f"该图共 {whole} 页，本报告载第 1 至 {shown} 页。",
                f"The chart has {whole} pages; pages 1 to {shown} are in this report.",
            )
        )
    if pictures.findings < pictures.of_findings:
        yield Paragraph(
            Words(
                f"图中绘出 {pictures.of_findings:,} 项疑似发现中的前 {pictures.findings:,} 项。",
                f"The first {pictures.findings:,} of {pictures.of_findings:,} suspected findings "
                "are drawn.",
            )
        )
    for number, png in enumerate(pictures.pages, start=1):
        yield Picture(
            png,
            Words(
                f"图 {number}：第 {number} 页，共 {whole} 页",
                f"Figure {number}: page {number} of {whole}",
            ),
        )


def _money(case: Case, chains: Sequence[Chain]) -> Iterator[Block]:
    yield Heading(1, Words("四、资金", "4. Money"))
    yield Paragraph(
        Words(
            "按层列示。后层为前层同一笔资金的流转：各层金额不得相加，不列总计。",
            "By layer. A later layer holds the money of the earlier one: the sums must not be "
            "added, and "
            "there is no grand total.",
        )
    )
    seen: set[tuple[str, tuple[str, ...]]] = set()
    for chain in chains:
        if (key := (chain.victim, chain.payments)) in seen:
            continue
        seen.add(key)
        yield Heading(2, Words(f"疑似链条：{chain.victim}", f"Suspected chain: {chain.victim}"))
        head = (Words("层", "layer"), Words("账户", "account"), Words("收到", "received"))
        yield Table(head, tuple(_layers(chain)), (3, 6, 3), frozenset({2}))
        rows = f"依据 Rows: {_places(chain.evidence)}"
        yield Paragraph(Words(rows, rows), True)
    victims = [*dict.fromkeys(chain.victim for chain in chains)][:_TRAILS]
    for victim in victims or _reports(case):
        try:
            trails = case.trace([victim], ["fifo"])
        except WrongUsage:
            continue  # a report without a payment on record has no money to follow
        for trail in trails:
            yield from _trail(victim, trail)


def _layers(chain: Chain) -> Iterator[tuple[Cell, ...]]:
    """Give what the accounts of each layer received, and the sum of each layer by itself."""
    paid = Words(f"{chain.victim} 付出", f"{chain.victim} paid")
    yield ("0", paid, money_text(chain.amount_minor, chain.currency))
    for layer in sorted({one.layer for one in chain.receivers}):
        own = [one for one in chain.receivers if one.layer == layer]
        for one in own:
            yield (str(layer), one.account, money_text(one.amount_minor, chain.currency))
        total = money_text(sum(one.amount_minor for one in own), chain.currency)
        yield (str(layer), Words(f"第 {layer} 层合计", f"sum of layer {layer}"), total)


def _reports(case: Case) -> list[str]:
    rows = case.store.read("MATCH (r:Report) RETURN r.id AS id ORDER BY id").rows
    return [str(id_) for (id_,) in rows][:_TRAILS]


def _trail(start: str, trail: Trail) -> Iterator[Block]:
    rule = rule_named(trail.rule)
    whole = money_text(trail.started_minor, trail.currency)
    yield Heading(2, Words(f"资金去向（{trail.rule}）：{start}", f"Trail by {trail.rule}: {start}"))
    yield Paragraph(
        Words(
            f"{whole}；规则来源：{rule.source}", f"{whole} by the rule: {rule.says} ({rule.source})"
        ),
        True,
    )
    rows = [
        (str(hop.layer), _time(hop.at), f"{hop.source}\n→ {hop.target}",
         money_text(hop.amount_minor, trail.currency),
         money_text(hop.traced_minor, trail.currency))
        for hop in trail.hops[:_HOPS]
    ]  # fmt: skip
    head = (
        Words("层", "layer"), Words("时间", "time"), Words("付款与收款", "from, to"),
        Words("付款额", "paid"), Words("其中被追踪", "of it traced"),
    )  # fmt: skip
    yield Table(head, tuple(rows), (3, 7, 12, 8, 8), frozenset({3, 4}))
    if len(trail.hops) > _HOPS:
        more = len(trail.hops) - _HOPS
        yield Paragraph(Words(f"另有 {more:,} 笔。", f"{more:,} more payments."), True)
    ends = [
        (end.account, f"{end.ending}: {end.why}", money_text(end.traced_minor, trail.currency))
        for end in trail.ends[:_HOPS]
    ]
    ended = (Words("终点", "end"), Words("原因", "why"), Words("被追踪金额", "traced"))
    yield Table(ended, tuple(ends), (5, 6, 3), frozenset({2}))


def _law(case: Case) -> Iterator[Block]:
    figures = case.figures()
    yield Heading(1, Words("五、数额与法定标准对照", "5. Figures beside thresholds of law"))
    yield Paragraph(Words(CAUTION_ZH, CAUTION_EN))
    rows = [_figure(one) for one in figures if one.value][:_MORE_ROWS]
    head = (
        Words("对象", "of"), Words("项目", "measure"), Words("数值", "figure"),
        Words("行数", "rows"), Words("行为期间", "acts"),
    )  # fmt: skip
    yield Table(head, tuple(rows), (8, 9, 7, 4, 7), frozenset({2, 3}))
    lines = [_compared(one) for one in compare(figures, read_thresholds())][:_MORE_ROWS]
    head = (
        Words("对象", "of"), Words("标准（须由法律人员核对）", "threshold (for counsel to check)"),
        Words("施行期间", "in force"), Words("数值（标准）", "figure (threshold)"),
        Words("是否达到", "reached"),
    )  # fmt: skip
    yield Table(head, tuple(lines), (6, 12, 6, 7, 5))


def _figure(one: Figure) -> tuple[Cell, ...]:
    en, zh = MEASURES[one.measure]
    twice = f"\n({_places(one.duplicates)})" if one.duplicates else ""
    more_zh, more_en = (f"，重复者{twice}", f", told more than once{twice}") if twice else ("", "")
    acts = f"{one.first}\n{one.last}" if one.first else ""
    of: Cell = one.of or Words("本案", "the case")
    return (of, Words(zh + more_zh, en + more_en), one.written, f"{one.rows:,}", acts)


def _compared(one: Compared) -> tuple[Cell, ...]:
    law = one.threshold
    values = "\n".join(
        f"{figure.written} ({condition.written})"
        for figure, condition in zip(one.figures, law.conditions, strict=True)
    )
    reached = Words("达到", "reached") if one.is_reached else Words("未达到", "not reached")
    of: Cell = one.of or Words("本案", "the case")
    named = Words(f"{law.zh}\n{law.instrument} {law.article}", f"{law.en}\n{law.article}")
    return (of, named, f"{law.since} –\n{law.until or ''}", values, reached)


def _method(case: Case, answers: Sequence[Answer]) -> Iterator[Block]:
    yield Heading(1, Words("六、方法说明", "6. Statement of method"))
    for says in METHOD:
        yield Paragraph(says)
    yield Heading(2, Words("所用查询", "The packs that were run"))
    rows: list[tuple[Cell, ...]] = [
        (
            f"{answer.pack.id}\n{answer.pack.sha256}",
            str(answer.pack.revision),
            Words(answer.why_not("zh") or "", answer.not_run)
            if answer.not_run
            else f"{len(answer.findings):,}",
            "\n".join(f"{table}: {day}" for table, day in answer.reach.items()),
        )
        for answer in answers
    ]
    head = (
        Words("查询及其 SHA-256", "pack, and the SHA-256 of its text"), Words("版次", "rev."),
        Words("发现", "findings"), Words("记录截至", "records until"),
    )  # fmt: skip
    yield Table(head, tuple(rows), (13, 3, 5, 7), frozenset({1}))
    names = ("linkwright", "kglite", "neo4j", "polars", "fpdf2", "python-docx")
    versions = ", ".join(f"{name} {version(name)}" for name in names)
    engine = "embedded (kglite)" if case.engine == "embedded" else "Neo4j"
    yield Paragraph(
        Words(f"图引擎：{engine}。版本：{versions}。", f"Engine: {engine}. Versions: {versions}."),
        True,
    )
    yield Heading(2, Words("已知局限", "Known limits"))
    for says in LIMITS:
        yield Paragraph(says)
    for answer in answers:
        if answer.findings and answer.pack.not_covered:
            pack = answer.pack
            told = Words(pack.not_covered_zh or pack.not_covered, pack.not_covered)
            yield Paragraph(Words(f"{pack.id}：{told.zh}", f"{pack.id}: {told.en}"), True)


def _signatures() -> Iterator[Block]:
    yield Heading(1, Words("七、制作与复核", "7. Made and reviewed by"))
    yield Paragraph(NOBODY)
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (who, "", "", "")
        for who in (
            Words("制作人", "made by"), Words("制作人", "made by"), Words("复核人", "reviewed by"),
        )
    )  # fmt: skip
    head = (
        Words("身份", "role"), Words("姓名、警号", "name, number"), Words("单位", "unit"),
        Words("签名、日期", "signature, date"),
    )  # fmt: skip
    yield Table(head, rows, (3, 5, 6, 6))


def _time(at: object) -> str:
    """Write a time in China's zone.

    >>> _time("2025-03-01T02:00:00.000Z")
    '2025-03-01 10:00:00'
    """
    try:
        moment = datetime.fromisoformat(str(at))
    except ValueError:
        return str(at)
    return f"{moment.astimezone(_ZONE):%Y-%m-%d %H:%M:%S}"
