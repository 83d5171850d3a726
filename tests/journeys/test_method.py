"""The method page in a real browser: found where a reader would ask, readable on a phone, in both languages."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Open, lead, looks, overflow, overflow_now, settle, shot

pytestmark = pytest.mark.browser

PICTURE = ".st-key-fig_ranges .vega-embed svg"


@pytest.mark.parametrize(
    ("language", "first", "width"), [("fr", "Les limites d\u2019abord", 390), ("en", "The limits first", 1440)]
)
def test_limits_first_and_one_picture(visit: Open, language: str, first: str, width: int) -> None:
    """The first chapter is the limits, there is one picture with its alternative, nothing scrolls sideways."""
    page = visit(f"/method?lang={language}", width=width)
    page.locator(".st-key-sheet_ranges summary").first.click()
    for now, scheme in looks(page):
        page.wait_for_selector(f"{PICTURE} .role-axis")
        expect(page.locator("h2").first).to_have_text(first)
        expect(page.locator("h1")).to_have_count(1)
        expect(page.locator("html")).to_have_attribute("lang", language)
        expect(page.locator(".vega-embed svg:has(.role-axis)")).to_have_count(1)
        expect(page.locator(f"{PICTURE} [stroke='var(--forecast)']")).to_have_count(3)
        assert overflow_now(page) <= 0
        shot(page, f"method-{language}-{now}-{scheme}")


def test_the_table_of_the_picture_is_one_click_away(visit: Open) -> None:
    """Under the picture stand its figures, by frequency and level."""
    page = visit("/method?lang=fr", width=390)
    page.locator(".st-key-sheet_ranges summary").first.click()
    figure = page.locator(".st-key-fig_ranges")
    figure.locator("summary", has_text="Tableau").click()
    expect(figure.locator(".o-table tbody th").first).to_have_text("Annuelles")
    expect(figure.locator(".o-table tbody tr")).to_have_count(4)
    assert overflow(page) <= 0


def test_a_word_opens_where_it_stands(visit: Open) -> None:
    """On the method page each word has an anchor and opens its definition; so it does on the track record."""
    page = visit("/method?lang=fr", width=390)
    word = page.locator("#word-replay")
    expect(word.locator("p")).to_be_hidden()
    word.locator("summary").press("Enter")
    expect(word.locator("p")).to_contain_text("Ce que la règle aurait dit")
    page = visit("/track-record?lang=fr", width=390)
    page.locator(".o-words summary", has_text="Avis rejoués").click()
    expect(page.locator(".o-words p").first).to_contain_text("Ce que la règle aurait dit")
    assert overflow(page) <= 0


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/?lang=en&horizon=5", ".st-key-answer_side"),
        ("/segment?lang=en&indicator=turbine_helicopter_deliveries&horizon=5", ".st-key-fig_main"),
        ("/segment?lang=en&segment=space&horizon=5", ".o-foot"),
    ],
)
def test_it_is_found_where_a_reader_would_ask(visit: Open, path: str, place: str) -> None:
    """Under the probabilities, under an honest sentence and in the footer, a link opens it with the same choices."""
    page = visit(path)
    for folded in page.locator(f"{place} summary", has_text=re.compile("How is this computed?|calculation")).all():
        folded.click()
    page.locator(f"{place} a", has_text=re.compile("How it is computed|The whole method|^Method$")).first.click()
    page.wait_for_url("**/method?**")
    expect(lead(page)).to_contain_text("ranges contained")
    expect(page).to_have_url(re.compile("lang=en"))
    expect(page).to_have_url(re.compile("horizon=5"))


def test_the_menu_names_it(visit: Open) -> None:
    """The menu has the page under its house name, and says that it is the current one."""
    page = visit("/")
    page.locator(".o-tabs a", has_text="Plus").click()
    page.locator(".o-subnav a", has_text="Méthode").click()
    page.wait_for_url("**/method**")
    expect(page.locator("h2").first).to_have_text("Les limites d\u2019abord")
    settle(page)
    expect(page.locator(".o-subnav a[aria-current]")).to_have_text("Méthode")
