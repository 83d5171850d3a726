"""A reader at 400 %, on a window of 320 by 256 CSS pixels, and one who spaces the text out (WCAG 1.4.10, 1.4.12)."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Open, settle

pytestmark = pytest.mark.browser

# What of the page lies outside of the screen sideways, but for rows that scroll in their own line.
_SIDEWAYS = """() => {
  const main = document.querySelector('[data-testid=stMain]');
  return main.scrollWidth - main.clientWidth;
}"""
# What does not move with the text, but for what a chart says of the point under the pointer.
_COVERED = """() => [...document.querySelectorAll('body *')].filter((one) =>
    ['fixed', 'sticky'].includes(getComputedStyle(one).position) && one.checkVisibility() && one.clientHeight > 1
    && one.id !== 'vg-tooltip-element')
  .map((one) => one.className)"""
# Words of the masthead and the tabs that are wider than their box, or beyond the screen. Tabs that are fixed are as
# wide as the window, with the gutter of the scroll bar; what scrolls ends before it.
_CUT = """() => {
  const edge = (one) => one.closest('.o-tabs') && getComputedStyle(one.closest('.o-tabs')).position === 'fixed'
    ? innerWidth : document.querySelector('[data-testid=stMain]').clientWidth;
  return [...document.querySelectorAll('.o-tabs a, .o-brand, .st-key-tools a, .st-key-tools button')]
    .filter((one) => one.checkVisibility() && (one.scrollWidth > one.clientWidth + 1
      || one.getBoundingClientRect().right > edge(one) + 1))
    .map((one) => one.textContent);
}"""
_SPACING = """* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }
  p { margin-bottom: 2em !important; }"""


def enlarge(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 256})
    settle(page)
    assert page.evaluate(_SIDEWAYS) <= 0
    assert page.evaluate(_COVERED) == []
    assert page.evaluate(_CUT) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("lang", "market", "odds", "price"),
    [("fr", "Spatial", "sur 100", "3 666"), ("en", "Space", "in 100", "3,666")],
)
def test_a_market_and_a_threshold_at_four_times_the_size(
    visit: Open, lang: str, market: str, odds: str, price: str
) -> None:
    """From the overview to a market's odds, then to the odds of a price, with nothing beside or on top."""
    page = visit(f"/?lang={lang}", width=320)
    enlarge(page)
    page.locator(".o-row[data-market=space] a").click()
    expect(page.locator("h1")).to_contain_text(market.lower())
    enlarge(page)
    expect(page.locator(".o-keys").first).to_contain_text(odds)
    page.locator(".o-tabs a").nth(2).click()
    expect(page.locator("h1")).to_contain_text(price)
    enlarge(page)
    field = page.locator(".st-key-fig_threshold input").first
    field.scroll_into_view_if_needed()
    field.fill("4000")
    field.press("Enter")
    page.wait_for_url("**threshold=4000**")
    expect(page.locator(".st-key-fig_threshold")).to_contain_text(odds)
    enlarge(page)


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("path", ["/", "/segment", "/purchasing"])
def test_spaced_text_is_not_cut(visit: Open, path: str, lang: str) -> None:
    """With the spacing of WCAG 1.4.12 no word of masthead and tabs is cut, and the page does not scroll sideways."""
    page = visit(f"{path}?lang={lang}", width=390)
    page.add_style_tag(content=_SPACING)
    settle(page)
    assert page.evaluate(_SIDEWAYS) <= 0
    assert page.evaluate(_CUT) == []
