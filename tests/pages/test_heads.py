"""What a link says before it is opened: title, description, picture and language, made by the server."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from observatory import workspace as workspaces
from observatory.briefs.common.context import Context
from observatory.briefs.registry import build_card
from observatory.errors import StoreError
from observatory.language import Localizer
from observatory.outlook.outlook import Outlook
from observatory.pages.server import og_images, page_meta
from observatory.pages.server.html_middleware import HtmlMiddleware
from observatory.selection import Selection
from observatory.workspace import Workspace
from tests.support.clients import application
from tests.support.curated import SEGMENTS

SHELL = '<html lang="en"><head><title>Streamlit</title></head><noscript>\n<p>Enable it</p>\n</noscript></html>'
ORIGIN = "https://observatoire.example.org"


@pytest.fixture
def client(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """Our shell and pictures, on the seeded store."""
    monkeypatch.setattr(workspaces, "get_workspace", lambda: workspace)
    og_images.draw_image.cache_clear()
    pages = Route("/{path:path}", lambda _request: HTMLResponse(SHELL))
    app = Starlette(routes=[og_images.build_route(), pages])
    app.add_middleware(HtmlMiddleware)
    with TestClient(app, base_url=ORIGIN) as made:
        yield made
    og_images.draw_image.cache_clear()


def shell(client: TestClient, path: str) -> str:
    answer = client.get(path, headers={"accept": "text/html", "accept-language": "fr"})
    assert answer.status_code == (404 if path.startswith("/missing") else 200)
    return answer.text


def tag(html: str, name: str) -> str:
    found = re.search(rf'<meta (?:name|property)="{name}" content="([^"]*)">', html)
    return unescape(found[1]) if found else ""


@pytest.mark.parametrize("accept", ["text/html", "*/*", ""])
def test_whoever_makes_previews_is_told(client: TestClient, accept: str) -> None:
    """Messengers ask for anything, not for HTML: they get the same head as a browser."""
    answer = client.get("/segment?segment=space&lang=en", headers={"accept": accept} if accept else {})
    assert tag(answer.text, "og:title").startswith("Space: ")


def test_a_browser_without_scripts_reads_the_answer(client: TestClient, outlook: Outlook) -> None:
    """The sentence of the page, in the language of the link, and the same page as a file that is there."""
    html = shell(client, "/segment?segment=space&horizon=5&lang=en")
    found = html.partition("<noscript>")[2].partition("</noscript>")[0]
    assert "Enable it" not in html
    chosen = Selection("en", segment="space", horizon=5)
    card = build_card(Context(outlook, chosen, Localizer("en"), outlook.day), "segment")
    assert card.sentence in unescape(found)
    assert 'href="/download/segment.pdf?lang=en&amp;segment=space&amp;horizon=5"' in found
    assert "/download/" not in shell(client, "/publish?lang=en").partition("<noscript>")[2]
    hostile = shell(client, "/segment?segment=%3Cimg%20src=x%3E&lang=en")
    assert "<img" not in hostile


@pytest.mark.parametrize("segment", SEGMENTS)
def test_a_link_to_a_market_says_its_call(
    client: TestClient, outlook: Outlook, localizer: Localizer, segment: str
) -> None:
    """Title, description and picture are those of the market's card, in the language of the link."""
    shown = build_card(
        Context(outlook, Selection(lang=localizer.language, segment=segment), localizer, outlook.day), "segment"
    )
    html = shell(client, f"/segment?segment={segment}&lang={localizer.language}")
    assert f'<html lang="{localizer.language}">' in html
    assert f"<title>{shown.title} \u00b7 {localizer.text('app.name')}</title>" in unescape(html)
    assert tag(html, "description") == tag(html, "og:description") == shown.sentence
    assert tag(html, "og:title") == shown.title
    assert tag(html, "og:url") == f"{ORIGIN}/segment?lang={localizer.language}&segment={segment}"
    assert tag(html, "twitter:card") == "summary_large_image"
    feed = re.search(r'<link rel="alternate" type="application/atom\+xml" title="[^"]+" href="([^"]+)">', html)
    assert feed
    assert feed[1] == f"/feed.atom?lang={localizer.language}"


@pytest.mark.parametrize(
    ("path", "feed", "title"),
    [
        ("/segment?segment=space&lang=en", "segment=space", "Space: calls that change"),
        ("/whats-new?lang=en", "flips=1", "calls that change"),
        (
            "/purchasing?indicator=brent_price&threshold=90.5&side=above&lang=en",
            "threshold=brent_price%3E90.5",
            "Brent crude oil (World): more than 90.5 US dollars per barrel",
        ),
        ("/purchasing?indicator=eur_usd&threshold=1.085&side=below&lang=en", "threshold=eur_usd%3C1.0850", None),
        ("/segment?lang=en", None, None),
        ("/purchasing?lang=en", None, None),
        ("/method?lang=en", None, None),
    ],
)
def test_the_head_names_the_feed_of_the_page(
    client: TestClient, workspace: Workspace, path: str, feed: str | None, title: str | None
) -> None:
    """After the feed of everything, that of the market, threshold or flips that the link names; the API answers it."""
    tags = re.findall(
        r'<link rel="alternate" type="application/atom[+]xml" title="([^"]*)" href="([^"]*)">', shell(client, path)
    )
    found = [(unescape(name), unescape(url)) for name, url in tags]
    assert found[0][1] == "/feed.atom?lang=en"
    assert [url for _name, url in found[1:]] == ([f"/feed.atom?lang=en&{feed}"] if feed else [])
    if title:
        assert found[1][0] == f"{title} \u00b7 {Localizer('en').text('app.name')}"
    for _name, url in found:
        assert TestClient(application(workspace)).get(url).status_code == 200


