"""The chart in a real Chromium: nothing is fetched, nothing fails, the right row is shown."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

from graphdb.chart import Chart, chart_of, draw_chart
from graphdb.model import Entity, Finding, Innocent, SourceRow
from tests.unit.test_chart import HOSTILE, account, farm, link, login, paid

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


def shown(browser: webdriver.Chrome, chart: Chart, folder: Path) -> webdriver.Chrome:
    path = folder / "chart.html"
    draw_chart(chart, path)
    logged(browser, "performance")
    logged(browser, "browser")
    browser.get(path.as_uri())
    WebDriverWait(browser, 30).until(
        lambda b: b.execute_script("return document.documentElement.dataset.ready")
    )
    return browser


def small_case() -> Chart:
    """Two payments, logins, a hostile nickname, a stated link without a date, one finding."""
    payments = [
        paid("p1", "bank:1", "bank:2", 8_400_000, "E01:2"),
        paid("p2", "bank:1", "bank:2", 500, "E01:3", "2025-03-02T17:00:00.000Z"),
    ]
    entities = [
        account("bank:1", nickname="赵示例"),
        account("bank:2", nickname=HOSTILE),
        Entity("Device", "device:d", {}),
        Entity("Person", "person:z", {"full_name": "赵示例"}),
        *(payment for payment, _, _ in payments),
    ]
    links = [
        *(one for _, sent, to in payments for one in (sent, to)),
        login("bank:2", "device:d", "E02:7", "2025-04-01T00:00:00.000Z"),
        link("HOLDS", "person:z", "bank:1", "E03:2", basis="stated"),
    ]
    sources = [
        SourceRow("E01:2", "流水.csv", "ab" * 32, (("金额", "84000.00"), ("备注", HOSTILE))),
        SourceRow("E01:3", "流水.csv", "ab" * 32, (("金额", "5.00"),)),
        SourceRow("E02:7", "logins.csv", "cd" * 32, (("device", "d"),)),
    ]
    finding = Finding(
        "money/first_receivers", "indicator", "bank:2", {}, ("E01:2",), (("Account", "bank:2"),),
        innocents=(Innocent("shopping", "He bought something", "ask him", "购物", "询问本人"),),
    )  # fmt: skip
    return chart_of("LC-1", entities, links, findings=[finding], sources=sources)


@pytest.fixture
def page(browser: webdriver.Chrome, tmp_path: Path) -> webdriver.Chrome:
    return shown(browser, small_case(), tmp_path)


def by_id(browser: webdriver.Chrome, id_: str) -> WebElement:
    return browser.find_element(By.ID, id_)


def rows(browser: webdriver.Chrome) -> list[WebElement]:
    found = browser.find_elements(By.CSS_SELECTOR, "#links tr")
    return [row for row in found if row.is_displayed()]


def panel(browser: webdriver.Chrome) -> str:
    return by_id(browser, "panel").text


def quoted_places(browser: webdriver.Chrome) -> list[str | None]:
    cards = browser.find_elements(By.CSS_SELECTOR, "#panel .row")
    return [card.get_attribute("data-place") for card in cards]


def set_day(browser: webdriver.Chrome, id_: str, day: str) -> None:
    browser.execute_script(
        "const box = document.getElementById(arguments[0]); box.value = arguments[1];"
        "box.dispatchEvent(new Event('change'));",
        id_,
        day,
    )


def hidden_on_canvas(browser: webdriver.Chrome) -> int:
    count: int = browser.execute_script("return lines.get({ filter: (one) => one.hidden }).length")
    return count


def requests_of(page: webdriver.Chrome) -> list[str]:
    """Name what the browser asked for since the log was read last."""
    messages = [json.loads(entry["message"])["message"] for entry in logged(page, "performance")]
    return [
        message["params"]["request"]["url"]
        for message in messages
        if message["method"] == "Network.requestWillBeSent"
    ]


def test_nothing_is_fetched_and_the_console_is_silent(page: webdriver.Chrome) -> None:
    by_id(page, "language").click()
    rows(page)[0].click()
    requested = requests_of(page)
    assert [url for url in requested if not url.startswith(("file:", "data:"))] == []
    assert sum(url.startswith("file:") for url in requested) == 1
    assert logged(page, "browser") == []


def test_the_policy_would_stop_an_injected_script(page: webdriver.Chrome) -> None:
    page.execute_script(
        "const evil = document.createElement('script'); evil.textContent = 'window.evil = 1';"
        "document.body.append(evil);"
    )
    assert page.execute_script("return window.evil") is None
    assert any("Content Security Policy" in entry["message"] for entry in logged(page, "browser"))


def test_a_line_clicked_on_the_canvas_shows_its_source_row(page: webdriver.Chrome) -> None:
    # Through the mouse, where the first payment's curve has its middle.
    spot: dict[str, float] = page.execute_script(
        "const { x, y } = network.body.edges['line-1'].edgeType.getPoint(0.5);"
        "const at = network.canvasToDOM({ x, y });"
        "const box = stage.getBoundingClientRect();"
        "return { x: at.x - box.width / 2, y: at.y - box.height / 2 };"
    )
    mouse = webdriver.ActionChains(page)
    mouse.move_to_element_with_offset(by_id(page, "canvas"), round(spot["x"]), round(spot["y"]))
    mouse.click().perform()
    WebDriverWait(page, 5).until(lambda b: by_id(b, "panel").is_displayed())
    assert "¥84,000.00" in panel(page)
    assert quoted_places(page) == ["E01:2"]
    assert "84000.00" in panel(page)
    card = page.find_element(By.CSS_SELECTOR, "#panel .row small")
    assert card.get_attribute("title") == "SHA-256 " + "ab" * 32
    assert "2025-03-01 10:00:00" in panel(page)
    assert "2025-03-01T02:00:00.000Z" in panel(page)


def test_a_row_that_is_not_quoted_is_named_all_the_same(page: webdriver.Chrome) -> None:
    next(row for row in rows(page) if "holds" in row.text).click()
    assert "E03:2 · not quoted on this chart" in panel(page)
    assert "stated – a person says so" in panel(page)


def test_hostile_text_is_shown_and_does_not_run(page: webdriver.Chrome) -> None:
    rows(page)[0].click()
    assert "</script><script>alert(1)</script>{{ 7*7 }}⟨U+202E⟩⟨U+200B⟩" in panel(page)
    assert page.execute_script("return document.querySelectorAll('img[src=x]').length") == 0


def test_search_finds_a_mark_and_its_finding_with_the_innocent_explanation(
    page: webdriver.Chrome,
) -> None:
    by_id(page, "search").send_keys("bank:2", Keys.ENTER)
    assert "money/first_receivers" in panel(page)
    assert "He bought something (check: ask him)" in panel(page)


def test_the_language_changes_the_innocent_explanation(page: webdriver.Chrome) -> None:
    by_id(page, "language").click()
    by_id(page, "search").send_keys("bank:2", Keys.ENTER)
    assert "购物 (核查: 询问本人)" in panel(page)


def test_search_walks_its_results_by_keyboard(page: webdriver.Chrome) -> None:
    by_id(page, "search").send_keys("赵示例")
    assert len(page.find_elements(By.CSS_SELECTOR, "#results button")) == 2
    by_id(page, "search").send_keys(Keys.ARROW_DOWN, Keys.ENTER)
    assert "person:z" in panel(page)


def test_search_finds_a_payment_by_its_number(page: webdriver.Chrome) -> None:
    by_id(page, "search").send_keys("payment:p2", Keys.ENTER)
    assert quoted_places(page) == ["E01:3"]


def test_search_says_when_nothing_is_found(page: webdriver.Chrome) -> None:
    by_id(page, "search").send_keys("nobody")
    assert by_id(page, "results").text == "nothing found"


def test_the_language_changes_every_label_and_the_chart(page: webdriver.Chrome) -> None:
    by_id(page, "language").click()
    assert "付款" in rows(page)[0].text
    assert "图元" in by_id(page, "legend").text
    assert "不构成有罪认定" in by_id(page, "notes").text
    assert page.find_element(By.TAG_NAME, "html").get_attribute("lang") == "zh-CN"
    assert page.execute_script("return lines.get('line-1').title").startswith("付款")
    untranslated: list[str] = page.execute_script(
        "return [...document.querySelectorAll('[data-say]')]"
        ".filter((one) => !one.textContent).map((one) => one.dataset.say)"
    )
    assert untranslated == []


def test_kinds_and_bases_can_be_hidden_and_shown_again(page: webdriver.Chrome) -> None:
    assert len(rows(page)) == 4
    page.find_element(By.CSS_SELECTOR, "#types input[value=LOGGED_IN_ON]").click()
    page.find_element(By.CSS_SELECTOR, "#bases input[value=stated]").click()
    assert len(rows(page)) == 2
    assert hidden_on_canvas(page) == 2
    by_id(page, "reset").click()
    assert len(rows(page)) == 4
    assert hidden_on_canvas(page) == 0


def test_a_hidden_kind_of_mark_takes_its_lines_with_it(page: webdriver.Chrome) -> None:
    page.find_element(By.CSS_SELECTOR, "#roles input[value=Device]").click()
    assert len(rows(page)) == 3
    assert page.execute_script("return marks.get({ filter: (one) => one.hidden }).length") == 1


def test_a_period_of_local_days_hides_what_lies_outside_and_keeps_the_undated(
    page: webdriver.Chrome,
) -> None:
    # The second payment is on 3 March in the chart's zone, though still on the 2nd in UTC.
    set_day(page, "since", "2025-03-03")
    set_day(page, "until", "2025-03-31")
    assert ["payment" in row.text for row in rows(page)] == [True, False]
    assert by_id(page, "counts").text == "2 lines shown of 4; 1 without a date stay"


def test_the_table_is_walked_by_keyboard(page: webdriver.Chrome) -> None:
    stops = page.find_elements(By.CSS_SELECTOR, '#links tr[tabindex="0"]')
    assert len(stops) == 1
    page.execute_script("arguments[0].focus()", stops[0])
    assert "¥84,000.00" in panel(page)
    page.switch_to.active_element.send_keys(Keys.ARROW_DOWN)
    assert "¥5.00" in panel(page)
    assert page.switch_to.active_element.get_attribute("aria-selected") == "true"
    assert page.execute_script("return network.getSelectedEdges()") == ["line-2"]


def test_a_pinned_panel_stays_beside_the_next_until_it_is_closed(page: webdriver.Chrome) -> None:
    rows(page)[0].click()
    page.find_element(By.XPATH, "//button[.='Pin']").click()
    rows(page)[1].click()
    assert quoted_places(page) == ["E01:3", "E01:2"]
    for _ in range(2):
        page.execute_script("document.querySelector('#panel .close').click()")
    assert not by_id(page, "panel").is_displayed()


def test_a_member_of_a_stack_is_found_by_its_number(
    browser: webdriver.Chrome, tmp_path: Path
) -> None:
    shown(browser, chart_of("LC-1", *farm(300)), tmp_path)
    by_id(browser, "search").send_keys("wechat:123", Keys.ENTER)
    assert "Members (150)" in panel(browser)
    wanted = browser.find_element(By.CSS_SELECTOR, "#panel .wanted")
    assert wanted.text.startswith("wechat:123")


def test_a_thousand_nodes_open_and_answer(browser: webdriver.Chrome, tmp_path: Path) -> None:
    entities = [account(f"bank:{n:04d}") for n in range(1000)]
    payments = [
        paid(f"p{n}", f"bank:{n % 1000:04d}", f"bank:{(n * 7 + 1) % 1000:04d}", n + 1, f"E01:{n}")
        for n in range(1500)
    ]
    entities += [payment for payment, _, _ in payments]
    links = [one for _, sent, to in payments for one in (sent, to)]
    shown(browser, chart_of("LC-1", entities, links), tmp_path)
    drawn: dict[str, Any] = browser.execute_script(
        "return { marks: marks.length, lines: lines.length, rows: byId('links').rows.length };"
    )
    assert drawn == {"marks": 1000, "lines": 1500, "rows": 1500}
    by_id(browser, "search").send_keys("bank:0500", Keys.ENTER)
    assert "bank:0500" in panel(browser)
