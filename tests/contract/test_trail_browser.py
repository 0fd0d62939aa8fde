"""The drawn trail in a real Chromium: nothing is fetched, nothing fails, everything is there."""

from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By

from graphdb.chart import draw_trail
from tests.contract.test_chart_browser import browser, logged
from tests.unit.test_trail_chart import trail

__all__ = ["browser"]
pytestmark = pytest.mark.browser


@pytest.mark.parametrize("suffix", ["html", "svg"])
def test_a_trail_opens_without_errors_and_without_a_request(
    browser: webdriver.Chrome,
    tmp_path: Path,
    suffix: str,
) -> None:
    path = tmp_path / f"trail.{suffix}"
    draw_trail(trail(), path)
    logged(browser, "performance")
    logged(browser, "browser")
    browser.get(path.as_uri())
    assert logged(browser, "browser") == []
    sent = [entry["message"] for entry in logged(browser, "performance")]
    asked = [message for message in sent if '"Network.requestWillBeSent"' in message]
    fetched = [message for message in asked if path.name not in message and "data:" not in message]
    assert fetched == []
    bands = browser.find_elements(By.CSS_SELECTOR, "path.band")
    assert len(bands) == 4
    assert all(band.size["width"] > 100 for band in bands)
    if suffix == "html":
        rows = browser.find_elements(By.CSS_SELECTOR, "#payments tbody tr")
        assert len(rows) == 3
        assert browser.find_element(By.ID, "timeline").size["height"] > 100
        browser.find_element(By.CSS_SELECTOR, '#payments a[href="#row-E01:2"]').click()
        assert browser.find_element(By.CSS_SELECTOR, "tr:target").text.startswith("E01:2")
