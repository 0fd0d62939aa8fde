"""Neo4j by the official driver: one server, or a cluster by a ``neo4j://`` URL.

Writes go in pieces, each one transaction with its receipt, so a piece that is tried again after a
lost connection or a change of leader does nothing the second time. Pieces run side by side in
lanes. Reads see what was written before them, on whatever member of a cluster they land.
"""

import logging
import secrets
import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, suppress
from datetime import timedelta
from itertools import islice
from threading import Lock, Thread
from typing import Any, Final
from urllib.parse import urlsplit

import neo4j
import polars as pl
from neo4j.exceptions import ConfigurationError, DriverError, Neo4jError

from graphdb.errors import GraphdbError, WrongUsage
from graphdb.model import CASE_MARK, LINK_TYPES, NODE_TYPES, Cell, GraphRows, Rows
from graphdb.store.lanes import Job, run_lanes
from graphdb.store.protocol import (
    READ_LIMIT,
    Counts,
    Credentials,
    evidence_statements,
    mark_statements,
    unheard,
)
from graphdb.store.server_load import (
    RECEIPT,
    RECEIPT_TEXT,
    ROWS_A_TRANSACTION,
    Piece,
    link_pieces,
    node_pieces,
)
from graphdb.store.server_refusal import cause_of, first_line, is_receipt, may_pass, said_plainly
from graphdb.store.waiting import awaited

_CONNECT_SECONDS: Final = 10.0
# As long as a server takes to start again; a cluster chooses a leader in a tenth of it.
PATIENCE: Final = timedelta(minutes=2)
# Over an imported graph of hundreds of millions of nodes an index takes its time.
_INDEX_SECONDS: Final = 24 * 3600
_LANES: Final = 4
_STOP: Final = (
    "SHOW TRANSACTIONS YIELD transactionId AS id, metaData WHERE metaData.asked = $asked "
    "TERMINATE TRANSACTIONS id YIELD message RETURN message"
)
# A person who interrupts waits no longer; the query's own time limit stops it then.
_STOP_SECONDS: Final = 0.7
_ROWS_AT_ONCE: Final = 10_000
SCHEMES: Final = ("neo4j", "neo4j+s", "neo4j+ssc", "bolt", "bolt+s", "bolt+ssc")

_log = logging.getLogger(__name__)


