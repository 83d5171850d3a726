"""Section of a document with the cluster's notes on what it is about."""

from observatory.briefs.common.context import Context
from observatory.briefs.notes import build_notes, list_note_paragraphs, select_notes
from observatory.briefs.registry import ONE_PAGER
from observatory.export.document import NOTES_SECTION, Section
from observatory.selection import Selection
from observatory.store.notes import PublishedNote
from observatory.workspace import Workspace
from observatory.workspace.notes import list_notes

_MAX_LISTED_NOTES = 10


def build_note_sections(page: str, context: Context, shown: Selection, workspace: Workspace) -> tuple[Section, ...]:
    """One section with the notes that a page shows, `shown` being what its document is about; none without notes."""
    notes = _choose_notes(page, list_notes(workspace, context.selection, context.outlook), shown)
    if not notes:
        return ()
    views = build_notes(notes, context.outlook.catalogue, context.localizer)
    is_list = page == "whats_new"
    paragraphs = [
        paragraph
        for row in views
        for paragraph in (*((f"{row.subject}:",) if is_list else ()), *list_note_paragraphs(row))
    ]
    title = context.localizer.text("cluster.title.several") if is_list else views[0].title
    return (Section(NOTES_SECTION, title, context.localizer.text("cluster.apart"), paragraphs=tuple(paragraphs)),)


def _choose_notes(page: str, notes: tuple[PublishedNote, ...], shown: Selection) -> tuple[PublishedNote, ...]:
    """The notes on the whole, on the market or on the country of a page; the newest ones on anything in its news."""
    if page == "overview":
        return select_notes(notes, "whole")
    if page in ("segment", ONE_PAGER):
        return select_notes(notes, "segment", shown.segment)
    if page == "countries":
        return select_notes(notes, "country", shown.geo)
    return notes[:_MAX_LISTED_NOTES] if page == "whats_new" else ()
