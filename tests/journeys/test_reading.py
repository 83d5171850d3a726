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


@pytest.mark.parametrize(("locale", "shown"), [("fr-FR", "marchés sur 9"), ("en-GB", "markets of 9")])
def test_the_overview(visit: Open, outlook: Outlook, locale: str, shown: str) -> None:
    """All nine markets in groups, with a range where there is one, in the browser's language; the rest is folded."""
    page = visit("/", locale)
    expect(lead(page)).to_contain_text(shown)
    expect(page.locator("html")).to_have_attribute("lang", locale[:2])
    expect(page.locator(".o-ranking .o-row")).to_have_count(9)
    ranged = [call for (_segment, years), call in outlook.calls.items() if years == 2 and call.growth is not None]
    expect(page.locator(".st-key-fig_ranking .o-range")).to_have_count(len(ranged))
    expect(page.locator(".o-moves")).to_be_hidden()
    page.locator(".o-sheet summary").first.click()
    expect(page.locator(".o-move .o-bar").first).to_be_visible()
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


def test_a_link_to_a_page_does_not_load_the_site_anew(visit: Open) -> None:
    """Links change the page within the open connection and begin at its top; held keys and other languages do not."""
    page = visit("/?lang=fr&horizon=3")
    page.evaluate("() => { window.isSameDocument = true }")
    page.locator(".o-row[data-market=drones] a").scroll_into_view_if_needed()
    page.locator(".o-row[data-market=drones] a").click()
    page.wait_for_url("**/segment?**")
    expect(lead(page)).to_contain_text("drones")
    assert page.evaluate("window.isSameDocument")
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop") == 0
    page.locator(".o-tabs a").first.click()
    expect(lead(page)).to_contain_text("marchés sur 9")
    settle(page)
    asks(page, {"horizon": ["3"]})
    assert page.evaluate("window.isSameDocument")
    with page.context.expect_page() as opened:
        page.locator(".o-subnav a").last.click(modifiers=["Control"])
    assert "/countries" in opened.value.url
    assert "/countries" not in page.url
    opened.value.close()
    page.bring_to_front()
    page.locator(".o-foot .o-langs a[lang=en], .o-langs a[lang=en]").locator("visible=true").first.click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    settle(page)
    assert not page.evaluate("window.isSameDocument")


def test_from_the_ranking_to_a_market_and_back(visit: Open) -> None:
    """A market's link opens its page with the horizon that was chosen; back and forward keep both."""
    page = visit("/?horizon=3")
    page.emulate_media(reduced_motion="no-preference")  # once in the suite, as most readers have it
    page.locator(".o-row[data-market=space] a").click()
    page.wait_for_url("**/segment?**")
    expect(lead(page)).to_contain_text("spatial")
    settle(page)
    asks(page, {"segment": ["space"], "horizon": ["3"]})
    page.go_back()
    expect(lead(page)).to_contain_text("marchés sur 9")
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
    box.scroll_into_view_if_needed()  # a list closes when the page below it scrolls
    settle(page)
    box.click()
    box.fill("Chine")
    page.locator("[role=option]", has_text="Chine").first.click()
    page.wait_for_url("**geo=CHN**")
    expect(page.locator(".st-key-fig_main .o-unit").first).to_contain_text("Chine")


def test_an_open_row_of_a_section_is_the_one_series_in_full(visit: Open) -> None:
    """Where the first series stands in the place of an index, a link to another one opens that one alone."""
    page = visit("/segment?segment=horizon&lang=fr")
    expect(page.locator(".st-key-fig_main")).to_have_count(1)
    page.locator("[class*=st-key-ind_] a").last.click()
    page.wait_for_url("**indicator=**")
    expect(page.locator(".st-key-ind_open")).to_have_count(1)
    expect(page.locator(".st-key-fig_main")).to_have_count(1)
    expect(page.locator("[class*=st-key-notices_failed]")).to_have_count(0)


def test_sharing_gives_links_that_open_the_same_view(visit: Open) -> None:
    """The live and the dated link name all that is not a default, and open on the same lead in another browser."""
    page = visit("/segment?indicator=turbine_helicopter_deliveries&unit=growth")
    shown = sentence(page)
    page.locator(".st-key-share button").first.click()
    link = page.locator("a.o-url")
    expect(link).to_be_visible()
    settle(page)
    live = link.inner_text()
    page.get_by_role("radio", name="Lien daté").click()
    expect(link).to_contain_text("asof=e2")
    settle(page)
    dated = link.inner_text()
    code = page.get_by_role("img", name="Code QR de ce lien")
    assert code.evaluate("(picture) => picture.decode().then(() => picture.naturalWidth)") > 0
    named = parse_qs(urlsplit(live).query)
    assert named.keys() == {"lang", "indicator", "geo", "unit"}
    assert parse_qs(urlsplit(dated).query)["asof"] == ["e2"]
    for address in (live, dated):
        other = visit(f"{urlsplit(address).path}?{urlsplit(address).query}", "en-GB")
        assert sentence(other) == shown
    expect(other.locator(".st-key-notices")).to_contain_text("30")


