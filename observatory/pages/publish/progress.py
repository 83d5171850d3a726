"""What an analyst waits for: one computation at a time, a bar that moves, and what the last click led to."""

from threading import Lock
from typing import Any

import streamlit as st

from observatory.errors import ObservatoryError, redact_error_values
from observatory.language import Localizer
from observatory.pages.components.url_widgets import localizer_for
from observatory.selection import Selection
from observatory.workspace import ProgressCallback

COMPUTE_LOCK = Lock()  # a preview takes all of a core for some seconds: one at a time, readers have the other


def make_progress(bar: Any, localizer: Localizer) -> ProgressCallback:
    """A progress that moves a bar of the page."""

    def move(step: str, done: float) -> None:
        bar.progress(min(done, 1.0), localizer.text(step))

    return move


def store_error_message(error: ObservatoryError, selection: Selection) -> None:
    """Keeps a sentence for the next run."""
    st.session_state["message"] = localizer_for(selection).error_text(error.key, redact_error_values(error.values))
