"""Loading side by side and moving a whole graph: nothing lost, nothing doubled, no deadlock."""

import logging
import random
from threading import Lock
from time import sleep

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphdb.model import GraphRows, LinkRows, NodeRows
from graphdb.store import Store, digest_of, links_of, nodes_of, open_store, pages
from graphdb.store.lanes import Job, run_lanes

Ends = tuple[str, list[str]]
HOSTILE = "'}) DETACH DELETE n //  ${x} `;\u202e</script>\n\"\\"


def crowd(payments: int, accounts: int, seed: int = 7) -> GraphRows:
    """Payments among accounts of which a few are paid by nearly all, and their logins."""
    draw = random.Random(seed)  # noqa: S311
    ids = [f"bank:{n:06d}" for n in range(accounts)]
    numbers = [f"payment:{n:07d}" for n in range(payments)]
    rows = [[f"E01:{n}"] for n in range(payments)]
    basis = ["recorded"] * payments
    payer = [draw.choice(ids) for _ in numbers]
    payee = [ids[int(accounts * draw.random() ** 6)] for _ in numbers]
    devices = [f"device:{n % 50}" for n in range(payments)]
    nodes = (
        NodeRows("Account", pl.DataFrame({"id": ids, "nickname": [HOSTILE] * accounts})),
        NodeRows("Device", pl.DataFrame({"id": sorted(set(devices))})),
        NodeRows(
            "Payment",
            pl.DataFrame(
                {
                    "id": numbers,
                    "amount_minor": range(payments),
                    "currency": ["CNY"] * payments,
                    "evidence": rows,
                    "basis": basis,
                }
            ),
        ),
    )

    def linked(
        type_: str, source: tuple[str, list[str]], target: tuple[str, list[str]]
    ) -> LinkRows:
        columns = {"source": source[1], "target": target[1], "evidence": rows, "basis": basis}
        return LinkRows(type_, source[0], target[0], pl.DataFrame(columns))

    return GraphRows(
        nodes,
        (
            linked("LOGGED_IN_ON", ("Account", payer), ("Device", devices)),
            linked("FRIEND_OF", ("Account", payer), ("Account", payee)),
            linked("SENT", ("Account", payer), ("Payment", numbers)),
            linked("PAID_TO", ("Payment", numbers), ("Account", payee)),
        ),
    )


@given(
    jobs=st.lists(st.frozensets(st.integers(0, 5), max_size=2), max_size=40),
    lanes=st.integers(1, 4),
)
def test_jobs_that_share_nodes_never_run_together(jobs: list[frozenset[int]], lanes: int) -> None:
    lock, busy = Lock(), set[int]()
    ended: list[int] = []

    def work(shares: frozenset[int]) -> None:
        with lock:
            assert busy.isdisjoint(shares)
            busy.update(shares)
        sleep(0)
        with lock:
            busy.difference_update(shares)

    run_lanes([Job(one, 1, lambda one=one: work(one)) for one in jobs], lanes, ended.append)  # type: ignore[misc]
    assert len(ended) == len(jobs)


def test_after_a_failure_nothing_new_begins() -> None:
    begun: list[int] = []

    def work(n: int) -> None:
        begun.append(n)
        if n == 0:
            raise RuntimeError("the disk is full")

    jobs = [Job(frozenset({0}), 100 - n, lambda n=n: work(n)) for n in range(50)]  # type: ignore[misc]
    with pytest.raises(RuntimeError, match="disk"):
        run_lanes(jobs, 4, lambda _rows: None)
    assert begun == [0]


def test_every_engine_gives_one_digest_for_one_graph(store: Store) -> None:
    rows = crowd(300, 40)
    store.load(rows)
    other = open_store("memory")
    other.load(GraphRows(tuple(reversed(rows.nodes)), tuple(reversed(rows.links))))
    assert digest_of(store) == digest_of(other)
    assert (digest_of(store).nodes, digest_of(store).links) == (40 + 50 + 300, 4 * 300)


@pytest.mark.parametrize("rows_at_once", [1, 7, 300, 301])
def test_a_graph_that_is_read_in_pages_is_read_whole(
    rows_at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A few nodes have most links here, so a page of links may be larger than it should."""
    store = open_store("memory")
    store.load(crowd(300, 40))
    whole = digest_of(store)
    monkeypatch.setattr(pages, "ROWS_AT_ONCE", rows_at_once)
    assert digest_of(store) == whole
    ids = [id_ for one in nodes_of(store) if one.label == "Payment" for id_ in one.frame["id"]]
    assert ids == [f"payment:{n:07d}" for n in range(300)]


def test_the_digest_sees_every_property_and_every_parallel_link(store: Store) -> None:
    store.load(crowd(20, 5))
    seen = {digest_of(store).sha256}
    store.load(GraphRows((NodeRows("IP", pl.DataFrame({"id": ["ip:1"]})),), ()))
    seen.add(digest_of(store).sha256)
    store.load(
        GraphRows(
            (NodeRows("Account", pl.DataFrame({"id": ["bank:000001"], "status": ["x"]})),), ()
        )
    )
    seen.add(digest_of(store).sha256)
    frame = pl.DataFrame(
        {"source": ["bank:000001"], "target": ["device:1"], "evidence": [["E02:1"]]}
    )
    for _ in range(2):
        store.load(GraphRows((), (LinkRows("LOGGED_IN_ON", "Account", "Device", frame),)))
        store.publish()
        seen.add(digest_of(store).sha256)
    assert len(seen) == 5


def test_a_graph_read_whole_and_written_again_is_the_same(store: Store) -> None:
    store.load(crowd(500, 60))
    copy = open_store("memory")
    for nodes in nodes_of(store):
        copy.load(GraphRows((nodes,), ()))
    for links in links_of(store):
        copy.load(GraphRows((), (links,)))
    assert digest_of(copy) == digest_of(store)


@pytest.mark.neo4j
def test_batches_side_by_side_never_deadlock(
    server: Store, caplog: pytest.LogCaptureFixture
) -> None:
    """The same rows in four plain threads deadlock within seconds (see docs/neo4j.md)."""
    server.clear()
    rows = crowd(12_000, 300)
    with caplog.at_level(logging.WARNING):
        server.load(rows)
    assert not caplog.records
    memory = open_store("memory")
    memory.load(rows)
    assert digest_of(server) == digest_of(memory)


@pytest.mark.neo4j
def test_the_same_load_again_does_nothing_while_its_receipts_stand(server: Store) -> None:
    server.clear()
    rows = crowd(1_000, 100)
    server.load(rows)
    before = digest_of(server)
    server.load(rows)
    server.load(rows, resume=True)
    assert digest_of(server) == before
    server.publish()
    assert not server.read("MATCH (r:LoadReceipt) RETURN r.id AS id").rows
    server.load(rows, resume=True)
    assert digest_of(server) == before


@pytest.mark.neo4j
def test_batches_refused_side_by_side_leave_the_connections_whole(server: Store) -> None:
    """Four lanes share a pool; what one lane's failure gives back is another's at once."""
    server.clear()
    frame = pl.DataFrame({"id": [f"ip:{n}" for n in range(8)]})
    pieces = [GraphRows((NodeRows("IP", frame[n : n + 1]),), ()) for n in range(8)]
    for piece in pieces:
        server.load(piece)
    before = digest_of(server)
    jobs = [Job(frozenset(), 1, lambda n=n: server.load(pieces[n % 8])) for n in range(2_000)]  # type: ignore[misc]
    run_lanes(jobs, 4, lambda _rows: None)
    assert digest_of(server) == before
