"""Builds the brief of the page of a market or section: its answer, the index, and the one indicator that is open."""

from dataclasses import replace

from observatory.briefs.common import call_text
from observatory.briefs.common.context import Context
from observatory.briefs.common.model import Chapter
from observatory.briefs.external.coming_years import has_coming_years
from observatory.briefs.figures.series import build_series_figure
from observatory.briefs.segment import signals
from observatory.briefs.segment.bridge import bridge_text, build_bridge
from observatory.briefs.segment.causes import build_causes, build_risk
from observatory.briefs.segment.key_figures import build_key_figures
from observatory.briefs.segment.model import Bridge, IndicatorGroup, MarketBrief, SeriesDetail
from observatory.briefs.segment.page import (
    MAIN_HEIGHT_PX,
    build_market_index,
    build_series_scenarios,
    choose_main_series,
    segment_end_text,
    segment_sentence,
)
from observatory.briefs.segment.rows import build_rows, group_rows
from observatory.briefs.segment.scenarios import build_scenario_table
from observatory.catalogue.models import Indicator, Segment
from observatory.catalogue.series_codes import format_series_code
from observatory.outlook.calls.calls import Call
from observatory.timeseries import SeriesKey

_MAX_COMPARED = 4  # series of the comparison that the page offers


def build_market(context: Context) -> MarketBrief:
    """The page of the segment of the selection (by default the first one)."""
    outlook, selection, localizer = context.outlook, context.selection, context.localizer
    segment = outlook.catalogue.segments[selection.segment or next(iter(outlook.catalogue.segments))]
    indicators = outlook.catalogue.indicators_of_segment(segment.id)
    call = outlook.calls.get((segment.id, selection.horizon))
    key, missing_notice = choose_main_series(context, indicators)
    opened = key if _names_series(context) else None
    index_figure = build_market_index(context, segment, call) if call else None
    bridge = build_bridge(context, call) if call else None
    groups = group_rows(context, build_rows(context, indicators, outlook.base_year, call), call)
    return MarketBrief(
        segment=segment.id,
        is_market=segment.market,
        title=localizer.field_text(segment, "title"),
        kicker=_kicker_text(context, segment, call),
        headline=_headline_text(context, segment, call, key),
        lead=_lead_text(context, segment, call),
        call=call.call if call else "",
        call_label=call_text.label_text(call, localizer) if call else "",
        key_figures=build_key_figures(context, call) if call else (),
        cautions=_list_cautions(context, call),
        bridge=bridge,
        index_figure=index_figure,
        index_sources=_sources_text(context, call) if call else "",
        first_series=_build_first_series(context, indicators) if index_figure is None and not opened else None,
        opened=_build_detail(context, opened) if opened else None,
        missing_notice=missing_notice,
        causes=build_causes(context, call) if call else (),
        risk=build_risk(context, segment),
        groups=groups,
        compared=_choose_compared(context, groups),
        about=_list_about(context, segment, call, bridge),
        reasons=call_text.build_reasons_table(context, call) if call else None,
        scenarios=build_scenario_table(context, call),
        past_shocks=_without_lead(signals.build_shock_chapter(context, segment)),
        leading_signals=signals.build_leads_chapter(context, segment),
        has_others=has_coming_years(context, segment.id),
    )


def _names_series(context: Context) -> bool:
    """Whether the selection opens an indicator that there is, or a place or item of the first one."""
    selection = context.selection
    if selection.indicator:
        return selection.indicator in context.outlook.catalogue.indicators
    return bool(selection.geo or selection.item)


def _kicker_text(context: Context, segment: Segment, call: Call | None) -> str:
    """What stands beside the call: its horizon and the end of the data; of a section its title."""
    localizer, end = context.localizer, segment_end_text(context, segment.id)
    if call is None:
        return localizer.text("segment.kicker", segment=localizer.field_text(segment, "title"), data=end)
    return localizer.plural("market.kicker", call.horizon, data=end)


