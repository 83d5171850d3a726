"""Document model: a page as sections of text, tables and figures, independent of any file format."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date
from typing import Any, Literal, TypeVar

from observatory.briefs.common.model import Figure, TextTable
from observatory.briefs.deck.model import DeckSlide
from observatory.language import Language

DocumentLayout = Literal["page", "sheet"]  # "page": as many pages as needed; "sheet": exactly one
_Value = TypeVar("_Value")
NOTES_SECTION = "notes"  # the id of the section with the notes of the cluster

# Characters that XML 1.0 does not allow: no program opens an Office file that holds one.
_FORBIDDEN_CHARACTERS = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class DocumentSource:
    """Source of the figures of a series; `origin` is the last known period, from which forecasts start."""

    series: str
    publisher: str
    licence: str
    attribution: str
    origin: str
    taken: str
    page: str


@dataclass(frozen=True)
class Section:
    """A part of a document: title, paragraphs, terms, tables, at most one figure. `id` is a stable code.

    Two `small` sections in a row may be placed next to each other. `plain_subtitle` is for formats that show a table
    alone, where the subtitle describes bars next to it; empty: the subtitle is true of both.
    """

    id: str
    title: str
    subtitle: str = ""
    paragraphs: tuple[str, ...] = ()
    terms: tuple[tuple[str, str], ...] = ()
    tables: tuple[TextTable, ...] = ()
    figure: Figure | None = None
    source: str = ""
    small: bool = False
    plain_subtitle: str = ""

    @property
    def table_subtitle(self) -> str:
        """The subtitle where the tables are shown alone."""
        return self.plain_subtitle or self.subtitle


@dataclass(frozen=True)
class Document:
    """A page as the content of a file: the answer first, then sections, method, sources and a dated link.

    `cover_id` is the id of the section whose figure represents the whole page. The edition stands as a sentence
    (`edition_text`), as files label it (`edition_label`), as a number (`edition_number`, None for a reconstructed
    month) and as a `day`. `link` is the dated address, which always shows the same figures.
    `deck` are the first slides of a presentation, where the page has them.
    """

    page: str
    layout: DocumentLayout
    language: Language
    file_stem: str
    title: str
    kicker: str
    lead: str
    call: str
    call_label: str
    call_line: str
    under: tuple[str, ...]
    sections: tuple[Section, ...]
    cover_id: str
    method: tuple[str, ...]
    sources: tuple[DocumentSource, ...]
    edition_text: str
    edition_label: str
    edition_number: int | None
    day: date
    link: str
    deck: tuple[DeckSlide, ...] = ()

    @property
    def cover_section(self) -> Section | None:
        """The section whose figure represents the whole page; None if it has no chart."""
        return next((part for part in self.sections if part.id == self.cover_id and has_chart(part)), None)


def has_chart(section: Section) -> bool:
    """Whether a section has a chart with a specification."""
    return section.figure is not None and section.figure.spec is not None


def clean_nested(value: _Value) -> _Value:
    """The same value without characters that XML does not allow."""
    return map_texts(value, clean_text)


def map_texts(value: _Value, function: Callable[[str], str]) -> _Value:
    """The same value with a function applied to every text, in tuples and dataclasses at any depth.

    Specifications of charts are left as they are: the renderer changes them.
    """
    if isinstance(value, str):
        return function(value)  # type: ignore[return-value]
    if isinstance(value, tuple):
        return tuple(map_texts(part, function) for part in value)  # type: ignore[return-value]
    if is_dataclass(value) and not isinstance(value, type):
        parts = {row.name: getattr(value, row.name) for row in fields(value)}
        changed = {name: map_texts(part, function) for name, part in parts.items() if _may_hold_text(part)}
        return replace(value, **changed)
    return value


def _may_hold_text(part: Any) -> bool:
    """Whether a part can hold text to be cleaned."""
    return isinstance(part, str | tuple) or (is_dataclass(part) and not isinstance(part, Mapping))


def clean_text(text: str) -> str:
    """A text without the characters that XML does not allow."""
    return _FORBIDDEN_CHARACTERS.sub("", text)


def list_figures(document: Document) -> Sequence[tuple[Section, Figure]]:
    """The figures of a document with their sections, in order."""
    return [(section, section.figure) for section in document.sections if section.figure is not None]
