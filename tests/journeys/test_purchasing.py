"""Purchases and weak signals in a real browser: what a reader types goes to the address, and comes back from it."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Open, lead, looks, overflow_now, settle, shot

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("language", "width"), [("fr", 390), ("en", 1440)])
@pytest.mark.parametrize(("path", "charts"), [("purchasing", 1), ("radar", 1)])
def test_both_pages_in_both_languages(visit: Open, path: str, charts: int, language: str, width: int) -> None:
    """One title, the charts with their alternatives, headed tables, nothing scrolls sideways, in every look."""
    page = visit(f"/{path}?lang={language}", width=width)
    for now, scheme in looks(page):
        expect(page.locator("h1")).to_have_count(1)
        if not (path == "radar" and now == 390):
            expect(page.locator(".vega-embed svg:has(.mark-group)")).to_have_count(charts)
        expect(page.locator(".o-table th:not([scope])")).to_have_count(0)
        assert overflow_now(page) <= 0
        shot(page, f"{path}-{language}-{now}-{scheme}")


def test_a_threshold_with_a_decimal_comma_goes_to_the_address(visit: Open) -> None:
    """Typed as 1,05 it is 1.05 in the address and in the sentence; what is no number is told and changes nothing."""
    page = visit("/purchasing?lang=fr&indicator=eur_usd&currency=quoted")
    field = page.locator(".st-key-w_threshold input")
    field.fill("1,05")
    field.press("Enter")
    page.wait_for_url(re.compile(r"threshold=1\.05"))
    expect(page.locator(".st-key-fig_threshold")).to_contain_text("1,05")
    settle(page)
    field.fill("<b>cher</b>")
    field.press("Enter")
    expect(page.locator(".st-key-notices_threshold")).to_contain_text("<b>cher</b>")
    settle(page)
    field.fill("1.085")
    field.press("Enter")
    expect(page.locator(".st-key-notices_threshold")).to_contain_text("Écrivez 1085 ou 1,085.")
    settle(page)
    assert "threshold=1.05" in page.url


def test_a_share_that_is_typed_is_in_the_link(visit: Open) -> None:
    """The basket is behind its button; the example becomes the reader's: its shares stand in the address."""
    page = visit("/purchasing?lang=en")
    page.locator("a.o-btn", has_text="My basket").click()
    page.wait_for_url(re.compile(r"view=basket"))
    field = page.locator(".st-key-w_share_brent input")
    field.fill("50")
    field.press("Enter")
    page.wait_for_url(re.compile(r"basket=aluminium(:|%3A)40(,|%2C)brent(:|%3A)50"))
    expect(page.locator(".st-key-fig_basket")).to_contain_text("add up to 120")
    expect(page.locator(".st-key-fig_basket")).to_contain_text("stand in the link")


def test_a_row_and_a_chip_open_their_input(visit: Open) -> None:
    """The whole row of copper is a link to its page; the chip of nickel opens nickel without a new page."""
    page = visit("/purchasing?lang=fr", width=390)
    expect(lead(page)).to_contain_text("Aluminium")
    row = page.locator(".o-prices a", has_text="Cuivre").first
    row.scroll_into_view_if_needed()
    settle(page)
    box = row.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] - 4, box["y"] + box["height"] - 4)
    page.wait_for_url(re.compile(r"indicator=copper_price"))
    expect(lead(page)).to_contain_text("Cuivre")
    settle(page)
    page.locator(".st-key-w_input button", has_text="Nickel").click()
    page.wait_for_url(re.compile(r"indicator=nickel_price"))
    expect(lead(page)).to_contain_text("Nickel")


def test_prices_change_their_currency(visit: Open) -> None:
    """Euros first; the switch writes the dollar to the address, and a threshold that was typed goes with it."""
    page = visit("/purchasing?lang=en&indicator=aluminium_price&threshold=3450&currency=eur")
    expect(lead(page)).to_contain_text("€")
    page.locator(".st-key-w_currency button", has_text="$").click()
    page.wait_for_url(re.compile(r"currency=quoted"))
    expect(page.locator(".st-key-fig_threshold")).to_contain_text("US dollars per tonne")
    assert re.search(r"threshold=40[0-9]0", page.url)


def test_the_section_opens_the_page_of_purchases(visit: Open) -> None:
    """An old address of the section, with its input, leads to the page of that input; production stays where it is."""
    page = visit("/segment?lang=fr&segment=purchasing&indicator=copper_price&geo=WORLD")
    page.wait_for_url(re.compile(r"/purchasing\?.*indicator=copper_price"))
    expect(lead(page)).to_contain_text("Cuivre")
    page = visit("/segment?lang=fr&segment=purchasing&indicator=fr_machining_production")
    assert "/segment" in page.url


