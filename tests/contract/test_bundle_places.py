"""A bundle where it matters: from both engines the same, in a browser silent, for veraPDF good."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.support.ui import WebDriverWait

from graphdb.bundle import Spec
from graphdb.bundle.master import canonical, master_json
from graphdb.case import Case
from graphdb.casework.about import About
from graphdb.casework.gathering import gather
from graphdb.casework.sealing import write_bundle
from graphdb.casework.verifying import Outside, verify_bundle
from graphdb.sample import write_sample
from graphdb.store import EMBEDDED, Store
from tests.conftest import SERVER, server_credentials
from tests.contract.test_chart_browser import browser, logged, requests_of
from tests.contract.test_pdf_a import verapdf
from tests.unit.bundles import SPEC, root_of, small_case, tree
from tests.verapdf.check import judge

__all__ = ["browser", "verapdf"]


def both(case: Case, server: Store, folder: Path) -> tuple[Case, Case]:
    """Give the very same case twice, log and all: on the server, and in its folder."""
    server.clear()
    assert SERVER is not None
    case.close()
    graph = folder / "graph.kgl"
    shutil.copy(case.folder / "graph.kgl", graph)
    case.push(SERVER, server_credentials())
    home = Path(shutil.copytree(case.folder, folder / "home"))
    shutil.copy(graph, home / "graph.kgl")
    replace(About.of(home), engine=EMBEDDED).write(home)
    return case, Case(home)


@pytest.mark.neo4j
def test_a_bundle_is_the_same_from_both_engines(server: Store, tmp_path: Path) -> None:
    there, here = both(small_case(tmp_path / "made"), server, tmp_path)
    assert there.store.engine == "neo4j"
    write_bundle(there, SPEC, tmp_path / "server")
    write_bundle(here, SPEC, tmp_path / "embedded")
    one, two = tree(tmp_path / "server"), tree(tmp_path / "embedded")
    assert [name for name in one if one[name] != two.get(name)] == []
    assert one.keys() == two.keys()
    root = root_of(tmp_path / "server")
    checks, verdict = verify_bundle(tmp_path / "server", Outside(root=root))
    assert verdict == "verified", checks
    there.close()
    here.close()


@pytest.mark.neo4j
def test_the_master_of_the_whole_chain_is_the_same_from_both_engines(
    server: Store, tmp_path: Path
) -> None:
    evidence = tmp_path / "evidence"
    evidence.mkdir()
    write_sample(evidence)
    case = Case.create(tmp_path / "case", name="Sample")
    case.add([evidence])
    there, here = both(case, server, tmp_path)
    spec = Spec("LC-1", "Link chart", "", "display")
    one, two = (canonical(master_json(gather(where, spec))) for where in (there, here))
    assert one == two
    assert one.count(b'"basis"') > 1000
    there.close()
    here.close()


@pytest.fixture(scope="module")
def exhibit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exhibit")
    case = small_case(folder / "made")
    write_bundle(case, SPEC, folder / "LC-1")
    case.close()
    return folder / "LC-1" / "data" / "exhibit"


@pytest.mark.browser
def test_the_exhibit_opens_with_no_request_and_no_console_error(
    browser: webdriver.Chrome, exhibit: Path
) -> None:
    logged(browser, "performance")
    logged(browser, "browser")
    browser.get((exhibit / "chart.html").as_uri())
    WebDriverWait(browser, 30).until(
        lambda b: b.execute_script("return document.documentElement.dataset.ready")
    )
    requested = requests_of(browser)
    assert [url for url in requested if not url.startswith(("file:", "data:"))] == []
    assert logged(browser, "browser") == []


@pytest.mark.usefixtures("verapdf")
def test_the_exhibit_of_a_bundle_passes_verapdf(exhibit: Path) -> None:
    good, said = judge([exhibit / "chart.pdf"])
    assert good, said
