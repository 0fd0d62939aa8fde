"""The chart in a real Chromium: nothing is fetched, nothing fails, the right row is shown."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from graphdb.chart import chart_of, draw_chart
from graphdb.model import Entity, Finding, Innocent, Link, SourceRow
from tests.unit.test_chart import HOSTILE, account, farm, login, paid

pytestmark = pytest.mark.browser
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    "--window-size=1500,950",
)


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[webdriver.Chrome]:
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for flag in FLAGS:
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = shutil.which("chromedriver")
    assert driver is not None, "chromedriver is missing beside Chromium"
    browser = webdriver.Chrome(options=options, service=Service(driver))
    yield browser
    browser.quit()


def logged(browser: webdriver.Chrome, kind: str) -> list[dict[str, str]]:
    entries: list[dict[str, str]] = browser.get_log(kind)  # type: ignore[no-untyped-call]
    return entries


def shown(browser: webdriver.Chrome, path: Path) -> None:
    logged(browser, "performance")
    browser.get(path.as_uri())
    WebDriverWait(browser, 30).until(
        lambda b: b.execute_script("return document.documentElement.dataset.ready")
    )


@pytest.fixture
def page(browser: webdriver.Chrome, tmp_path: Path) -> webdriver.Chrome:
    """A small case: two payments, a login, a hostile nickname, and one finding."""
    entities = [
        account("bank:1", nickname="赵示例"),
        account("bank:2", nickname=HOSTILE),
        Entity("Device", "device:d", {}),
    ]
    first = paid("p1", "bank:1", "bank:2", 8_400_000, "E01:2")
    second = paid("p2", "bank:1", "bank:2", 500, "E01:3")
    links = [
        *first[1:],
        *second[1:],
        login("bank:2", "device:d", "E02:7", "2025-04-01T00:00:00.000Z"),
    ]
    links.append(Link("HOLDS", "person:z", "bank:1", {"evidence": ["E03:2"], "basis": "stated"}))
    entities += [first[0], second[0], Entity("Person", "person:z", {"full_name": "赵示例"})]
    sources = [
        SourceRow("E01:2", "流水.csv", "ab" * 32, (("金额", "84000.00"), ("备注", HOSTILE))),
        SourceRow("E01:3", "流水.csv", "ab" * 32, (("金额", "5.00"),)),
        SourceRow("E02:7", "logins.csv", "cd" * 32, (("device", "d"),)),
    ]
    finding = Finding(
        "money/first_receivers", "indicator", "bank:2", {}, ("E01:2",), (("Account", "bank:2"),),
        innocents=(Innocent("shopping", "He bought something", "ask him"),),
    )  # fmt: skip
    path = tmp_path / "chart.html"
    draw_chart(chart_of("LC-1", entities, links, findings=[finding], sources=sources), path)
    shown(browser, path)
    return browser


def rows(browser: webdriver.Chrome) -> list[str]:
    found = browser.find_elements(By.CSS_SELECTOR, "#table tbody tr")
    return [row.text for row in found if row.is_displayed()]


def panel(browser: webdriver.Chrome) -> str:
    return browser.find_element(By.ID, "panel").text


def test_nothing_is_fetched_and_the_console_is_silent(page: webdriver.Chrome) -> None:
    requested = [
        match[1]
        for entry in logged(page, "performance")
        if (match := re.search(r'"Network.requestWillBeSent".*?"url":"([^"]*)"', entry["message"]))
    ]
    assert all(url.startswith(("file:", "data:")) for url in requested)
    assert [entry for entry in logged(page, "browser") if entry["level"] != "INFO"] == []


def test_a_chosen_line_shows_its_source_row(page: webdriver.Chrome) -> None:
    page.find_element(By.CSS_SELECTOR, "#table tbody tr").click()
    assert "CNY 84,000.00" in panel(page)
    assert "E01:2 流水.csv" in panel(page)
    assert "abababab" in panel(page)


def test_hostile_text_is_shown_and_does_not_run(page: webdriver.Chrome) -> None:
    page.find_element(By.CSS_SELECTOR, "#table tbody tr").click()
    assert "</script><script>alert(1)</script>{{ 7*7 }}\\u202e\\u200b" in panel(page)
    assert page.execute_script("return document.querySelectorAll('img[src=x]').length") == 0


def test_search_finds_a_node_and_its_finding_with_the_innocent_explanation(
    page: webdriver.Chrome,
) -> None:
    box = page.find_element(By.ID, "search")
    box.send_keys("bank:2", Keys.ENTER)
    assert "money/first_receivers (indicator)" in panel(page)
    assert "may be innocent: He bought something. check: ask him" in panel(page)


def test_search_says_when_nothing_is_found(page: webdriver.Chrome) -> None:
    page.find_element(By.ID, "search").send_keys("nobody", Keys.ENTER)
    assert page.find_element(By.ID, "found").text == "nothing found"


def test_the_language_changes_every_label(page: webdriver.Chrome) -> None:
    page.find_element(By.ID, "language").click()
    assert "付款" in rows(page)[0]
    assert "图例与筛选" in page.find_element(By.ID, "legend").text
    assert "不构成有罪认定" in page.find_element(By.ID, "footer").text
    page.find_element(By.ID, "language").click()
    assert "payment" in rows(page)[0]


def test_kinds_and_bases_can_be_hidden(page: webdriver.Chrome) -> None:
    before = len(rows(page))
    page.find_element(By.CSS_SELECTOR, "input[data-key=LOGGED_IN_ON]").click()
    page.find_element(By.CSS_SELECTOR, "input[data-group=basis][data-key=stated]").click()
    assert len(rows(page)) == before - 2


def test_a_period_hides_what_lies_outside_and_says_what_has_no_time(
    page: webdriver.Chrome,
) -> None:
    page.execute_script(
        "const from = document.getElementById('from'); from.value = '2025-03-15';"
        "from.dispatchEvent(new Event('change'));"
    )
    assert ["payment" in row for row in rows(page)] == [False, False]
    assert "1 lines without a time stay" in page.find_element(By.ID, "undated").text


def test_the_table_is_walked_by_keyboard(page: webdriver.Chrome) -> None:
    first = page.find_element(By.CSS_SELECTOR, "#table tbody tr")
    page.execute_script("arguments[0].focus()", first)
    assert "84,000.00" in panel(page)
    page.switch_to.active_element.send_keys(Keys.ARROW_DOWN)
    assert "CNY 5.00" in panel(page)
    assert page.switch_to.active_element.get_attribute("aria-selected") == "true"


def test_a_member_of_a_stack_is_found_by_its_number(
    browser: webdriver.Chrome, tmp_path: Path
) -> None:
    path = tmp_path / "chart.html"
    draw_chart(chart_of("LC-1", *farm(300)), path)
    shown(browser, path)
    browser.find_element(By.ID, "search").send_keys("wechat:123", Keys.ENTER)
    assert "In this stack (150)" in panel(browser)
    assert "wechat:123" in panel(browser)


def test_a_thousand_nodes_open_and_answer(browser: webdriver.Chrome, tmp_path: Path) -> None:
    entities = [account(f"bank:{n:04d}") for n in range(1000)]
    payments = [
        paid(f"p{n}", f"bank:{n % 1000:04d}", f"bank:{(n * 7 + 1) % 1000:04d}", n + 1, f"E01:{n}")
        for n in range(1500)
    ]
    entities += [payment for payment, _, _ in payments]
    links = [link for _, sent, to in payments for link in (sent, to)]
    path = tmp_path / "chart.html"
    draw_chart(chart_of("LC-1", entities, links), path)
    shown(browser, path)
    assert (
        browser.execute_script("return document.querySelectorAll('#table tbody tr').length") == 1500
    )
    browser.find_element(By.ID, "search").send_keys("bank:0500", Keys.ENTER)
    assert "bank:0500" in panel(browser)
