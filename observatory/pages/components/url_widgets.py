"""Widgets and the address: the address is the only truth; a widget writes it, and is seeded from it at each run."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import streamlit as st

from observatory import workspace
from observatory.briefs.links import used
from observatory.catalogue.models import Catalogue
from observatory.language import Speaker, negotiate
from observatory.outlook.outlook import Outlook
from observatory.selection import DEFAULT, Notice, Selection, address, query_of, read
from observatory.workspace import Workspace

T = TypeVar("T")
Query = dict[str, list[str]]
WRITTEN = "written"  # of the session's memory
MOST_BEFORE = 16
# What Markdown reads as a mark, and no more: a label is also the name that a screen reader says, backslashes and all.
_MARKS = re.compile(r"([#$&*<>@\[\\\]_`{|}~]|:(?=\S)|\.(?=[^\W\d_])|[+=-](?![^\W_])|(?<=\d)[.)](?=\s))")


@dataclass(frozen=True)
class Written:
    """The address that was written last, and those before it, which the browser may still send."""

    before: tuple[Query, ...]
    now: Query
    new: bool = True  # until the run that wrote it is over


def default_selection() -> Selection:
    """What an address that says nothing means to this reader: the language is that of the browser."""
    return replace(DEFAULT, lang=negotiate(st.context.locale))


def asked(opened: Workspace) -> tuple[Selection, tuple[Notice, ...], Outlook]:
    """The Selection of the address, what in it could not be used, and the outlook that it asks for."""
    return workspace.asked(opened, _address(), default_selection())


def _address() -> Query:
    return {name: st.query_params.get_all(name) for name in st.query_params}


def query(selection: Selection) -> dict[str, str]:
    """The query of a Selection for this reader, defaults left out."""
    return query_of(selection, default_selection())


def go(selection: Selection) -> None:
    """Writes a Selection to the address of this page."""
    st.query_params.from_dict(query(selection))


def method_of(selection: Selection) -> str:
    """The address of the method page, as of what the reader is looking at."""
    return address("/method", used("method", selection), replace(DEFAULT, lang=""))


def speaker_of(selection: Selection) -> Speaker:
    """The voice of a selection's language."""
    return Speaker("fr" if selection.lang == "fr" else "en")


def rewrite(catalogue: Catalogue, change: Callable[[Selection], Selection]) -> None:
    """The address of this page, changed: what a field that is no choice among some writes.

    Whoever chooses twice while the first answer is on its way sends the address from before it: the second choice is
    then made on what the first one wrote. It is written even where it says what the browser sent, for that answer
    will say something else there.
    """
    sent = _address()
    written: Written = st.session_state.get(WRITTEN) or Written((), sent)
    if sent not in (*written.before, written.now):
        written = Written((), sent)
    current, _notices = read(written.now, catalogue, default_selection())
    go(change(current))
    st.session_state[WRITTEN] = Written((*written.before, sent)[-MOST_BEFORE:], _address())


def settled() -> None:
    """Said by each run of the script: one in which nothing was chosen shows where the browser is, which then counts."""
    written = st.session_state.pop(WRITTEN, None)
    if written is not None and written.new:
        st.session_state[WRITTEN] = replace(written, new=False)


def _write(catalogue: Catalogue, key: str, change: Callable[[Selection, Any], Selection]) -> None:
    value = st.session_state.get(key)
    if value is not None:
        rewrite(catalogue, lambda current: change(current, value))


def choose(
    catalogue: Catalogue,
    speaker: Speaker,
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
        index=list(options).index(seed(key, value)) if value in options else None,
        format_func=named(options),
        key=key,
        placeholder=speaker.say("control.placeholder"),
        on_change=_write,
        args=(catalogue, key, change),
        width=width,
    )


def pick(
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
        default=seed(key, value),
        format_func=named(names),
        key=key,
        required=True,
        on_change=_write,
        args=(catalogue, key, change),
    )


def gather(
    catalogue: Catalogue,
    key: str,
    label: str,
    options: Mapping[Any, str],
    value: Sequence[Any],
    change: Callable[[Selection, Any], Selection],
    most: int,
    placeholder: str,
) -> None:
    """A box of several choices, in the order in which they were made, that go to the address."""
    st.multiselect(
        label,
        list(options),
        default=seed(key, list(value)),
        format_func=named(options),
        key=key,
        max_selections=most,
        placeholder=placeholder,
        select_all=False,
        on_change=_write,
        args=(catalogue, key, change),
    )


def seed(key: str, value: T) -> T:
    """What a widget shows, to be given to it as its default too.

    One that shows it already is left alone, for its reader may be moving it right now. The browser is told once only
    that a value was set: where a second run overtakes that word, it begins with the default, and would send that back.
    """
    if key not in st.session_state or st.session_state[key] != value:
        st.session_state[key] = value
    return value


def named(names: Mapping[Any, str]) -> Callable[[Any], str]:
    """What a choice is called."""
    return lambda option: names.get(option, str(option))


def unmarked(text: str) -> str:
    """Text for a label, where Streamlit reads Markdown: every mark of it is escaped, so that none has a meaning."""
    return _MARKS.sub(r"\\\1", text)
