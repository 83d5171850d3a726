"""DOCUMENTS: which pages can be files, one row and one function each; a builder knows its brief and no format."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from observatory.briefs.common.disclosure import edition_of
from observatory.briefs.links import used
from observatory.export.document import Document, Form, clean
from observatory.export.documents.compare import compare
from observatory.export.documents.countries import countries
from observatory.export.documents.draft import Draft
from observatory.export.documents.method import method
from observatory.export.documents.one_pager import brief
from observatory.export.documents.overview import overview
from observatory.export.documents.purchasing import purchasing
from observatory.export.documents.radar import radar
from observatory.export.documents.segment import segment
from observatory.export.documents.track_record import track_record
from observatory.export.documents.whats_new import whats_new
from observatory.language import Speaker
from observatory.outlook.outlook import Outlook
from observatory.selection import DEFAULT, Selection, link
from observatory.workspace import Workspace


@dataclass(frozen=True)
class Row:
    """A page that can be a file: its id (that of PAGES where it is one), the path of its links, what builds it.

    A page that needs more than one outlook is built `between` them, from a workspace.
    """

    id: str
    path: str
    build: Callable[[Outlook, Selection, Speaker], Draft] | None
    form: Form = "page"
    between: Callable[[Workspace, Outlook, Selection, Speaker], Draft] | None = None
    charts: bool = True  # whether a picture may stand for it


DOCUMENTS: tuple[Row, ...] = (
    Row("overview", "", overview),
    Row("segment", "segment", segment),
    Row("compare", "compare", compare),
    Row("countries", "countries", countries),
    Row("purchasing", "purchasing", purchasing),
    Row("radar", "radar", radar),
    Row("track_record", "track-record", track_record),
    Row("whats_new", "whats-new", None, between=whats_new, charts=False),
    Row("method", "method", method),
    Row("brief", "segment", brief, "sheet"),  # a market on one page; its link opens the whole page
)


def document_of(
    row: Row, outlook: Outlook, selection: Selection, base: str, workspace: Workspace | None = None
) -> Document:
    """The document of a page as of an outlook; `base` is the address of the site, that its dated link begins with.

    It says what the dated link shows, also of how fresh a figure is: the same link gives the same file months later.
    """
    speaker = Speaker("fr" if selection.lang == "fr" else "en")
    if row.build is not None:
        draft = row.build(outlook, selection, speaker)
    else:
        assert row.between is not None
        assert workspace is not None
        draft = row.between(workspace, outlook, selection, speaker)
    day = outlook.day.isoformat()
    asof = day if outlook.rebuilt else f"e{outlook.number}"  # a day may have several editions
    pinned = used(row.id, replace(draft.selection or selection, asof=asof, mode="page"))
    shown = draft.selection or DEFAULT
    codes = dict.fromkeys((row.id, shown.segment, selection.indicator and shown.indicator, day, speaker.language))
    made = Document(
        page=row.id,
        form=row.form,
        language=speaker.language,
        name="-".join(code for code in codes if code),
        title=draft.title,
        kicker=draft.kicker,
        lead=draft.lead,
        call=draft.call,
        call_label=draft.call_label,
        call_line=draft.call_line,
        under=draft.under,
        sections=draft.sections,
        picture=draft.picture,
        method=draft.method,
        sources=draft.sources,
        edition=edition_of(outlook, speaker),
        vintage=outlook.named,
        number=None if outlook.rebuilt else outlook.number,
        day=outlook.day,
        link=link(f"{base.rstrip('/')}/{row.path}", pinned, outlook.catalogue),
    )
    return clean(made)
