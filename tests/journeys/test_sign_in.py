"""Signing in through an identity provider: back to the same draft, by name, and to nowhere else."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from observatory import settings
from observatory.pages.auth.sign_in import RETURN_COOKIE, sanitize_path
from observatory.workspace import Workspace
from tests.journeys.conftest import PATIENCE, lead, serving, settle
from tests.journeys.provider import CLIENT, SECRET, Provider, providing
from tests.pages.test_way_back import CODED, HOST, PIECES
from tests.support.stores import StoreMaker

pytestmark = pytest.mark.browser

ANNE = {"email": "Anne@Example.org", "email_verified": True, "name": "Anne"}
BOB = {"email": "bob@example.org", "email_verified": True, "groups": ["readers"], "sub": "43"}
CARL = {"email": "carl@example.org", "email_verified": False, "groups": ["analysts"], "sub": "44"}
MALLORY = {"email": "anne@example.org", "email_verified": False, "sub": "45"}


@dataclass
class Place:
    """A server that a provider vouches for, and the draft that waits there."""

    address: str
    draft: int
    provider: Provider
    log: Path


@pytest.fixture(scope="module")
def place(few: Path, stores: StoreMaker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("sign_in")
    store = stores.create(folder)
    workspace = Workspace(settings.load_settings({"OBSERVATORY_STORE": store, "OBSERVATORY_DATA": str(few)}))
    workspace.publish_curated()
    content = b"indicator,geo,item,period,value\nairbus_deliveries,WORLD,,2025,812\n"
    draft = workspace.receive("deliveries.csv", content, workspace.access.open_operator_session("zelda"))
    workspace.close()
    with providing() as provider:
        secrets = folder / "secrets.toml"
        secrets.write_text(
            f"""[auth]
redirect_uri = "http://127.0.0.1:{{port}}/oauth2callback"
cookie_secret = "{SECRET}"
client_id = "{CLIENT}"
client_secret = "{SECRET}"
server_metadata_url = "{provider.address}/.well-known/openid-configuration"
"""
        )
        environment = {
            "STREAMLIT_SECRETS_FILES": str(secrets),
            "OBSERVATORY_DATA": str(few),
            "OBSERVATORY_ANALYSTS": "anne@example.org",
            "OBSERVATORY_ANALYST_CLAIM": "groups=analysts",
        }
        with serving(folder, store, **environment) as address:
            yield Place(address, draft.id, provider, folder / "log.txt")


Visit = Callable[[str], Page]


@pytest.fixture
def visit(place: Place, browser: Browser) -> Iterator[Visit]:
    """Opens a path as somebody with a browser of their own, in French."""
    context = browser.new_context(locale="fr-FR")
    context.set_default_timeout(PATIENCE)
    errors: list[str] = []

    def go(path: str) -> Page:
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(place.address + path)
        settle(page)
        return page

    yield go
    context.close()
    assert errors == []


def test_back_to_the_same_draft(place: Place, visit: Visit) -> None:
    """Who opens the link of a draft and signs in is at that draft, in the language of the link, under their name."""
    place.provider.user = ANNE
    path = f"/publish?draft={place.draft}&lang=en"
    page = visit(path)
    expect(lead(page)).to_have_text("Analysts add or correct an indicator here")
    expect(page.locator("body")).not_to_contain_text("deliveries.csv")
    expect(page.locator("input[type=file]")).to_have_count(0)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_text("Signed in: Anne@Example.org")).to_be_visible()
    expect(page).to_have_url(place.address + path)
    settle(page)
    expect(page.locator(".o-kicker")).to_contain_text("deliveries.csv")
    expect(page.get_by_role("button", name="Publish", exact=True)).to_be_visible()
    cookies = {str(row.get("name")): row for row in page.context.cookies()}
    assert RETURN_COOKIE not in cookies
    assert all(row.get("httpOnly") for name, row in cookies.items() if name != "_streamlit_xsrf")
    assert page.evaluate("document.cookie").count("=") == 1
    page.reload()
    expect(page.get_by_text("Signed in: Anne@Example.org")).to_be_visible()
    settle(page)
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(lambda url: urlsplit(url).path == "/")
    settle(page)
    expect(page.get_by_text("Signed in")).to_have_count(0)
    page.goto(place.address + path)
    expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
    expect(page.locator("body")).not_to_contain_text("deliveries.csv")


def test_somebody_who_is_not_on_the_list(place: Place, visit: Visit) -> None:
    """They are told so in a sentence that names them, see no uploader and no draft, and can sign out."""
    place.provider.user = BOB
    page = visit(f"/publish?draft={place.draft}&lang=fr")
    page.get_by_role("button", name="Se connecter").click()
    expect(page.locator(".st-key-notices_refused")).to_contain_text("bob@example.org")
    expect(page.locator(".st-key-notices_refused")).to_contain_text("liste")
    settle(page)
    expect(page.locator("input[type=file]")).to_have_count(0)
    expect(page.locator("body")).not_to_contain_text("deliveries.csv")
    page.get_by_role("button", name="Se déconnecter").click()
    page.wait_for_url(lambda url: urlsplit(url).path == "/")
    settle(page)
    page.goto(f"{place.address}/publish?lang=fr")
    expect(page.get_by_role("button", name="Se connecter")).to_be_visible()


def test_an_address_that_nobody_vouches_for(place: Place, visit: Visit) -> None:
    """An address of the list that the provider has not verified opens nothing."""
    place.provider.user = MALLORY
    page = visit("/publish?lang=en")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.locator(".st-key-notices_refused")).to_contain_text("is not on the list")
    settle(page)
    expect(page.locator("input[type=file]")).to_have_count(0)


def test_a_claim_opens_too(place: Place, visit: Visit) -> None:
    """Whoever has the claim may publish, under the provider's own number where it does not vouch for the address."""
    place.provider.user = CARL
    page = visit("/publish?lang=en")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_text("Signed in: carl@example.org (44)")).to_be_visible()
    expect(page.locator("input[type=file]")).to_have_count(1)
    expect(page).to_have_url(f"{place.address}/publish?lang=en")


def test_a_browser_agrees_on_what_stays_here(browser: Browser) -> None:
    """Whatever is let through leads, in a real browser, to the server that it came from; so do the names of pages."""
    pieces = (*PIECES, *CODED)
    tried = {"/" + "".join(parts) for parts in product(pieces, repeat=3)} | {
        "".join(parts) for parts in product(pieces, repeat=2)
    }
    let = sorted(path for path in tried if sanitize_path(path))
    page = browser.new_page()
    origins = page.evaluate(
        "([paths, base]) => paths.map(path => new URL(path, base).origin)", [let, f"http://{HOST}/auth/login"]
    )
    page.close()
    assert len(let) > 1000
    assert set(origins) == {f"http://{HOST}"}
    assert not any(
        sanitize_path(path) for path in ("//evil.org", "/\\evil.org", "/\t/evil.org", "\t//evil.org", "https:evil.org")
    )
    assert sanitize_path("/%09/evil.org") == "/%09/evil.org"  # a browser takes it for the path that it is
    assert sanitize_path("/publish?draft=3&lang=en") == "/publish?draft=3&lang=en"
