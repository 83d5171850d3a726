"""Builds what is shown of the cluster's notes: text, signature and day, apart from everything that is computed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from observatory.catalogue.models import Catalogue
from observatory.errors import MessageValue
from observatory.language import Language, Localizer
from observatory.selection import DEFAULT_SELECTION, Selection
from observatory.store.notes import NoteContent, NoteScope, PublishedNote


@dataclass(frozen=True)
class NoteView:
    """A note as it is shown: whose and about what, its paragraphs in `language`, who signed it and when.

    `language_label` says the language where it is not that of the page; `link` is (address, name of its host), empty
    without one. `target` is the page that the note stands on, as (path, selection).
    """

    id: int
    title: str
    subject: str
    paragraphs: tuple[str, ...]
    language: Language
    language_label: str
    signature: str
    day: str
    link: tuple[str, str]
    target: tuple[str, Selection]


def select_notes(notes: Iterable[PublishedNote], scope: NoteScope, code: str = "") -> tuple[PublishedNote, ...]:
    """The notes on the whole, or on the market or country of a code."""
    return tuple(row for row in notes if (row.content.scope, row.content.code) == (scope, code))


def build_notes(notes: Iterable[PublishedNote], catalogue: Catalogue, localizer: Localizer) -> tuple[NoteView, ...]:
    """Notes as they are shown, in their order."""
    return tuple(build_note(row.content, row.id, catalogue, localizer) for row in notes)


def build_note(content: NoteContent, number: int, catalogue: Catalogue, localizer: Localizer) -> NoteView:
    """A note in the language of a reader, else in French; its words stay as they were signed."""
    is_translated = localizer.language == "fr" or bool(content.text_en)
    text = content.text_en if localizer.language == "en" and content.text_en else content.text_fr
    subject = name_subject(content, catalogue, localizer)
    return NoteView(
        number,
        localizer.text("cluster.title.about", about=subject),
        subject,
        tuple(row for row in text.split("\n") if row),
        localizer.language if is_translated else "fr",
        "" if is_translated else localizer.text("cluster.in_french"),
        localizer.text("cluster.signature", name=content.name, role=content.role),
        localizer.day(content.day),
        (content.link, urlsplit(content.link).hostname or "") if content.link else ("", ""),
        _find_target(content, localizer.language),
    )


def name_subject(content: NoteContent, catalogue: Catalogue, localizer: Localizer) -> str:
    """The name of what a note is about; the code of a market that an edition does not have."""
    if content.scope == "whole":
        return localizer.text("cluster.whole")
    if content.scope == "segment":
        segment = catalogue.segments.get(content.code)
        return content.code if segment is None else localizer.field_text(segment, "title")
    country = catalogue.geographies.get(content.code)
    return content.code if country is None else localizer.field_text(country, "title")


def list_note_paragraphs(note: NoteView) -> tuple[str, ...]:
    """The paragraphs of a note in a file: its text, then signature, day, language and link on one line."""
    parts = (note.signature, note.day, note.language_label, note.link[0])
    signed = " \u00b7 ".join(part for part in parts if part)
    return (*note.paragraphs, f"\u2014 {signed}")


def _find_target(content: NoteContent, language: Language) -> tuple[str, Selection]:
    if content.scope == "segment":
        return "/segment", Selection(lang=language, segment=content.code)
    if content.scope == "country":
        return "/countries", Selection(lang=language, geo=content.code)
    return "/", Selection(lang=language) if language != DEFAULT_SELECTION.lang else DEFAULT_SELECTION


def fault_text(key: str, values: Mapping[str, MessageValue], localizer: Localizer) -> str:
    """What is wrong with a note that is to be published, and the cure; a value `n` chooses the plural form."""
    if "n" not in values:
        return localizer.text(key, **values)
    return localizer.plural(key, int(values["n"]), **{name: value for name, value in values.items() if name != "n"})
