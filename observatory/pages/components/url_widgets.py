"""Widgets and the address: the address is the only truth; a widget writes it, and is seeded from it at each run."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import streamlit as st

from observatory import workspace
from observatory.briefs.registry import restrict_to_page
from observatory.catalogue.models import Catalogue
from observatory.language import Localizer, negotiate_language
from observatory.outlook.outlook import Outlook
from observatory.selection import DEFAULT_SELECTION, Notice, Selection, build_url, format_query, parse_selection
from observatory.workspace import Workspace

T = TypeVar("T")
_QueryParams = dict[str, list[str]]
_WRITTEN_KEY = "written"  # of the session's memory
_MAX_EARLIER_QUERIES = 16
# What Markdown reads as a mark, and no more: a label is also the name that a screen reader says, backslashes and all.
_MARKDOWN_MARKS = re.compile(r"([#$&*<>@\[\\\]_`{|}~]|:(?=\S)|\.(?=[^\W\d_])|[+=-](?![^\W_])|(?<=\d)[.)](?=\s))")


@dataclass(frozen=True)
class _WrittenQuery:
    """The address that was written last, and those before it, which the browser may still send."""

    earlier: tuple[_QueryParams, ...]
    current: _QueryParams
    is_new: bool = True  # until the run that wrote it is over


def default_selection() -> Selection:
    """What an address that says nothing means to this reader: the language is that of the browser."""
    return replace(DEFAULT_SELECTION, lang=negotiate_language(st.context.locale))


def resolve_address(opened: Workspace) -> tuple[Selection, tuple[Notice, ...], Outlook]:
    """The Selection of the address, what in it could not be used, and the outlook that it asks for."""
    return workspace.resolve_query(opened, _read_query(), default_selection())


def _read_query() -> _QueryParams:
    return {name: st.query_params.get_all(name) for name in st.query_params}


def build_query(selection: Selection) -> dict[str, str]:
    """The query of a Selection for this reader, defaults left out."""
    return format_query(selection, default_selection())


def write_address(selection: Selection) -> None:
    """Writes a Selection to the address of this page."""
    st.query_params.from_dict(build_query(selection))


def method_url(selection: Selection) -> str:
    """The address of the method page, as of what the reader is looking at."""
    return build_url("/method", restrict_to_page("method", selection), replace(DEFAULT_SELECTION, lang=""))


def localizer_for(selection: Selection) -> Localizer:
    """The Localizer of a selection's language."""
    return Localizer("fr" if selection.lang == "fr" else "en")


def update_address(catalogue: Catalogue, change: Callable[[Selection], Selection]) -> None:
    """The address of this page, changed: what a field that is no choice among some writes.

    Whoever chooses twice while the first answer is on its way sends the address from before it: the second choice is
    then made on what the first one wrote. It is written even where it says what the browser sent, for that answer
    will say something else there.
    """
    sent = _read_query()
    written: _WrittenQuery = st.session_state.get(_WRITTEN_KEY) or _WrittenQuery((), sent)
    if sent not in (*written.earlier, written.current):
        written = _WrittenQuery((), sent)
    current, _notices = parse_selection(written.current, catalogue, default_selection())
    write_address(change(current))
    st.session_state[_WRITTEN_KEY] = _WrittenQuery((*written.earlier, sent)[-_MAX_EARLIER_QUERIES:], _read_query())


def settle_address() -> None:
    """To be called by each run of the script: after one in which nothing was chosen, the browser's address counts."""
    written = st.session_state.pop(_WRITTEN_KEY, None)
    if written is not None and written.is_new:
        st.session_state[_WRITTEN_KEY] = replace(written, is_new=False)


def _write_choice(catalogue: Catalogue, key: str, change: Callable[[Selection, Any], Selection]) -> None:
    value = st.session_state.get(key)
    if value is not None:
        update_address(catalogue, lambda current: change(current, value))


def url_selectbox(
    catalogue: Catalogue,
    localizer: Localizer,
    key: str,
    label: str,
    options: Mapping[Any, str],
    value: Any,
    change: Callable[[Selection, Any], Selection],
    width: int = 260,
) -> None:
    """A select box whose choice goes to the address."""
    st.selectbox(
        label,
        list(options),
        index=list(options).index(seed_widget(key, value)) if value in options else None,
        format_func=make_label_formatter(options),
        key=key,
        placeholder=localizer.text("control.placeholder"),
        on_change=_write_choice,
        args=(catalogue, key, change),
        width=width,
    )


def url_segmented_control(
    catalogue: Catalogue,
    key: str,
    label: str,
    options: Sequence[tuple[Any, str]],
    value: Any,
    change: Callable[[Selection, Any], Selection],
) -> None:
    """A row of buttons, one of which is chosen, whose choice goes to the address."""
    names = dict(options)
    st.segmented_control(
        label,
        list(names),
        default=seed_widget(key, value),
        format_func=make_label_formatter(names),
        key=key,
        required=True,
        on_change=_write_choice,
        args=(catalogue, key, change),
    )


def url_multiselect(
    catalogue: Catalogue,
    key: str,
    label: str,
    options: Mapping[Any, str],
    value: Sequence[Any],
    change: Callable[[Selection, Any], Selection],
    max_selections: int,
    placeholder: str,
) -> None:
    """A box of several choices, in the order in which they were made, that go to the address."""
    st.multiselect(
        label,
        list(options),
        default=seed_widget(key, list(value)),
        format_func=make_label_formatter(options),
        key=key,
        max_selections=max_selections,
        placeholder=placeholder,
        select_all=False,
        on_change=_write_choice,
        args=(catalogue, key, change),
    )


def seed_widget(key: str, value: T) -> T:
    """What a widget shows, to be given to it as its default too.

    One that shows it already is left alone, for its reader may be moving it right now. The browser is told once only
    that a value was set: where a second run overtakes that word, it begins with the default, and would send that back.
    """
    if key not in st.session_state or st.session_state[key] != value:
        st.session_state[key] = value
    return value


def make_label_formatter(labels: Mapping[Any, str]) -> Callable[[Any], str]:
    """What a choice is called."""
    return lambda option: labels.get(option, str(option))


def escape_markdown(text: str) -> str:
    """Text for a label, where Streamlit reads Markdown: every mark of it is escaped, so that none has a meaning."""
    return _MARKDOWN_MARKS.sub(r"\\\1", text)
