"""What breaks between us and a real server: nothing is lost, nothing is doubled, and it is said."""

import logging
import os
import resource
import secrets
import signal
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from neo4j.exceptions import (
    AuthError,
    ConnectionAcquisitionTimeoutError,
    IncompleteCommit,
)

from graphdb.case import Case
from graphdb.errors import StoreUnreachable
from graphdb.store import Credentials, Digest, Store, digest_of, open_store
from graphdb.store.server import ServerStore
from graphdb.store.server_refusal import may_pass
from tests.conftest import SERVER, server_credentials
from tests.contract.test_load import crowd
from tests.neo4j import proxy as bolt
from tests.neo4j.proxy import Proxy
from tests.neo4j.server import Neo4j, one_server

pytestmark = pytest.mark.neo4j
ROWS = crowd(400, 40)
SHORT = timedelta(seconds=2)


@pytest.fixture(scope="module")
def whole() -> Digest:
    """What a load gives that nothing disturbed."""
    store = open_store("memory")
    store.load(ROWS)
    return digest_of(store)


@pytest.fixture
def proxy(server: Store) -> Iterator[Proxy]:
    server.clear()
    with Proxy(urlsplit(SERVER).port or 0) as made:
        yield made


def through(proxy: Proxy, scheme: str = "bolt") -> ServerStore:
    return ServerStore(proxy.url(scheme), server_credentials())


# -- the connection is cut


@pytest.mark.parametrize("obeyed", [False, True], ids=["unheard", "obeyed"])
@pytest.mark.parametrize("phase", ["HELLO", "LOGON", "BEGIN", "RUN", "PULL", "COMMIT"])
def test_a_cut_in_any_phase_loses_and_doubles_nothing(
    phase: str,
    obeyed: bool,
    proxy: Proxy,
    server: Store,
    whole: Digest,
    caplog: pytest.LogCaptureFixture,
) -> None:
    store = through(proxy)
    proxy.cut_at(getattr(bolt, phase), obeyed=obeyed)
    with caplog.at_level(logging.WARNING, "graphdb"):
        store.load(ROWS)
    store.close()
    assert proxy.faults == 1
    assert "trying again" in caplog.text
    assert digest_of(server) == whole


def test_cut_after_cut_is_outlasted(proxy: Proxy, server: Store, whole: Digest) -> None:
    store = through(proxy)
    proxy.cut_at(bolt.COMMIT, obeyed=True, times=9)
    store.load(ROWS)
    store.close()
    assert proxy.faults == 9
    assert digest_of(server) == whole


def test_a_server_that_stays_away_ends_the_load_and_the_next_one_finishes_it(
    proxy: Proxy, server: Store, whole: Digest
) -> None:
    store = through(proxy)
    store.patience = SHORT
    written: list[int] = []

    def vanish(rows: int) -> None:
        written.append(rows)
        if len(written) == 3:
            proxy.down = True
            proxy.cut_all()

    with pytest.raises(StoreUnreachable, match="no server answers") as caught:
        store.load(ROWS, done=vanish)
    assert caught.value.exit_code == 3
    assert "finishes the rest" in str(caught.value)
    store.close()
    proxy.down = False
    again = through(proxy)
    again.load(ROWS, resume=True)
    again.publish()
    again.close()
    assert digest_of(server) == whole


def test_a_slow_server_is_waited_for(proxy: Proxy, server: Store, whole: Digest) -> None:
    store = through(proxy)
    proxy.delay = 0.02
    store.load(ROWS)
    assert store.read("MATCH (a:Account) RETURN count(a) AS n").rows == ((40,),)
    store.close()
    assert digest_of(server) == whole


def test_a_port_that_answers_nothing_is_no_server(proxy: Proxy) -> None:
    proxy.down = True
    with pytest.raises(StoreUnreachable, match="no server answers"):
        through(proxy)


def test_a_connection_that_is_late_is_tried_again() -> None:
    """As when a laptop slept in the middle of a load; a wrong password is not tried again."""
    assert may_pass(ConnectionAcquisitionTimeoutError("not within 60 s"))
    assert may_pass(IncompleteCommit("who knows"))
    assert not may_pass(AuthError("no"))


