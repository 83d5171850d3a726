"""What changed, in a real browser: from a dated link to the two editions, on a phone as on a desktop."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from observatory import settings
from observatory.store.records import VintageBatch
from observatory.workspace import Workspace
from tests.journeys.conftest import Open, lead, looks, overflow_now, serving, settle, shot
from tests.support.stores import StoreMaker

pytestmark = pytest.mark.browser

EVIL = "<img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, seeded_address: str, stores: StoreMaker) -> Iterator[str]:
    """A server on a store with one more edition, published on the day of the curated one."""
    folder = tmp_path_factory.mktemp("editions")
    store = stores.copy(seeded_address, folder)
    opened = Workspace(settings.load_settings({"OBSERVATORY_STORE": store}))
    orders = [(("atr_backlog", "WORLD", ""), "2025", 199.0), (("falcon_backlog", "WORLD", ""), "2026", 80.0)]
    at = datetime(2026, 11, 30, 17, tzinfo=UTC)
    opened.publish(
        VintageBatch(at, "analyste", EVIL, EVIL, "0" * 64, orders, {}), opened.access.open_operator_session(EVIL)
    )
    opened.close()
    with serving(folder, store) as address:
        yield address


@pytest.mark.parametrize(
    ("language", "revised", "width"), [("fr", "1\u00a0valeur révisée", 390), ("en", "1 figure revised", 1440)]
)
def test_the_newest_against_the_one_before(visit: Open, language: str, revised: str, width: int) -> None:
    """The page answers with counts, lists each change, names both editions; nothing scrolls sideways or runs."""
    page = visit(f"/whats-new?lang={language}", width=width)
    for now, scheme in looks(page):
        expect(lead(page)).to_contain_text(revised)
        expect(page.locator("h1")).to_have_count(1)
        expect(page.locator(".st-key-changes_revised tbody tr")).to_have_count(1)
        expect(page.locator(".st-key-changes_revised tbody")).to_contain_text("199")
        expect(page.locator(".st-key-changes_data tbody tr")).to_have_count(1)
        expect(page.locator(".st-key-fig_editions tbody tr")).to_have_count(3)
        expect(page.locator(".st-key-fig_editions")).to_contain_text(EVIL)
        expect(page.locator(".st-key-fig_editions img")).to_have_count(0)
        expect(page.locator(".o-table th:not([scope])")).to_have_count(0)
        assert overflow_now(page) <= 0
        shot(page, f"whats-new-{language}-{now}-{scheme}")


def test_a_dated_link_says_what_has_changed_since(visit: Open) -> None:
    """A link to an edition stays with it though the next one is of the same day, and leads to both compared."""
    page = visit("/?asof=e2&lang=fr", width=390)
    expect(page.locator(".st-key-notices")).to_contain_text("1\u00a0valeur nouvelle, 1\u00a0valeur révisée")
    expect(page.locator(".o-foot")).to_contain_text("Édition n°\u00a02")
    page.locator(".st-key-notices a").click()
    page.wait_for_url("**/whats-new?**")
    settle(page)
    expect(page).to_have_url(re.compile("since=2"))
    expect(page).to_have_url(re.compile("until=3"))
    expect(lead(page)).to_contain_text("Depuis l\u2019édition n°\u00a02")
    page = visit("/?asof=2026-11-30&lang=fr")
    expect(page.locator(".st-key-notices")).to_contain_text("Rien n\u2019a changé depuis.")
    expect(page.locator(".o-foot")).to_contain_text("Édition n°\u00a03")


def test_the_first_edition_and_ones_that_do_not_exist(visit: Open) -> None:
    """Two boxes choose the editions; the first one says what it holds; a number that is none is told."""
    page = visit("/whats-new?lang=en")
    page.locator(".st-key-w_until input").click()
    page.get_by_role("option").filter(has_text="1 of").click()
    page.wait_for_url(re.compile("until=1"))
    expect(lead(page)).to_contain_text("64,480 figures")
    page = visit("/whats-new?lang=en&since=7&until=9")
    expect(page.locator(".st-key-notices_place")).to_contain_text("There is no edition 7.")
    expect(page.locator(".st-key-notices_place")).to_contain_text("There is no edition 9.")
    page = visit("/?asof=e9&lang=en")
    expect(page.locator(".st-key-notices")).to_contain_text("There is no edition 9.")


def test_a_row_opens_its_series(visit: Open) -> None:
    """The title of a revised indicator opens its market with that series."""
    page = visit("/whats-new?lang=fr")
    page.locator(".st-key-changes_revised summary").first.click()
    page.locator(".st-key-changes_revised tbody a").click()
    page.wait_for_url("**/segment?**")
    settle(page)
    expect(page).to_have_url(re.compile("indicator=atr_backlog"))
    assert "since" not in page.url
