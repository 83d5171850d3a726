"""Builds the charts of the worst misses of replayed calls: history, forecast, outcome, and events of the span."""

from dataclasses import dataclass, replace

from observatory.briefs.common import call_text
from observatory.briefs.common.context import Context
from observatory.briefs.common.model import Figure, PlotData, TextTable
from observatory.briefs.figures.chart_context import build_event_shades
from observatory.briefs.figures.fan import build_table_headers
from observatory.briefs.figures.plots import build_index_plot
from observatory.catalogue.models import Event
from observatory.catalogue.periods import ordinal_to_period
from observatory.charts.missed_call import MissedCallChart, YearLevel, build_missed_call_chart
from observatory.language import Localizer, round_percent
from observatory.outlook.analysis.misses import CallMiss, IndexBand, IndexPoint, find_misses
from observatory.selection import DEFAULT_SELECTION, Selection

_FIRST_EDITION = 1  # its pages stay as they were published, without links to rebuilt months


@dataclass(frozen=True)
class Misses:
    """The worst misses, the largest first: a chart, a line for a list, and the rebuilt page of each, if it has one."""

    figures: tuple[Figure, ...]
    summaries: tuple[str, ...]
    targets: tuple[Selection, ...]


def build_misses(context: Context) -> Misses:
    """The worst misses of the replayed calls.

    A miss leads to its market at its origin, rebuilt from the figures of the edition whose record has it: there the
    call is the one of the record. Nothing is rebuilt from the record of a rebuilt month.
    """
    misses = find_misses(context.outlook)
    figures = tuple(_build_figure(context, row) for row in misses)
    summaries = tuple(_summary_text(row, context.localizer) for row in misses)
    if context.outlook.edition <= _FIRST_EDITION:
        return Misses(figures, summaries, ())
    return Misses(figures, summaries, tuple(_build_target(context, row) for row in misses))


def _summary_text(call_miss: CallMiss, localizer: Localizer) -> str:
    """The probability and the growth that followed, for a list."""
    past = call_miss.call
    return localizer.text(
        "track.miss.summary",
        p=round_percent(past.clear),
        grew=localizer.growth(past.grew or 0.0),
    )


def _build_target(context: Context, call_miss: CallMiss) -> Selection:
    past = call_miss.call
    return replace(
        DEFAULT_SELECTION,
        lang=context.selection.lang,
        segment=past.segment,
        horizon=past.horizon,
        asof=f"{ordinal_to_period(past.origin, 'M')}.e{context.outlook.edition}",
    )


def _build_figure(context: Context, call_miss: CallMiss) -> Figure:
    localizer = context.localizer
    past = call_miss.call
    market = context.outlook.catalogue.segments[past.segment]
    years = localizer.plural("control.horizon.years", past.horizon)
    origin = ordinal_to_period(past.origin, "M")
    title = localizer.text(
        "track.miss.title", market=localizer.field_text(market, "title"), years=years, period=localizer.period(origin)
    )
    takeaway, events = _takeaway_text(call_miss, years, localizer), _events_text(call_miss.events, localizer)
    return Figure(
        indicator=f"{past.segment}_{past.origin}",
        title=title,
        subtitle=localizer.text(
            "track.miss.subtitle", period_in=localizer.period_phrase(origin), chances=localizer.chances(80)
        ),
        spec=_build_spec(context, call_miss),
        alt=f"{title}. {takeaway} {events}",
        takeaway=takeaway,
        disclosures=(events,),
        source_line=localizer.plural("track.miss.source", past.families),
        table=_build_table(call_miss, title, localizer),
        plot_data=_build_plot(call_miss, localizer),
    )


def _build_plot(call_miss: CallMiss, localizer: Localizer) -> PlotData:
    """Data of the chart by month: history, forecast with its range, outcome."""
    origin = call_miss.call.origin
    return build_index_plot(
        {origin + 12 * point.years: point.level for point in call_miss.history},
        {origin + 12 * band.years: [band.median, band.low, band.high] for band in call_miss.expected},
        {origin + 12 * point.years: point.level for point in call_miss.outcome},
        lambda month: ordinal_to_period(month, "M"),
        localizer,
        decimals=1,
    )


