"""Form for the facts of an indicator that is not in the catalogue; inferred facts are filled in."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import streamlit as st

from observatory import workspace
from observatory.catalogue.codec import NAME_IN_FILE_KEY
from observatory.catalogue.indicator_input import build_indicator_facts, slugify
from observatory.catalogue.models import INDICATOR_KINDS, ROLES
from observatory.catalogue.periods import FREQUENCIES
from observatory.errors import Finding, ObservatoryError, redact_error_values
from observatory.ingest.messages import hint_text, message_text
from observatory.language import Localizer
from observatory.outlook.outlook import Outlook
from observatory.pages.components import html
from observatory.pages.components.url_widgets import make_label_formatter, resolve_address, write_address
from observatory.pages.publish.fields import required_label, show_faults
from observatory.settings import MAX_ECHOED_CHARS
from observatory.store.uploads import UploadDraft
from observatory.typography import capitalize_first
from observatory.workspace import AnalystSession
from observatory.workspace.drafts import infer_facts, parse_choices

_TEXT_FIELDS = ("title_fr", "title_en", "unit_fr", "unit_en", "publisher", "licence", "page", "description")
_CHOICE_FIELDS = ("segment", "role", "frequency", "kind", "desired_direction")
_FORM_FIELDS = (*_TEXT_FIELDS, *_CHOICE_FIELDS, "in_call")
_OPTIONAL_FIELDS = ("title_en", "unit_en", "page", "description")
_DIRECTIONS = ("up", "down", "neutral")
_PAGE_FAULTS = {"catalogue_not_in_call": "about.fault.in_call"}  # where the cure of a file would name its keys


@dataclass(frozen=True)
class _Form:
    """What the fields of a form are shown with: the start of their keys, and the faults of the last submission."""

    key: str
    faults: dict[str, str]
    localizer: Localizer

    def label(self, name: str) -> str:
        """The label of a field."""
        label = self.localizer.text(f"about.{name}")
        return label if name in _OPTIONAL_FIELDS else required_label(label, self.localizer)

    def show_text(self, name: str, max_chars: int, value: str = "", placeholder: str = "") -> None:
        """A field of one line, and what is wrong with it."""
        st.text_input(self.label(name), value=value, key=self.key + name, max_chars=max_chars, placeholder=placeholder)
        self.show_fault(name)

    def show_choice(self, name: str, options: Mapping[str, str], value: str | None = None) -> None:
        """A list without a silent default: only what was read from the file is chosen beforehand."""
        st.selectbox(
            self.label(name),
            list(options),
            index=None if value is None else list(options).index(value),
            format_func=make_label_formatter(dict(options)),
            key=self.key + name,
            placeholder=self.localizer.text("publish.question.choose"),
        )
        self.show_fault(name)

    def show_fault(self, name: str) -> None:
        """What is wrong with a field."""
        show_faults(self.key + name, (self.faults.get(name, ""),))


def show_form(
    draft: UploadDraft, name: str, unknown: int, outlook: Outlook, access_pass: AnalystSession, localizer: Localizer
) -> None:
    """Shows the form for an unknown indicator of a file, one of several, and the faults of its last submission."""
    key = f"w_about_{draft.id}_"
    inferred = _infer_facts(draft.id, name)
    form = _Form(key, st.session_state.pop(f"{key}faults", {}), localizer)
    with st.container(key="fig_about"):
        title = localizer.text("about.title", name=name[:MAX_ECHOED_CHARS])
        st.html(html.render_heading(title, localizer.plural("about.hint", unknown)))
        with st.form(f"about_{draft.id}", border=False):
            left, right = st.columns(2)
            with left:
                _show_identity_fields(form, name, outlook)
            with right:
                _show_statistics_fields(form, str(inferred.get("frequency", "A")))
                _show_source_fields(form)
            st.text_area(form.label("description"), key=f"{key}description", max_chars=600, height=90)
            st.checkbox(localizer.text("about.in_call"), key=f"{key}in_call")
            form.show_fault("in_call")
            st.form_submit_button(
                localizer.text("about.button"),
                type="primary",
                on_click=_on_submit,
                args=(draft, name, key, inferred, access_pass, localizer),
            )
            form.show_fault("rest")


def _show_identity_fields(form: _Form, name: str, outlook: Outlook) -> None:
    """Titles and units in both languages, the market and the role."""
    form.show_text("title_fr", 120, value=name[:120])
    form.show_text("title_en", 120)
    form.show_text("unit_fr", 60)
    form.show_text("unit_en", 60)
    segments = outlook.catalogue.segments.values()
    form.show_choice("segment", {row.id: form.localizer.field_text(row, "title") for row in segments})
    form.show_choice("role", {role: form.localizer.text(f"role.{role}") for role in ROLES})


def _show_statistics_fields(form: _Form, frequency: str) -> None:
    """Frequency, as the file shows it; kind of figure; the direction that is good news."""
    form.show_choice("frequency", {code: form.localizer.text(f"frequency.{code}") for code in FREQUENCIES}, frequency)
    form.show_choice("kind", {kind: form.localizer.text(f"about.kind.{kind}") for kind in INDICATOR_KINDS})
    form.show_choice("desired_direction", {way: form.localizer.text(f"about.direction.{way}") for way in _DIRECTIONS})


def _show_source_fields(form: _Form) -> None:
    """Publisher, licence and web page of the figures."""
    form.show_text("publisher", 120)
    form.show_text("licence", 120)
    form.show_text("page", 300, placeholder="https://")


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
    """Checks the fields: their faults go below them; without any the facts are in a new draft of the file."""
    state, opened = st.session_state, workspace.get_workspace()
    texts = {field: str(state.get(key + field) or "").strip() for field in _TEXT_FIELDS}
    entered: dict[str, Any] = {field: text for field, text in texts.items() if text or field not in _OPTIONAL_FIELDS}
    entered |= {field: state.get(key + field) for field in _CHOICE_FIELDS}
    missing = [field for field, value in entered.items() if not value]
    if missing:
        state[f"{key}faults"] = {field: localizer.text(f"about.missing.{field}") for field in missing}
        return
    entered["in_call"] = bool(state.get(f"{key}in_call"))
    entered["caveats_fr"] = entered["caveats_en"] = ""
    catalogue = opened.get_outlook_by_number(draft.parent).catalogue
    facts, faults = build_indicator_facts(
        slugify(name), entered, catalogue, inferred, opened.today(), localizer.text("about.form")
    )
    if facts is None:
        state[f"{key}faults"] = {_find_field(row.column): _fault_text(row, localizer) for row in reversed(faults)}
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


def _find_field(column: str) -> str:
    """The field of a fact in the form, which asks for publisher and licence once for both languages."""
    name = "publisher" if column == "attribution" else column
    name = name if name.startswith(("title", "unit")) else name.removesuffix("_fr").removesuffix("_en")
    return name if name in _FORM_FIELDS else "rest"


def _fault_text(finding: Finding, localizer: Localizer) -> str:
    """What is wrong with a fact and what to do, in the words of the form."""
    if finding.code in _PAGE_FAULTS:
        return localizer.text(_PAGE_FAULTS[finding.code])
    return f"{capitalize_first(message_text(finding, localizer))} {hint_text(finding, localizer)}"