class ServerStore:
    """A Neo4j database, reached over Bolt; a path at the end of the URL names the database."""

    engine = "neo4j"
    holds_answers = False

    def __init__(self, url: str, credentials: Credentials, database: str | None = None) -> None:
        """Connect and check that the server answers.

        Raises:
            StoreUnreachable: no server answers there, or it refuses the credentials.
            WrongUsage: the URL carries a password or has an unknown scheme.
        """
        self._url = url
        server, named = _parts(url)
        self._database = database or named
        self.patience = PATIENCE
        self._case: tuple[str, str] | None = None
        self._commits = Lock()
        self._bookmarks = neo4j.GraphDatabase.bookmark_manager()
        try:
            self._driver = neo4j.GraphDatabase.driver(
                server,
                auth=(credentials.user, credentials.password),
                connection_timeout=_CONNECT_SECONDS,
                connection_acquisition_timeout=6 * _CONNECT_SECONDS,
                max_transaction_retry_time=PATIENCE.total_seconds() / 4,
                notifications_min_severity="OFF",
            )
        except (ConfigurationError, ValueError) as error:
            raise WrongUsage(f"the engine's URL cannot be used: {error}", where=url) from error
        try:
            with self._said_plainly():
                self._driver.verify_connectivity()
                # Named even where the server would choose it: driver 6.4 forgets a leader that
                # has stepped down only for a database that it was told by name.
                with self._session(write=False) as session:
                    self._database = session.run("RETURN 1 AS n").consume().database
        except GraphdbError:
            self._driver.close()
            self._say_why(server, credentials)
            raise

    def _say_why(self, server: str, credentials: Credentials) -> None:
        """Ask a member of a cluster directly: finding the way to it hides why there is none."""
        if not server.startswith("neo4j"):
            return
        direct = server.replace("neo4j", "bolt", 1)
        keys = (credentials.user, credentials.password)
        with (
            self._said_plainly(),
            neo4j.GraphDatabase.driver(
                direct, auth=keys, connection_timeout=_CONNECT_SECONDS
            ) as driver,
        ):
            driver.verify_connectivity()

    def claim(self, case: str, title: str, *, new: bool = False) -> None:
        """Make the database this case's own, so that no other case is ever mixed into it.

        Raises:
            WrongUsage: another case owns it, or (``new``) it holds a graph of nobody's.
        """
        if new:
            self._refuse_strangers()
        with self._said_plainly(), self._session(write=True) as session:
            _own_constraints(session)
        text = (
            f"MERGE (m:{CASE_MARK} {{slot: 1}}) ON CREATE SET m.case = $case, m.title = $title "
            "RETURN m.case AS case, m.title AS title"
        )
        owner = self._returned(text, {"case": case, "title": title})[0]
        if owner["case"] != case:
            raise self._of_another(str(owner["title"]))
        self._case = (case, title)

    def recognise(self, case: str) -> None:
        """Refuse to read a database that bears no mark, or another case's."""
        marks = self.read(f"MATCH (m:{CASE_MARK}) RETURN m.case AS case, m.title AS title").rows
        if not marks:
            raise WrongUsage(
                "the database does not hold this case: it has no mark of any",
                where=self._url,
                fix="name the database that holds it, restore its backup (docs/neo4j.md), or let "
                "'linkwright rebuild' build it anew from the rows",
            )
        if marks[0][0] != case:
            raise self._of_another(str(marks[0][1]))

    def _of_another(self, title: str) -> WrongUsage:
        return WrongUsage(
            f"the database holds another case: '{title}'",
            where=self._url,
            fix="name another database at the end of the URL, or another server: "
            "one database holds one case (docs/neo4j.md)",
        )

    def _refuse_strangers(self) -> None:
        held = self._one(
            f"MATCH (n) WHERE NOT n:{CASE_MARK} AND NOT n:{RECEIPT} RETURN count(n) AS n"
        )
        marked = self._one(f"MATCH (m:{CASE_MARK}) RETURN count(m) AS n")
        if held and not marked:
            raise WrongUsage(
                f"the database already holds {held:,} nodes",
                where=self._url,
                fix="give each case a database of its own, or empty this one",
            )

    def schema(self) -> tuple[str, ...]:
        """Create the unique ids and time indexes of the declared schema, and its names.

        The names of link types and properties are registered too, so that EXPLAIN can tell a
        misspelt one from one that has no rows yet.
        """
        names = []
        with self._said_plainly(), self._session(write=True) as session:
            _own_constraints(session)
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
            session.run("CALL db.awaitIndexes($most)", most=_INDEX_SECONDS).consume()
            for type_ in LINK_TYPES:
                session.run("CALL db.createRelationshipType($name)", name=type_).consume()
            of_nodes = {p.name for node in NODE_TYPES.values() for p in node.properties}
            of_links = {p.name for link in LINK_TYPES.values() for p in link.properties}
            for property_ in sorted(of_nodes | of_links):
                session.run("CALL db.createProperty($name)", name=property_).consume()
        return tuple(names)

    def load(
        self,
        rows: GraphRows,
        *,
        resume: bool = False,
        done: Callable[[int], None] = unheard,
    ) -> None:
        """Write nodes, then links, in lanes; ``done`` is told the rows of each piece."""
        lanes = self._jobs(piece for nodes in rows.nodes for piece in node_pieces(nodes))
        with self._said_plainly():
            run_lanes(lanes, _LANES, done)
            for links in rows.links:
                run_lanes(self._jobs(link_pieces(links, resume=resume)), _LANES, done)

    def _jobs(self, pieces: Iterator[Piece]) -> list[Job]:
        return [
            Job(piece.shares, len(piece.rows), lambda piece=piece: self._write(piece))  # type: ignore[misc]
            for piece in pieces
        ]

    def _write(self, piece: Piece) -> None:
        """Write a piece exactly once, however often the connection breaks."""
        receipt = piece.receipt

        def work(transaction: neo4j.Transaction) -> None:
            transaction.run(RECEIPT_TEXT, receipt=receipt, of=piece.of).consume()
            transaction.run(piece.text, rows=piece.rows).consume()

        self._persist(work, alone=piece.links)

    def _persist(self, work: Callable[[neo4j.Transaction], None], *, alone: bool = False) -> None:
        """Run a transaction that may be repeated, and try again while that can help.

        ``alone`` is for links: their transactions commit one at a time (see ``lanes``).
        """
        until = time.monotonic() + self.patience.total_seconds()
        pause = 0.25
        while True:
            try:
                with self._session(write=True) as session:
                    # Not its own context: driver 6.4 gives the connection of a failed transaction
                    # back to the pool, and on leaving looks at it once more, while another lane
                    # uses it already. The session ends what is open.
                    transaction = session.begin_transaction()
                    work(transaction)
                    with self._commits if alone else nullcontext():
                        transaction.commit()
            except (Neo4jError, DriverError, OSError) as error:
                if is_receipt(error):
                    return
                left = until - time.monotonic()
                if not may_pass(error) or left < pause:
                    raise
                _log.warning(
                    "%s; trying again (for %.0f s more): nothing is lost, nothing is doubled",
                    first_line(cause_of(error)),
                    left,
                )
                time.sleep(pause)
                pause = min(2 * pause, 8.0)
            else:
                return

    def publish(self) -> None:
        """Remove the receipts: every transaction of a server is durable when it ends."""
        self._emptied(f"MATCH (n:{RECEIPT})", "n")

    def read(
        self,
        text: str,
        parameters: Mapping[str, Cell] | None = None,
        *,
        limit: timedelta = READ_LIMIT,
    ) -> Rows:
        """Run a query in a read transaction with a time limit; it can be interrupted."""
        asked = secrets.token_hex(8)

        @neo4j.unit_of_work(timeout=limit.total_seconds(), metadata={"asked": asked})
        def work(transaction: neo4j.ManagedTransaction) -> Rows:
            # The text is a pack's; evidence reaches it as parameters only.
            answer = transaction.run(text, dict(parameters or {}))
            columns = tuple(answer.keys())
            return Rows(columns, tuple(tuple(record.values()) for record in answer))

        def answered() -> Rows:
            with self._said_plainly(limit), self._session(write=False) as session:
                return session.execute_read(work)

        try:
            return awaited(answered)
        except KeyboardInterrupt:
            self._stop(asked)
            raise

    def _stop(self, asked: str) -> None:
        """Let the server stop a query that nobody waits for any more, if it hears of it at once."""

        def told() -> None:
            with suppress(Neo4jError, DriverError), self._driver.session() as session:
                session.run(_STOP, asked=asked).consume()

        teller = Thread(target=told, daemon=True, name="stop")
        teller.start()
        teller.join(_STOP_SECONDS)

    def stream(
        self, text: str, parameters: Mapping[str, Cell] | None = None
    ) -> Iterator[Sequence[tuple[Cell, ...]]]:
        """Read a whole graph part by part, in one read transaction without a time limit."""
        with (
            self._said_plainly(),
            self._session(write=False, fetch_size=_ROWS_AT_ONCE) as session,
            session.begin_transaction() as transaction,
        ):
            answer = iter(transaction.run(text, dict(parameters or {})))
            while part := [tuple(record.values()) for record in islice(answer, _ROWS_AT_ONCE)]:
                yield part

    def columns(
        self,
        text: str,
        schema: Mapping[str, pl.DataType | type[pl.DataType]],
        parameters: Mapping[str, Cell] | None = None,
    ) -> Iterator[pl.DataFrame]:
        """Put the rows of a stream into columns as they come."""
        for part in self.stream(text, parameters):
            yield pl.DataFrame(part, schema=schema, orient="row")

    def explain(self, text: str, parameters: Mapping[str, Cell] | None = None) -> tuple[str, ...]:
        """Plan a query and give the server's warnings about names it does not know."""
        with (
            self._said_plainly(),
            warnings.catch_warnings(),
            self._driver.session(
                database=self._database,
                default_access_mode=neo4j.READ_ACCESS,
                notifications_min_severity="WARNING",
                bookmark_manager=self._bookmarks,
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
        """Remove every node and link, in parts that fit a transaction; a claim stays."""
        self._emptied(f"MATCH (n) WHERE NOT n:{CASE_MARK}", "n")
        if self._case is None:
            self._emptied(f"MATCH (n:{CASE_MARK})", "n")

    def unlink(self, type_: str) -> None:
        """Remove every link of a type, and its receipts, so that it can be written anew."""
        self._emptied(f"MATCH ()-[l:{type_}]->()", "l")
        self._emptied(f"MATCH (n:{RECEIPT} {{of: $of}})", "n", {"of": type_})

    def _emptied(self, match: str, name: str, values: Mapping[str, Cell] | None = None) -> None:
        detach = "DETACH " if name == "n" else ""
        text = (
            f"{match} WITH {name} LIMIT {ROWS_A_TRANSACTION} {detach}DELETE {name} "
            "RETURN count(*) AS n"
        )
        while self._returned(text, values or {})[0]["n"]:
            pass

    def gather_evidence(self, label: str, places: pl.DataFrame) -> None:
        """Give nodes and their own links all their places."""
        for text in evidence_statements(label):
            self._put(text, places.select("id", "evidence"))

    def mark(self, label: str, values: pl.DataFrame) -> None:
        """Set properties of nodes, and take them from all others of the label."""
        names = [name for name in values.columns if name != "id"]
        clear, put = mark_statements(label, names)
        self._returned(clear, {})
        self._put(put, values.select("id", *names))

    def _put(self, text: str, frame: pl.DataFrame) -> None:
        """Run a statement that sets properties, part by part."""
        for part in frame.iter_slices(ROWS_A_TRANSACTION):
            if part.height:
                self._returned(text, {"rows": part.rows()})

    def close(self) -> None:
        """Close every connection."""
        self._driver.close()

    def _one(self, text: str) -> int:
        return int(str(self.read(text).rows[0][0]))

    def _returned(self, text: str, values: Mapping[str, Any]) -> list[neo4j.Record]:
        """Run a write that is harmless to repeat, and give its rows."""
        found: list[neo4j.Record] = []

        def work(transaction: neo4j.Transaction) -> None:
            found[:] = list(transaction.run(text, dict(values)))

        with self._said_plainly():
            self._persist(work)
        return found

    @contextmanager
    def _session(self, *, write: bool, fetch_size: int = 1000) -> Iterator[neo4j.Session]:
        mode = neo4j.WRITE_ACCESS if write else neo4j.READ_ACCESS
        with self._driver.session(
            database=self._database,
            default_access_mode=mode,
            bookmark_manager=self._bookmarks,
            fetch_size=fetch_size,
        ) as session:
            yield session

    @contextmanager
    def _said_plainly(self, limit: timedelta = READ_LIMIT) -> Iterator[None]:
        with said_plainly(self._url, limit):
            yield


def _own_constraints(session: neo4j.Session) -> None:
    """Make receipts and the mark unique: what a load's exactness stands on."""
    for name, label, key in (("case_mark", CASE_MARK, "slot"), ("load_receipt", RECEIPT, "id")):
        session.run(
            f"CREATE CONSTRAINT {name} IF NOT EXISTS FOR (n:{label}) REQUIRE n.{key} IS UNIQUE"
        ).consume()


def _parts(url: str) -> tuple[str, str | None]:
    """Split an engine's URL into what the driver connects to and the name of the database.

    >>> _parts("neo4j://graph.example:7687/case17")
    ('neo4j://graph.example:7687', 'case17')
    """
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
    server = parts._replace(path="").geturl()
    return server, parts.path.strip("/") or None
