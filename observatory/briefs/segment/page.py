"""Builds the brief that documents on a segment draw from: the call and its reasons, charts, indicators, scenarios."""

from dataclasses import replace

from observatory.briefs.common import call_text
from observatory.briefs.common.context import Context
from observatory.briefs.common.data_end import series_end_text
from observatory.briefs.common.model import Figure, SegmentBrief, TextTable
from observatory.briefs.common.series_names import format_series_title
from observatory.briefs.common.units import choose_unit, format_amount, format_interval, format_number
from observatory.briefs.external.coming_years import build_coming_years_figure
from observatory.briefs.figures.index import INDEX_HEIGHT_PX, build_index_figure
from observatory.briefs.figures.series import build_series_figure
from observatory.briefs.figures.series_view import count_shown_steps
from observatory.briefs.segment import signals
from observatory.briefs.segment.bridge import bridge_text
from observatory.briefs.segment.rows import build_rows
from observatory.briefs.segment.scenarios import build_scenario_table
from observatory.catalogue.models import ROLES, Indicator, Segment
from observatory.catalogue.periods import PERIODS_PER_YEAR, ordinal_to_period
from observatory.outlook.calls.calls import Call
from observatory.outlook.outlook import Outlook
from observatory.settings import INTERVAL_LEVELS
from observatory.timeseries import SeriesKey

MAIN_HEIGHT_PX = 340
_SMALL_HEIGHT_PX = 250
_MAX_SMALL_FIGURES = 4
_MAX_SCENARIO_COLUMNS = 5


def build_segment(context: Context) -> SegmentBrief:
    """The page of the segment of the selection (by default the first one)."""
    outlook, selection, localizer = context.outlook, context.selection, context.localizer
    segment = outlook.catalogue.segments[selection.segment or next(iter(outlook.catalogue.segments))]
    indicators = outlook.catalogue.indicators_of_segment(segment.id)
    call = outlook.calls.get((segment.id, selection.horizon))
    base_year = outlook.base_year
    key, missing_notice = choose_main_series(context, indicators)
    small_figures = tuple(
        build_series_figure(context, outlook.headline_key(row), _SMALL_HEIGHT_PX, base_year)
        for row in _choose_small_indicators(outlook, indicators, key)
    )
    return SegmentBrief(
        segment=segment.id,
        kicker=localizer.text(
            "segment.kicker", segment=localizer.field_text(segment, "title"), data=segment_end_text(context, segment.id)
        ),
        lead=segment_sentence(context, segment, call, key, base_year),
        call=call.call if call else "",
        call_label=call_text.label_text(call, localizer) if call else "",
        call_line=call_text.call_line_text(context, call) if call else "",
        under=_build_under(context, segment, call),
        index_figure=build_market_index(context, segment, call) if call else None,
        main_figure=build_series_figure(context, key, MAIN_HEIGHT_PX, base_year) if key else None,
        small_figures=small_figures,
        indicators=build_rows(context, indicators, base_year),
        reasons=call_text.build_reasons_table(context, call) if call else None,
        scenarios=build_series_scenarios(context, key, base_year) if key else None,
        missing_notice=missing_notice,
        market_scenarios=build_scenario_table(context, call),
        past_shocks=signals.build_shock_chapter(context, segment),
        leading_signals=signals.build_leads_chapter(context, segment),
        others_figure=build_coming_years_figure(context, segment.id),
    )


def segment_end_text(context: Context, segment: str) -> str:
    """The end of the data of a segment's page."""
    indicators = context.outlook.catalogue.indicators_of_segment(segment)
    return series_end_text(context, (context.outlook.headline_key(row) for row in indicators))


def segment_lead_text(context: Context) -> str:
    """The first sentence of the page; does not build the rest of the brief."""
    outlook = context.outlook
    segment = outlook.catalogue.segments[context.selection.segment or next(iter(outlook.catalogue.segments))]
    key, _missing_notice = choose_main_series(context, outlook.catalogue.indicators_of_segment(segment.id))
    call = outlook.calls.get((segment.id, context.selection.horizon))
    return segment_sentence(context, segment, call, key, outlook.base_year)


