"""What others expect of a market in coming years, beside our forecast of the same figures, each with its record."""

from dataclasses import dataclass, replace

from observatory.briefs.common.context import Context
from observatory.briefs.common.model import Figure, PlotData, PlotSeries, TextTable
from observatory.briefs.common.series_names import format_series_title
from observatory.briefs.common.units import choose_unit, format_amount, format_number
from observatory.briefs.external.record_text import find_group, record_words
from observatory.briefs.figures.methodology import build_formula, build_methodology
from observatory.catalogue.external_forecasts import ExternalForecast
from observatory.charts.outlook_comparison import (
    OutlookGroup,
    OutlookMark,
    OutlookRow,
    build_outlook_comparison,
)
from observatory.language import NO_VALUE, Localizer, round_decimals
from observatory.outlook.external.judging import JudgedForecast
from observatory.outlook.external.outcomes import measure_span
from observatory.outlook.external.own_forecasts import OwnForecast, measure_target

_GROWTH_MEASURES = ("growth", "yearly_growth")


@dataclass(frozen=True)
class _Comparison:
    """A forecast of another for a coming year with ours, and both as growth in per cent a year where that can be."""

    forecast: ExternalForecast
    own: OwnForecast | None
    theirs: OutlookMark | None
    ours: OutlookMark | None


def build_coming_years_figure(context: Context, segment: str) -> Figure | None:
    """The figure of a segment: one scale, a table with all forecasts and records; None where nobody says anything."""
    rows = [_compare(context, row.forecast) for row in _select_live(context, segment)]
    if not rows:
        return None
    localizer = context.localizer
    drawn = [row for row in rows if row.theirs is not None]
    title = localizer.text("others.coming.title")
    takeaway = _takeaway_text(rows, localizer)
    return Figure(
        title=title,
        subtitle=localizer.text("others.coming.subtitle"),
        spec=_build_spec(context, drawn) if drawn else None,
        alt=takeaway,
        takeaway=takeaway,
        notes=(localizer.text("others.selection"), localizer.text("others.coming.note")),
        source_line=localizer.text("others.source"),
        table=_build_table(context, rows, title),
        plot_data=_build_plot(context, drawn) if drawn else None,
        methodology=build_methodology(
            context,
            localizer.text("others.how.inputs"),
            [
                build_formula("others.how.formula", localizer),
                *((_label(context, row.forecast), _page_text(row.forecast, localizer)) for row in rows),
            ],
        ),
    )


def has_coming_years(context: Context, segment: str) -> bool:
    """Whether others publish a forecast of a segment that is not due yet."""
    return bool(_select_live(context, segment))


def describe_coming_years(context: Context, segment: str) -> tuple[str, ...]:
    """The same in sentences, for a note: who expects what, ours, the record."""
    groups, localizer = context.outlook.study.external_groups, context.localizer
    sentences = []
    for live in _select_live(context, segment):
        row = _compare(context, live.forecast)
        sentences.append(
            localizer.text(
                "others.coming.sentence" if row.own else "others.coming.sentence.alone",
                publisher=_label(context, row.forecast),
                title=_what(context, row.forecast),
                theirs=_format_theirs(context, row.forecast),
                ours=_format_own(context, row.forecast, row.own),
                record=record_words(find_group(groups, row.forecast), localizer),
            )
        )
    return tuple(sentences)


def _select_live(context: Context, segment: str) -> list[JudgedForecast]:
    """The forecasts on a segment that are not due: the newest of a publisher on a series and target, by target."""
    catalogue, day = context.outlook.catalogue, context.outlook.day
    newest: dict[tuple[object, ...], JudgedForecast] = {}
    for row in context.outlook.study.external_record.rows:
        forecast = row.forecast
        is_here = any(
            key[0] in catalogue.indicators and catalogue.indicators[key[0]].segment == segment
            for key in forecast.series
        )
        if not is_here or not row.is_first or row.outcome is not None or forecast.value is None:
            continue
        if any(key not in context.outlook.panel for key in forecast.series):
            continue  # its figures were withdrawn
        if forecast.target_year >= day.year:
            key = (forecast.publisher, forecast.series, forecast.target)
            earlier = newest.get(key)
            if earlier is None or earlier.forecast.published <= forecast.published:
                newest[key] = row
    return sorted(newest.values(), key=lambda row: (row.forecast.target_year, row.forecast.line))


