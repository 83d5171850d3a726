"""Form for one forecast of another author: its row becomes a file and a draft, examined like any upload."""

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

import streamlit as st

from observatory import workspace
from observatory.briefs.common.series_names import format_series_title
from observatory.catalogue.external_forecasts import KINDS, OCCASIONS
from observatory.catalogue.external_reader import MAX_QUOTED_WORDS
from observatory.catalogue.series_codes import format_series_code, parse_series_code
from observatory.errors import Finding, ObservatoryError, redact_error_values
from observatory.ingest.examine import examine_file
from observatory.ingest.messages import hint_text, message_text
from observatory.ingest.outlooks.table import COLUMNS, write_forecast_row
from observatory.language import Language, Localizer
from observatory.outlook.outlook import Outlook
from observatory.pages.components import html
from observatory.pages.components.url_widgets import write_address
from observatory.pages.publish.fields import required_label, show_faults
from observatory.selection import Selection
from observatory.typography import capitalize_first
from observatory.workspace import AnalystSession

_KEY = "w_forecast_"
_FAULTS = _KEY + "faults"
_SAID_FIELDS = ("published", "target", "quantity", "unit", "scale")
_FIGURE_FIELDS = ("value", "low", "high")
_PRINTED_FIELDS = ("page", "quote", "note")
_REQUIRED_FIELDS = ("publisher", "published", "kind", "target", "page", "quote")
_MAX_CHARS = 300
_PLACEHOLDERS = {"published": "2026-06-15", "target": "2028", "unit": "%", "page": "https://", "scale": "1"}


def show_form(outlook: Outlook, selection: Selection, access_pass: AnalystSession, localizer: Localizer) -> None:
    """Shows the form, and the faults of its last submission at their fields."""
    faults: dict[str, list[str]] = st.session_state.pop(_FAULTS, {})
    with st.container(key="fig_forecast"):
        hint = localizer.text("publish.forecast.hint")
        st.html(html.render_heading(localizer.text("publish.forecast"), hint))
        with (
            st.expander(localizer.text("publish.forecast.open"), expanded=bool(faults)),
            st.form("forecast", border=False),
        ):
            left, right = st.columns(2)
            with left:
                _show_author_fields(outlook, faults, localizer)
            with right:
                _show_figure_fields(outlook, faults, localizer)
            for name in _PRINTED_FIELDS:
                _show_text(name, faults, localizer)
            st.form_submit_button(
                localizer.text("publish.forecast.button"),
                type="primary",
                on_click=_on_submit,
                args=(outlook, selection, access_pass, localizer),
            )
            _show_faults("rest", [text for texts in faults.values() for text in texts])


def _show_author_fields(outlook: Outlook, faults: dict[str, list[str]], localizer: Localizer) -> None:
    """The author, from the list or new with its terms; the day of the announcement."""
    publishers = outlook.catalogue.external_forecasts.publishers.values()
    names = sorted((row.title for row in publishers), key=str.casefold)
    _show_choice("publisher", names, {}, faults, localizer, accepts_new=True)
    with st.container(key="forecast_new_author"):
        st.html(html.render_paragraphs("o-source", localizer.text("publish.forecast.new_author")))
        _show_text("licence", faults, localizer)
        _show_text("missing", faults, localizer)
        st.checkbox(localizer.text("publish.forecast.own"), key=_KEY + "own")
    _show_text("published", faults, localizer)
    occasions = {name: localizer.text(f"publish.forecast.found.{name}") for name in OCCASIONS}
    _show_choice("found", list(OCCASIONS), occasions, faults, localizer)


def _show_figure_fields(outlook: Outlook, faults: dict[str, list[str]], localizer: Localizer) -> None:
    """What is forecast, for when, and the figures."""
    series = _list_series(outlook.edition, localizer.language)
    _show_choice("series", list(series), series, faults, localizer)
    kinds = {kind: localizer.text(f"publish.forecast.kind.{kind}") for kind in KINDS}
    _show_choice("kind", list(KINDS), kinds, faults, localizer)
    for name in ("quantity", "target"):
        _show_text(name, faults, localizer)
    for column, name in zip(st.columns(3), _FIGURE_FIELDS, strict=True):
        with column:
            _show_text(name, faults, localizer)
    for name in ("unit", "scale"):
        _show_text(name, faults, localizer)


