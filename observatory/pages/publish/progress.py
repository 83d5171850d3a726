"""Long computations: a lock that admits one at a time, a progress bar, and the message for the next run."""

from threading import Lock
from typing import Any

import streamlit as st

from observatory.errors import ObservatoryError, redact_error_values
from observatory.language import Localizer
from observatory.pages.components.url_widgets import localizer_for
from observatory.selection import Selection
from observatory.workspace import ProgressCallback

COMPUTE_LOCK = Lock()  # a preview occupies one core for some seconds: one at a time, so that readers have the other


def make_progress(bar: Any, localizer: Localizer) -> ProgressCallback:
    """A callback that updates a progress bar of the page."""

    def move(step: str, done: float) -> None:
        bar.progress(min(done, 1.0), localizer.text(step))

    return move


def store_error_message(error: ObservatoryError, selection: Selection) -> None:
    """Stores the sentence of an error for the next run."""
    st.session_state["message"] = localizer_for(selection).error_text(error.key, redact_error_values(error.values))