def build_meeting_figure(context: Context) -> Figure | None:
    """The chart of a meeting screen, small because screens enlarge it: the index, or the series of the selection."""
    outlook, selection = context.outlook, context.selection
    segment = outlook.catalogue.segments[selection.segment]
    call = outlook.calls.get((segment.id, selection.horizon))
    if call is not None and not selection.indicator:
        index_figure = build_market_index(context, segment, call, _SMALL_HEIGHT_PX)
        if index_figure is not None:
            return index_figure
    key, _missing_notice = choose_main_series(context, outlook.catalogue.indicators_of_segment(segment.id))
    if key is None:
        return None
    return build_series_figure(replace(context, today=outlook.day), key, _SMALL_HEIGHT_PX, outlook.base_year)


def build_market_index(context: Context, segment: Segment, call: Call, height: int = INDEX_HEIGHT_PX) -> Figure | None:
    """The figure of the index of a market."""
    title = context.localizer.text("index.title", market_of=context.localizer.field_text(segment, "of"))
    show_realized = bool(context.selection.after)
    return build_index_figure(context, call, title, "index.source", show_realized=show_realized, height=height)


def segment_sentence(
    context: Context, segment: Segment, call: Call | None, key: SeriesKey | None, base_year: int
) -> str:
    """The expected growth of a market; of a section without calls its first series, or else its summary."""
    localizer = context.localizer
    if call is None:
        return _section_lead_text(context, key, base_year) if key else localizer.field_text(segment, "summary")
    market_of = localizer.field_text(segment, "of")
    if call.why or call.growth is None or call.low is None or call.high is None:
        return localizer.text("segment.lead.unclear", market_of=market_of, year=call.target_year)
    return localizer.text(
        "segment.lead",
        market_of=market_of,
        call=localizer.text(f"call.verb.{call.call}"),
        year=call.target_year,
        growth=localizer.growth(call.growth),
        low=localizer.growth_digits(call.low),
        high=localizer.growth(call.high),
    )


def _section_lead_text(context: Context, key: SeriesKey, base_year: int) -> str:
    """The lead of a section without calls: its main series now, and its interval at the horizon."""
    outlook, localizer = context.outlook, context.localizer
    indicator, history = outlook.catalogue.indicators[key[0]], outlook.panel[key]
    forecast, unit = outlook.forecasts.get(key), choose_unit(indicator, history.values, localizer)
    values = {
        "title": format_series_title(outlook, key, localizer),
        "last": format_amount(float(history.values[-1]), unit, localizer),
        "period_in": localizer.period_phrase(ordinal_to_period(history.last, history.frequency)),
    }
    steps = count_shown_steps(history, forecast, context.selection, base_year, seasonal=indicator.is_seasonal)
    if forecast is None or not steps:
        return localizer.text("section.lead.past", **values)
    low, high, _high_amount = format_interval(forecast, steps, 80, unit, localizer)
    end = localizer.period_phrase(ordinal_to_period(forecast.origin + steps, history.frequency))
    return localizer.text("section.lead", **values, low=low, high=high, period_end=end)


def _build_under(context: Context, segment: Segment, call: Call | None) -> tuple[str, ...]:
    """The sentences below the lead: summary of the market, criterion of the call, its basis and caveats."""
    localizer = context.localizer
    sentences = [localizer.field_text(segment, "summary")]
    if call is None:
        sentences.append(localizer.text("segment.no_call"))
        return tuple(sentences)
    sentences.append(call_text.criterion_text(call, localizer))
    if call.growth is not None:
        sentences.append(bridge_text(context, call) or localizer.text("segment.basis"))
    if call.why != "no_data":
        sentences.append(call_text.warning_text(call, localizer))
        if call_text.is_mostly_proxy(context.outlook, call):
            sentences.append(localizer.text("segment.proxy"))
    return tuple(sentence for sentence in sentences if sentence)


def choose_main_series(context: Context, indicators: tuple[Indicator, ...]) -> tuple[SeriesKey | None, str]:
    """The series of the large chart, and a notice if the selected geography or item has no data."""
    outlook, selection = context.outlook, context.selection
    if not indicators:
        return None, ""
    indicator = outlook.catalogue.indicators.get(selection.indicator) or _choose_first_indicator(outlook, indicators)
    headline = outlook.headline_key(indicator)
    if not selection.geo and not selection.item:
        return headline, ""
    selected = (indicator.id, selection.geo or headline[1], selection.item)
    if selected in outlook.panel:
        return selected, ""
    return headline, _missing_series_text(context, selected)


