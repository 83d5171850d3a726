"""The track record in a real browser: worst misses first, every score beside its baselines, readable on a phone."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Open, lead, looks, overflow, settle, shot

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("language", "first", "width"),
    [("fr", "Nos plus grandes erreurs d\u2019abord", 390), ("en", "Our worst misses first", 1440)],
)
def test_misses_first_and_nine_pictures(visit: Open, language: str, first: str, width: int) -> None:
    """The misses come first, each chart is drawn and has its alternative, nothing scrolls sideways, in every look."""
    page = visit(f"/track-record?lang={language}", width=width)
    for now, scheme in looks(page):
        for name in ("misses", "said", "against", "held"):
            page.wait_for_selector(f".st-key-fig_{name} .vega-embed svg .role-axis")
        expect(page.locator("h2").first).to_have_text(first)
        expect(page.locator("h1")).to_have_count(1)
        expect(page.locator(".st-key-misses .vega-embed svg:has(.role-axis)")).to_have_count(5)
        expect(page.locator(".vega-embed svg:has(.role-axis)")).to_have_count(9)
        expect(page.locator(".st-key-misses .vega-embed svg:has([stroke='var(--after)'])")).to_have_count(5)
        assert overflow(page) <= 0
        shot(page, f"track-{language}-{now}-{scheme}")


def test_always_growing_is_in_sight_on_a_phone(visit: Open) -> None:
    """On a phone the hit rate and "always growing" are both in sight, without scrolling the table."""
    page = visit("/track-record?lang=fr", width=390)
    cells = page.locator(".st-key-fig_hits .o-table tbody tr").first.locator("td")
    for place in (0, 1):
        box = cells.nth(place).bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= 390


def test_the_figures_are_one_click_away(visit: Open) -> None:
    """Under each picture its table opens, and all indicators stand behind the best and the worst."""
    page = visit("/track-record?lang=fr", width=390)
    page.locator(".st-key-fig_against summary").click()
    expect(page.locator(".st-key-fig_against .o-table tbody tr").first).to_be_visible()
    page.locator(".st-key-fig_skill summary").click()
    expect(page.locator(".st-key-fig_skill details .o-table tbody tr").nth(50)).to_be_attached()
    page.locator(".st-key-fig_real_time summary").click()
    expect(page.locator(".st-key-fig_real_time details .o-table tbody tr").nth(40)).to_be_attached()
    assert overflow(page) <= 0


def test_a_miss_opens_its_month_as_it_would_have_stood(visit: Open) -> None:
    """Beside each miss a link opens its market, rebuilt from the edition of the record, which the notice names."""
    page = visit("/track-record?lang=en", width=390)
    links = page.locator(".st-key-misses a", has_text="would have shown then")
    expect(links).to_have_count(5)
    expect(links.first).to_have_attribute("href", re.compile(r"/segment\?.*asof=\d{4}-\d{2}\.e2"))
    links.first.click()
    expect(page.locator(".st-key-notices")).to_contain_text("figures of edition 2", timeout=60_000)
    assert overflow(page) <= 0


@pytest.mark.parametrize("path", ["/?lang=en&horizon=5", "/method?lang=en&horizon=5"])
def test_it_is_found_where_a_reader_would_ask(visit: Open, path: str) -> None:
    """The overview's sentence on past calls and the method page lead to it, with the same choices."""
    page = visit(path)
    page.locator("a", has_text="Our whole track record").first.click()
    page.wait_for_url("**/track-record?**")
    expect(lead(page)).to_contain_text("replayed")
    expect(page).to_have_url(re.compile("lang=en"))
    expect(page).to_have_url(re.compile("horizon=5"))


def test_the_menu_names_it(visit: Open) -> None:
    """The menu has the page under its house name, and says that it is the current one."""
    page = visit("/")
    page.locator(".st-key-nav a", has_text="Plus").click()
    page.wait_for_url("**/track-record**")
    expect(page.locator("h2").first).to_have_text("Nos plus grandes erreurs d\u2019abord")
    settle(page)
    expect(page.locator(".st-key-here a")).to_have_text("Notre bilan")
