"""The contracts of the other registries: pages, checks, rules, exports, in both languages."""

import inspect
from dataclasses import fields

import pytest

from observatory.briefs.registry import PAGES, PageEntry
from observatory.catalogue.loader import CHECKS
from observatory.catalogue.models import Catalogue
from observatory.export.documents.registry import DOCUMENTS, build_document
from observatory.export.formats import EXPORTS
from observatory.export.render import list_formats
from observatory.ingest.messages import format_values, hint_text, message_text
from observatory.ingest.rules import RULES, UploadRule
from observatory.language import Localizer
from observatory.outlook.outlook import Outlook
from observatory.pages.registry import find_show
from observatory.selection import Selection
from observatory.timeseries import SeriesKey, TimeSeries
from observatory.workspace import Workspace
from tests.ingest.corpus import case_of, report_on


def test_every_page_has_a_title_and_a_path(localizer: Localizer) -> None:
    """Each page has its own id and path, a title in the language, and the signature of a page."""
    assert len({row.path for row in PAGES}) == len(PAGES)
    assert PAGES[0].path == ""
    for row in PAGES:
        assert localizer.text(f"page.{row.id}")
        assert len(inspect.signature(find_show(row.id)).parameters) == 3


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


def test_every_check_is_a_function_of_its_own() -> None:
    """No check stands twice in the table."""
    assert len(set(CHECKS)) == len(CHECKS)


def test_every_export_writes_every_document(outlook: Outlook, workspace: Workspace, localizer: Localizer) -> None:
    """Each document becomes each format that it is offered in, and each format has words in the language."""
    assert len({row.id for row in EXPORTS}) == len({row.extension for row in EXPORTS}) == len(EXPORTS)
    for row in DOCUMENTS:
        document = build_document(
            row, outlook, Selection(lang=localizer.language), "https://observatory.example", workspace
        )
        assert list_formats(row.id)
        for made in list_formats(row.id):
            assert made.write(document)
            assert localizer.text(f"export.offer.{made.id}")


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
