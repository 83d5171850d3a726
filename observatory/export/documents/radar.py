"""Drafts the document of the radar of weak signals."""

from observatory.briefs.common.context import Context
from observatory.briefs.common.model import Figure
from observatory.briefs.radar.page import SIGNAL_PARTS, RadarBrief, build_radar
from observatory.charts.radar import drop_links
from observatory.export.document import Section
from observatory.export.documents.draft import DocumentDraft
from observatory.export.documents.sections import (
    build_chapter_section,
    build_figure_section,
    drop_missing,
    list_publishers,
)
from observatory.language import Localizer


def draft_radar(context: Context) -> DocumentDraft:
    """The chart of all topics, then each topic with its observations and criterion."""
    localizer = context.localizer
    brief = build_radar(context)
    rows = [context.outlook.catalogue.indicators[row.target.indicator] for row in brief.signals]
    return DocumentDraft(
        title=localizer.text("page.radar"),
        kicker=brief.kicker,
        lead=brief.lead,
        under=brief.under,
        sections=_build_sections(brief, localizer),
        cover_id="radar",
        method=(localizer.text("radar.judgement"),),
        sources=list_publishers(context, list(dict.fromkeys(rows))),
    )


def _build_sections(brief: RadarBrief, localizer: Localizer) -> tuple[Section, ...]:
    source = localizer.text("radar.source")
    figure = Figure(
        title=brief.title,
        subtitle=brief.subtitle,
        spec=drop_links(brief.spec) if brief.spec is not None else None,
        alt=brief.alt,
        takeaway=brief.lead,
        source_line=source,
        table=brief.table,
        plot_data=brief.plot_data,
    )
    topics = (
        Section(
            row.id,
            row.title,
            " \u00b7 ".join((row.segment, row.effect, localizer.text("radar.impact", impact=row.impact), row.strength)),
            terms=tuple(
                (localizer.text(f"radar.part.{name}"), str(getattr(row, name)))
                for name in SIGNAL_PARTS
                if getattr(row, name)
            ),
            source=row.source_line,
        )
        for row in brief.signals
    )
    return drop_missing(
        (
            build_figure_section("radar", figure, localizer),
            *topics,
            build_chapter_section("absent", brief.excluded_topics),
        )
    )
