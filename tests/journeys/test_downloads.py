"""Downloads: a menu of real links beside Share, that the keyboard reaches and that gives the file of the view."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Open, overflow, shot

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [390, 1440])
def test_a_market_becomes_slides(visit: Open, width: int) -> None:
    """Opened by keyboard, the menu names each format in words; a link gives the file of the very view."""
    page = visit("/segment?segment=space&lang=en&horizon=3", width=width)
    button = page.locator(".st-key-downloads button").first
    button.focus()
    page.keyboard.press("Enter")
    links = page.locator(".o-offers a")
    expect(links).to_have_count(9)
    expect(links.first).to_have_text("Slides (PowerPoint, can be edited)")
    assert overflow(page) <= 0
    shot(page, f"downloads-{width}")
    for place, ending in ((5, "csv"), (8, "pdf")):
        with page.expect_download() as caught:
            links.nth(place).click()
        assert caught.value.suggested_filename.endswith(f"space-2026-11-30-en.{ending}")
        assert "horizon=3" in caught.value.url
    assert "segment=space" in page.url


def test_each_page_has_its_own(visit: Open) -> None:
    """The overview offers no note for the bank: that one is about a market."""
    page = visit("/?lang=fr")
    page.locator(".st-key-downloads button").first.click()
    links = page.locator(".o-offers a")
    expect(links).to_have_count(7)
    expect(links.nth(1)).to_have_text("Document (PDF)")
    expect(links.nth(1)).to_have_attribute("href", re.compile(r"^/download/overview\.pdf\?lang=fr"))
