"""Disclosures on a series, in fixed sentences: takeaway, accuracy of its past forecasts, caveats, freshness, source."""

from collections.abc import Iterable

from observatory.briefs.common.context import Context
from observatory.briefs.common.model import Provenance
from observatory.briefs.common.standing import compare_percent
from observatory.briefs.common.units import DisplayUnit, format_amount, format_interval
from observatory.briefs.figures.series_view import ShownForecast
from observatory.catalogue.models import Indicator
from observatory.catalogue.periods import last_month_ordinal, month_ordinal, ordinal_to_period
from observatory.language import Localizer, round_percent
from observatory.outlook.calls.indicator_backtest import GrowthScores
from observatory.outlook.outlook import Outlook
from observatory.selection import Selection
from observatory.settings import INTERVAL_LEVELS, MIN_OBSERVATIONS
from observatory.timeseries import Forecast, SeriesKey, TimeSeries

MIN_EVALUATED_VALUES = 10  # fewer evaluated forecasts do not show how often intervals cover the outcome
_COVERAGE_TOLERANCE = 0.05  # intervals that cover so much less than their level are called too narrow


def takeaway_text(
    context: Context,
    history: TimeSeries,
    unit: DisplayUnit,
    ahead: ShownForecast | None,
    *,
    is_truncated: bool = False,
    digits: int = 3,
) -> str:
    """The last value shown, and the interval expected at the end of the forecast if one is shown.

    `is_truncated` says that newer values exist; `digits` are the significant digits of the chart.
    """
    localizer, level = context.localizer, context.selection.level
    last = localizer.period_phrase(ordinal_to_period(history.last, history.frequency))
    last_value_text = localizer.text(
        "figure.shown" if is_truncated else "figure.last",
        amount=format_amount(float(history.values[-1]), unit, localizer, digits=digits),
        period_in=last,
    )
    if ahead is None:
        return last_value_text
    low, _high, high_amount = format_interval(ahead.forecast, ahead.steps, level, unit, localizer, digits)
    expected_text = localizer.text(
        "honesty.range",
        chances=localizer.chances(level),
        period_in=localizer.period_phrase(ahead.end_period),
        low=low,
        high=high_amount,
    )
    return f"{last_value_text} {expected_text}"


def build_disclosures(
    forecast: Forecast | None, selection: Selection, localizer: Localizer, drawn: GrowthScores | None = None
) -> tuple[str, ...]:
    """How accurate the past forecasts of a series were: their gain on the reference, the coverage of their intervals.

    A series without forecasts gets the reason instead; one that was never to be forecast gets nothing. `drawn` are the
    scores of all demand indicators, for one whose forecast follows its market: its own record is that of one half.
    """
    if forecast is None:
        return ()
    if forecast.status == "too_short":
        return (localizer.text("honesty.too_short", n=forecast.points, min=MIN_OBSERVATIONS),)
    if forecast.status == "stopped":
        return (
            localizer.text(
                "honesty.stopped", period=localizer.period(ordinal_to_period(forecast.origin, forecast.frequency))
            ),
        )
    if drawn is not None:
        return (_drawn_text(drawn, localizer), *_coverage_texts(forecast, selection.level, localizer))
    return (_gain_text(forecast, localizer), *_coverage_texts(forecast, selection.level, localizer))


def _drawn_text(scores: GrowthScores, localizer: Localizer) -> str:
    """What a forecast that follows its market is made of, and what that gained over the indicators alone."""
    gain = 1 - scores.error / scores.engine if scores.engine else 0.0
    return " ".join(
        (
            localizer.text("honesty.drawn"),
            localizer.text("honesty.drawn.gain", gain=round_percent(gain))
            if round_percent(gain) > 0
            else localizer.text("honesty.drawn.none"),
        )
    )


def _gain_text(forecast: Forecast, localizer: Localizer) -> str:
    """By how much the error of past forecasts was smaller than that of the reference.

    Which of the two is shown depends on the exact gain, what is said of it on the whole per cents.
    """
    reference = reference_text(forecast, localizer)
    if forecast.gain is None:
        return localizer.text("honesty.untested", reference=reference)
    if forecast.gain <= 0:
        return localizer.text("honesty.not_better", reference=reference)
    return localizer.text(
        f"honesty.{compare_percent(forecast.gain)}", reference=reference, gain=round_percent(forecast.gain)
    )


def _coverage_texts(forecast: Forecast, level: int, localizer: Localizer) -> list[str]:
    """How often the past intervals of a level covered the outcome; empty where too few were evaluated."""
    if forecast.judged < MIN_EVALUATED_VALUES:
        return []
    hits = forecast.hits[INTERVAL_LEVELS.index(level)]
    coverage = hits / forecast.judged
    texts = [
        localizer.text(
            "honesty.coverage",
            level=level,
            coverage=localizer.percent_digits(coverage),
            hits=localizer.number(hits),
            n=localizer.number(forecast.judged),
        )
    ]
    if coverage < level / 100 - _COVERAGE_TOLERANCE:
        texts.append(localizer.text("honesty.too_narrow"))
    return texts


