"""Reading without a mouse, on paper, and with a contrast theme."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Open, settle

pytestmark = pytest.mark.browser


_INSIDE = "document.querySelector('[data-testid=stPopoverBody]')?.contains(document.activeElement) ?? false"


def test_the_skip_link_leads_to_the_heading(visit: Open) -> None:
    """The first stop of the keyboard, in the language of the page, leads below the menu."""
    page = visit("/segment?segment=space&lang=fr", width=1440)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.dataset.testid") == "stSkipToContent"
    assert page.evaluate("document.activeElement.textContent") == "Aller au contenu"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.tagName") == "H1"


def test_a_panel_takes_the_focus_and_gives_it_back(visit: Open) -> None:
    """Opened by the keyboard, the panel has the next stop; Tab stays in it; Escape leads back to its button."""
    page = visit("/?lang=fr", width=1440)
    button = page.locator(".st-key-share button").first
    button.focus()
    page.keyboard.press("Enter")
    body = page.locator("[data-testid=stPopoverBody]")
    expect(body.locator("a.o-url")).to_be_visible()
    page.wait_for_function("document.querySelector('[data-testid=stPopoverBody]').contains(document.activeElement)")
    settle(page)
    seen = []
    for _press in range(30):
        page.keyboard.press("Tab")
        assert page.evaluate(_INSIDE)
        seen.append(page.evaluate("document.activeElement.textContent"))
    assert any("réunion" in text for text in seen), "the last one of the panel is reached"
    assert any("http" in text for text in seen), "and the first"
    page.keyboard.press("Escape")
    expect(body).to_have_count(0)
    page.wait_for_function("document.activeElement.closest('.st-key-share') !== null")


@pytest.mark.parametrize(("width", "lang", "first"), [(390, "fr", "Marchés"), (1440, "en", "Markets")])
def test_the_same_tabs_on_every_page(visit: Open, width: int, lang: str, first: str) -> None:
    """Five tabs in one order, named as navigation; on a phone at the bottom of the screen; one of them is current."""
    names = None
    for path in ("/", "/portfolio", "/purchasing", "/radar", "/data"):
        page = visit(f"{path}?lang={lang}", width=width)
        tabs = page.locator(".o-tabs a")
        expect(tabs).to_have_count(5)
        shown = tabs.all_inner_texts()
        names = names or shown
        assert shown == names
        assert shown[0] == first
        expect(page.locator("nav.o-tabs[aria-label]")).to_have_count(1)
        expect(page.locator(".o-tabs a[aria-current]")).to_have_count(1)
        box = page.locator(".o-tabs").bounding_box()
        assert box is not None
        if width == 390:
            assert box["y"] + box["height"] >= 843


def test_paper_has_no_menu(visit: Open) -> None:
    """Printed, a page is its answer: no tabs, no buttons, no controls."""
    page = visit("/?lang=fr", width=1440)
    page.emulate_media(media="print")
    for name in (".o-tabs", ".st-key-share", ".o-langs", ".stButtonGroup"):
        expect(page.locator(name).first).to_be_hidden()
    expect(page.locator("h1").first).to_be_visible()
    expect(page.locator(".o-row[data-market=space] a")).to_be_visible()


def test_paper_is_white_in_both_themes(visit: Open) -> None:
    """From the dark theme too: dark words on white, no navy masthead; the indicators of a market keep their names."""
    page = visit("/segment?segment=space&lang=fr", width=1440, scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    white, ink = "rgb(255, 255, 255)", "rgb(16, 36, 58)"
    for name in ("body", ".stApp", ".st-key-topbar"):
        assert page.evaluate("(name) => getComputedStyle(document.querySelector(name)).backgroundColor", name) == white
    for name in ("h1", ".o-brand", "h2"):
        assert page.evaluate("(name) => getComputedStyle(document.querySelector(name)).color", name) == ink
    expect(page.locator("[class*=st-key-ind_] a").first).to_be_visible()
    for name in (".o-words", ".o-foot ul", ".st-key-market_chips"):
        expect(page.locator(name).first).to_be_hidden()


def test_bars_stay_visible_with_a_contrast_theme(visit: Open) -> None:
    """In forced colours the bars of the ranking, and the chosen horizon, differ from their ground."""
    page = visit("/?lang=fr", width=1440)
    page.emulate_media(forced_colors="active")
    colours = page.evaluate(
        """() => ['.o-range .o-centre', '.o-ranking .o-icon', '.o-ink'].map(name =>
            getComputedStyle(document.querySelector(name)).backgroundColor)"""
    )
    ground = page.evaluate("getComputedStyle(document.querySelector('.stApp')).backgroundColor")
    assert ground not in colours
    assert ground != page.evaluate("getComputedStyle(document.querySelector('.o-extent')).borderTopColor")
    assert (
        page.evaluate("getComputedStyle(document.querySelector('.stButtonGroup [aria-checked=true]')).outlineStyle")
        == "solid"
    )