def _takeaway_text(call_miss: CallMiss, years: str, localizer: Localizer) -> str:
    """The call, and the growth that followed."""
    past = call_miss.call
    call_sentence = localizer.text(
        "track.miss.said",
        band=call_text.flat_band_text(localizer),
        years=years,
        word=localizer.probability_word(past.clear),
        p=localizer.probability_percent(past.clear),
    )
    outcome_sentence = localizer.text("track.miss.came", came=localizer.growth(past.grew or 0.0))
    if past.low is None or past.high is None or past.grew is None:
        return f"{call_sentence} {outcome_sentence}"
    position = "inside" if past.low <= past.grew <= past.high else "outside"
    low, high = localizer.growth(past.low), localizer.growth(past.high)
    interval_sentence = localizer.text(f"track.miss.{position}", low=low, high=high)
    return f"{call_sentence} {outcome_sentence} {interval_sentence}"


def _events_text(events: tuple[Event, ...], localizer: Localizer) -> str:
    """The events of the catalogue that overlap the span; no cause is claimed."""
    if not events:
        return localizer.text("track.miss.no_event")
    titles = "; ".join(_event_text(event, localizer) for event in events)
    return localizer.text(
        "track.miss.events", events=titles.replace("; ", " ; ") if localizer.language == "fr" else titles
    )


def _event_text(event: Event, localizer: Localizer) -> str:
    title = localizer.field_text(event, "title")
    first = f"{event.start:%Y-%m}"
    last = f"{event.end:%Y-%m}" if event.end else ""
    if first == last:
        return title if str(event.start.year) in title else f"{title} ({localizer.period(first)})"
    if not last:
        return localizer.text("track.event.since", title=title, first=localizer.period(first))
    return localizer.text("track.event.span", title=title, first=localizer.period(first), last=localizer.period(last))


def _build_spec(context: Context, call_miss: CallMiss) -> dict[str, object] | None:
    localizer = context.localizer
    if not call_miss.expected or not call_miss.outcome:
        return None
    origin = (call_miss.call.origin + 1) / 12
    start: YearLevel = (origin, 100.0)
    target = next(point for point in call_miss.outcome if point.years == call_miss.call.horizon)
    due = localizer.period_phrase(ordinal_to_period(call_miss.call.origin + 12 * target.years, "M"))
    return build_missed_call_chart(
        MissedCallChart(
            history=[(origin + point.years, point.level) for point in call_miss.history],
            band=[(origin, 100.0, 100.0, 100.0)]
            + [(origin + band.years, band.median, band.low, band.high) for band in call_miss.expected],
            outcome=[start, *((origin + point.years, point.level) for point in call_miss.outcome)],
            scored_point=(origin + target.years, target.level),
            shades=build_event_shades(context, annual=False),
            expected_label=localizer.text("track.miss.label.expected"),
            outcome_label=localizer.text("track.miss.label.came", level=localizer.number(target.level), period_in=due),
            language=localizer.language,
        )
    )


def _build_table(call_miss: CallMiss, title: str, localizer: Localizer) -> TextTable:
    """Levels of the index, newest first: forecast, outcome, history."""
    rows = [_build_row(call_miss, band, "table.expected", localizer) for band in reversed(call_miss.expected)]
    rows += [_build_row(call_miss, point, "track.table.came", localizer) for point in reversed(call_miss.outcome)]
    rows += [_build_row(call_miss, point, "table.observed", localizer) for point in reversed(call_miss.history)]
    return TextTable(title, build_table_headers(80, localizer), tuple(rows))


def _build_row(
    call_miss: CallMiss, point: IndexPoint | IndexBand, nature: str, localizer: Localizer
) -> tuple[str, ...]:
    period = localizer.period(ordinal_to_period(call_miss.call.origin + 12 * point.years, "M"))
    levels = (point.median, point.low, point.high) if isinstance(point, IndexBand) else (point.level,)
    cells = [localizer.number(level, 1) for level in levels]
    return (period, localizer.text(nature), *cells, *[""] * (3 - len(cells)))
