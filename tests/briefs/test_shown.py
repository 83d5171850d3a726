"""What a link names: what its page uses, and nothing that was chosen for another page."""

from dataclasses import fields, replace
from urllib.parse import parse_qs, urlsplit

import pytest

from observatory.briefs.registry import PAGES, find_page, restrict_to_page
from observatory.export.documents.registry import DOCUMENTS, DocumentEntry, build_document
from observatory.outlook.outlook import Outlook
from observatory.selection import PARAMETER_NAMES, Selection, format_query
from observatory.workspace import Workspace

THRESHOLD = Selection(
    segment="purchasing",
    indicator="aluminium_price",
    horizon=5,
    level=95,
    threshold="3000.5",
    side="below",
    by="6",
    basket="brent:40",
)
PURCHASES = {"segment", "indicator", "threshold", "side", "by", "basket"}


def test_every_page_that_uses_more_is_one() -> None:
    """The table names pages and parts of a selection that there are."""
    names = {name for row in PAGES for name in (*row.fields, *(row.brief_fields or ()))}
    assert names <= {row.name for row in fields(Selection)}


@pytest.mark.parametrize("page", [row.id for row in PAGES])
def test_a_threshold_stays_on_the_page_of_purchases(page: str) -> None:
    """The menu carries horizon and level everywhere, the series to pages of one, the threshold to its own page only."""
    own_fields = {"purchasing": PURCHASES, "segment": {"segment", "indicator"}, "countries": {"segment", "indicator"}}
    own_fields["data"] = {"segment", "indicator"}
    assert set(format_query(restrict_to_page(page, THRESHOLD))) == {"horizon", "level"} | own_fields.get(page, set())


def test_a_meeting_keeps_what_its_page_comes_back_to() -> None:
    """The screens of a meeting keep the threshold of the page that it was opened from."""
    meeting = replace(THRESHOLD, mode="meeting")
    assert restrict_to_page("overview", meeting) == meeting


@pytest.mark.parametrize("row", DOCUMENTS, ids=lambda row: row.id)
def test_the_link_of_a_file_names_only_what_its_page_uses(
    row: DocumentEntry, outlook: Outlook, workspace: Workspace
) -> None:
    """Whatever the address held, the dated link in a file has language, horizon, edition and the page's own parts."""
    everything = replace(THRESHOLD, measure="level", geo="FRA", unit="growth", first=2010, draft=1)
    made = build_document(row, outlook, everything, "https://observatory.example", workspace)
    page = find_page(row.id)
    assert page is not None
    own = {PARAMETER_NAMES[name] for name in page.fields}
    assert set(parse_qs(urlsplit(made.link).query)) <= {"lang", "horizon", "level", "asof"} | own
