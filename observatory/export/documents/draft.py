"""What the builder of a page gives: its words and sections; edition, link and name are the same work for all."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from observatory.export.document import Section, Source


@dataclass(frozen=True)
class Draft:
    """A page on its way to a Document. `selection` holds what its dated link must name beside the reader's choices."""

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
    selection: Mapping[str, str] = field(default_factory=dict)