def _headline_text(context: Context, segment: Segment, call: Call | None, key: SeriesKey | None) -> str:
    """The call of a market as a sentence; of a section that of its first or opened series."""
    localizer = context.localizer
    if call is None:
        return segment_sentence(context, segment, call, key, context.outlook.base_year)
    market_of = localizer.field_text(segment, "of")
    if call.why or call.growth is None:
        return localizer.text("market.headline.unclear", market_of=market_of, year=call.target_year)
    verb = localizer.text(f"call.verb.{call.call}")
    return localizer.text("market.headline", market_of=market_of, call=verb, year=call.target_year)


def _lead_text(context: Context, segment: Segment, call: Call | None) -> str:
    """Why a call is unclear, unless its odds say so already; of a section that it has no calls."""
    if call is None:
        return context.localizer.text("segment.no_call")
    if not call.why or (call.why == "not_sure" and call.growth is not None):
        return ""
    sentence = call_text.unclear_text(context, call)
    return f"{sentence} {context.localizer.field_text(segment, 'summary')}" if call.growth is None else sentence


def _list_cautions(context: Context, call: Call | None) -> tuple[str, ...]:
    """What weakens a call: recent decline or a single family, proxies."""
    if call is None or call.why == "no_data":
        return ()
    proxy = context.localizer.text("segment.proxy") if call_text.is_mostly_proxy(context.outlook, call) else ""
    return tuple(text for text in (call_text.warning_text(call, context.localizer), proxy) if text)


def _list_about(context: Context, segment: Segment, call: Call | None, bridge: Bridge | None) -> tuple[str, ...]:
    """What the market is, how its call is judged, and what it rests on unless the bridge says it."""
    localizer = context.localizer
    summary = localizer.field_text(segment, "summary")
    if call is None:
        return (summary,)
    sentences = [summary if call.growth is not None else "", call_text.criterion_text(call, localizer)]
    if call.growth is not None and bridge is None:
        sentences.append(bridge_text(context, call) or localizer.text("segment.basis"))
    return tuple(text for text in sentences if text)


def _build_first_series(context: Context, indicators: tuple[Indicator, ...]) -> SeriesDetail | None:
    """The first series of a page without an index; None without any."""
    key, _notice = choose_main_series(context, indicators)
    if key is None:
        return None
    detail = _build_detail(context, key)
    if context.outlook.catalogue.indicators[key[0]].segment in context.outlook.catalogue.markets:
        return detail
    return replace(detail, figure=replace(detail.figure, takeaway=""))  # the headline says it


def _build_detail(context: Context, key: SeriesKey) -> SeriesDetail:
    base_year = context.outlook.base_year
    return SeriesDetail(
        build_series_figure(context, key, MAIN_HEIGHT_PX, base_year), build_series_scenarios(context, key, base_year)
    )


def _sources_text(context: Context, call: Call) -> str:
    """The publishers of the indicators in the index."""
    catalogue, localizer = context.outlook.catalogue, context.localizer
    sources = [catalogue.sources[catalogue.indicators[row.indicator].source] for row in call.reasons if row.share]
    names = dict.fromkeys(localizer.field_text(row, "publisher") for row in sources)
    return localizer.text("market.sources", list=localizer.list_text(names)) if names else ""


def _choose_compared(context: Context, groups: tuple[IndicatorGroup, ...]) -> tuple[str, ...]:
    """The codes of the first series of the first group, which weigh most."""
    indicators = context.outlook.catalogue.indicators
    rows = groups[0].rows[:_MAX_COMPARED] if groups else ()
    return tuple(format_series_code(context.outlook.headline_key(indicators[row.indicator])) for row in rows)


def _without_lead(chapter: Chapter | None) -> Chapter | None:
    """A chapter without its first sentence, which the page says already."""
    return replace(chapter, subtitle="") if chapter is not None else None
