"""Drafts the document of a market."""

from dataclasses import replace

from observatory.briefs.common.context import Context
from observatory.briefs.common.model import SegmentBrief, TextTable
from observatory.briefs.deck.market import build_segment_deck
from observatory.briefs.links import pin_segment
from observatory.briefs.segment.page import build_segment
from observatory.export.document import Section
from observatory.export.documents.draft import DocumentDraft
from observatory.export.documents.sections import (
    build_chapter_section,
    build_figure_section,
    build_table_section,
    drop_missing,
    list_sources,
)
from observatory.language import Localizer


def draft_segment(context: Context) -> DocumentDraft:
    """The page of the segment of the selection, as of the day of the edition."""
    outlook = context.outlook
    brief = build_segment(context)
    rows = [outlook.catalogue.indicators[row.indicator] for row in brief.indicators]
    return DocumentDraft(
        title=context.localizer.field_text(outlook.catalogue.segments[brief.segment], "title"),
        kicker=brief.kicker,
        lead=brief.lead,
        call=brief.call,
        call_label=brief.call_label,
        call_line=brief.call_line,
        under=(*brief.under, *((brief.missing_notice,) if brief.missing_notice else ())),
        sections=_build_sections(context, brief),
        cover_id="main" if brief.main_figure is not None and brief.main_figure.spec is not None else "index",
        method=describe_method(context.localizer, has_call=bool(brief.call)),
        sources=list_sources(context, rows),
        selection=pin_segment(brief, context.outlook, context.selection),
        deck=build_segment_deck(context, brief),
    )


def describe_method(localizer: Localizer, *, has_call: bool) -> tuple[str, ...]:
    """How calls and forecasts are made, in the sentences of the method page."""
    keys = ["method.forecasts.mean.text", "method.forecasts.ranges.text", "method.forecasts.test.text"]
    sentences = [localizer.text(key) for key in keys]
    return (localizer.text("method.calls.pace.text"), *sentences) if has_call else tuple(sentences)


def _build_sections(context: Context, brief: SegmentBrief) -> tuple[Section, ...]:
    localizer = context.localizer
    market = context.outlook.catalogue.segments[brief.segment].market
    return drop_missing(
        (
            build_figure_section("index", brief.index_figure, localizer) if brief.index_figure else None,
            build_figure_section("main", brief.main_figure, localizer, with_role=True) if brief.main_figure else None,
            build_table_section("scenarios", localizer.text("scenario.title"), brief.scenarios, brief.scenarios.caption)
            if brief.scenarios
            else None,
            build_table_section(
                "together", localizer.text("together.title"), brief.market_scenarios, brief.market_scenarios.caption
            )
            if brief.market_scenarios
            else None,
            build_table_section("reasons", brief.reasons.caption, brief.reasons) if brief.reasons else None,
            *_build_analogy_sections(brief),
            build_figure_section("others", brief.others_figure, localizer) if brief.others_figure else None,
            *(
                build_figure_section(row.indicator, row, localizer, with_role=True, small=True)
                for row in brief.small_figures
            ),
            _build_list_section(brief, localizer.text("segment.list" if market else "segment.list.section"), localizer),
        )
    )


def _build_analogy_sections(brief: SegmentBrief) -> tuple[Section | None, ...]:
    """Past shocks and leading signals; without a signal, the sentence that says so is added to the shocks."""
    shock, signals = brief.past_shocks, brief.leading_signals
    if shock and signals and not (signals.terms or signals.tables):
        return (
            build_chapter_section("shock", replace(shock, terms=(*shock.terms, (signals.title, signals.subtitle)))),
        )
    return (
        build_chapter_section("shock", shock) if shock else None,
        build_chapter_section("signals", signals) if signals else None,
    )


def _build_list_section(brief: SegmentBrief, title: str, localizer: Localizer) -> Section | None:
    """All indicators of the market: last value, forecast, flag; None with fewer than two."""
    if len(brief.indicators) < 2:
        return None
    heads = tuple(localizer.text(f"export.list.{name}") for name in ("indicator", "role", "last", "ahead"))
    rows = tuple(
        (row.title, row.role_label, row.latest, " ".join(part for part in (row.expected or row.note, row.flag) if part))
        for row in brief.indicators
    )
    return build_table_section("list", title, TextTable(title, heads, rows))
