"""Mangled links on everything that is served: the page, preview, file or answer that was meant, or what is wrong."""

import sys
from collections.abc import Iterator
from urllib.parse import parse_qs

import pytest
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from observatory import workspace as workspaces
from observatory.language import Localizer
from observatory.pages.server import og_images
from observatory.pages.server.application import PAGES_FOLDER, build_options
from observatory.workspace import Workspace
from tests.pages.test_heads import SHELL, tag

MANGLED = [
    "lang=en&amp;segment=space",
    "segment=space.&lang=en",
    "segment=space%C2%BB&lang=en%E2%80%8B",
    "segment%3Dspace%26lang%3Den",
    "segment%253Dspace%2526lang%253Den",
    "utm_source=mail&segment=space&fbclid=IwAR&lang=en",
    "segment=3Dspace&lang=3Den",
]
NOT_UNDERSTOOD = ["segment=spaec", "segment=space&asof=e99", "segment=space&colour=pink", "segment=drones&asof=1900"]


@pytest.fixture
def client(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """The application as it is served, around a shell in Streamlit's place, on the seeded store."""
    monkeypatch.setattr(workspaces, "get_workspace", lambda: workspace)
    options = build_options()
    shell = Route("/{path:path}", lambda _request: HTMLResponse(SHELL))
    made = Starlette(routes=[*options["routes"], shell], middleware=options["middleware"])
    og_images.draw_image.cache_clear()
    with TestClient(made, base_url="https://obs.example", follow_redirects=False) as opened:
        yield opened
    og_images.draw_image.cache_clear()


@pytest.mark.parametrize("query", MANGLED)
def test_a_mangled_link_has_the_preview_of_its_page(client: TestClient, query: str) -> None:
    """Title, picture, address and language of the preview are those of the link before it was mangled."""
    html = client.get(f"/segment?{query}", headers={"accept-language": "fr"}).text
    assert '<html lang="en">' in html
    assert tag(html, "og:title").startswith("Space: ")
    assert tag(html, "og:url") == "https://obs.example/segment?lang=en&segment=space"
    assert tag(html, "og:image") == "https://obs.example/social/segment.png?lang=en&segment=space&asof=e2"


@pytest.mark.slow
@pytest.mark.parametrize("query", NOT_UNDERSTOOD)
def test_a_link_that_is_not_understood_has_the_general_preview(client: TestClient, query: str) -> None:
    """Its title and picture are those of the whole, in its language; so is the picture of a market that is unknown."""
    html = client.get(f"/segment?{query}&lang=en", headers={"accept": "text/html"}).text
    assert tag(html, "og:title") == Localizer("en").text("app.title")
    assert tag(html, "og:description") == Localizer("en").text("social.about")
    assert tag(html, "og:image") == "https://obs.example/social/overview.png?lang=en&asof=e2"
    general = client.get("/social/overview.png?lang=en").content
    assert client.get(f"/social/segment.png?{query}&lang=en").content == general
    assert client.get("/social/segment.png?segment=space&lang=en").content != general


@pytest.mark.parametrize("query", MANGLED)
def test_a_mangled_link_to_a_file_is_that_file(client: TestClient, query: str) -> None:
    """A file by a mangled link holds what the file of the sound link holds, to the byte."""
    sound = client.get("/download/segment.json?segment=space&lang=en")
    assert sound.headers["content-disposition"] == 'attachment; filename="segment-space-2026-11-30-en.json"'
    mangled = client.get(f"/download/segment.json?{query}")
    assert (mangled.status_code, mangled.content) == (200, sound.content)


@pytest.mark.parametrize(
    ("path", "error", "says"),
    [
        ("segment.pdf?segment=space&asof=e99", "no_edition", "99"),
        ("segment.pdf?segment=space&asof=1900", "too_early", "1990"),
        ("segment.json?segment=spaec", "bad_value", "space"),
        ("segment.xlsx?segmnt=space", "unknown_parameter", "segment"),
        ("segment.json?segment=space&indicator=atr_backlog", "elsewhere", "commercial_aircraft"),
        ("segment.json?segment=space&from=2020&to=2010", "years", "from"),
        ("segment.json?segment=" + "x" * 5000, "too_long", ""),
        ("segment.json?segment=space&v=9", "newer", "9"),
        ("compare.csv?series=atr_backlg.WORLD", "series_unknown", "atr_backlog"),
        ("compare.csv?series=atr_backlog~atr_backlog", "series_twice", "atr_backlog"),
        ("whats_new.pdf?since=99", "no_edition", "99"),
        ("overview.pptx?horizon=4", "bad_value", "1, 2, 3, 5"),
        ("overview.pptx?basket=x&by=0&threshold=x&screens=..&per=x&geo=Y&base=1", "bad_value", "aluminium:40"),
        ("series.csv?indicator=atr_backlg", "bad_value", "atr_backlog"),
        ("series.csv?lang=en", "unknown", "indicator"),
    ],
)
def test_a_file_by_a_link_that_is_not_understood_is_an_error(
    client: TestClient, path: str, error: str, says: str
) -> None:
    """400 with what was found and what to do, in the language of the link, and no file of something else."""
    details = set()
    for language in ("fr", "en"):
        answer = client.get(f"/download/{path}&lang={language}" if "lang=" not in path else f"/download/{path}")
        assert (answer.status_code, answer.headers["content-type"]) == (400, "application/json")
        sentence = answer.json()
        assert set(sentence) == {"error", "detail", "hint"}
        assert sentence["error"] == error
        assert says in sentence["detail"] + sentence["hint"]
        assert "{" not in sentence["detail"] + sentence["hint"]
        details.add(sentence["detail"])
    assert len(details) == (1 if "lang=" in path else 2)


def test_the_cure_of_a_refused_file_works(client: TestClient) -> None:
    """What the hint names is accepted when it is written in the place of what was refused."""
    sentence = client.get("/download/overview.json?horizon=4&lang=en").json()
    for horizon in sentence["hint"].removesuffix(".").rpartition(": ")[2].split(", "):
        assert client.get(f"/download/overview.json?horizon={horizon}&lang=en").status_code == 200
    sentence = client.get("/download/segment.json?segment=space&indicator=atr_backlog&lang=en").json()
    cured = sentence["hint"].partition("Write ")[2].partition(",")[0]
    assert client.get(f"/download/segment.json?{cured}&indicator=atr_backlog&lang=en").status_code == 200


@pytest.mark.parametrize("query", MANGLED)
def test_the_api_answers_a_mangled_query(client: TestClient, query: str) -> None:
    """The answer is that of the sound query, byte for byte, and the address of its next page is sound."""
    sound = client.get("/api/v1/observations.json?segment=space&lang=en&limit=1")
    mangled = client.get(f"/api/v1/observations.json?limit=1&{query}")
    assert (mangled.status_code, mangled.json()["data"]) == (200, sound.json()["data"])
    assert "utm_" not in mangled.json()["meta"]["next"]
    assert "segment=space" in mangled.json()["meta"]["next"]


def test_the_api_refuses_what_it_cannot_repair(client: TestClient) -> None:
    """A code that does not exist, a strange name, a name given twice: 400 in the language that was meant."""
    for query, error in (
        ("segment=spaec.&amp;lang=en", "bad_value"),
        ("colour=pink&lang=en%22", "unknown_parameter"),
        ("segment=space&amp;segment=drones&lang=en", "twice"),
    ):
        answer = client.get(f"/api/v1/observations.json?{query}")
        assert (answer.status_code, answer.json()["error"]) == (400, error)
        assert answer.headers["content-language"] == "en"


@pytest.mark.parametrize("accept", ["text/html,*/*", "*/*"])
def test_the_api_in_capitals_is_no_page(client: TestClient, accept: str) -> None:
    """404 in JSON, with the headers of the API, whatever the reader accepts."""
    for path in ("/API", "/API/v1/segments", "/Api/v1/observations.csv", "/api/V1/segments", "/aPi/"):
        answer = client.get(f"{path}?lang=en&amp;x=1", headers={"accept": accept})
        assert (answer.status_code, answer.json()["error"]) == (404, "no_route")
        assert answer.headers["content-language"] == "en"
        assert answer.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("accept", ["text/html", "*/*"])
def test_a_path_in_capitals_leads_to_its_page(client: TestClient, accept: str) -> None:
    """A redirect to the true path with the whole query; the path of no page leads where it did."""
    for path, meant in (
        ("/Segment?segment=space&lang=en", "/segment?segment=space&lang=en"),
        ("/segment/?lang=en", "/segment?lang=en"),
        ("/segment.?lang=en", "/segment?lang=en"),
        ("/TRACK-RECORD%20", "/track-record"),
        ("/Download/overview.json?lang=en", "/download/overview.json?lang=en"),
        ("/segment%3Fsegment=space&lang=en", "/segment?segment=space&lang=en"),
    ):
        answer = client.get(path, headers={"accept": accept})
        assert (answer.status_code, answer.headers["location"]) == (303, meant)
        assert client.get(meant, headers={"accept": accept}).status_code == 200
    assert client.get("/Nonsense", headers={"accept": "text/html"}).headers["location"] == "/missing?lang=fr"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("query", "notices"),
    [
        ("horizon=5.&amp;lang=en", []),
        ("horizon%3D5%26lang%3Den", []),
        ("utm_source=x&horizon=3D5&amp;amp;lang=en%C2%A0&gclid=y", []),
        ("horizon=4.&lang=en", ["horizon: there is no \u201c4\u201d. This is \u201c2\u201d instead."]),
        (
            "segment=spatiale&lang=fr",
            [
                Localizer("fr").text("notice.own_choice", name="segment", value="spatiale"),
            ],
        ),
        ("asof=e99%29&lang=en", ["There is no edition 99. This is the newest instead."]),
    ],
)
def test_a_page_says_only_what_it_cannot_repair(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, query: str, notices: list[str]
) -> None:
    """A page of a mangled link is in the language that was meant, and speaks of what does not exist alone."""
    monkeypatch.setattr(workspaces, "get_workspace", lambda: workspace)
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])  # processes that others start run it again
    app = AppTest.from_file(str(PAGES_FOLDER / "main.py"), default_timeout=600)
    for name, values in parse_qs(query, keep_blank_values=True).items():
        app.query_params[name] = values
    app.run()
    assert not app.exception
    assert [text.value for text in app.text] == notices
    assert app.session_state["w_horizon"] == (2 if notices else 5)
