"""My markets in a real browser: a mix on a phone, a shock, neighbours, a link; and none of it on the server."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Open, lead, looks, overflow, overflow_now, sentence, serving, settle, shot, somebody
from tests.journeys.test_meeting import BEYOND, SIZES
from tests.support.stores import StoreMaker, dump_store

pytestmark = pytest.mark.browser

MARK = "1234567"  # a turnover that stands nowhere else
EXAMPLE = "mix=helicopters:60,space:40"
LAST = 3  # screens of a meeting: overview, the mix, the record


def await_fragment(page: Page, shown: str) -> None:
    """Waits until what stands behind the # of the address says this, and the page is at rest."""
    page.wait_for_function("said => `${location.hash}&`.match(new RegExp(`[#=,&]${said}[,&]`))", arg=shown)
    settle(page)


def enter_share(page: Page, market: str, name: str, share: int) -> None:
    """Types a share into the field of a market, confirms it, and waits until the address says so."""
    field = page.get_by_label(f"{market}, part en")
    field.fill(str(share))
    field.press("Enter")
    await_fragment(page, f"{name}:{share}")


def press_step(page: Page, market: str, direction: str, shown: str) -> None:
    """Presses one of the two buttons of a market, and waits until the address says what follows."""
    page.get_by_role("button", name=f"{market}\u00a0: 5 points de {direction}").click()
    await_fragment(page, shown)


def open_fold(page: Page, key: str) -> None:
    """Opens a fold of the page unless it is open."""
    fold = page.locator(f".st-key-{key} details")
    if fold.get_attribute("open") is None:
        fold.locator("summary").click()
    settle(page)


def choose(page: Page, key: str, market: str) -> None:
    """Opens a list and chooses; one that is opened while the page is being written would close."""
    settle(page)
    page.locator(f".st-key-{key} button").click()
    page.get_by_role("option", name=market).click()


def test_the_journey_of_a_head_of_an_sme(
    browser: Browser, tmp_path: Path, seeded_address: str, stores: StoreMaker
) -> None:
    """From the overview on a phone in French to the same figures in English on a desktop, by a link; logs say nothing.

    60 % helicopters and 40 % space: the sentence, 2008 replayed, the neighbours, the link. What the browser asked the
    server for, its log and its store hold nothing of the mix.
    """
    asked: list[str] = []
    errors: list[str] = []
    store = stores.copy(seeded_address, tmp_path)
    with serving(tmp_path, store) as address:
        before = dump_store(store).count(MARK)
        phone, desktop = somebody(browser, 390, 844), somebody(browser, locale="en-GB")
        for page in (phone, desktop):
            page.on("request", lambda request: asked.append(f"{request.url} {request.headers} {request.post_data}"))
            page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        phone.goto(address)
        settle(phone)
        phone.locator(".o-tabs a", has_text="Mon entreprise").click()
        expect(lead(phone)).to_contain_text("Que pèse chaque marché")
        settle(phone)
        phone.locator(".st-key-w_markets").get_by_text("Hélicoptères").click()
        await_fragment(phone, "helicopters:100")
        phone.locator(".st-key-w_markets").get_by_text("Spatial").click()
        await_fragment(phone, "helicopters:50,space:50")
        press_step(phone, "Hélicoptères", "plus", "helicopters:55,space:45")
        enter_share(phone, "Spatial", "space", 40)
        await_fragment(phone, "helicopters:60,space:40")
        expect(phone.locator(".o-unit[role=status]")).to_have_text("total\u00a0: 100\u00a0%")
        phone.get_by_label("Chiffre d\u2019affaires annuel").fill(MARK)
        phone.get_by_label("Chiffre d\u2019affaires annuel").press("Enter")
        expect(lead(phone)).to_contain_text("Vos marchés devraient évoluer de")
        expect(phone.locator(".o-key", has_text="1,23\u00a0M€")).to_be_visible()
        expect(phone.locator(".o-wrong")).to_contain_text("C\u2019est une analogie, pas une prévision.")
        expect(phone.locator(".o-pin[role=status]")).to_be_in_viewport()
        assert pinned(phone) in french_range(sentence(phone))
        french = sentence(phone)
        open_fold(phone, "fold_shock")
        phone.locator(".st-key-w_shock").get_by_text("Crise 2008").click()
        expect(phone.locator(".o-wrong")).to_contain_text("Crise 2008")
        expect(phone.locator(".o-wrong")).to_contain_text("trop peu de séries pour Hélicoptères")
        settle(phone)
        neighbours = phone.locator(".st-key-fig_neighbours")
        neighbours.scroll_into_view_if_needed()
        expect(neighbours).to_contain_text("Choisissez vos savoir-faire")
        expect(neighbours.locator(".o-nears li")).to_have_count(0)
        neighbours.locator(".st-key-w_knowhow").get_by_text("Usinage").click()
        await_fragment(phone, "knowhow=machining")
        expect(neighbours.locator(".o-nears li")).to_have_count(3)
        expect(neighbours.locator(".o-nears li").first).to_contain_text("Au cœur\u00a0: usinage.")
        expect(neighbours.locator(".o-nears")).to_contain_text("mieux.")
        neighbours.locator("summary").first.click()
        expect(neighbours.locator("details .o-table").first).to_be_visible()
        expect(neighbours).to_contain_text("Jugement de la rédaction")
        phone.get_by_role("button", name="Autres fichiers").click()
        expect(phone.get_by_role("button", name="Savoir-faire en CSV (français")).to_be_visible()
        phone.keyboard.press("Escape")
        assert overflow(phone) <= 0
        shot(phone, "portfolio-journey")
        phone.get_by_role("button", name="Envoyer").click()
        expect(phone.get_by_text("Qui reçoit ce lien peut la lire.").first).to_be_visible()
        settle(phone)
        live = phone.locator("a.o-url").inner_text()
        assert urlsplit(live).fragment == f"{EXAMPLE}&turnover={MARK}&shock=2007-12&knowhow=machining"
        assert urlsplit(phone.url).fragment == urlsplit(live).fragment
        desktop.goto(live.replace("lang=fr", "lang=en"))
        expect(lead(desktop)).to_contain_text("Your markets are expected to change by")
        assert figures(sentence(desktop)) == figures(french)
        expect(desktop.locator(".o-key", has_text="€1.23m")).to_be_visible()
        expect(desktop.get_by_label("Yearly turnover")).to_have_value("1,234,567")
        for path in ("/healthz", "/readyz", "/_stcore/health", "/_stcore/metrics"):
            assert MARK not in desktop.request.get(f"{address}{path}").text()
        after = dump_store(store)
    assert errors == []
    assert after.count(MARK) == before
    assert "helicopters:60" not in after
    assert "shock=2007-12" not in after
    assert not [
        line for line in asked if MARK in line or "helicopters:60" in line or "mix=" in line or "shock=" in line
    ]
    log = (tmp_path / "log.txt").read_text(errors="replace")
    assert MARK not in log
    assert "helicopters:60" not in log
    assert "shock=2007-12" not in log


