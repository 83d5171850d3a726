"""The question whether the date is right, where the clock is a year past the newest edition."""

import streamlit as st

from observatory import workspace
from observatory.language import Localizer


def show_clock_question(key: str, localizer: Localizer) -> None:
    """Shows a box to tick if the clock is in doubt; without a tick nothing is published."""
    opened = workspace.get_workspace()
    newest = opened.find_clock_doubt()
    if newest is not None:
        days = {"now": localizer.day(opened.today()), "day": localizer.day(newest.at.date())}
        st.checkbox(localizer.text("publish.date_is_right", id=newest.id, **days), key=key)