def test_a_threshold_stays_on_its_page(visit: Open) -> None:
    """From the purchases the menu leads to a mix whose link, and whose meeting, know nothing of threshold and input."""
    page = visit("/purchasing?lang=fr&indicator=aluminium_price&threshold=3000.5&horizon=5")
    page.locator(".o-tabs a[data-page=company]").click()
    page.wait_for_url(re.compile(r"/portfolio\?horizon=5$"))
    page.wait_for_selector(".o-tabs a[data-page=purchasing]:not([aria-current])")
    settle(page)
    page.locator(".st-key-share button").first.click()
    panel = page.locator("[data-testid=stPopoverBody]")
    expect(panel.get_by_text("/portfolio?lang=fr&horizon=5", exact=False)).to_have_count(1)
    settle(page)
    expect(panel).not_to_contain_text("purchasing")
    panel.locator("a", has_text="mode réunion").click()
    page.wait_for_selector(".st-key-meeting")
    settle(page)
    assert "purchasing" not in page.url
    assert "threshold" not in page.url


def test_an_old_link_with_parts_of_another_page_shares_its_own(visit: Open) -> None:
    """A mix opened by a link that still holds a threshold: its own links hold it no more."""
    page = visit("/portfolio?lang=fr&segment=purchasing&indicator=aluminium_price&threshold=3000.5")
    page.locator(".st-key-share button").first.click()
    panel = page.locator("[data-testid=stPopoverBody]")
    expect(panel.locator("a.o-url")).to_have_text(re.compile(r"/portfolio\?lang=fr$"))
    settle(page)
    expect(panel).not_to_contain_text("threshold")
    expect(page.locator(".o-tabs a[data-page=purchasing]")).not_to_have_attribute("href", re.compile("threshold"))
    panel.locator("a", has_text="mode réunion").click()
    page.wait_for_selector(".st-key-meeting")
    settle(page)
    assert "purchasing" not in page.url


@pytest.mark.parametrize(
    ("language", "sentence", "choose"),
    [
        ("fr", "Rien d\u2019autre à choisir", "Choisir dans la liste"),
        ("en", "No results", "Choose from the list"),
    ],
)
def test_the_fields_speak_the_language_of_the_page(visit: Open, language: str, sentence: str, choose: str) -> None:
    """No hint of Streamlit's at a field being typed into; a list without a match says so in the page's language."""
    page = visit(f"/purchasing?lang={language}")
    field = page.locator(".st-key-w_threshold")
    field.locator("input").fill("3000")
    expect(field.get_by_test_id("InputInstructions")).to_be_attached()
    expect(field.get_by_test_id("InputInstructions")).to_be_hidden()
    page = visit(f"/purchasing?lang={language}&view=basket")
    page.locator(".st-key-w_basket input").fill("zzz")
    empty = page.locator("[role=listbox] [role=option] > span")
    expect(empty).to_have_text(sentence, use_inner_text=True)
    page = visit(f"/portfolio?lang={language}#mix=helicopters:60,space:40&move=space")
    expect(page.locator(".st-key-w_take input")).to_have_attribute("placeholder", choose)


def test_a_thumb_takes_an_input_out_of_the_basket(visit: Open) -> None:
    """The cross of a tag is small, what answers around it at least 24 by 24; no name of a field has a backslash."""
    page = visit("/purchasing?lang=fr&view=basket", width=390)
    cross = page.locator(".st-key-w_basket [data-tag] button").first
    cross.scroll_into_view_if_needed()
    box = cross.bounding_box()
    assert box is not None
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    for aside, down in ((-12, 0), (11, 0), (0, -12), (0, 11)):
        inside = "([e, x, y]) => e.contains(document.elementFromPoint(x, y))"
        assert page.evaluate(inside, [cross.element_handle(), middle[0] + aside, middle[1] + down])
    names = [field.get_attribute("aria-label") or "" for field in page.locator(".st-key-shares input").all()]
    assert names[0] == "Aluminium, cours mondial, en %"
    assert not any("\\" in name for name in names)
    page.mouse.click(middle[0], middle[1] - 10)
    page.wait_for_url("**basket=brent**")
    expect(page.locator(".st-key-w_basket [data-tag]")).to_have_count(2)
