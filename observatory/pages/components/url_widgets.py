"""Widgets bound to the URL query: a choice is written to the address, each run seeds the widgets from it."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import streamlit as st

from observatory import workspace
from observatory.briefs.registry import find_page, restrict_to_page
from observatory.catalogue.models import Catalogue
from observatory.language import Localizer, negotiate_language
from observatory.outlook.outlook import Outlook
from observatory.selection import DEFAULT_SELECTION, Notice, Selection, build_url, format_query, parse_selection
from observatory.workspace import Workspace

T = TypeVar("T")
_QueryParams = dict[str, list[str]]
_WRITTEN_KEY = "written"  # in the session state
_MAX_EARLIER_QUERIES = 16
# Only what Markdown interprets: screen readers read the label of a widget with its backslashes.
_MARKDOWN_MARKS = re.compile(r"([#$&*<>@\[\\\]_`{|}~]|:(?=\S)|\.(?=[^\W\d_])|[+=-](?![^\W_])|(?<=\d)[.)](?=\s))")


@dataclass(frozen=True)
class UrlField:
    """A widget whose choice goes to the address: its session key, its label, and the change of the Selection.

    `change` takes the current Selection and the choice; `catalogue` is needed to parse the address.
    """

    catalogue: Catalogue
    key: str
    label: str
    change: Callable[[Selection, Any], Selection]


@dataclass(frozen=True)
class _WrittenQuery:
    """The query that was written last, and earlier ones, which the browser may still send."""

    earlier: tuple[_QueryParams, ...]
    current: _QueryParams
    is_new: bool = True  # until the run that wrote it is over


def default_selection() -> Selection:
    """The selection of an empty query: defaults, in the language of the browser."""
    return replace(DEFAULT_SELECTION, lang=negotiate_language(st.context.locale))


def resolve_address(opened: Workspace) -> tuple[Selection, tuple[Notice, ...], Outlook]:
    """The Selection of the address, notices on its unusable parts, and the outlook that it selects."""
    return workspace.resolve_query(opened, _read_query(), default_selection())


def _read_query() -> _QueryParams:
    return {name: st.query_params.get_all(name) for name in st.query_params}


def build_query(selection: Selection) -> dict[str, str]:
    """The query of a Selection, without this reader's defaults."""
    return format_query(selection, default_selection())


def write_address(selection: Selection) -> None:
    """Writes a Selection to the address of this page."""
    st.query_params.from_dict(build_query(selection))


def page_url(page: str, selection: Selection) -> str:
    """The address of a page, by its id, without this reader's defaults."""
    entry = find_page(page)
    assert entry is not None
    return build_url(f"/{entry.path}", selection, default_selection())


def method_url(selection: Selection) -> str:
    """The address of the method page, as of the edition of the selection."""
    return build_url("/method", restrict_to_page("method", selection), replace(DEFAULT_SELECTION, lang=""))


def localizer_for(selection: Selection) -> Localizer:
    """The Localizer of a selection's language."""
    return Localizer("fr" if selection.lang == "fr" else "en")


def update_address(catalogue: Catalogue, change: Callable[[Selection], Selection]) -> None:
    """Applies a change to the Selection of the address and writes it back.

    A reader who makes a second choice before the first one is answered sends the old address again: the second change
    then applies to the query that the first one wrote. The query is written even if it equals the one received, since
    the first answer, still on its way, sets a different one in the browser.
    """
    received = _read_query()
    written: _WrittenQuery = st.session_state.get(_WRITTEN_KEY) or _WrittenQuery((), received)
    if received not in (*written.earlier, written.current):
        written = _WrittenQuery((), received)
    current, _notices = parse_selection(written.current, catalogue, default_selection())
    write_address(change(current))
    st.session_state[_WRITTEN_KEY] = _WrittenQuery((*written.earlier, received)[-_MAX_EARLIER_QUERIES:], _read_query())


def settle_address() -> None:
    """Called once in each run of the script: after a run without a choice, the address of the browser counts again."""
    written = st.session_state.pop(_WRITTEN_KEY, None)
    if written is not None and written.is_new:
        st.session_state[_WRITTEN_KEY] = replace(written, is_new=False)


def _write_choice(field: UrlField) -> None:
    value = st.session_state.get(field.key)
    if value is not None:
        update_address(field.catalogue, lambda current: field.change(current, value))


def url_selectbox(
    field: UrlField, localizer: Localizer, options: Mapping[Any, str], value: Any, *, width: int = 260
) -> None:
    """A select box, `width` px wide; `options` gives each choice its label."""
    st.selectbox(
        field.label,
        list(options),
        index=list(options).index(seed_widget(field.key, value)) if value in options else None,
        format_func=make_label_formatter(options),
        key=field.key,
        placeholder=localizer.text("control.placeholder"),
        on_change=_write_choice,
        args=(field,),
        width=width,
    )


def url_segmented_control(field: UrlField, options: Sequence[tuple[Any, str]], value: Any) -> None:
    """A row of buttons, one of which is always chosen; `options` are the choices with their labels."""
    names = dict(options)
    st.segmented_control(
        field.label,
        list(names),
        default=seed_widget(field.key, value),
        format_func=make_label_formatter(names),
        key=field.key,
        required=True,
        on_change=_write_choice,
        args=(field,),
    )


def url_multiselect(
    field: UrlField, options: Mapping[Any, str], value: Sequence[Any], max_selections: int, placeholder: str
) -> None:
    """A select box of several choices, in the order in which the reader makes them."""
    st.multiselect(
        field.label,
        list(options),
        default=seed_widget(field.key, list(value)),
        format_func=make_label_formatter(options),
        key=field.key,
        max_selections=max_selections,
        placeholder=placeholder,
        select_all=False,
        on_change=_write_choice,
        args=(field,),
    )


def seed_widget(key: str, value: T) -> T:
    """Sets the value of a widget in the session state and returns it, to be passed to the widget as its default too.

    A widget that has the value already is not touched, since its reader may be moving it right now. Streamlit sends
    a value set by us to the browser only once: if a second run overtakes that message, the browser falls back to the
    default of the widget, so both must be equal.
    """
    if key not in st.session_state or st.session_state[key] != value:
        st.session_state[key] = value
    return value


def make_label_formatter(labels: Mapping[Any, str]) -> Callable[[Any], str]:
    """A function that gives each choice its label."""
    return lambda option: labels.get(option, str(option))


def escape_markdown(text: str) -> str:
    """Text as a label, in which Streamlit would interpret Markdown: all of its marks are escaped."""
    return _MARKDOWN_MARKS.sub(r"\\\1", text)
