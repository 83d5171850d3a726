"""What a segment page says: the call and its reasons, the indicators by role, the scenarios."""

from dataclasses import replace

from observatory.briefs.common import call_text
from observatory.briefs.common.context import Context
from observatory.briefs.common.index_figure import INDEX_HEIGHT_PX, build_index_figure
from observatory.briefs.common.model import Figure, IndicatorRow, SegmentBrief, TextTable
from observatory.briefs.common.series_figure import build_series_figure, build_sparkline, format_series_title
from observatory.briefs.common.series_view import count_shown_steps, count_steps_to_year
from observatory.briefs.common.units import choose_unit, format_amount, format_interval, format_number
from observatory.briefs.segment import signals
from observatory.briefs.segment.scenarios import build_scenario_table
from observatory.catalogue.models import ROLES, Indicator, Segment
from observatory.catalogue.periods import PERIODS_PER_YEAR, ordinal_to_period
from observatory.outlook.calls.calls import Call
from observatory.outlook.outlook import Outlook
from observatory.settings import INTERVAL_LEVELS
from observatory.timeseries import SeriesKey

_MAIN_HEIGHT_PX = 340
_SMALL_HEIGHT_PX = 250
_MAX_SMALL_FIGURES = 4


def build_segment(context: Context) -> SegmentBrief:
    """The page of `selection.segment` (the first market if it names none)."""
    outlook, selection, localizer = context.outlook, context.selection, context.localizer
    chosen = outlook.catalogue.segments[selection.segment or next(iter(outlook.catalogue.segments))]
    rows = outlook.catalogue.indicators_of_segment(chosen.id)
    call = outlook.calls.get((chosen.id, selection.horizon))
    base_year = _find_base_year(outlook)
    flags = signals.build_flag_texts(context)
    key, missing = _choose_main_series(context, rows)
    main = build_series_figure(context, key, _MAIN_HEIGHT_PX, base_year) if key else None
    others = tuple(
        build_series_figure(context, outlook.headline_key(row), _SMALL_HEIGHT_PX, base_year)
        for row in _choose_small_indicators(outlook, rows, key)
    )
    return SegmentBrief(
        segment=chosen.id,
        kicker=localizer.text(
            "segment.kicker", segment=localizer.field_text(chosen, "title"), date=localizer.day(outlook.day)
        ),
        lead=_lead_text(context, chosen.id, call, key, base_year),
        call=call.call if call else "",
        call_label=call_text.label_text(call, localizer) if call else "",
        call_line=call_text.call_line_text(context, call) if call else "",
        under=_build_under(context, chosen.id, call),
        index_figure=_build_index_figure(context, chosen, call, bool(selection.after)) if call else None,
        main_figure=main,
        small_figures=others,
        indicators=tuple(
            replace(_build_indicator_row(context, row, base_year), flag=flags.get(row.id, "")) for row in rows
        ),
        reasons=call_text.build_reasons_table(context, call) if call else None,
        scenarios=_build_scenario_table(context, key, base_year) if key else None,
        missing_notice=missing,
        market_scenarios=build_scenario_table(context, call),
        past_shocks=signals.build_shock_chapter(context, chosen),
        leading_signals=signals.build_leads_chapter(context, chosen),
    )


def _find_base_year(outlook: Outlook) -> int:
    """The year that the calls of an outlook count from."""
    return next(iter(outlook.calls.values())).base_year if outlook.calls else outlook.day.year


def lead_text(context: Context) -> str:
    """The first sentence of the page, without the rest of it."""
    outlook = context.outlook
    name = context.selection.segment or next(iter(outlook.catalogue.segments))
    key, _missing = _choose_main_series(context, outlook.catalogue.indicators_of_segment(name))
    call = outlook.calls.get((name, context.selection.horizon))
    return _lead_text(context, name, call, key, _find_base_year(outlook))


def build_meeting_figure(context: Context) -> Figure | None:
    """The one chart of a screen, drawn small so that it can be enlarged: the index, or the series asked for."""
    outlook, selection = context.outlook, context.selection
    chosen = outlook.catalogue.segments[selection.segment]
    call = outlook.calls.get((chosen.id, selection.horizon))
    if call is not None and not selection.indicator:
        index = _build_index_figure(context, chosen, call, bool(selection.after), _SMALL_HEIGHT_PX)
        if index is not None:
            return index
    key, _missing = _choose_main_series(context, outlook.catalogue.indicators_of_segment(chosen.id))
    if key is None:
        return None
    return build_series_figure(replace(context, today=outlook.day), key, _SMALL_HEIGHT_PX, _find_base_year(outlook))


