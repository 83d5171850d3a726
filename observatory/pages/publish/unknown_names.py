"""Names in a file that the catalogue lacks: the nearest titles as buttons, the others in a list, or a new indicator."""

from collections.abc import Iterable, Mapping

import streamlit as st

from observatory import workspace
from observatory.briefs.publish.names import list_titles, total_text
from observatory.catalogue.models import Catalogue
from observatory.ingest.decode.aliases import Alias, format_aliases, parse_aliases
from observatory.ingest.report import Report, UnknownName
from observatory.language import Localizer
from observatory.pages.components import html
from observatory.pages.components.url_widgets import escape_markdown, make_label_formatter
from observatory.pages.publish.draft_address import redraft
from observatory.selection import Selection
from observatory.settings import MAX_ECHOED_CHARS
from observatory.store.uploads import UploadDraft
from observatory.workspace import AnalystSession

_MAX_ASKED_NAMES = 5  # at a time: an answer makes room for the next one
_NEW = "new_names"  # among the answers of a draft: the indicators that are to be described, one a line


def show_names(
    draft: UploadDraft, report: Report, selection: Selection, access_pass: AnalystSession, localizer: Localizer
) -> None:
    """Shows a choice for each unknown name, and the names that were answered, each with its way back."""
    aliases = parse_aliases(draft.choices.get("names", ""))
    asked = [row for row in report.unknown_names if row.kind != "indicator" or row.name not in _list_new(draft)]
    if not (asked or aliases):
        return
    catalogue = workspace.get_workspace().get_outlook_by_number(draft.parent).catalogue.with_candidates()
    context = (draft, selection, access_pass)
    with st.container(key="fig_names"):
        for number, name in enumerate(asked[:_MAX_ASKED_NAMES]):
            with st.container(key=f"name_{draft.id}_{number}"):
                _show_name(name, number, list_titles(name.kind, catalogue, localizer), context, localizer)
        if len(asked) > _MAX_ASKED_NAMES:
            rest = localizer.plural("names.rest", len(asked) - _MAX_ASKED_NAMES)
            st.html(html.render_paragraphs("o-source", rest))
        for number, alias in enumerate(aliases):
            _show_alias(alias, number, catalogue, context, localizer)


def find_new_indicator(draft: UploadDraft, report: Report) -> str:
    """The indicator to describe: the first unknown one that is like no other, or that is said to be new."""
    new = _list_new(draft)
    return next((name for name in report.unknown_indicators if name in new or not _near(report, name)), "")


def _near(report: Report, name: str) -> tuple[str, ...]:
    return next((row.near for row in report.unknown_names if row.kind == "indicator" and row.name == name), ())


def _list_new(draft: UploadDraft) -> list[str]:
    return draft.choices.get(_NEW, "").splitlines()


_DraftContext = tuple[UploadDraft, Selection, AnalystSession]


def _show_name(
    name: UnknownName, number: int, titles: Mapping[str, str], context: _DraftContext, localizer: Localizer
) -> None:
    """One unknown name with the answers to it."""
    draft = context[0]
    ending = "near" if name.near else "alone"
    question = localizer.text(f"names.{name.kind}.{ending}", name=name.name[:MAX_ECHOED_CHARS])
    st.html(html.render_paragraphs("o-under", question))
    with st.container(key=f"answers_{draft.id}_{number}", horizontal=True):
        for place, entity in enumerate(name.near):
            st.button(
                escape_markdown(titles[entity]),
                key=f"w_near_{draft.id}_{number}_{place}",
                on_click=_on_answer,
                args=(name, entity, *context),
            )
        if name.kind == "indicator" and name.near:
            st.button(
                localizer.text("names.new"),
                key=f"w_new_{draft.id}_{number}",
                icon=":material/add:",
                type="tertiary",
                on_click=_on_new,
                args=(name, *context),
            )
    key = f"w_named_{draft.id}_{number}"
    st.selectbox(
        localizer.text(f"names.{name.kind}.other"),
        list(titles),
        index=None,
        format_func=make_label_formatter(dict(titles)),
        placeholder=localizer.text("publish.question.choose"),
        key=key,
        on_change=_on_choice,
        args=(name, key, *context),
        width=420,
    )


def _show_alias(alias: Alias, number: int, catalogue: Catalogue, context: _DraftContext, localizer: Localizer) -> None:
    """What a name was answered to mean, and the button that takes the answer back."""
    draft, selection, access_pass = context
    titles = list_titles(alias.kind, catalogue, localizer)
    meaning = titles.get(alias.id, alias.id) if alias.id else total_text(localizer)
    with st.container(key=f"alias_{draft.id}_{number}", horizontal=True):
        st.text(localizer.text("names.read_as", name=alias.name[:MAX_ECHOED_CHARS], title=meaning))
        st.button(
            localizer.text("names.undo"),
            key=f"w_unname_{draft.id}_{number}",
            type="tertiary",
            icon=":material/undo:",
            on_click=_on_undo,
            args=(alias, draft, selection, access_pass),
        )


def _on_answer(
    name: UnknownName, entity: str, draft: UploadDraft, selection: Selection, access_pass: AnalystSession
) -> None:
    """Takes an answer, and opens the draft in which the file is read with it."""
    aliases = parse_aliases(draft.choices.get("names", ""))
    _redraft_names((*aliases, Alias(name.kind, " ".join(name.name.split()), entity)), draft, selection, access_pass)


def _on_choice(
    name: UnknownName, key: str, draft: UploadDraft, selection: Selection, access_pass: AnalystSession
) -> None:
    entity = st.session_state.get(key)
    if entity is not None:
        _on_answer(name, entity, draft, selection, access_pass)


def _on_new(name: UnknownName, draft: UploadDraft, selection: Selection, access_pass: AnalystSession) -> None:
    """The indicator is none of the catalogue: its form is shown."""
    redraft(draft, {_NEW: "\n".join(dict.fromkeys((*_list_new(draft), name.name)))}, selection, access_pass)


def _on_undo(alias: Alias, draft: UploadDraft, selection: Selection, access_pass: AnalystSession) -> None:
    aliases = parse_aliases(draft.choices.get("names", ""))
    _redraft_names((row for row in aliases if row != alias), draft, selection, access_pass)


def _redraft_names(
    aliases: Iterable[Alias], draft: UploadDraft, selection: Selection, access_pass: AnalystSession
) -> None:
    redraft(draft, {"names": format_aliases(aliases)}, selection, access_pass)
