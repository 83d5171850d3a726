"""Builds the table of all inputs: last price, yearly change, forecast range, typical move, odds of being dearer."""

from dataclasses import replace

import numpy as np

from observatory.briefs.common.context import Context
from observatory.briefs.common.model import LinkTable, LinkTableEntry
from observatory.briefs.common.units import format_number
from observatory.briefs.purchasing.methodology import build_part_methodology
from observatory.briefs.purchasing.model import (
    build_threshold_query,
    classify_move,
    compute_typical_move,
    count_digits,
    short_odds_text,
)
from observatory.catalogue.models import Indicator
from observatory.catalogue.periods import ordinal_to_period
from observatory.language import NO_VALUE
from observatory.outlook.purchasing.price_paths import PURCHASING_SEGMENT
from observatory.settings import INTERVAL_LEVELS


def build_price_table(context: Context, indicators: list[Indicator]) -> LinkTable:
    """One row per input, at the default threshold of each, with a link to its page."""
    localizer = context.localizer
    entries = tuple(_build_entry(context, row) for row in indicators)
    default_selection = replace(context.selection, threshold="", side="")
    names = ("input", "now", "year", "range", "typical", "odds")
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
        context.selection, segment=PURCHASING_SEGMENT, indicator=indicator.id, geo="", item="", threshold="", side=""
    )
    query = build_threshold_query(replace(context, selection=target), indicator)
    values, digits = query.history.values, count_digits(query.unit)
    yearly_growth = values[-1] / values[-13] - 1 if len(values) > 12 and np.isfinite(values[-13]) else None
    move = compute_typical_move(query.history)
    level_index = INTERVAL_LEVELS.index(80)
    low, high = (
        format_number(query.unit.convert(float(part[query.months_ahead - 1, level_index])), localizer, digits)
        for part in (query.forecast.low, query.forecast.high)
    )
    odds = query.compute_odds()
    return LinkTableEntry(
        target,
        localizer.field_text(indicator, "title"),
        query.unit.noun,
        (
            localizer.text(
                "purchasing.list.now",
                value=format_number(query.unit.convert(query.last_value), localizer, digits, exact=True),
                period=localizer.period_short(ordinal_to_period(query.history.last, "M")),
            ),
            NO_VALUE if yearly_growth is None else localizer.growth(float(yearly_growth)),
            localizer.text("purchasing.list.range", low=low, high=high),
            NO_VALUE
            if move is None
            else localizer.text(
                "purchasing.list.typical",
                word=localizer.text(f"purchasing.swing.{classify_move(move)}"),
                move=localizer.percent_text(move),
            ),
            NO_VALUE if odds is None else short_odds_text(odds[0], localizer),
        ),
    )
