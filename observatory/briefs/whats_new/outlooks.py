"""Forecasts of others that an edition adds or withdraws: counts in words, rows of the table of changes."""

from collections.abc import Iterable
from dataclasses import replace

from observatory.briefs.common.model import LinkTableEntry
from observatory.briefs.external.coming_years import target_text
from observatory.catalogue.external_forecasts import ExternalForecast
from observatory.language import NO_VALUE, Localizer, count_decimals
from observatory.outlook.analysis.diff import OutlookDiff
from observatory.outlook.outlook import Outlook
from observatory.selection import Selection

_MAX_DECIMALS = 12


def build_outlook_texts(diff: OutlookDiff, localizer: Localizer) -> list[str]:
    """Counts of forecasts of others added and withdrawn, in words; counts of zero are left out."""
    counts = (("added", len(diff.added_outlooks)), ("withdrawn", len(diff.removed_outlooks)))
    return [localizer.plural(f"news.outlooks.{name}", n) for name, n in counts if n]


def build_outlook_entries(
    before: Outlook, after: Outlook, diff: OutlookDiff, base: Selection, localizer: Localizer
) -> list[LinkTableEntry]:
    """A row for each forecast added, then for each withdrawn, linked to its market if it has one."""
    groups: Iterable[tuple[str, Outlook, tuple[ExternalForecast, ...]]] = (
        ("new", after, diff.added_outlooks),
        ("gone", before, diff.removed_outlooks),
    )
    return [
        _build_entry(row, outlook, localizer.text(f"news.knowhow.{state}"), base, localizer)
        for state, outlook, rows in groups
        for row in rows
    ]


def _build_entry(
    row: ExternalForecast, outlook: Outlook, state: str, base: Selection, localizer: Localizer
) -> LinkTableEntry:
    publisher = outlook.catalogue.external_forecasts.publishers.get(row.publisher)
    indicator = outlook.catalogue.indicators.get(row.series[0][0]) if row.series else None
    target = base if indicator is None else replace(base, segment=indicator.segment, indicator="", geo="", item="")
    subtitle = f"{row.quantity} \u00b7 {row.published}"
    figure = f"{figures_text(row, localizer)} {row.unit}"
    title = publisher.title if publisher is not None else row.publisher
    return LinkTableEntry(target, title, subtitle, (target_text(row, localizer), figure, state))


def figures_text(row: ExternalForecast, localizer: Localizer) -> str:
    """The figures of a forecast with all their digits: its value, or else its range or bound."""
    if row.value is not None:
        return _number_text(row.value, localizer)
    return " \u2013 ".join(NO_VALUE if one is None else _number_text(one, localizer) for one in (row.low, row.high))


def _number_text(number: float, localizer: Localizer) -> str:
    return localizer.number(number, count_decimals(number, _MAX_DECIMALS))
