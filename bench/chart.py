"""Build a chart and open it in Chromium, ours and stock pyvis, at 200 to 10,000 nodes."""

import shutil
import time
from pathlib import Path

from bench.cell import CannotRun, Cell, Cells, Ground, Outcome, timed
from graphdb.chart import chart_of, draw_chart
from graphdb.model import Entity, Link

SIZES = (200, 1_000, 3_000, 10_000)
_FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync")
_OURS = "return document.documentElement.dataset.ready"
# vis-network's own word for "has come to rest and takes the mouse".
_STOCK = "return typeof network !== 'undefined' && network && network.physics.ready"


def cells(ground: Ground) -> Cells:
    """Give ours at every size; stock pyvis only as long as it ends in time."""
    for nodes in SIZES:
        given = {"nodes": nodes, "folder": ground.folder}
        yield Cell("chart", f"Linkwright, build, {nodes:,} nodes", build, given, {"nodes": nodes})
        opens = {"path": ground.folder / f"ours-{nodes}.html", "browser": ground.chromium}
        yield Cell("chart", f"Linkwright, open, {nodes:,} nodes", opened, opens | {"ready": _OURS})
    for nodes in SIZES:
        given = {"nodes": nodes, "folder": ground.folder}
        yield Cell("chart", f"pyvis, build, {nodes:,} nodes", build_stock, given, {"nodes": nodes})
        opens = {"path": ground.folder / f"pyvis-{nodes}.html", "browser": ground.chromium}
        name = f"pyvis, open, {nodes:,} nodes"
        result = yield Cell("chart", name, opened, opens | {"ready": _STOCK}, limit_s=60)
        if result.seconds is None:
            # Every larger one takes longer still.
            return


def links_of(nodes: int) -> list[tuple[int, int]]:
    """Give three links for every two nodes, each node with at least one."""
    chain = [(number, number // 2) for number in range(1, nodes)]
    return chain + [(number, (number * 7919) % nodes) for number in range(0, nodes, 2)]


def build(nodes: int, folder: Path) -> Outcome:
    """Compose and write our chart, with its table, panel and evidence."""
    entities = [Entity("Account", f"bank:{n}", {"platform": "bank"}) for n in range(nodes)]
    links = [
        Link(
            "FRIEND_OF", f"bank:{a}", f"bank:{b}", {"evidence": [f"E01:{at}"], "basis": "recorded"}
        )
        for at, (a, b) in enumerate(links_of(nodes), start=2)
    ]
    seconds = timed(
        lambda: draw_chart(
            chart_of("bench", entities, links, fold_above=nodes), folder / f"ours-{nodes}.html"
        )
    )
    return Outcome(seconds, told={"nodes": nodes})


def build_stock(nodes: int, folder: Path) -> Outcome:
    """Build the same network as pyvis's manual does."""
    from pyvis.network import Network

    path = folder / f"pyvis-{nodes}.html"
    net = Network(directed=True, cdn_resources="in_line")

    def work() -> None:
        for number in range(nodes):
            net.add_node(number, label=f"bank:{number}")
        for source, target in links_of(nodes):
            net.add_edge(source, target)
        path.write_text(net.generate_html(), encoding="utf-8")

    return Outcome(timed(work), told={"nodes": len(net.nodes)})


def opened(path: Path, browser: str | None, ready: str) -> Outcome:
    """Open a page and wait until it can be used."""
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    driver = shutil.which("chromedriver")
    if browser is None or driver is None:
        raise CannotRun("no Chromium with its chromedriver on this machine")
    if not path.exists():
        raise CannotRun(f"{path.name} was not built")
    options = webdriver.ChromeOptions()
    options.binary_location = browser
    for flag in _FLAGS:
        options.add_argument(flag)
    page = webdriver.Chrome(options=options, service=Service(driver))
    try:
        page.get("about:blank")
        begun = time.perf_counter()
        page.get(path.as_uri())
        while not page.execute_script(ready):
            time.sleep(0.02)
        seconds = time.perf_counter() - begun
    finally:
        page.quit()
    return Outcome(seconds, told={"MB": round(path.stat().st_size / 1e6, 1)})
