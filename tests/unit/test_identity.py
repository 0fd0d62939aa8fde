"""What rows become in the graph, table by table."""

from pathlib import Path

from graphdb.evidence import read_evidence
from graphdb.identity import resolve
from graphdb.model import GraphRows


def graph_of(folder: Path, *lines: str) -> GraphRows:
    path = folder / "rows.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    (batch,) = read_evidence(path, "E01").batches
    assert not batch.rejects
    return resolve(batch)


def links(graph: GraphRows) -> list[tuple[str, str, str]]:
    return [(one.type, *row[:2]) for one in graph.links for row in one.frame.iter_rows()]


def node(graph: GraphRows, id_: str) -> dict[str, object]:
    rows = (row for one in graph.nodes for row in one.frame.iter_rows(named=True))
    return next(row for row in rows if row["id"] == id_)


def test_a_login_without_a_device_is_one_from_an_address(tmp_path: Path) -> None:
    graph = graph_of(tmp_path, "account,at,ip", "qq:10001,2025-03-01T10:00:00Z,240E:46D::1")
    assert links(graph) == [("LOGGED_IN_FROM", "qq:10001", "ip:240e:46d::1")]


def test_a_contact_is_a_friend_under_the_name_of_the_list(tmp_path: Path) -> None:
    graph = graph_of(
        tmp_path, "account,friend,name,at", "wechat:a,wechat:b,小李,2025-03-01T10:00:00Z"
    )
    assert links(graph) == [("FRIEND_OF", "wechat:a", "wechat:b")]
    assert graph.links[0].frame["name"].to_list() == ["小李"]
    assert node(graph, "wechat:b")["nickname"] == "小李"


def test_a_call_joins_two_numbers_in_their_normal_form(tmp_path: Path) -> None:
    graph = graph_of(
        tmp_path,
        "caller,callee,at,seconds",
        "17000000001,0086 170-0000-0002,2025-03-01T10:00:00Z,61",
    )
    assert links(graph) == [("CALLED", "phone:+8617000000001", "phone:+8617000000002")]
    assert graph.links[0].frame["seconds"].to_list() == [61]


def test_a_negative_answer_is_a_fact_about_the_account(tmp_path: Path) -> None:
    graph = graph_of(
        tmp_path,
        "account,kind,note",
        "tenpay:acct_1,not_found,账号acct_1不存在",
        "tenpay:acct_1,not_found,账号acct_1不存在",
    )
    ((type_, account, notice),) = set(links(graph))
    assert (type_, account) == ("NOTED", "tenpay:acct_1")
    assert node(graph, notice)["note"] == "账号acct_1不存在"


def test_the_names_of_a_statement_are_those_of_the_holders(tmp_path: Path) -> None:
    graph = graph_of(
        tmp_path,
        "payment,from_account,to_account,amount,at,from_name,to_name,reference",
        "p1,bank:1,bank:2,84000.00,2025-03-01T10:00:00Z,甲某,乙某,大单1",
    )
    assert node(graph, "bank:1")["holder_name"] == "甲某"
    assert node(graph, "bank:2")["holder_name"] == "乙某"
    assert node(graph, "payment:p1")["reference"] == "大单1"


def test_a_holding_ends(tmp_path: Path) -> None:
    graph = graph_of(
        tmp_path,
        "person,account,since,until",
        "id:1,tenpay:a,2019-01-01T00:00:00Z,2021-01-01T00:00:00Z",
    )
    assert graph.links[0].frame["until"].to_list() == ["2021-01-01T00:00:00.000Z"]
