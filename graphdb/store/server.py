"""Neo4j by the official driver: one server, or a cluster by a ``neo4j://`` URL.

Writes go in batches through managed transactions, which the driver repeats on transient errors
and after a change of leader; every statement is a MERGE, so a repeated one changes nothing.
"""

import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlsplit

import neo4j
import polars as pl
from neo4j.exceptions import (
    AuthError,
    ClientError,
    ConfigurationError,
    DriverError,
    Neo4jError,
    ServiceUnavailable,
)

from graphdb.errors import CheckFailed, StoreUnreachable, WrongUsage
from graphdb.model import LINK_TYPES, NODE_TYPES, Cell, GraphRows, LinkRows, NodeRows, Rows
from graphdb.store.protocol import (
    READ_LIMIT,
    Counts,
    Credentials,
    TimeLimitReached,
    evidence_statements,
    mark_statements,
)

# The plateau of six batch sizes tried on product reviews lies between 5,000 and 20,000 rows.
_ROWS_A_TRANSACTION: Final = 10_000
_CONNECT_SECONDS: Final = 10.0
SCHEMES: Final = ("neo4j", "neo4j+s", "neo4j+ssc", "bolt", "bolt+s", "bolt+ssc")


class ServerStore:
    """A Neo4j database, reached over Bolt."""

    engine = "neo4j"

    def __init__(self, url: str, credentials: Credentials, database: str | None = None) -> None:
        """Connect and check that the server answers.

        Raises:
            StoreUnreachable: no server answers there, or it refuses the credentials.
            WrongUsage: the URL carries a password or has an unknown scheme.
        """
        self._url = _checked(url)
        self._database = database
        try:
            self._driver = neo4j.GraphDatabase.driver(
                url,
                auth=(credentials.user, credentials.password),
                connection_timeout=_CONNECT_SECONDS,
                connection_acquisition_timeout=6 * _CONNECT_SECONDS,
                notifications_min_severity="OFF",
            )
        except (ConfigurationError, ValueError) as error:
            raise WrongUsage(f"the engine's URL cannot be used: {error}", where=url) from error
        try:
            with self._said_plainly():
                self._driver.verify_connectivity()
        except StoreUnreachable:
            self._driver.close()
            raise

    def schema(self) -> tuple[str, ...]:
        """Create the unique ids and time indexes of the declared schema, and its names.

        The names of link types and properties are registered too, so that EXPLAIN can tell a
        misspelt one from one that has no rows yet.
        """
        names = []
        with self._session(write=True) as session:
            for label, node in NODE_TYPES.items():
                name = f"{label.lower()}_id"
                session.run(
                    f"CREATE CONSTRAINT {name} IF NOT EXISTS FOR (n:{label}) REQUIRE n.id IS UNIQUE"
                ).consume()
                names.append(name)
                if any(declared.name == "at_ms" for declared in node.properties):
                    name = f"{label.lower()}_at_ms"
                    session.run(
                        f"CREATE INDEX {name} IF NOT EXISTS FOR (n:{label}) ON (n.at_ms)"
                    ).consume()
                    names.append(name)
            session.run("CALL db.awaitIndexes(60)").consume()
            for type_ in LINK_TYPES:
                session.run("CALL db.createRelationshipType($name)", name=type_).consume()
            of_nodes = {p.name for node in NODE_TYPES.values() for p in node.properties}
            of_links = {p.name for link in LINK_TYPES.values() for p in link.properties}
            for property_ in sorted(of_nodes | of_links):
                session.run("CALL db.createProperty($name)", name=property_).consume()
        return tuple(names)

    def load(self, rows: GraphRows, *, resume: bool = False) -> None:
        """Merge nodes and links; each transaction is safe to repeat, so ``resume`` is free."""
        with self._session(write=True) as session:
            for nodes in rows.nodes:
                for text, part in _node_statements(nodes):
                    session.execute_write(_run, text, part)
            for links in rows.links:
                for text, part in _link_statements(links):
                    session.execute_write(_run, text, part)

    def publish(self) -> None:
        """Every transaction of a server is durable when it ends."""

    def read(
        self,
        text: str,
        parameters: Mapping[str, Cell] | None = None,
        *,
        limit: timedelta = READ_LIMIT,
    ) -> Rows:
        """Run a query in a read transaction with a time limit."""

        @neo4j.unit_of_work(timeout=limit.total_seconds())
        def work(transaction: neo4j.ManagedTransaction) -> Rows:
            # The text is a pack's; evidence reaches it as parameters only.
            answer = transaction.run(text, dict(parameters or {}))
            columns = tuple(answer.keys())
            return Rows(columns, tuple(tuple(record.values()) for record in answer))

        with self._session(write=False, limit=limit) as session:
            return session.execute_read(work)

    def explain(self, text: str, parameters: Mapping[str, Cell] | None = None) -> tuple[str, ...]:
        """Plan a query and give the server's warnings about names it does not know."""
        with (
            self._said_plainly(),
            warnings.catch_warnings(),
            self._driver.session(
                database=self._database,
                default_access_mode=neo4j.READ_ACCESS,
                notifications_min_severity="WARNING",
            ) as session,
        ):
            warnings.simplefilter("ignore")
            answer = session.run(f"EXPLAIN {text}", dict(parameters or {}))
            summary = answer.consume()
        return tuple(
            status.status_description
            for status in summary.gql_status_objects
            if status.gql_status.startswith("01")
        )

    def count(self) -> Counts:
        """Count nodes by label and links by type (from the server's own counters)."""
        nodes = {
            label: self._one(f"MATCH (n:{label}) RETURN count(n) AS n") for label in NODE_TYPES
        }
        links = {
            type_: self._one(f"MATCH ()-[l:{type_}]->() RETURN count(l) AS n")
            for type_ in LINK_TYPES
        }
        return Counts(
            {label: n for label, n in sorted(nodes.items()) if n},
            {type_: n for type_, n in sorted(links.items()) if n},
        )

    def clear(self) -> None:
        """Remove every node and link, in parts that fit a transaction; for proofs and tests."""
        text = f"MATCH (n) WITH n LIMIT {_ROWS_A_TRANSACTION} DETACH DELETE n RETURN count(*) AS n"
        with self._session(write=True) as session:
            while session.execute_write(lambda tx: tx.run(text).single(strict=True)["n"]):
                pass

    def unlink(self, type_: str) -> None:
        """Remove every link of a type, in parts that fit a transaction."""
        text = (
            f"MATCH ()-[l:{type_}]->() WITH l LIMIT {_ROWS_A_TRANSACTION} DELETE l "
            "RETURN count(*) AS n"
        )
        with self._session(write=True) as session:
            while session.execute_write(lambda tx: tx.run(text).single(strict=True)["n"]):
                pass

    def gather_evidence(self, label: str, places: pl.DataFrame) -> None:
        """Give nodes and their own links all their places."""
        with self._session(write=True) as session:
            for text in evidence_statements(label):
                for part in places.select("id", "evidence").iter_slices(_ROWS_A_TRANSACTION):
                    session.execute_write(_run, text, part.rows())

    def mark(self, label: str, values: pl.DataFrame) -> None:
        """Set properties of nodes, and take them from all others of the label."""
        names = [name for name in values.columns if name != "id"]
        clear, put = mark_statements(label, names)
        with self._session(write=True) as session:
            session.execute_write(lambda tx: tx.run(clear).consume())
            for part in values.select("id", *names).iter_slices(_ROWS_A_TRANSACTION):
                session.execute_write(_run, put, part.rows())

    def close(self) -> None:
        """Close every connection."""
        self._driver.close()

    def _one(self, text: str) -> int:
        return int(str(self.read(text).rows[0][0]))

    @contextmanager
    def _session(self, *, write: bool, limit: timedelta = READ_LIMIT) -> Iterator[neo4j.Session]:
        mode = neo4j.WRITE_ACCESS if write else neo4j.READ_ACCESS
        with (
            self._said_plainly(limit),
            self._driver.session(database=self._database, default_access_mode=mode) as session,
        ):
            yield session

    @contextmanager
    def _said_plainly(self, limit: timedelta = READ_LIMIT) -> Iterator[None]:
        """Turn the driver's errors into ours."""
        try:
            yield
        except AuthError as error:
            raise StoreUnreachable(
                "the server refuses the user name or password",
                where=self._url,
                fix="set LINKWRIGHT_NEO4J_USER and LINKWRIGHT_NEO4J_PASSWORD",
            ) from error
        except ClientError as error:
            raise _client_error(error, limit) from error
        except (ServiceUnavailable, DriverError, OSError) as error:
            raise StoreUnreachable(
                f"no server answers: {_first_line(error)}",
                where=self._url,
                fix="start it (docker compose up -d) or correct the case's engine URL",
            ) from error
        except Neo4jError as error:
            raise StoreUnreachable(
                f"the server failed: {_first_line(error)}", where=self._url
            ) from error


