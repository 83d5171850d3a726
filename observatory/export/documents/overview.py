"""Drafts the document of the overview."""

from collections.abc import Sequence
from dataclasses import replace

from observatory.briefs.common.call_text import flat_band_text
from observatory.briefs.common.context import Context
from observatory.briefs.common.model import Figure, PlotData
from observatory.briefs.common.ranking_model import RankingRow
from observatory.briefs.deck.overview import build_overview_deck
from observatory.briefs.figures.plots import build_interval_plot, build_point_plot
from observatory.briefs.overview.model import OverviewBrief
from observatory.briefs.overview.page import build_overview
from observatory.briefs.overview.ranking import rank_markets
from observatory.export.document import Section
from observatory.export.documents.draft import DocumentDraft
from observatory.export.documents.sections import (
    build_figure_section,
    build_table_section,
    drop_missing,
    list_publishers,
)
from observatory.export.documents.segment import describe_method
from observatory.language import Localizer


def draft_overview(context: Context) -> DocumentDraft:
    """Ranking, scatter and warnings of the markets at the horizon of the selection."""
    localizer = context.localizer
    brief = build_overview(context)
    names = {row.segment for row in brief.rows}
    rows = [
        row for row in context.outlook.catalogue.indicators.values() if row.segment in names and row.role == "market"
    ]
    return DocumentDraft(
        title=localizer.text("page.overview"),
        kicker=brief.kicker,
        lead=brief.lead,
        under=brief.under,
        sections=drop_missing(
            (
                replace(
                    build_table_section("ranking", brief.title, brief.table, brief.subtitle),
                    source=" ".join(brief.footnotes),
                    plain_subtitle=_plain_subtitle(context),
                ),
                # Without its table: the ranking has the same figures.
                replace(build_figure_section("scatter", figure, localizer), tables=())
                if (figure := _build_scatter(brief, localizer))
                else None,
                build_figure_section("surest", brief.top_market_figure, localizer) if brief.top_market_figure else None,
                _build_warnings_section(brief, localizer),
            )
        ),
        cover_id="scatter" if brief.scatter is not None else "surest",
        method=describe_method(localizer, has_call=True),
        sources=list_publishers(context, rows),
        deck=build_overview_deck(context),
    )


def _plain_subtitle(context: Context) -> str:
    """What the ranking says, without the bars that only the page draws."""
    localizer = context.localizer
    pairs, year = rank_markets(context.outlook, context.selection.horizon)
    base = pairs[0][1].base_year if pairs else context.outlook.day.year
    return localizer.text("export.ranking.subtitle", base=base, year=year, band=flat_band_text(localizer))


def _build_warnings_section(brief: OverviewBrief, localizer: Localizer) -> Section | None:
    """The warnings of the ranking by market; None without any."""
    warnings = tuple((row.title, row.warning) for row in brief.rows if row.warning)
    return Section("warnings", localizer.text("export.warnings"), terms=warnings) if warnings else None


def _build_scatter(brief: OverviewBrief, localizer: Localizer) -> Figure | None:
    """Past against expected growth with its range; None without data."""
    rows = [row for row in brief.rows if row.bar is not None and row.past_rate is not None]
    if brief.scatter is None or not rows:
        return None
    terms = [f"{term} {text}" for term, text in brief.scatter_terms]
    return Figure(
        indicator="scatter",
        title=brief.scatter_title,
        subtitle=brief.scatter_subtitle,
        spec=brief.scatter,
        alt=brief.scatter_alt,
        takeaway=" ".join(terms[:2]),
        notes=(*terms[2:], brief.scatter_note),
        source_line=" ".join(brief.footnotes[:1]),
        table=brief.table,
        plot_data=_build_plot(rows, localizer),
    )


def _build_plot(rows: Sequence[RankingRow], localizer: Localizer) -> PlotData:
    bars = [(row.bar.median, row.bar.low, row.bar.high) for row in rows if row.bar is not None]
    past = [row.past_rate * 100 for row in rows if row.past_rate is not None]
    titles = [row.title for row in rows]
    expected = build_interval_plot(titles, "expected", localizer.text("export.growth"), bars, "%", 1)
    return build_point_plot(titles, (localizer.text("export.growth.past"), past), expected)
