"""An analyst at work in a real browser: sign in, three bad cells, correct, preview, publish, see it, undo."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from observatory import settings
from observatory.workspace import Workspace
from tests.journeys.conftest import Open, free_port, lead, looks, overflow_now, serving, settle, shot, somebody
from tests.support.stores import StoreMaker

pytestmark = pytest.mark.browser

HEAD = "Indicateur;Pays;Poste;Année;Valeur\r\n"
KNOWN = "airbus_deliveries;Monde;;2023;735\r\n"
THREE = (
    f"{KNOWN}airbus_deliveries;Monde;;2024;7O6\r\n"
    "airbus_deliveries;Lune;;2025;812,0\r\nairbus_deliveries;Monde;;20Z5;1\r\n"
)
EVIL_ROW = "<img src=x onerror=alert(1)>{rest};=cmd|calc;=1+1;;;\r\n"  # a know-how that somebody should not trust
GOOD = f"{KNOWN}airbus_deliveries;Monde;;2024;766,0\r\nairbus_deliveries;Monde;;2025;812,0\r\n"


@pytest.fixture
def store(stores: StoreMaker, tmp_path: Path) -> str:
    """The address of the store of the server, which fills it."""
    return stores.create(tmp_path)


@pytest.fixture
def publisher(tmp_path: Path, store: str, few: Path) -> Iterator[tuple[str, Path]]:
    """A server on a store of its own with three indicators, and its folder; the key of its start is in its log."""
    with serving(tmp_path, store, OBSERVATORY_DATA=str(few), LANG="fr_FR.UTF-8") as address:
        yield address, tmp_path


def opened(browser: Browser, address: str, width: int = 1440, scheme: str = "light") -> Page:
    page = somebody(browser, width, scheme=scheme)
    page.goto(f"{address}/publish")
    settle(page)
    return page


def sign_in(page: Page, folder: Path) -> None:
    """With the key that the console printed."""
    key = re.search(r"start-\S+", (folder / "log.txt").read_text())
    assert key is not None
    page.locator("input[type=password]").fill(key[0])
    page.get_by_role("button", name="Entrer avec cette clé").click()
    expect(page.locator("input[type=file]")).to_be_attached()
    settle(page)


def upload(page: Page, name: str, text: str) -> None:
    """Sends a file with this text, as a spreadsheet of Windows writes it."""
    upload_bytes(page, name, text.encode("cp1252"))


def upload_bytes(page: Page, name: str, content: bytes) -> None:
    """Sends a file by the field that is there once the page is at rest: the one of the page before goes."""
    settle(page)
    page.locator("input[type=file]").set_input_files({"name": name, "mimeType": "text/csv", "buffer": content})


def press(page: Page, control: Locator) -> None:
    """Presses a control by the keyboard, once the page is at rest."""
    settle(page)
    control.focus()
    page.keyboard.press("Enter")


def open_list_of_editions(page: Page) -> None:
    """Opens the list of editions that can be undone; a list closes when the page below it scrolls."""
    page.bring_to_front()
    settle(page)
    page.get_by_label("Édition à annuler").scroll_into_view_if_needed()
    settle(page)
    page.get_by_label("Édition à annuler").click()


def undo(page: Page) -> None:
    """Presses the button that undoes the second edition, and waits until that is said."""
    button = page.get_by_role("button", name="Annuler l\u2019édition n°\u00a02")
    expect(button).to_be_visible()
    settle(page)
    page.get_by_label("Motif (obligatoire)").fill("déposé par erreur")
    button.click()
    expect(page.locator(".st-key-notices_said")).to_contain_text(
        "Édition n°\u00a02 annulée par l\u2019édition n°\u00a03"
    )


def fits(page: Page, name: str) -> None:
    """Nothing scrolls sideways on a phone or on a desktop, light or dark; the page is left as it was."""
    opened = page.viewport_size
    assert opened is not None
    is_dark = page.evaluate("() => matchMedia('(prefers-color-scheme: dark)').matches")
    for width, scheme in looks(page):
        assert overflow_now(page) <= 0
        shot(page, f"{name}-{width}-{scheme}")
    page.set_viewport_size(opened)
    page.emulate_media(color_scheme="dark" if is_dark else "light")
    settle(page)


def deliveries(page: Page, address: str) -> str:
    """What the market's page says of the last value."""
    page.goto(f"{address}/segment?segment=commercial_aircraft&indicator=airbus_deliveries&lang=fr")
    settle(page)
    return page.locator(".st-key-fig_main .o-take").inner_text()


