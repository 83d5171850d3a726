"""Fields for numbers, in the marks of the language: what has no reading, or two, is told and changes nothing.

The browser's own field for numbers drops the marks that it does not know: 2,5 became 25, and 1.500 became 1.
"""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from observatory.briefs.common.number_input import LONGEST, bare, readings, written
from observatory.language import Speaker
from observatory.pages.components.notices import notices
from observatory.pages.components.url_widgets import seed
from observatory.settings import SHOWN

_WRONG = "_wrong"  # after a field's key: what was typed last and not taken, until the next run


@dataclass(frozen=True)
class Limits:
    """What a field takes: numbers from `low` to `high`, whole ones only or any."""

    low: float
    high: float
    whole: bool = True


def field(
    label: str,
    key: str,
    plain: str,
    limits: Limits,
    speaker: Speaker,
    write: Callable[[str], None],
    width: int | None = None,
    placeholder: str = "",
) -> str:
    """The field of a number, seeded with `plain`, as an address writes it; and what is wrong with what was typed last.

    `write` is given the new number in the same form, nothing where the field was emptied.
    """
    st.text_input(
        label,
        value=seed(key, written(plain, speaker)),
        key=key,
        max_chars=LONGEST,
        placeholder=placeholder,
        on_change=_typed,
        args=(key, limits, speaker, write),
        width=width or "stretch",
    )
    return str(st.session_state.pop(key + _WRONG, ""))


def told(name: str, *wrong: str) -> None:
    """What was not taken, as text: it holds what a reader typed."""
    notices(f"notices_{name}", wrong)


def _typed(key: str, limits: Limits, speaker: Speaker, write: Callable[[str], None]) -> None:
    text = str(st.session_state.get(key) or "")
    found = readings(text, speaker.language)
    wrong = _wrong(text, found, limits, speaker) if text.strip() else ""
    if wrong:
        st.session_state[key + _WRONG] = wrong
    else:
        write(found[0] if found else "")


def _wrong(text: str, found: tuple[str, ...], limits: Limits, speaker: Speaker) -> str:
    """What was found, and how to write it; empty where there is one reading within the limits."""
    value = text[:SHOWN]
    if len(found) > 1:
        one, other = (bare(reading, speaker.language) for reading in found)
        return speaker.say("typed.two", value=value, one=one, other=other)
    if not found and limits.whole:
        return speaker.say("typed.none.whole", value=value)
    if not found:
        return speaker.say("typed.none", value=value, example=bare("1.25", speaker.language))
    if limits.low <= float(found[0]) <= limits.high and not (limits.whole and "." in found[0]):
        return ""
    low, high = (speaker.number(limit, 0 if float(limit).is_integer() else 6) for limit in (limits.low, limits.high))
    return speaker.say("typed.whole" if limits.whole else "typed.limits", value=value, low=low, high=high)