def _compare(context: Context, forecast: ExternalForecast) -> _Comparison:
    own = _find_own(context, forecast)
    if forecast.measure in _GROWTH_MEASURES:
        theirs = None if forecast.value is None else OutlookMark("theirs", forecast.value, forecast.low, forecast.high)
        return _Comparison(forecast, own, theirs, _to_mark(own))
    if forecast.measure == "level":
        growth = replace(forecast, measure="growth")
        before = _level_before(context, forecast)
        if before and forecast.value is not None:
            value = (forecast.value * forecast.scale / before - 1) * 100
            return _Comparison(forecast, own, OutlookMark("theirs", value), _to_mark(_find_own(context, growth)))
    return _Comparison(forecast, own, None, None)


def _to_mark(own: OwnForecast | None) -> OutlookMark | None:
    return None if own is None else OutlookMark("ours", own.value, own.low, own.high)


def _level_before(context: Context, forecast: ExternalForecast) -> float | None:
    """The level of the year before the target, if it is known."""
    first, last = forecast.target_span
    return measure_span(forecast, (first - 12, last - 12), context.outlook.panel, context.outlook.catalogue)


def _find_own(context: Context, forecast: ExternalForecast) -> OwnForecast | None:
    """Our figure for the same target, from the forecasts that the edition stores."""
    outlook = context.outlook
    pairs = [(outlook.panel.get(key), outlook.forecasts.get(key)) for key in forecast.series]
    known = [
        (history, own)
        for history, own in pairs
        if history is not None and own is not None and len(own.median) and own.origin == history.last
    ]
    if len(known) < len(pairs):
        return None
    return measure_target(forecast, [row[0] for row in known], [row[1] for row in known], outlook.catalogue)


def _build_spec(context: Context, rows: list[_Comparison]) -> dict[str, object]:
    localizer = context.localizer
    groups: dict[str, list[OutlookRow]] = {}
    for row in rows:
        marks = [mark for mark in (row.theirs, row.ours) if mark is not None]
        name = _subject(context, row.forecast)
        groups.setdefault(name, []).append(OutlookRow(_short_label(context, row.forecast), marks))
    return build_outlook_comparison(
        [OutlookGroup(name, members) for name, members in groups.items()],
        {"theirs": localizer.text("others.key.theirs"), "ours": localizer.text("others.key.ours")},
        localizer.language,
        signed=True,
    )


def _build_plot(context: Context, rows: list[_Comparison]) -> PlotData:
    localizer = context.localizer
    labels = tuple(f"{_subject(context, row.forecast)} ({_short_label(context, row.forecast)})" for row in rows)
    series = tuple(
        PlotSeries(
            author,
            localizer.text(f"others.key.{author}"),
            tuple(None if mark is None else round_decimals(mark.value, 1) for mark in marks),
        )
        for author, marks in (("theirs", [row.theirs for row in rows]), ("ours", [row.ours for row in rows]))
    )
    return PlotData("bar", labels, series, "%", 1, signed=True)


def _build_table(context: Context, rows: list[_Comparison], title: str) -> TextTable:
    localizer = context.localizer
    groups = context.outlook.study.external_groups
    heads = tuple(localizer.text(f"others.head.{name}") for name in ("who", "what", "theirs", "ours", "record"))
    cells = tuple(
        (
            _label(context, row.forecast),
            _what(context, row.forecast),
            _format_theirs(context, row.forecast),
            _format_own(context, row.forecast, row.own),
            record_words(find_group(groups, row.forecast), localizer),
        )
        for row in rows
    )
    return TextTable(title, heads, cells)


