"""The contracts of the other registries: pages, checks, rules, exports, in both languages."""

import inspect

import pytest

from observatory.catalogue.loader import CHECKS
from observatory.catalogue.models import Catalogue
from observatory.export.documents.registry import DOCUMENTS, document_of
from observatory.export.formats import EXPORTS
from observatory.export.render import offered
from observatory.ingest.messages import hint, message, said
from observatory.ingest.rules.registry import RULES, Rule
from observatory.language import Speaker
from observatory.outlook.outlook import Outlook
from observatory.pages.registry import PAGES
from observatory.selection import Selection
from observatory.timeseries import History, Key
from observatory.workspace import Workspace
from tests.ingest.corpus import case_of, published, report_on


def test_every_page_has_a_title_and_a_path(speaker: Speaker) -> None:
    """Each page has its own id and path, a title in the language, and the signature of a page."""
    assert len({row.path for row in PAGES}) == len(PAGES)
    assert PAGES[0].path == ""
    for row in PAGES:
        assert speaker.say(f"page.{row.id}")
        assert len(inspect.signature(row.show).parameters) == 3


@pytest.fixture(scope="module")
def known(catalogue: Catalogue) -> dict[Key, History]:
    return published(catalogue)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_every_rule_has_its_sentences(
    rule: Rule, catalogue: Catalogue, known: dict[Key, History], speaker: Speaker
) -> None:
    """Each rule on uploads has its own code, a docstring, and a file of the corpus in which it says what it found."""
    assert [row.code for row in RULES].count(rule.code) == 1
    assert rule.check.__name__ == rule.code
    assert rule.check.__doc__
    found = [row for row in report_on(case_of(rule.code), catalogue, known).findings if row.code == rule.code]
    assert found
    assert {row.level for row in found} == {rule.level}
    for row in found:
        assert "{" not in message(row, speaker) + hint(row, speaker)
        assert speaker.say(f"finding.{rule.code}.hint", **said(row, speaker))


def test_every_check_is_a_function_of_its_own() -> None:
    """No check stands twice in the table."""
    assert len(set(CHECKS)) == len(CHECKS)


def test_every_export_writes_every_document(outlook: Outlook, workspace: Workspace, speaker: Speaker) -> None:
    """Each document becomes each format that it is offered in, and each format has words in the language."""
    assert len({row.id for row in EXPORTS}) == len({row.ending for row in EXPORTS}) == len(EXPORTS)
    for row in DOCUMENTS:
        document = document_of(row, outlook, Selection(lang=speaker.language), "https://observatory.example", workspace)
        assert offered(row.id)
        for made in offered(row.id):
            assert made.write(document)
            assert speaker.say(f"export.offer.{made.id}")


def test_every_document_is_a_page() -> None:
    """Each document has the path of a page, and its id unless it is a sheet about one."""
    assert len({row.id for row in DOCUMENTS}) == len(DOCUMENTS)
    for row in DOCUMENTS:
        page = next(page for page in PAGES if page.path == row.path)
        assert page.id == row.id or row.form == "sheet"
