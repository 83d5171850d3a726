"""The cluster's notes in files: those of the page, with signature and day, as they stood in the dated link."""

import io
from datetime import date

import pytest
from pptx import Presentation

from observatory.export.document import NOTES_SECTION, Section
from observatory.export.documents.registry import DOCUMENTS, build_document
from observatory.export.pptx.frame import BODY_BOTTOM
from observatory.export.pptx.parts import SlideParagraph, measure_height
from observatory.export.render import render_page
from observatory.store.notes import NoteContent
from observatory.workspace import Workspace, resolve_query

BASE = "https://observatoire.example"
LONG = "Les cadences tardent, malgré des carnets pleins. " * 18


def publish(small: Workspace, scope: str, code: str, text: str, english: str = "", link: str = "") -> int:
    content = NoteContent(scope, code, text.strip(), english, "P. N.", "experte", date(2026, 11, 20), link)  # type: ignore[arg-type]
    return small.publish_note(content, small.access.open_operator_session("analyste")).id


def draft(small: Workspace, page: str, **query: str) -> tuple[list[Section], str]:
    """The sections of notes of a document, and its dated link."""
    entry = next(row for row in DOCUMENTS if row.id == page)
    selection, _notices, outlook = resolve_query(small, query)
    document = build_document(entry, outlook, selection, BASE, small)
    return [row for row in document.sections if row.id == NOTES_SECTION], document.link


def test_a_document_has_the_notes_of_its_page(small: Workspace) -> None:
    """The overview that on the whole, a market and its sheet that on the market, the news all; absent without one."""
    assert draft(small, "segment", segment="commercial_aircraft")[0] == []
    assert draft(small, "segment", segment="commercial_aircraft")[1].endswith("asof=e1")
    publish(small, "segment", "commercial_aircraft", "Un.\nDeux.", "One.", "https://exemple.fr/a")
    publish(small, "whole", "", "Tout.")
    for page in ("segment", "brief"):
        (section,), link = draft(small, page, segment="commercial_aircraft")
        assert section.paragraphs[:2] == ("Un.", "Deux.")
        assert section.paragraphs[2].replace("\u00a0", " ") == (
            "\u2014 P. N., experte \u00b7 20 novembre 2026 \u00b7 https://exemple.fr/a"
        )
        assert link.endswith("asof=e1.n2")
    assert draft(small, "segment", segment="commercial_aircraft", lang="en")[0][0].paragraphs[0] == "One."
    english = draft(small, "overview", lang="en")[0][0].paragraphs
    assert english[0] == "Tout."
    assert english[1].endswith("in French")
    assert [row.paragraphs[0] for row in draft(small, "overview")[0]] == ["Tout."]
    assert len(draft(small, "whats_new")[0][0].paragraphs) == 7
    assert draft(small, "method")[0] == []


def test_a_dated_file_keeps_its_note(small: Workspace) -> None:
    """The link in a file makes the same bytes again after its note is withdrawn; today's file has it no more."""
    number = publish(small, "segment", "commercial_aircraft", LONG)
    before = render_page(small, "segment", "json", {"segment": "commercial_aircraft"}, BASE).content
    small.withdraw_note(number, "erreur", small.access.open_operator_session("analyste"))
    dated = render_page(small, "segment", "json", {"segment": "commercial_aircraft", "asof": "e1.n1"}, BASE).content
    assert dated == before
    assert LONG.strip()[:40].encode() in before
    today = render_page(small, "segment", "json", {"segment": "commercial_aircraft"}, BASE).content
    assert LONG.strip()[:40].encode() not in today


@pytest.mark.slow
@pytest.mark.parametrize("page", ["segment", "brief"])
def test_slides_and_pages_hold_a_long_note(small: Workspace, page: str) -> None:
    """A slide has all of the note above its foot, that of the bank beside the rest; a PDF sheet is still one page."""
    publish(small, "segment", "commercial_aircraft", LONG, link="https://exemple.fr/" + "x" * 280)
    query = {"segment": "commercial_aircraft"}
    deck = Presentation(io.BytesIO(render_page(small, page, "pptx", query, BASE).content))
    slides = [slide for slide in deck.slides if page == "brief" or slide.shapes.title.text.startswith("Note du pôle")]
    assert len(slides) == 1
    (box,) = [shape for shape in slides[0].shapes if shape.has_text_frame and LONG.strip() in shape.text_frame.text]
    size = box.text_frame.paragraphs[0].runs[0].font.size.pt
    assert measure_height([SlideParagraph(LONG.strip(), size)], box.width.pt) <= BODY_BOTTOM - box.top.pt
    content = render_page(small, page, "pdf", query, BASE).content
    assert content.startswith(b"%PDF")
    if page == "brief":
        assert content.count(b"/Type /Page\n") + content.count(b"/Type /Page ") == 1


def test_a_formula_in_a_note_stays_text(small: Workspace) -> None:
    """A table does not run what a note says: its CSV cell is marked as text like any other."""
    publish(small, "whole", "", "=HYPERLINK(1)")
    text = render_page(small, "overview", "csv", {}, BASE).content.decode("utf-8-sig")
    assert not [cell for line in text.splitlines() for cell in line.split(";") if cell.strip('"').startswith("=")]
    assert render_page(small, "overview", "xlsx", {}, BASE).content[:2] == b"PK"