def pinned(page: Page) -> str:
    """The range of the answer that is pinned above the tabs of a phone, without its first word."""
    return page.locator(".o-pin").inner_text().split("de ")[-1].strip()


def french_range(text: str) -> str:
    """A headline from its range on."""
    return text.partition("évoluer de ")[2]


def figures(text: str) -> list[str]:
    """The numbers of a sentence, in whichever language."""
    return re.findall(r"\d+", text)


def test_links_of_the_page_take_the_mix_along(visit: Open) -> None:
    """The language link opens the same mix in English; leaving the page and coming back finds it in the browser."""
    page = visit(f"/portfolio?lang=fr#{EXAMPLE}", width=1440)
    expect(lead(page)).to_contain_text("Vos marchés devraient")
    page.locator(".o-langs a[hreflang=en]:visible").click()
    expect(lead(page)).to_contain_text("Your markets are expected")
    settle(page)
    assert urlsplit(page.url).fragment == EXAMPLE
    page.locator(".o-tabs a", has_text="More").click()
    page.locator(".o-subnav a", has_text="Method").click()
    page.wait_for_url("**/method**")
    expect(lead(page)).to_contain_text("We extend the past")
    settle(page)
    assert "mix" not in page.url
    page.locator(".o-tabs a", has_text="My company").click()
    expect(lead(page)).to_contain_text("Your markets are expected")
    settle(page)
    assert urlsplit(page.url).fragment == EXAMPLE


