"""A graph that somebody has becomes evidence by a map, and parts of a case become Subgraphs."""

import importlib
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import graphdb
from cli import app
from graphdb.desk import Part
from graphdb.errors import InputRefused, StoreUnreachable, WrongUsage
from graphdb.evidence.graph_map import read_graph_map
from graphdb.store import Store
from tests.conftest import SERVER, server_credentials

py2neo = pytest.importorskip("py2neo", reason="py2neo is not installed: NOT TESTED")
Wire = importlib.import_module("py2neo.wiring").Wire
PAGE = Path(__file__).parents[2] / "docs" / "py2neo.md"
COLLECTOR, NEXT = "bank:GB33COLLECT", "bank:GB33NEXT"

# Four pay the collector, who passes nearly all of it on; a shop is paid by as many and keeps it.
POLE = """
CREATE (c:Account:Object {iban: 'GB33COLLECT'}), (n:Account:Object {iban: 'GB33NEXT'}),
       (shop:Account:Object {iban: 'GB33SHOP'}), (p:Person {nhs_no: '583-38-7681', name: 'Vera'})
CREATE (p)-[:OWNS]->(n)
WITH c, n, shop
UNWIND range(1, 4) AS i
CREATE (a:Account:Object {iban: 'GB33PAYER' + i}),
       (d:Device:Object {imei: '35000000000000' + i}),
       (d)<-[:ON]-(:Login:Event {when: datetime('2025-03-01T08:00:00+08:00')})-[:OF]->(a),
       (d)<-[:ON]-(:Login:Event {when: datetime('2025-03-02T08:00:00+08:00')})-[:OF]->(a),
       (a)-[:MADE]->(:Transfer:Event {ref: 'in' + i, sum: 2000.5 * i, type: 'TRF',
            when: datetime('2025-03-01T10:00:00+08:00') + duration({minutes: i})})-[:TO]->(c),
       (a)-[:MADE]->(:Transfer:Event {ref: 'shop' + i, sum: 2000, type: 'POS',
            when: datetime('2025-03-01T11:00:00+08:00') + duration({minutes: i})})-[:TO]->(shop),
       (a)-[:MADE]->(:Transfer:Event {ref: 'never' + i, sum: 9999, type: 'TRF', cancelled: true,
            when: datetime('2025-03-01T12:00:00+08:00')})-[:TO]->(n)
WITH DISTINCT c, n
CREATE (c)-[:MADE]->(:Transfer:Event {ref: 'out', sum: 19500, type: 'TRF',
            when: datetime('2025-03-01T12:00:00+08:00')})-[:TO]->(n)
"""


