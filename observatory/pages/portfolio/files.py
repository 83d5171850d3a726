"""Downloads of the portfolio page, written in the reader's session on click: a mix must not be in a URL."""

from functools import partial

import streamlit as st

from observatory.export.documents.firm_note import FIRM_NOTE_FORMATS, write_firm_note
from observatory.export.documents.portfolio import PORTFOLIO_FORMATS, build_portfolio_document
from observatory.export.formats import EXPORTS
from observatory.language import Localizer
from observatory.mix import Mix, format_fragment
from observatory.outlook.outlook import Outlook
from observatory.pages.components.share import build_links
from observatory.selection import Selection
from observatory.workspace import get_workspace
from observatory.workspace.notes import list_notes


def show_note(outlook: Outlook, selection: Selection, mix: Mix, localizer: Localizer) -> None:
    """The button that downloads the note for a bank, in its first format."""
    _show_note_button(
        FIRM_NOTE_FORMATS[0], localizer.text("portfolio.files.note"), (outlook, selection, mix), localizer
    )


def show(outlook: Outlook, selection: Selection, mix: Mix, localizer: Localizer) -> None:
    """Shows a download button for each other format: of the note for a bank, then of the page."""
    dated = _build_dated_link(outlook, selection, mix)
    for name in FIRM_NOTE_FORMATS[1:]:
        _show_note_button(name, localizer.text(f"export.offer.firm.{name}"), (outlook, selection, mix), localizer)
    for export in (row for name in PORTFOLIO_FORMATS for row in EXPORTS if row.id == name):
        st.download_button(
            localizer.text(f"export.offer.{export.id}"),
            partial(_write_file, outlook, selection, mix, dated, export.id),
            file_name=f"{localizer.text('portfolio.file')}-{outlook.day.isoformat()}.{export.extension}",
            mime=export.media_type,
            key=f"w_file_{export.id}",
            icon=":material/download:",
            type="tertiary",
            on_click="ignore",
        )


def _show_note_button(name: str, label: str, content: tuple[Outlook, Selection, Mix], localizer: Localizer) -> None:
    outlook, selection, mix = content
    export = next(row for row in EXPORTS if row.id == name)
    is_first = name == FIRM_NOTE_FORMATS[0]
    st.download_button(
        label,
        partial(_write_note, outlook, selection, mix, _build_dated_link(outlook, selection, mix), name),
        file_name=f"{localizer.text('export.firm.file')}-{outlook.day.isoformat()}.{export.extension}",
        mime=export.media_type,
        key=f"w_note_{name}",
        icon=":material/account_balance:" if is_first else ":material/download:",
        type="primary" if is_first else "tertiary",
        on_click="ignore",
    )


def _build_dated_link(outlook: Outlook, selection: Selection, mix: Mix) -> str:
    return f"{build_links(outlook, selection, 'portfolio')[1]}#{format_fragment(mix)}"


def _write_note(outlook: Outlook, selection: Selection, mix: Mix, dated_link: str, name: str) -> bytes:
    notes = list_notes(get_workspace(), selection, outlook)
    return write_firm_note(outlook, selection, mix, dated_link, name, notes)


def _write_file(outlook: Outlook, selection: Selection, mix: Mix, dated_link: str, name: str) -> bytes:
    export = next(row for row in EXPORTS if row.id == name)
    return export.write(build_portfolio_document(outlook, selection, mix, dated_link))