def _missing_series_text(context: Context, key: SeriesKey) -> str:
    """The notice on a series without data, with what there is: items in its geography, or else geographies."""
    outlook, localizer = context.outlook, context.localizer
    catalogue, series_keys = outlook.catalogue, outlook.list_series(key[0])
    geo_in = localizer.field_text(catalogue.geographies[key[1]], "in")
    items = [item for _indicator, geo, item in series_keys if geo == key[1]]
    if items and key[2]:
        total = localizer.text("control.total")
        names = [localizer.field_text(catalogue.items[item], "title") if item else total for item in items]
        title = localizer.field_text(catalogue.items[key[2]], "title")
        return localizer.text("empty.item", item=title, geo_in=geo_in, list=", ".join(names))
    places = dict.fromkeys(
        localizer.field_text(catalogue.geographies[geo], "short") for _indicator, geo, _item in series_keys
    )
    return localizer.text("empty.place", geo_in=geo_in, list=", ".join(places))


def _choose_first_indicator(outlook: Outlook, indicators: tuple[Indicator, ...]) -> Indicator:
    """The first indicator with a forecast, in the order of the catalogue, or else the first one."""
    return next((row for row in indicators if _has_forecast(outlook, row)), indicators[0])


def _has_forecast(outlook: Outlook, indicator: Indicator) -> bool:
    forecast = outlook.forecasts.get(outlook.headline_key(indicator))
    return forecast is not None and bool(len(forecast.median))


def _choose_small_indicators(
    outlook: Outlook, indicators: tuple[Indicator, ...], main_key: SeriesKey | None
) -> list[Indicator]:
    """The indicators of the small charts: one of each role in turn, in each role those with a forecast first."""
    remaining = {
        role: sorted(
            (row for row in indicators if row.role == role and (main_key is None or row.id != main_key[0])),
            key=lambda row: not _has_forecast(outlook, row),
        )
        for role in ROLES
    }
    chosen: list[Indicator] = []
    while len(chosen) < _MAX_SMALL_FIGURES and any(remaining.values()):
        for role in ("leading", "market", "activity", "cost", "context"):
            if remaining[role] and len(chosen) < _MAX_SMALL_FIGURES:
                chosen.append(remaining[role].pop(0))
    return sorted(chosen, key=lambda row: (ROLES.index(row.role), row.rank, row.id))


def build_series_scenarios(context: Context, key: SeriesKey, base_year: int) -> TextTable | None:
    """Low, central and high forecast of a series, a year apart, up to the last step shown (five columns at most).

    One outcome in ten is expected below the low scenario, one in ten above the high one.
    """
    outlook, localizer = context.outlook, context.localizer
    history, forecast = outlook.panel[key], outlook.forecasts.get(key)
    indicator = outlook.catalogue.indicators[key[0]]
    shown_steps = count_shown_steps(history, forecast, context.selection, base_year, seasonal=indicator.is_seasonal)
    if forecast is None or not shown_steps:
        return None
    unit = choose_unit(indicator, history.values, localizer)
    steps = list(range(shown_steps - 1, -1, -PERIODS_PER_YEAR[history.frequency]))[:_MAX_SCENARIO_COLUMNS][::-1]
    level_index = INTERVAL_LEVELS.index(80)
    headers = (
        localizer.text("scenario.head"),
        *(localizer.period_short(ordinal_to_period(forecast.origin + 1 + step, history.frequency)) for step in steps),
    )
    paths = (("low", forecast.low[:, level_index]), ("base", forecast.median), ("high", forecast.high[:, level_index]))
    rows = tuple(
        (
            localizer.text(
                "scenario.row",
                name=localizer.text(f"scenario.{name}"),
                assumes=localizer.text(f"scenario.{name}.assumes"),
            ),
            *(format_number(unit.convert(float(path[step])), localizer, whole=unit.whole) for step in steps),
        )
        for name, path in paths
    )
    caption = localizer.text("scenario.caption", title=format_series_title(outlook, key, localizer), unit=unit.noun)
    return TextTable(caption, headers, rows)
