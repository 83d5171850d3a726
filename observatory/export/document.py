"""What every file is made of: a page as a Document, in words and numbers, that no format needs to know more about."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date
from typing import Any, Literal, TypeVar

from observatory.briefs.common.model import Figure, TextTable
from observatory.language import Language

DocumentLayout = Literal["page", "sheet"]  # as long as it takes, or all on one page
_Value = TypeVar("_Value")

# What XML 1.0 cannot hold: a file with one of these opens nowhere.
_FORBIDDEN_CHARACTERS = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class DocumentSource:
    """Where the figures of a series come from; `origin` is the last period known, from which forecasts start."""

    series: str
    publisher: str
    licence: str
    attribution: str
    origin: str
    taken: str
    page: str


@dataclass(frozen=True)
class Section:
    """A part of a document: a title, sentences, terms, tables, at most one figure. `id` is a stable code.

    Two `small` sections in a row may stand side by side.
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


@dataclass(frozen=True)
class Document:
    """A page as a file says it: the answer first, then its sections, its method, its sources, and how to find it again.

    `picture` is the id of the section whose figure stands for the whole page; `edition` says in words which edition it
    is, `vintage` as every file does, `number` (None of a rebuilt month) and `day` in figures; `link` is the
    dated address, that will always show the same figures.
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

    @property
    def cover_section(self) -> Section | None:
        """The section whose figure stands for the whole page; None where nothing is drawn."""
        return next((row for row in self.sections if row.id == self.cover_id and has_chart(row)), None)


def has_chart(section: Section) -> bool:
    """Whether a section has a chart that can be drawn."""
    return section.figure is not None and section.figure.spec is not None


def clean_nested(value: _Value) -> _Value:
    """The same value without the control characters that XML cannot hold, however deep its texts stand.

    Specifications of charts are left as they are: they are cleaned as they are drawn.
    """
    if isinstance(value, str):
        return clean_text(value)  # type: ignore[return-value]
    if isinstance(value, tuple):
        return tuple(clean_nested(part) for part in value)  # type: ignore[return-value]
    if is_dataclass(value) and not isinstance(value, type):
        parts = {row.name: getattr(value, row.name) for row in fields(value)}
        return replace(value, **{name: clean_nested(part) for name, part in parts.items() if _may_hold_text(part)})
    return value


def _may_hold_text(part: Any) -> bool:
    """Whether something can hold text that must be cleaned."""
    return isinstance(part, str | tuple) or (is_dataclass(part) and not isinstance(part, Mapping))


def clean_text(text: str) -> str:
    """A text without the characters that XML cannot hold."""
    return _FORBIDDEN_CHARACTERS.sub("", text)


def list_figures(document: Document) -> Sequence[tuple[Section, Figure]]:
    """The figures of a document with their sections, in order."""
    return [(row, row.figure) for row in document.sections if row.figure is not None]
