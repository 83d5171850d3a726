"""Builds the note for a bank from a mix in the reader's session, as a file; no route gives it, as a mix is private."""

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any

from observatory.briefs.common.context import Context
from observatory.briefs.firm_note import build_firm_note
from observatory.export.common.brand_logo import read_file_brand
from observatory.export.document import clean_nested
from observatory.language import Localizer
from observatory.mix import Mix
from observatory.outlook.outlook import Outlook
from observatory.selection import Selection
from observatory.store.notes import PublishedNote

FIRM_NOTE_FORMATS = ("pdf", "pptx")
_WRITERS: Mapping[str, str] = {"pdf": "write_note_pdf", "pptx": "write_note_pptx"}


def write_firm_note(
    outlook: Outlook,
    selection: Selection,
    mix: Mix,
    dated_link: str,
    format_id: str,
    notes: Sequence[PublishedNote] = (),
) -> bytes:
    """The note as a file; `dated_link` shows the mix again, in its fragment, which no server receives.

    `notes` are those of the cluster that stand, the newest first.
    """
    localizer = Localizer("fr" if selection.lang == "fr" else "en")
    context = Context(outlook, selection, localizer, outlook.day)
    note = clean_nested(build_firm_note(context, mix, read_file_brand().publisher, notes))
    # The libraries that write are imported at the first download.
    writer: Any = getattr(import_module(f"observatory.export.{format_id}.firm_note"), _WRITERS[format_id])
    content: bytes = writer(note, dated_link, outlook.day, localizer.language)
    return content
