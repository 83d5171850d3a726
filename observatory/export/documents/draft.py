"""DocumentDraft: texts and sections of a page, before edition, link and file name are added."""

from dataclasses import dataclass

from observatory.briefs.deck.model import DeckSlide
from observatory.export.document import DocumentSource, Section
from observatory.selection import Selection


@dataclass(frozen=True)
class DocumentDraft:
    """The content of a page for a Document. The dated link names `selection`, or the reader's own where it is None."""

    title: str
    kicker: str
    lead: str
    under: tuple[str, ...]
    sections: tuple[Section, ...]
    cover_id: str
    method: tuple[str, ...]
    sources: tuple[DocumentSource, ...]
    call: str = ""
    call_label: str = ""
    call_line: str = ""
    selection: Selection | None = None
    deck: tuple[DeckSlide, ...] = ()
