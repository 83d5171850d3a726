"""Form for the facts of an indicator that is not in the catalogue; inferred facts are filled in."""

from dataclasses import replace
from functools import lru_cache
from typing import Any

import streamlit as st

from observatory import workspace
from observatory.briefs.publish import findings
from observatory.catalogue.codec import NAME_IN_FILE_KEY
from observatory.catalogue.indicator_input import build_indicator_facts, slugify
from observatory.catalogue.models import INDICATOR_KINDS, ROLES
from observatory.catalogue.periods import FREQUENCIES
from observatory.errors import ObservatoryError, redact_error_values
from observatory.ingest.report import Report
from observatory.language import Localizer
from observatory.outlook.outlook import Outlook
from observatory.pages.components import html, link_tables
from observatory.pages.components.url_widgets import resolve_address, write_address
from observatory.settings import MAX_ECHOED_CHARS
from observatory.store.uploads import UploadDraft
from observatory.workspace import AnalystSession
from observatory.workspace.drafts import infer_facts, parse_choices

_TEXT_FIELDS = ("title_fr", "title_en", "unit_fr", "unit_en", "publisher", "licence", "page", "description")
_CHOICE_FIELDS = ("segment", "role", "frequency", "kind", "desired_direction")
_FORM_FIELDS = (*_TEXT_FIELDS, *_CHOICE_FIELDS, "in_call")
_OPTIONAL_FIELDS = ("title_en", "unit_en", "page", "description")


def show_form(
    draft: UploadDraft, report: Report, outlook: Outlook, access_pass: AnalystSession, localizer: Localizer
) -> None:
    """Shows the form for the first unknown indicator of a file, and the errors of its last submission."""
    name = report.unknown_indicators[0]
    key = f"w_about_{draft.id}_"
    inferred = _infer_facts(draft.id, name)
    with st.container(key="fig_about"):
        title = localizer.text("about.title", name=name[:MAX_ECHOED_CHARS])
        st.html(html.render_heading(title, localizer.plural("about.hint", len(report.unknown_indicators))))
        with st.form(f"about_{draft.id}", border=False):
            left, right = st.columns(2)
            with left:
                _show_identity_fields(key, name, outlook, localizer)
            with right:
                _show_statistics_fields(key, str(inferred.get("frequency", "A")), localizer)
                _show_source_fields(key, localizer)
            st.text_area(localizer.text("about.description"), key=key + "description", max_chars=600, height=90)
            st.checkbox(localizer.text("about.in_call"), key=key + "in_call")
            st.form_submit_button(
                localizer.text("about.button"),
                type="primary",
                on_click=_on_submit,
                args=(draft, name, key, inferred, access_pass, localizer),
            )
        faults = st.session_state.pop(key + "faults", ())
        if faults:
            st.html(link_tables.render_text_table(findings.build_findings_table(faults, localizer)))


def _show_identity_fields(key: str, name: str, outlook: Outlook, localizer: Localizer) -> None:
    """Titles and units in both languages, the market and the role."""
    st.text_input(localizer.text("about.title_fr"), value=name[:120], key=key + "title_fr", max_chars=120)
    st.text_input(localizer.text("about.title_en"), key=key + "title_en", max_chars=120)
    st.text_input(localizer.text("about.unit_fr"), key=key + "unit_fr", max_chars=60)
    st.text_input(localizer.text("about.unit_en"), key=key + "unit_en", max_chars=60)
    segments = {row.id: localizer.field_text(row, "title") for row in outlook.catalogue.segments.values()}
    _show_selectbox(key, "segment", segments, next(iter(segments)), localizer)
    _show_selectbox(key, "role", {role: localizer.text(f"role.{role}") for role in ROLES}, "market", localizer)


def _show_statistics_fields(key: str, frequency: str, localizer: Localizer) -> None:
    """Frequency, kind of figure, and the direction that is good news."""
    frequencies: dict[str, str] = {code: localizer.text(f"frequency.{code}") for code in FREQUENCIES}
    _show_selectbox(key, "frequency", frequencies, frequency, localizer)
    kinds = {kind: localizer.text(f"about.kind.{kind}") for kind in INDICATOR_KINDS}
    _show_selectbox(key, "kind", kinds, "flow", localizer)
    directions = {way: localizer.text(f"about.direction.{way}") for way in ("up", "down", "neutral")}
    _show_selectbox(key, "desired_direction", directions, "up", localizer)


def _show_source_fields(key: str, localizer: Localizer) -> None:
    """Publisher, licence and web page of the figures."""
    st.text_input(localizer.text("about.publisher"), key=key + "publisher", max_chars=120)
    st.text_input(localizer.text("about.licence"), key=key + "licence", max_chars=120)
    st.text_input(localizer.text("about.page"), key=key + "page", max_chars=300, placeholder="https://")


def _show_selectbox(key: str, name: str, options: dict[str, str], value: str, localizer: Localizer) -> None:
    st.selectbox(
        localizer.text(f"about.{name}"),
        list(options),
        index=list(options).index(value),
        format_func=lambda option: options.get(option, option),
        key=key + name,
        placeholder=localizer.text("control.placeholder"),
    )


@lru_cache(maxsize=8)
def _infer_facts(number: int, name: str) -> dict[str, Any]:
    """Facts on the indicator inferred from the file of a draft; cached, as they are the same at every run."""
    opened = workspace.get_workspace()
    draft = opened.store.uploads.get_draft(number)
    content = opened.store.uploads.read_file(draft.file) or b""
    before = opened.get_outlook_by_number(draft.parent)
    return infer_facts(draft.name, content, before, parse_choices(draft), name, opened.today())


workspace.clear_when_replaced(_infer_facts.cache_clear)


def _on_submit(
    draft: UploadDraft, name: str, key: str, inferred: dict[str, Any], access_pass: AnalystSession, localizer: Localizer
) -> None:
    state, opened = st.session_state, workspace.get_workspace()
    texts = {field: str(state.get(key + field, "")).strip() for field in _TEXT_FIELDS}
    entered: dict[str, Any] = {field: text for field, text in texts.items() if text or field not in _OPTIONAL_FIELDS}
    entered |= {
        field: state.get(key + field) for field in ("segment", "role", "frequency", "kind", "desired_direction")
    }
    entered["in_call"] = bool(state.get(key + "in_call"))
    entered["caveats_fr"] = entered["caveats_en"] = ""
    catalogue = opened.get_outlook_by_number(draft.parent).catalogue
    facts, faults = build_indicator_facts(
        slugify(name), entered, catalogue, inferred, opened.today(), localizer.text("about.form")
    )
    if facts is None:
        labels = {_field_label(row.column, localizer): row for row in reversed(faults)}
        state[key + "faults"] = [replace(row, column=label) for label, row in reversed(labels.items())]
        return
    try:
        new_draft = opened.redraft(
            draft, access_pass, about={**draft.about, slugify(name): facts | {NAME_IN_FILE_KEY: name}}
        )
    except ObservatoryError as error:
        state["message"] = localizer.error_text(error.key, redact_error_values(error.values))
        return
    chosen, _notices, _outlook = resolve_address(opened)
    write_address(replace(chosen, draft=new_draft.id))


def _field_label(column: str, localizer: Localizer) -> str:
    """The label of a fact in the form, which asks for publisher and licence once for both languages."""
    name = "publisher" if column == "attribution" else column
    name = name if name.startswith(("title", "unit")) else name.removesuffix("_fr").removesuffix("_en")
    return localizer.text(f"about.{name}") if name in _FORM_FIELDS else column