def _client_error(error: ClientError, limit: timedelta) -> Exception:
    code = error.code or ""
    if "TransactionTimedOut" in code:
        return TimeLimitReached(
            f"the query took longer than {limit.total_seconds():g} s and was stopped",
            fix="narrow it by a time window or a seed, or raise the limit",
        )
    if code.endswith("AccessMode"):
        return WrongUsage("a query may not write", fix="use MATCH and RETURN only")
    if "Security" in code:
        return StoreUnreachable(f"the server does not allow it: {_first_line(error)}")
    return CheckFailed(f"the engine refused the query: {_first_line(error)}")


def _run(transaction: neo4j.ManagedTransaction, text: str, rows: list[tuple[Any, ...]]) -> None:
    transaction.run(text, rows=rows).consume()


def _node_statements(nodes: NodeRows) -> Iterator[tuple[str, list[tuple[Any, ...]]]]:
    names = [name for name in nodes.frame.columns if name != "id"]
    filled = ", ".join(
        f"n.{name} = coalesce(n.{name}, r[{at}])" for at, name in enumerate(names, start=1)
    )
    text = f"UNWIND $rows AS r MERGE (n:{nodes.label} {{id: r[0]}})"
    if filled:
        text += f" SET {filled}"
    for part in nodes.frame.select("id", *names).iter_slices(_ROWS_A_TRANSACTION):
        yield text, part.rows()


