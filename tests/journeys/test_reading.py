"""What readers do, in a real browser: open, look, choose, share, come back."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from observatory.outlook.outlook import Outlook
from tests.journeys.conftest import Open, asks, lead, overflow, query_of, sentence, settle
from tests.support.curated import SEGMENTS

pytestmark = pytest.mark.browser

FAN = ".vega-embed svg path[fill='var(--forecast)'], .vega-embed svg path[stroke='var(--forecast)']"


def drawn(page: Page, least: int) -> None:
    """Waits for so many charts with axes."""
    expect(page.locator(".vega-embed svg:has(.role-axis)").nth(least - 1)).to_be_attached()


@pytest.mark.parametrize(("locale", "shown"), [("fr-FR", "marchés suivis"), ("en-GB", "markets we follow")])
def test_the_overview(visit: Open, outlook: Outlook, locale: str, shown: str) -> None:
    """All nine markets ranked, with a range where there is one, the scatter and a fan, in the browser's language."""
    page = visit("/", locale)
    expect(lead(page)).to_contain_text(shown)
    expect(page.locator("html")).to_have_attribute("lang", locale[:2])
    expect(page.locator("[class*='st-key-row_']")).to_have_count(9)
    drawn(page, 2)
    expect(page.locator(FAN).nth(1)).to_be_attached()
    ranged = [call for (_segment, years), call in outlook.calls.items() if years == 2 and call.growth is not None]
    expect(page.locator(".st-key-fig_ranking .o-bar")).to_have_count(len(ranged))
    assert len(ranged) >= 7


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("segment", SEGMENTS)
def test_every_segment_page(visit: Open, segment: str, language: str) -> None:
    """At least one chart with axes and a fan, on a phone without sideways scrolling, in both languages."""
    page = visit(f"/segment?segment={segment}&lang={language}", width=390)
    drawn(page, 1)
    expect(page.locator(FAN).first).to_be_attached()
    expect(page.locator("html")).to_have_attribute("lang", language)
    assert overflow(page) <= 0
    expect(page.locator("h1")).to_have_count(1)


def test_from_the_ranking_to_a_market_and_back(visit: Open) -> None:
    """A market's link opens its page with the horizon that was chosen; back and forward keep both."""
    page = visit("/?horizon=3")
    page.emulate_media(reduced_motion="no-preference")  # once in the suite, as most readers have it
    page.locator(".st-key-row_space a").click()
    page.wait_for_url("**/segment?**")
    expect(lead(page)).to_contain_text("spatial")
    settle(page)
    asks(page, {"segment": ["space"], "horizon": ["3"]})
    page.go_back()
    expect(lead(page)).to_contain_text("marchés suivis")
    settle(page)
    asks(page, {"horizon": ["3"]})
    page.go_forward()
    expect(lead(page)).to_contain_text("spatial")
    settle(page)
    page.reload()
    settle(page)
    expect(lead(page)).to_contain_text("spatial")


def test_a_choice_is_in_the_address_and_survives_reload_and_language(visit: Open) -> None:
    """Horizon and display go to the address; reloading and switching the language keep them."""
    page = visit("/segment?indicator=stm_revenue_quarterly")
    page.locator(".st-key-w_horizon button", has_text="5 ans").click()
    page.wait_for_url("**horizon=5**")
    settle(page)
    page.locator(".st-key-display summary").click()
    page.locator(".st-key-w_unit button", has_text="Indice 100").click()
    page.wait_for_url("**unit=index**")
    settle(page)
    page.reload()
    settle(page)
    expect(page.locator(".st-key-fig_main .o-unit").first).to_contain_text("= 100")
    page.locator(".o-langs a[lang=en]:visible").click()
    page.wait_for_url("**lang=en**")
    settle(page)
    expect(lead(page)).to_contain_text("electronics")
    asks(
        page,
        {
            "segment": ["electronics"],
            "indicator": ["stm_revenue_quarterly"],
            "horizon": ["5"],
            "unit": ["index"],
            "lang": ["en"],
        },
    )
    page.locator(".st-key-w_horizon button", has_text="1 year").click()
    page.wait_for_url("**horizon=1**")
    settle(page)
    assert query_of(page.url)["lang"] == ["en"]


def test_the_back_button_undoes_a_choice(visit: Open) -> None:
    """Going back after a choice shows what was chosen before, in the page as in the address."""
    page = visit("/segment?segment=space")
    page.locator(".st-key-w_horizon button", has_text="5 ans").click()
    page.wait_for_url("**horizon=5**")
    expect(lead(page)).to_contain_text("2031")
    settle(page)
    page.go_back()
    expect(lead(page)).to_contain_text("2028")
    settle(page)
    asks(page, {"segment": ["space"]})


def test_an_indicator_and_a_place_can_be_chosen(visit: Open) -> None:
    """The row of an indicator opens it in full below itself; a place that it has can be chosen."""
    page = visit("/segment?segment=space")
    expect(page.locator(".st-key-fig_main")).to_have_count(0)
    page.locator("[class*=st-key-ind_] a", has_text="Objets lancés").click()
    page.wait_for_url("**indicator=objects_launched**")
    expect(page.locator(".st-key-ind_open")).to_contain_text("Objets lancés")
    page.wait_for_selector(".st-key-fig_main .vega-embed svg")
    settle(page)
    page.locator(".st-key-display summary").click()
    box = page.locator(".st-key-w_geo input").first
    box.click()
    box.fill("Chine")
    page.locator("[role=option]", has_text="Chine").first.click()
    page.wait_for_url("**geo=CHN**")
    expect(page.locator(".st-key-fig_main .o-unit").first).to_contain_text("Chine")