# -- a cluster


def test_a_change_of_leader_is_followed(proxy: Proxy, server: Store, whole: Digest) -> None:
    """The first member leads until it says that it does not; then the other one does."""
    with Proxy(urlsplit(SERVER).port or 0) as other:
        here, there = f"127.0.0.1:{proxy.port}", f"127.0.0.1:{other.port}"

        def table() -> bytes:
            return bolt.routes(there, here) if proxy.faults else bolt.routes(here, there)

        proxy.table = other.table = table
        store = through(proxy, "neo4j")
        proxy.fail_at(bolt.RUN, "Neo.ClientError.Cluster.NotALeader")
        store.load(ROWS)
        store.close()
        assert proxy.faults == 1
        assert bolt.COMMIT in other.seen
    assert digest_of(server) == whole


def test_a_cluster_without_a_leader_says_so(proxy: Proxy) -> None:
    store = through(proxy)
    store.patience = SHORT
    proxy.fail_at(bolt.RUN, "Neo.ClientError.Cluster.NotALeader", times=1000)
    with pytest.raises(StoreUnreachable, match="no leader"):
        store.load(ROWS)
    store.close()


# -- rights


def test_a_user_who_may_not_write_is_told_which_role_may(proxy: Proxy) -> None:
    """Community has no roles, so the proxy refuses as Enterprise does."""
    store = through(proxy)
    proxy.fail_at(bolt.RUN, "Neo.ClientError.Security.Forbidden", times=1000)
    with pytest.raises(StoreUnreachable, match="does not allow this user") as caught:
        store.load(ROWS)
    assert "loader role" in str(caught.value)
    store.close()


def test_a_database_that_is_not_there_is_named(server: Store) -> None:
    with pytest.raises(StoreUnreachable, match="no such database"):
        open_store(f"{SERVER}/case17", credentials=server_credentials())


# -- a server of our own, to kill, fill and lock


@pytest.fixture(scope="module")
def breakable() -> Iterator[tuple[Neo4j, Credentials]]:
    password = secrets.token_urlsafe(16)
    with one_server(password, settings={"db.tx_log.preallocate": "false"}) as made:
        yield made, Credentials("neo4j", password)


def test_a_server_killed_in_the_middle_of_a_load_is_waited_for(
    breakable: tuple[Neo4j, Credentials], whole: Digest, caplog: pytest.LogCaptureFixture
) -> None:
    machine, credentials = breakable
    store = ServerStore(machine.url, credentials)
    store.patience = timedelta(minutes=5)
    store.schema()
    store.clear()
    pieces: list[int] = []
    starting = threading.Thread(target=machine.start)

    def kill(rows: int) -> None:
        pieces.append(rows)
        if len(pieces) == 5:
            machine.stop(kill=True)
            starting.start()

    with caplog.at_level(logging.WARNING, "graphdb"):
        store.load(ROWS, done=kill)
    starting.join()
    assert "trying again" in caplog.text
    assert digest_of(store) == whole
    store.clear()
    store.close()


