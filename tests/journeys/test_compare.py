"""Comparing and looking abroad in a real browser: searched by keyboard, on a phone, in one click, without a mouse."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Open, lead, overflow, settle, shot

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("language", "width", "scheme"), [("fr", 390, "dark"), ("en", 1440, "light")])
def test_both_pages_answer_on_every_screen(visit: Open, language: str, width: int, scheme: str) -> None:
    """A sentence, a chart with its words, tables with headed rows; nothing scrolls sideways."""
    for path, charts in (("compare", 1), ("countries", 3)):
        page = visit(f"/{path}?lang={language}", width=width, scheme=scheme)
        expect(page.locator("h1")).to_have_count(1)
        expect(page.locator(".vega-embed svg")).to_have_count(charts)
        expect(page.locator(".o-table th:not([scope])")).to_have_count(0)
        assert overflow(page) <= 0
        shot(page, f"{path}-{language}-{width}-{scheme}")


@pytest.mark.parametrize("width", [390, 1440])
def test_countries_are_read_in_the_order_in_which_they_are_sent(visit: Open, width: int) -> None:
    """Bars, then the map, then the profile: on screen as in the document; each bar is a link to a profile."""
    page = visit("/countries?lang=fr", width=width)
    expect(page.locator(".st-key-fig_world .vega-embed svg")).to_have_count(2)
    bars, world, profile = (
        page.locator(f".st-key-fig_{name}").bounding_box() for name in ("abroad", "world", "profile")
    )
    assert bars is not None
    assert world is not None
    assert profile is not None
    assert (bars["y"], bars["x"]) < (world["y"], world["x"])
    assert world["y"] < profile["y"]
    row = page.locator(".o-country-bars li", has_text="Canada")
    row.click()
    expect(page.locator(".o-country-bars a[aria-current]")).to_have_text("Canada")
    expect(page.locator(".st-key-fig_profile h2").first).to_contain_text("Canada")


def test_a_series_is_found_without_accents_and_added_by_a_tap(visit: Open) -> None:
    """What is typed offers chips; a tap adds the series, the address names them in order; its chart opens below."""
    page = visit("/compare?lang=fr", width=390)
    page.locator(".st-key-find input").press_sequentially("helicopteres turbine monde")
    expect(page.locator(".st-key-found")).to_contain_text(re.compile("1\u00a0série correspond"))
    settle(page)
    page.locator(".st-key-found button").first.click()
    expect(page).to_have_url(re.compile("series=.*us_aerospace_production.USA~turbine_helicopter_deliveries.WORLD$"))
    expect(page.locator(".o-names li")).to_have_count(4)
    expect(page.get_by_text("déjà parmi les séries comparées")).to_be_visible()
    page.locator(".st-key-sheet_small_3 summary").first.click()
    expect(page.locator(".st-key-sheet_small_3 .vega-embed svg")).to_have_count(1)
    assert overflow(page) <= 0


def test_a_series_is_added_by_keyboard(visit: Open) -> None:
    """The list is thinned by what is typed; Enter adds its first series."""
    page = visit("/compare?lang=fr")
    page.locator(".st-key-find input").press_sequentially("helicopteres turbine monde")
    expect(page.locator(".st-key-found button")).to_have_count(1)
    settle(page)
    page.locator(".st-key-w_series input").click()
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator(".o-names li")).to_have_count(4)


def test_countries_are_compared_in_one_click(visit: Open) -> None:
    """From the map to the lines of the same countries; a link with a doubled and an unknown series says so."""
    page = visit("/countries?lang=en&indicator=military_expenditure_usd&geo=CAN")
    page.get_by_text("Compare these countries").click()
    page.wait_for_url("**/compare?**")
    settle(page)
    expect(page.locator(".o-names li").first).to_contain_text("Canada")
    page = visit("/compare?lang=en&series=atr_backlog,atr_backlog,nothing.WORLD")
    expect(page.locator(".st-key-notices")).to_contain_text("named twice")
    expect(page.locator(".st-key-notices")).to_contain_text("nothing.WORLD")


def test_a_series_leads_to_where_it_is_compared(visit: Open) -> None:
    """From the chart of a market, and of a country, a link opens the comparison with that series and its years."""
    page = visit("/segment?lang=fr&segment=helicopters&indicator=turbine_helicopter_deliveries&from=2017", width=390)
    page.locator(".st-key-fig_main").get_by_role("link", name="Comparer à d\u2019autres séries").click()
    page.wait_for_url("**/compare?**")
    expect(page).to_have_url(re.compile("series=turbine_helicopter_deliveries.WORLD"))
    expect(page).to_have_url(re.compile("from=2017"))
    expect(page.locator(".o-members tbody tr")).to_have_count(1)
    expect(lead(page)).to_contain_text("ajoutez-en une autre")
    page = visit("/countries?lang=en&geo=USA", width=1440)
    page.locator(".st-key-fig_place").get_by_role("link", name="Compare with other series").click()
    page.wait_for_url("**/compare?**series=objects_launched.USA**")
    expect(page.locator(".o-members tbody tr")).to_have_count(1)


@pytest.mark.parametrize(
    "path",
    ["/compare?lang=en", "/countries?lang=en", "/purchasing?lang=en", "/portfolio?lang=en#mix=helicopters:60,space:40"],
)
def test_no_page_scrolls_sideways_on_a_tablet(visit: Open, path: str) -> None:
    """At the widths of tablets, and of a laptop at 200 %, tables break within their page."""
    page = visit(path, width=1024)
    for width in (1024, 901, 820, 768, 720, 645):
        page.set_viewport_size({"width": width, "height": 900})
        assert overflow(page) <= 0, width


def test_every_measure_is_in_sight_on_a_phone(visit: Open) -> None:
    """The choices of a control break into a second row: none is scrolled out of sight."""
    page = visit("/countries?lang=fr&measure=ahead", width=320)
    for width in (320, 390):
        page.set_viewport_size({"width": width, "height": 900})
        settle(page)
        choices = page.locator(".st-key-w_measure [role=radio]")
        expect(choices).to_have_count(5)
        for choice in choices.all():
            box = choice.bounding_box()
            assert box is not None
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= width
