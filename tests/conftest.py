"""The engines that tests run on, and the loud line where one of them is missing."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from graphdb.store import Credentials, Store, open_store


def _own_server() -> str | None:
    """Tests empty and fill their server, so each worker that runs tests has one of its own."""
    urls = os.environ.get("GRAPHDB_TEST_NEO4J", "").split()
    number = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    if urls and number >= len(urls):
        raise pytest.UsageError(f"{len(urls)} Neo4j servers are too few: one a worker is needed")
    return urls[number] if urls else None


SERVER = _own_server()
ENGINES = ["memory", "embedded", pytest.param("neo4j", marks=pytest.mark.neo4j)]

settings.register_profile("dev", max_examples=50, deadline=None)
settings.register_profile("ci", max_examples=200, deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "dev")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if SERVER:
        return
    reason = "GRAPHDB_TEST_NEO4J is unset: NOT TESTED on a real Neo4j"
    for item in items:
        if item.get_closest_marker("neo4j"):
            item.add_marker(pytest.mark.skip(reason=reason))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = len(terminalreporter.stats.get("skipped", []))
    if skipped:
        terminalreporter.write_line(f"!! {skipped} tests were SKIPPED; the reasons stand above")


def server_credentials() -> Credentials:
    return Credentials(
        os.environ.get("LINKWRIGHT_NEO4J_USER", "neo4j"),
        os.environ.get("LINKWRIGHT_NEO4J_PASSWORD", ""),
    )


@pytest.fixture(scope="session")
def server() -> Iterator[Store]:
    """A connection to the real server, with the declared schema in place."""
    assert SERVER is not None
    store = open_store(SERVER, credentials=server_credentials())
    store.schema()
    yield store
    store.close()


def opened(engine: str, folder: Path, request: pytest.FixtureRequest) -> Store:
    if engine == "neo4j":
        server: Store = request.getfixturevalue("server")
        server.clear()
        return server
    return open_store(engine, folder / "graph.kgl", write=True)


@pytest.fixture(params=ENGINES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty graph on each engine in turn."""
    opened_store = opened(request.param, tmp_path, request)
    yield opened_store
    if request.param != "neo4j":
        opened_store.close()


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser of this machine, or a loud skip."""
    names = ("chromium", "chromium-browser", "google-chrome", "chrome")
    found = os.environ.get("LINKWRIGHT_CHROMIUM") or next(
        filter(None, map(shutil.which, names)), ""
    )
    if not found:
        if os.environ.get("GRAPHDB_TEST_BROWSER"):
            pytest.fail("GRAPHDB_TEST_BROWSER is set and no Chromium was found")
        pytest.skip("no Chromium on this machine: charts are NOT TESTED in a browser")
    return found
