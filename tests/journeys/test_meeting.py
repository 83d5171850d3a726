"""A meeting in a real browser: opened from a page, read from the back of the room, left with one key."""

import re
from functools import partial
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Open, asks, overflow, query_of, sentence, settle, shot
from tests.journeys.lines import Line, until

pytestmark = pytest.mark.browser

SCREENS = "o.space.business_aviation.purchasing.t"
LINK = f"/segment?segment=space&unit=growth&mode=meeting&screens={SCREENS}"

# The size in pixels of every text on the screen; words in a chart are as large as the chart is scaled.
SIZES = """() => [...document.querySelectorAll('.st-key-meeting *')]
  .filter((one) => one.checkVisibility() && !one.closest('.o-hidden, [aria-hidden=true]'))
  .filter((one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim()))
  .map((one) => {
    const drawn = one.closest('svg.marks');
    const factor = drawn ? drawn.getBoundingClientRect().width / drawn.viewBox.baseVal.width : 1;
    const high = drawn ? drawn.getBoundingClientRect().height / drawn.viewBox.baseVal.height : 1;
    return [parseFloat(getComputedStyle(one).fontSize) * Math.min(factor, high), one.textContent];
  })"""

# By how much what is on the screen reaches beyond it, in pixels.
BEYOND = """() => Math.max(...[...document.querySelectorAll(
    '.st-key-meeting .stHtml > *, .st-key-m_foot a, svg.marks text')]
  .filter((one) => one.checkVisibility()).map((one) => one.getBoundingClientRect())
  .map((box) => Math.max(box.bottom - innerHeight, box.right - innerWidth, -box.left, -box.top)))"""


LONGER = "() => { const main = document.querySelector('.stMain'); return main.scrollHeight - main.clientHeight }"

# Nothing in the panel moves: a fold that opens carries what is in it away from under the pointer.
UNMOVED = "() => !document.querySelector('[data-testid=stPopoverBody]').getAnimations({ subtree: true }).length"


def await_screen(page: Page, number: int, last: int = 5) -> None:
    """Waits until a screen is there, its title said."""
    page.wait_for_function(f"() => document.title.startsWith('{number}/{last} ')")
    page.wait_for_selector(".st-key-m_foot a")
    settle(page)
    if number > 1:
        page.wait_for_selector("svg.marks .role-axis", state="attached")


def await_cover(page: Page) -> None:
    """Waits until the cover is there, with a link to each screen."""
    page.wait_for_selector(".o-mcover h1")
    page.wait_for_selector(".st-key-m_foot a")
    settle(page)


def sizes(page: Page) -> list[Any]:
    page.wait_for_function("() => document.fonts.status === 'loaded'")
    return sorted(page.evaluate(SIZES))


WALLS = ((1920, 1080, 28.0), (1366, 768, 19.9))  # width, height, least size of a text


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_screen_is_read_from_the_back_of_the_room(visit: Open, language: str) -> None:
    """No text below 28 px at 1920 x 1080, in charts too, and nothing to scroll; on smaller walls in proportion.

    The English link is a dated one, whose notice takes room from the chart; it is opened on the smaller wall.
    """
    dated, scheme = ("&asof=e1", "dark") if language == "en" else ("", "light")
    walls = WALLS[::-1] if dated else WALLS
    page = visit(f"{LINK}&lang={language}{dated}", width=walls[0][0], scheme=scheme)
    for number in range(1, 6):
        for wide, tall, least in walls:
            page.set_viewport_size({"width": wide, "height": tall})
            await_screen(page, number)
            found = sizes(page)
            assert len(found) > 8
            assert found[0][0] >= least - 0.05, found[:3]
            assert page.evaluate(BEYOND) <= 0.5
            assert page.evaluate(LONGER) <= 0
            assert overflow(page) <= 0
            expect(page.locator("h1")).to_have_count(1)
            expect(page.locator(".o-mclock")).to_contain_text(re.compile("novembre|November|jusqu|up to"))
            expect(page.locator(".o-mclock")).to_contain_text("Source")
            expect(page.locator("svg.marks:visible")).to_have_count(0 if number == 1 else 1)
            shot(page, f"meeting-{number}-{language}-{wide}")
        page.keyboard.press("ArrowRight")
    expect(page.locator(".st-key-topbar, .st-key-controls")).to_have_count(0)