def test_from_three_bad_cells_to_an_edition_and_back(browser: Browser, publisher: tuple[str, Path]) -> None:
    """Three bad cells are named; taken up in another tab, the file is corrected, previewed, published and undone."""
    address, folder = publisher
    page = opened(browser, address)
    expect(page.locator("input[type=file]")).to_have_count(0)
    sign_in(page, folder)
    upload(page, "livraisons.csv", HEAD + THREE)
    expect(lead(page)).to_have_text("3 points à corriger avant de publier")
    rows = page.locator(".st-key-fig_report tbody tr")
    expect(rows).to_have_count(3)
    for row, (line, column, value) in zip(
        rows.all(), (("3", "Valeur", "7O6"), ("4", "Pays", "Lune"), ("5", "Année", "20Z5")), strict=True
    ):
        for text in (line, column, value):
            expect(row).to_contain_text(text)
    settle(page)
    expect(page.get_by_role("button", name="Publier", exact=True)).to_have_count(0)
    fits(page, "publish-report")
    expect(page).to_have_url(re.compile("draft="))
    page.context.close()

    page = opened(browser, address)
    sign_in(page, folder)
    page.get_by_role("button", name="livraisons.csv").click()
    expect(page.locator(".st-key-fig_report tbody tr")).to_have_count(3)
    upload(page, "livraisons corrigées.csv", HEAD + GOOD)
    expect(lead(page)).to_have_text("Une valeur est prête à être publiée")
    expect(page.locator(".st-key-fig_revised tbody tr")).to_contain_text("812")
    expect(page.locator(".st-key-fig_pair_0 .vega-embed svg")).to_have_count(2)
    fits(page, "publish-preview")
    other = page.context.new_page()
    assert "793" in deliveries(other, address)
    reason = page.get_by_label("Motif (obligatoire)")
    settle(page)
    page.get_by_role("button", name="Publier", exact=True).click()
    expect(reason).to_be_focused()
    expect(reason).to_have_attribute("aria-invalid", "true")
    described = reason.get_attribute("aria-describedby")
    expect(page.locator(f"#{described}")).to_contain_text("Le motif manque. Dites en une phrase")
    reason.fill("chiffres définitifs")
    page.get_by_role("button", name="Publier", exact=True).click()
    expect(page.locator(".st-key-notices_said")).to_contain_text("Édition n°\u00a02 publiée\u00a0: 1\u00a0valeur.")
    assert "812" in deliveries(other, address)
    other.goto(address + str(page.get_by_role("link", name="Voir ce qui a changé").get_attribute("href")))
    settle(other)
    expect(lead(other)).to_contain_text("1\u00a0valeur révisée")

    page.get_by_role("button", name="Annuler cette publication").click()
    box = page.get_by_role("combobox", name="Édition à annuler")
    expect(box).to_have_value(re.compile(r"n°\s2\b.*chiffres définitifs"))
    undo(page)
    assert "793" in deliveries(other, address)
    page.context.close()


