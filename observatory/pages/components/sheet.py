"""Folded parts of a page: static ones are HTML, those with charts or widgets are sent once they are open."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st
from markupsafe import Markup

from observatory.pages.components.templates import render
from observatory.pages.components.url_widgets import escape_markdown


@dataclass(frozen=True)
class Sheet:
    """A folded part: its name, unique on the page; its title; what shows it; a word on what is inside."""

    name: str
    title: str
    show: Callable[[], None]
    summary: str = ""


def render_sheet(title: str, content: Markup, summary: str = "") -> Markup:
    """A folded part without charts or widgets."""
    return render("sheet", title=title, content=content, summary=summary)


def show_sheet(sheet: Sheet) -> None:
    """A folded part; nothing of it is built before it is open."""
    _show_sheet(sheet, [])


def show_sheets(sheets: Sequence[Sheet]) -> None:
    """Folded parts as rows below one another, of which one is open at a time."""
    for sheet in sheets:
        _show_sheet(sheet, [_key(other.name) for other in sheets if other is not sheet])


def _show_sheet(sheet: Sheet, others: Sequence[str]) -> None:
    key = _key(sheet.name)
    label = escape_markdown(sheet.title)
    if sheet.summary:
        label += f" *{escape_markdown(sheet.summary)}*"
    with st.expander(label, key=key, on_change=_close_others, args=(key, others)) as expander:
        if expander.open:
            sheet.show()


def _close_others(key: str, others: Sequence[str]) -> None:
    if st.session_state[key]:
        for other in others:
            st.session_state[other] = False


def _key(name: str) -> str:
    return f"sheet_{name}"