@pytest.fixture
def pole_map(tmp_path: Path) -> Path:
    """The map of the docs."""
    (text,) = re.findall(r"```toml\n(.*?)```", PAGE.read_text("utf-8"), re.S)
    file = tmp_path / "pole.toml"
    file.write_text(text, encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def reached() -> Iterator[Any]:
    """The real server, as py2neo reaches it."""
    keys = server_credentials()
    opened: list[Any] = []
    open_wire = Wire.open

    def kept(*given: Any, **named: Any) -> Any:
        opened.append(open_wire(*given, **named))
        return opened[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Wire, "open", kept)
        yield py2neo.Graph(SERVER, auth=(keys.user, keys.password))
    # py2neo leaves connections open, and the collector of garbage would warn in another test.
    for wire in opened:
        wire.close()


@pytest.fixture
def graph(server: Store, reached: Any) -> Iterator[Any]:
    """Somebody's POLE graph."""
    server.clear()
    reached.run(POLE)
    yield reached
    server.clear()


@pytest.mark.neo4j
def test_a_pole_graph_becomes_a_case_and_a_pack_gives_the_right_answer(
    graph: Any, pole_map: Path, tmp_path: Path
) -> None:
    before = graph.run("MATCH (n) OPTIONAL MATCH (n)-[r]->() RETURN count(n), count(r)").data()
    with graphdb.open_case(tmp_path / "case", new=True) as case:
        report = case.extract(graph, pole_map)
        assert [(one.exhibit.name, one.tally.loaded) for one in report.files] == [
            ("01_payments.csv", 9), ("02_logins.csv", 8), ("03_holdings.csv", 1),
        ]  # fmt: skip
        assert (report.rejects, report.refused) == ((), ())
        (found,) = case.run("money/fan_in_collector")
        assert found.values["account"] == COLLECTOR
        rows = case.case.sources(found.evidence)
        assert {cell for row in rows for name, cell in row.cells if name == "t.ref"} == {
            "in1", "in2", "in3", "in4", "out",
        }  # fmt: skip
        assert {row.sha256 for row in rows} == {report.files[0].exhibit.sha256}
        origins = [e["origin"] for e in case.case.log.entries() if e["event"] == "received"]
        assert "MATCH (a:Account:Object)-[:MADE]->" in origins[0]
        assert SERVER is not None
        assert SERVER.partition("//")[2] in origins[0]
        assert server_credentials().password not in str([*case.case.log.entries()])
    after = graph.run("MATCH (n) OPTIONAL MATCH (n)-[r]->() RETURN count(n), count(r)").data()
    assert after == before


@pytest.mark.neo4j
def test_the_command_and_py2neo_take_the_same_bytes_so_the_second_changes_nothing(
    graph: Any, pole_map: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = server_credentials()
    monkeypatch.setenv("LINKWRIGHT_SOURCE_USER", keys.user)
    monkeypatch.setenv("LINKWRIGHT_SOURCE_PASSWORD", keys.password)
    folder = tmp_path / "case"
    with graphdb.open_case(folder, new=True) as case:
        first = case.extract(graph, pole_map)
    words = ["extract", str(SERVER), "--map", str(pole_map), "--case", str(folder)]
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 0, result.output
    with graphdb.open_case(folder) as case:
        exhibits = [one.exhibit.number for one in case.status().exhibits]
        assert exhibits == [one.exhibit.number for one in first.files]
        assert case.status().counts.nodes["Payment"] == 9
    assert not [*folder.glob("extract-*")]


@pytest.mark.neo4j
def test_a_pattern_that_finds_nothing_is_told_with_the_labels_there_are(
    graph: Any, tmp_path: Path
) -> None:
    map_ = tmp_path / "map.toml"
    map_.write_text(
        '[[tables]]\ntable = "persons"\nmatch = "(p:Human)"\ncolumns = {person = "p.no"}\n',
        encoding="utf-8",
    )
    with graphdb.open_case(tmp_path / "case", new=True) as case:
        (refused,) = case.extract(graph, map_).refused
        assert "MATCH (p:Human)" in refused.error.what
        assert "Account, Device, Event" in str(refused.error.fix)


@pytest.mark.neo4j
def test_parts_of_a_case_merge_into_a_server_twice_and_stand_there_once(
    graph: Any, pole_map: Path, tmp_path: Path
) -> None:
    with graphdb.open_case(tmp_path / "case", new=True) as case:
        case.extract(graph, pole_map)
        graph.delete_all()
        found = case.run("money/fan_in_collector")
        drawn = case.chart("money/fan_in_collector")
        trails = case.trace(COLLECTOR)
        parts: list[Part] = [found, found[0], drawn, trails, trails[0]]
        for part in parts:
            subgraph = case.subgraph(part)
            for _ in range(2):
                graph.merge(case.subgraph(part))
                counted = graph.run(
                    "MATCH (n) OPTIONAL MATCH (n)-[r]->() "
                    "RETURN count(DISTINCT n) AS n, count(r) AS r"
                ).data()
                assert counted == [{"n": len(subgraph.nodes), "r": len(subgraph)}]
            graph.delete_all()
        graph.merge(case.subgraph(found))
        bare = graph.evaluate("MATCH ()-[r]->() WHERE size(r.evidence) = 0 RETURN count(r)")
        assert bare == 0
        assert graph.nodes.match("Account", id=COLLECTOR).first()["number"] == "GB33COLLECT"


@pytest.mark.neo4j
def test_py2neo_keeps_the_places_of_links_that_stand_side_by_side(
    graph: Any, pole_map: Path, tmp_path: Path
) -> None:
    with graphdb.open_case(tmp_path / "case", new=True) as case:
        case.extract(graph, pole_map)
        graph.delete_all()
        found = case.run("devices/many_accounts_one_device", min_accounts=2)
        assert not found  # each has a device of its own
        everything = case.case.handover()
        graph.merge(case_subgraph(everything))
        row = graph.run(
            "MATCH (:Account {id: 'bank:GB33PAYER1'})-[l:LOGGED_IN_ON]->(:Device) "
            "RETURN l.at AS at, l.links AS links, size(l.evidence) AS places"
        ).data()
        assert row == [{"at": "2025-03-01T00:00:00.000Z", "links": 2, "places": 2}]


def case_subgraph(handed: Any) -> Any:
    from graphdb.store.py2neo import subgraph_of

    return subgraph_of(handed.nodes, handed.links)


@pytest.mark.neo4j
def test_a_graph_is_asked_in_read_transactions(graph: Any) -> None:
    """In a process of its own: py2neo never closes the connection of a query that failed."""
    keys = server_credentials()
    code = (
        "import py2neo; from graphdb.store.py2neo import ask\n"
        f"graph = py2neo.Graph({SERVER!r}, auth=({keys.user!r}, {keys.password!r}))\n"
        "print([*ask(graph, 'MATCH (n:Person) RETURN n.nhs_no')])\n"
        "print([*ask(graph, 'CREATE (n:Hostile) RETURN n')])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout == "[[('583-38-7681',)]]\n"
    assert "Writing in read access mode not allowed" in done.stderr
    assert graph.nodes.match("Hostile").count() == 0


@pytest.mark.parametrize(
    "match",
    [
        "(a) CALL dbms.shutdown()",
        "(a) WITH a LOAD CSV FROM 'http://192.0.2.1/' AS x",
        "(a) DETACH DELETE a //",
        "(a) RETURN a; MATCH (b)",
        "",
    ],
)
def test_a_hostile_map_is_refused_before_anything_is_asked(match: str, tmp_path: Path) -> None:
    map_ = tmp_path / "map.toml"
    map_.write_text(
        f'[[tables]]\ntable = "persons"\nmatch = "{match}"\ncolumns = {{person = "a.no"}}\n',
        encoding="utf-8",
    )
    with pytest.raises(InputRefused, match=r"more than a pattern|gives no 'match'"):
        read_graph_map(map_)


def test_names_like_words_of_cypher_are_no_clauses(tmp_path: Path) -> None:
    map_ = tmp_path / "map.toml"
    map_.write_text(
        "[[tables]]\ntable = 'calls'\n"
        "match = '(a:Phone)-[c:CALL|SET]->(b:`WITH`)'\nwhere = \"a.say = 'RETURN; //'\"\n"
        "columns = {caller = 'a.set', callee = 'b.odd name', at = 'c.on`}) DELETE c//'}\n",
        encoding="utf-8",
    )
    (table,) = read_graph_map(map_)
    assert table.query == (
        "MATCH (a:Phone)-[c:CALL|SET]->(b:`WITH`) WHERE a.say = 'RETURN; //' "
        "RETURN a.`set` AS c0, b.`odd name` AS c1, c.`on``}) DELETE c//` AS c2"
    )


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("table = 'persons'", "holds \\[\\[tables\\]\\] and nothing else"),
        ("[[tables]]\ntable = 'people'\nmatch = '(p)'", "unknown table"),
        ("[[tables]]\ntable = 'persons'\nmatch = '(p)'\ncolumns = {person = 'no'}", "no property"),
        ("[[tables]]\ntable = 'persons'\nmatch = '(p)'\ncolumns = {name = 'p.x'}", "'person'"),
    ],
)
def test_a_wrong_map_says_what_is_wrong(text: str, what: str, tmp_path: Path) -> None:
    map_ = tmp_path / "map.toml"
    map_.write_text(text, encoding="utf-8")
    with pytest.raises(InputRefused, match=what):
        read_graph_map(map_)


def test_a_server_that_is_not_there_is_said_and_nothing_is_added(
    pole_map: Path, tmp_path: Path
) -> None:
    with graphdb.open_case(tmp_path / "case", new=True) as case:
        with pytest.raises(StoreUnreachable):
            case.extract("bolt://127.0.0.1:1", pole_map)
        with pytest.raises(WrongUsage, match="password"):
            case.extract("bolt://neo4j:secret@127.0.0.1:1", pole_map)
        assert case.status().exhibits == ()


def test_the_page_names_the_release_that_is_tested() -> None:
    assert py2neo.__version__ in PAGE.read_text("utf-8")