def test_a_name_with_a_slip_and_a_new_one_by_the_keyboard(browser: Browser, publisher: tuple[str, Path]) -> None:
    """On a slow phone, by keys alone: the nearest title answers, a new indicator's form leads to its faults in turn."""
    address, folder = publisher
    page = opened(browser, address, 390)
    sign_in(page, folder)
    with page.expect_download() as waiting:
        press(page, page.get_by_role("button", name="Télécharger un exemple"))
    path = folder / "exemple.csv"
    waiting.value.save_as(path)
    fold = page.locator("details", has_text="Les colonnes d\u2019un fichier")
    press(page, fold.locator("summary"))
    expect(fold).to_contain_text("Dans l\u2019exemple")
    fits(page, "publish-columns")
    upload_bytes(page, "exemple.csv", path.read_bytes())
    expect(lead(page)).to_contain_text("Rien à publier")

    press(page, page.get_by_role("button", name="Abandonner ce brouillon"))
    expect(lead(page)).to_contain_text("Déposez un fichier")
    upload(page, "noms.csv", HEAD + "Livraison d'avions commerciaux Airbus;Mondde;;2025;812,0\r\n")
    expect(lead(page)).to_have_text(
        "Un indicateur n\u2019est pas au catalogue\u00a0: dites lequel c\u2019est, ou décrivez-le"
    )
    fits(page, "publish-names")
    press(page, page.get_by_role("button", name="Livraisons d\u2019avions commerciaux Airbus"))
    press(page, page.get_by_role("button", name="Monde", exact=True))
    expect(lead(page)).to_have_text("Une valeur est prête à être publiée")
    expect(page.locator(".st-key-fig_names")).to_contain_text("« Mondde » est lu comme « Monde »")
    settle(page)

    press(page, page.get_by_role("button", name="Abandonner ce brouillon"))
    expect(lead(page)).to_contain_text("Déposez un fichier")
    upload(page, "nouveau.csv", HEAD + "Zzz;Monde;;2024;5,5\r\nZzz;Monde;;2025;6,1\r\n")
    expect(page.locator(".st-key-fig_about")).to_be_visible()
    settle(page)
    send = page.get_by_role("button", name="Décrire cet indicateur")
    press(page, send)
    unit = page.get_by_label("Unité en français (obligatoire)")
    expect(unit).to_be_focused()
    fits(page, "publish-about")
    slow = page.context.new_cdp_session(page)  # a browser that draws the begin and the end of a run at once
    slow.send("Emulation.setCPUThrottlingRate", {"rate": 6})
    page.keyboard.type("avions")
    press(page, send)
    market = page.get_by_role("combobox", name="Marché ou rubrique (obligatoire)")
    expect(market).to_be_focused()
    page.keyboard.type("Drones")
    page.keyboard.press("Enter")
    press(page, send)
    expect(page.get_by_role("combobox", name="Rôle (obligatoire)")).to_be_focused()
    page.context.close()


