"""Fields for numbers, in the marks of the language: what has no reading, or two, is told and changes nothing.

The browser's own field for numbers drops the marks that it does not know: 2,5 became 25, and 1.500 became 1.
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

_REJECTION_SUFFIX = "_wrong"  # after a field's key: what was typed last and not taken, until the next run


@dataclass(frozen=True)
class NumberLimits:
    """What a field takes: numbers from `low` to `high`, whole ones only or any."""

    low: float
    high: float
    whole: bool = True


def show_number_field(
    label: str,
    key: str,
    value: str,
    limits: NumberLimits,
    localizer: Localizer,
    on_accept: Callable[[str], None],
    width: int | None = None,
    placeholder: str = "",
) -> str:
    """The field of a number, seeded with `value` as addresses write it; returns why the last text was not taken.

    `on_accept` is given the new number in the same form, nothing where the field was emptied.
    """
    st.text_input(
        label,
        value=seed_widget(key, format_grouped(value, localizer)),
        key=key,
        max_chars=MAX_NUMBER_CHARS,
        placeholder=placeholder,
        on_change=_on_change,
        args=(key, limits, localizer, on_accept),
        width=width or "stretch",
    )
    return str(st.session_state.pop(key + _REJECTION_SUFFIX, ""))


def show_rejections(name: str, *rejections: str) -> None:
    """What was not taken, as text: it holds what a reader typed."""
    show_notices(f"notices_{name}", rejections)


def _on_change(key: str, limits: NumberLimits, localizer: Localizer, on_accept: Callable[[str], None]) -> None:
    text = str(st.session_state.get(key) or "")
    readings = parse_possible_numbers(text, localizer.language)
    wrong = _rejection_text(text, readings, limits, localizer) if text.strip() else ""
    if wrong:
        st.session_state[key + _REJECTION_SUFFIX] = wrong
    else:
        on_accept(readings[0] if readings else "")


def _rejection_text(text: str, readings: tuple[str, ...], limits: NumberLimits, localizer: Localizer) -> str:
    """Why a text is not taken, and how to write it; empty where there is one reading within the limits."""
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
