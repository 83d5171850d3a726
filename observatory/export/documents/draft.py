"""What the builder of a page gives: its words and sections; edition, link and name are the same work for all."""

from dataclasses import dataclass

from observatory.export.document import Section, Source
from observatory.selection import Selection


@dataclass(frozen=True)
class Draft:
    """A page on its way to a Document. `selection` is what its dated link names; None: what the reader chose."""

    title: str
    kicker: str
    lead: str
    under: tuple[str, ...]
    sections: tuple[Section, ...]
    picture: str
    method: tuple[str, ...]
    sources: tuple[Source, ...]
    call: str = ""
    call_label: str = ""
    call_line: str = ""
    selection: Selection | None = None