def target_text(forecast: ExternalForecast, localizer: Localizer) -> str:
    """The target as readers write it."""
    if forecast.target.startswith("FY"):
        return localizer.text("others.fiscal_year", year=forecast.target_year)
    return (
        forecast.target.replace("..", "\u2013").replace("-", "\u2013") if len(forecast.target) > 4 else forecast.target
    )


def _subject(context: Context, forecast: ExternalForecast) -> str:
    titles = [format_series_title(context.outlook, key, context.localizer) for key in forecast.series]
    return context.localizer.list_text(dict.fromkeys(titles))


def _what(context: Context, forecast: ExternalForecast) -> str:
    target = target_text(forecast, context.localizer)
    return context.localizer.text("others.what", title=_subject(context, forecast), target=target)


def _label(context: Context, forecast: ExternalForecast) -> str:
    """The publisher and when it said so; a guidance is named as such."""
    localizer = context.localizer
    publisher = context.outlook.study.external_record.publishers.get(forecast.publisher)
    key = "others.label.guidance" if forecast.kind == "guidance" else "others.label"
    title = publisher.title if publisher else forecast.publisher
    return localizer.text(key, publisher=title, when=localizer.period(forecast.published[:7]))


def _short_label(context: Context, forecast: ExternalForecast) -> str:
    publisher = context.outlook.study.external_record.publishers.get(forecast.publisher)
    title = publisher.title if publisher else forecast.publisher
    return f"{title.partition(' (')[0]}, {target_text(forecast, context.localizer)}"


def _format_theirs(context: Context, forecast: ExternalForecast) -> str:
    if forecast.basis == "bound":  # "up to" and "more than" are no forecast of the middle
        side = "most" if forecast.high is not None else "least"
        return context.localizer.text(f"others.{side}", value=_format(context, forecast, forecast.value, None, None))
    return _format(context, forecast, forecast.value, forecast.low, forecast.high)


def _format_own(context: Context, forecast: ExternalForecast, own: OwnForecast | None) -> str:
    return NO_VALUE if own is None else _format(context, forecast, own.value, own.low, own.high)


def _format(
    context: Context, forecast: ExternalForecast, value: float | None, low: float | None, high: float | None
) -> str:
    """A figure in the unit of its series with its range; growth with its sign."""
    localizer = context.localizer

    def write(number: float, *, with_unit: bool = True) -> str:
        if forecast.measure in _GROWTH_MEASURES:
            text = localizer.growth(number / 100)
            return text if with_unit else text.removesuffix(localizer.percent_sign)
        if forecast.measure == "share":
            return localizer.percent_text(number / 100)
        indicator = context.outlook.catalogue.indicators[forecast.series[0][0]]
        unit = choose_unit(indicator, context.outlook.panel[forecast.series[0]].values, localizer)
        if with_unit:
            return format_amount(number * forecast.scale, unit, localizer, exact=False)
        return format_number(unit.convert(number * forecast.scale), localizer, whole=unit.whole)

    if value is None:
        return NO_VALUE
    if low is None or high is None or low == high:
        return write(value)
    ends = {"low": write(low, with_unit=False), "high": write(high, with_unit=forecast.measure in _GROWTH_MEASURES)}
    return localizer.text("others.range", value=write(value), **ends)


def _takeaway_text(rows: list[_Comparison], localizer: Localizer) -> str:
    """How many of the others lie inside our range, above or below it."""
    judged = [
        (row.forecast.value, row.own)
        for row in rows
        if row.own is not None and row.own.low is not None and row.own.high is not None
    ]
    if not judged:
        return localizer.plural("others.coming.alone", len(rows))
    above = sum(value is not None and own.high is not None and value > own.high for value, own in judged)
    below = sum(value is not None and own.low is not None and value < own.low for value, own in judged)
    inside = len(judged) - above - below
    return localizer.plural("others.coming.takeaway", len(judged), inside=inside, above=above, below=below)


def _page_text(forecast: ExternalForecast, localizer: Localizer) -> str:
    return localizer.text("others.page", quote=forecast.quote, page=forecast.page)
