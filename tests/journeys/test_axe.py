"""Accessibility as axe-core sees it: no serious or critical finding on these pages, on a phone and a wide screen."""

from importlib import resources

import pytest

from tests.journeys.conftest import Open, settle

pytestmark = pytest.mark.browser

axe = pytest.importorskip("axe_playwright_python", reason="a library of the tests alone (record 59)")
RUN = """async () => (await axe.run(document, {resultTypes: ['violations']})).violations
  .filter((row) => ['serious', 'critical'].includes(row.impact))
  .map((row) => `${row.id}: ${row.nodes.map((node) => node.target.join(' ')).join(', ')}`)"""
MIX = "mix=commercial_aircraft:70,space:20,helicopters:10&turnover=6000000"
PATHS = (
    *("/?", "/segment?segment=commercial_aircraft&", "/segment?segment=drones&", "/portfolio?", "/purchasing?"),
    *("/track-record?", "/radar?", "/countries?", "/compare?", "/method?", "/whats-new?", "/collection?", "/data?"),
    *("/about?", "/publish?", f"/portfolio?lang=fr#{MIX}"),
)


@pytest.mark.slow
@pytest.mark.parametrize("path", PATHS)
def test_axe_finds_nothing_serious(visit: Open, path: str) -> None:
    """By all rules of axe-core, in French, with every sheet closed: as the page opens, and on a wide bright screen."""
    page = visit(path if "#" in path else f"{path}lang=fr", width=390, scheme="dark")
    page.evaluate(resources.files(axe).joinpath("axe.min.js").read_text(encoding="utf-8"))
    assert page.evaluate(RUN) == []
    page.set_viewport_size({"width": 1440, "height": 900})
    page.emulate_media(color_scheme="light")
    settle(page)
    assert page.evaluate(RUN) == []