def _build_index_figure(
    context: Context, chosen: Segment, call: Call, show_realized: bool, height: int = INDEX_HEIGHT_PX
) -> Figure | None:
    title = context.localizer.text("index.title", market_of=context.localizer.field_text(chosen, "of"))
    return build_index_figure(context, call, title, "index.source", show_realized, height)


def _lead_text(context: Context, name: str, call: Call | None, key: SeriesKey | None, base_year: int) -> str:
    localizer = context.localizer
    chosen = context.outlook.catalogue.segments[name]
    if call is None:
        return _section_lead_text(context, key, base_year) if key else localizer.field_text(chosen, "summary")
    market_of = localizer.field_text(chosen, "of")
    if call.why or call.growth is None or call.low is None or call.high is None:
        return localizer.text("segment.lead.unclear", market_of=market_of, year=call.target_year)
    return localizer.text(
        "segment.lead",
        market_of=market_of,
        call=localizer.text(f"call.verb.{call.call}"),
        year=call.target_year,
        growth=localizer.growth(call.growth),
        low=localizer.growth(call.low).removesuffix(localizer.percent_sign),
        high=localizer.growth(call.high),
    )


def _section_lead_text(context: Context, key: SeriesKey, base_year: int) -> str:
    """The answer of a section that gets no call: its first series, now and at the horizon."""
    outlook, localizer = context.outlook, context.localizer
    row, history = outlook.catalogue.indicators[key[0]], outlook.panel[key]
    forecast, unit = outlook.forecasts.get(key), choose_unit(row, history.values, localizer)
    said = {
        "title": format_series_title(outlook, key, localizer),
        "last": format_amount(float(history.values[-1]), unit, localizer),
        "period_in": localizer.period_phrase(ordinal_to_period(history.last, history.frequency)),
    }
    steps = count_shown_steps(history, forecast, context.selection, base_year, row.is_seasonal)
    if forecast is None or not steps:
        return localizer.text("section.lead.past", **said)
    low, high, _noun = format_interval(forecast, steps, 80, unit, localizer)
    end = localizer.period_phrase(ordinal_to_period(forecast.origin + steps, history.frequency))
    return localizer.text("section.lead", **said, low=low, high=high, period_end=end)


def _build_under(context: Context, name: str, call: Call | None) -> tuple[str, ...]:
    localizer = context.localizer
    said = [localizer.field_text(context.outlook.catalogue.segments[name], "summary")]
    if call is None:
        said.append(localizer.text("segment.no_call"))
        return tuple(said)
    said.append(call_text.criterion_text(call, localizer))
    if call.growth is not None:
        said.append(localizer.text("segment.basis"))
    if call.why != "no_data":
        said.append(call_text.warning_text(call, localizer))
        if call_text.is_mostly_proxy(context.outlook, call):
            said.append(localizer.text("segment.proxy"))
    return tuple(part for part in said if part)


def _choose_main_series(context: Context, indicators: tuple[Indicator, ...]) -> tuple[SeriesKey | None, str]:
    """The series of the large chart, and a sentence if the place or item asked for has no data."""
    outlook, selection, localizer = context.outlook, context.selection, context.localizer
    if not indicators:
        return None, ""
    chosen = outlook.catalogue.indicators.get(selection.indicator) or _choose_first_indicator(outlook, indicators)
    key = outlook.headline_key(chosen)
    wanted = (chosen.id, selection.geo or key[1], selection.item)
    if selection.geo or selection.item:
        if wanted in outlook.panel:
            return wanted, ""
        place = outlook.catalogue.geographies[wanted[1]]
        items = [item for _indicator, geo, item in outlook.list_series(chosen.id) if geo == wanted[1]]
        if items and selection.item:
            names = [
                localizer.field_text(outlook.catalogue.items[item], "title")
                if item
                else localizer.text("control.total")
                for item in items
            ]
            item = localizer.field_text(outlook.catalogue.items[selection.item], "title")
            return key, localizer.text(
                "empty.item", item=item, geo_in=localizer.field_text(place, "in"), list=", ".join(names)
            )
        places = dict.fromkeys(
            localizer.field_text(outlook.catalogue.geographies[geo], "short")
            for _i, geo, _t in outlook.list_series(chosen.id)
        )
        return key, localizer.text("empty.place", geo_in=localizer.field_text(place, "in"), list=", ".join(places))
    return key, ""