def _link_statements(links: LinkRows) -> Iterator[tuple[str, list[tuple[Any, ...]]]]:
    names = [name for name in links.frame.columns if name not in {"source", "target", "evidence"}]
    # Two rows are two links; the place tells a link that a repeated transaction made before.
    key = " {evidence: r[2]}" if LINK_TYPES[links.type].event else ""
    values = "".join(f", l.{name} = r[{at}]" for at, name in enumerate(names, start=3))
    text = (
        f"UNWIND $rows AS r MATCH (a:{links.source_label} {{id: r[0]}}) "
        f"MATCH (b:{links.target_label} {{id: r[1]}}) "
        f"MERGE (a)-[l:{links.type}{key}]->(b) ON CREATE SET l.evidence = r[2]{values}"
    )
    columns = ["source", "target", "evidence", *names]
    for part in links.frame.select(columns).iter_slices(_ROWS_A_TRANSACTION):
        yield text, part.rows()


def _checked(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in SCHEMES:
        raise WrongUsage(
            f"unknown engine: '{parts.scheme or url}'", fix=f"one of embedded, {', '.join(SCHEMES)}"
        )
    if parts.username or parts.password:
        raise WrongUsage(
            "an engine URL may not hold a user name or password",
            fix="set LINKWRIGHT_NEO4J_USER and LINKWRIGHT_NEO4J_PASSWORD instead",
        )
    return url


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]