def test_sharing_gives_links_that_open_the_same_view(visit: Open) -> None:
    """The live and the dated link name all that is not a default, and open on the same lead in another browser."""
    page = visit("/segment?indicator=turbine_helicopter_deliveries&unit=growth")
    shown = sentence(page)
    page.locator(".st-key-share button").first.click()
    expect(page.locator("[data-testid=stCode]").nth(1)).to_be_visible()
    settle(page)
    live, dated = (page.locator("[data-testid=stCode]").nth(place).inner_text().strip() for place in range(2))
    code = page.get_by_role("img", name="Code QR du lien à jour")
    assert code.evaluate("(picture) => picture.decode().then(() => picture.naturalWidth)") > 0
    named = parse_qs(urlsplit(live).query)
    assert named.keys() == {"lang", "indicator", "geo", "unit"}
    assert parse_qs(urlsplit(dated).query)["asof"] == ["e2"]
    for link in (live, dated):
        other = visit(f"{urlsplit(link).path}?{urlsplit(link).query}", "en-GB")
        assert sentence(other) == shown
    expect(other.locator(".st-key-notices")).to_contain_text("30")


def test_table_source_and_file_are_one_click_away(visit: Open) -> None:
    """Under the chart: the figures, the licence, and a CSV that downloads."""
    page = visit("/segment?indicator=turbine_helicopter_deliveries&lang=en")
    figure = page.locator(".st-key-fig_main")
    figure.locator("summary", has_text="Table of the values").click()
    expect(figure.locator(".o-table th", has_text="2025").first).to_be_visible()
    figure.locator("summary", has_text="Source, licence").click()
    expect(figure.locator(".o-terms")).to_contain_text("GAMA")
    with page.expect_download() as waiting:
        figure.locator(".o-file").click()
    assert waiting.value.suggested_filename == "turbine_helicopter_deliveries-WORLD-2026-11-30.csv"


@pytest.mark.parametrize("path", ["/nonsense", "/segment/foo", "/nonsense?lang=fr"])
def test_an_unknown_page_says_so(visit: Open, path: str) -> None:
    """A page that does not exist is one sentence and a way back."""
    page = visit(path)
    expect(lead(page)).to_contain_text("Cette page n\u2019existe pas")
    page.locator(".stPageLink a", has_text="ensemble").last.click()
    expect(lead(page)).to_contain_text("marchés suivis")


def test_hostile_addresses_are_read_as_text(visit: Open) -> None:
    """Script in a parameter is shown as text; a 10 kB query gets one sentence; both show the page."""
    page = visit("/segment?segment=a%3Cimg%20src%20onerror(1)%3Eb&horizon=9&lang=fr")
    expect(page.locator(".st-key-notices")).to_contain_text("a<img src onerror(1)>b")
    expect(page.locator(".st-key-notices img")).to_have_count(0)
    drawn(page, 1)
    page = visit("/?segment=" + "x" * 10_000)
    expect(page.locator(".st-key-notices")).to_contain_text(re.compile("trop longue"))
    drawn(page, 1)


def test_keyboard_reaches_the_markets(visit: Open) -> None:
    """Tab goes through the page, the focus can be seen, and Enter opens a market."""
    page = visit("/")
    link = page.locator(".st-key-row_space a")
    link.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    expect(link).to_be_focused()
    expect(link).to_have_css("outline-style", "solid")
    page.keyboard.press("Enter")
    expect(lead(page)).to_contain_text("spatial")


@pytest.mark.parametrize(("scheme", "paper"), [("light", "rgb(251, 250, 247)"), ("dark", "rgb(14, 23, 34)")])
def test_no_sideways_scrolling_and_both_themes(visit: Open, scheme: str, paper: str) -> None:
    """The overview fits every width, and its paper follows the reader's system."""
    page = visit("/", width=390, scheme=scheme)
    for width in (390, 800, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        assert overflow(page) <= 0
        expect(page.locator(".stApp")).to_have_css("background-color", paper)
    page.wait_for_function(
        "() => ['B612', 'Plex', 'Newsreader'].every("
        "name => [...document.fonts].some(font => font.family.includes(name) && font.status === 'loaded'))"
    )


def test_a_new_answer_is_said_aloud(visit: Open) -> None:
    """Whoever cannot see the page hears its first sentence again once a choice has changed it, and not before."""
    page = visit("/segment?segment=space&lang=en", width=390)
    aloud = page.locator("body > .o-hidden[role=status]")
    expect(lead(page)).to_contain_text("by 2028")
    page.wait_for_timeout(1500)
    expect(aloud).to_have_text("")
    page.get_by_role("radio", name="5 years").click()
    expect(lead(page)).to_contain_text("by 2031")
    expect(aloud).to_contain_text("by 2031")
    assert aloud.text_content() == lead(page).text_content()
