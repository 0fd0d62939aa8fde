"""All packs over a city of 100,000 links with one gang in it: known hits, equal engines, oracles.

The hits among innocents stand in ``tests/golden/city.toml`` with the innocent that each stands
for; a hit that is not there, or one that is there and does not hit, is a failure.
"""

import os
import tomllib
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import duckdb
import polars as pl
import pytest

from graphdb.model import Batch, Finding
from graphdb.packs import Answer, load_packs
from graphdb.store import Store
from tests.packs.conftest import CITY, LINKS, Crowd

GOLDEN = Path(__file__).parent.parent / "golden" / "city.toml"
PACKS = [pack.id for pack in load_packs()]
# What the hits of a pack among innocents stand for.
INNOCENTS = {
    "case/innocent_devices": "tablets, cafes, benches: it lists shared devices with their reading",
    "devices/ip_cluster": "the address of a shop that repairs phones",
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
    paths = {hops: counted(served.store, hops) for hops in (1, 2, 3)}
    server.clear()
    assert different == []
    assert paths == {hops: counted(embedded.store, hops) for hops in (1, 2, 3)}


def rows(answer: Answer) -> list[Finding]:
    return sorted(answer.findings, key=lambda finding: finding.key)


PAID = "MATCH (a0:Account)-[:SENT]->(:Payment)-[:PAID_TO]->(a1:Account)"


def counted(store: Store, hops: int) -> int:
    """Count the ways of so many payments, with repeats, by the engine."""
    text = PAID + "".join(
        f" MATCH (a{n})-[:SENT]->(:Payment)-[:PAID_TO]->(a{n + 1}:Account)" for n in range(1, hops)
    )
    ((count,),) = store.read(f"{text} RETURN count(*) AS n").rows
    return int(str(count))


@pytest.fixture(scope="session")
def tables(batches: Sequence[Batch]) -> duckdb.DuckDBPyConnection:
    """The rows in DuckDB: an engine that knows nothing of graphs."""
    oracle = duckdb.connect()
    for name in ("payments", "logins", "members", "accounts"):
        frames = [batch.frame for batch in batches if batch.table == name]
        whole = pl.concat(frames, how="diagonal_relaxed")
        oracle.register(name, whole.to_arrow())
    return oracle


@pytest.mark.parametrize("hops", [1, 2, 3])
def test_as_many_ways_as_an_oracle_counts(
    hops: int, embedded: Crowd, tables: duckdb.DuckDBPyConnection
) -> None:
    """One embedded engine lost 80 percent of the rows of three hops on large graphs."""
    joins = " ".join(
        f"JOIN payments p{n} ON p{n}.from_account = p{n - 1}.to_account" for n in range(1, hops)
    )
    found = tables.sql(f"SELECT count(*) FROM payments p0 {joins}").fetchone()  # noqa: S608
    assert found is not None
    assert counted(embedded.store, hops) == found[0] > LINKS // 5


def keys(answer: Answer) -> set[str]:
    return {finding.key for finding in answer.findings}


def test_devices_of_many_accounts_are_those_of_the_oracle(
    embedded: Crowd, tables: duckdb.DuckDBPyConnection
) -> None:
    least = embedded.answers["devices/many_accounts_one_device"].parameters["min_accounts"]
    found = tables.execute(
        "SELECT 'device:' || device FROM logins GROUP BY device "
        "HAVING count(DISTINCT account) >= ?",
        [least],
    ).fetchall()
    assert keys(embedded.answers["devices/many_accounts_one_device"]) == {id_ for (id_,) in found}
    assert found


def test_groups_of_one_cast_are_those_of_the_oracle(
    embedded: Crowd, tables: duckdb.DuckDBPyConnection
) -> None:
    given = embedded.answers["groups/same_cast"].parameters
    found = tables.execute(
        """
        WITH stays AS (SELECT DISTINCT "group" AS g, account FROM members),
             sizes AS (SELECT g, count(*) AS n FROM stays GROUP BY g),
             pairs AS (SELECT a.g AS one, b.g AS two, count(*) AS common
                       FROM stays a JOIN stays b ON a.account = b.account AND a.g < b.g
                       GROUP BY ALL)
        SELECT one || ' / ' || two FROM pairs
        JOIN sizes x ON x.g = one JOIN sizes y ON y.g = two
        WHERE common >= $least AND x.n <= $most AND y.n <= $most
          AND 100 * common >= $share * (x.n + y.n - common)
        """,
        {"least": given["min_common"], "most": given["max_size"],
         "share": given["jaccard_percent"]},
    ).fetchall()  # fmt: skip
    assert keys(embedded.answers["groups/same_cast"]) == {key for (key,) in found}
    assert found


def test_scripts_of_several_groups_and_identities_of_many_accounts(
    embedded: Crowd, tables: duckdb.DuckDBPyConnection
) -> None:
    answer = embedded.answers["account_market/one_identity_many_accounts"]
    least = answer.parameters["min_accounts"]
    found = tables.execute(
        "SELECT 'person:' || holder FROM accounts WHERE holder IS NOT NULL GROUP BY holder "
        "HAVING count(DISTINCT account) >= ?",
        [least],
    ).fetchall()
    assert keys(answer) == {id_ for (id_,) in found}
