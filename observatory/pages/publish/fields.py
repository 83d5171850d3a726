"""Fields of the forms: required ones in words, faults below each, and the focus on the first of these."""

import secrets
from collections.abc import Iterable

import streamlit as st
from markupsafe import Markup

from observatory.language import Localizer
from observatory.pages.components.notices import show_notices
from observatory.pages.components.templates import render
from observatory.pages.style import load_js

_WIDGET_PREFIX = "w_"


def required_label(label: str, localizer: Localizer) -> str:
    """The label of a field that must be filled in."""
    return localizer.text("field.required", label=label)


def show_faults(key: str, sentences: Iterable[str]) -> None:
    """Shows what is wrong with the field of a widget key, below it; the script finds the field by the name."""
    show_notices(f"notices_{key.removeprefix(_WIDGET_PREFIX)}", sentences)


def show_fault_script() -> None:
    """Loads the script that ties faults to their fields, and takes the reader to the first one."""
    script = Markup(load_js("fields.js"))  # noqa: S704 - our own file
    with st.container(key="field_script"):
        st.html(render("share_script", script=script), unsafe_allow_javascript=True)


def show_run_mark() -> None:
    """Ends a page with a mark that is another at each run: the script sees by it that the faults are those of now."""
    with st.container(key="run_mark"):
        st.html(render("run_mark", run=secrets.token_hex(4)))