def test_a_full_disk_stops_the_load_and_room_lets_it_go_on(
    breakable: tuple[Neo4j, Credentials], whole: Digest
) -> None:
    """No file of the server may grow beyond what it has: what a full disk does to a database."""
    machine, credentials = breakable
    store = ServerStore(machine.url, credentials)
    store.schema()
    store.clear()
    store.patience = SHORT
    logs = (machine.home / "data" / "transactions" / "neo4j").glob("neostore.transaction.db.*")
    size = max(log.stat().st_size for log in logs)
    unlimited = resource.prlimit(machine.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(machine.pid, resource.RLIMIT_FSIZE, (size + 20_000, unlimited[1]))
    with pytest.raises(StoreUnreachable, match=r"not available|failed") as caught:
        store.load(ROWS)
    assert "full disk" in str(caught.value)
    assert caught.value.exit_code == 3
    store.close()
    machine.stop(kill=True)
    machine.start()
    again = ServerStore(machine.url, credentials)
    again.load(ROWS, resume=True)
    again.publish()
    assert digest_of(again) == whole
    again.close()


def test_a_database_that_is_read_only_takes_questions_and_says_why_it_takes_no_rows(
    breakable: tuple[Neo4j, Credentials],
) -> None:
    machine, credentials = breakable
    store = ServerStore(machine.url, credentials)
    store.clear()
    store.load(crowd(3, 2))
    store.close()
    machine.stop()
    machine.set({"server.databases.default_to_read_only": "true"})
    machine.start()
    store = ServerStore(machine.url, credentials)
    with pytest.raises(StoreUnreachable, match="takes no writing"):
        store.load(ROWS)
    assert store.count().nodes["Account"] == 2
    store.close()


# -- TLS


def certificates(folder: Path, *, days: int) -> tuple[ssl.SSLContext, Path]:
    """Make an authority, and a certificate of 127.0.0.1 that ends in so many days."""
    now = datetime.now(UTC)
    ca_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    ca = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "the unit's own authority")])

    def signed(
        name: x509.Name, public: ec.EllipticCurvePublicKey, until: datetime, *, authority: bool
    ) -> bytes:
        return (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(ca)
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=30))
            .not_valid_after(until)
            .add_extension(x509.BasicConstraints(authority, None), critical=True)
            .add_extension(
                x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]),
                critical=False,
            )
            .sign(ca_key, hashes.SHA256())
            .public_bytes(serialization.Encoding.PEM)
        )

    root, own = folder / "ca.pem", folder / "server.pem"
    root.write_bytes(signed(ca, ca_key.public_key(), now + timedelta(days=30), authority=True))
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    until = now + timedelta(days=days)
    certificate = signed(name, key.public_key(), until, authority=False)
    own.write_bytes(private + certificate)
    (folder / "server.key").write_bytes(private)
    (folder / "server.crt").write_bytes(certificate)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(own)
    return context, root


def test_tls_is_checked_against_the_authority(
    server: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context, root = certificates(tmp_path, days=5)
    with Proxy(urlsplit(SERVER).port or 0, context) as proxy:
        with pytest.raises(StoreUnreachable, match="certificate is not accepted"):
            through(proxy, "bolt+s")
        monkeypatch.setenv("SSL_CERT_FILE", str(root))
        for scheme in ("bolt+s", "neo4j+s", "bolt+ssc"):
            store = through(proxy, scheme)
            assert store.read("RETURN 1 AS n").rows == ((1,),)
            store.close()


def test_an_expired_certificate_is_named_as_such(
    server: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context, root = certificates(tmp_path, days=-1)
    monkeypatch.setenv("SSL_CERT_FILE", str(root))
    for scheme in ("bolt+s", "neo4j+s"):
        with (
            Proxy(urlsplit(SERVER).port or 0, context) as proxy,
            pytest.raises(StoreUnreachable, match="certificate has expired") as caught,
        ):
            through(proxy, scheme)
        assert "renew" in str(caught.value)


# -- we are killed ourselves


def test_an_add_that_is_killed_is_finished_by_the_next(
    tmp_path: Path, proxy: Proxy, server: Store
) -> None:
    """kill -9 while the rows are on their way; then the same command without a file."""
    rows = (f"p{n},bank:{n % 90},bank:{n % 7},{n}.00,2025-03-01T10:00:00Z" for n in range(3000))
    file = tmp_path / "payments.csv"
    file.write_text("payment,from_account,to_account,amount,at\n" + "\n".join(rows))
    reference = Case.create(tmp_path / "reference")
    reference.add([file])
    Case.create(tmp_path / "case", engine=proxy.url(), credentials=server_credentials()).close()
    proxy.delay = 0.05
    before = proxy.seen.count(bolt.COMMIT)
    command = [sys.executable, "-m", "cli", "add", "--case", str(tmp_path / "case")]
    child = subprocess.Popen([*command, str(file)], env=os.environ)
    until = time.monotonic() + 60
    while proxy.seen.count(bolt.COMMIT) < before + 8 and time.monotonic() < until:
        time.sleep(0.01)
    os.kill(child.pid, signal.SIGKILL)
    assert child.wait() == -signal.SIGKILL
    proxy.delay = 0.0
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    assert digest_of(server) == digest_of(reference.store)
    reference.close()
