"""The graph as charts draw it: entities as marks, and each payment as a line of its own.

In the graph a payment is a node between payer and payee. Tools that draw want one line from
account to account with amount and time; two payments stay two lines.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from graphdb.bundle.exports.text import major
from graphdb.bundle.handed import Handover
from graphdb.model import Cell

PAYMENT: Final = "PAYMENT"
_NAMES: Final = ("nickname", "holder_name", "group_name", "full_name", "shop_name")
_TIMES: Final = ("at", "joined_at", "since", "registered_at", "created_at")
_MONEY: Final = ("amount_minor", "price_minor", "loss_minor")


@dataclass(frozen=True, slots=True)
class _Said:
    """What marks and lines share."""

    id: str
    properties: Mapping[str, Cell]

    @property
    def evidence(self) -> tuple[str, ...]:
        """The places behind it."""
        found = self.properties.get("evidence")
        return tuple(str(place) for place in found) if isinstance(found, list) else ()

    @property
    def basis(self) -> str:
        """Say whether a row records it, a person states it, or a rule infers it; else empty."""
        return str(self.properties.get("basis") or "")

    @property
    def at(self) -> str:
        """When it happened, as UTC text; empty where no time is known."""
        return next((str(self.properties[n]) for n in _TIMES if self.properties.get(n)), "")


@dataclass(frozen=True, slots=True)
class Mark(_Said):
    """An entity of a chart; a payment that something points at is one too, without its sum."""

    label: str = ""

    @property
    def caption(self) -> str:
        """Name it as people do; its id where it has no name."""
        return next((str(self.properties[n]) for n in _NAMES if self.properties.get(n)), self.id)


@dataclass(frozen=True, slots=True)
class Line(_Said):
    """A line of a chart; its id tells it from the others between the same two."""

    type: str = ""
    source: str = ""
    target: str = ""


# One end of a payment: the account, and what the link to it rests on.
End: TypeAlias = "tuple[str, str]"


def drawn(handover: Handover) -> tuple[tuple[Mark, ...], tuple[Line, ...]]:
    """Give the marks and lines of what is handed over; nothing is merged and nothing left out."""
    payers, payees, pointed = _ends(handover)
    marks: list[Mark] = []
    lines: list[Line] = []
    steps: set[str] = set()
    for rows in handover.nodes:
        for id_, said in _said(rows.frame.iter_rows(named=True)):
            payer, payee = payers.get(id_, []), payees.get(id_, [])
            if rows.label != "Payment" or [len(payer), len(payee)] != [1, 1]:
                marks.append(Mark(id_, said, rows.label))
                continue
            steps.add(id_)
            lines.append(_step(id_, said, payer[0], payee[0]))
            if id_ in pointed:
                bare = {n: v for n, v in said.items() if n not in ("amount_minor", "amount")}
                marks.append(Mark(id_, bare, rows.label))
    lines.sort(key=lambda line: (line.at, line.id))
    counts: Counter[str] = Counter()
    for links in handover.links:
        for row in links.frame.iter_rows(named=True):
            source, target = str(row.pop("source")), str(row.pop("target"))
            if links.type in ("SENT", "PAID_TO") and steps & {source, target}:
                continue
            id_ = f"{links.type} {source} > {target}"
            counts[id_] += 1
            number = f" #{counts[id_]}" if counts[id_] > 1 else ""
            lines.append(Line(id_ + number, _known(row), links.type, source, target))
    return tuple(marks), tuple(lines)


def _ends(handover: Handover) -> tuple[dict[str, list[End]], dict[str, list[End]], set[str]]:
    """Find who paid and who was paid, by payment, and what else is linked to payments."""
    payers: dict[str, list[End]] = defaultdict(list)
    payees: dict[str, list[End]] = defaultdict(list)
    pointed: set[str] = set()
    for links in handover.links:
        ends = links.frame.select("source", "target", "basis").iter_rows()
        if links.type == "SENT":
            for account, payment, basis in ends:
                payers[payment].append((account, basis))
        elif links.type == "PAID_TO":
            for payment, account, basis in ends:
                payees[payment].append((account, basis))
        elif "Payment" in (links.source_label, links.target_label):
            pointed |= {*links.frame["source"], *links.frame["target"]}
    return payers, payees, pointed


def _step(id_: str, said: Mapping[str, Cell], payer: End, payee: End) -> Line:
    """Draw a payment as a line; its basis is the weakest of its parts."""
    bases = {str(said.get("basis")), payer[1], payee[1]}
    basis = next((one for one in ("inferred", "stated") if one in bases), "recorded")
    return Line(id_, {**said, "basis": basis}, PAYMENT, payer[0], payee[0])


def _said(rows: Iterator[dict[str, Cell]]) -> Iterator[tuple[str, dict[str, Cell]]]:
    for row in rows:
        yield str(row.pop("id")), _known(row)


def _known(row: dict[str, Cell]) -> dict[str, Cell]:
    """Leave out what is not known, and write each amount in major units beside the minor ones."""
    known: dict[str, Cell] = {
        name: cell for name, cell in row.items() if cell is not None and cell != []
    }
    for name in _MONEY:
        if isinstance(minor := known.get(name), int):
            plain = name.removesuffix("_minor")
            known[plain] = major(minor, str(known.get("currency") or "CNY"))
    return known
