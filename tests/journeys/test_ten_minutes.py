"""Ten minutes of the head of an SME on a phone, in French: every answer within twelve taps."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import Open, lead, overflow, settle

pytestmark = pytest.mark.browser

MOST_TAPS = 12


class _Finger:
    """Taps on a page, counted."""

    def __init__(self, page: Page) -> None:
        self.page, self.taps = page, 0

    def tap(self, target: Locator) -> None:
        """Taps, and waits until the page is at rest."""
        target.scroll_into_view_if_needed()
        settle(self.page)
        target.click()
        self.taps += 1
        settle(self.page)

    def enter(self, field: Locator, text: str) -> None:
        """Taps into a field, types over what it has, and ends with the key of the keyboard."""
        self.tap(field)
        field.fill(text)
        field.press("Enter")
        settle(self.page)


def test_twelve_taps_from_the_markets_to_the_bank(visit: Open) -> None:
    """Overview, a market, own mix 70/20/10, shock, neighbour, aluminium, note for the bank, send."""
    page = visit("/?lang=fr", width=390)
    finger = _Finger(page)
    expect(lead(page)).to_contain_text("marchés sur 9")
    finger.tap(page.locator(".o-row[data-market=commercial_aircraft] a"))
    expect(lead(page)).to_contain_text("avions commerciaux")
    expect(page.locator(".o-key").first).to_contain_text("sur 100")
    finger.tap(page.locator(".o-tabs a", has_text="Mon entreprise"))
    for name in ("Avions commerciaux", "Spatial", "Hélicoptères"):
        finger.tap(page.locator(".st-key-w_markets button", has_text=name))
    finger.enter(page.locator(".st-key-w_share_commercial_aircraft input"), "70")
    finger.enter(page.locator(".st-key-w_share_space input"), "20")
    expect(page).to_have_url(re.compile(r"mix=commercial_aircraft:70,space:20,helicopters:10"))
    expect(lead(page)).to_contain_text("Vos marchés devraient évoluer de")
    expect(page.locator(".o-wrong")).to_contain_text("C\u2019est une analogie, pas une prévision.")
    finger.tap(page.locator(".st-key-w_knowhow button", has_text="Usinage"))
    expect(page.locator(".o-nears li")).to_have_count(3)
    finger.tap(page.locator(".o-tabs a", has_text="Achats"))
    expect(lead(page)).to_contain_text(re.compile("Aluminium.*€/t.*8.chances sur 10"))
    page.go_back()
    finger.taps += 1
    settle(page)
    expect(page).to_have_url(re.compile(r"mix=commercial_aircraft:70,space:20,helicopters:10"))
    with page.expect_download() as waiting:
        finger.tap(page.get_by_role("button", name="Note pour la banque"))
    assert waiting.value.path().read_bytes().startswith(b"%PDF")
    finger.tap(page.locator(".st-key-share button").first)
    expect(page.locator("[data-testid=stPopoverBody]")).to_contain_text("Copier le lien")
    assert finger.taps <= MOST_TAPS
    assert overflow(page) <= 0


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/segment?segment=electronics&lang=fr", ".o-unit > a[href*='feed.atom']"),
        ("/portfolio?lang=fr#mix=space:70,drones:30", "[class*=st-key-mixrow_] input"),
    ],
)
def test_targets_are_high_enough_for_a_thumb(visit: Open, path: str, target: str) -> None:
    """24 CSS pixels at least: the link that follows a market, the fields of the shares."""
    page = visit(path, width=390)
    settle(page)
    expect(page.locator(target).first).to_be_visible()
    heights = page.locator(target).evaluate_all("rows => rows.map(row => row.getBoundingClientRect().height)")
    assert heights
    assert min(heights) >= 24
