"""The method as a document."""

from observatory.briefs.method import build_method
from observatory.export.documents.draft import DocumentDraft
from observatory.export.documents.sections import (
    build_chapter_section,
    build_figure_section,
    drop_missing,
    list_publishers,
)
from observatory.export.documents.segment import describe_method
from observatory.language import Localizer
from observatory.outlook.outlook import Outlook
from observatory.selection import Selection


def draft_method(outlook: Outlook, selection: Selection, localizer: Localizer) -> DocumentDraft:
    """What the method page says: limits first, words last."""
    brief = build_method(outlook, selection, localizer)
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
                build_chapter_section("glossary", brief.glossary),
            )
        ),
        cover_id="ranges",
        method=describe_method(True, localizer),
        sources=list_publishers(outlook, list(outlook.catalogue.indicators.values()), localizer),
    )
