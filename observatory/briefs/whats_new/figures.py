"""Builds the tables of changed figures between two editions: revisions, new data, withdrawals, new indicators."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from observatory.briefs.common.model import LinkTable, LinkTableEntry
from observatory.briefs.common.series_names import format_series_title
from observatory.briefs.common.units import DisplayUnit, choose_unit, format_amount
from observatory.briefs.figures.series import COMMON_NOUN_PLACES
from observatory.briefs.whats_new.knowhow import build_knowhow_entries
from observatory.briefs.whats_new.outlooks import build_outlook_entries
from observatory.catalogue.models import Indicator
from observatory.catalogue.periods import ordinal_to_period
from observatory.language import NO_VALUE, Localizer, count_decimals, round_significant
from observatory.outlook.analysis.diff import ForecastChange, OutlookDiff
from observatory.outlook.analysis.figure_diff import Revision, SeriesFigures
from observatory.outlook.outlook import Outlook
from observatory.selection import Selection
from observatory.timeseries import SeriesKey
from observatory.typography import MINUS

VISIBLE_ROWS = 8  # rows shown before the reader expands a table
MAX_LISTED_ROWS = 500  # rows of a table on the page; files hold all of them
_MAX_DIGITS = 12
_FACT_GROUPS = {
    "title_fr": "title",
    "title_en": "title",
    "description_fr": "description",
    "description_en": "description",
    "unit_fr": "unit",
    "unit_en": "unit",
    "frequency": "frequency",
    "segment": "segment",
    "role": "segment",
    "source": "source",
    "accessed": "source",
    "source_files": "source",
    "transformation": "source",
    "caveats_fr": "caveats",
    "caveats_en": "caveats",
    "confidence": "caveats",
    "gaps": "caveats",
}


@dataclass(frozen=True)
class _OutlookPair:
    """Lookup in two outlooks: the newer one, or the older one for what was withdrawn."""

    before: Outlook
    after: Outlook
    base_selection: Selection
    localizer: Localizer

    def outlook_with(self, key: SeriesKey) -> Outlook:
        """The newer outlook that has a series."""
        return self.after if key in self.after.panel else self.before

    def get_indicator(self, indicator: str) -> Indicator:
        """The catalogue entry of an indicator."""
        current = self.after.catalogue.indicators.get(indicator)
        return current or self.before.catalogue.indicators[indicator]

    def choose_unit(self, key: SeriesKey) -> DisplayUnit:
        """One unit for the values of a series in both outlooks."""
        values = [outlook.panel[key].values for outlook in (self.before, self.after) if key in outlook.panel]
        return choose_unit(self.get_indicator(key[0]), np.concatenate(values), self.localizer)

    def build_target(self, key: SeriesKey) -> Selection:
        """Link to a series, as of the older edition if the newer one lacks it."""
        edition = {} if key in self.after.panel else {"asof": f"e{self.before.edition}"}
        selection = replace(
            self.base_selection, segment=self.get_indicator(key[0]).segment, indicator=key[0], geo=key[1], item=key[2]
        )
        return replace(selection, **edition)  # type: ignore[arg-type]

    def subtitle_text(self, key: SeriesKey, unit: DisplayUnit | None = None) -> str:
        """Market, place and unit of a series."""
        place = self.localizer.field_text(self.outlook_with(key).catalogue.geographies[key[1]], "short")
        if key[1] in COMMON_NOUN_PLACES:
            place = place[:1].lower() + place[1:]
        parts = [self.market_title(key[0]), place, *([unit.noun] if unit else [])]
        return " \u00b7 ".join(parts)

    def market_title(self, indicator: str) -> str:
        """The title of the segment of an indicator."""
        return self.localizer.field_text(self.after.catalogue.segments[self.get_indicator(indicator).segment], "title")

    def sort_key(self, indicator: str) -> tuple[int, int, str]:
        """Sort key in the order of the catalogue: segment, then rank."""
        row = self.get_indicator(indicator)
        return list(self.after.catalogue.segments).index(row.segment), row.rank, indicator


def build_link_tables(
    before: Outlook, after: Outlook, diff: OutlookDiff, base: Selection, localizer: Localizer
) -> tuple[tuple[str, LinkTable], ...]:
    """The tables of changes with their names, without empty ones; their links start from the selection `base`."""
    outlooks = _OutlookPair(before, after, base, localizer)
    new_indicators, removed_indicators = set(diff.new_indicators), set(diff.removed_indicators)
    added = [row for row in diff.added if row.key[0] not in new_indicators]
    withdrawn = [row for row in diff.withdrawn if row.key[0] not in removed_indicators]
    new = [row for row in diff.added if row.key[0] in new_indicators]
    old = [row for row in diff.withdrawn if row.key[0] in removed_indicators]
    shifts = [row for row in diff.changed_forecasts if row.key in diff.changed_series and row.period is not None]
    heads = ("indicator", "period", "old", "new", "change")
    lists = (
        (
            "revised",
            heads,
            [_build_change_entry(row, outlooks) for row in diff.revised[:MAX_LISTED_ROWS]],
            len(diff.revised),
        ),
        ("data", ("indicator", "figures", "series", "last"), _build_data_entries(added, outlooks), 0),
        (
            "withdrawn",
            ("indicator", "figures", "periods"),
            [_build_withdrawn_entry(row, outlooks) for row in withdrawn],
            0,
        ),
        ("new", ("indicator", "figures", "series", "last"), _build_data_entries(new, outlooks), 0),
        ("gone", ("indicator", "figures", "series", "last"), _build_data_entries(old, outlooks), 0),
        ("shifts", heads, [_build_change_entry(row, outlooks) for row in shifts], 0),
        ("facts", ("indicator", "facts"), [_build_facts_entry(*row, outlooks) for row in diff.changed_facts], 0),
        (
            "knowhow",
            ("knowhow", "facts", "old", "new"),
            build_knowhow_entries(diff.changed_knowhow, after, base, localizer),
            0,
        ),
        (
            "outlooks",
            ("publisher", "target", "forecast", "facts"),
            build_outlook_entries(before, after, diff, base, localizer),
            0,
        ),
    )
    return tuple(
        (name, _build_link_table(name, names, entries, total or len(entries), localizer))
        for name, names, entries, total in lists
        if entries
    )


def _build_link_table(
    name: str, heads: Sequence[str], entries: Sequence[LinkTableEntry], total: int, localizer: Localizer
) -> LinkTable:
    rest = total - VISIBLE_ROWS
    rest_text = localizer.plural("news.rest", rest) if rest > 0 else ""
    if total > MAX_LISTED_ROWS:
        rest_text = localizer.text("news.rest.most", n=localizer.number(rest), most=localizer.number(MAX_LISTED_ROWS))
    return LinkTable(
        localizer.text(f"news.{name}.title"),
        localizer.plural(f"news.{name}.subtitle", total),
        tuple(localizer.text(f"news.head.{head}") for head in heads),
        tuple(entries[:MAX_LISTED_ROWS]),
        VISIBLE_ROWS,
        rest_text,
    )


def _build_change_entry(row: Revision | ForecastChange, outlooks: _OutlookPair) -> LinkTableEntry:
    """An observed or forecast value before and after."""
    unit = outlooks.choose_unit(row.key)
    period = outlooks.localizer.period(ordinal_to_period(row.period or 0, row.frequency))
    if isinstance(row, ForecastChange):
        unit = replace(unit, whole=False)  # the forecast of a count need not be a whole number
    cells = (
        period,
        *format_distinct(row.old or 0.0, row.new or 0.0, unit, outlooks.localizer),
        _change_text(row, unit, outlooks.localizer),
    )
    title = format_series_title(outlooks.outlook_with(row.key), row.key, outlooks.localizer)
    return LinkTableEntry(outlooks.build_target(row.key), title, outlooks.subtitle_text(row.key, unit), cells)


def format_distinct(old: float, new: float, unit: DisplayUnit, localizer: Localizer) -> tuple[str, str]:
    """Two values in a unit with the same decimals: the fewest digits that distinguish them, three at least."""
    pair = unit.convert(old), unit.convert(new)
    texts = ("", "")
    for digits in range(3, _MAX_DIGITS + 1):
        decimals = 0 if unit.whole else max(count_decimals(value, digits) for value in pair)
        rounded = pair if unit.whole else tuple(round_significant(value, digits) for value in pair)
        texts = localizer.number(rounded[0], decimals), localizer.number(rounded[1], decimals)
        if texts[0] != texts[1]:
            break
    return texts


def _change_text(row: Revision | ForecastChange, unit: DisplayUnit, localizer: Localizer) -> str:
    """The change in per cent, or in points for a percentage; a dash where there is none."""
    if row.old is None or row.new is None:
        return NO_VALUE
    difference = row.new - row.old
    if unit.noun.startswith("%"):
        size = localizer.number(round_significant(abs(difference), 2), count_decimals(difference, 2))
        return localizer.text("news.points", points=("+" if difference > 0 else MINUS) + size)
    if row.change is None:
        return NO_VALUE
    if abs(row.change) < 0.0005:
        return localizer.text("news.tiny")
    return localizer.growth(row.change)


def _build_data_entries(rows: Sequence[SeriesFigures], outlooks: _OutlookPair) -> list[LinkTableEntry]:
    """Values by indicator in the order of the catalogue: how many, in how many series, and the newest of them."""
    grouped: dict[str, list[SeriesFigures]] = defaultdict(list)
    for row in rows:
        grouped[row.key[0]].append(row)
    entries = []
    for name in sorted(grouped, key=outlooks.sort_key):
        group, indicator = grouped[name], outlooks.get_indicator(name)
        headline: SeriesKey = (name, indicator.headline_geo, indicator.headline_item)
        newest = max(group, key=lambda part: (part.key == headline, part.periods[-1], part.key))
        last = outlooks.localizer.text(
            "list.last",
            amount=format_amount(newest.values[-1], outlooks.choose_unit(newest.key), outlooks.localizer),
            period=outlooks.localizer.period(ordinal_to_period(newest.periods[-1], newest.frequency)),
        )
        figures = sum(len(part.periods) for part in group)
        cells = (outlooks.localizer.number(figures), outlooks.localizer.number(len(group)), last)
        entries.append(
            LinkTableEntry(
                outlooks.build_target(newest.key),
                outlooks.localizer.field_text(indicator, "title"),
                outlooks.market_title(name),
                cells,
            )
        )
    return entries


def _build_withdrawn_entry(row: SeriesFigures, outlooks: _OutlookPair) -> LinkTableEntry:
    localizer = outlooks.localizer
    first, last = (
        localizer.period(ordinal_to_period(ordinal, row.frequency)) for ordinal in (row.periods[0], row.periods[-1])
    )
    span = first if first == last else localizer.text("news.span", first=first, last=last)
    title = format_series_title(outlooks.outlook_with(row.key), row.key, localizer)
    return LinkTableEntry(
        outlooks.build_target(row.key),
        title,
        outlooks.subtitle_text(row.key),
        (localizer.number(len(row.periods)), span),
    )


def _build_facts_entry(indicator: str, names: Sequence[str], outlooks: _OutlookPair) -> LinkTableEntry:
    groups = dict.fromkeys(_FACT_GROUPS.get(name, "other") for name in names)
    changed_facts = outlooks.localizer.list_text(outlooks.localizer.text(f"news.fact.{group}") for group in groups)
    row = outlooks.get_indicator(indicator)
    target = replace(outlooks.base_selection, segment=row.segment, indicator=indicator, geo="", item="")
    return LinkTableEntry(
        target, outlooks.localizer.field_text(row, "title"), outlooks.market_title(indicator), (changed_facts,)
    )
