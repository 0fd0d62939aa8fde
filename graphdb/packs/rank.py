"""Rank what was found: an order in which to look, with the reason for every point of it.

The points stand in ``weights.toml`` with their sense. A score is a sum of parts that are always
shown with it; it is no probability and no measure of guilt.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from graphdb.model import Cell, Finding, Innocent, Language, money_text
from graphdb.packs.front import Pack
from graphdb.packs.run import KEY_SEPARATOR, Answer

# What happens is no entity: a finding about a payment is about the accounts beside it.
_EVENTS: Final = frozenset({"Payment", "Sale", "Message", "Report", "Penalty", "Notice"})
_FROM_MINOR: Final = 100_000
_LEVELS: Final = {"fact": "事实", "indicator": "疑似", "lead": "线索"}
_AREAS: Final = {
    "account_market": "账号买卖",
    "devices": "设备",
    "groups": "群",
    "victims": "受害人",
    "money": "资金",
    "case": "全案",
}
_Found = tuple[Pack, Finding]


@dataclass(frozen=True, slots=True)
class Reason:
    """One part of a score: how many points, and what they stand for in this case."""

    part: str
    points: int
    says: str
    says_zh: str

    def said(self, language: Language) -> str:
        """Give what the points stand for in a language."""
        return self.says_zh if language == "zh" else self.says


@dataclass(frozen=True, slots=True)
class Ranked:
    """An entity with the findings that name it, its reasons, and what would explain it."""

    label: str
    entity: str
    reasons: tuple[Reason, ...]
    findings: tuple[Finding, ...]
    innocents: tuple[Innocent, ...]

    @property
    def is_victim(self) -> bool:
        """Tell whether a finding names it as a victim, whatever else it is."""
        return any(self.entity in _victims(finding) for finding in self.findings)

    @property
    def score(self) -> int:
        """The sum of the reasons; never shown without them."""
        return sum(reason.points for reason in self.reasons)


def _victims(finding: Finding) -> Iterator[Cell]:
    """Give who stands in the columns of a finding that name victims."""
    for name in ("victim", "victims", "who"):
        cell = finding.values.get(name)
        yield from cell if isinstance(cell, list) else [cell]


def rank(answers: Iterable[Answer]) -> tuple[Ranked, ...]:
    """Group findings by the entities that they are about, the highest score first."""
    of: dict[tuple[str, str], list[_Found]] = {}
    for answer in answers:
        for finding in answer.findings:
            for entity in entities_of(finding):
                of.setdefault(entity, []).append((answer.pack, finding))
    ranked = (_ranked(label, id_, found) for (label, id_), found in of.items())
    return tuple(sorted(ranked, key=lambda one: (-one.score, one.label, one.entity)))


def reasons_of(found: Sequence[tuple[Pack, Finding]]) -> tuple[Reason, ...]:
    """Give the parts of the score of these findings, taken together; parts of 0 are left out."""
    return tuple(reason for reason in _parts(found, weights()) if reason.points)


def entities_of(finding: Finding) -> tuple[tuple[str, str], ...]:
    """Name what a finding is about: the entities in its key, else all that it draws."""
    drawn = [one for one in finding.nodes if one[0] not in _EVENTS]
    parts = {part for text in finding.key.split(KEY_SEPARATOR) for part in text.split(", ")}
    return tuple(one for one in drawn if one[1] in parts) or tuple(drawn)


def _ranked(label: str, id_: str, found: Sequence[_Found]) -> Ranked:
    ordered = sorted(found, key=lambda one: (-_score([one]), one[1].pack, one[1].key))
    innocents = dict.fromkeys(i for _, finding in ordered for i in finding.innocents)
    return Ranked(
        label, id_, reasons_of(found), tuple(finding for _, finding in ordered), tuple(innocents)
    )


def _score(found: Sequence[_Found]) -> int:
    return sum(reason.points for reason in reasons_of(found))


def _parts(found: Sequence[_Found], weights: Mapping[str, Any]) -> Iterator[Reason]:
    levels = sorted({finding.level for _, finding in found}, key=lambda x: -weights["level"][x])
    yield Reason(
        "level",
        weights["level"][levels[0]],
        f"its strongest finding is of the level {levels[0]}",
        f"最强的一项发现属于“{_LEVELS[levels[0]]}”",
    )
    areas = sorted({finding.pack.partition("/")[0] for _, finding in found})
    yield Reason(
        "areas",
        _capped(weights["areas"], len(areas) - 1, "each_further"),
        f"named in {len(areas)} areas: {', '.join(areas)}",
        f"{len(areas)} 个方面都提到它：{'、'.join(_AREAS.get(area, area) for area in areas)}",
    )
    yield Reason(
        "findings",
        _capped(weights["findings"], len(found) - 1, "each_further"),
        f"{len(found):,} findings name it",
        f"{len(found):,} 项发现提到它",
    )
    amount, currency = max((_sum_in(*one) for one in found), default=(0, "CNY"))
    powers = len(str(amount // _FROM_MINOR)) if amount >= _FROM_MINOR else 0
    yield Reason(
        "sum",
        _capped(weights["sum"], powers),
        f"the largest sum is {money_text(amount, currency)}",
        f"最大的一项金额为 {money_text(amount, currency)}",
    )
    people = {id_ for _, finding in found for label, id_ in finding.nodes if label == "Person"}
    yield Reason(
        "people",
        _capped(weights["people"], len(people)),
        f"{len(people):,} persons on it",
        f"涉及 {len(people):,} 人",
    )
    exhibits = {
        place.rpartition(":")[0].partition("/")[0] for _, f in found for place in f.evidence
    }
    if len(exhibits) == 1:
        (only,) = exhibits
        points = weights["sources"]["single"]
        yield Reason("sources", points, f"it rests on {only} alone", f"只有 {only} 一份材料")
    unseparable = {(pack.id, name) for pack, _ in found for name in pack.not_separable}
    yield Reason(
        "unseparable",
        _capped(weights["unseparable"], len(unseparable)),
        f"{len(unseparable):,} harmless explanations that records cannot tell apart",
        f"有 {len(unseparable):,} 种无害解释凭记录无法排除",
    )


def _capped(part: Mapping[str, Any], count: int, each: str = "each") -> int:
    points, most = int(part[each]) * count, int(part["most"])
    return max(points, most) if most < 0 else min(points, most)


def _sum_in(pack: Pack, finding: Finding) -> tuple[int, str]:
    sums = [
        _minor(finding.values[name])
        for name, column in pack.columns.items()
        if column.type == "money"
    ]
    return max(sums, default=0), str(finding.values.get("currency") or "CNY")


def _minor(cell: Cell) -> int:
    return cell if isinstance(cell, int) else 0


@cache
def weights() -> Mapping[str, Any]:
    """Give the table of weights, with the sense of each part."""
    text = Path(__file__).with_name("weights.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
