"""Purchases and weak signals in a real browser: what a reader types goes to the address, and comes back from it."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Open, overflow, settle, shot

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize(("path", "charts"), [("purchasing", 2), ("radar", 1)])
def test_both_pages_in_both_languages(
    visit: Open, path: str, charts: int, language: str, width: int, scheme: str
) -> None:
    """One title, the charts with their alternatives, headed tables, nothing scrolls sideways."""
    page = visit(f"/{path}?lang={language}", width=width, scheme=scheme)
    settle(page)
    assert page.locator("h1").count() == 1
    if not (path == "radar" and width == 390):
        expect(page.locator(".vega-embed svg:has(.mark-group)")).to_have_count(charts)
    assert page.locator(".o-table th:not([scope])").count() == 0
    assert overflow(page) <= 0
    shot(page, f"{path}-{language}-{width}-{scheme}")


def test_a_threshold_with_a_decimal_comma_goes_to_the_address(visit: Open) -> None:
    """Typed as 1,05 it is 1.05 in the address and in the sentence; what is no number is told and changes nothing."""
    page = visit("/purchasing?lang=fr&indicator=eur_usd")
    field = page.locator(".st-key-w_threshold input")
    field.fill("1,05")
    field.press("Enter")
    page.wait_for_url(re.compile(r"threshold=1\.05"))
    expect(page.locator("h1.o-lead")).to_contain_text("1,05")
    field.fill("<b>cher</b>")
    field.press("Enter")
    expect(page.locator(".st-key-notices_threshold")).to_contain_text("<b>cher</b>")
    field.fill("1.085")
    field.press("Enter")
    expect(page.locator(".st-key-notices_threshold")).to_contain_text("Écrivez 1085 ou 1,085.")
    assert "threshold=1.05" in page.url


def test_a_share_that_is_typed_is_in_the_link(visit: Open) -> None:
    """The example becomes the reader's basket: its shares stand in the address, and the page says so."""
    page = visit("/purchasing?lang=en")
    field = page.locator(".st-key-w_share_brent input")
    field.fill("50")
    field.press("Enter")
    page.wait_for_url(re.compile(r"basket=aluminium(:|%3A)40(,|%2C)brent(:|%3A)50"))
    expect(page.locator(".st-key-fig_basket")).to_contain_text("add up to 120")
    expect(page.locator(".st-key-fig_basket")).to_contain_text("stand in the link")
