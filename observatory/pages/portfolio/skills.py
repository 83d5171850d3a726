"""The choice of a firm's know-how: five chips, the others behind one more."""

from dataclasses import replace

import streamlit as st

from observatory.language import Localizer
from observatory.mix import Mix
from observatory.outlook.outlook import Outlook
from observatory.pages.components import mix_fragment
from observatory.pages.components.url_widgets import make_label_formatter, seed_widget

_FIRST_COUNT = 5
_MORE = ""  # the chip that shows the others
_ALL_KEY = "all_knowhow"  # in the session state: the others are shown


def show_choice(outlook: Outlook, mix: Mix, localizer: Localizer) -> None:
    """Shows the chips, those of the mix chosen; nothing in an edition without an assessment of know-how."""
    names = {row.id: localizer.field_text(row, "title") for row in outlook.knowhow}
    if not names:
        return
    chosen = [name for name in mix.knowhow if name in names]
    first = dict(list(names.items())[:_FIRST_COUNT])
    if len(names) > len(first) and not (st.session_state.get(_ALL_KEY) or set(chosen) - first.keys()):
        names = first | {_MORE: localizer.text("portfolio.knowhow.more")}
    st.pills(
        localizer.text("portfolio.knowhow"),
        list(names),
        selection_mode="multi",
        default=seed_widget("w_knowhow", chosen),
        format_func=make_label_formatter(names),
        key="w_knowhow",
        on_change=_on_change,
    )


def _on_change() -> None:
    chosen = list(st.session_state.get("w_knowhow") or [])
    if _MORE in chosen:
        st.session_state[_ALL_KEY] = True
    mix = mix_fragment.get_mix()
    mix_fragment.set_mix(replace(mix, knowhow=tuple(name for name in chosen if name != _MORE)))