@pytest.mark.slow
def test_the_picture_of_a_link_is_that_of_its_edition(client: TestClient) -> None:
    """The address of the picture names the edition and may be kept for ever; without one, for minutes."""
    picture = tag(shell(client, "/segment?segment=space&lang=en"), "og:image")
    assert picture == f"{ORIGIN}/social/segment.png?lang=en&segment=space&asof=e2"
    answer = client.get(picture)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
    assert "immutable" in answer.headers["cache-control"]
    live = client.get("/social/segment.png?segment=space&lang=en")
    assert live.content == answer.content
    assert live.headers["cache-control"] == "public, max-age=300"
    assert client.get("/social/segment.png?segment=space&lang=fr").content != answer.content
    assert "immutable" not in client.get("/social/segment.png?segment=space&lang=en&asof=e999").headers["cache-control"]
    assert og_images.draw_image.cache_info().maxsize == og_images.MAX_CACHED_IMAGES


@pytest.mark.slow
def test_another_brand_has_another_picture(client: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a brand its digest is in the address, which is kept for ever for that brand alone; its picture is drawn."""
    plain = tag(shell(client, "/?lang=en"), "og:image")
    pictures = {"": client.get(plain).content}
    monkeypatch.setenv("OBSERVATORY_BRAND", str(tmp_path))
    for colour in ("#7A1F5C", "#1F5C2E"):
        (tmp_path / "brand.toml").write_text(f'publisher = "Cluster of the test"\naccent = "{colour}"\n')
        address = tag(shell(client, "/?lang=en"), "og:image")
        assert address.startswith(f"{plain}&brand=")
        answer = client.get(address)
        assert "immutable" in answer.headers["cache-control"]
        pictures[address] = answer.content
    assert len(set(pictures)) == len(set(pictures.values())) == 3
    for outdated in (plain, list(pictures)[1]):
        answer = client.get(outdated)
        assert answer.content == pictures[address]
        assert answer.headers["cache-control"] == "public, max-age=300"


@pytest.mark.slow
@pytest.mark.parametrize(
    "query",
    [
        "segment=%3Cscript%3Ealert(1)%3C/script%3E&lang=%22%3E%3Cimg%20src=x%3E",
        "segment=%22onload=%22&horizon=9&unit=x&v=99",
        "lang=fr&lang=en&segment=&=&&%00=%ff%fe",
        "segment=" + "x" * 10_000,
        "asof=e999999&screens=o..t&mode=meeting&screen=12",
    ],
)
@pytest.mark.parametrize("path", ["/", "/segment", "/whats-new", "/missing"])
def test_unknown_values_never_break_a_head(client: TestClient, path: str, query: str) -> None:
    """Whatever the address holds, the shell has a title and a description, and nothing of the address as HTML."""
    html = shell(client, f"{path}?{query}")
    assert "<title>" in html
    assert "Streamlit" not in html
    assert tag(html, "description")
    assert "<img" not in html
    assert "alert(1)" not in html
    assert html.count("<script>") == 1
    for page in ("overview", "segment"):
        assert client.get(f"/social/{page}.png?{query}").headers["content-type"] == "image/png"


def test_a_meeting_names_its_screen(client: TestClient, outlook: Outlook) -> None:
    """The title has the number of the screen, the picture is that of the page it stands for."""
    html = shell(client, "/?mode=meeting&screens=o.space.t&screen=2&lang=en")
    title = build_card(
        Context(outlook, Selection(lang="en", segment="space"), Localizer("en"), outlook.day), "segment"
    ).title
    assert f"<title>2/3 \u00b7 {title} \u00b7 Observatory</title>" in html
    assert "/social/segment.png?lang=en&segment=space" in tag(html, "og:image")
    chosen = Selection(lang="en", mode="meeting", screens="o.space.t", screen=2)
    assert page_meta.build_window_title("overview", outlook, chosen) == f"2/3 \u00b7 {title} \u00b7 Observatory"


def test_a_reconstruction_is_not_computed_for_a_preview(
    client: TestClient, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A link to a month before the first edition gets the plain head and no picture."""
    monkeypatch.setattr(workspace, "get_reconstruction", lambda _month, _base=0: pytest.fail("rebuilt"))
    html = shell(client, "/?asof=1999-06&lang=en")
    assert f"<title>{Localizer('en').text('app.title')}</title>" in html
    assert tag(html, "og:image") == ""
    assert client.get("/social/overview.png?asof=1999-06").status_code == 404


def test_no_store_is_no_reason_for_no_shell(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever goes wrong while a head is made, the shell is sent with a plain one."""
    for error in (StoreError("error.store.empty", path="x"), RuntimeError("x")):
        monkeypatch.setattr(workspaces, "get_workspace", lambda error=error: (_ for _ in ()).throw(error))
        html = shell(client, "/segment?segment=space&lang=en")
        assert f"<title>{Localizer('en').text('app.title')}</title>" in html
        assert tag(html, "description") == Localizer("en").text("social.about")
    assert client.get("/social/nonsense.png").status_code == 404


def test_a_strange_host_gets_no_address(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Addresses are built from a host that looks like one, or from the public address; else they are left out."""
    monkeypatch.setattr(workspaces, "get_workspace", lambda: workspace)
    made = page_meta.build_page_meta("segment", {"segment": ["space"]}, "en", 'https://evil"><script>')
    assert "og:image" not in made.tags
    assert "evil" not in made.tags
    assert made.title.startswith("Space: ")
