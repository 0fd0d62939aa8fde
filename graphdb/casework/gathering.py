"""Gathering: what a specification shows of a case, as the master, and the drawings of it.

Joins case, evidence, chart and bundle. Both are pure functions: of evidence and specification the
one, of the master the other.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Final

from graphdb.bundle import Master, Spec
from graphdb.bundle.bag import (
    Content,
)
from graphdb.bundle.checks import (
    csv_bytes,
)
from graphdb.bundle.exports import export_named
from graphdb.bundle.handed import Exhibited, Handover
from graphdb.bundle.master import canonical, digest, master_json, master_of, spec_json
from graphdb.bundle.nouns import Asked
from graphdb.bundle.purpose import PURPOSES
from graphdb.case import Case
from graphdb.casework.drawing import OUTSIDE, REJECTED, REPEATED, places_of
from graphdb.casework.following import drawn_trails, followed, named_by, trail_json
from graphdb.chart import (
    Chart,
    Imprint,
    Said,
    chart_of,
    links_csv,
    rendered,
    rows_csv,
    timeline_svg,
)
from graphdb.errors import InputRefused, WrongUsage
from graphdb.evidence import read_evidence
from graphdb.evidence.custody import sha256_of
from graphdb.evidence.text import encoding_of
from graphdb.model import Chain, Finding, Link
from graphdb.packs import Answer
from graphdb.store import as_columns, entities_of, links_among
from graphdb.trace import Trail

_EXPORTS: Final = ("anx", "case")
_INDEX: Final = (
    "exhibit", "name", "origin", "received_from", "notice", "received_at", "received_by", "sha256",
    "sm3", "size", "encoding", "zone", "format", "read", "loaded", "repeated", "rejected",
)  # fmt: skip
# Why a row is not on the chart, as the list of the excluded says it.
_WEAKER: Final = Said("not recorded, left out as asked", "非记录依据，按要求未列入")


def gather(case: Case, spec: Spec, packs: Path | None = None) -> Master:
    """Ask the packs of a specification, or follow its money; gather the graph with all its rows.

    ``packs`` is a folder of packs; without it they are those of this program.
    """
    chains: tuple[Chain, ...] = ()
    answers: tuple[Answer, ...] = ()
    trails: tuple[Trail, ...] = ()
    if spec.trace:
        trails = followed(case, spec)
    elif spec.packs:
        answers = case.run(spec.packs, dict(spec.settings), folder=packs)
    else:
        through = dict(spec.through)
        chains, answer = case.chain(
            seller=through.get("seller"),
            account=through.get("account"),
            victim=through.get("victim"),
            folder=packs,
        )
        answers = (answer,)
    findings = tuple(finding for answer in answers for finding in answer.findings)
    if not findings and not trails:
        raise WrongUsage(
            "there is nothing to show: no chain and no finding",
            fix="'linkwright run' tells which packs find something; name one with --pack ID",
        )
    ids, drawn_links = named_by(trails)
    ids |= {id_ for finding in findings for _, id_ in finding.nodes}
    drawn_links |= {link for finding in findings for link in finding.links}
    entities = sorted(entities_of(case.store, ids), key=lambda one: (one.label, one.id))
    links = sorted(
        (one for one in links_among(case.store, ids)
         if (one.type, one.source, one.target) in drawn_links),
        key=link_order,
    )  # fmt: skip
    weaker: set[str] = set()
    if spec.recorded_only:
        weaker = places_of([one for one in links if one.basis != "recorded"])
        links = [one for one in links if one.basis == "recorded"]
    charted = places_of(entities) | places_of(links)
    excluded = sorted(_excluded(case, charted, weaker), key=lambda pair: _place_order(pair[0]))
    asked = tuple(
        Asked(
            answer.pack.id, answer.pack.revision, sha256_of(answer.pack.path),
            dict(answer.parameters), len(answer.findings), result_of(answer.pack.id, findings),
            answer.not_run or "",
        )
        for answer in answers
    )  # fmt: skip
    return Master(
        spec=spec,
        entities=tuple(entities),
        links=tuple(links),
        findings=findings,
        chains=chains,
        sources=case.sources(charted),
        asked=asked,
        excluded=tuple(excluded),
        contradicting=tuple(_contradicting(case)),
        exhibits=tuple(exhibits_of(case)),
        controls={
            "source_rows": len(charted) + len(excluded),
            "charted_rows": len(charted),
            "excluded_rows": len(excluded),
            "entities": len(entities),
            "links": len(links),
        },
        trails=tuple(trail_json(trail) for trail in trails),
    )


def link_order(link: Link) -> tuple[str, ...]:
    """Give the key that puts links into the order of the master."""
    return (link.type, link.source, link.target, str(link.properties.get("at")), *link.evidence)


def _place_order(place: str) -> tuple[str, int]:
    exhibit, _, row = place.rpartition(":")
    return exhibit, int(row)


def result_of(pack: str, findings: tuple[Finding, ...]) -> str:
    """Give the hash of what a pack found."""
    return digest([asdict(one) for one in findings if one.pack == pack])


def _excluded(case: Case, charted: set[str], weaker: set[str]) -> Iterator[tuple[str, str]]:
    """Give every row that was read and is not on the chart, with the reason."""
    loaded = set(case.docket.places())
    rejected: dict[str, str] = {}
    read: set[str] = set()
    for entry in case.docket.finished:
        for reject in case.docket.rejects_of(entry):
            rejected.setdefault(str(reject.where), reject.what)
        exhibit = entry.exhibit
        file = case.docket.exhibits / exhibit.file
        reading = read_evidence(file, exhibit.number, entry.options, exhibit.name)
        for batch in reading.each():
            if not batch.derived:
                read |= {f"{batch.exhibit}:{row}" for row in batch.frame["row"]}
    for place in (loaded | read | rejected.keys()) - charted:
        if place in weaker:
            yield place, f"{_WEAKER.zh} {_WEAKER.en}"
        elif place in loaded:
            yield place, f"{OUTSIDE.zh} {OUTSIDE.en}"
        elif place in rejected:
            yield place, f"{REJECTED.zh} {REJECTED.en}: {rejected[place]}"
        else:
            yield place, f"{REPEATED.zh} {REPEATED.en}"


def _contradicting(case: Case) -> Iterator[tuple[str, str]]:
    """Give the rows that contradict each other: values of one property, and payments."""
    for conflict in case.likeness().conflicts:
        for value, place in conflict.values:
            yield place, f"{conflict.id} {conflict.property}: {value}"
    for entry in case.docket.finished:
        for reject in case.docket.rejects_of(entry):
            if reject.column == "payment" and " stands at " in reject.what:
                yield str(reject.where), reject.what


def exhibits_of(case: Case) -> Iterator[dict[str, Any]]:
    """Give the index of the evidence: what it is, from whom, when, and its hashes."""
    received: dict[str, Mapping[str, Any]] = {}
    for entry in case.log.entries():
        if entry["event"] == "received":
            received.setdefault(entry["exhibit"]["number"], entry)
    for number, entry in sorted(received.items()):
        readings = [one for one in case.docket.finished if one.exhibit.number == number]
        exhibit, last = readings[0].exhibit, readings[-1]
        try:
            encoding = encoding_of(case.docket.exhibits / exhibit.file, last.options.encoding_said)
        except InputRefused:
            encoding = ("binary", 0)
        tallies = [one.tally for one in readings if one.tally]
        yield {
            "exhibit": number,
            "name": exhibit.name,
            "origin": entry.get("origin", ""),
            "received_from": entry.get("received_from", ""),
            "notice": entry.get("notice", ""),
            "received_at": entry["at"],
            "received_by": entry["by"],
            "sha256": exhibit.sha256,
            "sm3": exhibit.sm3,
            "size": exhibit.size,
            "encoding": encoding[0],
            "zone": last.options.zone or "",
            "format": tallies[-1].format,
            "read": sum(tally.read for tally in tallies),
            "loaded": sum(tally.loaded for tally in tallies),
            "repeated": sum(tally.repeated for tally in tallies),
            "rejected": sum(tally.rejected for tally in tallies),
        }


def drawn(master: Master) -> dict[str, Content]:
    """Make every file that is a pure function of the master, as it is read from its JSON."""
    master = master_of(json.loads(canonical(master_json(master))))
    chart = chart_of_master(master)
    files: dict[str, Content] = {
        "graph/graph.json": canonical(master_json(master)),
        "graph/excluded.csv": csv_bytes(("place", "why"), iter(master.excluded)),
        "graph/contradicting.csv": csv_bytes(("place", "says"), iter(master.contradicting)),
        "spec/chart_spec.json": canonical(spec_json(master.spec)),
        "spec/answers.json": canonical([asdict(one) for one in master.asked]),
        "evidence_index.csv": csv_bytes(
            _INDEX, (tuple(one[name] for name in _INDEX) for one in master.exhibits)
        ),
        "exhibit/links.csv": links_csv(chart),
        "exhibit/rows.csv": rows_csv(chart),
        "exhibit/chart.html": rendered(chart, ".html")[0],
        "exhibit/chart.pdf": rendered(chart, ".pdf")[0],
    }
    for name, pages in (("chart", rendered(chart, ".svg")), ("timeline", timeline_svg(chart))):
        files |= {f"exhibit/{name}-{at:02d}.svg": page for at, page in enumerate(pages, start=1)}
    files |= drawn_trails(master)
    handover = _handover(master)
    for export in map(export_named, _EXPORTS):
        for name, chunks in export.files(handover):
            files[f"exhibit/{name}"] = b"".join(chunks)
    return files


def chart_of_master(master: Master) -> Chart:
    """Draw up the chart; where only records count, roles and findings are left out."""
    spec, purpose = master.spec, PURPOSES[master.spec.purpose]
    plain = purpose.recorded_only
    chart = chart_of(
        spec.title,
        master.entities,
        master.links,
        findings=() if plain else master.findings,
        chains=() if plain else master.chains,
        sources=master.sources,
    )
    reasons: dict[str, int] = {}
    for _, why in master.excluded:
        reason = why.partition(":")[0]
        reasons[reason] = reasons.get(reason, 0) + 1
    said = {f"{one.zh} {one.en}": one for one in (OUTSIDE, REJECTED, REPEATED, _WEAKER)}
    by = f" · {spec.examiner}" if spec.examiner else ""
    imprint = Imprint(
        number=spec.number,
        case=spec.case,
        purpose=Said(purpose.en + by, purpose.zh + by),
        rows_read=master.controls["source_rows"],
        excluded=tuple((said[reason], count) for reason, count in sorted(reasons.items())),
        as_of=spec.as_of,
    )
    return replace(chart, imprint=imprint)


def _handover(master: Master) -> Handover:
    nodes, links = as_columns(master.entities, master.links)
    exhibits = tuple(
        Exhibited(one["exhibit"], one["name"], one["sha256"], one["sm3"], one["size"])
        for one in master.exhibits
    )
    return Handover(master.spec.case, master.spec.title, nodes, links, master.sources, exhibits)
