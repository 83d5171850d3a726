"""Builds the rows of all inputs in the currency shown: last price, expected range, sparkline."""

from dataclasses import replace

import numpy as np

from observatory.briefs.common.context import Context
from observatory.briefs.common.model import Sparkline
from observatory.briefs.common.units import format_number
from observatory.briefs.purchasing.model import PriceRow, ThresholdQuery, build_threshold_query
from observatory.briefs.purchasing.price_table import format_range
from observatory.briefs.purchasing.price_units import count_digits, short_titles, short_unit
from observatory.catalogue.models import Indicator
from observatory.outlook.purchasing.price_paths import PURCHASING_SEGMENT
from observatory.settings import INTERVAL_LEVELS
from observatory.timeseries import FloatArray

_SPARK_MONTHS = 6  # between two points of a sparkline, each the mean of the months since the one before
_SPARK_YEARS = 12
_LEVEL = 80  # of the ranges


def build_price_rows(context: Context, indicators: list[Indicator]) -> tuple[PriceRow, ...]:
    """One row per input, with a link to its page."""
    titles = short_titles(indicators, context.localizer)
    return tuple(_build_row(context, row, titles[row.id]) for row in indicators)


def _build_row(context: Context, indicator: Indicator, title: str) -> PriceRow:
    localizer = context.localizer
    target = replace(
        context.selection, segment=PURCHASING_SEGMENT, indicator=indicator.id, geo="", item="", threshold="", side=""
    )
    query = build_threshold_query(replace(context, selection=target), indicator)
    low, high = format_range(query, _LEVEL, localizer)
    return PriceRow(
        target=replace(target, view=""),
        title=title,
        value=format_number(query.unit.convert(query.last_value), localizer, count_digits(query.unit), exact=True),
        unit=short_unit(query.quote, query.unit, localizer, is_converted=query.is_converted),
        period=localizer.period_short(query.find_month(0)),
        range=localizer.text("purchasing.list.range", low=low, high=high),
        until=localizer.period_short(query.deadline),
        sparkline=_build_sparkline(query, title),
        note=_note_text(context, query),
    )


def _note_text(context: Context, query: ThresholdQuery) -> str:
    """Whether a price was converted by us; else why not, where it could not be."""
    if query.is_converted:
        return context.localizer.text("purchasing.row.converted") if query.quote.kind == "dollars" else ""
    if query.quote.kind == "dollars" and context.selection.shown_currency == "eur":
        return context.localizer.text("purchasing.row.dollars")
    return "" if query.quote.is_convertible else context.localizer.text(f"purchasing.row.{query.quote.kind}")


def _build_sparkline(query: ThresholdQuery, title: str) -> Sparkline:
    """Twelve years of half-yearly means, then the forecast every half year up to the deadline."""
    values = query.history.values[-12 * _SPARK_YEARS :]
    whole = values[len(values) % _SPARK_MONTHS :]
    means = _mean_of_known(whole.reshape(-1, _SPARK_MONTHS))
    steps = range(_SPARK_MONTHS, query.months_ahead + 1, _SPARK_MONTHS)
    place, forecast = INTERVAL_LEVELS.index(_LEVEL), query.forecast
    expected = tuple(
        (float(forecast.median[step - 1]), float(forecast.low[step - 1, place]), float(forecast.high[step - 1, place]))
        for step in steps
    )
    return Sparkline((*(float(mean) for mean in means), query.last_value), expected, title)


def _mean_of_known(rows: FloatArray) -> FloatArray:
    """The mean of each row, absent values left out; a row without any is dropped."""
    return np.array([row[np.isfinite(row)].mean() for row in rows if np.isfinite(row).any()])