def test_the_ranking_of_a_meeting_has_every_market(visit: Open) -> None:
    """The first screen: nine markets as a table with headed columns, each with its call."""
    page = visit(f"{LINK}&lang=fr", width=1440)
    expect(page.locator(".o-mranking tbody th[scope=row]")).to_have_count(9)
    expect(page.locator(".o-mranking .o-call")).to_have_count(9)
    expect(page.locator(".o-mranking thead th[scope=col]")).to_have_count(5)


def test_the_keys_of_a_meeting(visit: Open) -> None:
    """Arrows, page keys, space, Home, End and Escape; each screen is in the address, and is told to a screen reader."""
    page = visit(LINK, width=1440)
    page.evaluate("() => { window.stayed = true }")
    for key, number in (("ArrowRight", 2), (" ", 3), ("PageDown", 4), ("ArrowLeft", 3), ("PageUp", 2), ("End", 5)):
        page.keyboard.press(key)
        await_screen(page, number)
        expect(page).to_have_url(re.compile(rf"[?&]screen={number}(&|$)"))
        expect(page.locator("body > [role=status]")).to_have_text(page.title())
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Home")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    await_screen(page, 4)
    page.keyboard.press("Home")
    await_screen(page, 1)
    assert page.evaluate("() => window.stayed")
    page.go_back()
    await_screen(page, 4)
    page.reload()
    await_screen(page, 4)
    page.keyboard.press("Escape")
    page.wait_for_selector(".st-key-topbar")
    settle(page)
    asks(page, {"segment": ["space"], "unit": ["growth"]})
    assert "4/5" not in page.title()
    page.keyboard.press("ArrowRight")
    settle(page)
    asks(page, {"segment": ["space"], "unit": ["growth"]})


def test_keys_faster_than_the_answers(visit: Open) -> None:
    """Whoever presses on while the answers are slow to arrive ends on the screen asked for, and loses nothing.

    What the browser has is known to the server from the question, and each answer on its way ages it.
    """
    page = visit(LINK, width=1440)
    line = Line(page)
    page.reload()
    await_screen(page, 1)
    page.keyboard.press("ArrowRight")
    await_screen(page, 2)
    line.hold = True
    for asked, key in enumerate(("ArrowRight", "ArrowRight", "ArrowRight", "Home", "ArrowRight"), 1):
        page.keyboard.press(key)
        until(page, partial(line.over, asked))
    line.give()
    await_screen(page, 2)
    page.keyboard.press("ArrowRight")
    await_screen(page, 3)


def test_a_key_after_escape_does_nothing(visit: Open) -> None:
    """While a meeting is being left the answer is on its way: a key struck then neither keeps it nor moves the address.

    It had been gone through and back again; coming back to it with the browser gives the keys back.
    """
    page = visit(LINK, width=1440)
    line = Line(page)
    page.reload()
    for key in ("ArrowRight", " ", "End", "Escape"):
        await_screen(page, 1)
        for number in (2, 3):
            page.keyboard.press("ArrowRight")
            await_screen(page, number)
        for number in (2, 1):
            page.go_back()
            await_screen(page, number)
        line.hold = True
        page.keyboard.press("Escape")
        asks(page, {"segment": ["space"], "unit": ["growth"]})
        page.keyboard.press(key)
        until(page, partial(line.over, 1))
        assert query_of(str(page.evaluate("location.href"))) == {"segment": ["space"], "unit": ["growth"]}, key
        line.give()
        page.wait_for_selector(".st-key-topbar")
        settle(page)
        asks(page, {"segment": ["space"], "unit": ["growth"]})
        assert "/5 " not in page.title(), key
        page.go_back()
    await_screen(page, 1)
    page.keyboard.press("ArrowRight")
    await_screen(page, 2)


def test_a_meeting_with_a_mouse(visit: Open) -> None:
    """The links do what the keys do, keep their place, and say which keys they have."""
    page = visit(f"{LINK}&lang=en", width=1440)
    follow, back = page.locator(".st-key-m_next a"), page.locator(".st-key-m_previous a")
    expect(follow).to_have_attribute("accesskey", "n")
    place = follow.bounding_box()
    follow.click()
    await_screen(page, 2)
    assert follow.bounding_box() == place
    expect(back).to_have_attribute("href", re.compile("."))
    page.locator(".st-key-m_screens a", has_text="5").click()
    await_screen(page, 5)
    expect(page.locator(".st-key-m_screens a[aria-current=page]")).to_have_text("5")
    page.locator(".st-key-m_leave a").click()
    page.wait_for_selector(".st-key-topbar")
    settle(page)
    asks(page, {"segment": ["space"], "unit": ["growth"], "lang": ["en"]})


