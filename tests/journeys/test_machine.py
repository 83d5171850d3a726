"""The time machine in a real browser: October 2010, what came next at a toggle, links that keep it."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Open, lead, overflow, settle, shot

pytestmark = pytest.mark.browser

CAME = ".vega-embed svg path[stroke='var(--muted)']"


@pytest.mark.parametrize(
    ("language", "banner", "show"),
    [("fr", "Reconstitution", "Montrer ce qui est arrivé"), ("en", "Reconstruction", "Show what happened next")],
)
def test_october_2010(visit: Open, language: str, banner: str, show: str) -> None:
    """The month of the announcement: said to be rebuilt; what came is drawn in grey when asked, on a phone too."""
    page = visit(f"/segment?segment=air_transport&asof=2010-10&lang={language}", width=390)
    expect(page.locator(".st-key-notices")).to_contain_text(banner)
    expect(lead(page)).to_contain_text("2012")
    expect(page.locator("body")).not_to_contain_text("Covid")
    page.wait_for_selector(".vega-embed svg .role-axis")
    settle(page)
    assert page.locator(CAME).count() == 0
    page.get_by_text(show).click()
    page.wait_for_url(re.compile("after=1"))
    expect(page.locator(CAME).first).to_be_attached()
    assert overflow(page) <= 0
    shot(page, f"october-2010-{language}")


def test_other_pages_keep_the_date(visit: Open) -> None:
    """The overview of October 2010 leads to markets of October 2010; an indicator that began later is said to."""
    page = visit("/?asof=2010-10")
    expect(lead(page)).to_contain_text("2012")
    page.locator(".o-row[data-market=space] a").click()
    page.wait_for_url("**/segment?**")
    expect(page).to_have_url(re.compile("asof=2010-10"))
    page = visit("/segment?asof=2010-10&indicator=us_tsa_passengers")
    expect(page.locator(".st-key-notices")).to_contain_text("n’existait pas encore")
