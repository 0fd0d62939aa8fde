"""Trace a million payments: all lots by first in, first out, and the command itself."""

import csv
from collections import deque
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from bench.cell import CannotRun, Cell, Cells, Ground, Outcome, timed
from graphdb.case import Case
from graphdb.trace import COLUMNS, Flow, flows_of, in_order, lots_of

_VICTIMS = 200


def cells(ground: Ground) -> Cells:
    """Give ours, the plain deque that must find the same lots, and the command on the case."""
    given = {"payments": ground.payments}
    agrees = ("lots", "digest")
    yield Cell("trace", "Linkwright, all lots (FIFO)", arrays, given, agrees=agrees, times=3)
    yield Cell("trace", "plain Python, a deque an account", queues, given, agrees=agrees)
    case = {"case": ground.case, "payments": ground.payments}
    agrees = ("hops", "at rest and left")
    name = f"trace from {_VICTIMS} accounts, first time"
    yield Cell("trace", name, first, case, agrees=agrees, limit_s=300)
    yield Cell("trace", "the same, payments projected before", later, case, agrees=agrees)


def flow_of(payments: Path) -> Flow:
    """Read the evidence as the flow that a case would give."""
    rows = pl.read_csv(payments, infer_schema=False).with_row_index("row", offset=2)
    amount = pl.col("amount").str.replace(".", "", literal=True).cast(pl.Int64)
    at = pl.col("at").str.to_datetime(time_zone="UTC", time_unit="ms")
    frame = rows.select(
        payment="payment", payer="from_account", payee="to_account", amount_minor=amount,
        currency="currency", at="at", at_ms=at.dt.epoch("ms"), kind="kind",
        evidence=pl.concat_list(pl.lit("E01:") + pl.col("row").cast(pl.String)),
    )  # fmt: skip
    nothing = (pl.lit(None, dtype=COLUMNS[n]).alias(n) for n in COLUMNS if n not in frame.columns)
    (flow,) = flows_of(in_order(frame.with_columns(*nothing).select([*COLUMNS])), {})
    return flow


def arrays(payments: Path) -> Outcome:
    """Find all lots by running sums."""
    flow = flow_of(payments)
    found: list[Any] = []
    seconds = timed(lambda: found.append(lots_of(flow)))
    lots = found[0]
    return _told(seconds, len(flow), lots.target, lots.source, lots.end - lots.begin)


def queues(payments: Path) -> Outcome:
    """Find all lots by a deque an account, as one writes it without thinking of arrays."""
    flow = flow_of(payments)
    rows = list(zip(flow.payer.tolist(), flow.payee.tolist(), flow.amount.tolist(), strict=True))
    lots: list[tuple[int, int, int]] = []

    def work() -> None:
        held: dict[int, deque[list[int]]] = {}
        for event, (payer, payee, amount) in enumerate(rows):
            row, lacking = held.setdefault(payer, deque()), amount
            while lacking:
                if not row:
                    lots.append((event, -2, lacking))
                    break
                source, there = row[0]
                taken = min(there, lacking)
                lots.append((event, source, taken))
                lacking -= taken
                if taken == there:
                    row.popleft()
                else:
                    row[0][1] = there - taken
            held.setdefault(payee, deque()).append([event, amount])

    seconds = timed(work)
    target, source, amount = np.array(lots, dtype=np.int64).T
    return _told(seconds, len(rows), target, source, amount)


def first(case: Path, payments: Path) -> Outcome:
    """Trace with the command's own door, when nothing is projected yet."""
    for kept in (case / "projection").glob("*"):
        kept.unlink()
    return later(case, payments)


def later(case: Path, payments: Path) -> Outcome:
    """Trace from accounts that pay much, by first in, first out."""
    if not case.exists():
        raise CannotRun("no case: measure the group 'load' before it")
    with payments.open(encoding="utf-8", newline="") as rows:
        ones = (row["from_account"] for row in islice(csv.DictReader(rows), _VICTIMS * 50))
        victims = [*dict.fromkeys(ones)][:_VICTIMS]
    found: list[Any] = []

    def work() -> None:
        from graphdb.trace import Limits

        found.extend(Case(case).trace(victims, limits=Limits(hops=10_000_000)))

    seconds = timed(work)
    (trail,) = found
    told = {"hops": len(trail.hops), "at rest and left": sum(e.traced_minor for e in trail.ends)}
    return Outcome(seconds, told=told)


def _told(seconds: float, rows: int, *columns: Any) -> Outcome:
    order = np.lexsort(columns[1::-1])
    digest = sha256(b"".join(np.ascontiguousarray(c[order]).tobytes() for c in columns))
    return Outcome(seconds, rows, {"lots": len(order), "digest": digest.hexdigest()[:12]})
