"""The table of know-how as a file: to cite it, or to change it and send it back."""

from functools import partial

import streamlit as st

from observatory.export.csv.knowhow import knowhow_csv
from observatory.language import LANGUAGES, Speaker
from observatory.outlook.outlook import Outlook
from observatory.pages.components import html


def section(outlook: Outlook, speaker: Speaker) -> None:
    """The files on the page of analysts, with what they are for."""
    if outlook.knowhow:
        with st.container(key="fig_knowhow_file"):
            st.html(html.heading(speaker.say("publish.knowhow"), speaker.say("publish.knowhow.hint")))
            buttons(outlook, speaker)


def buttons(outlook: Outlook, speaker: Speaker) -> None:
    """One button a dialect, that of the reader first; a file is written at its click."""
    with st.container(key="knowhow_files", horizontal=True):
        for language in sorted(LANGUAGES, key=lambda one: one != speaker.language):
            st.download_button(
                speaker.say(f"knowhow.file.{language}"),
                partial(knowhow_csv, outlook.catalogue, language),
                file_name=f"{speaker.say('knowhow.file')}-{outlook.day.isoformat()}-{language}.csv",
                mime="text/csv",
                key=f"w_knowhow_{language}",
                icon=":material/download:",
                type="tertiary",
                on_click="ignore",
            )
