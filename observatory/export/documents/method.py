"""Drafts the document of the method page."""

from observatory.briefs.common.context import Context
from observatory.briefs.method import build_method
from observatory.export.documents.draft import DocumentDraft
from observatory.export.documents.sections import (
    build_chapter_section,
    build_figure_section,
    drop_missing,
    list_publishers,
)
from observatory.export.documents.segment import describe_method


def draft_method(context: Context) -> DocumentDraft:
    """Limitations, coverage, calls, forecasts, glossary."""
    localizer = context.localizer
    brief = build_method(context)
    return DocumentDraft(
        title=localizer.text("page.method"),
        kicker=brief.kicker,
        lead=brief.lead,
        under=brief.under,
        sections=drop_missing(
            (
                build_chapter_section("limits", brief.limitations),
                build_figure_section("ranges", brief.coverage_figure, localizer) if brief.coverage_figure else None,
                build_chapter_section("calls", brief.calls),
                build_chapter_section("forecasts", brief.forecasts),
                build_chapter_section("others", brief.others) if brief.others else None,
                build_chapter_section("glossary", brief.glossary),
            )
        ),
        cover_id="ranges",
        method=describe_method(localizer, has_call=True),
        sources=list_publishers(context, list(context.outlook.catalogue.indicators.values())),
    )
