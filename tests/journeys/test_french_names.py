"""No English name on a French page: what a screen reader hears of Streamlit's widgets, closed and open."""

import re
from pathlib import Path

import pytest
import streamlit
from playwright.sync_api import Page

from observatory.briefs.registry import PAGES
from tests.journeys.conftest import Open, settle

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SCRIPTS = Path(streamlit.__file__).parent / "static" / "static" / "js"
_NOT_WIDGETS = re.compile("plotly|deckgl|echarts|katex|diagram|chunk-|mermaid", re.IGNORECASE)
_SENTENCE = re.compile(r'["`]([A-Z][a-z]+(?:[ -][A-Za-z,.\'-]+)*[.!?]*)["`]')
_WORDS_OF_BOTH = {
    "Fermer",
    "Plus",
    "Source",
    "Sources",
    "Licence",
    "Nature",
    "Table",
    "Note",
    "Place",
    "Date",
    "France",
    "Usage",
}
_PATTERNS = re.compile(
    r"^(Remove|Clear|Select|Show|Hide|Fullscreen|Download as|Copy|Add:?|Choose|Close) |options? available|"
    r"-axis |mark container|Press (Enter|Ctrl)| icon$| per file$"
)


@pytest.fixture(scope="module")
def english() -> set[str]:
    """Every capitalized text of Streamlit's scripts: names, hints and labels, among words of code that nobody sees."""
    found = set()
    for path in SCRIPTS.glob("*.js"):
        if not _NOT_WIDGETS.search(path.name):
            found |= set(_SENTENCE.findall(path.read_text(encoding="utf-8", errors="replace")))
    assert {"Open", "Clear all", "Skip to main content", "Show password", "Increment"} <= found
    return found - _WORDS_OF_BOTH


def heard(page: Page) -> set[str]:
    """Names, descriptions and texts of the accessibility tree, as the browser gives it to screen readers."""
    session = page.context.new_cdp_session(page)
    said = set()
    for node in session.send("Accessibility.getFullAXTree")["nodes"]:
        if not node.get("ignored"):
            said |= {str(node.get(part, {}).get("value", "")).strip() for part in ("name", "description")}
            said |= {str(row["value"].get("value")) for row in node["properties"] if row["name"] == "roledescription"}
    session.detach()
    return said


def english_of(page: Page, english: set[str]) -> list[str]:
    return sorted(text for text in heard(page) if text in english or _PATTERNS.search(text))


@pytest.mark.parametrize("path", [f"/{row.path}" for row in PAGES])
def test_no_page_has_a_name_in_english(visit: Open, english: set[str], path: str) -> None:
    """As it opens, and with its first list open and nothing found in it."""
    page = visit(f"{path}?lang=fr")
    assert english_of(page, english) == []
    lists = page.locator(".stSelectbox input:visible, .stMultiSelect input:visible")
    if lists.count():
        lists.first.click()
        page.locator("[role=listbox]").last.wait_for()
        assert english_of(page, english) == []
        page.keyboard.type("zzzz")
        page.wait_for_timeout(300)
        assert english_of(page, english) == []


def test_the_same_page_in_english_has_them(visit: Open, english: set[str]) -> None:
    """In English nothing is replaced, which shows that the test above would see a name in English."""
    page = visit("/compare?lang=en")
    said = english_of(page, english)
    assert {"Open", "Clear all", "Skip to main content", "Selected values"} <= set(said)
    assert [text for text in said if text.startswith("Remove ")]


def test_a_mix_and_what_is_typed(visit: Open, english: set[str]) -> None:
    """A field that is typed in, and the share panel, speak French too."""
    page = visit("/portfolio?lang=fr#mix=commercial_aircraft:70,space:20,helicopters:10&turnover=6000000")
    page.locator(".stTextInput input").first.fill("65")
    assert english_of(page, english) == []
    page = visit("/?lang=fr")
    page.locator(".st-key-share button").first.click()
    page.locator("[data-testid=stPopoverBody] button").first.wait_for()
    settle(page)
    assert english_of(page, english) == []
