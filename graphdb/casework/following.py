"""Following: the money trail of a bundle, from the case into the master and from there to paper.

Joins trace, chart and bundle. A master holds trails as plain JSON: all that a stranger has.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from typing import Any, Final

from graphdb.bundle import Master, Spec
from graphdb.bundle.checks import csv_bytes
from graphdb.bundle.purpose import PURPOSES
from graphdb.case import Case
from graphdb.casework.drawing import trail_chart
from graphdb.chart import Said, rendered_trail
from graphdb.trace import End, Hop, Opening, Trail

_HOPS: Final = (
    "layer", "payment", "at", "from", "to", "amount_minor", "traced_minor", "currency", "evidence",
)  # fmt: skip


def followed(case: Case, spec: Spec) -> tuple[Trail, ...]:
    """Follow the money that a specification names, one trail a currency."""
    return case.trace(spec.trace, [spec.rule], backward=spec.backward)


def named_by(trails: tuple[Trail, ...]) -> tuple[set[str], set[tuple[str, str, str]]]:
    """Give what trails show: accounts and payments, and the links between them."""
    hops = [hop for trail in trails for hop in trail.hops]
    ids = {id_ for hop in hops for id_ in (hop.payment, hop.source, hop.target)}
    sent = {("SENT", hop.source, hop.payment) for hop in hops}
    return ids, sent | {("PAID_TO", hop.payment, hop.target) for hop in hops}


def trail_json(trail: Trail) -> Mapping[str, Any]:
    """Turn a trail into plain JSON."""
    return asdict(trail)


def trail_of(plain: Mapping[str, Any]) -> Trail:
    """Read a trail back."""
    given = dict(plain)
    for name in ("origins", "unexplained"):
        given[name] = tuple((key, minor) for key, minor in given[name])
    for name in ("hops", "returns"):
        given[name] = tuple(_hop(one) for one in given[name])
    given["ends"] = tuple(End(**{**one, "shares": _shares(one)}) for one in given["ends"])
    given["openings"] = tuple(Opening(**one) for one in given["openings"])
    given["notes"] = tuple(given["notes"])
    return Trail(**given)


def _hop(plain: Mapping[str, Any]) -> Hop:
    return Hop(**{**plain, "shares": _shares(plain), "evidence": tuple(plain["evidence"])})


def _shares(plain: Mapping[str, Any]) -> tuple[tuple[str, int], ...]:
    return tuple((key, minor) for key, minor in plain["shares"])


def drawn_trails(master: Master) -> Iterator[tuple[str, bytes]]:
    """Draw the trails of a master; none where the exhibit holds nothing but records.

    Which payment carried whose money is what a rule says: the payments are records, the trail not.
    """
    spec, purpose = master.spec, PURPOSES[master.spec.purpose]
    if purpose.recorded_only:
        return
    by = f" · {spec.examiner}" if spec.examiner else ""
    said = Said(f"{spec.number} · {purpose.en}{by}", f"{spec.number} · {purpose.zh}{by}")
    for number, plain in enumerate(master.trails, start=1):
        trail = trail_of(plain)
        chart = trail_chart(spec.title, trail, master.entities, master.sources)
        chart = replace(chart, imprint=said)
        for suffix in (".svg", ".html"):
            yield f"exhibit/trail-{number:02d}{suffix}", rendered_trail(chart, suffix)
        rows = (
            (hop.layer, hop.payment, hop.at, hop.source, hop.target, hop.amount_minor,
             hop.traced_minor, trail.currency, "; ".join(hop.evidence))
            for hop in trail.hops
        )  # fmt: skip
        yield f"exhibit/trail-{number:02d}.csv", csv_bytes(_HOPS, rows)