def _choose_first_indicator(outlook: Outlook, indicators: tuple[Indicator, ...]) -> Indicator:
    """The first indicator that has a forecast, in the order of the catalogue; the first one if none has."""
    return next((row for row in indicators if _has_forecast(outlook, row)), indicators[0])


def _has_forecast(outlook: Outlook, indicator: Indicator) -> bool:
    forecast = outlook.forecasts.get(outlook.headline_key(indicator))
    return forecast is not None and bool(len(forecast.median))


def _choose_small_indicators(
    outlook: Outlook, indicators: tuple[Indicator, ...], main_key: SeriesKey | None
) -> list[Indicator]:
    """The indicators of the small charts: role by role in turn, those with a forecast first."""
    left = {
        role: sorted(
            (row for row in indicators if row.role == role and (main_key is None or row.id != main_key[0])),
            key=lambda row: not _has_forecast(outlook, row),
        )
        for role in ROLES
    }
    found: list[Indicator] = []
    while len(found) < _MAX_SMALL_FIGURES and any(left.values()):
        for role in ("leading", "market", "activity", "cost", "context"):
            if left[role] and len(found) < _MAX_SMALL_FIGURES:
                found.append(left[role].pop(0))
    return sorted(found, key=lambda row: (ROLES.index(row.role), row.rank, row.id))


def _build_indicator_row(context: Context, indicator: Indicator, base_year: int) -> IndicatorRow:
    outlook, localizer = context.outlook, context.localizer
    key = outlook.headline_key(indicator)
    history, forecast = outlook.panel[key], outlook.forecasts.get(key)
    unit = choose_unit(indicator, history.values, localizer)
    last = localizer.text(
        "list.last",
        amount=format_amount(float(history.values[-1]), unit, localizer),
        period=localizer.period_short(ordinal_to_period(history.last, history.frequency)),
    )
    expected = note = ""
    steps = count_steps_to_year(history, forecast, base_year + context.selection.horizon, indicator.is_seasonal)
    if forecast is not None and steps:
        at = INTERVAL_LEVELS.index(80)
        figures = (forecast.median[steps - 1], forecast.low[steps - 1, at], forecast.high[steps - 1, at])
        value, low, high = (format_number(unit.convert(float(part)), localizer, whole=unit.whole) for part in figures)
        when = localizer.period_short(ordinal_to_period(forecast.origin + steps, history.frequency))
        expected = localizer.text("list.expected", value=value, low=low, high=high, period=when)
    elif forecast is not None and forecast.status in ("stopped", "too_short"):
        note = localizer.text(f"list.{forecast.status}")
    title = format_series_title(outlook, key, localizer)
    if len({geo for _indicator, geo, _item in outlook.list_series(indicator.id)}) > 1:
        title = f"{title} ({localizer.field_text(outlook.catalogue.geographies[key[1]], 'short')})"
    spark = build_sparkline(history, forecast, localizer.text("list.spark", title=title))
    return IndicatorRow(
        indicator.id, title, indicator.role, localizer.text(f"role.{indicator.role}"), last, expected, spark, note
    )


def _build_scenario_table(context: Context, key: SeriesKey, base_year: int) -> TextTable | None:
    """Low, central and high of the large chart at the end of each year: one outcome in ten is below, or above."""
    outlook, localizer = context.outlook, context.localizer
    history, forecast = outlook.panel[key], outlook.forecasts.get(key)
    row = outlook.catalogue.indicators[key[0]]
    until = count_shown_steps(history, forecast, context.selection, base_year, row.is_seasonal)
    if forecast is None or not until:
        return None
    unit = choose_unit(row, history.values, localizer)
    per_year = PERIODS_PER_YEAR[history.frequency]
    ends = list(range(until - 1, -1, -per_year))[:5][::-1]
    if not ends:
        return None
    at = INTERVAL_LEVELS.index(80)
    heads = (
        localizer.text("scenario.head"),
        *(localizer.period_short(ordinal_to_period(forecast.origin + 1 + step, history.frequency)) for step in ends),
    )
    paths = (("low", forecast.low[:, at]), ("base", forecast.median), ("high", forecast.high[:, at]))
    rows = tuple(
        (
            localizer.text(
                "scenario.row",
                name=localizer.text(f"scenario.{name}"),
                assumes=localizer.text(f"scenario.{name}.assumes"),
            ),
            *(format_number(unit.convert(float(path[step])), localizer, whole=unit.whole) for step in ends),
        )
        for name, path in paths
    )
    caption = localizer.text("scenario.caption", title=format_series_title(outlook, key, localizer), unit=unit.noun)
    return TextTable(caption, heads, rows)
