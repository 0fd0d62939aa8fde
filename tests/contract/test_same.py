"""Who is who, on the embedded engine and on a real Neo4j: joined, parted, undone, interrupted."""

from pathlib import Path
from typing import Any

import pytest

from graphdb.case import Case
from graphdb.casework.joining import rebuild
from graphdb.errors import WrongUsage
from tests.contract.test_case import NewCase, new_case

__all__ = ["new_case"]

HEAD = ("交易卡号,交易账号,账户开户名称,开户人证件号码,交易时间,交易金额,交易余额,收付标志,"
        "交易对手账卡号,对手户名,摘要说明,交易币种,交易是否成功,交易流水号\n")  # fmt: skip
A, B = "bank:6222020000000000001", "bank:6222020000000000002"
PAYER = (
    "6222020000000000001,,张某,ID-1,2025-03-01 10:00:00,84000.00,1,出,6222******0002,李某,转账,"
    "CNY,成功,L1\n"
    "6222020000000000001,,张某,ID-1,2025-03-01 12:00:00,7.00,1,出,6222******0002,李某,转账,"
    "CNY,成功,L2\n"
)
PAYEE = (
    "6222020000000000002,,李某,ID-2,2025-03-01 10:00:30,84000.00,1,进,6222020000000000001,张某,"
    "转账,CNY,成功,M1\n"
)
LOGINS = (
    "account,device,at\n"
    "qq:1,d1,2025-03-01T10:00:00Z\nqq:2,d1,2025-03-02T10:00:00Z\n"
)  # fmt: skip
ALIAS = f"{A}/6222******0002"


def written(folder: Path, **texts: str) -> list[Path]:
    folder.mkdir(exist_ok=True)
    paths = []
    for name, text in texts.items():
        paths.append(folder / f"{name}.csv")
        paths[-1].write_text(text, encoding="utf-8")
    return paths


def graph(case: Case) -> list[Any]:
    """Everything the graph says, in one order."""
    nodes = case.store.read(
        "MATCH (n) RETURN labels(n)[0] AS label, n.id AS id, n.evidence AS evidence, "
        "n.aliases AS aliases, n.holder_name AS holder, n.number AS number, n.at AS at "
        "ORDER BY label, id"
    )
    links = case.store.read(
        "MATCH (a)-[l]->(b) RETURN a.id AS one, type(l) AS type, b.id AS two, "
        "l.evidence AS evidence ORDER BY one, type, two, evidence[0]"
    )
    return [*nodes.rows, *links.rows]


def paid(case: Case) -> list[Any]:
    return [
        *case.store.read(
            "MATCH (a:Account)-[s:SENT]->(p:Payment)-[:PAID_TO]->(b:Account) "
            "RETURN a.id AS one, b.id AS two, p.amount_minor AS amount, p.evidence AS evidence, "
            "s.evidence AS sent ORDER BY amount"
        ).rows
    ]


def test_one_payment_of_two_papers_is_one_with_the_evidence_of_both(
    new_case: NewCase, tmp_path: Path
) -> None:
    case = new_case(tmp_path / "case")
    case.add(written(tmp_path / "in", payer=HEAD + PAYER, payee=HEAD + PAYEE))
    small, large = paid(case)
    assert large == (A, B, 8_400_000, ["E01:2", "E02:2"], ["E01:2", "E02:2"])
    assert small[:3] == (A, ALIAS, 700)
    (matched,) = case.likeness().matched
    assert matched[0].startswith("payment:M1")
    assert {source.place for source in case.sources(["E01:2", "E02:2"])} == {"E01:2", "E02:2"}


def test_the_order_of_the_papers_does_not_matter(new_case: NewCase, tmp_path: Path) -> None:
    first, second = written(tmp_path / "in", payer=HEAD + PAYER, payee=HEAD + PAYEE)
    case = new_case(tmp_path / "case")
    case.add([second])
    case.add([first])
    (_, large) = paid(case)
    assert large[:3] == (A, B, 8_400_000)
    assert large[3] == ["E01:2", "E02:2"]


def test_what_may_be_one_is_marked_from_the_first_file_on(
    new_case: NewCase, tmp_path: Path
) -> None:
    case = new_case(tmp_path / "case")
    case.add(written(tmp_path / "in", payer=HEAD + PAYER + PAYEE))
    marked = case.store.read("MATCH (a)-[l:SAME_AS]->(b) RETURN a.id AS a, b.id AS b").rows
    assert marked == ((ALIAS, B),)


