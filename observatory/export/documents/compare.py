"""Drafts the document of a comparison of series."""

from dataclasses import replace

from observatory.briefs.common.comparison_model import CompareBrief
from observatory.briefs.common.context import Context
from observatory.briefs.compare.page import build_compare, find_selected_comovements
from observatory.briefs.compare.series import choose_series
from observatory.briefs.deck.compare import build_compare_deck
from observatory.briefs.links import pin_compare
from observatory.export.document import Section
from observatory.export.documents.draft import DocumentDraft
from observatory.export.documents.sections import (
    build_chapter_section,
    build_figure_section,
    build_table_section,
    drop_missing,
    list_sources,
)
from observatory.export.documents.segment import describe_method
from observatory.language import Localizer


def draft_compare(context: Context) -> DocumentDraft:
    """Chart, growth and comovements; the link names the compared series, so that it always shows the same ones."""
    localizer = context.localizer
    comovements = find_selected_comovements(context)
    brief = build_compare(context, comovements)
    keys, _notices = choose_series(context)
    rows = [context.outlook.catalogue.indicators[name] for name in dict.fromkeys(key[0] for key in keys)]
    return DocumentDraft(
        title=localizer.text("page.compare"),
        kicker=brief.kicker,
        lead=brief.lead,
        under=(*brief.under, *brief.notices),
        sections=_build_sections(brief, localizer),
        cover_id="compared",
        method=describe_method(localizer, has_call=True),
        sources=list_sources(context, rows),
        selection=pin_compare(brief, context.outlook, context.selection),
        deck=build_compare_deck(context, brief, comovements),
    )


def _build_sections(brief: CompareBrief, localizer: Localizer) -> tuple[Section, ...]:
    letters = tuple((row.letter, row.title) for row in brief.series)
    return drop_missing(
        (
            replace(build_figure_section("compared", brief.chart, localizer), terms=letters),
            build_table_section(
                "growth", brief.growth_table.caption, brief.growth_table, localizer.text("compare.growth.subtitle")
            ),
            build_chapter_section("ties", brief.comovement) if brief.comovement.tables else None,
            *(
                build_figure_section(f"series_{number}", row, localizer, small=True)
                for number, row in enumerate(brief.small_multiples, 1)
            ),
            build_chapter_section("how", brief.methodology),
        )
    )
