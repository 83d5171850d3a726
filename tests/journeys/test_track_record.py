"""The track record in a real browser: a verdict first, every score beside its baselines, readable on a phone."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Open, lead, looks, overflow, overflow_now, settle, shot

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("language", "width"), [("fr", 390), ("en", 1440)])
def test_the_verdict_comes_first_and_charts_follow_a_tap(visit: Open, language: str, width: int) -> None:
    """The page opens with a verdict and three figures; only the reliability chart is drawn, in every look."""
    page = visit(f"/track-record?lang={language}", width=width)
    for now, scheme in looks(page):
        page.wait_for_selector(".st-key-fig_said .vega-embed svg .role-axis")
        expect(page.locator("h1")).to_have_count(1)
        expect(page.locator(".o-keys dt")).to_have_count(3)
        expect(page.locator(".vega-embed svg:has(.role-axis)")).to_have_count(1)
        assert overflow_now(page) <= 0
        shot(page, f"track-{language}-{now}-{scheme}")


def test_one_miss_is_open_at_a_time(visit: Open) -> None:
    """A tap on a row draws its chart with what came; a tap on the next row closes the first."""
    page = visit("/track-record?lang=fr", width=390)
    rows = page.locator(".st-key-fig_misses .stExpander>details>summary")
    expect(rows).to_have_count(5)
    outcome = page.locator(".st-key-fig_misses .vega-embed svg:has([stroke='var(--after)'])")
    expect(outcome).to_have_count(0)
    rows.nth(0).click()
    expect(outcome).to_have_count(1)
    rows.nth(1).click()
    expect(page.locator(".st-key-fig_misses .stExpander>details[open]")).to_have_count(1)
    expect(page.locator(".st-key-fig_misses .stExpander>details").nth(1)).to_have_attribute("open", "")
    expect(outcome).to_have_count(1)
    assert overflow(page) <= 0


def test_always_growing_is_in_sight_on_a_phone(visit: Open) -> None:
    """On a phone each horizon has its hit rate and that of "always growing" on one line, without scrolling."""
    page = visit("/track-record?lang=fr", width=390)
    rows = page.locator(".st-key-fig_hits .o-hits li")
    expect(rows).to_have_count(4)
    for row in rows.all():
        expect(row).to_contain_text(re.compile(r"\d+ sur 100 . toujours.:.\d+"))
        box = row.bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= 390


def test_the_figures_are_one_tap_away(visit: Open) -> None:
    """Baselines, markets, every indicator and the figures of the day stand in sheets that open."""
    page = visit("/track-record?lang=fr", width=390)
    page.locator(".st-key-sheet_against summary").first.click()
    expect(page.locator(".st-key-sheet_against .vega-embed svg .role-axis").first).to_be_visible()
    expect(page.locator(".st-key-sheet_against h3.o-head")).to_have_count(2)
    for title, row_count in (("Marché par marché", 8), ("Gain sur la", 50), ("chiffres de l", 40)):
        sheet = page.locator(".st-key-fig_scores details.o-sheet", has_text=title).first
        sheet.locator("summary").first.click()
        expect(sheet.locator(".o-table tbody tr").nth(row_count - 1)).to_be_attached()
    assert overflow(page) <= 0


def test_a_miss_opens_its_month_as_it_would_have_stood(visit: Open) -> None:
    """In an open miss a link opens its market, rebuilt from the edition of the record, which the notice names."""
    page = visit("/track-record?lang=en", width=390)
    page.locator(".st-key-fig_misses summary").first.click()
    link = page.locator(".st-key-fig_misses a", has_text="would have shown then")
    expect(link).to_have_count(1)
    expect(link).to_have_attribute("href", re.compile(r"/segment\?.*asof=\d{4}-\d{2}\.e2"))
    settle(page)
    link.click()
    page.wait_for_url("**/segment?**")
    expect(page.locator(".st-key-notices")).to_contain_text("figures of edition 2", timeout=60_000)
    assert overflow(page) <= 0


@pytest.mark.parametrize("path", ["/?lang=en&horizon=5", "/method?lang=en&horizon=5"])
def test_it_is_found_where_a_reader_would_ask(visit: Open, path: str) -> None:
    """The overview's sentence on past calls and the method page lead to it, with the same choices."""
    page = visit(path)
    page.locator("a:visible", has_text=re.compile("Our whole track record|^Track record$")).last.click()
    page.wait_for_url("**/track-record?**")
    expect(lead(page)).to_contain_text("When we say")
    expect(page).to_have_url(re.compile("lang=en"))
    expect(page).to_have_url(re.compile("horizon=5"))


def test_the_menu_names_it(visit: Open) -> None:
    """The menu has the page under its house name, and says that it is the current one."""
    page = visit("/")
    page.locator(".o-tabs a", has_text="Plus").click()
    page.wait_for_url("**/track-record**")
    expect(page.locator("h1")).to_contain_text("Quand nous disons")
    settle(page)
    expect(page.locator(".o-subnav a[aria-current]")).to_have_text("Notre bilan")
