"""Load payments into a Neo4j: ours, the driver's usual MERGE, py2neo's bulk, neo4j-admin import.

All but the import write the same graph, a payment as a node with two links that bear evidence, with
all properties but the marks of hubs: their cells are counted. The peers do not hash, check, tell
repeated rows or keep receipts. They take minutes for the whole, so they load a twentieth; the time
is scaled and said to be. A server that has just started is slower by half: it is warmed by a load
that does not count, then each peer loads twice and its better time stands. The import gets one link
a payment, its best case.
"""

import csv
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any, Final

import polars as pl

from bench.cell import CannotRun, Cell, Cells, Ground, Outcome, timed
from graphdb.case import Case
from graphdb.store import Credentials
from tests.neo4j.server import jars

_PARTS: Final = 20
# A cold server on a shared machine.
_PATIENCE: Final = 240.0
_BATCH: Final = 10_000
_CLEAR: Final = "MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 20000 ROWS"
_MERGE: Final = (
    "UNWIND $rows AS r MERGE (a:Account {id: r.payer.id}) SET a += r.payer "
    "MERGE (b:Account {id: r.payee.id}) SET b += r.payee "
    "MERGE (p:Payment {id: r.payment.id}) SET p += r.payment "
    "MERGE (a)-[s:SENT]->(p) SET s += r.origin MERGE (p)-[t:PAID_TO]->(b) SET t += r.origin"
)
_COUNT: Final = "MATCH (:Account)-[:SENT]->(p:Payment)-[:PAID_TO]->(:Account) RETURN count(p) AS n"
_CELLS: Final = (
    "MATCH (n:Account|Payment) UNWIND keys(n) AS name WITH name WHERE NOT name STARTS WITH 'hub' "
    "WITH count(name) AS nodes MATCH ()-[l:SENT|PAID_TO]->() UNWIND keys(l) AS name "
    "WITH nodes, count(name) AS links RETURN nodes + links AS n"
)
# An account has id, platform and number; a payment nine properties, and two on each of its links.
_CELLS_AN_ACCOUNT: Final = 3
_CELLS_A_PAYMENT: Final = 9 + 2 * 2