def test_know_how_from_its_download_to_an_edition_and_back(
    browser: Browser, publisher: tuple[str, Path], tmp_path: Path
) -> None:
    """The table is downloaded, changed, sent back, previewed cell by cell, published, named in the news, undone.

    A word that says nothing is a fault with its line and column; sent back unchanged there is nothing to publish.
    """
    address, folder = publisher
    page = opened(browser, address, 390, "dark")
    sign_in(page, folder)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Savoir-faire en CSV (français").click()
    assert re.fullmatch(r"savoir-faire-\d{4}-\d\d-\d\d-fr\.csv", waiting.value.suggested_filename)
    path = tmp_path / "tableau.csv"
    waiting.value.save_as(path)
    table = path.read_text(encoding="utf-8-sig").replace("2026-11-22", "")
    upload(page, "tableau.csv", table)
    expect(lead(page)).to_contain_text("Rien à publier")
    settle(page)
    page.locator(".st-key-w_discard button").click()
    expect(lead(page)).to_contain_text("Déposez un fichier")
    upload(page, "faux.csv", table.replace("un peu", "pas mal", 1))
    expect(lead(page)).to_have_text("Un point à corriger avant de publier")
    expect(page.locator(".st-key-fig_report tbody tr")).to_contain_text("Électronique")
    settle(page)
    expect(page.get_by_text("Publier sans")).to_have_count(0)
    upload(page, "autre.csv", table.replace("un peu", "au cœur", 1) + EVIL_ROW.format(rest=";au cœur" * 9))
    expect(lead(page)).to_contain_text("2\u00a0savoir-faire du tableau changent")
    row = page.locator(".st-key-fig_knowhow tbody tr").first
    for text in ("Usinage", "Électronique", "un peu", "au cœur"):
        expect(row).to_contain_text(text)
    expect(page.locator(".st-key-fig_neighbours")).to_contain_text("L\u2019ordre des marchés voisins")
    expect(page.locator(".st-key-fig_knowhow img")).to_have_count(0)
    fits(page, "publish-knowhow")
    page.get_by_label("Motif").fill("usinage")
    page.get_by_role("button", name="Publier", exact=True).click()
    brought = "1\u00a0savoir-faire nouveau, 1\u00a0savoir-faire jugé autrement"
    expect(page.locator(".st-key-notices_said")).to_contain_text(f"2 publiée\u00a0: {brought}.")
    other = page.context.new_page()
    other.goto(f"{address}/whats-new?lang=fr")
    settle(other)
    expect(lead(other)).to_contain_text(f"{brought}, aucun avis changé")
    expect(other.locator(".st-key-changes_knowhow tbody tr").first).to_contain_text("au cœur")
    expect(other.locator(".st-key-fig_editions tbody tr").first).to_contain_text(brought.replace(", ", " · "))
    fits(other, "whats-new-knowhow")
    open_list_of_editions(page)
    page.get_by_role("option", name=re.compile(r"n°\s2\b.*usinage")).click()
    undo(page)
    page.context.close()


def test_a_restarted_server_has_the_draft(browser: Browser, tmp_path: Path, store: str, few: Path) -> None:
    """What was uploaded before the server stopped is taken up again after it starts, with the same report."""
    port = free_port()
    with serving(tmp_path, store, port, OBSERVATORY_DATA=str(few), LANG="fr_FR.UTF-8") as address:
        page = opened(browser, address)
        sign_in(page, tmp_path)
        upload(page, "livraisons.csv", HEAD + THREE)
        expect(page.locator(".st-key-fig_report tbody tr")).to_have_count(3)
        settle(page)
        expect(page).to_have_url(re.compile("draft="))
        link = page.url
        page.context.close()
    with serving(tmp_path, store, port, OBSERVATORY_DATA=str(few), LANG="fr_FR.UTF-8") as address:
        page = opened(browser, address)
        page.goto(link)
        settle(page)
        sign_in(page, tmp_path)
        expect(page.locator(".st-key-fig_report tbody tr")).to_have_count(3)
        page.context.close()


def test_somebody_was_faster(browser: Browser, publisher: tuple[str, Path], store: str, few: Path) -> None:
    """If an edition appears between preview and click, nothing is published and the new difference is shown."""
    address, folder = publisher
    page = opened(browser, address)
    sign_in(page, folder)
    upload(page, "livraisons.csv", HEAD + GOOD)
    expect(page.locator(".st-key-fig_revised tbody tr")).to_contain_text("793")
    theirs = Workspace(settings.load_settings({"OBSERVATORY_STORE": store, "OBSERVATORY_DATA": str(few)}))
    by = theirs.access.open_operator_session("autre")
    content = b"indicator,geo,item,period,value\nairbus_deliveries,WORLD,,2025,800\n"
    preview = theirs.build_preview(theirs.receive("a.csv", content, by))
    assert preview.prepared is not None
    theirs.commit(preview.prepared, by, "")
    settle(page)
    page.get_by_label("Motif").fill("chiffres définitifs")
    page.get_by_role("button", name="Publier", exact=True).click()
    expect(page.locator(".st-key-notices_said")).to_contain_text("rien n\u2019a été publié")
    settle(page)  # table, field and button of the difference before still stand there for a while
    expect(page.locator(".st-key-fig_revised tbody tr")).to_contain_text("800")
    expect(page.get_by_label("Motif")).to_have_value("chiffres définitifs")
    assert theirs.get_vintage().id == 2
    page.get_by_role("button", name="Publier", exact=True).click()
    expect(page.locator(".st-key-notices_said")).to_contain_text("Édition n°\u00a03 publiée")
    theirs.close()
    page.context.close()


def test_a_reader_sees_a_door_and_nothing_else(visit: Open) -> None:
    """Without an account the page says what it is for; a draft's number opens nothing."""
    page = visit("/publish?draft=1&lang=en")
    expect(lead(page)).to_have_text("Analysts add or correct an indicator here")
    expect(page.locator("input[type=file]")).to_have_count(0)
    page.locator("input[type=password]").fill("obs-1-" + "a" * 32)
    page.get_by_role("button", name="Enter with this key").click()
    expect(page.locator(".st-key-notices_sign_in")).to_contain_text("This key is not known.")


def test_an_analyst_stays_signed_in(browser: Browser, publisher: tuple[str, Path]) -> None:
    """A page that is loaded anew, in another language too, knows the analyst; no script can read the cookie.

    Whoever signs out is out, with the cookie or without.
    """
    address, folder = publisher
    page = opened(browser, address)
    sign_in(page, folder)
    page.wait_for_function("() => performance.getEntriesByName(location.origin + '/desk/stay').length")
    page.goto(f"{address}/publish?lang=en")
    settle(page)
    expect(page.locator(".st-key-who")).to_contain_text("Signed in: local")
    assert "observatory_pass" not in page.evaluate("() => document.cookie")
    cookie = next(row for row in page.context.cookies() if row["name"] == "observatory_pass")
    assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Strict")
    settle(page)
    page.get_by_role("button", name="Sign out").click()
    expect(page.locator("input[type=password]")).to_be_visible()
    settle(page)
    page.reload()
    settle(page)
    expect(page.locator("input[type=password]")).to_be_visible()
    page.context.close()
