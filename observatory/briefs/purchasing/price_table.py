"""Builds the table of all inputs: last price, yearly change, forecast range, typical move, odds, price in euros."""

from dataclasses import replace

import numpy as np

from observatory.briefs.common.context import Context
from observatory.briefs.common.model import LinkTable, LinkTableEntry
from observatory.briefs.common.units import format_number
from observatory.briefs.purchasing.methodology import build_part_methodology
from observatory.briefs.purchasing.model import (
    ThresholdQuery,
    build_threshold_query,
    classify_move,
    compute_typical_move,
    short_odds_text,
)
from observatory.briefs.purchasing.price_units import count_digits
from observatory.catalogue.models import Indicator
from observatory.catalogue.periods import ordinal_to_period
from observatory.language import NO_VALUE, Localizer
from observatory.outlook.purchasing.price_paths import PURCHASING_SEGMENT
from observatory.settings import INTERVAL_LEVELS


def build_price_table(context: Context, indicators: list[Indicator]) -> LinkTable:
    """One row per input, as published, at the default threshold of each, with a link to its page; then in euros."""
    localizer = context.localizer
    entries = tuple(_build_entry(context, row) for row in indicators)
    default_selection = replace(context.selection, threshold="", side="", currency="quoted")
    names = ("input", "now", "year", "range", "typical", "odds", "now_euros", "range_euros")
    # All inputs share the deadline of the first one.
    deadline = build_threshold_query(replace(context, selection=default_selection), indicators[0]).deadline
    headers = tuple(
        localizer.text(f"purchasing.list.head.{name}", until=localizer.period_short(deadline)) for name in names
    )
    subtitle = localizer.text("purchasing.list.subtitle", until=localizer.period(deadline))
    methodology = build_part_methodology(context, "list", indicators)
    return LinkTable(
        localizer.text("purchasing.list.title"), subtitle, headers, entries, len(entries), methodology=methodology
    )


def _build_entry(context: Context, indicator: Indicator) -> LinkTableEntry:
    localizer = context.localizer
    target = replace(
        context.selection, segment=PURCHASING_SEGMENT, indicator=indicator.id, geo="", item="", threshold="", side="", view=""
    )
    query = build_threshold_query(replace(context, selection=replace(target, currency="quoted")), indicator)
    euros = build_threshold_query(replace(context, selection=replace(target, currency="eur")), indicator)
    values = query.history.values
    yearly_growth = values[-1] / values[-13] - 1 if len(values) > 12 and np.isfinite(values[-13]) else None
    move = compute_typical_move(query.history)
    odds = query.compute_odds()
    return LinkTableEntry(
        target,
        localizer.field_text(indicator, "title"),
        query.unit.noun,
        (
            _last_price_text(query, localizer),
            NO_VALUE if yearly_growth is None else localizer.growth(float(yearly_growth)),
            _range_text(query, localizer),
            NO_VALUE
            if move is None
            else localizer.text(
                "purchasing.list.typical",
                word=localizer.text(f"purchasing.swing.{classify_move(move)}"),
                move=localizer.percent_text(move),
            ),
            NO_VALUE if odds is None else short_odds_text(odds[0], localizer),
            *_euro_cells(euros, localizer),
        ),
    )


def _euro_cells(query: ThresholdQuery, localizer: Localizer) -> tuple[str, str]:
    """Last price and range in euros, for one unit of what is paid for; absent of what is no amount of money."""
    if not query.is_converted and query.quote.kind != "euros":
        return NO_VALUE, NO_VALUE
    return _last_price_text(query, localizer), _range_text(query, localizer)


def _last_price_text(query: ThresholdQuery, localizer: Localizer) -> str:
    return localizer.text(
        "purchasing.list.now",
        value=format_number(query.unit.convert(query.last_value), localizer, count_digits(query.unit), exact=True),
        period=localizer.period_short(ordinal_to_period(query.history.last, "M")),
    )


def _range_text(query: ThresholdQuery, localizer: Localizer) -> str:
    low, high = format_range(query, 80, localizer)
    return localizer.text("purchasing.list.range", low=low, high=high)


def format_range(query: ThresholdQuery, level: int, localizer: Localizer) -> tuple[str, str]:
    """The ends of the range of a level at the deadline."""
    place, digits = INTERVAL_LEVELS.index(level), count_digits(query.unit)
    ends = (float(part[query.months_ahead - 1, place]) for part in (query.forecast.low, query.forecast.high))
    low, high = (format_number(query.unit.convert(end), localizer, digits) for end in ends)
    return low, high
