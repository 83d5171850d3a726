"""The reason that every publication is asked for: its field, and what is wrong with it."""

import streamlit as st

from observatory.briefs.notes import fault_text
from observatory.language import Localizer
from observatory.pages.components import html
from observatory.pages.publish.fields import required_label, show_faults
from observatory.workspace.notes import MAX_REASON_CHARS, read_reason


def show_reason(key: str, hint: str, localizer: Localizer) -> None:
    """Shows the field of a reason under a hint, and what the last press of the button found wrong with it."""
    st.html(html.render_paragraphs("o-unit", hint))
    label = required_label(localizer.text("publish.note"), localizer)
    st.text_input(label, key=key, max_chars=MAX_REASON_CHARS, autocomplete="off")
    show_faults(key, (st.session_state.pop(_fault_key(key), ""),))


def take_reason(key: str, missing: str, localizer: Localizer) -> str:
    """The reason that was typed; empty, with a fault at its field, where it cannot be published.

    `missing` is the key of the sentence for an empty field, with an example.
    """
    reason, faults = read_reason(str(st.session_state.get(key) or ""))
    if not faults:
        return reason
    fault = faults[0]
    is_missing = fault.key == "cluster.fault.reason"
    sentence = localizer.text(missing) if is_missing else fault_text(fault.key, fault.values, localizer)
    st.session_state[_fault_key(key)] = sentence
    return ""


def _fault_key(key: str) -> str:
    return f"{key}_fault"
