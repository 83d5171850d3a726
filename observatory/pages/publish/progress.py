"""Long computations: a lock that admits one at a time, a progress bar, and the message for the next run."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any

import streamlit as st

from observatory.errors import ObservatoryError, redact_error_values
from observatory.language import Localizer
from observatory.pages.components.url_widgets import localizer_for
from observatory.selection import Selection
from observatory.workspace import ProgressCallback

_COMPUTE_LOCK = Lock()  # a preview occupies one core for some seconds: one at a time, so that readers have the other


@contextmanager
def take_turn(bar: Any, localizer: Localizer) -> Iterator[None]:
    """Computes alone; whoever comes second learns that another preview ends first."""
    if not _COMPUTE_LOCK.acquire(blocking=False):
        bar.progress(0.0, localizer.text("publish.waiting"))
        _COMPUTE_LOCK.acquire()
    try:
        bar.progress(0.0, _step_text("progress.forecasting", localizer))
        yield
    finally:
        _COMPUTE_LOCK.release()


def make_progress(bar: Any, localizer: Localizer) -> ProgressCallback:
    """A callback that updates a progress bar of the page."""

    def move(step: str, done: float) -> None:
        bar.progress(min(done, 1.0), _step_text(step, localizer))

    return move


def _step_text(step: str, localizer: Localizer) -> str:
    return localizer.text("publish.computing", step=localizer.text(step))


def store_error_message(error: ObservatoryError, selection: Selection) -> None:
    """Stores the sentence of an error for the next run."""
    st.session_state["message"] = localizer_for(selection).error_text(error.key, redact_error_values(error.values))
