"""Number fields with the separators of the language: text that is no number, or may be two, is rejected with a reason.

The browser's own number field drops the separators that it does not know: 2,5 became 25, and 1.500 became 1.
"""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from observatory.briefs.common.number_input import (
    MAX_NUMBER_CHARS,
    format_grouped,
    format_ungrouped,
    parse_possible_numbers,
)
from observatory.language import Localizer
from observatory.pages.components.notices import show_notices
from observatory.pages.components.url_widgets import seed_widget
from observatory.settings import MAX_ECHOED_CHARS

_REJECTION_SUFFIX = "_wrong"  # after a field's key: why the last text was rejected, until the next run


@dataclass(frozen=True)
class NumberLimits:
    """The range of accepted numbers, `low` to `high`; whole numbers only, or any."""

    low: float
    high: float
    whole: bool = True


@dataclass(frozen=True)
class NumberField:
    """A field for a number: its session key, its label, the numbers it accepts, what follows when it accepts one.

    `on_accept` takes the new number as addresses write it, or an empty text if the reader empties the field.
    """

    key: str
    label: str
    limits: NumberLimits
    on_accept: Callable[[str], None]
    placeholder: str = ""
    is_label_hidden: bool = False
    is_disabled: bool = False


def show_number_field(field: NumberField, value: str, localizer: Localizer, *, width: int | None = None) -> str:
    """Shows a field, seeded with `value` as addresses write it; returns why the last text was rejected, or nothing."""
    st.text_input(
        field.label,
        value=seed_widget(field.key, format_grouped(value, localizer)),
        key=field.key,
        max_chars=MAX_NUMBER_CHARS,
        placeholder=field.placeholder,
        on_change=_on_change,
        args=(field, localizer),
        width=width or "stretch",
        label_visibility="collapsed" if field.is_label_hidden else "visible",
        disabled=field.is_disabled,
    )
    return str(st.session_state.pop(field.key + _REJECTION_SUFFIX, ""))


def show_rejections(name: str, *rejections: str) -> None:
    """Shows reasons of rejection as text, never as HTML: they quote what a reader typed."""
    show_notices(f"notices_{name}", rejections)


def _on_change(field: NumberField, localizer: Localizer) -> None:
    text = str(st.session_state.get(field.key) or "")
    readings = parse_possible_numbers(text, localizer.language)
    wrong = _rejection_text(text, readings, field.limits, localizer) if text.strip() else ""
    if wrong:
        st.session_state[field.key + _REJECTION_SUFFIX] = wrong
    else:
        field.on_accept(readings[0] if readings else "")


def _rejection_text(text: str, readings: tuple[str, ...], limits: NumberLimits, localizer: Localizer) -> str:
    """Why a text is rejected, and how to write it; empty if it has one reading within the limits."""
    value = text[:MAX_ECHOED_CHARS]
    if len(readings) > 1:
        one, other = (format_ungrouped(reading, localizer.language) for reading in readings)
        return localizer.text("typed.two", value=value, one=one, other=other)
    if not readings and limits.whole:
        return localizer.text("typed.none.whole", value=value)
    if not readings:
        return localizer.text("typed.none", value=value, example=format_ungrouped("1.25", localizer.language))
    if limits.low <= float(readings[0]) <= limits.high and not (limits.whole and "." in readings[0]):
        return ""
    low, high = (localizer.number(limit, 0 if float(limit).is_integer() else 6) for limit in (limits.low, limits.high))
    return localizer.text("typed.whole" if limits.whole else "typed.limits", value=value, low=low, high=high)