def test_a_link_opens_on_the_shock_and_the_change_that_were_chosen(visit: Open) -> None:
    """Choosing a shock and both ends of a change writes them behind the #; that link opens on them, in English too."""
    page = visit(f"/portfolio?lang=fr#{EXAMPLE}", width=1440)
    expect(lead(page)).to_contain_text("Vos marchés devraient")
    settle(page)
    open_fold(page, "fold_shock")
    page.locator(".st-key-w_shock").get_by_text("Crise 2001").click()
    await_fragment(page, "shock=2001-03")
    expect(page.locator(".o-wrong")).to_contain_text("Crise 2001")
    open_fold(page, "fold_change")
    for key, market, shown in (
        ("w_take", "Spatial", "move=space"),
        ("w_give", "Aviation militaire", "move=space:military_aviation"),
    ):
        choose(page, key, market)
        page.wait_for_function("said => location.hash.endsWith(said)", arg=shown)
        settle(page)
    change = page.locator(".st-key-fig_change .o-take").last
    expect(change).to_contain_text(
        "10 points pris à «\u00a0Spatial\u00a0» et donnés à «\u00a0Aviation militaire\u00a0»"
    )
    settle(page)
    assert urlsplit(page.url).fragment == f"{EXAMPLE}&shock=2001-03&move=space:military_aviation"
    again = visit(f"/portfolio?lang=fr#{urlsplit(page.url).fragment}", width=1440)
    expect(again.locator(".o-wrong")).to_contain_text("Crise 2001")
    settle(again)
    again.locator(".o-langs a[hreflang=en]:visible").click()
    expect(again.locator(".o-wrong")).to_contain_text("2001 crisis")
    expect(again.locator(".st-key-fig_change .o-take").last).to_contain_text(
        "taken from “Space” and given to “Military"
    )
    settle(again)
    assert urlsplit(again.url).fragment == f"{EXAMPLE}&shock=2001-03&move=space:military_aviation"
    again.goto(f"{again.url.partition('#')[0]}#{EXAMPLE}&shock=1973-10")
    expect(again.locator(".st-key-notices_place")).to_contain_text("replays no shock that began in October 1973")


def test_the_horizon_is_in_the_address_and_the_mix_stays(visit: Open) -> None:
    """Choosing five years moves the sentence and the links of the frame; the fragment is untouched."""
    page = visit(f"/portfolio?lang=fr#{EXAMPLE}")
    expect(lead(page)).to_contain_text("d\u2019ici à 2028")
    settle(page)
    page.locator(".st-key-w_horizon").get_by_text("5\u00a0ans").click()
    expect(lead(page)).to_contain_text("d\u2019ici à 2031")
    page.wait_for_url(f"**/portfolio?horizon=5#{EXAMPLE}")
    expect(page.locator(".o-langs a[hreflang=en]:visible")).to_have_attribute("href", "/portfolio?lang=en&horizon=5")


def test_a_hostile_fragment_gives_an_empty_page_and_a_notice(visit: Open) -> None:
    """Nothing of it is shown, nothing of it runs; entering a mix mends it."""
    page = visit("/portfolio?lang=fr#mix=<img src=x onerror=alert(1)>:40")
    expect(page.locator(".st-key-notices_place")).to_contain_text("ne se lit pas")
    expect(lead(page)).to_contain_text("Que pèse chaque marché")
    settle(page)
    page.locator(".st-key-w_markets").get_by_text("Drones").click()
    expect(lead(page)).to_contain_text("Nous n\u2019avons pas d\u2019avis")
    expect(page.locator(".st-key-notices_place")).to_have_count(0)


def test_a_link_with_one_bad_part_keeps_the_others(visit: Open) -> None:
    """An address whose shock is broken opens with its mix; the page and a meeting say what was left out."""
    broken = f"#{EXAMPLE}&shock=%E0%A4"
    page = visit(f"/portfolio?lang=fr{broken}")
    expect(lead(page)).to_contain_text("Vos marchés devraient")
    expect(page.locator(".st-key-notices_place")).to_contain_text("Laissé de côté\u00a0: le choc à rejouer.")
    page.wait_for_url(f"**/portfolio?lang=fr#{EXAMPLE}")
    page = visit(f"/?lang=fr&mode=meeting&screens=o.p.t&screen=2{broken}")
    expect(page.locator(".st-key-m_notices")).to_contain_text("Laissé de côté\u00a0: le choc à rejouer.")