def test_a_confirmed_pair_is_one_and_undo_leaves_no_trace(
    new_case: NewCase, tmp_path: Path
) -> None:
    case = new_case(tmp_path / "case")
    case.add(written(tmp_path / "in", payer=HEAD + PAYER, payee=HEAD + PAYEE))
    before = graph(case)
    (suggestion,) = case.likeness().suggestions
    assert suggestion.pair == (ALIAS, B)
    likely = "MATCH (a)-[l:SAME_AS]->(b) RETURN a.id AS a, b.id AS b, l.basis AS x, l.evidence AS e"
    ((*ends, basis, places),) = case.store.read(likely).rows
    assert (tuple(ends), basis) == (suggestion.pair, "inferred")
    assert places
    case.decide("confirm", *suggestion.pair, reason="same card", by="Li")
    assert [row[:2] for row in paid(case)] == [(A, B), (A, B)]
    shown = case.show(ALIAS)
    assert (shown.entity.id, shown.entity.properties["aliases"]) == (B, [ALIAS])
    assert shown.entity.properties["number"] == B.partition(":")[2]
    assert case.likeness().suggestions == ()
    assert case.store.read(likely).rows == ()
    case.decide("undo", *suggestion.pair, by="Li")
    assert graph(case) == before
    assert [one.verdict for one in case.likeness().decisions] == ["confirm", "undo"]
    assert {one.by for one in case.likeness().decisions} == {"Li"}


def test_a_rejected_match_of_payments_stays_two_for_good(new_case: NewCase, tmp_path: Path) -> None:
    case = new_case(tmp_path / "case")
    case.add(written(tmp_path / "in", payer=HEAD + PAYER, payee=HEAD + PAYEE))
    ((one, two, _),) = case.likeness().matched
    case.decide("reject", one, two, reason="two deals")
    assert len(paid(case)) == 3
    case.add(written(tmp_path / "more", logins=LOGINS))
    assert len(paid(case)) == 3
    assert case.likeness().matched == ()


def test_a_pack_counts_a_confirmed_pair_once_and_so_do_rows_that_come_later(
    new_case: NewCase, tmp_path: Path
) -> None:
    case = new_case(tmp_path / "case")
    case.add(written(tmp_path / "in", logins=LOGINS))
    pack, values = ["devices/many_accounts_one_device"], {"min_accounts": "2"}
    (answer,) = case.run(pack, values)
    assert len(answer.findings) == 1
    case.decide("confirm", "qq:1", "qq:2")
    (answer,) = case.run(pack, values)
    assert answer.findings == ()
    later = LOGINS.replace("d1", "d2").replace("03-0", "04-0")
    case.add(written(tmp_path / "more", later=later))
    (answer,) = case.run(pack, values)
    assert answer.findings == ()


def test_an_interrupted_decision_is_finished_by_the_next_add(
    new_case: NewCase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = new_case(tmp_path / "case")
    case.add(written(tmp_path / "in", logins=LOGINS))

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("graphdb.casework.joining.rebuild", killed)
    with pytest.raises(KeyboardInterrupt):
        case.decide("confirm", "qq:1", "qq:2")
    assert case.is_behind
    monkeypatch.setattr("graphdb.casework.joining.rebuild", rebuild)
    case.add([])
    assert not case.is_behind
    assert case.show("qq:2").entity.id == "qq:1"


def test_ids_that_the_case_does_not_hold_are_refused(new_case: NewCase, tmp_path: Path) -> None:
    case = new_case(tmp_path / "case")
    case.add(written(tmp_path / "in", logins=LOGINS))
    with pytest.raises(WrongUsage, match="no entity"):
        case.decide("confirm", "qq:1", "qq:77")
    assert not case.is_behind


def test_rows_that_contradict_each_other_are_listed(new_case: NewCase, tmp_path: Path) -> None:
    case = new_case(tmp_path / "case")
    one = "account,holder_name\nqq:1,张某\nqq:2,王某\n"
    two = "account,holder_name\nQQ:1,李某\nqq:2,王某\n"
    devices = "device,kind,model\nd1,phone,A1\n"
    logins = "account,device,at,device_kind\nqq:1,device:d1,2025-03-01T10:00:00Z,tablet\n"
    report = case.add(written(tmp_path / "in", one=one, two=two, x=devices, y=logins))
    told = {(one.id, one.property): one.values for one in report.conflicts}
    assert told == {
        ("qq:1", "holder_name"): (("张某", "E01:2"), ("李某", "E02:2")),
        ("device:d1", "kind"): (("phone", "E03:2"), ("tablet", "E04:2")),
    }
    assert case.likeness().conflicts == report.conflicts


def test_a_name_in_a_statement_contradicts_the_register_and_a_mask_does_not(
    new_case: NewCase, tmp_path: Path
) -> None:
    case = new_case(tmp_path / "case")
    register = "account,holder_name\nbank:1,张某\nbank:2,李某\n"
    head = "payment,from_account,to_account,amount,at,from_name,to_name\n"
    paid = head + "p,bank:1,bank:2,5,2025-03-01T10:00:00Z,赵某,*某\n"
    report = case.add(written(tmp_path / "in", a=register, b=paid))
    (conflict,) = report.conflicts
    assert (conflict.id, conflict.values) == ("bank:1", (("张某", "E01:2"), ("赵某", "E02:2")))


def test_two_that_are_confirmed_to_be_one_may_contradict_each_other(
    new_case: NewCase, tmp_path: Path
) -> None:
    case = new_case(tmp_path / "case")
    register = "account,holder_name\nqq:1,张某\nqq:2,李某\n"
    assert case.add(written(tmp_path / "in", a=register)).conflicts == ()
    case.decide("confirm", "qq:1", "qq:2")
    (conflict,) = case.likeness().conflicts
    assert conflict.values == (("张某", "E01:2"), ("李某", "E01:3"))
