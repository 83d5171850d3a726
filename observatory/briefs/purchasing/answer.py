"""Builds the first screen of the page on purchases: the price and its range, the age of the price, key figures."""

import numpy as np

from observatory.briefs.common.context import Context
from observatory.briefs.common.units import format_number
from observatory.briefs.purchasing.model import PriceAnswer, ThresholdQuery, default_query
from observatory.briefs.purchasing.odds import odds_percent
from observatory.briefs.purchasing.price_table import format_range
from observatory.briefs.purchasing.price_units import count_digits, money_sign, money_text, short_titles, short_unit
from observatory.briefs.purchasing.threshold import conversion_text
from observatory.briefs.track_record.model import KeyFigure
from observatory.catalogue.models import Indicator
from observatory.catalogue.periods import month_ordinal
from observatory.outlook.purchasing.quotes import DOLLAR_RATE
from observatory.outlook.purchasing.threshold_odds import count_months_waited
from observatory.typography import MINUS

_OLD_MONTHS = 3  # from this age on a price gets a warning


def build_answer(context: Context, query: ThresholdQuery, indicators: list[Indicator]) -> PriceAnswer:
    """What an input costs and will cost; `indicators` are all inputs, among which its short name is unique."""
    return PriceAnswer(
        lead=_lead_text(context, query, short_titles(indicators, context.localizer)[query.indicator.id]),
        warning=_warning_text(context, query),
        key_figures=_build_key_figures(context, query),
        window=_window_text(context, query),
        conversion=conversion_text(context, query),
        sources=_sources_text(context, query),
    )


def last_price_number(query: ThresholdQuery, context: Context) -> str:
    """The last price as a number, with all its digits before the point."""
    return format_number(query.unit.convert(query.last_value), context.localizer, count_digits(query.unit), exact=True)


def _lead_text(context: Context, query: ThresholdQuery, title: str) -> str:
    localizer, level = context.localizer, context.selection.level
    low, high = format_range(query, level, localizer)
    sign = money_sign(query.quote, is_converted=query.is_converted)
    unit = short_unit(query.quote, query.unit, localizer, is_converted=query.is_converted)
    other = _other_price(context, query)
    return localizer.text(
        "purchasing.lead.price.both" if other else "purchasing.lead.price",
        title=title,
        amount=money_text(last_price_number(query, context), unit, localizer),
        other=other,
        month=localizer.period_phrase(query.find_month(0)),
        low=money_text(low, sign, localizer) if localizer.language == "en" else low,
        high=money_text(high, sign, localizer),
        until_in=localizer.period_phrase(query.deadline),
        chances=localizer.chances(level),
    )


def _sources_text(context: Context, query: ThresholdQuery) -> str:
    """Who publishes the price, and the exchange rate by which it was converted."""
    localizer, catalogue = context.localizer, context.outlook.catalogue
    rows = [query.indicator]
    if query.is_converted and query.quote.kind == "dollars":
        rows.append(catalogue.indicators[DOLLAR_RATE])
    names = dict.fromkeys(localizer.field_text(catalogue.sources[row.source], "publisher") for row in rows)
    return localizer.plural("purchasing.sources", len(names), names="; ".join(names))


def _other_price(context: Context, query: ThresholdQuery) -> str:
    """The same price as published, or in euros, of the same month; empty where there is only one."""
    if query.quote.kind != "dollars":
        return ""
    localizer = context.localizer
    if query.is_converted:
        published = context.outlook.panel[query.history.key]
        value, sign = float(published.values[query.history.last - published.first]), "$"
    else:
        euros = default_query(context, query.indicator, "eur")
        place = query.history.last - euros.history.first
        if not euros.is_converted or place >= len(euros.history.values):
            return ""
        value, sign = float(euros.history.values[place]), "€"
    return money_text(format_number(value, localizer, 3, exact=True), sign, localizer)


def _warning_text(context: Context, query: ThresholdQuery) -> tuple[str, str]:
    """The age of the price from three months on, since when the next one is due, and what to do."""
    localizer = context.localizer
    age = month_ordinal(context.today) - query.history.last
    if age < _OLD_MONTHS:
        return "", ""
    published = context.outlook.panel[query.history.key]
    due = query.indicator.publication_lag_months + published.last + 1
    late = month_ordinal(context.today) - due
    bold = localizer.plural("purchasing.old", age)
    next_text = localizer.plural("purchasing.old.late", late) if late > 0 else localizer.text("purchasing.old.due")
    return bold, next_text


def _window_text(context: Context, query: ThresholdQuery) -> str:
    """How many months lie between the last price and the deadline, and how many of them are lived already."""
    localizer = context.localizer
    lived = min(count_months_waited(query.history.last, month_ordinal(context.today)) - 1, query.months_ahead)
    if lived < 1:
        return ""
    return localizer.plural(
        "purchasing.window",
        lived,
        months=query.months_ahead,
        since=localizer.period(query.find_month(1)),
        until=localizer.period(query.deadline),
        left=query.months_ahead - lived,
    )


def _build_key_figures(context: Context, query: ThresholdQuery) -> tuple[KeyFigure, ...]:
    localizer, level = context.localizer, context.selection.level
    unit = short_unit(query.quote, query.unit, localizer, is_converted=query.is_converted)
    low, high = format_range(query, level, localizer)
    middle = format_number(
        query.unit.convert(float(query.forecast.median[query.months_ahead - 1])), localizer, count_digits(query.unit)
    )
    month = localizer.period(query.find_month(0))
    values = query.history.values
    growth = values[-1] / values[-13] - 1 if len(values) > 12 and np.isfinite(values[-13]) and values[-13] else None
    now_text = (
        localizer.text("purchasing.key.now", month=month)
        if growth is None
        else localizer.text("purchasing.key.now.year", month=month, growth=_whole_growth(float(growth), context))
    )
    figures = [
        KeyFigure(last_price_number(query, context), unit, now_text, is_expected=False),
        KeyFigure(
            localizer.text("purchasing.list.range", low=low, high=high),
            unit,
            localizer.text(
                "purchasing.key.range",
                until_in=localizer.period_phrase(query.deadline),
                chances=localizer.chances(level),
                middle=middle,
            ),
        ),
    ]
    usual = default_query(context, query.indicator, context.selection.shown_currency)
    odds = usual.compute_odds()
    if odds is not None:
        percent, text = odds_percent(odds[1], localizer)
        side = "above" if usual.is_above else "below"
        figures.append(
            KeyFigure(text, localizer.text("purchasing.key.of"), localizer.text(f"purchasing.key.odds.{side}"), percent)
        )
    return tuple(figures)


def _whole_growth(growth: float, context: Context) -> str:
    """A growth as whole per cents with its sign: +44 %."""
    percent = round(growth * 100)
    sign = "+" if percent > 0 else MINUS if percent < 0 else ""
    return f"{sign}{abs(percent)}{context.localizer.percent_sign}"
