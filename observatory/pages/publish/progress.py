"""What an analyst waits for: one computation at a time, a bar that moves, and what the last click led to."""

from threading import Lock
from typing import Any

import streamlit as st

from observatory.errors import ObservatoryError, public
from observatory.language import Speaker
from observatory.pages.components.url_widgets import speaker_of
from observatory.selection import Selection
from observatory.workspace import Progress

TURN = Lock()  # a preview takes all of a core for some seconds: one at a time, readers have the other


def bar(shown: Any, speaker: Speaker) -> Progress:
    """A progress that moves a bar of the page."""

    def move(step: str, done: float) -> None:
        shown.progress(min(done, 1.0), speaker.say(step))

    return move


def tell(error: ObservatoryError, selection: Selection) -> None:
    """Keeps a sentence for the next run."""
    st.session_state["said"] = speaker_of(selection).explain(error.key, public(error.values))