def edition_text(outlook: Outlook, localizer: Localizer) -> str:
    """The edition by its number and day; a reconstruction by its day, and by its base unless that is the first."""
    day = localizer.day(outlook.day)
    if not outlook.is_reconstructed:
        return localizer.text("footer.edition", id=outlook.edition, date=day)
    if outlook.base_edition:
        return localizer.text("footer.rebuilt.base", date=day, id=outlook.base_edition)
    return localizer.text("footer.rebuilt", date=day)


def reference_text(forecast: Forecast, localizer: Localizer) -> str:
    """The reference forecast by its name in sentences."""
    if forecast.reference == "seasonal_naive":
        return localizer.text("reference.seasonal")
    return localizer.text("reference.yearly" if forecast.frequency == "A" else "reference.last")


def list_forecast_basis_notes(context: Context, keys: Iterable[SeriesKey]) -> tuple[str, ...]:
    """A note where some of the series shown follow the draws of their market and others are forecast alone."""
    outlook = context.outlook
    forecast_keys = [key for key in keys if (row := outlook.forecasts.get(key)) is not None and len(row.median)]
    drawn = [key for key in forecast_keys if key in outlook.drawn_series]
    if not drawn or len(drawn) == len(forecast_keys):
        return ()
    return (context.localizer.text("note.mixed_forecasts"),)


def part_of_drawn_note(context: Context, key: SeriesKey) -> tuple[str, ...]:
    """A note on a series of one place or item that is forecast alone, while the total of its indicator is not."""
    outlook = context.outlook
    headline = outlook.headline_key(outlook.catalogue.indicators[key[0]])
    if key == headline or headline not in outlook.drawn_series:
        return ()
    return (context.localizer.text("note.part_of_drawn"),)


def build_notes(
    indicator: Indicator, history: TimeSeries, localizer: Localizer, *, has_forecast: bool, is_standalone: bool
) -> tuple[str, ...]:
    """Caveats on a series: low reliability of what is forecast, proxy, caveats of its indicator, missing periods.

    `is_standalone`: no page around the figure says already that the indicator is a proxy.
    """
    notes = []
    if indicator.confidence == "low" and has_forecast:
        notes.append(localizer.text("note.low_confidence"))
    if indicator.proxy and is_standalone:
        notes.append(localizer.text("note.proxy"))
    caveats = localizer.field_text(indicator, "caveats")
    if caveats:
        notes.append(caveats)
    gaps = [
        localizer.period(gap.first)
        if gap.first == gap.last
        else localizer.text("note.gap_span", first=localizer.period(gap.first), last=localizer.period(gap.last))
        for gap in indicator.gaps
        if (gap.geo, gap.item) == history.key[1:]
    ]
    if gaps:
        notes.append(localizer.text("note.gaps", gaps=", ".join(gaps)))
    return tuple(notes)


def source_line_text(context: Context, indicator: Indicator, history: TimeSeries) -> str:
    """Publisher, last period, day of access, and when the next value is due or for how long it has been overdue.

    Where a reconstruction shows a real vintage, its day too.
    """
    localizer = context.localizer
    source = context.outlook.catalogue.sources[indicator.source]
    last = localizer.period(ordinal_to_period(history.last, history.frequency))
    months_until_due = (
        last_month_ordinal(history.last + 1, history.frequency)
        + indicator.publication_lag_months
        - month_ordinal(context.today)
    )
    if months_until_due > 0:
        next_text = localizer.plural("freshness.next", months_until_due)
    elif months_until_due > -2:
        next_text = localizer.text("freshness.now")
    else:
        next_text = localizer.plural("freshness.late", -months_until_due)
    line = localizer.text(
        "freshness",
        publisher=localizer.field_text(source, "publisher"),
        period=last,
        date=localizer.day(indicator.accessed),
        next=next_text,
    )
    real_day = context.outlook.real_vintage_days.get(indicator.id)
    return line if real_day is None else f"{line} {localizer.text('freshness.real', date=localizer.day(real_day))}"


def build_provenance(context: Context, indicator: Indicator) -> Provenance:
    """The provenance of an indicator, in the language of the context."""
    localizer = context.localizer
    source = context.outlook.catalogue.sources[indicator.source]
    return Provenance(
        publisher=localizer.field_text(source, "publisher"),
        url=source.page,
        licence=localizer.field_text(source, "licence"),
        licence_certainty=localizer.text(f"certainty.{source.licence_certainty}"),
        attribution=localizer.typeset(source.attribution),
        accessed=localizer.day(indicator.accessed),
        transformation=indicator.transformation,
        description=localizer.field_text(indicator, "description"),
        confidence=localizer.text(f"confidence.{indicator.confidence}"),
    )