@lru_cache(maxsize=4)
def _list_series(edition: int, language: Language) -> Mapping[str, str]:
    """The titles of all series of an edition by their codes, in the order of the alphabet."""
    outlook, localizer = workspace.get_workspace().get_outlook_by_number(edition), Localizer(language)
    titles = {format_series_code(key): format_series_title(outlook, key, localizer) for key in outlook.panel}
    return dict(sorted(titles.items(), key=lambda pair: pair[1].casefold()))


workspace.clear_when_replaced(_list_series.cache_clear)


def _label(name: str, localizer: Localizer) -> str:
    label = localizer.text(f"publish.forecast.{name}", most=MAX_QUOTED_WORDS)
    return required_label(label, localizer) if name in _REQUIRED_FIELDS else label


def _show_text(name: str, faults: dict[str, list[str]], localizer: Localizer) -> None:
    label = _label(name, localizer)
    st.text_input(label, key=_KEY + name, max_chars=_MAX_CHARS, placeholder=_PLACEHOLDERS.get(name, ""))
    _show_faults(name, faults.pop(name, []))


def _show_choice(
    name: str,
    options: list[str],
    labels: Mapping[str, str],
    faults: dict[str, list[str]],
    localizer: Localizer,
    *,
    accepts_new: bool = False,
) -> None:
    st.selectbox(
        _label(name, localizer),
        options,
        index=None,
        format_func=lambda option: labels.get(option, option),
        placeholder=localizer.text(f"publish.forecast.{name}.none"),
        key=_KEY + name,
        accept_new_options=accepts_new,
    )
    _show_faults(name, faults.pop(name, []))


def _show_faults(name: str, texts: list[str]) -> None:
    show_faults(_KEY + name, texts)


def _on_submit(outlook: Outlook, selection: Selection, access_pass: AnalystSession, localizer: Localizer) -> None:
    """Examines the row: its faults go to their fields; a row without any, or with a question, becomes a draft."""
    state, opened = st.session_state, workspace.get_workspace()
    entered = {name: str(state.get(_KEY + name) or "").strip() for name in (*COLUMNS, "licence", "missing")}
    content = write_forecast_row(
        entered
        | {f"{name}_{localizer.language}": entered[name] for name in ("licence", "missing")}
        | {"own": "1" if state.get(_KEY + "own") else ""}
        | _complete(entered, outlook)
    )
    file = f"{localizer.text('publish.forecast.file')}-{entered['target'] or '0'}.csv"
    report = examine_file(
        file, content, outlook.catalogue.with_candidates(), published=outlook.panel, today=opened.today()
    )
    if not report.is_publishable and not report.questions:
        errors = [row for row in report.findings if row.level == "error" and row.code != "header_only"]
        state[_FAULTS] = _place_faults(errors, localizer) | _find_missing(entered, localizer)
        return
    try:
        draft = opened.receive(file, content, access_pass)
    except ObservatoryError as error:
        state["message"] = localizer.error_text(error.key, redact_error_values(error.values))
        return
    for key in [key for key in state if str(key).startswith(_KEY)]:
        del state[key]
    write_address(replace(selection, draft=draft.id))


def _find_missing(entered: Mapping[str, str], localizer: Localizer) -> dict[str, list[str]]:
    """The sentence of each required field that is empty."""
    names = [name for name in _REQUIRED_FIELDS if not entered[name]]
    labels = {name: localizer.text(f"publish.forecast.{name}", most=MAX_QUOTED_WORDS) for name in names}
    return {name: [localizer.text("field.missing", label=label)] for name, label in labels.items()}


def _complete(entered: Mapping[str, str], outlook: Outlook) -> dict[str, str]:
    """What follows from other fields where it is left empty: the quantity of a series, the unit of a growth."""
    indicator = outlook.catalogue.indicators.get(parse_series_code(entered["series"])[0])
    ending = ", growth" if entered["kind"] in ("growth", "cagr") else ""
    quantity = entered["quantity"] or ("" if indicator is None else f"{indicator.title_en}{ending}")
    unit = entered["unit"] or ({"growth": "%", "cagr": "% a year"}.get(entered["kind"], ""))
    return {"quantity": quantity, "unit": unit}


def _place_faults(findings: list[Finding], localizer: Localizer) -> dict[str, list[str]]:
    """Sentences by the field that they speak of; those of both languages of a text are at its one field."""
    placed: dict[str, list[str]] = {}
    for row in findings:
        field = row.column.removesuffix("_fr").removesuffix("_en")
        text = f"{capitalize_first(message_text(row, localizer))} {hint_text(row, localizer)}"
        placed.setdefault(field, []).append(text)
    return placed
