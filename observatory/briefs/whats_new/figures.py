"""The figures that two editions say differently, as lists: revisions, new data, what was withdrawn, new indicators."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from observatory.briefs.common.model import LinkTable, LinkTableEntry
from observatory.briefs.common.series_figure import COMMON_NOUN_PLACES, format_series_title
from observatory.briefs.common.units import DisplayUnit, choose_unit, format_amount
from observatory.briefs.whats_new.knowhow import build_knowhow_entries
from observatory.catalogue.models import Indicator
from observatory.catalogue.periods import ordinal_to_period
from observatory.language import MINUS, Localizer, count_decimals, round_significant
from observatory.outlook.analysis.diff import ForecastChange, OutlookDiff, Revision, SeriesFigures
from observatory.outlook.outlook import Outlook
from observatory.selection import Selection
from observatory.timeseries import SeriesKey

VISIBLE_ROWS = 8  # rows in sight; the others are one click away
MAX_LISTED_ROWS = 500  # rows that a page sends; a revision of everything is in the files
_MAX_DIGITS = 12
_DASH = "\u2013"
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
    """Two outlooks as one place to look things up: the newer one, else the older one, which still has the rest."""

    before: Outlook
    after: Outlook
    base_selection: Selection
    localizer: Localizer

    def outlook_with(self, key: SeriesKey) -> Outlook:
        """The outlook that has a series."""
        return self.after if key in self.after.panel else self.before

    def get_indicator(self, indicator: str) -> Indicator:
        """The facts of an indicator."""
        known = self.after.catalogue.indicators.get(indicator)
        return known or self.before.catalogue.indicators[indicator]

    def choose_unit(self, key: SeriesKey) -> DisplayUnit:
        """The unit that shows the figures of a series as both outlooks have them."""
        values = [outlook.panel[key].values for outlook in (self.before, self.after) if key in outlook.panel]
        return choose_unit(self.get_indicator(key[0]), np.concatenate(values), self.localizer)

    def build_target(self, key: SeriesKey) -> Selection:
        """The page of a series, as of the edition that still has it."""
        gone = {} if key in self.after.panel else {"asof": f"e{self.before.edition}"}
        chosen = replace(
            self.base_selection, segment=self.get_indicator(key[0]).segment, indicator=key[0], geo=key[1], item=key[2]
        )
        return replace(chosen, **gone)  # type: ignore[arg-type]

    def subtitle_text(self, key: SeriesKey, unit: DisplayUnit | None = None) -> str:
        """Where a series belongs: its market, its place, its unit."""
        place = self.localizer.field_text(self.outlook_with(key).catalogue.geographies[key[1]], "short")
        place = place[:1].lower() + place[1:] if key[1] in COMMON_NOUN_PLACES else place
        parts = [self.market_title(key[0]), place, *([unit.noun] if unit else [])]
        return " \u00b7 ".join(parts)

    def market_title(self, indicator: str) -> str:
        """The title of the segment of an indicator."""
        return self.localizer.field_text(self.after.catalogue.segments[self.get_indicator(indicator).segment], "title")

    def sort_key(self, indicator: str) -> tuple[int, int, str]:
        """Where an indicator stands in the catalogue: markets in their order, then its rank."""
        row = self.get_indicator(indicator)
        return list(self.after.catalogue.segments).index(row.segment), row.rank, indicator


def build_link_tables(
    before: Outlook, after: Outlook, diff: OutlookDiff, base: Selection, localizer: Localizer
) -> tuple[tuple[str, LinkTable], ...]:
    """The lists of what differs, by name, those with something in them; links start from the selection `base`."""
    both = _OutlookPair(before, after, base, localizer)
    fresh, gone = set(diff.new_indicators), set(diff.removed_indicators)
    added = [row for row in diff.added if row.key[0] not in fresh]
    withdrawn = [row for row in diff.withdrawn if row.key[0] not in gone]
    new = [row for row in diff.added if row.key[0] in fresh]
    old = [row for row in diff.withdrawn if row.key[0] in gone]
    shifts = [row for row in diff.changed_forecasts if row.key in diff.changed_series and row.period is not None]
    heads = ("indicator", "period", "old", "new", "change")
    lists = (
        (
            "revised",
            heads,
            [_build_change_entry(row, both) for row in diff.revised[:MAX_LISTED_ROWS]],
            len(diff.revised),
        ),
        ("data", ("indicator", "figures", "series", "last"), _build_data_entries(added, both), 0),
        ("withdrawn", ("indicator", "figures", "periods"), [_build_withdrawn_entry(row, both) for row in withdrawn], 0),
        ("new", ("indicator", "figures", "series", "last"), _build_data_entries(new, both), 0),
        ("gone", ("indicator", "figures", "series", "last"), _build_data_entries(old, both), 0),
        ("shifts", heads, [_build_change_entry(row, both) for row in shifts], 0),
        ("facts", ("indicator", "facts"), [_build_facts_entry(*row, both) for row in diff.changed_facts], 0),
        (
            "knowhow",
            ("knowhow", "facts", "old", "new"),
            build_knowhow_entries(diff.changed_knowhow, after, base, localizer),
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
    said = localizer.plural("news.rest", rest) if rest > 0 else ""
    if total > MAX_LISTED_ROWS:
        said = localizer.text("news.rest.most", n=localizer.number(rest), most=localizer.number(MAX_LISTED_ROWS))
    return LinkTable(
        localizer.text(f"news.{name}.title"),
        localizer.plural(f"news.{name}.subtitle", total),
        tuple(localizer.text(f"news.head.{head}") for head in heads),
        tuple(entries[:MAX_LISTED_ROWS]),
        VISIBLE_ROWS,
        said,
    )


def _build_change_entry(row: Revision | ForecastChange, outlooks: _OutlookPair) -> LinkTableEntry:
    """A figure, observed or expected, before and after."""
    unit = outlooks.choose_unit(row.key)
    when = outlooks.localizer.period(ordinal_to_period(row.period or 0, row.frequency))
    if isinstance(row, ForecastChange):
        unit = replace(unit, whole=False)  # what is expected of a count need not be one
    cells = (
        when,
        *format_distinct(row.old or 0.0, row.new or 0.0, unit, outlooks.localizer),
        _change_text(row, unit, outlooks.localizer),
    )
    title = format_series_title(outlooks.outlook_with(row.key), row.key, outlooks.localizer)
    return LinkTableEntry(outlooks.build_target(row.key), title, outlooks.subtitle_text(row.key, unit), cells)


def format_distinct(old: float, new: float, unit: DisplayUnit, localizer: Localizer) -> tuple[str, str]:
    """Two figures in a unit with the same decimals, as few digits as let them be told apart (three at least)."""
    pair = unit.convert(old), unit.convert(new)
    texts = ("", "")
    for digits in range(3, _MAX_DIGITS + 1):
        places = 0 if unit.whole else max(count_decimals(value, digits) for value in pair)
        rounded = pair if unit.whole else tuple(round_significant(value, digits) for value in pair)
        texts = localizer.number(rounded[0], places), localizer.number(rounded[1], places)
        if texts[0] != texts[1]:
            break
    return texts


def _change_text(row: Revision | ForecastChange, unit: DisplayUnit, localizer: Localizer) -> str:
    """The change in per cent, of a percentage in points."""
    if row.old is None or row.new is None:
        return _DASH
    moved = row.new - row.old
    if unit.noun.startswith("%"):
        size = localizer.number(round_significant(abs(moved), 2), count_decimals(moved, 2))
        return localizer.text("news.points", points=("+" if moved > 0 else MINUS) + size)
    if row.change is None:
        return _DASH
    if abs(row.change) < 0.0005:
        return localizer.text("news.tiny")
    return localizer.growth(row.change)


def _build_data_entries(rows: Sequence[SeriesFigures], outlooks: _OutlookPair) -> list[LinkTableEntry]:
    """Figures by indicator in the order of the catalogue: how many, of how many series, and the newest of them."""
    grouped: dict[str, list[SeriesFigures]] = defaultdict(list)
    for row in rows:
        grouped[row.key[0]].append(row)
    entries = []
    for name in sorted(grouped, key=outlooks.sort_key):
        group, facts = grouped[name], outlooks.get_indicator(name)
        first: SeriesKey = (name, facts.headline_geo, facts.headline_item)
        newest = max(group, key=lambda part: (part.key == first, part.periods[-1], part.key))
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
                outlooks.localizer.field_text(facts, "title"),
                outlooks.market_title(name),
                cells,
            )
        )
    return entries


def _build_withdrawn_entry(row: SeriesFigures, outlooks: _OutlookPair) -> LinkTableEntry:
    localizer = outlooks.localizer
    first, last = (localizer.period(ordinal_to_period(at, row.frequency)) for at in (row.periods[0], row.periods[-1]))
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
    said = outlooks.localizer.list_text(outlooks.localizer.text(f"news.fact.{group}") for group in groups)
    row = outlooks.get_indicator(indicator)
    target = replace(outlooks.base_selection, segment=row.segment, indicator=indicator, geo="", item="")
    return LinkTableEntry(
        target, outlooks.localizer.field_text(row, "title"), outlooks.market_title(indicator), (said,)
    )
