"""Thresholds of law: figures of a case beside the dated table of ``thresholds.toml``.

A comparison is arithmetic. Whether a crime was committed, and by whom, it does not say.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from graphdb.errors import InputRefused
from graphdb.model import money_text

TABLE: Final = Path(__file__).with_name("thresholds.toml")
CAUTION_EN: Final = (
    "Figures beside thresholds of law as they stood on the day of the act; to be checked by "
    "counsel. Reaching a figure is no finding of guilt: knowledge, causes and defences are "
    "not arithmetic."
)
CAUTION_ZH: Final = (
    "以下为案件数字与行为时法定数额的对照，适用条文须由法律人员核对；达到数额不等于构成犯罪，"
    "主观明知、因果关系及辩解不由数字认定。"
)
# What is counted, in English and Chinese; those in yuan are amounts.
MEASURES: Final[Mapping[str, tuple[str, str]]] = {
    "loss": ("loss reported by victims", "被害人报案损失"),
    "messages": ("messages posted in groups", "群内发送消息数"),
    "calls": ("telephone calls", "通话次数"),
    "accounts_held": ("accounts held by registration", "登记持有账户数"),
    "inflow": ("gross in: paid in to accounts held, by others", "持有账户流入（他人转入）"),
    "outflow": ("gross out: paid out of accounts held, to others", "持有账户流出（转给他人）"),
    "gain": ("fees and prices received, where rows say so", "有记录的手续费、号款所得"),
    "own_accounts_given": ("own accounts sold or used by others", "本人账户出售或由他人使用数"),
    "own_given_inflow": ("paid in to those own accounts", "上述本人账户流入"),
    "accounts_sold": ("accounts sold", "出售账户数"),
    "sold_inflow": ("paid in to accounts after they were sold", "账户出售后流入"),
    "accounts_given": ("accounts sold, or own ones used by others", "出售或由他人使用的账户数"),
    "given_inflow": ("paid in to those accounts", "上述账户流入"),
}
_COUNTS: Final = frozenset(
    {
        "messages", "calls", "accounts_held", "own_accounts_given", "accounts_sold",
        "accounts_given",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Condition:
    """A measure and the figure that it must reach (``is_over``: must pass)."""

    measure: str
    figure: int
    is_over: bool

    @property
    def written(self) -> str:
        """Write the condition as people read it.

        >>> Condition("loss", 3000, False).written, Condition("calls", 500, True).written
        ('≥ CNY 3,000.00', '> 500')
        """
        sign = ">" if self.is_over else "≥"
        is_count = self.measure in _COUNTS
        return f"{sign} {self.figure:,}" if is_count else f"{sign} {money_text(self.figure * 100)}"


@dataclass(frozen=True, slots=True)
class Threshold:
    """A threshold of law and the days between which it holds; all conditions must be reached."""

    id: str
    zh: str
    en: str
    instrument: str
    article: str
    since: date
    until: date | None
    conditions: tuple[Condition, ...]
    fact: str
    source: str

    def holds(self, day: date) -> bool:
        """Tell whether it is in force on a day."""
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of the case, of one entity or of all (``of`` is then empty).

    ``value`` counts distinct things, or minor units of yuan; ``rows`` how many rows told of them;
    ``duplicates`` the things that several rows told. ``first`` and ``last`` are the days between
    which the acts lie.
    """

    of: str
    measure: str
    value: int
    rows: int
    duplicates: tuple[str, ...]
    first: date | None
    last: date | None
    evidence: tuple[str, ...]

    @property
    def written(self) -> str:
        """Write the value as people read it."""
        return f"{self.value:,}" if self.measure in _COUNTS else money_text(self.value)


@dataclass(frozen=True, slots=True)
class Compared:
    """The figures of one entity beside one threshold; ``day`` is that by which it was chosen."""

    of: str
    threshold: Threshold
    day: date
    figures: tuple[Figure, ...]
    is_reached: bool


def read_thresholds(path: Path = TABLE) -> tuple[Threshold, ...]:
    """Read a table of thresholds.

    Raises:
        InputRefused: the file is no such table.
    """
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8"))["threshold"]
        return tuple(_threshold(entry) for entry in entries)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputRefused(
            f"this is no table of thresholds: {error!r}",
            where=str(path),
            fix="write it as docs/thresholds.md says",
        ) from error


def compare(
    figures: Sequence[Figure], table: Sequence[Threshold], at: date | None = None
) -> tuple[Compared, ...]:
    """Put figures beside the thresholds that held on a day, or else while the acts lasted.

    An entity is compared with a threshold when all its measures are known for it. Where the law
    changed between the first and the last act both tables are given; which applies is for counsel.
    """
    of: dict[str, dict[str, Figure]] = {}
    for figure in figures:
        of.setdefault(figure.of, {})[figure.measure] = figure
    found = []
    for entity, known in of.items():
        for threshold in table:
            own = [known[c.measure] for c in threshold.conditions if c.measure in known]
            if not own or len(own) < len(threshold.conditions):
                continue
            day = _day(threshold, own, at)
            if day is not None:
                reached = all(map(_is_reached, threshold.conditions, own))
                found.append(Compared(entity, threshold, day, tuple(own), reached))
    return tuple(found)


def _day(threshold: Threshold, figures: Sequence[Figure], at: date | None) -> date | None:
    """Give the day by which a threshold applies: the one asked for, else the last act in force."""
    if at is not None:
        return at if threshold.holds(at) else None
    firsts = [figure.first for figure in figures if figure.first]
    lasts = [figure.last for figure in figures if figure.last]
    if not firsts or not lasts:
        return None
    last = max(lasts) if threshold.until is None else min(max(lasts), threshold.until)
    return last if last >= max(min(firsts), threshold.since) else None


def _is_reached(condition: Condition, figure: Figure) -> bool:
    figure_minor = condition.figure * (1 if condition.measure in _COUNTS else 100)
    return figure.value > figure_minor or (figure.value == figure_minor and not condition.is_over)


def _threshold(entry: Mapping[str, Any]) -> Threshold:
    conditions = tuple(_condition(one) for one in entry["conditions"])
    since, until = entry["from"], entry.get("until")
    texts = {name: entry[name].strip() for name in ("id", "zh", "en", "instrument", "article",
                                                   "fact", "source")}  # fmt: skip
    if type(since) is not date or not (until is None or type(until) is date):
        raise ValueError(f"'{entry['id']}' needs days")
    return Threshold(since=since, until=until, conditions=conditions, **texts)


def _condition(entry: Mapping[str, Any]) -> Condition:
    if entry["measure"] not in MEASURES:
        raise ValueError(f"there is no measure '{entry['measure']}'")
    is_over = "over" in entry
    return Condition(entry["measure"], int(entry["over" if is_over else "at_least"]), is_over)
