"""Notes of the cluster: checks what is to be published, and finds the notes that a view shows."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from difflib import get_close_matches
from typing import Any, cast
from urllib.parse import urlsplit

from observatory.catalogue.models import Catalogue
from observatory.errors import MessageValue
from observatory.outlook.outlook import Outlook
from observatory.selection import Selection
from observatory.settings import MAX_ECHOED_CHARS
from observatory.store.notes import NoteContent, NoteRecord, NoteScope, PublishedNote, list_standing
from observatory.typography import escape_unprintable
from observatory.workspace.outlook_reader import OutlookReader

MAX_TEXT_CHARS, MAX_SIGNATURE_CHARS, MAX_LINK_CHARS, MAX_REASON_CHARS = 900, 80, 300, 300
TEXT_FIELDS = ("text_fr", "text_en")
SIGNATURE_FIELDS = ("name", "role")
NOTE_FIELDS = ("whole", "segment", "country", *TEXT_FIELDS, *SIGNATURE_FIELDS, "date", "link")
_OPTIONAL_FIELDS = ("text_en",)
_FIRST_DAY = date(2000, 1, 1)
_MAX_LISTED_CODES = 40
_KEPT_SPACES = "\u00a0\u202f"  # of French typography
_DROPPED = dict.fromkeys(
    map(ord, "\u00ad\u200b\u2060\ufeff")
)  # hyphens and blanks that nobody sees, as Word writes them


@dataclass(frozen=True)
class NoteFault:
    """One thing wrong with a note that is to be published: its field, and a message with the value seen and the cure.

    `name` is one of NOTE_FIELDS, "about" for what the note is about, "reason" of a withdrawal, or an unknown name.
    """

    name: str
    key: str
    values: Mapping[str, MessageValue] = field(default_factory=dict)


def read_note(
    values: Mapping[str, Any], catalogue: Catalogue, today: date
) -> tuple[NoteContent | None, tuple[NoteFault, ...]]:
    """A note from values by the names of NOTE_FIELDS; None with all that is wrong with it."""
    faults = [_refuse_name(name) for name in values if name not in NOTE_FIELDS]
    about = _read_about(values, catalogue, faults)
    texts = {
        name: _read_text(values, name, MAX_TEXT_CHARS, faults, is_optional=name in _OPTIONAL_FIELDS, has_lines=True)
        for name in TEXT_FIELDS
    } | {name: _read_text(values, name, MAX_SIGNATURE_CHARS, faults) for name in SIGNATURE_FIELDS}
    day = _read_day(values.get("date"), today, faults)
    link = _read_link(values, faults)
    if faults or about is None or day is None:
        return None, tuple(faults)
    scope, code = about
    return NoteContent(scope, code, day=day, link=link, **texts), ()


def read_reason(text: str) -> tuple[str, tuple[NoteFault, ...]]:
    """The reason of a withdrawal, and what is wrong with it."""
    faults: list[NoteFault] = []
    return _read_text({"reason": text}, "reason", MAX_REASON_CHARS, faults), tuple(faults)


def _refuse_name(name: str) -> NoteFault:
    near = get_close_matches(name, NOTE_FIELDS, 1)
    shown = escape_unprintable(name, MAX_ECHOED_CHARS)
    return NoteFault(shown, "cluster.fault.unknown", {"name": shown, "known": ", ".join(near or NOTE_FIELDS)})


def _read_about(
    values: Mapping[str, Any], catalogue: Catalogue, faults: list[NoteFault]
) -> tuple[NoteScope, str] | None:
    """The whole, or a market or country by its code: exactly one of the three."""
    given = [name for name in ("whole", "segment", "country") if values.get(name) not in (None, "", False)]
    if len(given) != 1:
        key = "cluster.fault.about.several" if given else "cluster.fault.about"
        faults.append(NoteFault("about", key, {"names": ", ".join(given)}))
        return None
    scope, value = cast(NoteScope, given[0]), values[given[0]]
    if scope == "whole":
        if value is not True:
            faults.append(NoteFault("about", "cluster.fault.whole", {"value": _show(value)}))
            return None
        return scope, ""
    countries = [row.id for row in catalogue.geographies.values() if row.kind == "country"]
    codes = list(catalogue.segments) if scope == "segment" else countries
    if value not in codes:
        near = get_close_matches(str(value), codes, 3, 0.5) or codes[:_MAX_LISTED_CODES]
        key = f"cluster.fault.{scope}"
        faults.append(NoteFault("about", key, {"value": _show(value), "known": ", ".join(near)}))
        return None
    return scope, value


def _read_text(
    values: Mapping[str, Any],
    name: str,
    longest: int,
    faults: list[NoteFault],
    *,
    is_optional: bool = False,
    has_lines: bool = False,
) -> str:
    """A text without blanks around it; on one line unless it `has_lines`. Nothing that deceives a reader is let in."""
    value = values.get(name, "")
    if not isinstance(value, str):
        faults.append(NoteFault(name, "cluster.fault.type", {"name": name, "value": _show(value)}))
        return ""
    text = clean_note_text(value, has_lines=has_lines)
    hidden = next((char for char in text if not _is_shown(char)), "")
    if hidden:
        code, place = f"U+{ord(hidden):04X}", text.index(hidden) + 1
        faults.append(NoteFault(name, "cluster.fault.hidden", {"code": code, "place": place}))
    elif not text and not is_optional:
        faults.append(NoteFault(name, f"cluster.fault.{name}"))
    elif len(text) > longest:
        too_many = len(text) - longest
        faults.append(NoteFault(name, "cluster.fault.long", {"n": too_many, "count": len(text), "max": longest}))
    return text


def clean_note_text(text: str, *, has_lines: bool) -> str:
    """A typed text with plain blanks, and at most one empty line in a row if it `has_lines`."""
    lines = unicodedata.normalize("NFC", text.translate(_DROPPED)).splitlines()
    shown = ["".join(" " if char.isspace() and char not in _KEPT_SPACES else char for char in row) for row in lines]
    rows = [" ".join(part for part in row.split(" ") if part) for row in shown]
    kept = [row for place, row in enumerate(rows) if row or (place and rows[place - 1])]
    return "\n".join(kept).strip() if has_lines else " ".join(filter(None, kept))


def _is_shown(char: str) -> bool:
    """Whether a reader sees a character: no control, no mark that reverses text, no half of a pair, no private one."""
    return char.isprintable() or char == "\n" or char in _KEPT_SPACES


def _read_day(value: Any, today: date, faults: list[NoteFault]) -> date | None:
    day = value
    if isinstance(value, str) and value:
        try:
            day = date.fromisoformat(value)
        except ValueError:
            day = None
    elif isinstance(value, datetime):
        day = value.date()
    if value in (None, ""):
        faults.append(NoteFault("date", "cluster.fault.date", {"today": today.isoformat()}))
    elif not isinstance(day, date):
        faults.append(NoteFault("date", "cluster.fault.date.form", {"value": _show(value), "today": today.isoformat()}))
    elif not _FIRST_DAY <= day <= today:
        values = {"value": day.isoformat(), "first": _FIRST_DAY.isoformat(), "today": today.isoformat()}
        faults.append(NoteFault("date", "cluster.fault.date.range", values))
    return day if isinstance(day, date) else None


def _read_link(values: Mapping[str, Any], faults: list[NoteFault]) -> str:
    """An address of the open web over https, as written; empty without one."""
    value = values.get("link") or ""
    text = value.strip() if isinstance(value, str) else _show(value)
    if text and not (isinstance(value, str) and _is_web_address(text)):
        shown = escape_unprintable(text, MAX_ECHOED_CHARS)
        faults.append(NoteFault("link", "cluster.fault.link", {"value": shown, "max": MAX_LINK_CHARS}))
        return ""
    return text


def _is_web_address(text: str) -> bool:
    """Whether a text is an https address with a full host name, without a password or a character that misleads."""
    if len(text) > MAX_LINK_CHARS or not text.isprintable() or any(char in " \\\"<>'`{}|^" for char in text):
        return False
    try:
        parts = urlsplit(text)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        return False
    labels = host.split(".")
    is_whole = len(labels) > 1 and all(label and not label.startswith("-") for label in labels)
    return parts.scheme == "https" and text[:8].lower() == "https://" and is_whole and "@" not in parts.netloc


def _show(value: Any) -> str:
    return escape_unprintable(str(value), MAX_ECHOED_CHARS)


# -- what a view shows --------------------------------------------------------------------------------------------


def find_note_records(opened: OutlookReader, selection: Selection, outlook: Outlook) -> tuple[NoteRecord, ...]:
    """The beginning of the log that a view shows.

    All of it now; up to the moment of a dated view; before an edition that is named by its number, so that what is
    recorded later never changes its view, or up to the record that is named with it.
    """
    records = opened.store.notes.list_records()
    if not selection.asof or not records:
        return records
    last, moment = selection.notes_record(), selection.pinned_moment()
    if last is not None:
        return tuple(row for row in records if row.id <= last)
    if moment is not None:
        return tuple(row for row in records if row.at <= moment)
    return tuple(row for row in records if row.edition < outlook.edition)


def list_notes(opened: OutlookReader, selection: Selection, outlook: Outlook) -> tuple[PublishedNote, ...]:
    """The notes that stand in a view, the newest first."""
    return list_standing(find_note_records(opened, selection, outlook))


def pin_notes(opened: OutlookReader, selection: Selection, outlook: Outlook) -> str:
    """The `asof` that always shows a view as it is: its edition, and the last record of notes if it needs one."""
    records = () if outlook.is_reconstructed else find_note_records(opened, selection, outlook)
    if not records or records[-1].edition < outlook.edition:
        return outlook.asof
    return f"{outlook.asof}.n{records[-1].id}"