@pytest.mark.parametrize(("width", "place"), [(390, 0.96), (1440, 0.5)])
def test_the_whole_row_is_one_link(visit: Open, width: int, place: float) -> None:
    """A tap beside the name, on the chevron or on the bar, opens the market; each row has one link, named by it."""
    page = visit("/?horizon=3", width=width)
    row = page.locator(".o-row[data-market=space]")
    expect(row.locator("a")).to_have_count(1)
    expect(row.locator("a")).to_have_accessible_name("Spatial")
    row.scroll_into_view_if_needed()
    box = row.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] * place, box["y"] + box["height"] / 2)
    page.wait_for_url("**/segment?**")
    settle(page)
    asks(page, {"segment": ["space"], "horizon": ["3"]})


@pytest.mark.parametrize("width", [320, 390, 700, 1000, 1280, 1920])
def test_the_answer_and_how_sure_it_is_stand_first(visit: Open, width: int) -> None:
    """At every width: the record once and the limit above the fold, ends and middle of bars inside the page."""
    page = visit("/?lang=fr", width=width)
    assert overflow(page) <= 0
    record = page.locator(".o-brief:has-text('sur 100'), .o-believe").locator("visible=true")
    expect(record).to_have_count(1)
    for shown in (record, page.get_by_text("Nous ne savons pas annoncer un recul").locator("visible=true")):
        box = shown.bounding_box()
        assert box is not None
        assert box["y"] < 900
    for part in page.locator(".st-key-fig_ranking .o-range span, .st-key-fig_ranking .o-range b").all():
        box = part.bounding_box()
        assert box is not None
        assert 0 <= box["x"] <= box["x"] + box["width"] <= width


def test_what_concerns_the_reader_is_three_rows(visit: Open) -> None:
    """The own company, its purchases with a price in euros, and its bank; then what changed."""
    page = visit("/?lang=fr", width=390)
    rows = page.locator(".o-own a")
    expect(rows).to_have_count(3)
    expect(page.locator(".o-row[data-way=purchasing]")).to_contain_text("€/t")
    expect(page.locator(".st-key-fig_changed")).to_contain_text("l\u2019édition n°\u00a01")
    rows.nth(2).click()
    page.wait_for_url("**/portfolio**")


def test_a_link_is_sent_and_copied(visit: Open) -> None:
    """Send hands the link and the title to the device where it can; Copy puts it on the clipboard and says so."""
    page = visit("/?lang=fr&horizon=3", width=390)
    page.evaluate("() => { navigator.share = (what) => { window.sent = what; return Promise.resolve(); }; }")
    page.evaluate("() => { navigator.clipboard.writeText = async (text) => { window.copied = text; }; }")
    page.locator(".st-key-share button").first.click()
    link = page.locator("a.o-url")
    expect(link).to_be_visible()
    settle(page)
    body = page.locator("[data-testid=stPopoverBody]")
    for sight in (body.get_by_role("img"), body.locator("a", has_text="mode réunion")):
        box = sight.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= 900
    page.get_by_role("button", name="Envoyer par").click()
    sent = page.evaluate("window.sent")
    assert sent["url"] == link.inner_text()
    assert "horizon=3" in sent["url"]
    assert sent["title"] == page.title()
    page.get_by_role("button", name="Copier le lien").click()
    expect(body.get_by_role("status")).to_have_text("Lien copié.")
    assert page.evaluate("window.copied") == link.inner_text()


def test_a_device_that_cannot_send_is_not_offered_it(visit: Open) -> None:
    """Without the system's own sheet there is Copy alone; without the clipboard the link is selected and copied."""
    page = visit("/?lang=fr", width=1440)
    page.evaluate("() => { delete Navigator.prototype.share; }")
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error()); }")
    page.locator(".st-key-share button").first.click()
    expect(page.locator("a.o-url")).to_be_visible()
    settle(page)
    expect(page.locator(".o-send")).to_be_hidden()
    page.get_by_role("button", name="Copier le lien").click()
    expect(page.locator(".o-said")).to_have_text(re.compile("Lien (copié|sélectionné)"))
    assert page.evaluate("getSelection().toString()") == page.locator("a.o-url").inner_text()


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
    expect(lead(page)).to_contain_text("marchés sur 9")


def test_hostile_addresses_are_read_as_text(visit: Open) -> None:
    """Script in a parameter is shown as text; a 10 kB query gets one sentence; both show the page."""
    page = visit("/segment?segment=a%3Cimg%20src%20onerror(1)%3Eb&horizon=9&lang=fr")
    expect(page.locator(".st-key-notices")).to_contain_text("a<img src onerror(1)>b")
    expect(page.locator(".st-key-notices img")).to_have_count(0)
    drawn(page, 1)
    page = visit("/?segment=" + "x" * 10_000)
    expect(page.locator(".st-key-notices")).to_contain_text(re.compile("trop longue"))
    expect(page.locator(".o-ranking .o-range").first).to_be_visible()


def test_keyboard_reaches_the_markets(visit: Open) -> None:
    """Tab goes through the page, the focus can be seen, and Enter opens a market."""
    page = visit("/")
    link = page.locator(".o-row[data-market=space] a")
    link.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    expect(link).to_be_focused()
    expect(page.locator(".o-row[data-market=space]")).to_have_css("outline-style", "solid")
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
