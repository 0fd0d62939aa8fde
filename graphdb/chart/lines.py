"""Draw lines for events: payments each their own, the rest merged with its count and its span."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from graphdb.chart.nouns import PAYMENT, ChartLink, Event, Said
from graphdb.chart.text import local, money, shortened, visible
from graphdb.model import LINK_TYPES

# More payments than this between two accounts cannot be told apart as curves; they become one
# line with their number and sum, and the panel lists each.
FAN_LIMIT: Final = 12
_NAMES: Final = {
    PAYMENT: Said("payment", "付款"),
    **{name: Said(name.lower().replace("_", " "), link.zh) for name, link in LINK_TYPES.items()},
}
_BASES: Final = {"stated": Said("stated", "陈述"), "inferred": Said("inferred", "推断")}


def type_name(type_: str) -> Said:
    """Name a kind of line in both languages."""
    return _NAMES.get(type_) or Said(*[visible(type_.lower().replace("_", " "))] * 2)


def lines_of(events: Sequence[Event], mark_of: Mapping[str, str]) -> tuple[ChartLink, ...]:
    """Turn events into lines between marks; ``mark_of`` tells the mark of each entity.

    Payments between two single accounts stay apart, each on its own lane.
    """
    bundles: dict[tuple[str, str, str, str, str], list[Event]] = defaultdict(list)
    for event in events:
        source, target = mark_of[event.source], mark_of[event.target]
        currency = event.currency if event.type == PAYMENT else ""
        bundles[source, target, event.type, event.basis, currency].append(event)
    lines: list[ChartLink] = []
    lanes: dict[tuple[str, ...], int] = defaultdict(int)
    for (source, target, type_, basis, _), bundle in sorted(bundles.items()):
        whole = tuple(sorted(bundle, key=_order))
        alone = source == whole[0].source and target == whole[0].target
        fanned = type_ == PAYMENT and alone and len(whole) <= FAN_LIMIT
        for part in [(event,) for event in whole] if fanned else [whole]:
            # Both directions share the lanes: A to B and B to A must not hide each other.
            pair = tuple(sorted((source, target)))
            lanes[pair] += 1
            caption = _caption(type_, basis, part)
            lane = lanes[pair] - 1
            lines.append(ChartLink("", type_, source, target, basis, part, caption, lane))
    # Numbered as the case went on; what has no date comes last.
    lines.sort(key=lambda line: (not line.events[0].at, *_order(line.events[0]), line.type))
    return tuple(replace(line, id=f"line-{number}") for number, line in enumerate(lines, start=1))


def _order(event: Event) -> tuple[str, ...]:
    number = event.entity.id if event.entity else ""
    return (event.at, event.source, event.target, number, *event.evidence)


def _caption(type_: str, basis: str, events: Sequence[Event]) -> Said:
    """Say what the line is: kind, how many, how much, when, and the word of a weaker basis."""
    name, word = type_name(type_), _BASES.get(basis, Said("", ""))
    rest = [f"×{len(events):,}"] if len(events) > 1 else []
    rest += [part for part in (_amount(type_, events), _span(events)) if part]
    said = [" · ".join(part for part in (n, *rest, w) if part)
            for n, w in ((name.en, word.en), (name.zh, word.zh))]  # fmt: skip
    return Said(*said)


def _amount(type_: str, events: Sequence[Event]) -> str:
    known = [event.amount_minor for event in events if event.amount_minor is not None]
    if not known:
        return ""
    currency = events[0].currency
    if type_ == PAYMENT:
        return money(sum(known), currency)
    # Prices are not added up: an account may have been offered several times.
    if len({event.currency for event in events}) > 1:
        return ""
    low, high = money(min(known), currency), money(max(known), currency)
    return low if low == high else f"{low}–{high}"


def _span(events: Sequence[Event]) -> str:
    times = sorted(event.at for event in events if event.at)
    if not times:
        return ""
    if len(events) == 1:
        return local(times[0])[:16]
    first, last = (local(at, day_only=True) for at in (times[0], times[-1]))
    return shortened(first if first == last else f"{first}…{last}", 40)
