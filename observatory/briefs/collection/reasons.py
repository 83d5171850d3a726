"""Sentences of a stored report: why, and what to do; a report of another version is never a fault of the page."""

from collections.abc import Mapping
from datetime import date

from observatory.errors import MessageValue
from observatory.language import Localizer
from observatory.store.refreshes import Reason


def reason_text(reason: Reason | None, localizer: Localizer) -> str:
    """Why an indicator or a source is in its state; the key of a sentence that this version does not know."""
    if reason is None:
        return ""
    try:
        return localizer.error_text(reason.key, _localize_values(reason.values, localizer))
    except (KeyError, IndexError, ValueError):
        return localizer.text("collection.reason.unknown", code=reason.key)


def action_text(action: str, reason: Reason | None, localizer: Localizer) -> str:
    """What to do about it; empty if there is nothing to do, or if this version does not know it."""
    if not action:
        return ""
    try:
        return localizer.text(action, **_localize_values(reason.values if reason is not None else {}, localizer))
    except (KeyError, IndexError, ValueError):
        return ""


def _localize_values(values: Mapping[str, MessageValue], localizer: Localizer) -> dict[str, object]:
    """The values of a sentence; days as the language writes them."""
    return {name: _localize_day(value, localizer) if name == "day" else value for name, value in values.items()}


def _localize_day(value: MessageValue, localizer: Localizer) -> object:
    try:
        return localizer.day(date.fromisoformat(str(value)))
    except ValueError:
        return value
