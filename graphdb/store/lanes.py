"""Lanes: batches that run side by side and can never wait for one another in a circle.

A database locks the nodes that a transaction's links stand on. Two transactions that lock the same
nodes in different orders wait for each other forever, so nodes are dealt into shares, a batch is
told by the (at most two) shares that its links stand in, and it starts only when nothing that runs
touches either of them. Batches that run together then have no node in common.

Nodes are not all that is locked. Neo4j chains the links of a node, and a commit also locks the
first link of each chain it lengthens; that link may end at a node of another batch. Seen: two
deadlocks in 80,000 links though no node was shared. So batches of links run side by side but commit
one at a time, which the store sees to.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from dataclasses import dataclass
from threading import Condition

Shares = frozenset[int]


@dataclass(frozen=True, slots=True)
class Job:
    """A piece of work, the shares of nodes that it locks, and how many rows it has."""

    shares: Shares
    rows: int
    work: Callable[[], None]


def run_lanes(jobs: Sequence[Job], lanes: int, done: Callable[[int], None]) -> None:
    """Run all jobs, at most ``lanes`` at a time and never two that share nodes; largest first.

    ``done`` is told the rows of each job that has ended, one job at a time. After a failure no
    further job starts; the first failure is raised once those that run have ended.
    """
    waiting = sorted(jobs, key=lambda job: -job.rows)
    busy: set[int] = set()
    turn = Condition()
    stopped = False

    def next_job() -> Job | None:
        with turn:
            while waiting and not stopped:
                for at, job in enumerate(waiting):
                    if busy.isdisjoint(job.shares):
                        busy.update(job.shares)
                        return waiting.pop(at)
                turn.wait()
            return None

    def lane() -> None:
        nonlocal stopped
        while (job := next_job()) is not None:
            try:
                job.work()
            except BaseException:
                stopped = True
                raise
            finally:
                with turn:
                    busy.difference_update(job.shares)
                    turn.notify_all()
            with turn:
                done(job.rows)

    if lanes == 1 or len(waiting) < 2:
        for job in waiting:
            job.work()
            done(job.rows)
        return
    with ThreadPoolExecutor(lanes, thread_name_prefix="lane") as pool:
        running = [pool.submit(lane) for _ in range(min(lanes, len(waiting)))]
        try:
            wait(running, return_when=FIRST_EXCEPTION)
        finally:
            # Also reached when a person interrupts: what runs is ended, nothing new begins.
            stopped = True
            with turn:
                turn.notify_all()
    for one in running:
        one.result()
