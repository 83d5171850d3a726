"""The contracts of registries: each test runs over all rows of one, so that a new row is tested without an edit."""

import sys
from collections.abc import Callable
from dataclasses import fields

import pytest
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from observatory.api.models import Endpoint
from observatory.api.routes import ROUTES
from observatory.briefs.registry import PAGES, PageEntry
from observatory.catalogue.checks import CHECKS
from observatory.catalogue.files import EditionFiles
from observatory.catalogue.models import Catalogue
from observatory.cli.parser import main
from observatory.errors import Finding
from observatory.export.documents.registry import DOCUMENTS
from observatory.export.formats import EXPORTS, ExportFormat
from observatory.export.render import list_formats
from observatory.ingest.messages import format_values, hint_text, message_text
from observatory.ingest.rules import RULES, UploadRule
from observatory.language import Localizer
from observatory.pages.registry import find_show
from observatory.selection import Selection
from observatory.timeseries import SeriesKey, TimeSeries
from observatory.workspace import Workspace
from tests.ingest.corpus import case_of, report_on
from tests.support.clients import application
from tests.support.commands import list_commands
from tests.support.paths import ROOT


def _has_message(key: str, localizer: Localizer) -> bool:
    try:
        return bool(localizer.text(key))
    except KeyError:
        return False


@pytest.fixture(scope="module")
def client(workspace: Workspace) -> TestClient:
    return TestClient(application(workspace))


def _draw_page(page: str, lang: str) -> None:
    """The script of one page: Streamlit runs its source, so that its imports stand inside."""
    from observatory import workspace
    from observatory.briefs.registry import PAGES
    from observatory.pages.registry import find_show
    from observatory.selection import Selection

    pages = {row.id: f"https://observatory.example/{row.path}" for row in PAGES}
    find_show(page)(workspace.get_workspace().get_outlook(), Selection(lang=lang), pages)


def test_pages_have_ids_and_paths_of_their_own() -> None:
    """No two pages share an id or a path, and the first one is the start page."""
    assert len({row.id for row in PAGES}) == len({row.path for row in PAGES}) == len(PAGES)
    assert PAGES[0].path == ""


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.id)
def test_every_page_has_its_messages(page: PageEntry, localizer: Localizer) -> None:
    """Each page has a title, and a sentence for its preview unless it builds a card; what is missing is named."""
    needed = [f"page.{page.id}"] if page.build_card else [f"page.{page.id}", f"social.about.{page.id}"]
    missing = [key for key in needed if not _has_message(key, localizer)]
    assert not missing, f"messages missing: {', '.join(missing)}"


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.id)
def test_every_page_is_drawn(page: PageEntry, workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """`show` of each page draws something, and raises nothing, for a reader who chose nothing."""
    monkeypatch.setattr("observatory.workspace.get_workspace", lambda: workspace)
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])  # Streamlit puts the script there
    monkeypatch.setattr("streamlit.runtime.context.ContextProxy.cookies", {})  # AppTest has a mock for them
    app = AppTest.from_function(_draw_page, default_timeout=600, kwargs={"page": page.id, "lang": "en"})
    app.run()
    assert not app.exception
    assert app.main.children


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_every_rule_has_its_sentences(
    rule: UploadRule, catalogue: Catalogue, known: dict[SeriesKey, TimeSeries], localizer: Localizer
) -> None:
    """Each rule on uploads has its own code, a docstring, and a file of the corpus in which it says what it found."""
    assert [row.code for row in RULES].count(rule.code) == 1
    assert rule.check.__name__ == rule.code
    assert rule.check.__doc__
    found = [row for row in report_on(case_of(rule.code), catalogue, known).findings if row.code == rule.code]
    assert found
    assert {row.level for row in found} == {rule.level}
    for row in found:
        assert "{" not in message_text(row, localizer) + hint_text(row, localizer)
        assert localizer.text(f"finding.{rule.code}.hint", **format_values(row, localizer))


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_every_check_passes_the_curated_catalogue(
    check: Callable[[Catalogue, EditionFiles], list[Finding]], catalogue: Catalogue
) -> None:
    """No check stands twice, and none finds an error in the curated data."""
    assert CHECKS.count(check) == 1
    assert [row for row in check(catalogue, EditionFiles(ROOT / "data")) if row.level == "error"] == []


def test_formats_have_ids_and_endings_of_their_own() -> None:
    """No two formats share an id or a file ending, and every document is offered in one at least."""
    assert len({row.id for row in EXPORTS}) == len({row.extension for row in EXPORTS}) == len(EXPORTS)
    assert all(list_formats(row.id) for row in DOCUMENTS)


@pytest.mark.parametrize("made", EXPORTS, ids=lambda made: made.id)
def test_every_export_has_its_message(made: ExportFormat, localizer: Localizer) -> None:
    """Each format has the words of its link; what is missing is named."""
    key = f"export.offer.{made.id}"
    assert _has_message(key, localizer), f"message missing: {key}"


@pytest.mark.parametrize("command", list_commands())
def test_every_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Each command of the command line has a help text that names it."""
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert ended.value.code == 0
    assert f"observatory {command}" in capsys.readouterr().out


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.path)
def test_every_route_answers(route: Endpoint, client: TestClient) -> None:
    """Each address answers without parameters, with the media type of its row."""
    answer = client.get(route.path)
    assert answer.status_code == 200
    assert answer.headers["content-type"].partition(";")[0] == route.media_type.partition(";")[0]
    assert answer.content


def test_every_document_is_a_page() -> None:
    """Each document has the path of a page, and its id unless it is a sheet about one."""
    assert len({row.id for row in DOCUMENTS}) == len(DOCUMENTS)
    for row in DOCUMENTS:
        page = next(page for page in PAGES if page.path == row.path)
        assert page.id == row.id or row.layout == "sheet"


@pytest.mark.parametrize("row", PAGES, ids=lambda row: row.id)
def test_every_row_resolves_what_it_names(row: PageEntry, localizer: Localizer) -> None:
    """Title, `show`, document, card and screen of each page are there, and its fields are those of a selection."""
    names = {field.name for field in fields(Selection)}
    assert {*row.fields, *(row.brief_fields or ())} <= names
    assert localizer.text(f"page.{row.id}") != f"page.{row.id}"
    assert callable(find_show(row.id))
    assert row.is_document == any(document.id == row.id for document in DOCUMENTS)
    assert row.build_card is not None or localizer.text(f"social.about.{row.id}")
    assert not row.screen_code or row.build_screen is not None
    assert row.pin is None or row.build is not None