def test_a_meeting_takes_the_mix_along(
    browser: Browser, tmp_path: Path, seeded_address: str, stores: StoreMaker
) -> None:
    """From the share panel through every screen and back: the mix stays behind the #, and is in no request or log."""
    asked: list[str] = []
    with serving(tmp_path, stores.copy(seeded_address, tmp_path)) as address:
        page = somebody(browser, 1920, 1080)
        page.on("request", lambda request: asked.append(f"{request.url} {request.headers} {request.post_data}"))
        page.goto(f"{address}/portfolio#{EXAMPLE}")
        expect(lead(page)).to_contain_text("Vos marchés devraient évoluer")
        shown = sentence(page)
        page.get_by_role("button", name="Envoyer").click()
        way_in = page.locator("[data-testid=stPopoverBody] a", has_text="mode réunion")
        expect(way_in).to_be_visible()
        settle(page)
        way_in.click()
        page.wait_for_selector(".o-mcover h1")
        settle(page)
        page.keyboard.press("ArrowRight")
        for number in range(1, LAST + 1):
            page.wait_for_function(f"() => document.title.startsWith('{number}/{LAST} ')")
            settle(page)
            assert urlsplit(page.url).fragment == EXAMPLE
            if number == 2:
                assert sentence(page) == shown
                expect(page.locator(".o-bars tbody tr")).to_have_count(4)
                expect(page.locator(".o-mix i")).to_have_count(2)
                expect(page.locator(".o-mclock")).to_contain_text("Airbus Helicopters")
                assert min(size for size, _text in page.evaluate(SIZES)) >= 27.95
                assert page.evaluate(BEYOND) <= 0.5
                shot(page, "meeting-portfolio")
                shared = page.url
            page.keyboard.press("ArrowRight" if number < LAST else "Escape")
        page.wait_for_selector(".st-key-topbar")
        assert sentence(page) == shown
        assert urlsplit(page.url).fragment == EXAMPLE
        fresh = somebody(browser, 390, 844)
        fresh.goto(shared)
        expect(lead(fresh)).to_have_text(shown)
        assert overflow(fresh) <= 0
    assert not [line for line in asked if "helicopters:60" in line or "mix=" in line]
    assert "helicopters:60" not in (tmp_path / "log.txt").read_text(errors="replace")


@pytest.mark.parametrize(("language", "width"), [("fr", 390), ("en", 1440)])
def test_it_is_readable_on_every_screen(visit: Open, language: str, width: int) -> None:
    """Both charts are drawn when opened, every horizon and market has its row, nothing scrolls sideways."""
    page = visit(f"/portfolio?lang={language}#{EXAMPLE}", width=width)
    expect(page.locator(".o-pin")).to_have_count(1)
    for fold in ("fold_shock", "fold_change"):
        open_fold(page, fold)
    for now, scheme in looks(page):
        for name in ("shocks", "change"):
            page.wait_for_selector(f".st-key-fig_{name} .vega-embed svg .role-axis")
        expect(page.locator("h1")).to_have_count(1)
        expect(page.locator(".st-key-fig_ahead li")).to_have_count(4)
        expect(page.locator(".st-key-fig_brings li")).to_have_count(3)
        assert overflow_now(page) <= 0
        shot(page, f"portfolio-{language}-{now}-{scheme}")


def test_a_page_without_a_mix_asks_three_questions(visit: Open) -> None:
    """Markets, turnover, know-how; an example that is tapped fills all three and gives the answer in two screens."""
    page = visit("/portfolio?lang=fr", width=390)
    expect(page.locator(".st-key-fig_mix [data-testid=stWidgetLabel]")).to_have_count(3)
    page.locator(".o-try a").click()
    expect(lead(page)).to_contain_text("Vos marchés devraient évoluer de")
    await_fragment(page, "commercial_aircraft:70,space:20,helicopters:10")
    expect(page.get_by_label("Avions commerciaux, part en")).to_have_value("70")
    expect(page.locator(".st-key-firm_results .o-nears li")).to_have_count(3)


def test_the_page_is_short_on_a_phone(visit: Open) -> None:
    """With three markets and a turnover the page takes at most five screens of a phone, in French."""
    page = visit("/portfolio?lang=fr#mix=commercial_aircraft:70,space:20,helicopters:10&turnover=6000000", width=390)
    expect(lead(page)).to_contain_text("Vos marchés devraient évoluer de")
    settle(page)
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight") <= 5 * 844


def test_a_refused_share_stands_beside_its_field(visit: Open) -> None:
    """3.000 is refused in French with both ways to write it; the mix and its address stay."""
    page = visit(f"/portfolio?lang=fr#{EXAMPLE}", width=390)
    expect(lead(page)).to_contain_text("Vos marchés devraient")
    settle(page)
    field = page.get_by_label("Spatial, part en")
    field.fill("3.000")
    field.press("Enter")
    expect(page.locator(".st-key-notices_shares")).to_contain_text("Écrivez 3000 ou 3.")
    assert urlsplit(page.url).fragment == EXAMPLE
