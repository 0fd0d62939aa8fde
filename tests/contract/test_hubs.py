"""Hubs are marked at load, in any order of files, on every engine; a crowd stays a crowd."""

from pathlib import Path
from typing import Any

import pytest

from graphdb.case import Case
from graphdb.store import Store
from tests.conftest import SERVER, server_credentials

AT = "2025-03-01T10:00:00+08:00"
MARKED = (
    "MATCH (n) WHERE n.hub IS NOT NULL "
    "RETURN n.id AS id, n.hub AS hub, n.hub_rule AS rule ORDER BY id"
)
ACCOUNTS = "account,holder_name\nbank:9,财付通支付科技有限公司\n"


def shop(first: int, last: int) -> str:
    rows = [f"p{n},bank:{n},bank:shop,9.00,{AT},purchase" for n in range(first, last)]
    return "\n".join(["payment,from_account,to_account,amount,at,kind", *rows]) + "\n"


FILES = {"half.csv": shop(0, 16), "accounts.csv": ACCOUNTS, "other.csv": shop(16, 30)}
HUBS = (
    ("bank:9", "platform", "known name '财付通支付科技有限公司'"),
    ("bank:shop", "merchant", "30 payers of purchases (from 30)"),
)


def marked(folder: Path, order: list[str], **engine: Any) -> object:
    """Add files one by one in an order and give the hubs that are marked then."""
    case = Case.create(folder / "-".join(["case", *order]), **engine)
    for name in order:
        (folder / name).write_text(FILES[name], encoding="utf-8")
        case.add([folder / name])
    found = case.store.read(MARKED).rows
    case.close()
    return found


@pytest.mark.parametrize("order", [[*FILES], [*FILES][::-1]])
def test_the_order_of_files_does_not_matter(order: list[str], tmp_path: Path) -> None:
    assert marked(tmp_path, order) == HUBS


@pytest.mark.neo4j
def test_a_server_has_the_same_hubs(tmp_path: Path, server: Store) -> None:
    server.clear()
    keys = server_credentials()
    assert marked(tmp_path, [*FILES], engine=SERVER, credentials=keys) == HUBS
    server.clear()


def test_a_mark_is_taken_back_when_its_reason_is_gone(tmp_path: Path) -> None:
    (tmp_path / "accounts.csv").write_text(ACCOUNTS, encoding="utf-8")
    (tmp_path / "reports.csv").write_text("report,person,names\nr1,v,bank:9\n", encoding="utf-8")
    case = Case.create(tmp_path / "case")
    case.add([tmp_path / "accounts.csv"])
    assert len(case.store.read(MARKED).rows) == 1
    case.add([tmp_path / "reports.csv"])
    assert case.store.read(MARKED).rows == ()
    case.close()


def test_a_group_of_five_hundred_draws_its_members_and_itself_and_no_pairs(tmp_path: Path) -> None:
    """Two groups share all 500 members: 500 marks and one for each group, 124,750 pairs undrawn."""
    rows = [f"wechat-group:{g},wechat:{n},{AT}" for g in (1, 2) for n in range(500)]
    text = "\n".join(["group,account,joined_at", *rows]) + "\n"
    (tmp_path / "members.csv").write_text(text, encoding="utf-8")
    case = Case.create(tmp_path / "case")
    case.add([tmp_path / "members.csv"])
    (answer,) = case.run(["groups/same_cast"], {"min_common": "400"})
    chart = case.chart("crowd", answer.findings, [], tmp_path / "crowd.html")
    case.close()
    labels = [member.label for node in chart.nodes for member in node.members]
    links = [link for line in chart.links for event in line.events for link in event.links]
    assert (labels.count("Account"), labels.count("Group"), len(labels)) == (500, 2, 502)
    assert len(links) == 1000
    assert {link.type for link in links} == {"MEMBER_OF"}
