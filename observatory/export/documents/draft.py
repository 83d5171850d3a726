"""What the builder of a page gives: its words and sections; edition, link and name are the same work for all."""

from dataclasses import dataclass

from observatory.export.document import DocumentSource, Section
from observatory.selection import Selection


@dataclass(frozen=True)
class DocumentDraft:
    """A page on its way to a Document. `selection` is what its dated link names; None: what the reader chose."""

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