def cells(ground: Ground) -> Cells:
    """Give the loads into a server, each into an empty database."""
    part = ground.folder / "part.csv"
    frame = pl.read_csv(ground.payments, infer_schema=False, n_rows=ground.rows // _PARTS)
    frame.write_csv(part)
    accounts = pl.concat([frame["from_account"], frame["to_account"]]).n_unique()
    given = {"url": ground.neo4j, "payments": part}
    rows = {
        "rows": frame.height,
        "cells": accounts * _CELLS_AN_ACCOUNT + frame.height * _CELLS_A_PAYMENT,
    }
    ours = given | {"folder": ground.folder / "served"}
    peers: tuple[tuple[str, Callable[..., Outcome], Mapping[str, Any]], ...] = (
        ("Linkwright, into Neo4j", into_neo4j, ours),
        ("driver, UNWIND MERGE of dicts", merged, given),
        ("py2neo, merge_nodes and create_relationships", by_py2neo, given),
    )
    if ground.neo4j is not None:
        merged(ground.neo4j, part)
    for name, work, words in peers:
        yield Cell("server", name, work, words, rows, times=2, limit_s=_PATIENCE)
    whole = {"payments": ground.payments, "folder": ground.folder / "import"}
    yield Cell("server", "neo4j-admin import, all rows", imported, whole, {"rows": ground.rows})


def _driver(url: str | None) -> Any:
    """Reach the server and empty it."""
    driver = _connected(url)
    with driver.session() as session:
        session.run(_CLEAR).consume()
        for label in ("Account", "Payment"):
            session.run(
                f"CREATE CONSTRAINT IF NOT EXISTS FOR (n:{label}) REQUIRE n.id IS UNIQUE"
            ).consume()
    return driver


def _connected(url: str | None) -> Any:
    if url is None:
        raise CannotRun("no Neo4j: it needs Java 17 and Maven")
    from neo4j import GraphDatabase

    return GraphDatabase.driver(url, auth=(_user(), _password()))


def _user() -> str:
    return os.environ.get("LINKWRIGHT_NEO4J_USER", "neo4j")


def _password() -> str:
    return os.environ.get("LINKWRIGHT_NEO4J_PASSWORD", "")


def _scaled(seconds: float, driver: Any) -> Outcome:
    """Scale a time to the whole, and tell what stands in the database."""
    told = {}
    for name, text in (("rows", _COUNT), ("cells", _CELLS)):
        told[name] = driver.execute_query(text).records[0]["n"]
    return Outcome(seconds * _PARTS, told["rows"] * _PARTS, told, scale=_PARTS)


def _batches(payments: Path) -> Iterator[list[dict[str, Any]]]:
    with payments.open(encoding="utf-8", newline="") as file:
        rows = enumerate(csv.DictReader(file), start=2)
        while batch := [_shaped(number, row) for number, row in islice(rows, _BATCH)]:
            yield batch


def _shaped(number: int, row: dict[str, str]) -> dict[str, Any]:
    """Shape a row as the graph has it: what it tells, and whence."""
    origin = {"evidence": [f"E01:{number}"], "basis": "recorded"}
    at = datetime.fromisoformat(row["at"]).astimezone(UTC)
    payment = {
        "id": f"payment:{row['payment']}",
        "amount_minor": round(float(row["amount"]) * 100),
        "at": at.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        "at_ms": round(at.timestamp() * 1000),
        **{name: row[name] for name in ("currency", "channel", "kind")},
    }
    return {
        "payer": _account(row["from_account"]),
        "payee": _account(row["to_account"]),
        "payment": payment | origin,
        "origin": origin,
    }


def _account(written: str) -> dict[str, str]:
    platform, number = written.split(":")
    return {"id": written, "platform": platform, "number": number}


def into_neo4j(url: str | None, payments: Path, folder: Path) -> Outcome:
    """Add the file to a new case on the server, with hashing, evidence and deduplication."""
    with _driver(url) as driver:
        del driver
    shutil.rmtree(folder, ignore_errors=True)
    case = Case.create(folder, engine=str(url), credentials=Credentials(_user(), _password()))
    seconds = timed(lambda: case.add([payments]))
    case.close()
    with _connected(url) as driver:
        return _scaled(seconds, driver)


def merged(url: str | None, payments: Path) -> Outcome:
    """Merge accounts and payments as most scripts do, ten thousand rows a transaction."""
    with _driver(url) as driver, driver.session() as session:

        def work() -> None:
            for batch in _batches(payments):
                session.run(_MERGE, rows=batch).consume()

        seconds = timed(work)
        return _scaled(seconds, driver)


def by_py2neo(url: str | None, payments: Path) -> Outcome:
    """Merge nodes and create relationships by py2neo's bulk functions."""
    try:
        from py2neo import Graph
        from py2neo.bulk import create_relationships, merge_nodes
    except ImportError as error:
        raise CannotRun(f"py2neo is not installed: {error}") from error
    with _driver(url) as driver:
        graph = Graph(url, auth=(_user(), _password()))

        def work() -> None:
            account, payment = ("Account", "id"), ("Payment", "id")
            for batch in _batches(payments):
                ends = {row[end]["id"]: row[end] for row in batch for end in ("payer", "payee")}
                merge_nodes(graph.auto(), [*ends.values()], account)
                merge_nodes(graph.auto(), [row["payment"] for row in batch], payment)
                sent = [(r["payer"]["id"], r["origin"], r["payment"]["id"]) for r in batch]
                create_relationships(graph.auto(), sent, "SENT", account, payment)
                to = [(r["payment"]["id"], r["origin"], r["payee"]["id"]) for r in batch]
                create_relationships(graph.auto(), to, "PAID_TO", payment, account)

        return _scaled(timed(work), driver)


def imported(payments: Path, folder: Path) -> Outcome:
    """Write the import's own files and let it make a database that no server runs on."""
    if shutil.which("java") is None:
        raise CannotRun("no Java on this machine")
    try:
        lib = jars()
    except SystemExit as error:
        raise CannotRun(str(error)) from error
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "conf").mkdir(parents=True)
    said: list[str] = []
    rows = 0

    def work() -> None:
        nonlocal rows
        frame = pl.read_csv(payments, infer_schema=False)
        rows = frame.height
        ids = pl.concat([frame["from_account"], frame["to_account"]]).unique()
        pl.DataFrame({"id:ID": ids}).write_csv(folder / "accounts.csv")
        frame.select(
            pl.col("from_account").alias(":START_ID"), pl.col("to_account").alias(":END_ID"),
            pl.col("payment").alias("id"), pl.col("amount").alias("amount:double"), "at",
        ).write_csv(folder / "paid.csv")  # fmt: skip
        said.append(_run_import(folder, lib))

    seconds = timed(work)
    count = re.search(r"(\d+) relationships", said[0])
    if count is None:
        raise CannotRun(f"the import said: {said[0].strip().splitlines()[0]}")
    return Outcome(seconds, rows, {"rows": int(count[1])})


def _run_import(folder: Path, lib: Path) -> str:
    environment = os.environ | {"NEO4J_HOME": str(folder), "NEO4J_CONF": str(folder / "conf")}
    command = [
        *("java", "-Xmx1g", "-cp", str(lib / "*"), "org.neo4j.cli.AdminTool"),
        # The name first: after the files it would be read as one of them.
        *("database", "import", "full", "neo4j", "--overwrite-destination=true"),
        f"--nodes=Account={folder / 'accounts.csv'}",
        f"--relationships=PAID={folder / 'paid.csv'}",
    ]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr
