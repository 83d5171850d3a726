"""Serving pages: nothing is fitted, nothing typed by a reader becomes HTML, the shell is in the right language."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from markupsafe import Markup, escape
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from observatory.api import build_routes
from observatory.briefs.common.model import LinkTable, LinkTableEntry, Sparkline, TextTable
from observatory.briefs.common.ranking_model import IntervalBar, RankingRow
from observatory.briefs.whats_new.model import CallChangeRow
from observatory.language import Localizer
from observatory.pages.components import html as pieces
from observatory.pages.components import link_tables
from observatory.pages.components.templates import render
from observatory.pages.server.application import build_options
from observatory.pages.server.html_middleware import HtmlMiddleware, rewrite_html
from observatory.pages.server.site_files import name_site_file
from observatory.selection import Selection
from observatory.workspace import Workspace
from tests.support.paths import ROOT

RUN = """
import sys
from streamlit.testing.v1 import AppTest
for query in ({}, {"lang": "en", "horizon": "5"}):
    app = AppTest.from_file("observatory/pages/main.py", default_timeout=600)
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception, app.exception
    written = "".join(element.proto.body for element in app.get("html"))
    assert written.count('<a class="o-name"') == 12  # nine markets, three ways on
from datetime import date
from observatory import workspace
from observatory.pages import brief_cache
from observatory.language import Localizer
from observatory.selection import Selection
opened = workspace.get_workspace()
outlook = opened.get_outlook()
brief_cache.get_brief("method", outlook, Selection())
brief_cache.get_brief("whats_new", outlook, Selection())
from observatory.briefs.common.context import Context
from observatory.briefs.portfolio.page import build_portfolio
from observatory.mix import Mix
build_portfolio(Context(outlook, Selection(), Localizer("fr"), outlook.day), Mix({"space": 60, "drones": 40}))
for name in outlook.catalogue.segments:
    brief_cache.get_brief("segment", outlook, Selection(segment=name))
assert "sklearn" not in sys.modules, "scikit-learn was imported to serve a page"
assert "scipy" not in sys.modules
for name in ("pptx", "reportlab", "openpyxl", "vl_convert"):
    assert name not in sys.modules, f"{name} was imported before anybody asked for a file"
print("served")
"""


@pytest.mark.slow
def test_no_page_imports_scikit_learn(seeded_address: str) -> None:
    """A process that serves the overview in both languages, the method and every market never imports scikit-learn."""
    done = subprocess.run(
        [sys.executable, "-c", RUN],
        cwd=ROOT,
        env=os.environ | {"OBSERVATORY_STORE": seeded_address, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip().endswith("served"), done.stderr[-2000:]


FILES = """
import sys
from observatory import workspace
from observatory.export.render import render_page
opened = workspace.get_workspace()
for page, export in (("segment", "pptx"), ("segment", "pdf"), ("segment", "xlsx"), ("overview", "png")):
    assert render_page(opened, page, export, {"segment": "space"}, "https://observatory.example").content
assert "sklearn" not in sys.modules, "scikit-learn was imported to write a file"
assert "scipy" not in sys.modules
assert "streamlit" not in sys.modules
print("written")
"""


@pytest.mark.slow
def test_no_file_imports_scikit_learn(seeded_address: str) -> None:
    """A process that writes slides, a document, a workbook and a picture imports neither scikit-learn nor a screen."""
    done = subprocess.run(
        [sys.executable, "-c", FILES],
        cwd=ROOT,
        env=os.environ | {"OBSERVATORY_STORE": seeded_address, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip().endswith("written"), done.stderr[-2000:]


EVIL = "<img src=x onerror=alert(1)>\"'&"


def test_pieces_escape_whatever_they_are_given(localizer: Localizer) -> None:
    """Titles, sentences, labels and cells come out as text, in elements and in attributes."""
    bar, spark = IntervalBar(-1, 2, 3), Sparkline((1, 2, 3), (), EVIL)
    words = [EVIL] * 4
    row = RankingRow("space", EVIL, "growing", *words[:2], "72", *words[:2], bar, *words[:2], 0.1, spark, *words[:2])
    entry, heads = LinkTableEntry(Selection(), EVIL, EVIL, (EVIL,)), (EVIL, EVIL, EVIL)
    for html in (
        pieces.render_lead(EVIL, EVIL, (EVIL,)),
        pieces.render_heading(EVIL, EVIL),
        render("chip", call="growing", label=EVIL),
        render("ranking_row", row=row, url=EVIL, scale=(-10, 20), pictogram=EVIL, spark=EVIL, localizer=localizer),
        pieces.render_table(TextTable(EVIL, (EVIL, EVIL), ((EVIL, EVIL),))),
        pieces.render_details(EVIL, Markup()),
        pieces.render_terms([(EVIL, EVIL)]),
        pieces.render_method_link(EVIL, localizer),
        link_tables.render_listing(LinkTable(EVIL, EVIL, (EVIL, EVIL), (entry, entry), 1, EVIL), "/segment"),
        link_tables.render_call_changes(
            [CallChangeRow(Selection(), EVIL, EVIL, ("flat", EVIL, EVIL), ("", EVIL, EVIL))], heads, EVIL, "/segment"
        ),
    ):
        assert "<img" not in html
        assert str(escape(EVIL[:28])) in html


@pytest.mark.parametrize(("accept", "language"), [("fr-FR", "fr"), ("en-US,fr;q=0.5", "en"), ("de", "fr")])
def test_the_shell_is_in_the_readers_language(accept: str, language: str) -> None:
    """The shell has the language of the link, else of the browser; it is never taken from a cache of another."""
    preload = '<link rel="preload" href="./static/SourceSansVF.woff2" as="font" />'
    html = f'<html lang="en"><head>{preload}<title>Streamlit</title></head></html>'
    page, alive = Route("/", lambda _r: HTMLResponse(html)), Route("/healthz", lambda _r: PlainTextResponse("ok"))
    app = Starlette(routes=[page, alive])
    app.add_middleware(HtmlMiddleware)
    client = TestClient(app)
    answer = client.get("/", headers={"accept": "text/html", "accept-language": accept})
    assert f'<html lang="{language}">' in answer.text
    assert "Streamlit" not in answer.text
    assert "SourceSans" not in answer.text
    assert answer.headers["vary"] == "Accept-Language"
    policy = {part.split()[0]: part.split()[1] for part in answer.headers["content-security-policy"].split("; ")}
    assert policy == {
        "frame-ancestors": "'self'",
        "object-src": "'none'",
        "base-uri": "'self'",
        "form-action": "'self'",
    }
    assert (
        '<html lang="en">' in client.get("/?lang=en", headers={"accept": "text/html", "accept-language": accept}).text
    )
    lost = client.get("/nonsense?lang=%0d%0aSet-Cookie:x", headers={"accept": "text/html"}, follow_redirects=False)
    assert lost.status_code == 303
    assert lost.headers["location"] in ("/missing?lang=fr", "/missing?lang=en")
    assert client.get("/healthz", headers={"accept": "*/*"}).text == "ok"


def test_rewriting_leaves_other_html_alone() -> None:
    """A page without the marks of the shell passes unchanged."""
    assert rewrite_html("<p>bonjour</p>", "fr") == "<p>bonjour</p>"


def test_the_routes(workspace: Workspace) -> None:
    """Alive, ready, and the CSV of a series; a wrong query is told in JSON with a hint."""
    client = TestClient(Starlette(routes=build_routes(lambda: workspace)))
    assert client.get("/healthz").text == "ok"
    assert client.get("/readyz").json()["ready"] is True
    good = client.get("/download/series.csv?indicator=atr_backlog&lang=en")
    assert good.status_code == 200
    assert good.headers["content-disposition"] == 'attachment; filename="atr_backlog-WORLD-2026-11-30.csv"'
    assert good.text.startswith("indicator,geo,item,period,nature,value")
    for query, status in (
        ("", 400),
        ("indicator=nope", 400),
        ("indicator=atr_backlog&geo=FRA", 404),
        ("indicator=" + "x" * 9000, 400),
    ):
        bad = client.get(f"/download/series.csv?{query}")
        assert bad.status_code == status
        assert bad.json()["hint"]


def test_the_style_sheet_and_the_script_of_pages() -> None:
    """Both are cached for ever under a name of their content; a page of another version gets today's, uncached."""
    client = TestClient(Starlette(routes=build_options()["routes"]))
    for ending, media_type, part in (("css", "text/css", ".o-row"), ("js", "text/javascript", "observatoryLinks")):
        good = client.get(f"/site/{name_site_file(ending)}")
        assert good.headers["content-type"].startswith(media_type)
        assert part in good.text
        assert "immutable" in good.headers["cache-control"]
        old = client.get(f"/site/site-000000000000.{ending}")
        assert old.text == good.text
        assert old.headers["cache-control"] == "no-store"
        assert f"/site/{name_site_file(ending)}" in rewrite_html("<html><body></body></html>", "fr")
    for name in ("site.css", "site-1.svg", "main.py", "site-"):
        assert client.get(f"/site/{name}").status_code == 404


@pytest.mark.slow
def test_files_of_pages(workspace: Workspace) -> None:
    """A page as a file: its media type, a safe name, its own address in the link; what there is not is told in JSON."""
    client = TestClient(Starlette(routes=build_routes(lambda: workspace)))
    good = client.get("/download/segment.json?segment=space&lang=en")
    assert good.status_code == 200
    assert good.headers["content-disposition"] == 'attachment; filename="segment-space-2026-11-30-en.json"'
    assert good.headers["content-type"] == "application/json"
    assert good.json()["link"].startswith("http://testserver/segment?lang=en&indicator=orbital_launches_annual&")
    brief = client.get("/download/brief.pdf?segment=space")
    assert brief.content.startswith(b"%PDF-")
    for path in ("nowhere.pdf", "overview.docx", "brief.csv", "segment.png?segment=drones&asof=2015-06"):
        bad = client.get(f"/download/{path}")
        assert bad.status_code == 404
        assert bad.json()["detail"]
        assert bad.json()["hint"]


def test_a_browser_that_asks_for_html_gets_no_page_from_the_api() -> None:
    """Unknown addresses of the API are JSON and 404 in a browser too; unknown pages lead to the page that says so."""
    made = build_options()
    client = TestClient(Starlette(routes=made["routes"], middleware=made["middleware"]), follow_redirects=False)
    for path in ("/api", "/api/", "/api/v1", "/api/v1/nothing", "/api/v1/segments/"):
        lost = client.get(path, headers={"accept": "text/html,*/*"})
        assert (lost.status_code, lost.json()["error"]) == (404, "no_route")
    for path in ("/apis", "/feed", "/nonsense"):
        assert client.get(path, headers={"accept": "text/html,*/*"}).status_code == 303
    assert client.get("/healthz", headers={"accept": "text/html"}).text == "ok"
    assert client.get("/metrics", headers={"accept": "text/html"}).text.startswith("# HELP")


BROKEN = """
import sys
from streamlit.testing.v1 import AppTest
app = AppTest.from_file("observatory/pages/main.py", default_timeout=600)
app.query_params["lang"] = sys.argv[1]
app.run()
assert not app.exception, app.exception
print(" | ".join(text.value for text in app.text))
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("language", "says"), [("fr", "Remettez une copie de sauvegarde"), ("en", "Put a backup in its place")]
)
def test_an_unreadable_store_is_a_sentence_on_the_page(tmp_path: Path, language: str, says: str) -> None:
    """A store that is not one: what is wrong and the cure, in the reader's language, and no path of the server."""
    path = tmp_path / "letter.db"
    path.write_bytes(b"this is a letter to the bank, not a database " * 40)
    done = subprocess.run(
        [sys.executable, "-c", BROKEN, language],
        cwd=ROOT,
        env=os.environ | {"OBSERVATORY_STORE": f"sqlite:///{path}", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert says in done.stdout, done.stderr[-2000:]
    assert "letter.db" in done.stdout
    assert str(tmp_path) not in done.stdout
    assert path.read_bytes().startswith(b"this is a letter")
