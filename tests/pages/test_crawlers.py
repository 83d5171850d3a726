"""What programs that read the web find: robots.txt, the sitemap, and the status of a page that does not exist."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from observatory import workspace as opened
from observatory.outlook.outlook import Outlook
from observatory.pages.server.crawlers import build_crawler_routes
from observatory.pages.server.html_middleware import HtmlMiddleware
from observatory.workspace import Workspace

_SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
_LINK = "{http://www.w3.org/1999/xhtml}link"
_PAGE = '<html lang="en"><head><title>Streamlit</title></head></html>'


@pytest.fixture
def client(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    monkeypatch.setattr(opened, "get_workspace", lambda: workspace)
    app = Starlette(routes=[*build_crawler_routes(), Route("/{path:path}", lambda _request: HTMLResponse(_PAGE))])
    app.add_middleware(HtmlMiddleware)
    with TestClient(app, base_url="http://observatoire.example") as asked:
        yield asked


def _list_urls(client: TestClient) -> list[Element]:
    return list(fromstring(client.get("/sitemap.xml").content))


def test_robots_know_the_sitemap_and_what_is_made_on_request(client: TestClient) -> None:
    """Files and sign-in are not to be crawled; pages and the API are."""
    answer = client.get("/robots.txt", headers={"accept": "text/html"})
    assert answer.headers["content-type"].startswith("text/plain")
    lines = answer.text.splitlines()
    assert lines[0] == "User-agent: *"
    assert "Disallow: /download/" in lines
    assert "Disallow: /" not in lines
    assert lines[-1] == "Sitemap: http://observatoire.example/sitemap.xml"


def test_the_sitemap_lists_every_page_and_market_in_both_languages(client: TestClient, outlook: Outlook) -> None:
    """Each address once, with that in the other language; not what leads elsewhere, nor the analysts' page."""
    urls = _list_urls(client)
    addresses = [str(row.findtext(f"{_SITEMAP}loc")) for row in urls]
    assert len(addresses) == len(set(addresses))
    assert "http://observatoire.example/data?lang=fr" in addresses
    for segment in outlook.catalogue.segments:
        address = f"http://observatoire.example/segment?lang=en&segment={segment}"
        assert (address in addresses) == (segment != "purchasing")
    assert not any("/publish" in address for address in addresses)
    for row in urls:
        assert {link.get("hreflang") for link in row.findall(_LINK)} == {"fr", "en"}


def test_a_hostile_host_stays_text(client: TestClient) -> None:
    """Whatever the request calls its host, the sitemap is well-formed."""
    answer = client.get("/sitemap.xml", headers={"host": 'x"><script>&'})
    assert "<script>" not in answer.text
    fromstring(answer.content)


@pytest.mark.parametrize(("path", "status"), [("/missing?lang=fr", 404), ("/data", 200), ("/", 200)])
def test_a_page_that_does_not_exist_has_the_status_404(client: TestClient, path: str, status: int) -> None:
    """People see a page that says so, programs its status."""
    assert client.get(path, headers={"accept": "text/html"}).status_code == status


def test_an_unknown_address_ends_with_404(client: TestClient) -> None:
    """The redirect leads to a page with the status."""
    assert client.get("/nonsense", headers={"accept": "text/html"}).status_code == 404
