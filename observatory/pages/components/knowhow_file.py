"""Download of the know-how table as CSV, which analysts can edit and upload again."""

from functools import partial

import streamlit as st

from observatory.export.csv.knowhow import write_knowhow_csv
from observatory.language import LANGUAGES, Localizer
from observatory.outlook.outlook import Outlook
from observatory.pages.components import html


def show_section(outlook: Outlook, localizer: Localizer) -> None:
    """The download section of the publish page, with its explanation."""
    if outlook.knowhow:
        with st.container(key="fig_knowhow_file"):
            st.html(html.render_heading(localizer.text("publish.knowhow"), localizer.text("publish.knowhow.hint")))
            show_buttons(outlook, localizer)


def show_buttons(outlook: Outlook, localizer: Localizer) -> None:
    """One button for each CSV dialect, the reader's language first; a file is written on click."""
    with st.container(key="knowhow_files", horizontal=True):
        for language in sorted(LANGUAGES, key=lambda one: one != localizer.language):
            st.download_button(
                localizer.text(f"knowhow.file.{language}"),
                partial(write_knowhow_csv, outlook.catalogue, language),
                file_name=f"{localizer.text('knowhow.file')}-{outlook.day.isoformat()}-{language}.csv",
                mime="text/csv",
                key=f"w_knowhow_{language}",
                icon=":material/download:",
                type="tertiary",
                on_click="ignore",
            )