def test_a_meeting_begins_in_the_share_panel(visit: Open) -> None:
    """The panel opens a meeting on the market of the page, and on others that are chosen; leaving comes back."""
    page = visit("/segment?segment=helicopters&horizon=3")
    shown = sentence(page)
    page.locator(".st-key-share button").first.click()
    way_in = page.locator("[data-testid=stPopoverBody] a", has_text="mode réunion")
    expect(way_in).to_be_visible()
    settle(page)
    page.locator("[data-testid=stPopoverBody] summary", has_text="Choisir").click()
    settle(page)
    page.wait_for_function(UNMOVED)
    page.locator("[data-testid=stPopoverBody] button", has_text="Drones").click()
    expect(way_in).to_have_attribute("href", re.compile("drones"))
    settle(page)
    way_in.click()
    await_cover(page)
    page.keyboard.press("ArrowRight")
    await_screen(page, 1, 4)
    expect(page).to_have_url(re.compile(r"[?&]screens=o\.helicopters\.drones\.t(&|$)"))
    page.keyboard.press("ArrowRight")
    await_screen(page, 2, 4)
    assert sentence(page).startswith(shown)  # and goes on with the figures, which the page has below
    page.keyboard.press("Escape")
    page.wait_for_selector(".st-key-topbar")
    settle(page)
    asks(page, {"segment": ["helicopters"], "horizon": ["3"]})


@pytest.mark.parametrize(("width", "tall"), [(1920, 1080), (1366, 768)])
def test_the_cover_of_a_meeting(visit: Open, width: int, tall: int) -> None:
    """Title, edition, nine markets and a code on one screen; nothing before it, the first screen after it and back."""
    page = visit(f"{LINK}&screen=0&asof=e1", width=width)
    page.set_viewport_size({"width": width, "height": tall})
    await_cover(page)
    expect(page.locator("h1")).to_have_count(1)
    expect(page.locator(".o-mcover")).to_contain_text("22 novembre 2026")
    expect(page.locator(".o-mcover-markets li")).to_have_count(9)
    expect(page.locator(".o-mcover img")).to_be_visible()
    expect(page.locator(".st-key-m_previous")).to_have_count(0)
    assert page.evaluate(BEYOND) <= 0.5
    assert page.evaluate(LONGER) <= 0
    shot(page, f"meeting-cover-{width}")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowRight")
    await_screen(page, 1)
    expect(page).not_to_have_url(re.compile("screen="))
    page.keyboard.press("ArrowLeft")
    await_cover(page)
    expect(page).to_have_url(re.compile(r"[?&]screen=0(&|$)"))


def test_a_meeting_link_on_a_phone(visit: Open) -> None:
    """A phone shows the same screen in its own size: no sideways scrolling, links that a thumb can hit."""
    page = visit(f"{LINK}&lang=fr&asof=e1", width=390)
    for number in (1, 2):
        await_screen(page, number)
        assert overflow(page) <= 0
        assert min(size for size, text in sizes(page) if not text.replace(" ", "").isdigit()) >= 11
        assert min(one.bounding_box()["height"] for one in page.locator(".st-key-m_foot a").all()) >= 44  # type: ignore[index]
        expect(page.locator(".st-key-m_notices")).to_contain_text("tel qu\u2019il était")
        page.locator(".st-key-m_next a").click()


def test_hostile_values_in_a_meeting_are_text(visit: Open) -> None:
    """What an address says wrong is told as text, and the meeting is shown."""
    page = visit("/?mode=meeting&screens=a%3Cimg%20src%3Eb&screen=99&lang=en")
    await_screen(page, 1, 2)
    expect(page.locator(".st-key-m_notices")).to_contain_text("a<img src>b")
    expect(page.locator(".st-key-m_notices img")).to_have_count(0)


def test_the_title_is_that_of_the_server(visit: Open) -> None:
    """The window keeps the title that the server sent: the market and its call, in the language of the link."""
    page = visit("/segment?segment=space&lang=en", "fr-FR")
    sent = page.request.get(page.url, headers={"accept": "text/html"}).text()
    assert f"<title>{page.title()}</title>" in sent
    assert page.title().startswith("Space: ")
    assert page.title().endswith(" \u00b7 Observatory")
