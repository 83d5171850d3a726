"""The fixed sentences on a series: takeaway, what its forecasts were worth, caveats, freshness, source."""

from observatory.briefs.common.context import Context
from observatory.briefs.common.model import Provenance
from observatory.briefs.common.units import DisplayUnit, format_amount, format_interval
from observatory.catalogue.models import Indicator
from observatory.catalogue.periods import last_month_ordinal, month_ordinal, ordinal_to_period
from observatory.language import Localizer, round_percent
from observatory.outlook.outlook import Outlook
from observatory.selection import Selection
from observatory.settings import INTERVAL_LEVELS, MIN_OBSERVATIONS
from observatory.timeseries import Forecast, TimeSeries

MIN_EVALUATED_VALUES = 10  # fewer past values say nothing of how often a range held


def takeaway_text(
    unit: DisplayUnit,
    history: TimeSeries,
    is_truncated: bool,
    forecast: Forecast | None,
    steps: int,
    end_period: str,
    selection: Selection,
    localizer: Localizer,
    digits: int = 3,
) -> str:
    """The last value, and where the next ones should lie, with as many significant digits as on the chart."""
    last = localizer.period_phrase(ordinal_to_period(history.last, history.frequency))
    now = localizer.text(
        "figure.shown" if is_truncated else "figure.last",
        amount=format_amount(float(history.values[-1]), unit, localizer, digits=digits),
        period_in=last,
    )
    if forecast is None or not steps:
        return now
    low, _high, high = format_interval(forecast, steps, selection.level, unit, localizer, digits)
    ahead = localizer.text(
        "honesty.range",
        chances=localizer.text(f"chances.{selection.level}"),
        period_in=localizer.period_phrase(end_period),
        low=low,
        high=high,
    )
    return f"{now} {ahead}"


def build_disclosures(forecast: Forecast | None, selection: Selection, localizer: Localizer) -> tuple[str, ...]:
    """What the forecasts of a series were worth, in the fixed sentences."""
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
    reference = reference_text(forecast, localizer)
    said = []
    if forecast.gain is None:
        said.append(localizer.text("honesty.untested", reference=reference))
    elif forecast.gain <= 0:
        said.append(localizer.text("honesty.not_better", reference=reference))
    elif round_percent(forecast.gain) <= 5:
        said.append(localizer.text("honesty.barely", reference=reference, gain=max(round_percent(forecast.gain), 1)))
    else:
        said.append(localizer.text("honesty.better", reference=reference, gain=round_percent(forecast.gain)))
    at = INTERVAL_LEVELS.index(selection.level)
    if forecast.judged >= MIN_EVALUATED_VALUES:
        share = forecast.hits[at] / forecast.judged
        said.append(
            localizer.text(
                "honesty.coverage",
                level=selection.level,
                coverage=round_percent(share),
                hits=localizer.number(forecast.hits[at]),
                n=localizer.number(forecast.judged),
            )
        )
        if share < selection.level / 100 - 0.05:
            said.append(localizer.text("honesty.too_narrow"))
    return tuple(said)


def edition_text(outlook: Outlook, localizer: Localizer) -> str:
    """Which edition says so: its number and day, or that it is a reconstruction."""
    day = localizer.day(outlook.day)
    return (
        localizer.text("footer.rebuilt", date=day)
        if outlook.is_reconstructed
        else localizer.text("footer.edition", id=outlook.edition, date=day)
    )


def reference_text(forecast: Forecast, localizer: Localizer) -> str:
    """The reference forecast by its fixed name."""
    if forecast.reference == "seasonal_naive":
        return localizer.text("reference.seasonal")
    return localizer.text("reference.yearly" if forecast.frequency == "A" else "reference.last")


def build_notes(
    indicator: Indicator, history: TimeSeries, has_forecast: bool, is_standalone: bool, localizer: Localizer
) -> tuple[str, ...]:
    """What a reader must know: low reliability if extended, proxy if it stands alone, caveats, holes."""
    notes = []
    if indicator.confidence == "low" and has_forecast:
        notes.append(localizer.text("note.low_confidence"))
    if indicator.proxy and is_standalone:
        notes.append(localizer.text("note.proxy"))
    caveats = localizer.field_text(indicator, "caveats")
    if caveats:
        notes.append(caveats)
    holes = [
        localizer.period(gap.first)
        if gap.first == gap.last
        else localizer.text("note.gap_span", first=localizer.period(gap.first), last=localizer.period(gap.last))
        for gap in indicator.gaps
        if (gap.geo, gap.item) == history.key[1:]
    ]
    if holes:
        notes.append(localizer.text("note.gaps", gaps=", ".join(holes)))
    return tuple(notes)


def source_line_text(context: Context, indicator: Indicator, history: TimeSeries) -> str:
    """Publisher, last value, and when the next one is due (or how late it is)."""
    localizer = context.localizer
    source = context.outlook.catalogue.sources[indicator.source]
    last = localizer.period(ordinal_to_period(history.last, history.frequency))
    due = (
        last_month_ordinal(history.last + 1, history.frequency)
        + indicator.publication_lag_months
        - month_ordinal(context.today)
    )
    if due > 0:
        following = localizer.plural("freshness.next", due)
    elif due > -2:
        following = localizer.text("freshness.now")
    else:
        following = localizer.plural("freshness.late", -due)
    return localizer.text(
        "freshness",
        publisher=localizer.field_text(source, "publisher"),
        period=last,
        date=localizer.day(indicator.accessed),
        next=following,
    )


def build_provenance(context: Context, indicator: Indicator) -> Provenance:
    """Where an indicator comes from."""
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
