"""A case moves to a server and back, and nothing is lost, doubled or mixed with another case."""

from collections.abc import Iterator
from pathlib import Path
from shutil import copytree

import pytest

from graphdb.case import Case
from graphdb.errors import WrongUsage
from graphdb.sample import write_sample
from graphdb.store import Store, digest_of, open_store
from tests.conftest import SERVER, server_credentials

pytestmark = pytest.mark.neo4j
PACK = "account_market/seller_inventory"


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The evidence of the sample case, in a folder."""
    folder = tmp_path_factory.mktemp("evidence")
    write_sample(folder)
    return folder


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory, sample: Path) -> Path:
    """The sample case, loaded once; each test moves a copy of it."""
    case = Case.create(tmp_path_factory.mktemp("loaded") / "case")
    case.add([sample])
    case.close()
    return case.folder


@pytest.fixture
def case(loaded: Path, tmp_path: Path) -> Iterator[Case]:
    copy = Case(copytree(loaded, tmp_path / "case"))
    yield copy
    copy.close()


@pytest.fixture
def url(server: Store) -> str:
    server.clear()
    assert SERVER is not None
    return SERVER


def test_a_case_moves_to_a_server_and_back(case: Case, url: str) -> None:
    before, found = digest_of(case.store), case.run([PACK])[0].findings
    pushed = case.push(url, server_credentials())
    assert pushed == before == digest_of(case.store)
    assert case.store.engine == "neo4j"
    assert case.run([PACK])[0].findings == found
    assert not (case.folder / "graph.kgl").exists()
    again = Case(case.folder, server_credentials())
    assert again.engine == url
    assert again.pull() == before
    again.close()
    home = Case(case.folder)
    assert (home.engine, digest_of(home.store)) == ("embedded", before)
    home.close()


def test_a_case_added_to_on_either_engine_is_the_same_graph(
    sample: Path, tmp_path: Path, url: str
) -> None:
    here = Case.create(tmp_path / "here")
    there = Case.create(tmp_path / "there", engine=url, credentials=server_credentials())
    files = sorted(sample.iterdir())
    for case in (here, there):
        case.add(files[:8])
        case.add(files[8:])
    assert digest_of(there.store) == digest_of(here.store)
    there.close()


def test_a_second_case_is_refused_by_name(tmp_path: Path, url: str) -> None:
    first = Case.create(tmp_path / "a", name="甲案", engine=url, credentials=server_credentials())
    first.close()
    with pytest.raises(WrongUsage, match="holds another case: '甲案'"):
        Case.create(tmp_path / "b", engine=url, credentials=server_credentials())
    third = Case.create(tmp_path / "c")
    with pytest.raises(WrongUsage, match="holds another case: '甲案'"):
        third.push(url, server_credentials())
    assert third.engine == "embedded"


def test_a_database_that_came_to_hold_another_case_is_not_asked(
    case: Case, tmp_path: Path, url: str, server: Store
) -> None:
    """As after the wrong backup was restored, or a new server took the old one's address."""
    case.push(url, server_credentials())
    case.close()
    server.clear()
    with pytest.raises(WrongUsage, match="does not hold this case"):
        case.run([PACK])
    other = Case.create(tmp_path / "b", name="乙案", engine=url, credentials=server_credentials())
    other.close()
    for ask in (case.status, case.pull):
        with pytest.raises(WrongUsage, match="holds another case: '乙案'"):
            ask()


def test_a_graph_that_is_lost_is_built_anew_from_the_rows(
    case: Case, url: str, server: Store
) -> None:
    before = case.push(url, server_credentials())
    case.close()
    server.clear()
    with pytest.raises(WrongUsage, match="linkwright rebuild"):
        case.status()
    case.rebuild()
    assert digest_of(case.store) == before


def test_a_graph_of_nobody_is_not_touched(tmp_path: Path, url: str, server: Store) -> None:
    server._returned("CREATE (:Customer {number: 1})", {})  # type: ignore[attr-defined]
    with pytest.raises(WrongUsage, match="already holds 1 nodes"):
        Case.create(tmp_path / "a", engine=url, credentials=server_credentials())
    assert server.read("MATCH (c:Customer) RETURN c.number AS n").rows == ((1,),)


def test_a_push_that_was_interrupted_goes_on(case: Case, url: str) -> None:
    told = 0

    def interrupt(_what: str, done: int, total: int) -> None:
        nonlocal told
        told = done
        if done > total // 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        case.push(url, server_credentials(), interrupt)
    assert told
    assert case.engine == "embedded"
    half = open_store(url, credentials=server_credentials())
    assert 0 < sum(half.count().nodes.values()) <= digest_of(case.store).nodes
    half.close()
    assert case.push(url, server_credentials()) == digest_of(case.store)


def test_what_an_earlier_move_left_is_of_another_day_and_written_anew(
    sample: Path, tmp_path: Path, url: str
) -> None:
    files = sorted(sample.iterdir())
    case = Case.create(tmp_path / "case")
    case.add(files[:2])
    case.push(url, server_credentials())
    case.pull()
    case.add(files[2:4])
    expected = digest_of(case.store)
    assert case.push(url, server_credentials()) == expected
    case.close()
