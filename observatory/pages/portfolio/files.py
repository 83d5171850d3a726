"""The page of a mix as files, made at the click in the reader's own session: no address leads to them."""

from functools import partial

import streamlit as st

from observatory.export.documents.portfolio import FORMATS, document_of_mix
from observatory.export.formats import EXPORTS
from observatory.language import Speaker
from observatory.mix import Mix, fragment_of
from observatory.outlook.outlook import Outlook
from observatory.pages.components.share import links
from observatory.selection import Selection


def show(outlook: Outlook, selection: Selection, mix: Mix, speaker: Speaker) -> None:
    """One button a format."""
    dated = f"{links(outlook, selection, 'portfolio')[1]}#{fragment_of(mix)}"
    for made in (row for name in FORMATS for row in EXPORTS if row.id == name):
        st.download_button(
            speaker.say(f"export.offer.{made.id}"),
            partial(_written, outlook, selection, mix, dated, made.id),
            file_name=f"{speaker.say('portfolio.file')}-{outlook.day.isoformat()}.{made.ending}",
            mime=made.media_type,
            key=f"w_file_{made.id}",
            icon=":material/download:",
            type="tertiary",
            on_click="ignore",
        )


def _written(outlook: Outlook, selection: Selection, mix: Mix, dated: str, name: str) -> bytes:
    export = next(row for row in EXPORTS if row.id == name)
    return export.write(document_of_mix(outlook, selection, mix, dated))
