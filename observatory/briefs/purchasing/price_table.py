"""All inputs side by side: last price, year on year, range expected, typical swing, the chance of being dearer."""

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
from observatory.outlook.purchasing.price_paths import PURCHASING_SEGMENT
from observatory.settings import INTERVAL_LEVELS

_NO_VALUE = "\u2013"


def build_price_table(context: Context, indicators: list[Indicator]) -> LinkTable:
    """One row an input, at the page's own threshold of each; a row leads to its input."""
    localizer = context.localizer
    entries = tuple(_build_entry(context, row) for row in indicators)
    plain = replace(context.selection, threshold="", side="")
    names = ("input", "now", "year", "range", "typical", "odds")
    some = build_threshold_query(replace(context, selection=plain), indicators[0])
    head = tuple(
        localizer.text(f"purchasing.list.head.{name}", until=localizer.period_short(some.deadline)) for name in names
    )
    subtitle = localizer.text("purchasing.list.subtitle", until=localizer.period(some.deadline))
    how = build_part_methodology(context, "list", indicators)
    return LinkTable(localizer.text("purchasing.list.title"), subtitle, head, entries, len(entries), methodology=how)


def _build_entry(context: Context, indicator: Indicator) -> LinkTableEntry:
    localizer = context.localizer
    target = replace(
        context.selection, segment=PURCHASING_SEGMENT, indicator=indicator.id, geo="", item="", threshold="", side=""
    )
    ask = build_threshold_query(replace(context, selection=target), indicator)
    values, digits = ask.history.values, count_digits(ask.unit)
    year = values[-1] / values[-13] - 1 if len(values) > 12 and np.isfinite(values[-13]) else None
    move = compute_typical_move(ask.history)
    at = INTERVAL_LEVELS.index(80)
    low, high = (
        format_number(ask.unit.convert(float(part[ask.months_ahead - 1, at])), localizer, digits)
        for part in (ask.forecast.low, ask.forecast.high)
    )
    found = ask.compute_odds()
    return LinkTableEntry(
        target,
        localizer.field_text(indicator, "title"),
        ask.unit.noun,
        (
            localizer.text(
                "purchasing.list.now",
                value=format_number(ask.unit.convert(ask.last_value), localizer, digits, exact=True),
                period=localizer.period_short(ordinal_to_period(ask.history.last, "M")),
            ),
            _NO_VALUE if year is None else localizer.growth(float(year)),
            localizer.text("purchasing.list.range", low=low, high=high),
            _NO_VALUE
            if move is None
            else localizer.text(
                "purchasing.list.typical",
                word=localizer.text(f"purchasing.swing.{classify_move(move)}"),
                move=localizer.percent_text(move),
            ),
            _NO_VALUE if found is None else short_odds_text(found[0], localizer),
        ),
    )
