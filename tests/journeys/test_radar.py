"""Weak signals in a real browser: rows in the order of the heading, each of which opens; a chart with links."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Open, overflow

pytestmark = pytest.mark.browser


def test_the_rows_follow_the_heading_and_open(visit: Open) -> None:
    """The topics that the heading names are the first rows; a tap shows what is seen, the criterion and the series."""
    page = visit("/radar?lang=fr", width=390)
    rows = page.locator(".st-key-signals .o-sheet")
    expect(rows).to_have_count(9)
    heading = page.locator("h1").inner_text()
    summaries = page.locator(".st-key-signals .o-sheet>summary")
    titles = [row.inner_text().splitlines()[0] for row in summaries.all()]
    named = [title for title in titles if title in heading]
    assert named
    assert titles[: len(named)] == named
    expect(rows.first.locator("dl").first).to_be_hidden()
    summaries.first.click()
    expect(rows.first.locator("dl").first).to_contain_text("Ce que nous voyons")
    expect(rows.first.locator("a.o-asked")).to_have_attribute("href", re.compile("^/segment"))
    assert overflow(page) <= 0


def test_names_of_the_chart_are_links(visit: Open) -> None:
    """On a wide screen a click on the name of a topic opens the page of its series."""
    page = visit("/radar?lang=fr", width=1440)
    page.locator(".st-key-fig_radar .vega-embed svg text", has_text="Réarmement").last.click()
    page.wait_for_url(re.compile("/segment"))
    expect(page.locator("h1")).to_have_count(1)
