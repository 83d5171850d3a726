"""The record of a publisher in a few words, and the names of its figures."""

from observatory.briefs.common.context import Context
from observatory.catalogue.external_forecasts import ExternalForecast
from observatory.language import Localizer
from observatory.outlook.external.outcomes import RATE_MEASURES
from observatory.outlook.external.scores import ScoredGroup
from observatory.typography import MINUS

_MIN_ONE_SIDED = 3  # forecasts; fewer are not said to be too high or too low
_ONE_SIDED_SHARE = 0.75


def find_group(groups: tuple[ScoredGroup, ...], forecast: ExternalForecast) -> ScoredGroup | None:
    """The scored group that a forecast belongs to; None if none of it has been judged."""
    subject = forecast.series[0][0] if forecast.kind == "guidance" and forecast.series else ""
    key = (forecast.publisher, forecast.measure, subject)
    return next((row for row in groups if (row.publisher, row.measure, row.subject) == key), None)


def record_words(group: ScoredGroup | None, localizer: Localizer) -> str:
    """A record in about six words: "too high 8 times out of 8", or the mean error."""
    if group is None:
        return localizer.text("others.record.none")
    scores = group.scores
    if scores.n >= _MIN_ONE_SIDED:
        for side, count in (("high", scores.too_high), ("low", scores.n - scores.too_high)):
            if count >= _ONE_SIDED_SHARE * scores.n:
                return localizer.text(f"others.record.{side}", count=count, n=scores.n)
    error = error_text(scores.mean_absolute, group.measure, localizer)
    return localizer.plural("others.record.mean", scores.n, error=error)


def error_text(value: float, measure: str, localizer: Localizer, *, signed: bool = False) -> str:
    """An error with its unit: points for rates, else per cent of the outcome."""
    digits = signed_number(value, localizer) if signed else localizer.number(round(value, 1), 1)
    unit = "points" if measure in RATE_MEASURES else "percent"
    return localizer.text(f"others.error.{unit}", digits=digits)


def signed_number(value: float, localizer: Localizer) -> str:
    """A difference with its sign and one decimal; no sign where it rounds to zero."""
    rounded = round(value, 1)
    sign = "+" if rounded > 0 else MINUS if rounded < 0 else ""
    return f"{sign}{localizer.number(abs(rounded), 1)}"


def short_name(context: Context, group: ScoredGroup) -> str:
    """The publisher alone; of a guidance, with what it is on."""
    publisher = context.outlook.study.external_record.publishers.get(group.publisher)
    title = (publisher.title if publisher else group.publisher).partition(" (")[0]
    indicator = context.outlook.catalogue.indicators.get(group.subject)
    if indicator is None:
        return title
    return f"{title} ({context.localizer.field_text(indicator, 'title')})"


def group_name(context: Context, group: ScoredGroup) -> str:
    """A publisher and its kind of figure; of a guidance, what it is on."""
    localizer, record = context.localizer, context.outlook.study.external_record
    publisher = record.publishers.get(group.publisher)
    title = publisher.title if publisher else group.publisher
    indicator = context.outlook.catalogue.indicators.get(group.subject)
    if indicator is not None:
        return localizer.text("others.guidance", publisher=title, title=localizer.field_text(indicator, "title"))
    return localizer.text("others.group", publisher=title, measure=localizer.text(f"others.measure.{group.measure}"))
