"""The master as canonical JSON: sorted, the same bytes from every engine, and read back whole."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from hashlib import sha256
from typing import Any

from graphdb.bundle.nouns import Asked, Master, Spec
from graphdb.model import Chain, Cut, Entity, Finding, Innocent, Link, Payee, SourceRow


def canonical(document: Any) -> bytes:
    r"""Write JSON in one way only: sorted keys, UTF-8, one value a line.

    >>> canonical({"b": 1, "a": "元"}).decode()
    '{\n "a": "元",\n "b": 1\n}\n'
    """
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, indent=1, allow_nan=False)
    return (text + "\n").encode("utf-8", "surrogatepass")


def digest(document: Any) -> str:
    """Give the SHA-256 of a document in its canonical form."""
    return sha256(canonical(document)).hexdigest()


def master_json(master: Master) -> dict[str, Any]:
    """Turn a master into plain JSON; absent properties are left out, as engines differ there."""
    return {
        "spec": spec_json(master.spec),
        "entities": [
            {"label": one.label, "id": one.id, "properties": _held(one.properties)}
            for one in master.entities
        ],
        "links": [
            {"type": one.type, "source": one.source, "target": one.target,
             "properties": _held(one.properties)}
            for one in master.links
        ],
        "findings": [asdict(one) for one in master.findings],
        "chains": [asdict(one) for one in master.chains],
        "sources": [asdict(one) for one in master.sources],
        "asked": [asdict(one) for one in master.asked],
        "excluded": [list(pair) for pair in master.excluded],
        "contradicting": [list(pair) for pair in master.contradicting],
        "exhibits": [dict(one) for one in master.exhibits],
        "controls": dict(master.controls),
        "trails": [dict(one) for one in master.trails],
    }  # fmt: skip


def master_of(plain: Mapping[str, Any]) -> Master:
    """Read a master back from plain JSON."""
    return Master(
        spec=spec_of(plain["spec"]),
        entities=tuple(Entity(x["label"], x["id"], x["properties"]) for x in plain["entities"]),
        links=tuple(
            Link(x["type"], x["source"], x["target"], x["properties"]) for x in plain["links"]
        ),
        findings=tuple(_finding(one) for one in plain["findings"]),
        chains=tuple(_chain(one) for one in plain["chains"]),
        sources=tuple(
            SourceRow(x["place"], x["file"], x["sha256"], _pairs(x["cells"]))
            for x in plain["sources"]
        ),
        asked=tuple(Asked(**one) for one in plain["asked"]),
        excluded=_pairs(plain["excluded"]),
        contradicting=_pairs(plain["contradicting"]),
        exhibits=tuple(plain["exhibits"]),
        controls=plain["controls"],
        trails=tuple(plain["trails"]),
    )


def spec_json(spec: Spec) -> dict[str, Any]:
    """Turn a specification into plain JSON."""
    return asdict(spec)


def spec_of(plain: Mapping[str, Any]) -> Spec:
    """Read a specification back."""
    given = dict(plain)
    for name in ("packs", "trace"):
        given[name] = tuple(given[name])
    for name in ("settings", "through"):
        given[name] = _pairs(given[name])
    return Spec(**given)


def _held(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {name: cell for name, cell in properties.items() if cell is not None}


def _pairs(lists: Any) -> Any:
    return tuple((one[0], one[1]) for one in lists)


def _finding(plain: Mapping[str, Any]) -> Finding:
    return Finding(
        plain["pack"], plain["level"], plain["key"], plain["values"], tuple(plain["evidence"]),
        _pairs(plain["nodes"]), tuple((a, b, c) for a, b, c in plain["links"]),
        tuple(Innocent(**one) for one in plain["innocents"]),
        tuple(Cut(**one) for one in plain["cuts"]),
    )  # fmt: skip


def _chain(plain: Mapping[str, Any]) -> Chain:
    given = dict(plain)
    for name in ("accounts", "operator_devices", "payments", "evidence"):
        given[name] = tuple(given[name])
    given["receivers"] = tuple(Payee(**one) for one in given["receivers"])
    given["steps"] = tuple((step, tuple(rows)) for step, rows in given["steps"])
    return Chain(**given)
