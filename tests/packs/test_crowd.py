"""All packs over a city of 100,000 links with one gang in it: known hits, equal engines.

The hits among innocents stand in ``tests/golden/city.toml`` with the innocent that each stands
for; a hit that is not there, or one that is there and does not hit, is a failure.
"""

import os
import tomllib
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import pytest

from graphdb.model import Batch, Finding
from graphdb.packs import Answer, load_packs
from graphdb.store import Store
from tests.packs.conftest import CITY, LINKS, Crowd
from tests.packs.test_oracles import IDS, values_of

GOLDEN = Path(__file__).parent.parent / "golden" / "city.toml"
PACKS = [pack.id for pack in load_packs()]
# What the hits of a pack among innocents stand for.
INNOCENTS = {
    "account_market/one_identity_many_accounts": "one person has verified the family's accounts",
    "account_market/phone_rebind_chain": "a new number, which the carrier had given to another",
    "account_market/shared_supply": "a shop posts another's offers again and holds none",
    "case/innocent_devices": "tablets, cafes, benches: it lists shared devices with their reading",
    "devices/ban_evasion_successor": "he left one account for another, without a penalty",
    "devices/ip_cluster": "a household of five accounts; a shop that repairs phones",
    "devices/many_accounts_one_device": "machines of cafes, benches of shops that repair phones",
    "money/wage_like_payments": "parents who send a student money every week",
}


def among_innocents(answer: Answer) -> list[str]:
    """The keys of findings that rest on a row of the city."""
    return sorted(f.key for f in answer.findings if any(p.startswith(CITY) for p in f.evidence))


def told(keys: Sequence[str]) -> tuple[int, str]:
    return len(keys), sha256("\n".join(keys).encode()).hexdigest()[:16]


def test_the_city_has_as_many_links_as_it_says(embedded: Crowd) -> None:
    links = sum(embedded.store.count().links.values())
    assert LINKS < links < 1.3 * LINKS


def test_every_hit_among_innocents_is_known_and_every_known_one_hits(embedded: Crowd) -> None:
    hits = {id_: among_innocents(answer) for id_, answer in embedded.answers.items()}
    hits = {id_: keys for id_, keys in hits.items() if keys}
    if os.environ.get("GRAPHDB_WRITE_GOLDEN"):
        lines = ["# Hits among innocents; `make golden` counts them anew: read the diff.", ""]
        for id_, keys in sorted(hits.items()):
            count, digest = told(keys)
            says = INNOCENTS.get(id_, "UNKNOWN")
            lines += [f'["{id_}"]', f'innocent = "{says}"', f'count = {count}',
                      f'first = "{keys[0]}"', f'digest = "{digest}"', ""]  # fmt: skip
        GOLDEN.write_text("\n".join(lines), encoding="utf-8", newline="\n")
    known = tomllib.loads(GOLDEN.read_text(encoding="utf-8"))
    assert {id_: told(keys) for id_, keys in hits.items()} == {
        id_: (one["count"], one["digest"]) for id_, one in known.items()
    }
    assert {id_: one["innocent"] for id_, one in known.items()} == {
        id_: says for id_, says in INNOCENTS.items() if id_ in hits
    }


def test_every_pack_has_something_to_ask(embedded: Crowd) -> None:
    assert {id_: a.not_run for id_, a in embedded.answers.items() if a.not_run} == {}


@pytest.mark.neo4j
def test_both_engines_answer_the_same(
    embedded: Crowd, batches: Sequence[Batch], server: Store
) -> None:
    server.clear()
    served = Crowd.load(server, batches)
    different = [id_ for id_ in PACKS if rows(embedded.answers[id_]) != rows(served.answers[id_])]
    for pack in load_packs([id_ for id_ in IDS if values_of(id_)]):
        values = values_of(pack.id)
        if rows(embedded.ask(pack, values)) != rows(served.ask(pack, values)):
            different.append(f"{pack.id} {values}")
    paths = {hops: served.ways(hops) for hops in (1, 2, 3)}
    server.clear()
    assert different == []
    assert paths == {hops: embedded.ways(hops) for hops in (1, 2, 3)}


def rows(answer: Answer) -> list[Finding]:
    return sorted(answer.findings, key=lambda finding: finding.key)
