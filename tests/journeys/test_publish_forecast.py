"""An analyst adds a forecast of another author by the form: faults at their fields, preview, publication."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from observatory import settings
from observatory.workspace import Workspace
from tests.journeys.conftest import overflow, serving, settle
from tests.journeys.test_publish import opened, sign_in
from tests.support.stores import StoreMaker

pytestmark = pytest.mark.browser


@pytest.fixture
def store(stores: StoreMaker, tmp_path: Path) -> str:
    """The address of the store of the server, which fills it."""
    return stores.create(tmp_path)


@pytest.fixture
def publisher(tmp_path: Path, store: str, few: Path) -> Iterator[tuple[str, Path]]:
    """A server on a store of its own with three indicators, and its folder."""
    with serving(tmp_path, store, OBSERVATORY_DATA=str(few), LANG="fr_FR.UTF-8") as address:
        yield address, tmp_path


def choose(page: Page, label: str, text: str) -> None:
    """Types into a list and takes the first row with these words, which a slow browser shows late.

    A list that is opened while the answer to the choice before still arrives is closed by it.
    """
    settle(page)
    box = page.get_by_role("combobox", name=re.compile(label))
    box.click()
    box.fill(text)
    page.get_by_role("option").filter(has_text=text).first.click()


def fill(page: Page, /, **texts: str) -> None:
    """Fills fields of the form by their names."""
    for name, text in texts.items():
        page.locator(f".st-key-w_forecast_{name} input").fill(text)


def submit(page: Page) -> None:
    page.get_by_role("button", name="Examiner cette prévision").click()


def test_a_forecast_by_the_form_is_an_edition(
    publisher: tuple[str, Path], store: str, few: Path, browser: Browser
) -> None:
    """A quotation too long and an unknown author are shown below their fields; put right, one edition has the row."""
    address, folder = publisher
    page = opened(browser, address, width=390)
    sign_in(page, folder)
    page.get_by_text("Remplir le formulaire").click()
    choose(page, "^Auteur", "Cabinet d'essai")
    choose(page, "^Série", "Airbus")
    choose(page, "^Nature", "Niveau")
    fill(page, published="15/06/2026", target="2028", value="840,5", unit="avions", page="https://example.org/a")
    fill(page, quote=" ".join(["mot"] * 16))
    submit(page)
    expect(page.locator(".st-key-notices_forecast_quote")).to_contain_text("16 mots")
    expect(page.locator(".st-key-notices_forecast_publisher")).to_contain_text("Cabinet d\u2019essai")
    expect(page.locator(".st-key-w_forecast_publisher input")).to_be_focused()
    assert overflow(page) <= 0
    fill(page, quote="840 avions en 2028", licence="Aucune licence indiquée")
    submit(page)
    expect(page).to_have_url(re.compile("draft="))
    expect(page.locator(".st-key-fig_effect")).to_contain_text("Nouvelles prévisions d")
    settle(page)
    page.get_by_label("Motif").fill("prévision de juin")
    page.get_by_role("button", name="Publier", exact=True).click()
    expect(page.get_by_text("Édition n°\u00a02 publiée")).to_be_visible()
    with_forecast = Workspace(settings.load_settings({"OBSERVATORY_STORE": store, "OBSERVATORY_DATA": str(few)}))
    (row,) = with_forecast.get_outlook().catalogue.external_forecasts.added.values()
    assert (row.publisher, row.published, row.value) == ("cabinet_d_essai", "2026-06-15", 840.5)
    assert row.series == (("airbus_deliveries", "WORLD", ""),)
    with_forecast.close()
