"""Sentences of a stored report: why, and what to do; a report of another version is never a fault of the page."""

from datetime import date

from observatory.briefs.common.context import Context
from observatory.catalogue.periods import parse_frequency
from observatory.errors import MessageValue
from observatory.store.refreshes import Reason

_UNKNOWN = (KeyError, IndexError, ValueError)  # of a message, or of one of its values
_SIGNIFICANT_DIGITS = 6


def reason_text(context: Context, reason: Reason | None) -> str:
    """Why an indicator or a source is in its state; the key of a sentence that this version does not know."""
    if reason is None:
        return ""
    try:
        return context.localizer.error_text(reason.key, _localize_values(context, reason))
    except _UNKNOWN:
        return context.localizer.text("collection.reason.unknown", code=reason.key)


def action_text(context: Context, action: str, reason: Reason | None) -> str:
    """What to do about it; empty if there is nothing to do, or if this version does not know it."""
    if not action:
        return ""
    try:
        return context.localizer.text(action, **(_localize_values(context, reason) if reason is not None else {}))
    except _UNKNOWN:
        return ""


def _localize_values(context: Context, reason: Reason) -> dict[str, object]:
    """The values of a sentence as the language writes them: days, periods, numbers, the titles of a series."""
    return {
        name: _name_series(context, str(value)) if name == "series" else _localize_value(context, value)
        for name, value in reason.values.items()
    }


def _localize_value(context: Context, value: MessageValue) -> object:
    localizer = context.localizer
    if isinstance(value, float):
        text = f"{value:.{_SIGNIFICANT_DIGITS}g}"
        return text if "e" in text or "n" in text else localizer.number(value, len(text.partition(".")[2]))
    if not isinstance(value, str):
        return value
    if parse_frequency(value) is not None:
        return localizer.period(value)
    try:
        return localizer.day(date.fromisoformat(value)) if "-" in value else value
    except ValueError:
        return value


def _name_series(context: Context, codes: str) -> str:
    """The titles of a place and an item by their codes; codes that the catalogue does not have stay as they are."""
    catalogue = context.outlook.catalogue
    geo, _space, item = codes.partition(" ")
    if geo not in catalogue.geographies or (item and item not in catalogue.items):
        return codes
    titles = [context.localizer.field_text(catalogue.geographies[geo], "short")]
    return ", ".join([*titles, *([context.localizer.field_text(catalogue.items[item], "title")] if item else [])])
