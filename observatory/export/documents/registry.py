"""DOCUMENTS: which pages can be files, one row and one function each; a builder knows its brief and no format."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from observatory.briefs.common.context import Context
from observatory.briefs.common.disclosure import edition_text
from observatory.briefs.links import restrict_to_page
from observatory.export.document import Document, DocumentLayout, clean_nested
from observatory.export.documents.compare import draft_compare
from observatory.export.documents.countries import draft_countries
from observatory.export.documents.draft import DocumentDraft
from observatory.export.documents.method import draft_method
from observatory.export.documents.one_pager import draft_one_pager
from observatory.export.documents.overview import draft_overview
from observatory.export.documents.purchasing import draft_purchasing
from observatory.export.documents.radar import draft_radar
from observatory.export.documents.segment import draft_segment
from observatory.export.documents.track_record import draft_track_record
from observatory.export.documents.whats_new import draft_whats_new
from observatory.language import Localizer
from observatory.outlook.outlook import Outlook
from observatory.selection import DEFAULT_SELECTION, Selection, build_share_url
from observatory.workspace import Workspace


@dataclass(frozen=True)
class DocumentEntry:
    """A page that can be a file: its id (that of PAGES where it is one), the path of its links, what builds it.

    A page that needs more than one outlook is built `between` them, from a workspace.
    """

    id: str
    path: str
    build: Callable[[Context], DocumentDraft] | None
    layout: DocumentLayout = "page"
    build_between: Callable[[Context, Workspace], DocumentDraft] | None = None
    has_charts: bool = True  # whether a picture may stand for it


DOCUMENTS: tuple[DocumentEntry, ...] = (
    DocumentEntry("overview", "", draft_overview),
    DocumentEntry("segment", "segment", draft_segment),
    DocumentEntry("compare", "compare", draft_compare),
    DocumentEntry("countries", "countries", draft_countries),
    DocumentEntry("purchasing", "purchasing", draft_purchasing),
    DocumentEntry("radar", "radar", draft_radar),
    DocumentEntry("track_record", "track-record", draft_track_record),
    DocumentEntry("whats_new", "whats-new", None, build_between=draft_whats_new, has_charts=False),
    DocumentEntry("method", "method", draft_method),
    DocumentEntry("brief", "segment", draft_one_pager, "sheet"),  # a market on one page; its link opens the whole page
)


def build_document(
    entry: DocumentEntry, outlook: Outlook, selection: Selection, base_url: str, workspace: Workspace | None = None
) -> Document:
    """The document of a page as of an outlook; `base` is the address of the site, that its dated link begins with.

    It says what the dated link shows, also of how fresh a figure is: the same link gives the same file months later.
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
    asof = day if outlook.is_reconstructed else f"e{outlook.edition}"  # a day may have several editions
    pinned = restrict_to_page(entry.id, replace(draft.selection or selection, asof=asof, mode="page"))
    shown = draft.selection or DEFAULT_SELECTION
    codes = dict.fromkeys((entry.id, shown.segment, selection.indicator and shown.indicator, day, localizer.language))
    made = Document(
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
        sections=draft.sections,
        cover_id=draft.cover_id,
        method=draft.method,
        sources=draft.sources,
        edition_text=edition_text(outlook, localizer),
        edition_label=outlook.label,
        edition_number=None if outlook.is_reconstructed else outlook.edition,
        day=outlook.day,
        link=build_share_url(f"{base_url.rstrip('/')}/{entry.path}", pinned, outlook.catalogue),
    )
    return clean_nested(made)
