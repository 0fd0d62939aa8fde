"""One payment as the payer's bank, the payee's, the platform and the victim tell it."""

from pathlib import Path

import pytest

from graphdb.case import Case
from tests.contract.formats import lines
from tests.contract.formats.case_bank_return import TRADES, trade
from tests.contract.formats.case_bank_statement import ABC, table
from tests.contract.test_case import NewCase, new_case

__all__ = ["new_case"]

A, B, C = "6222020000000000001", "6222020000000000002", "6222020000000000003"
MASK = "6222********0002"


def of_abc(own: str, holder: str, *rows: tuple[str, str, str, str, str]) -> bytes:
    """Write a statement; rows are (day, clock, signed amount, name, number of the other side)."""
    whole = [
        (day, clock, amount, "1.00", name, number, "某行", "网银", "转账", "--", "货款")
        for day, clock, amount, name, number in rows
    ]
    return table(ABC, *whole, above=f"账号: {own}  户名: {holder}\n").encode("gb18030")


PAYER = of_abc(
    A, "张某",
    ("20250301", "100000", "-84000.00", "李某", MASK),
    ("20250302", "100000", "-50.00", "李某", MASK),  # fits two of the payee's rows
    ("20250303", "100000", "-70.00", "王某", C),  # nobody else tells it
)  # fmt: skip
PAYEE = of_abc(
    B, "李某",
    ("20250301", "100030", "+84000.00", "张某", A),
    ("20250302", "100001", "+50.00", "张某", A),
    ("20250302", "100040", "+50.00", "张某", A),
    ("20250303", "100000", "+70.00", "张某", A),  # the payer says that he paid somebody else
)  # fmt: skip
RETURN = lines(
    TRADES,
    trade("20250301100015", "84000.00", "进", A, 交易流水号="L77", 交易卡号=f"{B}_156_1\t",
          账户开户名称="李某"),
    mark=",",
).encode("gb18030")  # fmt: skip
REPORT = (
    "report,person,loss,currency,at,names,station\n"
    "R1,V1,84000.00,CNY,2025-03-02 09:00:00+08:00,payment:L77;wechat-group:5,某所\n"
).encode()
PAPERS = {"payer": PAYER, "payee": PAYEE, "return": RETURN, "report": REPORT}


def paid(case: Case) -> list[tuple[object, ...]]:
    text = (
        "MATCH (a:Account)-[:SENT]->(p:Payment)-[:PAID_TO]->(b:Account) "
        "RETURN a.id AS a, b.id AS b, p.amount_minor AS minor, p.evidence AS evidence, p.id AS id"
    )
    return sorted((tuple(row) for row in case.store.read(text).rows), key=lambda row: str(row[2:4]))


def added(new_case: NewCase, folder: Path, names: tuple[str, ...]) -> Case:
    """Add the papers in the order of their names, each by a call of its own."""
    case = new_case(folder / "case")
    for name in names:
        path = folder / f"{name}.csv"
        path.write_bytes(PAPERS[name])
        case.add([path])
    return case


@pytest.mark.parametrize(
    "names", [("payer", "payee", "return", "report"), ("report", "return", "payee", "payer")]
)
def test_four_papers_tell_one_payment(
    new_case: NewCase, tmp_path: Path, names: tuple[str, ...]
) -> None:
    case = added(new_case, tmp_path, names)
    (payment,) = [row for row in paid(case) if row[2] == 8_400_000]
    # A statement has its account above the header, so that its first row is the third.
    line = {"payer": 3, "payee": 3, "return": 2, "report": 2}
    first = {name: f"E{at:02d}:{line[name]}" for at, name in enumerate(names, start=1)}
    assert payment[:2] == (f"bank:{A}", f"bank:{B}")
    assert set(payment[3]) == set(first.values())  # type: ignore[call-overload]
    told = case.store.read(
        "MATCH (r:Report)-[l:NAMES]->(p:Payment) RETURN p.id AS id, l.evidence AS evidence"
    )
    assert told.rows == ((payment[4], [first["report"]]),)
    (count,) = case.store.read("MATCH (p:Payment) RETURN count(p) AS n").rows
    assert count == (len(paid(case)),)


def test_what_does_not_match_stays_apart(new_case: NewCase, tmp_path: Path) -> None:
    case = added(new_case, tmp_path, ("payer", "payee"))
    seventy = [row[:2] for row in paid(case) if row[2] == 7_000]
    assert sorted(seventy) == [(f"bank:{A}", f"bank:{B}"), (f"bank:{A}", f"bank:{C}")]


def test_what_fits_several_stays_apart_and_is_listed(new_case: NewCase, tmp_path: Path) -> None:
    case = added(new_case, tmp_path, ("payer", "payee"))
    fifty = {row[4] for row in paid(case) if row[2] == 5_000}
    assert len(fifty) == 3
    listed = {id_ for one in case.likeness().doubtful for id_ in one.pair}
    assert listed == fifty


def test_a_report_that_names_one_papers_payment_is_evidence_of_it(
    new_case: NewCase, tmp_path: Path
) -> None:
    case = added(new_case, tmp_path, ("return", "report"))
    (payment,) = paid(case)
    assert payment[3] == ["E01:2", "E02:2"]


def test_a_number_that_two_payments_have_names_neither(new_case: NewCase, tmp_path: Path) -> None:
    case = new_case(tmp_path / "case")
    rows = [trade(f"2025030110000{n}", f"{n}.00", "进", A, 交易流水号="L77") for n in (1, 2)]
    (tmp_path / "a.csv").write_bytes(lines(TRADES, *rows, mark=",").encode())
    (tmp_path / "b.csv").write_bytes(REPORT)
    case.add([tmp_path / "a.csv", tmp_path / "b.csv"])
    assert [row[3] for row in paid(case)] == [["E01:2"], ["E01:3"]]
    named = "MATCH (:Report)-[:NAMES]->(p:Payment) RETURN p.id AS id"
    assert case.store.read(named).rows == (("payment:L77",),)
