"""Mangled links in a real browser: what only it sees of a link, the part after the #, comes back."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Open, lead

pytestmark = pytest.mark.browser


def test_what_a_mangled_link_hides_behind_the_hash_comes_back(visit: Open) -> None:
    """A numeric reference cuts a query in two; an encoded # moves a mix into it: both open what was meant."""
    page = visit("/segment?lang=en&#38;segment=space&#x26;horizon=5")
    expect(lead(page)).to_contain_text("market for space is expected to grow by 2031")
    page = visit("/portfolio?lang=en%23mix=space:60,drones:40")
    expect(lead(page)).to_contain_text("Your markets are expected")
