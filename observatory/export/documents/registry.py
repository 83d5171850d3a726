"""DOCUMENTS, the registry of pages that can be files, and the assembly of a Document from a draft."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib import import_module
from typing import cast

from observatory.briefs.common.context import Context
from observatory.briefs.figures.disclosure import edition_text
from observatory.briefs.registry import ONE_PAGER, PAGES, PageEntry, restrict_to_page
from observatory.export.document import Document, DocumentLayout, clean_nested
from observatory.export.documents.draft import DocumentDraft
from observatory.export.documents.notes import build_note_sections
from observatory.export.documents.one_pager import draft_one_pager
from observatory.language import Localizer
from observatory.outlook.outlook import Outlook
from observatory.selection import DEFAULT_SELECTION, Selection, build_share_url
from observatory.workspace import Workspace
from observatory.workspace.notes import pin_notes


@dataclass(frozen=True)
class DocumentEntry:
    """A page that can be a file: its id (as in PAGES), the path of its links, the function that drafts it.

    A page that needs more than one outlook has `build_between`, which takes a workspace, instead of `build`.
    """

    id: str
    path: str
    build: Callable[[Context], DocumentDraft] | None
    layout: DocumentLayout = "page"
    build_between: Callable[[Context, Workspace], DocumentDraft] | None = None
    has_charts: bool = True  # whether it can be exported as an image


def _find_draft(page: str) -> Callable[..., DocumentDraft]:
    return cast(
        Callable[..., DocumentDraft], getattr(import_module(f"observatory.export.documents.{page}"), f"draft_{page}")
    )


def _build_entry(page: PageEntry) -> DocumentEntry:
    draft = _find_draft(page.id)
    if page.build is None:
        return DocumentEntry(page.id, page.path, None, build_between=draft, has_charts=page.has_charts)
    return DocumentEntry(page.id, page.path, draft, has_charts=page.has_charts)


DOCUMENTS: tuple[DocumentEntry, ...] = (
    *(_build_entry(row) for row in PAGES if row.is_document),
    DocumentEntry(ONE_PAGER, "segment", draft_one_pager, "sheet"),  # its link opens the page of the market
)


def build_document(
    entry: DocumentEntry, outlook: Outlook, selection: Selection, base_url: str, workspace: Workspace | None = None
) -> Document:
    """The document of a page as of an outlook; `base_url` is the address of the site, with which its dated link begins.

    Freshness is counted to the day of the outlook, so the same link gives the same file months later.
    """
    localizer = Localizer("fr" if selection.lang == "fr" else "en")
    context = Context(outlook, selection, localizer, outlook.day)
    if entry.build is not None:
        draft = entry.build(context)
    else:
        assert entry.build_between is not None
        assert workspace is not None
        draft = entry.build_between(context, workspace)
    day = outlook.day.isoformat()
    asof = outlook.asof if workspace is None else pin_notes(workspace, selection, outlook)
    pinned = restrict_to_page(entry.id, replace(draft.selection or selection, asof=asof, mode="page"))
    shown = draft.selection or DEFAULT_SELECTION
    notes = () if workspace is None else build_note_sections(entry.id, context, shown, workspace)
    place = 1 if entry.layout == "page" else len(draft.sections)
    codes = dict.fromkeys((entry.id, shown.segment, selection.indicator and shown.indicator, day, localizer.language))
    document = Document(
        page=entry.id,
        layout=entry.layout,
        language=localizer.language,
        file_stem="-".join(code for code in codes if code),
        title=draft.title,
        kicker=draft.kicker,
        lead=draft.lead,
        call=draft.call,
        call_label=draft.call_label,
        call_line=draft.call_line,
        under=draft.under,
        sections=(*draft.sections[:place], *notes, *draft.sections[place:]),
        cover_id=draft.cover_id,
        method=draft.method,
        sources=draft.sources,
        edition_text=edition_text(outlook, localizer),
        edition_label=outlook.label,
        edition_number=None if outlook.is_reconstructed else outlook.edition,
        day=outlook.day,
        link=build_share_url(f"{base_url.rstrip('/')}/{entry.path}", pinned, outlook.catalogue),
        deck=draft.deck,
    )
    return clean_nested(document)
