"""Drafts the document of the track record."""

from observatory.briefs.common.context import Context
from observatory.briefs.deck.track_record import build_track_record_deck
from observatory.briefs.track_record.model import TrackRecordBrief
from observatory.briefs.track_record.page import build_track_record
from observatory.export.document import Section
from observatory.export.documents.draft import DocumentDraft
from observatory.export.documents.sections import (
    build_chapter_section,
    build_figure_section,
    build_table_section,
    drop_missing,
    list_publishers,
)
from observatory.export.documents.segment import describe_method
from observatory.language import Localizer


def draft_track_record(context: Context) -> DocumentDraft:
    """The worst misses, then scores, coverage and published calls."""
    localizer = context.localizer
    brief = build_track_record(context)
    rows = [
        row
        for row in context.outlook.catalogue.indicators.values()
        if context.outlook.catalogue.segments[row.segment].market
    ]
    return DocumentDraft(
        title=localizer.text("page.track_record"),
        kicker=brief.kicker,
        lead=brief.lead,
        under=brief.under,
        sections=_build_sections(brief, localizer),
        cover_id="said",
        method=describe_method(localizer, has_call=True),
        sources=list_publishers(context, rows),
        deck=build_track_record_deck(context, brief),
    )


def _build_sections(brief: TrackRecordBrief, localizer: Localizer) -> tuple[Section, ...]:
    return drop_missing(
        (
            Section("misses", brief.misses_chapter.title, paragraphs=(brief.misses_chapter.subtitle,))
            if brief.miss_figures
            else None,
            *(build_figure_section(f"miss_{row.indicator}", row, localizer, small=True) for row in brief.miss_figures),
            build_figure_section("said", brief.reliability_figure, localizer) if brief.reliability_figure else None,
            build_chapter_section("hits", brief.hit_rates) if brief.hit_rates else None,
            build_figure_section("against", brief.baseline_figure, localizer) if brief.baseline_figure else None,
            *(
                build_table_section(f"scores_{index}", table.caption, table)
                for index, table in enumerate(brief.score_tables)
            ),
            build_chapter_section("markets", brief.market_scores) if brief.market_scores else None,
            build_figure_section("held", brief.coverage_figure, localizer) if brief.coverage_figure else None,
            build_chapter_section("growth", brief.growth) if brief.growth else None,
            build_chapter_section("skill", brief.skill) if brief.skill else None,
            build_table_section("skill_all", brief.skill_table.caption, brief.skill_table)
            if brief.skill_table
            else None,
            build_chapter_section("real_time", brief.real_time) if brief.real_time else None,
            build_table_section("real_time_all", brief.real_time_table.caption, brief.real_time_table)
            if brief.real_time_table
            else None,
            build_chapter_section("published", brief.published_calls),
            build_figure_section("others", brief.others_figure, localizer) if brief.others_figure else None,
            build_chapter_section("others_scores", brief.others) if brief.others else None,
        )
    )
