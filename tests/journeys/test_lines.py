"""Slow and lost lines in a real browser: choices made in a hurry, sockets that close, sessions that are gone."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import asks, free_port, lead, query_of, sentence, serving, settle, somebody
from tests.journeys.lines import MARK, Line, returned, until
from tests.support.stores import StoreMaker

pytestmark = pytest.mark.browser

MIX = "mix=helicopters:60,space:40&turnover=1234567&shock=2007-12"
AT_THE_MIX = re.compile(f"/portfolio\\?horizon=5#{MIX}$")

# The most leads that the page has had at one moment since this ran.
COUNTED = """() => {
  const count = () => { window.__most = Math.max(window.__most ?? 0, document.querySelectorAll('h1').length); };
  new MutationObserver(count).observe(document.body, {childList: true, subtree: true});
  count();
}"""


def opened(browser: Browser, address: str) -> tuple[Page, Line]:
    page = somebody(browser)
    line = Line(page)
    page.goto(address)
    settle(page)
    return page, line


def press(page: Page, control: str, place: int) -> None:
    page.locator(f".st-key-{control} button[data-variant]").nth(place).click()


@pytest.mark.parametrize(
    ("second", "place", "wanted"),
    [
        ("w_unit", 1, {"indicator": ["objects_launched"], "horizon": ["1"], "unit": ["index"]}),
        ("w_horizon", 3, {"indicator": ["objects_launched"], "horizon": ["5"]}),
    ],
)
def test_two_choices_before_the_first_answer(
    browser: Browser, server: str, second: str, place: int, wanted: dict[str, list[str]]
) -> None:
    """The second choice is made on top of the first, and the address ends on what the page shows."""
    page, line = opened(browser, f"{server}/segment?indicator=objects_launched&horizon=5")
    page.locator(".st-key-display summary").click()
    line.hold = True
    press(page, "w_horizon", 0)
    until(page, lambda: any(b"horizon=1" in answer for answer in line.answers if isinstance(answer, bytes)))
    press(page, second, place)
    until(page, lambda: line.over(2))
    line.give()
    year = "2031" if wanted["horizon"] == ["5"] else "2027"
    expect(lead(page)).to_contain_text(year)
    settle(page)
    asks(page, {"segment": ["space"], **wanted})
    expect(lead(page)).to_contain_text(year)
    page.context.close()


def test_a_mix_outlives_a_lost_line(browser: Browser, server: str) -> None:
    """A line that closes on the open page costs nothing of the mix: neither its figures nor what is looked at."""
    page, line = opened(browser, f"{server}/portfolio?horizon=5#{MIX}")
    expect(lead(page)).to_contain_text("Vos marchés")
    shown = sentence(page)
    line.cut(page)
    settle(page)
    expect(lead(page)).to_have_text(shown)
    expect(page).to_have_url(AT_THE_MIX)
    page.context.close()


def test_a_mix_whose_first_word_is_lost(browser: Browser, server: str) -> None:
    """Where the browser's answer is lost with the line that it went by, the page shows the mix of its address later."""
    page = somebody(browser, 390, 844)
    line = Line(page)
    line.hears = 1  # the question for the page; not what stands behind its #
    page.goto(f"{server}/portfolio#{MIX}")
    until(page, lambda: line.message_count > 1)
    line.cut(page)
    expect(lead(page)).to_contain_text("Vos marchés")
    expect(page).to_have_url(re.compile(f"#{MIX}$"))
    page.context.close()


def test_a_mix_outlives_the_server(browser: Browser, tmp_path: Path, seeded_address: str, stores: StoreMaker) -> None:
    """A server that starts again finds the mix in the address, whatever the controls of the open page showed.

    Meanwhile the reader is told, in the language of the page and below it.
    """
    port, store = free_port(), stores.copy(seeded_address, tmp_path)
    with serving(tmp_path, store, port) as address:
        page, _line = opened(browser, f"{address}/portfolio?horizon=5#{MIX}")
        expect(lead(page)).to_contain_text("Vos marchés")
        shown = sentence(page)
        page.evaluate(MARK)
    expect(page.get_by_role("alert")).to_contain_text("La liaison avec l\u2019observatoire est coupée.")
    expect(lead(page)).to_be_in_viewport()
    expect(page.get_by_role("dialog")).to_have_count(0)
    with serving(tmp_path, store, port):
        returned(page)
        page.wait_for_selector("[data-testid=stApp][data-test-connection-state=CONNECTED]")
        expect(page.locator("#o-line")).to_have_count(0)
        settle(page)
        expect(lead(page)).to_have_text(shown)
        expect(page).to_have_url(AT_THE_MIX)
        page.context.close()


def test_a_choice_that_is_lost_with_its_line(browser: Browser, server: str) -> None:
    """After a choice whose answer never came, page, control and address say the same again."""
    page, line = opened(browser, f"{server}/segment?segment=space&horizon=3")
    line.hold = True
    press(page, "w_horizon", 0)
    until(page, lambda: any(b"horizon=1" in answer for answer in line.answers if isinstance(answer, bytes)))
    line.cut(page)
    settle(page)
    years = int((query_of(page.url).get("horizon") or ["3"])[0])
    expect(page.locator(".st-key-w_horizon button[aria-checked=true]")).to_contain_text(f"{years}\u00a0an")
    expect(lead(page)).to_contain_text(str(2026 + years))
    page.context.close()


def test_a_page_has_one_lead_at_any_moment(browser: Browser, server: str) -> None:
    """A notice that goes, parts that come and go: a run redraws what stands below in its place, however slow."""
    page, line = opened(browser, f"{server}/portfolio#mix=nothing:40")
    expect(page.locator(".st-key-notices_place")).to_be_visible()
    settle(page)
    page.evaluate(COUNTED)
    line.hold = True
    page.get_by_role("button", name="Hélicoptères").click()
    until(page, lambda: bool(line.answers))
    line.drip(page, 40)
    expect(lead(page)).to_contain_text("Vos marchés")
    expect(page.locator(".st-key-notices_place")).to_have_count(0)
    assert page.evaluate("window.__most") == 1
    page.context.close()


def test_a_network_that_allows_no_open_line(browser: Browser, server: str) -> None:
    """The answer of the page is there all the same, with the page as a file and a word on why."""
    page = somebody(browser, 390, 844)
    page.route_web_socket("**/_stcore/stream", lambda socket: socket.close())
    page.goto(f"{server}/segment?segment=space")
    shown = page.get_by_role("alert")
    expect(shown).to_contain_text("Le marché du spatial devrait")
    expect(shown).to_contain_text("WebSocket")
    answer = page.request.get(f"{server}{shown.get_by_role('link').get_attribute('href')}")
    assert answer.headers["content-type"] == "application/pdf"
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.context.close()
